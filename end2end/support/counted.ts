// The first visit to a collection starts its count; a page that shows figures is waited for by asking again.
import { expect, type Page } from "./test.ts";

/** Opens a page of the inspector and reloads it until nothing on it is still being counted. */
export async function openCounted(page: Page, path: string): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    expect(await page.getByRole("main").innerText()).not.toMatch(/contando|Contando/);
  }).toPass({ timeout: 60_000 });
}
