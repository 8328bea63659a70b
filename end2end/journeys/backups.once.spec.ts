// Backups: one button to a proof, a damaged file is found out, a restore can be looked at, a change is shown as just that.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { backupNow, follow, someBackup } from "../support/backups.ts";
import { withDatabase } from "../support/session.ts";
import { here } from "../support/settings.ts";
import { expect, test, type Page } from "../support/test.ts";

test.use({ who: "admin" });
// Each makes, reads back, restores and compares the whole demonstration.
test.describe.configure({ timeout: 300_000, mode: "serial" });

/** The demonstration's archive, as the official tool writes it. */
async function archive(): Promise<Buffer> {
  return gunzipSync(await readFile(join(here, "..", "src/demo/legacy.archive.gz")));
}

/** Brings a file to be verified and waits for the report. */
async function verify(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto("/admin/backups/verificar");
  await page.getByTestId("verify-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.getByTestId("verify-start").click();
  await expect(page).toHaveURL(/\/admin\/backups\/verificar\/[0-9a-f-]{36}$/);
  await follow(page, "verification-refresh", () =>
    expect(page.getByTestId(/^verification-(good|bad|failed)$/)).toBeVisible({ timeout: 1_000 }),
  );
}

/** Restores a database of a backup to a preview; returns the preview's name. */
async function preview(page: Page, backup: string, database: string): Promise<string> {
  await page.goto(`${backup}/restaurar`);
  await page.getByTestId("restore-database").selectOption(database);
  await page.getByTestId("restore-mode").selectOption("preview");
  await page.getByTestId("restore-next").click();
  await page.getByTestId("restore-next").click();
  const labels = page.getByTestId("restore-confirmation").locator("label");
  const name = /preview_\w+/.exec((await labels.nth(0).textContent())!)![0];
  const documents = /[\d.]+/.exec((await labels.nth(1).textContent())!)![0];
  await page.getByTestId("restore-name").fill(name);
  await page.getByTestId("restore-documents").fill(documents.replaceAll(".", ""));
  await page.getByTestId("restore-confirm").click();
  await follow(page, "restore-refresh", () => expect(page.getByTestId("restore-equal")).toBeVisible({ timeout: 1_000 }));
  return name;
}

test("one button makes a backup, and its page proves it", async ({ page }) => {
  await backupNow(page, "Prueba de punta a punta");
  await expect(page.getByTestId("backup-claim")).toContainText("una restauración de prueba dio exactamente lo mismo");
  const checks = page.getByTestId("backup-check");
  expect(await checks.count()).toBeGreaterThan(20);
  await expect(checks.filter({ hasText: "no cumplida" })).toHaveCount(0);
  await checks.first().locator("summary").click();
  await expect(checks.first().locator("li").first()).toBeVisible();
  await expect(page.getByTestId("backup-store")).toHaveCount(2);
  for (const store of await page.getByTestId("backup-store").all()) await expect(store).toContainText("gemelo local");
  await expect(page.getByTestId("backup-namespace").filter({ hasText: "legacy.users" })).toContainText("igual");
  await expect(page.getByTestId("backup-excluded")).toContainText("canje_ops");
  // Its `__Host-` cookie isn't sent over plain http by a client that is no browser: it is said by hand.
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const act = await page.request.get((await page.getByTestId("backup-pdf").getAttribute("href"))!, { headers: { cookie } });
  expect(act.headers()["content-type"]).toBe("application/pdf");
  expect((await act.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await page.goto("/admin/backups");
  await expect(page.getByTestId("backup-newest")).toContainText("2 destinos independientes");
});

test("a backup is taken home with the password, and is still encrypted", async ({ page }) => {
  const backup = await someBackup(page);
  await page.goto(`${backup}/descargar`);
  await page.getByTestId("download-password").fill("otra-cosa-2026");
  await page.getByTestId("download-start").click();
  await expect(page.getByRole("main")).toContainText("La contraseña no coincide");
  await page.getByTestId("download-password").fill("canje-demo-2026");
  const downloading = page.waitForEvent("download");
  await page.getByTestId("download-start").click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^canje-backup-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.tar$/);
  const bytes = await readFile(await download.path());
  expect(bytes.includes("age-encryption.org/v1")).toBe(true);
  expect(bytes.includes("admin@example.com")).toBe(false);
});

test("a whole archive is found whole, and a damaged one is found out", async ({ page }) => {
  const whole = await archive();
  await verify(page, "entera.archive", whole);
  await expect(page.getByTestId("verification-good")).toBeVisible();
  await page.getByTestId("verification-base").selectOption("legacy");
  await page.getByTestId("verification-compare").click();
  await expect(page.getByTestId("verification-compared").filter({ hasText: /\.users/ })).toHaveAttribute("data-result", "OK");
  await expect(page.getByTestId("verification-complete")).toContainText("tiene todo");
  const damaged = Buffer.from(whole);
  damaged[Math.floor(damaged.length / 2)]! ^= 1;
  await verify(page, "rota.archive", damaged);
  await expect(page.getByTestId("verification-bad")).toBeVisible();
  await expect(page.getByTestId("backup-finding").filter({ hasText: "Grave" }).first()).toBeVisible();
});

test("a restore to a preview can be looked at, and says that it is one", async ({ page }) => {
  const name = await preview(page, await someBackup(page), "legacy");
  await page.getByTestId("restore-look").click();
  await expect(page).toHaveURL(`/admin/data/${name}`);
  await expect(page.getByTestId("place-banner")).toContainText("Vista previa");
  await expect(page.getByTestId("collections").locator("tbody tr").filter({ hasText: "users" }).first()).toBeVisible();
});

test("after one document changed, the comparison shows exactly that", async ({ page }) => {
  const backup = await someBackup(page);
  const name = await preview(page, backup, "legacy");
  await withDatabase(name, async (database) => {
    const users = database.collection("users");
    const one = (await users.findOne({}))!;
    await users.updateOne({ _id: one._id }, { $set: { city: "Areguá (cambiada)" } });
  });
  const left = `backup:${backup.split("/").at(-1)}/legacy`;
  await page.goto(`/admin/backups/comparar?${new URLSearchParams({ a: left, b: `db:${name}` })}`);
  await page.getByTestId("diff-start").click();
  await follow(page, "diff-refresh", () => expect(page.getByTestId("diff-differing")).toBeVisible({ timeout: 1_000 }));
  const differing = page.getByTestId("diff-differing").locator("tbody tr");
  await expect(differing).toHaveCount(1);
  await expect(differing).toContainText("users");
  await differing.getByRole("link").first().click();
  await expect(page.getByRole("main")).toContainText("city");
});
