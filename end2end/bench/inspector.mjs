// Our side: the release binary on its embedded database, signed in, walked through by its own links.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "./load.mjs";
import { freePort, pin, run, start } from "./processes.mjs";

const ACCOUNT = { email: "admin@example.com", password: "canje-demo-2026" };
/** Longest wait for a start. */
const START_LIMIT_MS = 300_000;

/** Where the embedded database listens and which processes these are. @param {string} dataDir @returns {Promise<{ address: string, pid: number, engine_pid: number }>} */
export const engineOf = async (dataDir) => JSON.parse(await readFile(join(dataDir, "engine.lock"), "utf8"));

// A production binary has no demonstration: the same data comes in by its own commands.
const environment = (/** @type {string} */ dataDir) => ({ CANJE_DATA_DIR: dataDir, CANJE_SECRET_KEY: "only-for-measuring-only-for-measuring" });

/** Imports and adopts the demonstration's dump. @param {{ binary: string, root: string, dataDir: string }} how */
export async function prepareData({ binary, root, dataDir }) {
  const env = environment(dataDir);
  await run([binary, "import", join(root, "src/demo/legacy.archive.gz"), "--map", "test_database=legacy"], env, root);
  await run([binary, "adopt", "--from", "legacy", "--finish"], env, root);
}

/**
 * Starts the server on one core and its database on the other; `milliseconds` says how long until it was ready.
 * @param {{ binary: string, root: string, dataDir: string, cores: { server: number, database: number } }} how
 */
export async function startCanje({ binary, root, dataDir, cores }) {
  const url = `http://127.0.0.1:${await freePort()}`;
  /** @type {{ path: string, ms: number }[]} */
  const served = [];
  /** @type {string[]} */
  const said = [];
  const started = Date.now();
  const child = start([binary, "serve"], {
    core: cores.server,
    cwd: root,
    env: { ...environment(dataDir), LEPTOS_SITE_ADDR: url.slice("http://".length), RUST_LOG: "info" },
    say: (line) => {
      const timed = /"elapsed_ms":([\d.]+).*?"path":"([^"]*)"/.exec(line);
      if (timed) served.push({ path: String(timed[2]), ms: Number(timed[1]) });
      else said.push(line);
    },
  });
  while ((await ask(`${url}/ready`).catch(() => null))?.status !== 200) {
    if (child.exitCode !== null || Date.now() - started > START_LIMIT_MS) throw new Error(`canje did not start:\n${said.slice(-20).join("\n")}`);
    await pause(20);
  }
  const milliseconds = Date.now() - started;
  const engine = await engineOf(dataDir);
  await pin(engine.engine_pid, cores.database);
  return { url, child, pid: engine.pid, engine, milliseconds, served };
}

/** Signs in; returns the header every later request carries. @param {string} url */
export async function signIn(url) {
  const answer = await ask(`${url}/login`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html", origin: url },
    body: new URLSearchParams(ACCOUNT).toString(),
  });
  const cookie = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).find((pair) => pair?.startsWith("__Host-sid="));
  if (!cookie) throw new Error(`could not sign in: ${answer.status}`);
  return { cookie };
}

const unescape = (/** @type {string} */ text) =>
  text.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#x27;", "'");

/** An attribute of the first tag that has this test id. @param {string} html @param {string} testid @param {string} name */
export function attribute(html, testid, name) {
  const tag = html.match(new RegExp(`<[a-z]+[^>]*data-testid="${testid}"[^>]*>`))?.[0];
  const value = tag && new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined || value === null ? undefined : unescape(value);
}

/** The address of a jump to document number `n`, as the page's own form would make it. @param {string} html @param {string} path */
export function jumpFrom(html, path) {
  const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([text]) => text).find((text) => text.includes('data-testid="pager-jump"'));
  const name = form && attribute(form, "pager-jump", "name");
  if (!form || !name) return undefined;
  const action = unescape(/action="([^"]*)"/.exec(form)?.[1] ?? path);
  const kept = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, key, value]) => [unescape(key ?? ""), unescape(value ?? "")]);
  return (/** @type {number} */ n) => `${action}?${new URLSearchParams([...kept, [name, String(n)]])}`;
}
