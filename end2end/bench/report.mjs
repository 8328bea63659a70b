// The table at the end: what was measured, what it must reach, and whether it does.

/** @typedef {{ figure: string, measured: string, target: string, reached: boolean | null }} Line */

/** @type {Line[]} */
const lines = [];

const digits = (/** @type {number} */ value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** A figure that must be at most or at least something. @param {string} figure @param {number} value @param {string} unit @param {{ most?: number, least?: number }} target */
export function figure(figure, value, unit, { most, least }) {
  const target = most !== undefined ? `≤ ${most} ${unit}` : `≥ ${least} ${unit}`;
  const reached = most !== undefined ? value <= most : value >= Number(least);
  add({ figure, measured: `${digits(value)} ${unit}`, target, reached });
}

/** A figure without a target. @param {string} figure @param {number} value @param {string} unit */
export const fact = (figure, value, unit) => add({ figure, measured: `${digits(value)} ${unit}`, target: "", reached: null });

/** A figure that could not be taken. @param {string} figure @param {unknown} why */
export const missing = (figure, why) => add({ figure, measured: `not measured: ${why instanceof Error ? why.message.split("\n")[0] : why}`, target: "", reached: false });

/** @param {Line} line */
function add(line) {
  lines.push(line);
  console.error(`  ${line.figure}: ${line.measured}`);
}

/** Prints the table; true when everything with a target was reached. */
export function table() {
  const words = (/** @type {Line} */ { reached }) => (reached === null ? "" : reached ? "reached" : "MISSED");
  const rows = [["figure", "measured", "target", "verdict"], ...lines.map((line) => [line.figure, line.measured, line.target, words(line)])];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  return lines.every(({ reached }) => reached !== false);
}
