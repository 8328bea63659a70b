// Without a mouse: the first stop skips the navigation, and the next ones are inside the page.
import { expect, test } from "../support/test.ts";

for (const { path, who } of [
  { path: "/", who: null },
  { path: "/login", who: null },
  { path: "/admin", who: "admin" },
  { path: "/mi-perfil", who: "creadora" },
] as const) {
  test.describe(path, () => {
    test.use({ who });

    test("the first stop of the Tab key skips to the content", async ({ page }) => {
      await page.goto(path);
      // A field that takes the focus by itself would make the first stop another one.
      await page.locator("body").press("Home");
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Saltar al contenido" });
      if (path !== "/login") await expect(skip).toBeFocused();
      else await skip.focus();
      await expect(skip).toBeInViewport();
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/#content$/);
      await page.keyboard.press("Tab");
      const isInside = await page.getByRole("main").evaluate((main) => main.contains(document.activeElement));
      expect(isInside, "the next stop is inside the content").toBe(true);
    });
  });
}
