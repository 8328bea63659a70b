// The log of who did what: it shows what was just done, filters, pages, and goes home as a file.
import { bytesOf, csv } from "../support/files.ts";
import { post } from "../support/http.ts";
import { signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test.describe("with the right", () => {
  test.use({ who: "admin" });

  test("what was just done is there, with its details, and can be taken home", async ({ page, own, browser, baseURL }) => {
    const email = `rastro-${own}@example.com`;
    const stranger = await browser.newContext({
      baseURL: baseURL!,
      storageState: { cookies: [], origins: [] },
      extraHTTPHeaders: { "x-forwarded-for": "10.9.8.7" },
    });
    const door = await stranger.newPage();
    await door.goto("/login");
    await signIn(door, email, "otra-Clave-2026");
    await expect(door.getByTestId("login-problem")).toBeVisible();
    await stranger.close();

    await page.goto("/admin/audit");
    await page.getByTestId("audit-email").fill(email.toUpperCase());
    await page.getByTestId("audit-action").selectOption("login_failed");
    await page.getByTestId("audit-filter").click();
    const row = page.getByTestId("audit-row");
    await expect(row).toHaveCount(1);
    await expect(row).toContainText("Ingreso rechazado");
    await expect(row).toContainText(email);
    await row.getByTestId("audit-details").click();
    await expect(row.locator("pre")).toContainText("invalid_credentials");
    await expect(page.getByTestId("audit-email")).toHaveValue(email.toUpperCase());

    const downloading = page.waitForEvent("download");
    await page.getByTestId("audit-export").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^auditoria-\d{4}-\d\d-\d\d\.csv$/);
    const { hasBom, rows } = csv(await bytesOf(download));
    expect(hasBom).toBe(true);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toEqual(expect.arrayContaining([email, "10.9.8.7"]));
  });

  test("its pages go forth and back without losing the filter", async ({ page, own }) => {
    const email = `hojas-${own}@example.com`;
    for (let tries = 0; tries < 21; tries++) {
      await post("/login", { email, password: "otra-Clave-2026" }, null, { "x-forwarded-for": `10.8.7.${tries}` });
    }
    await page.goto(`/admin/audit?email=${email}`);
    await expect(page.getByTestId("pager-position")).toHaveText("21 registros");
    const rows = page.getByTestId("audit-row");
    await expect(rows).toHaveCount(20);
    const newest = await rows.first().textContent();
    await page.getByTestId("pager-next").click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText(email);
    await page.getByTestId("pager-previous").click();
    await expect(rows).toHaveCount(20);
    await expect(rows.first()).toHaveText(newest ?? "");
  });

  test("a filter nothing matches says so, and a bad one says what is wrong", async ({ page, own }) => {
    await page.goto(`/admin/audit?email=${own}-nadie`);
    await expect(page.getByTestId("audit-none")).toBeVisible();
    await page.goto("/admin/audit?from=2026-11-22&to=2026-11-21");
    await expect(page.getByTestId("audit-problem")).toBeVisible();
    await expect(page.getByText("Tiene que ser el mismo día o después.")).toBeVisible();
    await expect(page.getByTestId("audit-from")).toHaveValue("2026-11-22");
  });

  test("an export is itself on record", async ({ page }) => {
    await page.goto("/admin/audit?action=login_success");
    const downloading = page.waitForEvent("download");
    await page.getByTestId("audit-export").click();
    const { rows } = csv(await bytesOf(await downloading));
    await page.goto("/admin/audit?action=data_exported&email=admin%40example.com");
    const mine = page.getByTestId("audit-row").filter({ hasText: "audit_logs" }).first();
    await mine.getByTestId("audit-details").click();
    await expect(mine.locator("pre")).toContainText("login_success");
    expect(rows.length).toBeGreaterThan(1);
  });
});
