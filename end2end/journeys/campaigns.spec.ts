// A campaign from its first word to a change of deadlines that is taken back, with and without script.
import { withDatabase } from "../support/session.ts";
import { expect, test, type Page } from "../support/test.ts";

test.use({ who: "admin" });

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A brand of this test alone. */
async function brand(own: string): Promise<string> {
  const id = `brand-${own}`;
  await withDatabase("canje", async (database) => {
    const set = { id, company_name: `Empresa ${own}`, is_active: true, created_at: new Date() };
    await database.collection("ugc_brands").updateOne({ id }, { $set: set }, { upsert: true });
  });
  return id;
}

/** Opens the form and fills everything it needs. */
async function fill(page: Page, own: string): Promise<void> {
  const company = await brand(own);
  await page.goto("/admin/campaigns/nueva");
  await page.getByTestId("campaign-brand_id").selectOption(company);
  await page.getByTestId("campaign-brand_name").fill("Ñandutí");
  await page.getByTestId("campaign-name").fill(`Verano ${own}`);
  await page.getByTestId("campaign-category").selectOption("food");
  await page.getByTestId("campaign-description").fill("📌 Qué buscamos\n• Un video **corto**");
  await page.getByTestId("campaign-monthly_deliverables").fill("4");
  await page.getByTestId("campaign-duration_months").fill("3");
  await page.getByTestId("campaign-canje_description").fill("Una canasta de frutas");
  await page.getByTestId("campaign-canje_value").fill("200.000");
  await page.getByTestId("campaign-applications_deadline").fill(day(20));
  await page.getByTestId("campaign-publish_start").fill(day(1));
  await page.getByTestId("campaign-publish_end").fill(day(40));
}

/** Somebody is confirmed, as confirming leaves them. */
async function confirmed(campaign: string, own: string): Promise<void> {
  const [now, url, metrics] = [0, 7, 14].map((days) => new Date(Date.now() + days * 86_400_000));
  const [id, name] = [`ap-${own}`, `Berta ${own}`];
  await withDatabase("canje", async (database) => {
    const deadlines = { confirmed_at: now, url_deadline: url, metrics_deadline: metrics };
    const of = { campaign_id: campaign, creator_id: id };
    await database.collection("ugc_creators").insertOne({ id, user_id: id, email: "berta@example.com", name, level: "rookie", is_active: true, created_at: now });
    await database.collection("ugc_applications").insertOne({ id, ...of, status: "confirmed", applied_at: now, ...deadlines });
    await database.collection("ugc_deliverables").insertOne({
      id, application_id: id, ...of, brand_id: `brand-${own}`, platform: "instagram", status: "awaiting_publish", ...deadlines,
      owes_url_by: url, owes_metrics_by: metrics, metrics_window_closes: metrics, created_at: now,
    });
    const tally = { slots_filled: 1, "tally.confirmed": 1, "tally.next_url_due": url, "tally.next_metrics_due": metrics };
    await database.collection("ugc_campaigns").updateOne({ id: campaign }, { $set: tally });
  });
}

const idOf = (page: Page) => new URL(page.url()).pathname.split("/")[3] ?? "";

test("a campaign is published, its deadlines move and move back", async ({ page, own }) => {
  await fill(page, own);
  await page.getByTestId("campaign-draft").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`Verano ${own}`);
  await expect(page.getByRole("main")).toContainText("Borrador");
  await page.getByTestId("campaign-publish").click();
  await expect(page.getByRole("main")).toContainText("Activa");
  await expect(page.getByTestId("figure-slots")).toContainText("0 de 4");

  await confirmed(idOf(page), own);
  await page.getByTestId("to-edit").click();
  await page.getByTestId("campaign-url_days").fill("10");
  await page.getByTestId("campaign-metrics_days").fill("20");
  await page.getByTestId("campaign-save").click();
  await expect(page.getByTestId("impact")).toContainText("Se actualizarán los plazos de 1 creador");
  await expect(page.getByTestId("impact-row")).toContainText(`Berta ${own}`);
  await page.getByTestId("impact-confirm").click();
  await expect(page.getByTestId("flash")).toContainText("los plazos nuevos de 1 creador");
  await expect(page.getByRole("main")).toContainText("10 días desde la confirmación");
  await page.getByTestId("undo-deadlines").click();
  await expect(page.getByTestId("flash")).toContainText("Volvieron los plazos anteriores de 1 creador");
  await expect(page.getByRole("main")).toContainText("7 días desde la confirmación");
  await expect(page.getByTestId("undo")).toHaveCount(0);
});

test("who would be late at once has to be agreed to", async ({ page, own }) => {
  await fill(page, own);
  await page.getByTestId("campaign-publish").click();
  await confirmed(idOf(page), own);
  await page.getByTestId("to-edit").click();
  await page.getByTestId("campaign-url_mode").selectOption("fixed");
  await page.getByTestId("campaign-url_date").fill(day(-3));
  await page.getByTestId("campaign-save").click();
  await expect(page.getByTestId("impact-past")).toContainText(`Berta ${own}`);
  await page.getByTestId("impact-back").click();
  await expect(page.getByTestId("campaign-url_date")).toHaveValue(day(-3));
  await page.getByTestId("campaign-save").click();
  await page.getByTestId("impact-agree").check();
  await page.getByTestId("impact-confirm").click();
  await expect(page.getByTestId("flash")).toContainText("los plazos nuevos de 1 creador");
});

test("slots, state and visibility are forms of their own", async ({ page, own }) => {
  await fill(page, own);
  await page.getByTestId("campaign-publish").click();
  await page.getByTestId("to-slots").click();
  await page.getByTestId("slots-qty-agregar").fill("6");
  await page.getByTestId("slots-note-agregar").fill("Pedido de la marca");
  await page.getByTestId("slots-agregar").click();
  await expect(page.getByTestId("flash")).toContainText("10 cupos");
  await page.getByTestId("toggle-visible").click();
  await expect(page.getByRole("main")).toContainText("Oculta de creadores");
  await page.getByTestId("to-state").click();
  await page.getByTestId("state-cancelled").click();
  // The browser itself asks for the reason.
  await expect(page.getByTestId("state-reason")).toBeFocused();
  await page.getByTestId("state-reason").fill("La marca se retiró");
  await page.getByTestId("state-cancelled").click();
  await expect(page.getByTestId("flash")).toContainText("Cancelada");
  await expect(page.getByTestId("to-edit")).toHaveCount(0);
  await expect(page.getByTestId("history")).toContainText("La marca se retiró");
});
