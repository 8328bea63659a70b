// Backups: how fast one is taken, proven and compared, and how much memory that takes.
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { run } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

const DOCUMENTS = 200_000;
const DATABASE = "bench_backup";
const MEGA = 1_000_000;

/** @param {{ root: string, binary: string, dataDir: string, mongodb: string }} how */
export async function backups({ root, binary, dataDir, mongodb }) {
  const bench = ["cargo", "bench", "--quiet", "--bench", "backup_rate", "--", mongodb, DATABASE, String(DOCUMENTS)];
  const { out } = await run(bench, {}, root);
  const { bytes, take_seconds, verify_seconds, peak_bytes } = JSON.parse(out.trim().split("\n").at(-1) ?? "{}");
  const taken = bytes / MEGA / take_seconds;
  if (spawnSync("mongodump", ["--version"]).status === 0) {
    const dump = async (/** @type {string[]} */ ...more) => {
      const started = performance.now();
      await run(["mongodump", "--quiet", `--uri=${mongodb}`, `--db=${DATABASE}`, "--archive=/dev/null", ...more], {}, root);
      return bytes / MEGA / ((performance.now() - started) / 1000);
    };
    const [plain, gzip] = [await dump(), await dump("--gzip")];
    fact("official dump, plain", plain, "MB/s");
    fact("official dump, gzip", gzip, "MB/s");
    figure("scan + hash + zstd + encrypt, beside the gzip dump", taken / gzip, "×", { least: 1 });
    figure("scan + hash + zstd + encrypt, beside the plain dump", taken / plain, "×", { least: 0.6 });
  } else {
    figure("scan + hash + zstd + encrypt (no official dump here)", taken, "MB/s", { least: 40 });
  }
  figure("proof of a stored backup", bytes / MEGA / verify_seconds, "MB/s", { least: 120 });
  figure("peak memory of taking and proving", peak_bytes / 1024 / 1024, "MiB", { most: 256 });

  const environment = { MONGODB_URI: mongodb, CANJE_DATA_DIR: dataDir, CANJE_DB: DATABASE, CANJE_OPS_DB: `${DATABASE}_ops` };
  await run([binary, "keys", "generate"], environment, root).catch(() => undefined);
  const folder = `${dataDir}/bench-backups`;
  const answer = JSON.parse((await run([binary, "backup", "run", "--db", DATABASE, "--to", folder, "--json"], environment, root)).out);
  const started = performance.now();
  const copy = `${DATABASE}_copy`;
  await run([binary, "restore", answer.id, "--db", DATABASE, "--into", copy, "--confirm", copy, "--json"], environment, root);
  fact("restore with comparison", bytes / MEGA / ((performance.now() - started) / 1000), "MB/s");
  const compared = performance.now();
  await run([binary, "diff", `db:${DATABASE}`, `db:${copy}`, "--json"], environment, root);
  const perSecond = (2 * DOCUMENTS) / ((performance.now() - compared) / 1000);
  figure("comparison of equal databases, both sides counted", perSecond, "documents/s", { least: 100_000 });
}
