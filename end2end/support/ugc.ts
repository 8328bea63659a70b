// Creators and campaigns of one test alone, written as the platform stores them.
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { NEW_PASSWORD, newPerson } from "./people.ts";
import { signIn, withDatabase } from "./session.ts";

/** The live database of the demonstration. */
const LIVE = "canje";
const DAY_MS = 24 * 60 * 60 * 1000;

const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Makes a person with a complete creator's profile; `change` makes it a special one. Returns the e-mail and the id. */
export async function newCreator(own: string, change: Record<string, unknown> = {}): Promise<{ email: string; id: string }> {
  const email = await newPerson(`creadora-${own}`, "user");
  const id = `creator-${own}`;
  await withDatabase(LIVE, async (live) => {
    const user = await live.collection("users").findOne({ email });
    const network = (platform: string, followers: number) => ({
      platform,
      username: "ana.benitez",
      url: `https://www.${platform}.com/ana.benitez`,
      followers,
      verified: false,
      last_updated: null,
    });
    await live.collection("ugc_creators").insertOne({
      id,
      user_id: user!["user_id"] as string,
      email,
      name: "Ana Benítez",
      birth_date: "1998-01-31",
      gender: "female",
      document_id: "1.234.567",
      country: "PY",
      city: "Asunción",
      phone_country_code: "+595",
      phone: "981000000",
      categories: ["food"],
      social_networks: [network("instagram", 5_000), network("tiktok", 800)],
      level: "rookie",
      is_active: true,
      onboarding_completed: true,
      created_at: new Date(),
      ...change,
    });
  });
  return { email, id };
}

/** Makes a live campaign of an active brand of its own; returns its id. */
export async function newCampaign(own: string, change: Record<string, unknown> = {}): Promise<string> {
  const id = `campaign-${own}-${createHash("sha256").update(JSON.stringify(change)).digest("hex").slice(0, 6)}`;
  await withDatabase(LIVE, async (live) => {
    const brand = `brand-${own}`;
    const isNew = (await live.collection("ugc_brands").countDocuments({ id: brand })) === 0;
    if (isNew) {
      await live
        .collection("ugc_brands")
        .insertOne({ id: brand, company_name: "Casa de Prueba", is_active: true, created_at: new Date() });
    }
    await live.collection("ugc_campaigns").insertOne({
      id,
      brand_id: brand,
      name: `Merienda ${own}`,
      description: "📌 Qué buscamos\n• Un video corto de tu merienda",
      search: `merienda ${own} casa de prueba`,
      category: "food",
      city: "Asunción",
      total_slots_loaded: 5,
      slots_filled: 0,
      url_delivery_days: 7,
      metrics_delivery_days: 14,
      canje: {
        type: "product",
        description: "Una canasta de merienda",
        value: 200_000,
        delivery_method: "pickup",
        pickup_address: "Palma 123",
      },
      timeline: { applications_deadline: day(20), publish_start: day(0), publish_end: day(40) },
      assets: { brand_name: "Casa de Prueba" },
      status: "live",
      visible_to_creators: true,
      created_at: new Date(),
      published_at: new Date(),
      ...change,
    });
  });
  return id;
}

/** Confirms an application as its documents say it; returns the delivery's id. */
export async function confirmed(creator: string, campaign: string): Promise<string> {
  const id = `delivery-${creator}-${campaign}`.slice(0, 64);
  await withDatabase(LIVE, async (live) => {
    const now = new Date();
    const [url, metrics] = [new Date(now.getTime() + 7 * DAY_MS), new Date(now.getTime() + 14 * DAY_MS)];
    const stored = await live.collection("ugc_campaigns").findOne({ id: campaign });
    await live.collection("ugc_applications").updateOne(
      { campaign_id: campaign, creator_id: creator },
      { $set: { status: "confirmed", confirmed_at: now, url_deadline: url, metrics_deadline: metrics }, $unset: { waiting: "" } },
    );
    const application = await live.collection("ugc_applications").findOne({ campaign_id: campaign, creator_id: creator });
    await live.collection("ugc_campaigns").updateOne({ id: campaign }, { $inc: { slots_filled: 1, "tally.applied": -1, "tally.confirmed": 1 } });
    await live.collection("ugc_deliverables").insertOne({
      id,
      application_id: application!["id"] as string,
      campaign_id: campaign,
      creator_id: creator,
      brand_id: stored!["brand_id"] as string,
      platform: "instagram",
      status: "awaiting_publish",
      status_history: [],
      confirmed_at: now,
      url_deadline: url,
      metrics_deadline: metrics,
      owes_url_by: url,
      owes_metrics_by: metrics,
      metrics_window_closes: metrics,
      waiting: { whose: "creator", period: "deadline", since: now, due_at: url, escalations: 0 },
      review_round: 0,
      review_notes: [],
      created_at: now,
    });
  });
  return id;
}

/** Signs a new creator in. */
export async function enter(page: Page, email: string): Promise<void> {
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await page.waitForURL((url) => url.pathname !== "/login");
}
