// Signing in and out as people do, and a session that has been idle for too long.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { expect, type Page } from "./test.ts";
import { running } from "./settings.ts";

/** Longer than the 30 minutes after which an unused session ends. */
const TOO_LONG_MS = 31 * 60 * 1000;

/** Fills the sign-in form of the page that is open and sends it. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByTestId("login-email").fill(email);
  await page.getByTestId("login-password").fill(password);
  await page.getByTestId("login-submit").click();
}

/** Signs out by the menu, which is folded away on phones and in a creator's frame. */
export async function signOut(page: Page): Promise<void> {
  const button = page.getByTestId("log-out");
  if (!(await button.isVisible())) await page.getByTestId("open-menu").or(page.getByTestId("user-menu")).click();
  await button.click();
  await expect(page).toHaveURL(/\/login$/);
}

/** Works on a database of the running server. */
export async function withDatabase<T>(name: string, work: (database: Db) => Promise<T>): Promise<T> {
  const lock = JSON.parse(await readFile(join(running().dataDir, "engine.lock"), "utf8")) as { address: string };
  const client = new MongoClient(`mongodb://${lock.address}/?directConnection=true`);
  try {
    return await work(client.db(name));
  } finally {
    await client.close();
  }
}

/** Makes this browser's session look as if nobody had used it for half an hour. */
export async function letSessionIdle(page: Page): Promise<void> {
  const cookies = await page.context().cookies();
  const token = cookies.find((cookie) => cookie.name === "__Host-sid")?.value ?? "";
  await withDatabase("canje", async (database) => {
    const sessions = database.collection<{ _id: string }>("sessions");
    const _id = createHash("sha256").update(token).digest("hex");
    const done = await sessions.updateOne({ _id }, { $set: { last_seen_at: new Date(Date.now() - TOO_LONG_MS) } });
    expect(done.matchedCount, "the session is on record").toBe(1);
  });
}
