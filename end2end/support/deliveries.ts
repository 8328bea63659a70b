// Deliveries as Sentry sends them, signed with the secret that the server of a run is given.
import { createHmac } from "node:crypto";
import { running } from "./settings.ts";

/** What the server of a run takes as the client secret of the Sentry integration. */
export const SENTRY_SECRET = "only-for-the-journeys-only-for-the-journeys";

/** Delivers an alert about an error; resolves once it is stored. */
export async function deliverError(title: string, level: "fatal" | "error" | "warning" = "error"): Promise<void> {
  const issue = String(Math.floor(Math.random() * 1e9));
  const body = JSON.stringify({
    action: "triggered",
    data: {
      event: {
        event_id: `e${issue}`,
        issue_id: issue,
        title,
        culprit: "POST /checkout",
        level,
        project: "tienda",
        web_url: `https://sentry.example.com/issues/${issue}/`,
      },
      triggered_rule: "Pagos: error nuevo",
    },
  });
  const answer = await fetch(`${running().url}/api/notifications/webhooks/sentry`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "request-id": issue,
      "sentry-hook-resource": "event_alert",
      "sentry-hook-timestamp": String(Math.floor(Date.now() / 1000)),
      "sentry-hook-signature": createHmac("sha256", SENTRY_SECRET).update(body).digest("hex"),
    },
  });
  if (answer.status !== 200) throw new Error(`the delivery was answered with ${answer.status}: ${await answer.text()}`);
}
