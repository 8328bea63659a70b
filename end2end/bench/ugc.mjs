// The creators' pages and the campaign manager under a steady stream of requests, and the catalogue beside its twin.
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { ask, load, percentile } from "./load.mjs";
import { stop } from "./processes.mjs";
import { fact, figure } from "./report.mjs";
import { startTwin } from "./twin.mjs";
import { seed } from "./ugc_data.mjs";

const CATALOGUE = "/ugc/campaigns";
const DASHBOARD = "/ugc/creator/dashboard";
const MANAGER = "/admin?module=ugc&ugcTab=campaign-manager";
/** How many times the past grows, with as many live campaigns as before. */
const GROWTH = Number(process.env["CANJE_BENCH_GROWTH"] ?? 100);
const PAST = { campaigns: 100, creators: 2_500, applications: 50_000 };

/**
 * Asks at a steady rate, whether or not the answers come in time; each is measured from when it should have been asked.
 * @param {string} address @param {{ perSecond: number, seconds: number, headers?: Record<string, string> }} how
 */
async function paced(address, { perSecond, seconds, headers = {} }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const started = performance.now();
  const times = await Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, n) => {
      const due = started + (n * 1_000) / perSecond;
      await pause(Math.max(0, due - performance.now()));
      const answer = await ask(address, { agent, headers });
      if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`);
      return performance.now() - due;
    }),
  );
  agent.destroy();
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** @param {{ url: string, database: string, mongodb: string, headers: Record<string, string>, core: number }} how */
export async function ugc({ url, database, mongodb, headers, core }) {
  const user = await ownerOf(mongodb, database);
  await seed(mongodb, database, { group: "a", live: 100, ...PAST, campaigns: 200, user });
  await warm(url, headers);
  const first = await pages(url, headers, "");

  const ours = await load(() => url + CATALOGUE, { requests: 1_000, connections: 4 });
  fact("catalogue, four visitors", ours.perSecond, "pages/s");
  const twin = await startTwin({ mongodb, database, core });
  try {
    await load(() => twin.url + CATALOGUE, { requests: 50, connections: 4 });
    const theirs = await load(() => twin.url + CATALOGUE, { requests: 300, connections: 4 });
    fact("FastAPI, Jinja2 and PyMongo, four visitors", theirs.perSecond, "pages/s");
    figure("catalogue, throughput beside its twin", ours.perSecond / theirs.perSecond, "×", { least: 8 });
  } finally {
    await stop(twin.child);
  }

  if (GROWTH > 1) {
    for (let times = 1; times < GROWTH; times++) {
      await seed(mongodb, database, { group: `p${times}`, live: 0, ...PAST, user: `bench_nobody_${times}` });
    }
    await warm(url, headers);
    const later = await pages(url, headers, `, ${GROWTH} × the past`);
    for (const name of /** @type {const} */ (["catalogue", "dashboard", "manager"])) {
      figure(`${name} p50, ${GROWTH} × the past beside once`, later[name].p50 / first[name].p50, "×", { most: 1.5 });
    }
  }
}

/** The account that is signed in becomes a creator. @param {string} mongodb @param {string} database */
async function ownerOf(mongodb, database) {
  const client = new MongoClient(mongodb);
  try {
    const found = await client.db(database).collection("users").findOne({ email: "admin@example.com" });
    await client.db(database).collection("ugc_creators").deleteMany({ user_id: found?.["user_id"] });
    return String(found?.["user_id"]);
  } finally {
    await client.close();
  }
}

/** @param {string} url @param {Record<string, string>} headers */
async function warm(url, headers) {
  for (const path of [CATALOGUE, DASHBOARD, MANAGER]) await load(() => url + path, { requests: 40, connections: 2, headers });
}

/** @param {string} url @param {Record<string, string>} headers @param {string} when */
async function pages(url, headers, when) {
  const target = when === "";
  const say = (/** @type {string} */ name, /** @type {{ p50: number, p99: number }} */ took, /** @type {number} */ p50, /** @type {number} */ p99) => {
    if (!target) return fact(`${name}${when}, p50`, took.p50, "ms");
    figure(`${name} p50`, took.p50, "ms", { most: p50 });
    figure(`${name} p99`, took.p99, "ms", { most: p99 });
  };
  const catalogue = await paced(url + CATALOGUE, { perSecond: 200, seconds: 10 });
  say("catalogue at 200/s", catalogue, 5, 20);
  const dashboard = await paced(url + DASHBOARD, { perSecond: 200, seconds: 10, headers });
  say("dashboard at 200/s", dashboard, 5, 20);
  const manager = await paced(url + MANAGER, { perSecond: 20, seconds: 10, headers });
  say("campaign manager at 20/s", manager, 25, 80);
  return { catalogue, dashboard, manager };
}
