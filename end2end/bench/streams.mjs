// Open event streams: what they weigh, how fast a notice reaches all of them, and that they end with the server.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { memory } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

const STREAMS = 2_000;
/** What a session may hold open. */
const PER_SESSION = 8;
/** Streams opened at the same moment. */
const TOGETHER = 50;
const NOTICES = 5;
/** Longest wait for something that should take a second. */
const PATIENCE_MS = 30_000;

/** One stream; `heard` counts its events. @typedef {{ heard: number, ended: boolean, close: () => void }} Stream */

/**
 * @param {{ url: string, pid: number, mongodb: string }} how
 */
export async function streams({ url, pid, mongodb }) {
  const client = new MongoClient(mongodb);
  /** @type {Stream[]} */
  const open = [];
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  try {
    const db = client.db("canje");
    const cookies = await sessions(db, Math.ceil(STREAMS / PER_SESSION));
    await pause(1_000);
    const before = (await memory(pid)).now;
    const news = { left: 0, done: () => {} };
    for (let n = 0; n < STREAMS; n += TOGETHER) {
      const some = Array.from({ length: Math.min(TOGETHER, STREAMS - n) }, (_, at) => cookies[Math.floor((n + at) / PER_SESSION)] ?? "");
      open.push(...(await Promise.all(some.map((cookie) => listen(url, agent, cookie, news)))));
    }
    // What told the first ones that the feed began.
    await pause(3_000);
    figure(`${STREAMS} open event streams, growth of resident memory`, (await memory(pid)).now - before, "MiB", { most: 80 });

    const times = [];
    for (let n = 0; n < NOTICES; n++) {
      const heard = new Promise((/** @type {(value: void) => void} */ done) => {
        news.left = STREAMS;
        news.done = done;
      });
      const started = performance.now();
      await db.collection("system_notifications").insertOne(notice(n));
      await Promise.race([heard, pause(PATIENCE_MS)]);
      if (news.left > 0) throw new Error(`${news.left} of ${STREAMS} streams were told nothing`);
      times.push(performance.now() - started);
      await pause(500);
    }
    figure(`a notice, from its write to the last of ${STREAMS} streams`, Math.max(...times) / 1000, "s", { most: 1 });
    fact("resident memory with all of them told", (await memory(pid)).now, "MiB");
    const ended = open.filter((stream) => stream.ended).length;
    if (ended > 0) throw new Error(`${ended} streams ended by themselves`);
  } finally {
    for (const stream of open) stream.close();
    agent.destroy();
    await client.close();
  }
}

/** Sessions of the demonstration's superadmin, as signing in makes them; returns their cookies. @param {import("mongodb").Db} db @param {number} count */
async function sessions(db, count) {
  const user = await db.collection("users").findOne({ email: "admin@example.com" });
  if (!user) throw new Error("the demonstration has no superadmin");
  const now = new Date();
  const made = Array.from({ length: count }, () => randomBytes(32).toString("base64url"));
  const documents = made.map((token) => ({
    _id: createHash("sha256").update(token).digest("hex"),
    session_id: `ses_${randomBytes(12).toString("hex")}`,
    user_id: user["user_id"],
    level: "full",
    role: user["role"],
    created_at: now,
    last_seen_at: now,
    absolute_expires_at: new Date(now.getTime() + 3_600_000),
    ip: "127.0.0.1",
    user_agent: "bench",
  }));
  // The driver's types know keys as object ids only.
  await db.collection("sessions").insertMany(/** @type {any[]} */ (documents));
  return made.map((token) => `__Host-sid=${token}`);
}

/**
 * Opens one stream and waits for its first bytes.
 * @param {string} url @param {Agent} agent @param {string} cookie @param {{ left: number, done: () => void }} news
 * @returns {Promise<Stream>}
 */
async function listen(url, agent, cookie, news) {
  const sent = request(`${url}/api/notifications/stream?since=${Date.now()}`, { agent, headers: { cookie } });
  sent.end();
  const [response] = await once(sent, "response");
  if (response.statusCode !== 200) throw new Error(`a stream was answered with ${response.statusCode}`);
  const stream = { heard: 0, ended: false, close: () => sent.destroy() };
  response.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
    // The first to mention the notice counts; what the start of the feed told doesn't.
    if (!text.includes('"headline":{"title":"De prueba ')) return;
    stream.heard++;
    if (--news.left === 0) news.done();
  });
  response.on("error", () => {});
  response.on("close", () => (stream.ended = true));
  return stream;
}

/** A notice as the platform stores it. @param {number} n */
function notice(n) {
  const now = new Date();
  const fingerprint = `bench:${now.getTime()}:${n}`;
  return {
    id: fingerprint, type: "error_alert", title: `De prueba ${n}`, message: "De prueba", severity: "error", source: "canje",
    metadata: {}, read_by: [], created_at: now, fingerprint, dedupe_key: fingerprint, state: "open", is_open: true, occurrences: 1,
    first_seen_at: now, last_seen_at: now, sort_at: now, timeline: [{ at: now, what: "opened" }],
    expires_at: new Date(now.getTime() + 86_400_000), rev: 0,
  };
}
