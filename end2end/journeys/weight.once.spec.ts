// The first HTML of every page stays small, and guests get no islands.
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { raw } from "../support/http.ts";
import { pages } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** What fits the first flight of a new connection. */
const FIRST_HTML_BYTES = 14_000;

for (const { name, path, who, status = 200 } of pages) {
  test(`${name} is light`, async () => {
    const answer = await raw(path, who, { "accept-encoding": "br" });
    expect(answer.status).toBe(status);
    const isCompressed = answer.headers["content-encoding"] === "br";
    const html = isCompressed ? brotliDecompressSync(answer.body) : answer.body;
    const bytes = isCompressed ? answer.body.length : brotliCompressSync(html).length;
    expect(bytes, `${name} in brotli`).toBeLessThanOrEqual(FIRST_HTML_BYTES);
    expect(isCompressed, "pages travel compressed").toBe(true);
    if (who === null && name !== "gallery") {
      expect(html.toString()).not.toMatch(/\.wasm|leptos-island|islands-script/);
    }
  });

  test(`${name} carries nothing inline`, async () => {
    const answer = await raw(path, who);
    const html = answer.body.toString();
    expect(html).not.toMatch(/<[^>]+\sstyle=/);
    expect(html).not.toMatch(/<style[\s>]/);
    expect(html).not.toMatch(/<[^>]+\son[a-z]+=/);
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).toContain("default-src 'none'");
  });
}
