// Reads downloaded exports back, to compare them with what the pages say.
import { readFile } from "node:fs/promises";
import { type Download } from "@playwright/test";
import { parse } from "csv-parse/sync";
import { unzipSync } from "fflate";

const BOM = "\u{feff}";

/** The bytes of a finished download. */
export async function bytesOf(download: Download): Promise<Buffer> {
  const path = await download.path();
  return readFile(path);
}

/** Rows of a CSV file, the head first; says whether it began with a byte order mark. */
export function csv(bytes: Buffer, delimiter = ";"): { hasBom: boolean; rows: string[][] } {
  const text = bytes.toString("utf8");
  const hasBom = text.startsWith(BOM);
  return { hasBom, rows: parse(hasBom ? text.slice(1) : text, { delimiter }) as string[][] };
}

/** Documents of a JSON Lines file. */
export function jsonLines(bytes: Buffer): Record<string, unknown>[] {
  const lines = bytes.toString("utf8").split("\n");
  if (lines.pop() !== "") throw new Error("the last line isn't finished");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Rows of every sheet of a workbook, the heads included, and the text of all its parts. */
export function xlsx(bytes: Buffer): { sheetRows: number[]; text: string } {
  const parts = Object.entries(unzipSync(bytes)).map(([name, data]) => ({ name, xml: Buffer.from(data).toString("utf8") }));
  const sheets = parts.filter(({ name }) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name));
  return {
    sheetRows: sheets.map(({ xml }) => xml.match(/<row[ >]/g)?.length ?? 0),
    text: parts.map(({ xml }) => xml).join("\n"),
  };
}

/** A count as the pages write it («1.234 registros») as a number. */
export function numberIn(words: string): number {
  const found = /\d{1,3}(?:\.\d{3})*(?!\d)/.exec(words);
  if (!found) throw new Error(`no number in «${words}»`);
  return Number(found[0].replaceAll(".", ""));
}
