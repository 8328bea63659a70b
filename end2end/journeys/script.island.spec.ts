// What the small script modules add; every page works without them.
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("the password can be shown and hidden again", async ({ page }) => {
  await page.goto("/login");
  const password = page.getByTestId("login-password");
  await password.fill("una-Clave-2026");
  await page.getByRole("button", { name: "Mostrar" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Ocultar" }).click();
  await expect(password).toHaveAttribute("type", "password");
  await expect(password).toHaveValue("una-Clave-2026");
});

test("a question opens as a dialog that keeps the focus and closes with Escape", async ({ page, own }) => {
  const email = await newPerson(`dialogo-${own}`, "user");
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  const opener = page.getByTestId("close-all-open");
  await opener.click();
  const dialog = page.getByRole("dialog", { name: "¿Cerrar todas las sesiones?" });
  await expect(dialog).toBeVisible();
  const holdsFocus = () => dialog.evaluate((element) => element.contains(document.activeElement));
  expect(await holdsFocus()).toBe(true);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test("a session about to end says so, counts down, and can be kept", async ({ page, own }) => {
  const email = await newPerson(`reloj-${own}`, "user");
  await page.clock.install();
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await expect(page).toHaveURL(/\/mi-perfil$/);
  const dialog = page.getByRole("dialog", { name: "Tu sesión está por vencer" });
  await page.clock.fastForward("24:00");
  await expect(dialog).toBeHidden();
  await page.clock.fastForward("01:30");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("timer")).toHaveText(/^[0-4]:\d\d$/);
  await dialog.getByTestId("session-stay").click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/mi-perfil$/);
});

test.describe("in the back office", () => {
  test.use({ who: "admin" });

  test("Control and K open the palette, which finds a section and goes there", async ({ page }) => {
    await page.goto("/admin");
    await page.keyboard.press("Control+K");
    const palette = page.getByRole("dialog", { name: "Buscar o ir a una sección" });
    await expect(palette).toBeVisible();
    await expect(page.getByTestId("palette-input")).toBeFocused();
    await page.keyboard.type("auditoria");
    await expect(palette.getByRole("link")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/admin\/audit$/);
  });

  test("the palette says when nothing has that name and closes with Escape", async ({ page }) => {
    await page.goto("/admin");
    await page.keyboard.press("Control+K");
    await page.keyboard.type("zzz");
    await expect(page.getByText("No hay nada con ese nombre.")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Buscar o ir a una sección" })).toBeHidden();
  });

  test("a slash goes to the search of a list", async ({ page }) => {
    await page.goto("/admin/data");
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox").first()).toBeFocused();
  });
});
