// The proof page and what hangs from it: no accessibility finding, nothing wider than the screen.
import { AxeBuilder } from "@axe-core/playwright";
import { someBackup } from "../support/backups.ts";
import { expect, test } from "../support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

test.use({ who: "admin" });
test.setTimeout(300_000);

test("the pages of a backup can be read by everybody, on any screen", async ({ page }) => {
  const backup = await someBackup(page);
  for (const address of [backup, `${backup}?vivo=1`, `${backup}/descargar`, `${backup}/restaurar`]) {
    await page.goto(address);
    await expect(page.getByRole("main")).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    expect(violations.map(({ id, nodes }) => `${address} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${address} overflows`).toBeLessThanOrEqual(0);
  }
});
