// The whole cycle with nothing but a keyboard: what is to be pressed is reached with Tab, in sight and marked.
import type { Locator } from "@playwright/test";
import { NEW_PASSWORD, stateOf } from "../support/people.ts";
import { expect, test, type Page } from "../support/test.ts";
import { newCampaign, newCreator } from "../support/ugc.ts";

// Two people, and every stop of the Tab key on the way.
test.slow();

/** More stops than any of these pages has. */
const STOPS = 150;

/** Goes on with Tab until this has the focus, and looks whether one sees that it has. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press("Tab");
    const isReached = await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement));
    if (!isReached) continue;
    await expect(target).toBeInViewport();
    const isMarked = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement!);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    });
    expect(isMarked, "whoever can't use a mouse sees where they are").toBe(true);
    return;
  }
  throw new Error(`Tab never reaches ${target}`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  await page.keyboard.press("Enter");
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

test("found, applied, confirmed, delivered and approved without a mouse", async ({ page, own, browser, baseURL }) => {
  const campaign = await newCampaign(own);
  const { email } = await newCreator(own);
  await page.goto("/login");
  await type(page, page.getByTestId("login-email"), email);
  await type(page, page.getByTestId("login-password"), NEW_PASSWORD);
  await press(page, page.getByTestId("login-submit"));
  await expect(page).not.toHaveURL(/\/login/);

  await page.goto("/ugc/campaigns");
  await type(page, page.getByRole("searchbox"), `Merienda ${own}`);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("campaign-link")).toHaveCount(1);
  await press(page, page.getByTestId("campaign-link"));
  await press(page, page.getByTestId("campaign-apply").first());
  await press(page, page.getByTestId("apply-send"));
  await expect(page.getByTestId("application-row")).toHaveCount(1);

  const staffContext = await browser.newContext({ baseURL: baseURL!, storageState: stateOf("equipo") });
  const staff = await staffContext.newPage();
  await staff.goto(`/admin/campaigns/${campaign}/applications`);
  await press(staff, staff.getByTestId("application-confirm"));
  await expect(staff.getByTestId("flash")).toBeVisible();

  await page.goto("/ugc/creator/dashboard");
  await press(page, page.getByTestId("delivery-open"));
  await type(page, page.getByTestId("instagram_url"), `https://www.instagram.com/reel/k${own}/`);
  await press(page, page.getByTestId("url-save"));
  await expect(page.getByTestId("flash")).toContainText("Registramos tu publicación.");

  await staff.goto(`/admin/ugc/deliverables/${campaign}`);
  await press(staff, staff.getByTestId("delivery-manage"));
  await press(staff, staff.getByTestId("delivery-aprobar-open"));
  await press(staff, staff.getByTestId("delivery-aprobar"));
  await expect(staff.getByTestId("flash")).toBeVisible();
  await expect(staff.getByTestId("delivery-aprobar-open")).toHaveCount(0);
  await staffContext.close();
});
