// mongo-express, the peer: installed once into the cache, started on the same database server.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ask } from "./load.mjs";
import { freePort, run, start } from "./processes.mjs";

const VERSION = "1.1.0-rc-4";

/** Installs the peer where it isn't yet; returns the program's folder. */
async function install() {
  const cache = process.env["CANJE_CACHE"] ?? join(homedir(), ".cache", "canje");
  const folder = join(cache, "bench", `mongo-express-${VERSION}`);
  const program = join(folder, "node_modules", "mongo-express");
  if (!existsSync(join(folder, "ready"))) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    await run(["npm", "install", "--no-audit", "--no-fund", `mongo-express@${VERSION}`], {}, folder);
    // The published package lacks the list of its bundles, which only name scripts in the page.
    const bundles = ["vendor", "codemirror", "collection", "database", "document", "gridfs", "index", "login"];
    const list = Object.fromEntries(bundles.map((name) => [name, { js: `public/${name}.js` }]));
    await writeFile(join(program, "build-assets.json"), JSON.stringify(list));
    await writeFile(join(folder, "ready"), "");
  }
  return program;
}

/**
 * Starts the peer with `pageSize` documents a page and without its request log.
 * @param {{ mongodb: string, core: number, pageSize: number }} how
 */
export async function startPeer({ mongodb, core, pageSize }) {
  const program = await install();
  const config = `export default { options: { console: false, documentsPerPage: ${pageSize}, logger: { skip: () => true } } };\n`;
  // It looks for its configuration in the working directory and loads it from beside itself.
  await writeFile(join(program, "config.js"), config);
  const port = await freePort();
  /** @type {string[]} */
  const said = [];
  const child = start([process.execPath, join(program, "app.js")], {
    core,
    cwd: program,
    env: {
      NODE_ENV: "production",
      PORT: String(port),
      VCAP_APP_HOST: "127.0.0.1",
      ME_CONFIG_MONGODB_URL: mongodb,
      ME_CONFIG_MONGODB_ENABLE_ADMIN: "true",
      ME_CONFIG_SITE_COOKIESECRET: "bench",
      ME_CONFIG_SITE_SESSIONSECRET: "bench",
    },
    say: (line) => said.push(line),
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await ask(url, { keep: true }).catch(() => null);
    if (answer?.status === 200) return { url, child };
    if (child.exitCode !== null || tries > 300) throw new Error(`mongo-express did not start:\n${said.join("\n")}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
