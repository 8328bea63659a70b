// From the catalogue to an application, with every way that is closed and its way out.
import { expect, test } from "../support/test.ts";
import { enter, newCampaign, newCreator } from "../support/ugc.ts";

// People are made by a command of their own first.
test.slow();

test("a guest finds a campaign, reads it and is led to signing up and back", async ({ page, own }) => {
  const id = await newCampaign(own);
  await page.goto("/ugc");
  await page.getByTestId("hero-cta").click();
  await page.getByTestId("catalogue-search").fill(`merienda ${own}`);
  await page.getByTestId("catalogue-search").press("Enter");
  await expect(page.getByTestId("catalogue-count")).toHaveText("1 campaña abierta");
  await page.getByTestId("campaign-link").click();
  await expect(page).toHaveURL(`/ugc/campaigns/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Merienda ${own}`);
  await expect(page.getByText("7 días desde tu confirmación", { exact: true })).toBeVisible();
  await expect(page.getByText("Palma 123")).toHaveCount(0);
  await page.getByTestId("campaign-apply").click();
  await expect(page).toHaveURL(`/registro?next=%2Fugc%2Fcampaigns%2F${id}%2Fpostularme`);
});

test("filters narrow the list, stand in the address and are taken away one by one", async ({ page, own }) => {
  await newCampaign(own, { city: `Ciudad ${own}` });
  await page.goto(`/ugc/campaigns?city=Ciudad+${own}`);
  await expect(page.getByTestId("campaign-card")).toHaveCount(1);
  await page.getByTestId("catalogue-category").selectOption("food");
  await page.getByTestId("catalogue-submit").click();
  await expect(page).toHaveURL(/category=food/);
  await expect(page.getByTestId("campaign-card")).toHaveCount(1);
  await page.goto(`/ugc/campaigns?city=Ciudad+${own}&category=music`);
  await expect(page.getByTestId("catalogue-none")).toBeVisible();
  await page.getByTestId("filter-chip").filter({ hasText: "Música" }).click();
  await expect(page.getByTestId("campaign-card")).toHaveCount(1);
});

test("a creator applies in three taps and sees until when they are answered", async ({ page, own }) => {
  const id = await newCampaign(own);
  const { email } = await newCreator(own);
  await enter(page, email);
  await page.goto(`/ugc/campaigns?q=${own}`);
  await page.getByTestId("campaign-apply").click();
  await expect(page).toHaveURL(`/ugc/campaigns/${id}/postularme`);
  await expect(page.getByText("@ana.benitez · 5.000 seguidores")).toBeVisible();
  await page.getByTestId("apply-message").fill("Me encanta la merienda.");
  await page.getByTestId("apply-send").click();
  await expect(page).toHaveURL(/\/ugc\/creator\/applications$/);
  const row = page.getByTestId("application-row").filter({ hasText: `Merienda ${own}` });
  await expect(row).toContainText("Te respondemos antes del");
  await page.goto(`/ugc/campaigns/${id}`);
  await expect(page.getByTestId("campaign-action")).toContainText("Ya te postulaste");
});

test("every closed way says why and where to go instead", async ({ page, own }) => {
  const full = await newCampaign(own, { total_slots_loaded: 0 });
  const large = await newCampaign(own, { requirements: { min_followers: 10_000 } });
  const over = await newCampaign(own, { timeline: { applications_deadline: "2026-01-10", publish_start: "2026-01-11", publish_end: "2026-01-20" } });
  const { email } = await newCreator(own);
  await enter(page, email);
  for (const [id, words, way] of [
    [full, "Los cupos de esta campaña ya están completos", "Ver otras campañas"],
    [large, "Pide al menos 10.000 seguidores; tu máximo es 5.000", "Editar mi perfil"],
    [over, "El plazo para postularse terminó el", "Ver otras campañas"],
  ] as const) {
    await page.goto(`/ugc/campaigns/${id}/postularme`);
    await expect(page.getByTestId("apply-refused")).toContainText(words);
    await expect(page.getByTestId("apply-way-out")).toHaveText(way);
  }
});
