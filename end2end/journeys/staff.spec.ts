// Staff's screens: the manager with its counters and filters, a saved view, applications, creators, deliveries, searching.
import { expect, test } from "../support/test.ts";

test.use({ who: "equipo" });

const manager = "/admin?module=ugc&ugcTab=campaign-manager";

test("the manager lists campaigns with their lights, and a filter is a link one can take away", async ({ page }) => {
  await page.goto(manager);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Campañas");
  await expect(page.getByTestId("campaign-row").first()).toBeVisible();
  await page.getByTestId("filter-state").selectOption("live");
  // With script the choice sends the form by itself.
  const send = page.getByTestId("list-filter");
  if (!page.url().includes("estado=live")) await send.click();
  await expect(page).toHaveURL(/estado=live/);
  await expect(page.getByTestId("campaign-row").first()).toContainText("Activa");
  await page.getByTestId("filter-chip").first().click();
  await expect(page).not.toHaveURL(/estado=live/);
});

test("a view is saved under a name, opened as a tab, and forgotten", async ({ page, own }) => {
  const name = `Vista ${own.slice(0, 6)}`;
  await page.goto(`${manager}&estado=live&densidad=compacta`);
  await page.getByTestId("view-save").click();
  await page.getByTestId("view-name").fill(name);
  await page.getByTestId("view-keep").click();
  await expect(page.getByTestId("flash")).toContainText("Vista guardada");
  await page.goto(manager);
  await page.getByTestId("list-views").getByRole("link", { name }).click();
  await expect(page).toHaveURL(/estado=live/);
  await page.getByTestId("view-manage").click();
  await page.getByTestId("view-delete").click();
  await expect(page.getByTestId("flash")).toContainText("Vista eliminada");
  await page.goto(manager);
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("from a campaign to its applications, to a person, to their deliveries", async ({ page }) => {
  await page.goto(`${manager}&pendientes=1`);
  await page.getByTestId("campaign-applications").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Postulaciones de");
  await expect(page.getByTestId("application-row").first()).toBeVisible();
  await page.getByTestId("creator-open").first().click();
  await expect(page.getByTestId("creator-applications")).toBeVisible();
  await page.getByTestId("all-deliveries").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Entregas de");
});

test("rejecting asks for a reason on its own page and can be left", async ({ page }) => {
  await page.goto(`${manager}&pendientes=1`);
  await page.getByTestId("campaign-applications").first().click();
  const list = page.url();
  await page.getByTestId("application-reject").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rechazar postulación");
  await page.getByTestId("decision-leave").click();
  await expect(page).toHaveURL(list);
});

test("everything is searched from one box", async ({ page }) => {
  await page.goto("/admin/buscar");
  await page.getByTestId("finder-input").fill("an");
  await page.getByTestId("finder-go").click();
  await expect(page.getByTestId("finder-hit").first()).toBeVisible();
  await page.getByTestId("finder-hit").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
