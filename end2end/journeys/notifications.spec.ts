// Incidents: from a delivery to the bell of everybody on the team, taken, silenced and resolved by one of them.
import { deliverError } from "../support/deliveries.ts";
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test, type Page } from "../support/test.ts";

// People are made by a command of their own first.
test.slow();

/** Signs a new member of the team in. */
async function enter(page: Page, name: string, role = "admin"): Promise<void> {
  const email = await newPerson(name, role);
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await expect(page).not.toHaveURL(/\/login/);
}

/** Reloads until the bell has this notice: it exists within a second of its delivery. */
async function inBell(page: Page, title: string): Promise<void> {
  await expect(async () => {
    await page.goto("/notificaciones");
    await page.getByTestId("bell-open").click();
    await expect(page.getByTestId("bell-item").filter({ hasText: title })).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

test("a signed delivery is in the bell of the next page, and one who reads it reads for themselves", async ({ page, own, browser, baseURL }) => {
  const title = `TypeError ${own}`;
  await enter(page, `uno-${own}`);
  const context = await browser.newContext({ baseURL: baseURL!, storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  await enter(other, `dos-${own}`);
  await deliverError(title);
  await inBell(page, title);
  await inBell(other, title);

  const item = page.getByTestId("bell-item").filter({ hasText: title });
  await expect(item.getByText("Error", { exact: true })).toBeVisible();
  await expect(item.locator("time")).toHaveAttribute("title", /\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/);
  await page.getByRole("button", { name: `Marcar leída: Sentry: ${title}` }).click();
  await expect(page.getByRole("button", { name: `Marcar leída: Sentry: ${title}` })).toHaveCount(0);
  await page.goto("/admin/notifications?unread=1");
  await expect(page.getByTestId("notice-row").filter({ hasText: title })).toHaveCount(0);
  await other.goto("/admin/notifications?unread=1");
  await expect(other.getByTestId("notice-row").filter({ hasText: title })).toHaveCount(1);
  await context.close();
});

test("an incident is taken, silenced and resolved", async ({ page, own }) => {
  const title = `Caja rota ${own}`;
  await enter(page, `guardia-${own}`);
  await deliverError(title, "fatal");
  await inBell(page, title);
  await page.goto("/admin");
  await expect(page.getByTestId("attention")).toContainText("sin tomar");
  await page.goto("/admin/notifications?severity=critical");
  await expect(page.getByTestId("notices-pinned")).toContainText(title);
  await page.getByTestId("notices-pinned").getByRole("link", { name: `Sentry: ${title}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
  await expect(page.getByTestId("notice-details")).toContainText("POST /checkout");
  await expect(page.getByTestId("notice-outbound")).toHaveAttribute("href", /^https:\/\/sentry\.example\.com\//);
  await expect(page.getByTestId("notice-outbound")).toHaveAttribute("rel", /noopener/);

  await page.getByTestId("notice-acknowledge").click();
  await expect(page.getByTestId("flash")).toContainText("Tomaste el incidente");
  await expect(page.getByTestId("notice-history")).toContainText(`guardia-${own}`);

  await page.getByTestId("notice-silence").click();
  await page.getByTestId("silence-reason").fill("Lo estamos arreglando.");
  await page.getByTestId("silence-hours").selectOption("4");
  await page.getByTestId("silence-submit").click();
  await expect(page.getByText("Silenciado hasta")).toBeVisible();
  await page.goto("/admin/notifications/silencios");
  const silence = page.getByTestId("silence-row").filter({ hasText: "Lo estamos arreglando." }).filter({ hasText: "vigente" }).filter({ hasText: `guardia-${own}` });
  await silence.getByTestId("silence-end").click();
  await expect(page.getByTestId("flash")).toContainText("El silencio terminó");

  await page.goto(`/admin/notifications?state=acknowledged`);
  await page.getByRole("link", { name: `Sentry: ${title}` }).click();
  await page.getByTestId("notice-resolve").click();
  await expect(page.getByTestId("flash")).toContainText("quedó resuelto");
  await expect(page.getByTestId("notice-acknowledge")).toHaveCount(0);
  await expect(page.getByTestId("notice-delete")).toHaveCount(0);
});
