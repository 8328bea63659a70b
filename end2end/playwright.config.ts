// Every journey runs four times: on a desktop and on a phone, with script and without. Only `*.island.spec.ts` needs
// script; `*.once.spec.ts` looks at bytes, which are the same for everybody. The back office runs without script on a
// desktop alone: on a phone it is the same HTML, whose layout the run with script looks at.
import { existsSync } from "node:fs";
import { defineConfig, type Project } from "@playwright/test";

const systemChromium = "/usr/bin/chromium";

const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

const backOffice =
  /\/(audit|collections|dashboard|documents?|emails|exports|forbidden|jobs|notifications|security|staff)\.spec\.ts$/;

/** The same project without script. */
const htmlOnly = (project: Project): Project => ({
  ...project,
  name: `${project.name} html`,
  use: { ...project.use, javaScriptEnabled: false },
  testIgnore: [/\.(island|once)\.spec\.ts$/, ...(project.name === "phone" ? [backOffice] : [])],
});

const scripted: Project[] = Object.entries(screens).map(([name, use]) => ({
  name,
  use,
  testDir: "journeys",
  testIgnore: name === "phone" ? /\.once\.spec\.ts$/ : [],
}));

export default defineConfig({
  globalSetup: "./support/global_setup.ts",
  outputDir: "test-results/artifacts",
  reporter: process.env["CI"] ? [["list"], ["html", { open: "never", outputFolder: "playwright-report" }]] : "list",
  forbidOnly: Boolean(process.env["CI"]),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    locale: "es-PY",
    timezoneId: "America/Asuncion",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(existsSync(systemChromium) ? { executablePath: systemChromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // The pictures are for people to look at, not for a verdict: `npm run shots`.
  projects: process.env["CANJE_SHOTS"]
    ? [{ name: "shots", testMatch: "screenshots.spec.ts", timeout: 120_000 }]
    : [...scripted, ...scripted.map(htmlOnly)],
});
