// Exports of a million documents: CPU seconds of the server and growth of its resident memory.
import { DATABASE, LARGE } from "./dump.mjs";
import { ask } from "./load.mjs";
import { cpuSeconds, forgetPeak, memory } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

/** What is exported, and how many CPU seconds it may take. */
const exports = [
  { format: "csv", words: "CSV", most: 10 },
  { format: "jsonl", words: "JSON Lines", most: undefined },
  { format: "xlsx", words: "XLSX", most: undefined },
];

/** @param {{ url: string, headers: Record<string, string>, pid: number }} how */
export async function exportLarge({ url, headers, pid }) {
  for (const { format, words, most } of exports) {
    const file = await queue(url, headers, format);
    const before = { cpu: await cpuSeconds(pid), memory: (await memory(pid)).now };
    await forgetPeak(pid);
    let lines = 0;
    const started = performance.now();
    const answer = await ask(url + file, { headers, onData: (part) => (lines += newlines(part)) });
    const seconds = (performance.now() - started) / 1000;
    const cpu = (await cpuSeconds(pid)) - before.cpu;
    const grown = (await memory(pid)).peak - before.memory;
    const expected = { csv: LARGE.documents + 1, jsonl: LARGE.documents }[format];
    if (answer.status !== 200 || (expected !== undefined && lines !== expected)) {
      throw new Error(`${words} answered ${answer.status} with ${lines} lines`);
    }
    const name = `export of 1,000,000 documents, ${words}`;
    if (most === undefined) fact(`${name}, CPU`, cpu, "s");
    else figure(`${name}, CPU`, cpu, "s", { most });
    fact(`${name}, elapsed`, seconds, "s");
    figure(`${name}, growth of resident memory`, grown, "MiB", { most: 64 });
  }
}

/** Asks for an export as the form does; returns the address of its file. @param {string} url @param {Record<string, string>} headers @param {string} format */
async function queue(url, headers, format) {
  const answer = await ask(`${url}/admin/data/${DATABASE}/${LARGE.name}/export`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/x-www-form-urlencoded", accept: "text/html", origin: url },
    body: new URLSearchParams({ format, separator: "semicolon", columns: "" }).toString(),
  });
  const page = /^\/admin\/exports\/[0-9a-f]+/.exec(answer.headers.location ?? "")?.[0];
  if (!page) throw new Error(`the export was not taken on: ${answer.status} ${answer.headers.location}`);
  return `${page}/file`;
}

/** @param {Buffer} part */
function newlines(part) {
  let found = 0;
  for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) found++;
  return found;
}
