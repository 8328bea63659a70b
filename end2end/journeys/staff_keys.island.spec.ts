// Without a mouse: letters that lead anywhere, the search box, the keys' own help, and the palette over records.
import { expect, test } from "../support/test.ts";

test.use({ who: "equipo" });

test("g and a letter lead anywhere, / searches, ? explains", async ({ page }) => {
  await page.goto("/admin");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/campaign-manager/);
  await page.keyboard.press("/");
  await expect(page.getByTestId("list-search")).toBeFocused();
  await page.keyboard.type("zzzz no existe");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("list-empty")).toBeVisible();
  await page.locator("body").press("?");
  await expect(page.locator("#keys")).toBeVisible();
  await expect(page.locator("#keys")).toContainText("Campañas");
  await page.keyboard.press("Escape");
  await expect(page.locator("#keys")).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/ugcTab=creators/);
});

test("the palette finds a person and Enter goes there", async ({ page }) => {
  await page.goto("/admin?module=ugc&ugcTab=creators");
  const name = (await page.getByTestId("creator-open").first().textContent())!.trim();
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill(name);
  await expect(page.locator("#palette-found li").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
});
