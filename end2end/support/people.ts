// The demo accounts, new accounts made through the command line, and signing in.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { post } from "./http.ts";
import { environment, here, running } from "./settings.ts";

/** Every demo account's password. */
export const PASSWORD = "canje-demo-2026";

/** The password of accounts a test makes: the demo's is older than today's rules for passwords. */
export const NEW_PASSWORD = "Mainumby-verde-2026";

/** The accounts of the demo dump. `gestion` has a second step on, which nobody can pass yet. */
export const people = {
  admin: { email: "admin@example.com", role: "superadmin", signsIn: true },
  gestion: { email: "gestion@example.com", role: "admin", signsIn: false },
  equipo: { email: "equipo@example.com", role: "staff", signsIn: true },
  diseno: { email: "diseno@example.com", role: "designer", signsIn: true },
  creadora: { email: "creadora@example.com", role: "creator", signsIn: true },
  marca: { email: "marca@example.com", role: "brand", signsIn: true },
} as const;

export type Who = keyof typeof people;

/** Where a person's saved session is. */
export const stateOf = (who: Who): string => join(here, "test-results", "sessions", `${who}.json`);

/** Signs in without a browser and saves the cookies for every test that acts as this person. */
export async function saveSession(who: Who): Promise<void> {
  const answer = await post("/login", { email: people[who].email, password: PASSWORD });
  const given = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]!.split("=") as [string, string]);
  const token = new Map(given).get("__Host-sid");
  if (answer.status !== 303 || !token) throw new Error(`${who} could not sign in: ${answer.status}`);
  const cookie = {
    name: "__Host-sid",
    value: token,
    domain: new URL(running().url).hostname,
    path: "/",
    expires: -1,
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
  };
  await writeFile(stateOf(who), JSON.stringify({ cookies: [cookie], origins: [] }));
}

/** Runs a command of the binary on the running server's data; returns what it printed. */
export async function canje(args: string[], input = ""): Promise<string> {
  const child = spawn(environment.binary, args, {
    cwd: join(here, ".."),
    env: { ...process.env, CANJE_DEMO: "1", CANJE_DATA_DIR: running().dataDir },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`canje ${args.join(" ")} ended with ${code}: ${errors}`);
  return out;
}

/** Makes an account of its own for a test that changes or locks it; returns its e-mail. */
export async function newPerson(name: string, role: string): Promise<string> {
  const email = `${name}@example.com`;
  await canje(["users", "create", "--email", email, "--role", role], `${NEW_PASSWORD}\n`);
  return email;
}
