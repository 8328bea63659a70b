// The catalogue's peer: FastAPI, Jinja2 and PyMongo, installed once into the cache, on the same database server.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask } from "./load.mjs";
import { freePort, run, start } from "./processes.mjs";

const PACKAGES = ["fastapi==0.115.6", "uvicorn[standard]==0.34.0", "jinja2==3.1.5", "pymongo==4.10.1"];
const here = join(dirname(fileURLToPath(import.meta.url)), "twin");

/** Installs what it needs where it isn't yet; returns the interpreter. */
async function install() {
  const cache = process.env["CANJE_CACHE"] ?? join(homedir(), ".cache", "canje");
  const folder = join(cache, "bench", "twin-1");
  const python = join(folder, "bin", "python");
  if (!existsSync(join(folder, "ready"))) {
    await mkdir(folder, { recursive: true });
    await run(["python3", "-m", "venv", folder]);
    await run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
    await writeFile(join(folder, "ready"), "");
  }
  return python;
}

/** Starts it with one worker, without its request log. @param {{ mongodb: string, database: string, core: number }} how */
export async function startTwin({ mongodb, database, core }) {
  const python = await install();
  const port = await freePort();
  /** @type {string[]} */
  const said = [];
  const child = start([python, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", String(port), "--no-access-log"], {
    core,
    cwd: here,
    env: { TWIN_MONGODB_URL: mongodb, TWIN_DATABASE: database, PYTHONDONTWRITEBYTECODE: "1" },
    say: (line) => said.push(line),
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await ask(`${url}/ugc/campaigns`, { keep: true }).catch(() => null);
    if (answer?.status === 200) return { url, child };
    if (child.exitCode !== null || tries > 300) throw new Error(`the twin did not start:\n${said.slice(-20).join("\n")}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
