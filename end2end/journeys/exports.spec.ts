// Taking a whole collection home: every format, as many rows as the list says, secrets never, personal data with a reason.
import type { Download } from "@playwright/test";
import { openCounted } from "../support/counted.ts";
import { counts, appliedApplications, secrets } from "../support/demo.ts";
import { bytesOf, csv, jsonLines, numberIn, xlsx } from "../support/files.ts";
import { expect, test, type Page } from "../support/test.ts";

const REASON = "Verificación pedida por la escribanía";

test.use({ who: "admin" });

type Choice = { format: "csv" | "xlsx" | "jsonl"; separator?: string; columns?: string; reason?: string };

/** Fills the form that is open and waits for the file. */
async function exportAs(page: Page, { format, separator, columns, reason }: Choice): Promise<Download> {
  await page.getByTestId("export-format").selectOption(format);
  if (separator) await page.getByTestId("export-separator").selectOption({ label: separator });
  if (columns) await page.getByTestId("export-columns").fill(columns);
  if (reason) {
    await page.getByTestId("export-personal").check();
    await page.getByTestId("export-reason").fill(reason);
  }
  const downloading = page.waitForEvent("download");
  await page.getByTestId("export-start").click();
  return downloading;
}

/** The total that the list of a collection shows, filtered or not. */
async function listed(page: Page, address: string): Promise<number> {
  await openCounted(page, address);
  const total = page.getByTestId(address.includes("?") ? "total" : "pager-position");
  return numberIn((await total.textContent())?.split(" de ").at(-1) ?? "");
}

const form = (collection: string, query = "") => `/admin/data/legacy/${collection}/export${query}`;

test("CSV has a row for every document of the list, masked and without secrets", async ({ page }) => {
  const total = await listed(page, "/admin/data/legacy/users");
  expect(total).toBe(counts.users);
  await page.goto(form("users"));
  const download = await exportAs(page, { format: "csv" });
  expect(download.suggestedFilename()).toMatch(/^legacy-users-.*\.csv$/);
  const bytes = await bytesOf(download);
  const { hasBom, rows } = csv(bytes);
  expect(hasBom, "Excel in Spanish needs the mark").toBe(true);
  expect(rows.length - 1).toBe(total);
  expect(rows[0]).toContain("role");
  expect(rows[0]).not.toContain("password");
  for (const secret of secrets) expect(bytes.toString()).not.toContain(secret);
  expect(bytes.toString()).not.toContain("@example.com");
});

test("CSV with commas holds the chosen columns, in their order", async ({ page }) => {
  await page.goto(form("orders"));
  const download = await exportAs(page, { format: "csv", separator: "Coma, para programas", columns: "order_id, total\norder_status" });
  const { rows } = csv(await bytesOf(download), ",");
  expect(rows[0]).toEqual(["order_id", "total", "order_status"]);
  expect(rows.length - 1).toBe(counts.orders);
  expect(rows[1]).toEqual(["ORD-0BE417DF", "440000", "confirmed"]);
});

test("JSON Lines has every document with its exact types", async ({ page }) => {
  await page.goto(form("ugc_applications"));
  const bytes = await bytesOf(await exportAs(page, { format: "jsonl" }));
  const documents = jsonLines(bytes);
  expect(documents).toHaveLength(counts.ugc_applications);
  expect(documents[0]).toMatchObject({ _id: { $oid: expect.stringMatching(/^[0-9a-f]{24}$/) } });
  expect(bytes.toString()).not.toContain("@example.com");
});

test("XLSX has every document and no secret", async ({ page }) => {
  await page.goto(form("users"));
  const download = await exportAs(page, { format: "xlsx" });
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
  const { sheetRows, text } = xlsx(await bytesOf(download));
  expect(sheetRows).toEqual([counts.users + 1]);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toContain("@example.com");
});

test("a filtered export has exactly the filtered documents", async ({ page }) => {
  const query = "?field=status&op=eq&type=text&value=applied";
  const total = await listed(page, `/admin/data/legacy/ugc_applications${query}&count=1`);
  expect(total).toBe(appliedApplications);
  await page.goto(form("ugc_applications", query));
  const { rows } = csv(await bytesOf(await exportAs(page, { format: "csv", columns: "status" })));
  expect(rows.slice(1)).toEqual(Array.from({ length: total }, () => ["applied"]));
});

test("personal data comes only with a reason, which is on record; secrets not even so", async ({ page }) => {
  await page.goto(form("users"));
  await page.getByTestId("export-format").selectOption("csv");
  await page.getByTestId("export-personal").check();
  await page.getByTestId("export-reason").fill("porque");
  await page.getByTestId("export-start").click();
  await expect(page.getByText(/Contá para qué necesitás los datos personales/)).toBeVisible();
  await expect(page.getByTestId("export-reason")).toHaveValue("porque");
  await expect(page.getByTestId("export-personal")).toBeChecked();
  await expect(page.getByTestId("export-format")).toHaveValue("csv");

  const text = (await bytesOf(await exportAs(page, { format: "csv", reason: REASON }))).toString();
  expect(text).toContain("admin@example.com");
  for (const secret of secrets) expect(text).not.toContain(secret);

  await page.goto("/admin/audit?action=data_exported&email=admin%40example.com");
  const row = page.getByTestId("audit-row").filter({ hasText: REASON }).first();
  await row.getByTestId("audit-details").click();
  await expect(row.locator("pre")).toContainText(REASON);
});

test("secret fields can't be chosen", async ({ page }) => {
  await page.goto(form("users"));
  await page.getByTestId("export-columns").fill("email, password");
  await page.getByTestId("export-start").click();
  await expect(page.getByText("«password» guarda un secreto y no se exporta.")).toBeVisible();
  await expect(page.getByTestId("export-columns")).toHaveValue("email, password");
});

test("the export's page says when it is whole, and hands it out only once", async ({ page, watch }) => {
  await page.goto(form("orders"));
  const download = await exportAs(page, { format: "jsonl" });
  await bytesOf(download);
  await expect(page).toHaveURL(/\/admin\/exports\/[0-9a-f]{24}/);
  const own = new URL(page.url()).pathname;
  await page.goto(own);
  await expect(page.getByText("Completa")).toBeVisible();
  await expect(page.getByText(`${counts.orders} filas`)).toBeVisible();
  watch.expectStatus(409);
  const again = await page.goto(`${own}/file`);
  expect(again?.status()).toBe(409);
});
