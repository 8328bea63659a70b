// Every page, at both sizes: no accessibility finding, nothing wider than a small phone. (axe itself is a script.)
import { AxeBuilder } from "@axe-core/playwright";
import { pages } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const { name, path, who, status } of pages) {
  test.describe(name, () => {
    test.use({ who });

    test("has no accessibility finding", async ({ page, watch }) => {
      if (status) watch.expectStatus(status);
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary ?? help}`));
      expect(found).toEqual([]);
    });

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
