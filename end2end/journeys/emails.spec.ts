// Mail: a message to oneself, from the button to the inbox of the service, and how the back office shows it.
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("a test mail goes to whoever asks, is delivered, previewed and sent again", async ({ page, own }) => {
  const email = await newPerson(`correo-${own}`, "admin");
  await page.goto("/login");
  await signIn(page, email, NEW_PASSWORD);
  await page.goto("/admin/emails");
  await page.getByTestId("mail-test").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Mensaje de prueba de Canje");
  await expect(page.getByTestId("mail-detail")).toContainText(email);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(/Enviado|Entregado/, { timeout: 1_000 });
  }).toPass();
  const preview = page.frameLocator('[data-testid="mail-preview"]');
  await expect(preview.getByText("el correo de Canje funciona")).toBeVisible();
  await page.getByTestId("mail-show-text").click();
  await expect(page.getByTestId("mail-text")).toContainText("este es un mensaje de prueba");

  await page.getByTestId("mail-repeat").click();
  await page.getByTestId("mail-repeat-confirm").click();
  await expect(page.getByTestId("flash")).toContainText("envío nuevo");
  await expect(page.getByTestId("mail-original")).toBeVisible();

  await page.goto(`/admin/emails?to=${encodeURIComponent(email)}`);
  await expect(page.getByTestId("mail-row")).toHaveCount(2);
});
