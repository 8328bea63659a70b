// Nothing is wider than a small phone: what is wide scrolls in a frame of its own.
import { pages } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

for (const { name, path, who, status } of pages) {
  test.describe(name, () => {
    test.use({ who });

    test("fits a screen of 320 pixels", async ({ page, watch }) => {
      if (status) watch.expectStatus(status);
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(path);
      const wide = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        const scrolls = (element: Element) => {
          for (let at: Element | null = element; at; at = at.parentElement) {
            if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
          }
          return false;
        };
        const outside = [...document.body.querySelectorAll("*")].filter(
          (element) => element.getBoundingClientRect().right > limit + 1 && !scrolls(element),
        );
        return { document: document.documentElement.scrollWidth, limit, outside: outside.slice(0, 5).map((it) => it.outerHTML.slice(0, 120)) };
      });
      expect(wide.document, `wider than the screen: ${wide.outside.join("\n")}`).toBeLessThanOrEqual(wide.limit);
    });
  });
}
