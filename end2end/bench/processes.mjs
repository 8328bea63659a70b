// Starting, pinning and weighing processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";

/** Kernel clock ticks per second; Linux has had 100 on every architecture we build for. */
const TICKS_PER_SECOND = 100;

/** A loopback port nobody listens on right now. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}

/**
 * Starts a program on one core; everything it says goes to `say`, line by line.
 * @param {string[]} command
 * @param {{ core: number, env?: Record<string, string>, cwd?: string, say?: (line: string) => void }} how
 */
export function start(command, { core, env = {}, cwd, say = () => {} }) {
  const child = spawn("taskset", ["--cpu-list", String(core), ...command], {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(say);
    });
  }
  return child;
}

/** Moves a running process with all its threads to a core. @param {number} pid @param {number} core */
export async function pin(pid, core) {
  const [code] = await once(spawn("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(pid)]), "exit");
  if (code !== 0) throw new Error(`taskset could not move ${pid}`);
}

/** Ends a process group. @param {import("node:child_process").ChildProcess} child */
export async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const late = setTimeout(() => process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL"), 20_000);
  await ended;
  clearTimeout(late);
}

/** Runs a command to its end; returns its output, what it said, and the seconds it took. @param {string[]} command @param {Record<string, string>} env */
export async function run(command, env = {}, cwd = process.cwd()) {
  const [program = "", ...args] = command;
  const started = process.hrtime.bigint();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${said.slice(-2000)}`);
  return { out, said, seconds };
}

/** CPU seconds a process has used so far. @param {number} pid */
export async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name may hold spaces; the fields are counted after its closing bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in MiB: now, and its highest since the last `forgetPeak`. @param {number} pid */
export async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const mib = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { now: mib("VmRSS"), peak: mib("VmHWM") };
}

/** Starts the peak anew. @param {number} pid */
export const forgetPeak = (pid) => writeFile(`/proc/${pid}/clear_refs`, "5");
