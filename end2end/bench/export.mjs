// Exports of a million documents: CPU seconds and growth of resident memory.
import { DATABASE, LARGE } from "./dump.mjs";
import { cpuSeconds, forgetPeak, memory } from "./processes.mjs";
import { fact, figure } from "./report.mjs";

/** @param {{ url: string, headers: Record<string, string>, pid: number }} how */
export async function exportLarge({ url, headers, pid }) {
  throw new Error(`to be written: ${url} ${headers} ${pid} ${DATABASE} ${LARGE} ${cpuSeconds} ${forgetPeak} ${memory} ${fact} ${figure}`);
}
