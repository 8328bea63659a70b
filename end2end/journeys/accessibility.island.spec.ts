// Every page, at both sizes: no accessibility finding. (axe itself is a script.)
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
  });
}
