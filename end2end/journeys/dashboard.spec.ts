// The back office's first page: what it shows depends on who looks.
import { expect, test } from "../support/test.ts";

test.describe("with every right", () => {
  test.use({ who: "admin" });

  test("figures lead to their modules, health and recent activity are there", async ({ page }) => {
    await page.goto("/admin");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hola, Administración Demo");
    await expect(page.getByTestId("tile-data")).toContainText(/\d/);
    await expect(page.getByTestId("tile-data")).toContainText("bases verificadas");
    await expect(page.getByTestId("tile-accounts")).toContainText(/\d/);
    await expect(page.getByTestId("health")).toContainText("responde en");
    await expect(page.getByTestId("health")).toContainText("Esta plataforma");
    await expect(page.getByTestId("recent")).toContainText("@example.com");
    await expect(page.getByText("No se pudo leer")).toHaveCount(0);
    await page.getByTestId("tile-audit").getByRole("link").or(page.getByRole("link", { name: /Registros en 24 horas/ })).first().click();
    await expect(page).toHaveURL(/\/admin\/audit$/);
  });

  test("the navigation holds what the role may see", async ({ page }) => {
    await page.goto("/admin");
    const menu = page.getByTestId("open-menu");
    if (await menu.isVisible()) await menu.click();
    const navigation = page.getByRole("navigation", { name: "Secciones" });
    await expect(navigation.getByRole("link", { name: "Datos" })).toBeVisible();
    await navigation.getByRole("link", { name: "Auditoría" }).click();
    await expect(page).toHaveURL(/\/admin\/audit$/);
  });
});

test.describe("staff", () => {
  test.use({ who: "equipo" });

  test("see neither data nor audit", async ({ page }) => {
    await page.goto("/admin");
    await expect(page.getByTestId("tile-data")).toHaveCount(0);
    await expect(page.getByTestId("tile-audit")).toHaveCount(0);
    await expect(page.getByTestId("recent")).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Auditoría" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Datos" })).toHaveCount(0);
  });
});
