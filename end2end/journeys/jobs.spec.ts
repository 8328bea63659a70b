// Background work: what died is found, tried again and done, with and without script; what one may not do isn't offered.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { environment, running } from "../support/settings.ts";
import { expect, test } from "../support/test.ts";

/** Puts a job into the queue that dies the first time and is done the second. */
async function stumble(name: string): Promise<void> {
  const variables = { ...process.env, CANJE_DATA_DIR: running().dataDir };
  await promisify(execFile)(environment.binary, ["stumble", name], { env: variables });
}

test.use({ who: "admin" });

test("a job that died is tried again and done", async ({ page, own }) => {
  const name = `piedra-${own}`;
  await stumble(name);
  const dead = page.getByTestId("job-dead").filter({ hasText: `${name} stumbled` });
  await expect(async () => {
    await page.goto("/admin/jobs");
    await expect(dead).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await dead.getByRole("link").first().click();
  await expect(page.getByTestId("job-error")).toContainText(`${name} stumbled`);
  await page.getByTestId("job-retry").click();
  await expect(page.getByTestId("flash")).toContainText("volvió a la cola");
  await expect(async () => {
    // With script the page follows the run by itself; without, its link does.
    const refresh = page.getByTestId("job-refresh");
    if (await refresh.isVisible()) await refresh.click();
    await expect(page.getByRole("main")).toContainText("Terminada", { timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole("main")).toContainText(`${name} went on`);
});

test("a schedule runs when somebody asks for it", async ({ page }) => {
  await page.goto("/admin/jobs");
  const schedule = page.getByTestId("job-schedule").first();
  await expect(schedule).toContainText("Cada");
  await schedule.getByTestId("job-run-now").click();
  await expect(page).toHaveURL(/\/admin\/jobs\/runs\//);
  await expect(async () => {
    const refresh = page.getByTestId("job-refresh");
    if (await refresh.isVisible()) await refresh.click();
    await expect(page.getByRole("main")).toContainText("Terminada", { timeout: 1_000 });
  }).toPass();
});
