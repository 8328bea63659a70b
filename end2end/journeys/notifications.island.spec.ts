// What only script does: an open bell that is told, and keeps the focus where it was.
import { deliverError } from "../support/deliveries.ts";
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page, own }) => {
  const email = await newPerson(`campana-${own}`, "admin");
  const listening = page.waitForResponse((answer) => answer.url().includes("/api/notifications/stream"));
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await listening;
});

test("a signed delivery appears in the open bell without a reload", async ({ page, own }) => {
  const title = `En vivo ${own}`;
  await page.getByTestId("bell-open").click();
  await deliverError(title);
  const item = page.getByTestId("bell-item").filter({ hasText: title });
  await expect(item).toBeVisible();
  await expect(page.getByTestId("bell-count")).toBeVisible();
  await expect(page.getByTestId("bell-open")).toHaveAccessibleName(/sin leer/);
});

test("the bell is used by keyboard", async ({ page, own }) => {
  const title = `Teclado ${own}`;
  await deliverError(title);
  await expect(page.getByTestId("bell-item").filter({ hasText: title })).toHaveCount(1);
  const bell = page.getByTestId("bell-open");
  await bell.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("bell-item").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(bell).toBeFocused();
  const read = page.getByRole("button", { name: `Marcar leída: Sentry: ${title}` });
  await read.focus();
  await page.keyboard.press("Enter");
  await expect(read).toHaveCount(0);
  await expect(page, "no page was loaded for it").toHaveURL(/\/admin$/);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("bell-item").first()).toBeHidden();
  await expect(bell).toBeFocused();
});

test("a hidden tab closes its stream and looks again when it is shown", async ({ page, own }) => {
  const hide = (hidden: boolean) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const closed = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/notifications/stream"));
  await hide(true);
  await closed;
  const title = `Oculta ${own}`;
  await deliverError(title);
  await hide(false);
  await expect(page.getByTestId("bell-item").filter({ hasText: title })).toHaveCount(1);
});
