// The list of everything a database holds.
import { openCounted } from "../support/counted.ts";
import { canje } from "../support/people.ts";
import { applications, counts } from "../support/demo.ts";
import { expect, test, type Page } from "../support/test.ts";

test.use({ who: "admin" });

const rows = (page: Page) => page.getByTestId("collections").locator("tbody tr");

test("every collection the database has is listed, with the command line's own counts", async ({ page }) => {
  const twin = JSON.parse(await canje(["inspect", "--db", "legacy", "--json"])) as {
    collections: { name: string; documents: number }[];
  };
  await openCounted(page, "/admin/data/legacy");
  await expect(rows(page)).toHaveCount(twin.collections.length);
  for (const { name, documents } of twin.collections) {
    const row = rows(page).filter({ has: page.getByRole("link", { name, exact: true }) });
    await expect(row, name).toContainText(documents.toLocaleString("es-PY"));
  }
});

test("the list says which database this is, and switches to the others", async ({ page }) => {
  await page.goto("/admin/data");
  await expect(page).toHaveURL(/\/admin\/data\/\w+$/);
  await expect(page.getByText(/solo lectura/)).toBeVisible();
  await page.getByTestId("database").filter({ hasText: "legacy_a" }).click();
  await expect(page).toHaveURL("/admin/data/legacy_a");
  await expect(page.getByTestId("database").filter({ hasText: /^legacy_a$/ })).toHaveAttribute("aria-current", "page");
  await expect(rows(page)).toHaveCount(10);
  for (const own of ["admin", "config", "local"]) {
    await expect(page.getByTestId("database").filter({ hasText: new RegExp(`^${own}$`) })).toHaveCount(0);
  }
});

test("empty, obsolete and file collections carry their mark", async ({ page }) => {
  await openCounted(page, "/admin/data/legacy");
  const row = (name: string) => rows(page).filter({ has: page.getByRole("link", { name, exact: true }) });
  await expect(row("page_content")).toContainText("vacía");
  await expect(row("migration_backups")).toContainText("obsoleta");
  await expect(row("images.files")).toContainText("GridFS");
  await expect(row("users")).not.toContainText("obsoleta");
});

test("a search narrows the list and can be taken back", async ({ page }) => {
  await page.goto("/admin/data/legacy");
  await page.getByTestId("collection-search").fill("DELIVER");
  await page.getByTestId("collection-search").press("Enter");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("ugc_deliverables");
  await page.getByTestId("collection-search").fill("nada-se-llama-así");
  await page.getByTestId("collection-search").press("Enter");
  await expect(page.getByText("Ninguna colección tiene ese nombre.")).toBeVisible();
  await page.getByRole("link", { name: "Ver todas" }).click();
  await expect(rows(page)).toHaveCount(33);
});

test("the list is sorted by what its heads say", async ({ page, isMobile }) => {
  const names = () => rows(page).getByRole("rowheader").getByRole("link").allTextContents();
  await openCounted(page, "/admin/data/legacy");
  const byName = await names();
  expect(byName).toEqual([...byName].sort());
  // On phones rows fold and the heads with them; the address is the same.
  if (isMobile) await page.goto("/admin/data/legacy?sort=-count");
  else await page.getByRole("columnheader").getByRole("link", { name: "Documentos" }).click();
  await expect(page).toHaveURL(/sort=-count/);
  expect((await names())[0]).toBe("shop_products");
  await expect(page.locator("th[aria-sort]")).toHaveAttribute("aria-sort", "descending");
});

test("collections in doubt are one click away", async ({ page }) => {
  await page.goto("/admin/data/legacy");
  await page.getByText("Colecciones en duda").click();
  const doubt = (name: string | RegExp) => page.getByTestId("doubt").filter({ hasText: name });
  await expect(doubt(/^ugc_ratings$/)).toBeVisible();
  for (const [name, total] of [
    ["ugc_applications con creator_id", applications.withCreator],
    ["ugc_applications sin creator_id", applications.withoutCreator],
    ["sin creator_id, con un correo de ugc_creators", applications.matching],
  ] as const) {
    await page.goto("/admin/data/legacy");
    await page.getByText("Colecciones en duda").click();
    await doubt(name).click();
    await expect(page.getByTestId("total")).toHaveText(`${total} resultados`);
    await expect(page.getByTestId("documents-table").locator("tbody tr")).toHaveCount(50);
  }
});

test("counting again says so and keeps the exact count", async ({ page }) => {
  await page.goto("/admin/data/legacy");
  await page.getByTestId("count-again").click();
  await expect(page.getByTestId("flash")).toContainText("volvimos a contar");
  await openCounted(page, "/admin/data/legacy");
  const users = rows(page).filter({ has: page.getByRole("link", { name: "users", exact: true }) });
  await expect(users).toContainText(String(counts.users));
});

test("a database that isn't there is a page that isn't there", async ({ page, watch }) => {
  watch.expectStatus(404);
  for (const path of ["/admin/data/nada", "/admin/data/admin", "/admin/data/legacy/nada", "/admin/data/legacy/nada/profile"]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
  }
});
