// Backups as a person makes and looks at them.
import { expect, type Page } from "./test.ts";

/** Longest wait for a whole run on a busy machine. */
const RUN_LIMIT_MS = 150_000;

/** Loads the page again where it doesn't follow by itself, until `done` holds. */
export async function follow(page: Page, refresh: string, done: () => Promise<void>): Promise<void> {
  await expect(async () => {
    const link = page.getByTestId(refresh);
    if (await link.isVisible()) await link.click();
    await done();
  }).toPass({ timeout: RUN_LIMIT_MS });
}

/** Presses the button and waits for the proof; returns the page's address. A run that is under way already serves too. */
export async function backupNow(page: Page, reason: string): Promise<string> {
  await page.goto("/admin/backups");
  await page.getByTestId("backup-now").click();
  await page.getByTestId("backup-reason").fill(reason);
  await page.getByTestId("backup-start").click();
  await expect(page).toHaveURL(/\/admin\/backups\/[0-9a-f]{32}$/);
  await follow(page, "backup-refresh", () => expect(page.getByTestId("backup-claim")).toBeVisible({ timeout: 1_000 }));
  return new URL(page.url()).pathname;
}

/** A complete backup: the newest there is, or one made now. Returns its page's address. */
export async function someBackup(page: Page): Promise<string> {
  await page.goto("/admin/backups?status=complete");
  const first = page.getByTestId("backup-run").first().getByRole("link");
  if (await first.isVisible()) return (await first.getAttribute("href"))!;
  return backupNow(page, "Para una prueba");
}
