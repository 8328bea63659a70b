// Campaigns, creators, applications and deliveries for measuring, as the platform stores them.
import { MongoClient } from "mongodb";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Documents of one write. */
const BATCH = 2_000;
/** Minutes: somewhat longer than the seven days of an address, so that some are late, some soon due, most neither. */
const CONFIRMED_WITHIN = 11_000;
const CITIES = ["Asunción", "Luque", "Encarnación", "Ciudad del Este", "San Lorenzo"];
const CATEGORIES = ["food", "fashion", "beauty", "travel", "tech", "fitness"];
const STATES = ["applied", "shortlisted", "confirmed", "rejected", "withdrawn", "cancelled"];
/** What applications of the past ended as: nobody waits in a campaign that is completed. */
const ENDS = ["rejected", "withdrawn", "confirmed", "rejected", "withdrawn", "cancelled"];

const day = (/** @type {number} */ days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** @param {import("mongodb").Db} live @param {string} name @param {number} count @param {(n: number) => Record<string, unknown>} make */
async function fill(live, name, count, make) {
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => make(from + n));
    await live.collection(name).insertMany(batch, { ordered: false });
  }
}

/** @param {string} group @param {number} n @param {boolean} isLive @param {number} applications */
function campaign(group, n, isLive, applications) {
  const share = Math.floor(applications / STATES.length);
  const published = new Date(Date.now() - n * 3_600_000);
  return {
    id: `bench-${group}-campaign-${n}`,
    brand_id: `bench-brand-${n % 20}`,
    name: `Campaña ${group} ${n}`,
    description: "📌 Qué buscamos\n• Un video corto con luz natural\n• **Sin filtros**\n\nContá con tus palabras cómo fue la experiencia y qué volverías a pedir. Nos gusta que se note que sos vos.",
    search: `campana ${group} ${n} marca ${n % 20}`,
    category: CATEGORIES[n % CATEGORIES.length],
    city: CITIES[n % CITIES.length],
    total_slots_loaded: share + 10,
    slots_filled: share,
    slot_history: [],
    url_delivery_days: 7,
    metrics_delivery_days: 14,
    contract: { monthly_deliverables: 20, duration_months: 12, start_date: day(-30), end_date: day(300), loads_done: 2, is_active: true, renewal_count: 0 },
    requirements: { min_followers: n % 3 ? null : 5_000, min_age: 18, gender: "all", country: "PY", platforms: ["instagram", "tiktok"], additional_rules: [] },
    canje: { type: "product", description: "Una canasta de productos", value: 200_000 + n * 1_000, delivery_method: "pickup", pickup_address: "Palma 123" },
    timeline: { applications_deadline: day(20), publish_start: day(0), publish_end: day(60) },
    assets: { brand_name: `Marca ${n % 20}`, photos: [] },
    status: isLive ? "live" : "completed",
    visible_to_creators: true,
    tally: isLive
      ? { ...Object.fromEntries(STATES.map((state) => [state, share])), next_url_due: new Date(Date.now() - 10 * 60 * 60_000) }
      : { applied: 0, shortlisted: 0, confirmed: share, rejected: 2 * share, withdrawn: 2 * share, cancelled: share, with_url: share, with_metrics: share },
    rev: 0,
    created_at: published,
    published_at: published,
  };
}

/** @param {string} group @param {number} n @param {string} user */
function creator(group, n, user) {
  const network = (/** @type {string} */ platform) => ({ platform, username: `bench${n}`, url: `https://www.${platform}.com/bench${n}`, followers: 6_000, verified: false, last_updated: null });
  return {
    id: `bench-${group}-creator-${n}`,
    user_id: user,
    email: `bench-${group}-${n}@example.com`,
    name: `Creadora ${n}`,
    birth_date: "1998-01-31",
    gender: "female",
    document_id: "1.234.567",
    country: "PY",
    city: CITIES[n % CITIES.length],
    phone_country_code: "+595",
    phone: "981000000",
    categories: ["food"],
    social_networks: [network("instagram"), network("tiktok")],
    level: "rookie",
    is_active: true,
    onboarding_completed: true,
    search: `creadora ${n}`,
    created_at: new Date(),
  };
}

/**
 * Writes so many campaigns, creators and applications, spread evenly; `user` owns the first creator's profile.
 * @param {string} mongodb @param {string} database
 * @param {{ group: string, campaigns: number, live: number, creators: number, applications: number, user: string }} how
 */
export async function seed(mongodb, database, { group, campaigns, live: open, creators, applications, user }) {
  const client = new MongoClient(mongodb);
  try {
    const live = client.db(database);
    const each = Math.floor(applications / campaigns);
    if ((await live.collection("ugc_brands").countDocuments({ id: "bench-brand-0" })) === 0) {
      await fill(live, "ugc_brands", 20, (n) => ({ id: `bench-brand-${n}`, company_name: `Marca ${n}`, is_active: true, created_at: new Date() }));
    }
    await fill(live, "ugc_campaigns", campaigns, (n) => campaign(group, n, n < open, each));
    await fill(live, "ugc_creators", creators, (n) => creator(group, n, n === 0 ? user : `bench_${group}_${n}`));
    // Every campaign and creator meet once: the n-th application is of campaign n mod C, and of the creators in turn.
    const place = (/** @type {number} */ n) => ({ of: n % campaigns, by: (Math.floor(n / campaigns) + (n % campaigns) * each) % creators });
    await fill(live, "ugc_applications", applications, (n) => {
      const { of, by } = place(n);
      const state = (of < open ? STATES : ENDS)[Math.floor(n / campaigns) % STATES.length];
      const at = new Date(Date.now() - (n % CONFIRMED_WITHIN) * 60_000);
      const confirmed = state === "confirmed" ? { confirmed_at: at, url_deadline: new Date(at.getTime() + 7 * DAY_MS), metrics_deadline: new Date(at.getTime() + 14 * DAY_MS) } : {};
      return { id: `bench-${group}-application-${n}`, campaign_id: `bench-${group}-campaign-${of}`, creator_id: `bench-${group}-creator-${by}`, status: state, status_history: [], applied_at: at, ...confirmed };
    });
    const confirmed = Array.from({ length: applications }, (_, n) => n).filter((n) => Math.floor(n / campaigns) % STATES.length === 2);
    await fill(live, "ugc_deliverables", confirmed.length, (n) => {
      const application = confirmed[n] ?? 0;
      const { of, by } = place(application);
      const at = new Date(Date.now() - (application % CONFIRMED_WITHIN) * 60_000);
      const [url, metrics] = [new Date(at.getTime() + 7 * DAY_MS), new Date(at.getTime() + 14 * DAY_MS)];
      return {
        id: `bench-${group}-delivery-${n}`, application_id: `bench-${group}-application-${application}`, campaign_id: `bench-${group}-campaign-${of}`,
        creator_id: `bench-${group}-creator-${by}`, brand_id: `bench-brand-${of % 20}`, platform: "instagram",
        status_history: [], confirmed_at: at, url_deadline: url, metrics_deadline: metrics,
        ...(of < open ? { status: "awaiting_publish", owes_url_by: url, owes_metrics_by: metrics } : { status: "completed", has_url: true, has_metrics: true }),
        review_round: 0, review_notes: [], created_at: at,
      };
    });
  } finally {
    await client.close();
  }
}
