// The whole cycle with two people: published, applied, confirmed, deadlines moved, delivered.
import { withDatabase } from "../support/session.ts";
import { stateOf } from "../support/people.ts";
import { expect, test, type Page } from "../support/test.ts";
import { enter, newCampaign, newCreator } from "../support/ugc.ts";

// Two people and a mail that waits.
test.slow();

/** What is told ten minutes later is told now. */
async function letTheUndoPass(): Promise<void> {
  await withDatabase("canje", async (live) => {
    const waiting = { job: "campaigns.deadline_mails", state: { $in: ["ready", "later"] } };
    await live.collection("jobs").updateMany(waiting, { $set: { due_at: new Date(), state: "ready" } });
  });
}

/** Reloads until the bell has a notice with these words. */
async function inBell(page: Page, words: string): Promise<void> {
  await expect(async () => {
    await page.goto("/notificaciones");
    await expect(page.getByRole("main")).toContainText(words, { timeout: 1_000 });
  }).toPass();
}

test("from a published campaign to a registered post, with deadlines that move on the way", async ({ page, own, browser, baseURL, javaScriptEnabled, isMobile, viewport }) => {
  const campaign = await newCampaign(own);
  const { email } = await newCreator(own);
  await enter(page, email);
  const staffContext = await browser.newContext({ baseURL: baseURL!, storageState: stateOf("equipo"), javaScriptEnabled, isMobile, viewport });
  const staff = await staffContext.newPage();

  // The creator finds it and applies.
  await page.goto(`/ugc/campaigns?q=${encodeURIComponent(`Merienda ${own}`)}`);
  await page.getByTestId("campaign-link").click();
  await page.getByTestId("campaign-apply").first().click();
  await page.getByTestId("apply-send").click();
  await expect(page).toHaveURL(/\/ugc\/creator\/applications$/);
  await expect(page.getByTestId("application-row")).toContainText("Te respondemos antes del");

  // The team confirms: one place less, one delivery, two deadlines.
  await staff.goto(`/admin/campaigns/${campaign}/applications`);
  await expect(staff.getByTestId("application-row")).toContainText("Ana Benítez");
  await staff.getByTestId("application-confirm").click();
  await expect(staff.getByTestId("flash")).toBeVisible();
  await expect(staff.getByTestId("figure-free")).toContainText("4");
  await page.goto("/ugc/creator/dashboard");
  await page.getByTestId("delivery-open").click();
  const delivery = page.url();
  await expect(page.getByTestId("chip-url")).toContainText("7 días");

  // The team moves the deadlines: in the page, in the bell and, once it can't be undone, by mail.
  await staff.goto(`/admin/campaigns/${campaign}/editar`);
  await staff.getByTestId("campaign-url_days").fill("10");
  await staff.getByTestId("campaign-metrics_days").fill("20");
  await staff.getByTestId("campaign-save").click();
  await expect(staff.getByTestId("impact")).toContainText("Se actualizarán los plazos de 1 creador");
  await staff.getByTestId("impact-confirm").click();
  await expect(staff.getByTestId("flash")).toContainText("los plazos nuevos de 1 creador");
  await page.goto(delivery);
  await expect(page.getByTestId("chip-url")).toContainText("10 días");
  await inBell(page, `Merienda ${own}`);
  await letTheUndoPass();
  await expect(async () => {
    const mails = await withDatabase("canje", (live) => live.collection("email_logs").countDocuments({ to_email: email, template: "ugc_e18" }));
    expect(mails, "one mail with the new deadlines").toBe(1);
  }).toPass();

  // The creator publishes, the team sees it.
  await page.goto(delivery);
  await page.getByTestId("instagram_url").fill(`https://www.instagram.com/reel/c${own}/`);
  await page.getByTestId("url-save").click();
  await expect(page.getByTestId("flash")).toContainText("Registramos tu publicación.");
  await staff.goto(`/admin/ugc/deliverables/${campaign}`);
  await expect(staff.getByRole("main")).toContainText("Ana Benítez");
  await expect(staff.getByRole("main")).toContainText("Publicado");

  // One round of corrections, and then it is approved.
  await staff.getByTestId("delivery-manage").click();
  await staff.getByTestId("delivery-cambios-open").click();
  await staff.getByTestId("delivery-cambios-note").fill("Mencioná la marca en el texto.");
  await staff.getByTestId("delivery-cambios").click();
  await expect(staff.getByTestId("flash")).toBeVisible();
  await expect(staff.getByRole("main")).toContainText("Cambios solicitados");
  await page.goto(delivery);
  await expect(page.getByRole("main")).toContainText("Mencioná la marca en el texto.");
  await page.getByTestId("instagram_url").fill(`https://www.instagram.com/reel/d${own}/`);
  await page.getByTestId("url-save").click();
  await expect(page.getByTestId("flash")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Reenviado");
  await staff.reload();
  await staff.getByTestId("delivery-aprobar-open").click();
  await staff.getByTestId("delivery-aprobar").click();
  await expect(staff.getByTestId("flash")).toBeVisible();
  await page.goto(delivery);
  await expect(page.getByRole("main")).toContainText(/Aprobado|Métricas pendientes/);
  await staffContext.close();
});
