// Importing a million documents: the rate of loading beside plain `insert_many`, the rate of the verifying re-read, memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DATABASE, LARGE } from "./dump.mjs";
import { memory, run } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

/**
 * @param {{ root: string, binary: string, dataDir: string, dump: string, mongodb: string, largeBytes: number }} how
 */
export async function loading({ root, binary, dataDir, dump, mongodb, largeBytes }) {
  const megabytes = largeBytes / 1e6;
  const file = join(dump, DATABASE, `${LARGE.name}.bson`);
  const plain = async (/** @type {string} */ name) => {
    const command = ["cargo", "bench", "--quiet", "--bench", "insert_many", "--", mongodb, file, `${DATABASE}_plain`, name];
    const { out } = await run(command, {}, root);
    return megabytes / JSON.parse(out.trim().split("\n").at(-1) ?? "{}").seconds;
  };
  // Before and after, since the database's own upkeep comes in waves.
  const before = await plain("before");
  const imported = await timedImport({ root, binary, dataDir, dump });
  const after = await plain("after");
  const yardstick = (before + after) / 2;
  const loaded = megabytes / imported.load;
  fact("plain insert_many", yardstick, "MB/s");
  fact("import, loading", loaded, "MB/s");
  figure("import, loading beside plain insert_many", loaded / yardstick, "×", { least: 0.8 });
  figure("import, verifying re-read", megabytes / imported.verify, "MB/s", { least: 80 });
  fact("import, highest resident memory", imported.peak, "MiB");
}

/**
 * Imports the dump; the time of a stage is the time between two of its progress lines.
 * @param {{ root: string, binary: string, dataDir: string, dump: string }} how
 */
async function timedImport({ root, binary, dataDir, dump }) {
  const child = spawn(binary, ["import", dump, "--json"], {
    cwd: root,
    env: { ...process.env, CANJE_DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peak = 0;
  const watch = setInterval(() => void memory(/** @type {number} */ (child.pid)).then((seen) => (peak = Math.max(peak, seen.peak || 0)), () => {}), 200);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  /** @type {Record<string, number>} */
  const took = {};
  let last = performance.now();
  const said = createInterface({ input: child.stderr });
  said.on("line", (line) => {
    const now = performance.now();
    const stage = /^(Revisada|Cargada|Verificada|Definida) (\S+):/.exec(line);
    if (stage) took[`${stage[1]} ${stage[2]}`] = (now - last) / 1000;
    last = now;
  });
  const [code] = await once(child, "close");
  clearInterval(watch);
  const large = `${DATABASE}.${LARGE.name}`;
  if (code !== 0 || JSON.parse(out).ok !== true) throw new Error(`the import ended with ${code}`);
  const [load, verify] = [took[`Cargada ${large}`], took[`Verificada ${large}`]];
  if (load === undefined || verify === undefined) throw new Error(`no times for ${large}: ${Object.keys(took)}`);
  return { load, verify, peak };
}
