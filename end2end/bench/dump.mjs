// A made-up mongodump directory: one small and one large collection of the same documents.
import { createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { BSON } from "mongodb";

export const DATABASE = "bench";
export const SMALL = { name: "small", documents: 350 };
/** `CANJE_BENCH_DOCUMENTS` makes it smaller while the bench itself is worked on; the figures then mean nothing. */
export const LARGE = { name: "large", documents: Number(process.env["CANJE_BENCH_DOCUMENTS"] ?? 1_000_000) };

const states = ["pending", "shortlisted", "confirmed", "rejected", "withdrawn"];
const cities = ["Asunción", "Luque", "Encarnación", "Ciudad del Este", "San Lorenzo", "Villarrica"];

/** The n-th document: an application, about as wide and as nested as the real ones. @param {number} n */
function document(n) {
  const at = new Date(Date.UTC(2025, 0, 1) + n * 61_000);
  return {
    _id: new BSON.ObjectId(`65000000${n.toString(16).padStart(16, "0")}`),
    application_id: `app_${(n * 2_654_435_761 % 4_294_967_296).toString(16).padStart(12, "0")}`,
    campaign_id: `camp_${n % 40}`,
    status: states[n % states.length],
    city: cities[n % cities.length],
    followers: new BSON.Int32((n * 7_919) % 250_000),
    score: new BSON.Double((n % 500) / 100),
    spent: BSON.Long.fromNumber((n % 900) * 1_000),
    is_verified: n % 3 === 0,
    networks: [{ network: "instagram", posts: new BSON.Int32(n % 90) }, { network: "tiktok", posts: new BSON.Int32(n % 40) }],
    applied_at: at,
    updated_at: n % 4 === 0 ? null : at,
  };
}

/** @param {string} folder @param {{ name: string, documents: number }} collection */
async function writeCollection(folder, { name, documents }) {
  const file = createWriteStream(join(folder, `${name}.bson`));
  /** @type {Uint8Array[]} */
  let batch = [];
  for (let n = 0; n < documents; n++) {
    batch.push(BSON.serialize(document(n)));
    if (batch.length === 5_000 || n === documents - 1) {
      if (!file.write(Buffer.concat(batch))) await once(file, "drain");
      batch = [];
    }
  }
  file.end();
  await once(file, "finish");
  const uuid = `0000000000004000800000000000000${name === SMALL.name ? 1 : 2}`;
  const indexes = [{ v: { $numberInt: "2" }, key: { _id: { $numberInt: "1" } }, name: "_id_" }];
  const definition = { indexes, uuid, collectionName: name, type: "collection" };
  await writeFile(join(folder, `${name}.metadata.json`), JSON.stringify(definition));
  return (await stat(join(folder, `${name}.bson`))).size;
}

/** Writes the dump below `folder`; returns the bytes of the large collection. @param {string} folder */
export async function writeDump(folder) {
  const database = join(folder, DATABASE);
  await mkdir(database, { recursive: true });
  await writeFile(join(folder, "prelude.json"), JSON.stringify({ ServerVersion: "7.0.0", ToolVersion: "100.10.0" }));
  await writeCollection(database, SMALL);
  return writeCollection(database, LARGE);
}
