// A small bounded load: a fixed number of requests over a fixed number of kept-alive connections.
import { Agent, request } from "node:http";

/**
 * One request; the body is read to its end and dropped unless `keep`.
 * @param {string} url
 * @param {{ agent?: Agent, headers?: Record<string, string>, method?: string, body?: string, keep?: boolean, onData?: (part: Buffer) => void }} how
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, body: string, bytes: number, ms: number }>}
 */
export function ask(url, { agent, headers = {}, method = "GET", body, keep = false, onData = () => {} } = {}) {
  return new Promise((done, fail) => {
    const started = process.hrtime.bigint();
    const sent = request(url, { agent, headers, method }, (response) => {
      let bytes = 0;
      /** @type {Buffer[]} */
      const parts = [];
      response.on("data", (/** @type {Buffer} */ part) => {
        bytes += part.length;
        onData(part);
        if (keep) parts.push(part);
      });
      response.on("error", fail);
      response.on("end", () => {
        const ms = Number(process.hrtime.bigint() - started) / 1e6;
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString(), bytes, ms });
      });
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

/**
 * Sends `requests` over `connections` at once; an answer that isn't 200 ends the run, unless `accepted` names it.
 * @param {(n: number) => string} address
 * @param {{ requests: number, connections: number, headers?: Record<string, string>, accepted?: number[] }} how
 */
export async function load(address, { requests, connections, headers = {}, accepted = [] }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const serverTimes = [];
  let next = 0;
  let others = 0;
  const worker = async () => {
    for (let n = next++; n < requests; n = next++) {
      const answer = await ask(address(n), { agent, headers });
      if (answer.status !== 200) {
        if (!accepted.includes(answer.status)) throw new Error(`${address(n)} answered ${answer.status}`);
        others++;
      }
      times.push(answer.ms);
      const measured = serverMs(answer.headers);
      if (measured !== undefined) serverTimes.push(measured);
    }
  };
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  agent.destroy();
  return { perSecond: requests / seconds, times, serverTimes, others };
}

/** What `Server-Timing` says the server took. @param {import("node:http").IncomingHttpHeaders} headers */
export function serverMs(headers) {
  const found = /\bapp;dur=([\d.]+)/.exec(String(headers["server-timing"] ?? ""));
  return found ? Number(found[1]) : undefined;
}

/** The value below which `share` of all lie. @param {number[]} values @param {number} share */
export function percentile(values, share) {
  if (values.length === 0) throw new Error("nothing was measured");
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]);
}
