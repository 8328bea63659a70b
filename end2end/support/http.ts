// Requests below the browser: raw bytes and headers of a page, with the cookies of a saved session.
import { readFile } from "node:fs/promises";
import { get, type IncomingHttpHeaders } from "node:http";
import { stateOf, type Who } from "./people.ts";
import { running } from "./settings.ts";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** The cookie header of a saved session. */
async function cookiesOf(who: Who): Promise<string> {
  const state = JSON.parse(await readFile(stateOf(who), "utf8")) as { cookies: { name: string; value: string }[] };
  return state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** The answer as it travels: compressed if asked for, redirects not followed. */
export async function raw(path: string, who: Who | null, headers: Record<string, string> = {}): Promise<Answer> {
  const cookie = who ? { cookie: await cookiesOf(who) } : {};
  return new Promise((done, fail) => {
    get(new URL(path, running().url), { headers: { ...headers, ...cookie }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    }).on("error", fail);
  });
}
