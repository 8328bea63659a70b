// What the suite is told from outside, and what the global set-up tells the workers.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder `end2end/`. */
export const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Paths from the environment, with the places `make` builds to as defaults. */
export const environment = {
  binary: resolve(here, process.env["CANJE_BIN"] ?? process.env["CANJE_BINARY"] ?? "../target/debug/canje"),
  siteRoot: resolve(here, process.env["LEPTOS_SITE_ROOT"] ?? "../target/site"),
};

const names = { url: "CANJE_E2E_URL", dataDir: "CANJE_E2E_DATA_DIR" } as const;

/** Leaves the running server's address for the workers. */
export function announce(server: { url: string; dataDir: string }): void {
  process.env[names.url] = server.url;
  process.env[names.dataDir] = server.dataDir;
}

/** The running server, as the global set-up announced it. */
export function running(): { url: string; dataDir: string } {
  const url = process.env[names.url];
  const dataDir = process.env[names.dataDir];
  if (!url || !dataDir) throw new Error("no server was announced: the global set-up has not run");
  return { url, dataDir };
}
