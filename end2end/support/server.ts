// Starts the real binary on a new data directory, and ends it with everything it started.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SENTRY_SECRET } from "./deliveries.ts";
import { environment, here } from "./settings.ts";

/** Longest wait for a server that imports and adopts its demonstration data first. */
const START_LIMIT_MS = 240_000;
/** Longest wait for a clean end. */
const STOP_LIMIT_MS = 20_000;

export type Server = { url: string; dataDir: string; pid: number; stop: () => Promise<void> };

/** A loopback port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** The status of a GET, or 0 when nobody answers. */
function status(url: string): Promise<number> {
  return new Promise((done) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    }).on("error", () => done(0));
  });
}

/** Asks `/ready` until it says yes; asks no faster than the server answers or refuses. */
async function ready(url: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`canje ended before it was ready (${child.exitCode ?? child.signalCode}); its log: ${log}`);
    }
    if ((await status(`${url}/ready`)) === 200) return;
    await pause(100);
  }
  throw new Error(`canje was not ready after ${START_LIMIT_MS / 1000} s; its log: ${log}`);
}

/** Ends a process group: politely, then for good. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const late = AbortSignal.timeout(STOP_LIMIT_MS);
  late.addEventListener("abort", () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
  });
  await ended;
}

/** Starts `canje serve` in demo mode and waits until it is ready. `extra` adds to its environment. */
export async function startServer(name: string, extra: Record<string, string> = {}): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), `canje-${name}-`));
  const url = `http://127.0.0.1:${await freePort()}`;
  const logs = resolve(here, "test-results");
  await mkdir(logs, { recursive: true });
  const log = join(logs, `${name}-server.log`);
  const child = spawn(environment.binary, ["serve"], {
    cwd: resolve(here, ".."),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CANJE_DEMO: "1",
      CANJE_DATA_DIR: dataDir,
      LEPTOS_SITE_ADDR: url.slice("http://".length),
      LEPTOS_SITE_ROOT: environment.siteRoot,
      // Each test is its own client, so that the limits per address of one test don't stop another.
      CANJE_TRUSTED_PROXIES: "127.0.0.1",
      SENTRY_CLIENT_SECRET: SENTRY_SECRET,
      ...extra,
    },
  });
  const written = createWriteStream(log);
  child.stdout.pipe(written, { end: false });
  child.stderr.pipe(written, { end: false });
  child.on("error", (error) => written.write(`${error}\n`));
  const end = async () => {
    await stop(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await ready(url, child, log);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, dataDir, pid: child.pid!, stop: end };
}
