// A person's own page: data, and the places where a session is open.
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test, Watch } from "../support/test.ts";

test("a person sees her sessions and closes one of them", async ({ page, own, browser, baseURL, javaScriptEnabled }) => {
  const email = await newPerson(`sesiones-${own}`, "creator");
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await expect(page).not.toHaveURL(/\/login/);
  await page.goto("/mi-perfil");
  await expect(page.getByTestId("session")).toHaveCount(1);

  const elsewhere = await browser.newContext({ baseURL: baseURL!, javaScriptEnabled: javaScriptEnabled ?? true });
  const watch = new Watch(elsewhere, javaScriptEnabled ?? true);
  const other = await elsewhere.newPage();
  await other.goto("/login");
  await signIn(other, email, NEW_PASSWORD);
  await expect(other).not.toHaveURL(/\/login/);
  await other.goto("/mi-perfil");
  await expect(other.getByTestId("session")).toHaveCount(2);

  await page.reload();
  await expect(page.getByTestId("session")).toHaveCount(2);
  await page.getByTestId("close-session").click();
  await expect(page.getByTestId("flash")).toContainText("Cerramos esa sesión.");
  await expect(page.getByTestId("session")).toHaveCount(1);
  await other.reload();
  await expect(other).toHaveURL("/login?next=%2Fmi-perfil&session_expired=true");
  watch.verdict();
  await elsewhere.close();
});

test("closing all sessions closes this one too", async ({ page, own }) => {
  const email = await newPerson(`todas-${own}`, "user");
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await page.getByTestId("close-all-open").click();
  await expect(page.getByText("También se cierra esta")).toBeVisible();
  await page.getByTestId("close-all-submit").click();
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByText("Cerramos tu sesión.")).toBeVisible();
  await page.goto("/mi-perfil");
  await expect(page).toHaveURL("/login?next=%2Fmi-perfil");
});
