// Every figure of the bench, in one run: starts both programs on the same database, pinned to cores of their own.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DATABASE, LARGE, SMALL, writeDump } from "./dump.mjs";
import { backups } from "./backups.mjs";
import { exportLarge } from "./export.mjs";
import { jobsRate } from "./jobs.mjs";
import { attribute, jumpFrom, prepareData, signIn, startCanje } from "./inspector.mjs";
import { loading } from "./loading.mjs";
import { ask, load, percentile } from "./load.mjs";
import { startPeer } from "./peer.mjs";
import { memory, stop } from "./processes.mjs";
import { streams } from "./streams.mjs";
import { fact, figure, missing, table } from "./report.mjs";
import { ugc } from "./ugc.mjs";
import { webhooks } from "./webhooks.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = resolve(process.env["CANJE_BIN"] ?? join(root, "target/release/canje"));
const PAGE_SIZE = 50;
/** The server on one core; the database, and this load, on the other. */
const cores = { server: 0, database: cpus().length - 1 };
const collection = (/** @type {string} */ name) => `/admin/data/${DATABASE}/${name}`;

const folder = await mkdtemp(join(tmpdir(), "canje-bench-"));
const dataDir = join(folder, "data");
/** What deliveries of the bench are signed with. */
const webhookSecret = randomBytes(32).toString("hex");
process.env["SENTRY_CLIENT_SECRET"] = webhookSecret;
/** @type {Awaited<ReturnType<typeof startCanje>> | undefined} */
let canje;

// Ctrl-C ends the server as well, which stands in a process group of its own.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    if (canje) await stop(canje.child);
    await rm(folder, { recursive: true, force: true });
    process.exit(1);
  });
}

/** Groups to take, all when there is none: while one of them is worked on. */
const only = process.env["CANJE_BENCH_ONLY"]?.split(",");

/** Takes one group of figures; one that breaks is said in the table and stops no other. @param {string} name @param {() => Promise<void>} take */
async function group(name, take) {
  if (only && !only.includes(name)) return;
  console.error(`▸ ${name}`);
  await take().catch((error) => missing(name, error));
}

try {
  console.error("▸ a dump of a million documents");
  const largeBytes = await writeDump(join(folder, "dump"));

  console.error("▸ the demonstration's data: imported and adopted; then a first start");
  await prepareData({ binary, root, dataDir });
  await stop((await startCanje({ binary, root, dataDir, cores })).child);
  canje = await startCanje({ binary, root, dataDir, cores });
  const { url, pid, engine, served } = canje;
  fact("second start until ready", canje.milliseconds / 1000, "s");
  await pause(2_000);
  figure("idle resident memory", (await memory(pid)).now, "MiB", { most: 60 });

  await group("loading", () => loading({ root, binary, dataDir, dump: join(folder, "dump"), mongodb: `mongodb://${engine.address}/?directConnection=true`, largeBytes }));

  await group("jobs", () => jobsRate({ root, site: join(root, "target/site"), mongodb: `mongodb://${engine.address}/?directConnection=true` }));

  await group("backups", () => backups({ root, binary, dataDir, mongodb: `mongodb://${engine.address}/?directConnection=true` }));

  const headers = await signIn(url);
  await group("guests", async () => {
    for (const path of ["/", "/login"]) {
      await load(() => url + path, { requests: 50, connections: 1 });
      served.length = 0;
      await load(() => url + path, { requests: 300, connections: 1 });
      await pause(200);
      figure(`${path} server time p95`, percentile(served.filter((line) => line.path === path).map((line) => line.ms), 0.95), "ms", { most: 2 });
    }
  });

  await group("list of 35 collections", async () => {
    const list = () => `${url}/admin/data/legacy`;
    await load(list, { requests: 20, connections: 1, headers });
    const { serverTimes } = await load(list, { requests: 200, connections: 1, headers });
    figure("/admin/data of 35 collections server time p95", percentile(serverTimes, 0.95), "ms", { most: 30 });
  });

  await group("event streams", () => streams({ url, pid, mongodb: `mongodb://${engine.address}/?directConnection=true` }));
  await group("beside the peer", () => besideThePeer(url, headers, `mongodb://${engine.address}/?directConnection=true`));
  await group("ugc", () => ugc({ url, database: "canje", headers, core: cores.server, mongodb: `mongodb://${engine.address}/?directConnection=true` }));
  await group("webhooks", () => webhooks({ url, secret: webhookSecret }));
  await group("export", () => exportLarge({ url, headers, pid }));
  fact("resident memory at the end", (await memory(pid)).now, "MiB");
} finally {
  if (canje) await stop(canje.child);
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = table() ? 0 : 1;

/**
 * The same collections through both programs, one after the other.
 * @param {string} url @param {Record<string, string>} headers @param {string} mongodb
 */
async function besideThePeer(url, headers, mongodb) {
  const ours = await ourPages(url, headers);
  const peer = await startPeer({ mongodb, core: cores.server, pageSize: PAGE_SIZE });
  try {
    const first = await ask(`${peer.url}/db/${DATABASE}/${SMALL.name}`);
    const session = { cookie: (first.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ") };
    const at = (/** @type {string} */ name, /** @type {number} */ skip) => `${peer.url}/db/${DATABASE}/${name}?skip=${skip}`;
    const small = (/** @type {number} */ n) => at(SMALL.name, (n % (SMALL.documents / PAGE_SIZE)) * PAGE_SIZE);
    // One connection: with more, mongo-express answers with errors, since each request rebuilds its shared list of databases.
    await load(small, { requests: 50, connections: 1, headers: session });
    const theirs = await load(small, { requests: 300, connections: 1, headers: session });
    fact("mongo-express, 350 documents", theirs.perSecond, "pages/s");
    figure("350 documents, throughput beside mongo-express", ours.smallPerSecond / theirs.perSecond, "×", { least: 1.5 });
    const large = (/** @type {number} */ n) => at(LARGE.name, Math.floor((LARGE.documents / 7) * n));
    await load(large, { requests: 2, connections: 1, headers: session });
    const theirsLarge = await load(large, { requests: 6, connections: 1, headers: session });
    fact("mongo-express, 1,000,000 documents", theirsLarge.perSecond, "pages/s");
    figure("1,000,000 documents, throughput beside mongo-express", ours.largePerSecond / theirsLarge.perSecond, "×", { least: 100 });
  } finally {
    await stop(peer.child);
  }
}

/**
 * Walks both collections by the page's own links, once the pass that counts them is done.
 * @param {string} url @param {Record<string, string>} headers
 */
async function ourPages(url, headers) {
  const page = async (/** @type {string} */ path) => (await ask(url + path, { headers, keep: true })).body;
  for (const { name } of [SMALL, LARGE]) {
    const deadline = Date.now() + 300_000;
    while (!jumpFrom(await page(collection(name)), collection(name))) {
      if (Date.now() > deadline) throw new Error(`${name} was not counted within five minutes`);
      await pause(500);
    }
  }
  const jumpSmall = /** @type {(n: number) => string} */ (jumpFrom(await page(collection(SMALL.name)), collection(SMALL.name)));
  const small = (/** @type {number} */ n) => url + jumpSmall((n % (SMALL.documents / PAGE_SIZE)) * PAGE_SIZE + 1);
  await load(small, { requests: 100, connections: 1, headers });
  const alone = await load(small, { requests: 600, connections: 1, headers });
  fact("350 documents, one visitor", alone.perSecond, "pages/s");
  const together = await load(small, { requests: 1_200, connections: 8, headers });
  fact("350 documents, eight visitors", together.perSecond, "pages/s");

  const jumpLarge = /** @type {(n: number) => string} */ (jumpFrom(await page(collection(LARGE.name)), collection(LARGE.name)));
  const places = Array.from({ length: 200 }, (_, n) => 1 + Math.floor(((n * 7_919) % 200) * (LARGE.documents / 200)));
  const jump = (/** @type {number} */ n) => url + jumpLarge(places[n % places.length] ?? 1);
  await load(jump, { requests: 40, connections: 1, headers });
  const jumps = await load(jump, { requests: 400, connections: 1, headers });
  fact("1,000,000 documents, one visitor", jumps.perSecond, "pages/s");
  figure("1,000,000 documents, page by jump, server time p95", percentile(jumps.serverTimes, 0.95), "ms", { most: 50 });
  for (const [testid, words] of [["pager-next", "forward"], ["pager-previous", "back"]]) {
    /** @type {string[]} */
    const links = [];
    for (const place of places.slice(0, 100)) {
      const href = attribute(await page(jumpLarge(place)), String(testid), "href");
      if (href) links.push(new URL(href, url + collection(LARGE.name)).href);
    }
    const walked = await load((n) => links[n % links.length] ?? "", { requests: 300, connections: 1, headers });
    figure(`1,000,000 documents, page ${words}, server time p95`, percentile(walked.serverTimes, 0.95), "ms", { most: 50 });
  }
  return { smallPerSecond: alone.perSecond, largePerSecond: jumps.perSecond };
}
