// Intake of webhooks: signed deliveries, each different, each on a majority's disks before its answer.
import { createHmac, randomUUID } from "node:crypto";
import { Agent } from "node:http";
import { ask, percentile } from "./load.mjs";
import { fact, figure } from "./report.mjs";

const PATH = "/api/notifications/webhooks/sentry";
const DELIVERIES = 10_000;
const CONNECTIONS = 64;
const FAULTS = 50;

/**
 * Sends them as fast as they are taken. The server was started with this secret.
 * @param {{ url: string, secret: string }} where
 */
export async function webhooks({ url, secret }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  /** @type {number[]} */
  const times = [];
  let next = 0;
  const sender = async () => {
    for (let n = next++; n < DELIVERIES; n = next++) {
      const body = JSON.stringify({
        action: "triggered",
        data: { event: { event_id: randomUUID(), issue_id: String(n % FAULTS), title: `bench ${n % FAULTS}`, level: "error" } },
      });
      const answer = await ask(url + PATH, {
        agent,
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "sentry-hook-resource": "event_alert",
          "sentry-hook-timestamp": String(Math.floor(Date.now() / 1000)),
          "sentry-hook-signature": createHmac("sha256", secret).update(body).digest("hex"),
        },
      });
      if (answer.status !== 200) throw new Error(`a delivery was answered ${answer.status}`);
      times.push(answer.ms);
    }
  };
  const started = Date.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  const seconds = (Date.now() - started) / 1000;
  agent.destroy();
  figure("webhooks taken, stored before the answer", DELIVERIES / seconds, "/s", { least: 600 });
  figure("webhook answer p99", percentile(times, 0.99), "ms", { most: 100 });
  fact("webhook answer p50", percentile(times, 0.5), "ms");
}
