// Background work: how many jobs a second the queue itself allows.
import { run } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

/** @param {{ root: string, site: string, mongodb: string }} how */
export async function jobsRate({ root, site, mongodb }) {
  const { out } = await run(["cargo", "bench", "--quiet", "--bench", "jobs_rate", "--", mongodb, site, "bench_jobs"], {}, root);
  const { jobs, seconds, enqueue_seconds } = JSON.parse(out.trim().split("\n").at(-1) ?? "{}");
  fact("jobs enqueued, a thousand per transaction", jobs / enqueue_seconds, "/s");
  figure("jobs that do nothing, 10,000 queued", jobs / seconds, "/s", { least: 1000 });
}
