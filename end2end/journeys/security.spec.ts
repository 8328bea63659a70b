// The proof that an error reaches people: from the page to the service, back as a signed delivery, and into a notice.
import { expect, test } from "../support/test.ts";

test.use({ who: "admin" });

test("a test event goes out, comes back and is a notice", async ({ page }) => {
  await page.goto("/admin/seguridad");
  await page.getByTestId("trial-send").click();
  const notice = page.getByRole("link", { name: "Ver el aviso" });
  await expect(async () => {
    // With script the page follows by itself; without, loading it again does.
    if (!(await notice.isVisible())) await page.reload();
    await expect(notice).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await notice.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Sentry: Evento de prueba");
});

test("a WhatsApp test keeps a wrong number and says what to do", async ({ page }) => {
  await page.goto("/admin/settings");
  await page.getByTestId("settings-test-phone").fill("0981 12");
  await page.getByTestId("settings-test-whatsapp").click();
  await expect(page.getByTestId("settings-test-phone")).toHaveValue("0981 12");
  await expect(page.getByText("Escribí un celular de Paraguay")).toBeVisible();
  await page.getByTestId("settings-test-phone").fill("0981 123 456");
  await page.getByTestId("settings-test-whatsapp").click();
  await expect(page.getByTestId("flash")).toContainText("está por salir");
  await page.goto("/admin/emails/whatsapp");
  await expect(page.getByRole("main")).toContainText("+595981123456");
});

test("settings keep what was typed when they are refused", async ({ page }) => {
  await page.goto("/admin/settings");
  await page.getByTestId("settings-system").fill("no-es-una-direccion");
  await page.getByTestId("settings-save").click();
  await expect(page.getByTestId("settings-system")).toHaveValue("no-es-una-direccion");
  await expect(page.getByTestId("settings-system")).toHaveAttribute("aria-invalid", "true");
});
