// Getting in, being kept out, getting out.
import { NEW_PASSWORD, newPerson, PASSWORD, people } from "../support/people.ts";
import { letSessionIdle, signIn, signOut } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

const WRONG = "El e-mail o la contraseña no coinciden. Revisalos y probá de nuevo.";

test("staff sign in, land in the back office and sign out", async ({ page }) => {
  await page.goto("/login");
  await signIn(page, people.admin.email, PASSWORD);
  await expect(page).toHaveURL(/\/admin$/);
  await signOut(page);
  await expect(page.getByText("Cerraste tu sesión.")).toBeVisible();
  await page.goto("/admin");
  await expect(page).toHaveURL("/login?next=%2Fadmin");
});

test("a creator signs in and lands on her own page", async ({ page }) => {
  await page.goto("/login");
  await signIn(page, "  Creadora@Example.com ", PASSWORD);
  await expect(page).toHaveURL(/\/ugc\/creator\//);
  await page.goto("/mi-perfil");
  await expect(page.getByTestId("my-profile-page")).toContainText(people.creadora.email);
});

test("signing in leads to the page that was asked for, and only to one of ours", async ({ page }) => {
  await page.goto("/login?next=%2Fadmin%2Faudit%3Faction%3Dlogout");
  await signIn(page, people.admin.email, PASSWORD);
  await expect(page).toHaveURL("/admin/audit?action=logout");
  await page.goto("/login?next=%2F%2Fevil.example");
  await expect(page).toHaveURL(/\/admin$/);
});

test("a wrong password is refused in neutral words and keeps what was typed", async ({ page, own }) => {
  for (const email of [await newPerson(`clave-${own}`, "user"), `nadie-${own}@example.com`]) {
    await page.goto("/login?next=%2Fmi-perfil");
    await signIn(page, email, "otra-Clave-2026");
    await expect(page.getByTestId("login-problem")).toHaveText(WRONG);
    await expect(page).toHaveURL("/login?next=%2Fmi-perfil");
    await expect(page.getByTestId("login-email")).toHaveValue(email);
    await expect(page.getByTestId("login-password")).toHaveValue("");
    // The refusal is said once.
    await page.reload();
    await expect(page.getByTestId("login-problem")).toHaveCount(0);
  }
});

test("five wrong passwords lock the account, even for the right one", async ({ page, own }) => {
  const email = await newPerson(`bloqueo-${own}`, "user");
  await page.goto("/login");
  for (let tries = 0; tries < 5; tries++) {
    await signIn(page, email, "otra-Clave-2026");
    await expect(page.getByTestId("login-problem")).toBeVisible();
  }
  await signIn(page, email, NEW_PASSWORD);
  await expect(page.getByTestId("login-problem")).toContainText("Esperá 5 minutos");
  await expect(page).toHaveURL(/\/login$/);
  await page.goto("/mi-perfil");
  await expect(page).toHaveURL("/login?next=%2Fmi-perfil");
});

test("an account that nobody has locks in the same words", async ({ page, own }) => {
  await page.goto("/login");
  for (let tries = 0; tries < 6; tries++) {
    await signIn(page, `fantasma-${own}@example.com`, "otra-Clave-2026");
    await expect(page.getByTestId("login-problem")).toBeVisible();
  }
  await expect(page.getByTestId("login-problem")).toContainText("Esperá 5 minutos");
});

test("an account with a second step is refused after the right password", async ({ page }) => {
  await page.goto("/login");
  await signIn(page, people.gestion.email, PASSWORD);
  await expect(page.getByTestId("login-problem")).toHaveText(
    "Este acceso pide un segundo paso que todavía no está disponible",
  );
  await page.goto("/admin");
  await expect(page).toHaveURL("/login?next=%2Fadmin");
});

test("a session nobody used for half an hour ends, says why and leads back", async ({ page, own }) => {
  const email = await newPerson(`pausa-${own}`, "user");
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await expect(page).toHaveURL(/\/mi-perfil$/);
  await letSessionIdle(page);
  await page.reload();
  await expect(page).toHaveURL("/login?next=%2Fmi-perfil&session_expired=true");
  await expect(page.getByText("Tu sesión se cerró por seguridad.")).toBeVisible();
  await signIn(page, email, NEW_PASSWORD);
  await expect(page).toHaveURL(/\/mi-perfil$/);
});

test("the demonstration's accounts can be entered with one click", async ({ page }) => {
  await page.goto("/login");
  await page.getByTestId("demo-login-staff").click();
  await expect(page).toHaveURL(/\/admin$/);
});
