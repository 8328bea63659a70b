// The documents of a collection: paging both ways, jumping, filtering, choosing columns.
import { openCounted } from "../support/counted.ts";
import { appliedApplications, counts } from "../support/demo.ts";
import { expect, test, type Page } from "../support/test.ts";

test.use({ who: "admin" });

const table = (page: Page) => page.getByTestId("documents-table");
const position = (page: Page) => page.getByTestId("pager-position");
const ids = (page: Page) => table(page).getByRole("rowheader").allTextContents();
const applications = "/admin/data/legacy/ugc_applications";

/** Opens the form for filter, order and columns. */
async function refine(page: Page): Promise<void> {
  const form = page.getByTestId("filter");
  if ((await form.getAttribute("open")) === null) await page.getByText("Filtrar, ordenar y elegir columnas").click();
}

test("pages go forward, back, to both ends and to a number", async ({ page }) => {
  await openCounted(page, applications);
  await expect(table(page).locator("tbody tr")).toHaveCount(50);
  await expect(position(page)).toContainText("1–50 de 354, contado ");
  const first = await ids(page);
  await page.getByTestId("pager-next").click();
  await expect(position(page)).toContainText("51–100 de 354");
  await page.getByTestId("pager-last").click();
  await expect(position(page)).toContainText("305–354 de 354");
  await expect(page.getByTestId("pager-next")).toHaveCount(0);
  await page.getByTestId("pager-previous").click();
  await expect(position(page)).toContainText("255–304 de 354");
  await page.getByTestId("pager-first").click();
  await expect(position(page)).toContainText("1–50 de 354");
  expect(await ids(page)).toEqual(first);
  await expect(page.getByTestId("pager-previous")).toHaveCount(0);
  await page.getByTestId("pager-jump").fill("101");
  await page.getByTestId("pager-jump").press("Enter");
  await expect(position(page)).toContainText("101–150 de 354");
});

test("walking forward and back shows every document once, in the same order", async ({ page }) => {
  await openCounted(page, "/admin/data/legacy/ugc_creators");
  const forward: string[] = [];
  for (let start = 1; start <= counts.ugc_creators; start += 50) {
    await expect(position(page)).toContainText(new RegExp(`^${start}–`));
    forward.push(...(await ids(page)));
    if (start + 50 <= counts.ugc_creators) await page.getByTestId("pager-next").click();
  }
  expect(new Set(forward).size).toBe(counts.ugc_creators);
  const back = await ids(page);
  for (let end = counts.ugc_creators - back.length; end > 0; end -= 50) {
    await page.getByTestId("pager-previous").click();
    await expect(position(page)).toContainText(`–${end} de`);
    back.unshift(...(await ids(page)));
  }
  expect(back).toEqual(forward);
});

test("the other direction of an order reads the same documents backwards", async ({ page }) => {
  await page.goto("/admin/data/legacy/orders");
  const up = await ids(page);
  await refine(page);
  await page.getByLabel("Orden").selectOption({ label: "_id ↓" });
  await page.getByTestId("filter-apply").click();
  await expect(page).toHaveURL(/sort=-_id/);
  expect(await ids(page)).toEqual([...up].reverse());
});

test("the builder filters, counts, shows the filter and takes it away", async ({ page }) => {
  await openCounted(page, applications);
  await refine(page);
  await page.getByLabel("Campo").first().fill("status");
  await page.getByLabel("Comparación").first().selectOption({ label: "es igual a" });
  await page.getByLabel("Tipo").first().selectOption({ label: "texto" });
  await page.getByLabel("Valor").first().fill("applied");
  await page.getByTestId("filter-apply").click();
  await expect(page).toHaveURL(/field=status&op=eq&type=text&value=applied/);
  await expect(page.getByTestId("filter-chip")).toHaveCount(1);
  await page.getByTestId("count-matches").click();
  await expect(page.getByTestId("total")).toHaveText(`${appliedApplications} resultados`);
  await page.getByTestId("pager-next").click();
  await expect(page.getByTestId("filter-chip")).toHaveCount(1);
  await expect(table(page).locator("tbody tr")).toHaveCount(50);
  await page.getByTestId("filter-chip").click();
  await expect(page.getByTestId("filter-chip")).toHaveCount(0);
  await expect(position(page)).toContainText("de 354");
});

test("a filter nothing matches is an empty state, not an empty table", async ({ page }) => {
  await page.goto(`${applications}?field=status&op=eq&type=text&value=nunca`);
  await expect(page.getByTestId("no-documents")).toContainText("Ningún documento cumple el filtro.");
  await expect(table(page)).toHaveCount(0);
  await page.goto("/admin/data/legacy/page_content");
  await expect(page.getByTestId("no-documents")).toContainText("Esta colección está vacía.");
});

test("a raw filter works, and code or writing in it is refused with what was typed kept", async ({ page, watch }) => {
  await page.goto(`${applications}?count=1`);
  await refine(page);
  const raw = page.getByLabel("Filtro en JSON extendido");
  await raw.fill('{"status": {"$in": ["confirmed", "cancelled"]}}');
  await page.getByTestId("filter-apply").click();
  await page.getByTestId("count-matches").click();
  await expect(page.getByTestId("total")).toHaveText("28 resultados");
  watch.expectStatus(400);
  for (const [typed, said] of [
    ['{"$where": "sleep(1000)"}', "«$where» no se puede usar acá."],
    ['{"$expr": {"$function": {"body": "x", "args": [], "lang": "js"}}}', "«$"],
    ['{"a": {"$out": "x"}}', "«$out» no se puede usar acá."],
    ['{"status":', "No es JSON válido"],
  ] as const) {
    await refine(page);
    await raw.fill(typed);
    await page.getByTestId("filter-apply").click();
    await expect(page.getByTestId("error-state")).toContainText("Este filtro no se pudo consultar");
    await expect(page.getByTestId("error-state")).toContainText(said);
    await expect(raw).toHaveValue(typed);
    await expect(table(page)).toHaveCount(0);
  }
});

test("secret fields can't be filtered or sorted by", async ({ page, watch }) => {
  watch.expectStatus(400);
  watch.expectStatus(404);
  const filtered = await page.goto("/admin/data/legacy/users?field=password&op=exists&type=text&value=");
  expect(filtered?.status()).toBe(400);
  await expect(page.getByTestId("error-state")).toContainText("«password» guarda un secreto");
  const raw = encodeURIComponent('{"mfa_secret": {"$regex": "^J"}}');
  expect((await page.goto(`/admin/data/legacy/users?raw=${raw}`))?.status()).toBe(400);
  expect((await page.goto("/admin/data/legacy/users?sort=password"))?.status()).toBe(404);
});

test("chosen columns are shown in their order, personal ones masked", async ({ page }) => {
  await page.goto("/admin/data/legacy/users");
  await refine(page);
  await page.getByLabel("Columnas").fill("role, email, password");
  await page.getByTestId("filter-apply").click();
  await expect(table(page).locator("thead th")).toHaveText(["_id", "role", "email", "password"]);
  await expect(table(page).locator("tbody tr")).toHaveCount(50);
  const html = await page.content();
  expect(html).not.toContain("$2b$");
  expect(html).not.toContain("koeti.avatity16@example.com");
  await page.getByTestId("pager-next").click();
  await expect(table(page).locator("thead th")).toHaveText(["_id", "role", "email", "password"]);
});

test("what was looked at is on record, with its filter and rows", async ({ page, own }) => {
  await page.goto(`${applications}?field=nombre_${own}&op=exists&type=text&value=`);
  await page.goto("/admin/audit?action=data_inspected&email=admin%40example.com");
  const row = page.getByTestId("audit-row").filter({ hasText: own }).first();
  await row.getByTestId("audit-details").click();
  await expect(row.locator("pre")).toContainText("legacy.ugc_applications");
});
