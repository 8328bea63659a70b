// What somebody without an account sees.
import { expect, test } from "../support/test.ts";

test("the landing says what this is, for whom, and leads to signing in", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page.getByTestId("service-ugc").getByRole("heading", { level: 2 })).toBeVisible();
  await expect(page.getByTestId("card-brands").getByRole("heading", { level: 2 })).toBeVisible();
  await page.getByTestId("hero-cta").click();
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByRole("button", { name: "Ingresar" })).toBeVisible();
});

test("the landing's anchors lead to its parts", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Ver cómo funciona" }).click();
  await expect(page).toHaveURL(/#como-funciona$/);
  await expect(page.locator("#como-funciona")).toBeInViewport();
});

test("a page that isn't there says so with its true status, a reference and a way out", async ({ page, watch }) => {
  watch.expectStatus(404);
  const answer = await page.goto("/no-existe");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No encontramos esta página");
  await expect(page.getByTestId("error-reference")).toHaveText(answer?.headers()["x-request-id"] ?? "");
  await page.getByRole("main").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/$/);
});

test("the back office sends a visitor to sign in and back to where he was going", async ({ page }) => {
  await page.goto("/admin/data?db=legacy");
  await expect(page).toHaveURL("/login?next=%2Fadmin%2Fdata%3Fdb%3Dlegacy");
});

test("the component gallery shows in the demonstration", async ({ page }) => {
  const answer = await page.goto("/dev/ui");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
