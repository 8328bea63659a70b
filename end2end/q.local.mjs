import { MongoClient } from "mongodb";
import { readFileSync } from "node:fs";
import { seed } from "./bench/ugc_data.mjs";
const lock = JSON.parse(readFileSync("/tmp/demo1/engine.lock"));
const url = `mongodb://${lock.address}/?directConnection=true`;
const c = new MongoClient(url, { maxPoolSize: 1 });
const db = c.db("canje");
const PAST = { campaigns: 100, creators: 2_500, applications: 50_000 };
const t0 = Date.now();
if (!(await db.collection("ugc_campaigns").findOne({ id: "bench-a-campaign-0" }))) await seed(url, "canje", { group: "a", live: 100, ...PAST, campaigns: 200, user: "u0" });
console.log("seeded", Date.now() - t0);
async function time(name, f) { const ts = []; let n; for (let i = 0; i < 15; i++) { const t = performance.now(); n = await f(); ts.push(performance.now() - t); } ts.sort((a, b) => a - b); console.log(name.padEnd(40), ts[7].toFixed(2), "ms", typeof n === "number" ? n : Array.isArray(n) ? n.length : ""); }
async function all() {
  const now = new Date(), soon = new Date(Date.now() + 72 * 3600e3), min = new Date(-8640000000000000);
  const C = db.collection("ugc_campaigns"), D = db.collection("ugc_deliverables");
  for (const f of ["tally.applied", "tally.shortlisted"]) await time(f, () => C.find({ [f]: { $gt: 0, $lt: 2147483647 } }, { projection: { id: 1 } }).toArray());
  for (const f of ["tally.next_url_due", "tally.next_metrics_due"]) await time(f, () => C.find({ [f]: { $gt: min, $lt: now } }, { projection: { id: 1 } }).toArray());
  await time("count", () => C.countDocuments({}));
  await time("estimated", () => C.estimatedDocumentCount());
  await time("brands", () => db.collection("ugc_brands").find({}, { projection: { id: 1, company_name: 1 } }).sort({ company_name: 1 }).limit(100).toArray());
  const rows = await C.find({}).sort({ created_at: -1, id: 1 }).limit(51).toArray();
  await time("rows 51 newest", () => C.find({}).sort({ created_at: -1, id: 1 }).limit(51).toArray());
  for (const d of [7, 30]) await time(`rows since ${d}`, () => C.find({ created_at: { $gt: new Date(Date.now() - d * 864e5), $lte: now } }).sort({ created_at: -1, id: 1 }).limit(51).toArray());
  const ids = rows.slice(0, 50).map((r) => r.id);
  for (const f of ["owes_url_by", "owes_metrics_by"]) {
    await time("owed " + f, () => D.aggregate([{ $match: { campaign_id: { $in: ids }, [f]: { $gt: min, $lt: soon } } }, { $group: { _id: { campaign: "$campaign_id", late: { $lt: ["$" + f, now] } }, n: { $sum: 1 } } }]).toArray());
    await time("match only " + f, () => D.find({ [f]: { $gt: min, $lt: soon } }, { projection: { campaign_id: 1 } }).toArray());
  }
  await time("brands of page", () => db.collection("ugc_brands").find({ id: { $in: rows.map((r) => r.brand_id) } }).toArray());
}
await all();
for (let k = Number(process.argv[2] ?? 0), i = 0; i < k; i++) { const t = Date.now(); await seed(url, "canje", { group: "p" + i, live: 0, ...PAST, user: "nobody" + i }); console.log("past", i, Date.now() - t); }
if (process.argv[2]) await all();
await c.close();
