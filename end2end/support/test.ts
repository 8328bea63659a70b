// The `test` every journey uses: its page fails the test on console errors, policy violations and failed requests.
import { createHash } from "node:crypto";
import { test as base, expect, type BrowserContext, type ConsoleMessage, type Page } from "@playwright/test";
import { stateOf, type Who } from "./people.ts";
import { running } from "./settings.ts";

export { expect };
export type { Page };

/** Watches everything a context's pages say. */
export class Watch {
  readonly #found: string[] = [];
  readonly #expected = new Set<number>();
  readonly #script: boolean;

  /** `script`: whether the context runs scripts. */
  constructor(context: BrowserContext, script: boolean) {
    this.#script = script;
    context.on("console", (message) => this.#console(message));
    context.on("weberror", (error) => this.#found.push(`uncaught: ${error.error().message}`));
    context.on("requestfailed", (request) => {
      // A download ends its navigation, and leaving a page ends what it was still loading: neither is a failure. Nor is
      // a module that a browser without script is told to load ahead: it refuses it as it would refuse to run it.
      const reason = request.failure()?.errorText ?? "";
      const unwanted = reason === "csp" && request.url().endsWith(".js") && !this.#script;
      if (reason !== "net::ERR_ABORTED" && !unwanted) this.#found.push(`request failed: ${request.url()} ${reason}`);
    });
    context.on("response", (response) => {
      const status = response.status();
      if (status >= 400 && !(response.request().isNavigationRequest() && this.#expected.has(status))) {
        this.#found.push(`answered ${status}: ${response.url()}`);
      }
    });
  }

  /** Says that a page of this test is meant to answer with this status. */
  expectStatus(status: number): void {
    this.#expected.add(status);
  }

  /** Fails if anything went wrong. */
  verdict(): void {
    expect(this.#found, "console errors, policy violations and failed requests").toEqual([]);
  }

  #console(message: ConsoleMessage): void {
    const text = message.text();
    // The status of a response is judged above, with its address.
    if (message.type() !== "error" || text.startsWith("Failed to load resource: the server responded")) return;
    // Looking into the sandboxed preview of a mail, the test itself tries to run script there; that the frame refuses is right.
    if (/^Blocked script execution in '[^']+\/admin\/emails\/[\w-]+\/html'/.test(text)) return;
    this.#found.push(`console: ${text} (${message.location().url})`);
  }
}

type Fixtures = {
  /** Who is signed in; nobody by default. */
  who: Who | null;
  /** A word of this test alone, stable over runs: for e-mails and addresses. */
  own: string;
  watch: Watch;
};

/** An address for each test, from a range that is nobody's. */
function clientAddress(own: string): string {
  const [a, b, c] = createHash("sha256").update(own).digest();
  return `10.${a}.${b}.${c}`;
}

export const test = base.extend<Fixtures>({
  who: [null, { option: true }],
  own: async ({}, use, info) => {
    const words = [info.project.name, ...info.titlePath].join(" ");
    await use(createHash("sha256").update(words).digest("hex").slice(0, 12));
  },
  baseURL: async ({}, use) => use(running().url),
  storageState: async ({ who }, use) => use(who ? stateOf(who) : { cookies: [], origins: [] }),
  extraHTTPHeaders: async ({ own }, use) => use({ "x-forwarded-for": clientAddress(own) }),
  watch: [
    async ({ context, javaScriptEnabled }, use) => {
      const watch = new Watch(context, javaScriptEnabled ?? true);
      await use(watch);
      watch.verdict();
    },
    { auto: true },
  ],
});
