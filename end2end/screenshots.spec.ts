// Pictures of every page on a desktop and on a phone, for people to look at: `npm run shots`.
import { join } from "node:path";
import { pages } from "./support/pages.ts";
import { here } from "./support/settings.ts";
import { test } from "./support/test.ts";

const widths = { desktop: 1440, phone: 360 };

for (const { name, path, who, status } of pages) {
  test.describe(name, () => {
    test.use({ who });

    for (const [screen, width] of Object.entries(widths)) {
      test(screen, async ({ page, watch }) => {
        if (status) watch.expectStatus(status);
        await page.setViewportSize({ width, height: screen === "phone" ? 740 : 900 });
        await page.goto(path);
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(here, "test-results", "shots", `${name}-${screen}.png`), fullPage: true });
      });
    }
  });
}
