// One document: its types, what is masked, what never leaves the server, revealing with a reason.
import { guarded, secrets } from "../support/demo.ts";
import { bytesOf } from "../support/files.ts";
import { raw } from "../support/http.ts";
import { expect, test } from "../support/test.ts";

test.use({ who: "admin" });

const address = `/admin/data/legacy/users/doc/${guarded._id}`;

test("a document opens from the list as a tree that shows its types", async ({ page }) => {
  await page.goto("/admin/data/legacy/ugc_creators");
  await page.getByTestId("documents-table").getByRole("rowheader").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/admin\/data\/legacy\/ugc_creators\/doc\/[0-9a-f]{24}$/);
  const tree = page.getByTestId("tree");
  for (const type of ["objectId", "string", "bool", "array", "object"]) {
    await expect(tree.getByText(type, { exact: true }).first(), type).toBeAttached();
  }
  await expect(tree.getByText(/^(int32|int64|double)$/).first()).toBeAttached();
});

test("secrets are in no form of a document that leaves the server", async ({ page }) => {
  await page.goto(address);
  await expect(page.getByTestId("tree-hidden")).not.toHaveCount(0);
  for (const path of [address, `${address}/json`, `${address}/download`, "/admin/data/legacy/users", "/admin/data/legacy/users/profile"]) {
    const text = (await raw(path, "admin")).body.toString();
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${path}`).toBe(false);
  }
});

test("personal values are masked, and revealed with a reason that goes on record", async ({ page, own }) => {
  await page.goto(address);
  await expect(page.getByTestId("tree-masked")).not.toHaveCount(0);
  const masked = (await raw(address, "admin")).body.toString();
  expect(masked).not.toContain(guarded.email);
  expect(masked).not.toContain(guarded.phone);

  await page.getByTestId("reveal").locator("summary").click();
  await page.getByLabel("Motivo").fill("corto");
  await page.getByTestId("reveal-submit").click();
  await expect(page.getByText("Escribí el motivo, entre 8 y 500 caracteres.")).toBeVisible();
  await expect(page.getByLabel("Motivo")).toHaveValue("corto");

  const reason = `Pedido de la titular ${own}`;
  await page.getByLabel("Motivo").fill(reason);
  await page.getByTestId("reveal-submit").click();
  await expect(page.getByTestId("revealed")).toBeVisible();
  await expect(page.getByTestId("tree")).toContainText(guarded.email);
  await expect(page.getByTestId("tree")).toContainText(guarded.phone);
  const revealed = await page.content();
  for (const secret of secrets) expect(revealed).not.toContain(secret);

  await page.getByRole("link", { name: "Volver a ocultar" }).click();
  await expect(page.getByTestId("tree")).not.toContainText(guarded.email);

  await page.goto("/admin/audit?action=data_revealed&email=admin%40example.com");
  const row = page.getByTestId("audit-row").filter({ hasText: own });
  await row.getByTestId("audit-details").click();
  await expect(row.locator("pre")).toContainText(reason);
  await expect(row.locator("pre")).toContainText(guarded._id);
});

test("the whole text can be seen and downloaded, masked", async ({ page }) => {
  await page.goto(address);
  const downloading = page.waitForEvent("download");
  await page.getByTestId("download").click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.json$/);
  const text = (await bytesOf(download)).toString();
  expect(JSON.parse(text)).toMatchObject({ _id: { $oid: guarded._id }, role: "admin" });
  expect(text).not.toContain(guarded.email);
});

test("a reference leads to what it refers to", async ({ page }) => {
  await page.goto("/admin/data/legacy/ugc_deliverables/doc/696feeb07f9fac4e746c53a5");
  await page.getByTestId("tree-link").filter({ hasText: "54d3db61-7777-4bd1-bf2b-6fdf50378159" }).click();
  await expect(page).toHaveURL(/\/admin\/data\/legacy\/ugc_campaigns\?/);
  await expect(page.getByTestId("documents-table").locator("tbody tr")).toHaveCount(1);
});

test("a document that isn't there is a page that isn't there", async ({ page, watch }) => {
  watch.expectStatus(404);
  for (const id of ["000000000000000000000000", "nada", "%22x%22"]) {
    expect((await page.goto(`/admin/data/legacy/users/doc/${id}`))?.status(), id).toBe(404);
  }
});
