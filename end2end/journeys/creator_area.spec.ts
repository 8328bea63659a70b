// What a creator does after being confirmed: sees the deadlines, registers the post, steps back.
import { expect, test } from "../support/test.ts";
import { confirmed, enter, newCampaign, newCreator } from "../support/ugc.ts";
import type { Page } from "../support/test.ts";

// People are made by a command of their own first.
test.slow();

/** Applies to a campaign by its page. */
async function apply(page: Page, campaign: string): Promise<void> {
  await page.goto(`/ugc/campaigns/${campaign}/postularme`);
  await page.getByTestId("apply-send").click();
  await expect(page).toHaveURL(/\/ugc\/creator\/applications$/);
}

test("a confirmed creator sees both deadlines and registers the post, wrong addresses first", async ({ page, own, javaScriptEnabled }) => {
  const campaign = await newCampaign(own);
  const { email, id } = await newCreator(own);
  await enter(page, email);
  await apply(page, campaign);
  await confirmed(id, campaign);
  await page.goto("/ugc/creator/dashboard");
  await expect(page.getByTestId("next-deadline")).toContainText(`Publicá y registrá tu enlace de «Merienda ${own}»`);
  await page.getByTestId("delivery-open").click();
  await expect(page.getByTestId("chip-url")).toContainText("7 días");
  await expect(page.getByTestId("delivery-canje")).toContainText("Palma 123");

  const field = page.getByTestId("instagram_url");
  await field.fill("https://www.tiktok.com/@ana.benitez/video/7312345678901234567");
  if (javaScriptEnabled ?? true) {
    await field.blur();
    await expect(page.getByText("Es de TikTok: va en el campo de TikTok.").first()).toBeVisible();
  }
  await page.getByTestId("url-save").click();
  await expect(page.locator(".field-error")).toContainText("Este enlace no es de Instagram");
  await expect(field).toHaveValue(/tiktok\.com/);
  await field.fill(`https://www.instagram.com/reel/${own}/?igsh=track`);
  await page.getByTestId("url-save").click();
  await expect(page.getByTestId("flash")).toContainText("Registramos tu publicación.");
  await expect(page.getByRole("link", { name: `https://www.instagram.com/reel/${own}/` })).toBeVisible();
  await expect(page.getByTestId("waiting")).toContainText("Revisamos tu publicación antes del");
  await page.getByTestId("tiktok_url").fill(`https://www.tiktok.com/@ana.benitez/video/${Date.now()}${Math.floor(Math.random() * 1e5)}`);
  await page.getByTestId("url-save").click();
  await expect(page.getByTestId("flash")).toContainText("Agregamos el otro enlace.");
  await page.goto("/ugc/creator/my-work?tab=deliveries");
  await expect(page.getByTestId("delivery-row")).toContainText("Publicado");
});

test("an application is withdrawn after a question, and can be made again", async ({ page, own }) => {
  const campaign = await newCampaign(own);
  const { email } = await newCreator(own);
  await enter(page, email);
  await apply(page, campaign);
  await page.getByTestId("application-withdraw").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`¿Retirás tu postulación a «Merienda ${own}»?`);
  await page.getByTestId("step-back-confirm").click();
  await expect(page.getByTestId("application-row")).toContainText("Retirado");
  await page.goto("/ugc/creator/my-work?tab=history");
  await expect(page.getByTestId("application-row")).toHaveCount(1);
  await apply(page, campaign);
  await expect(page.getByTestId("application-row")).toContainText("Pendiente");
});

test("taking part is cancelled after a question", async ({ page, own }) => {
  const campaign = await newCampaign(own);
  const { email, id } = await newCreator(own);
  await enter(page, email);
  await apply(page, campaign);
  const delivery = await confirmed(id, campaign);
  await page.goto("/ugc/creator/applications");
  await page.getByTestId("application-cancel").click();
  await page.getByTestId("step-back-confirm").click();
  await expect(page.getByTestId("application-row")).toContainText("Cancelado");
  await page.goto(`/ugc/creator/deliverable/${delivery}`);
  await expect(page.getByTestId("delivery-told")).toContainText("Esta participación se canceló");
  await expect(page.getByText("Palma 123")).toHaveCount(0);
});
