// Requests below the browser: raw bytes and headers of a page, with the cookies of a saved session.
import { readFile } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import { stateOf, type Who } from "./people.ts";
import { running } from "./settings.ts";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** The cookie header of a saved session. */
async function cookiesOf(who: Who): Promise<string> {
  const state = JSON.parse(await readFile(stateOf(who), "utf8")) as { cookies: { name: string; value: string }[] };
  return state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = request(new URL(path, running().url), { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

/** The answer as it travels: compressed if asked for, redirects not followed. */
export async function raw(path: string, who: Who | null, headers: Record<string, string> = {}): Promise<Answer> {
  return send("GET", path, { ...headers, ...(who ? { cookie: await cookiesOf(who) } : {}) });
}

/** Posts a form as one of our own pages would. */
export async function post(
  path: string,
  form: Record<string, string>,
  who: Who | null = null,
  others: Record<string, string> = {},
): Promise<Answer> {
  const headers = {
    accept: "text/html",
    "content-type": "application/x-www-form-urlencoded",
    origin: running().url,
    ...others,
    ...(who ? { cookie: await cookiesOf(who) } : {}),
  };
  return send("POST", path, headers, new URLSearchParams(form).toString());
}
