// What each role is kept from, with the true status.
import type { Who } from "../support/people.ts";
import { post, raw } from "../support/http.ts";
import { expect, test } from "../support/test.ts";

const staffPages = ["/admin", "/admin/data", "/admin/data/legacy/users", "/admin/audit"];

/** Who may not see which page of the back office. */
const refused: [Who, string[]][] = [
  ["creadora", staffPages],
  ["marca", staffPages],
  ["equipo", ["/admin/data", "/admin/data/legacy/users", "/admin/audit"]],
  ["diseno", ["/admin/data", "/admin/data/legacy/users", "/admin/audit"]],
];

for (const [who, paths] of refused) {
  test.describe(who, () => {
    test.use({ who });

    for (const path of paths) {
      test(`is kept from ${path}`, async ({ page, watch }) => {
        watch.expectStatus(403);
        watch.expectStatus(404);
        const answer = await page.goto(path);
        expect([403, 404]).toContain(answer?.status());
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Acceso restringido|No encontramos esta página/);
        await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
        expect(await page.content()).not.toContain("ugc_applications");
      });
    }
  });
}

test("a visitor's posts are refused and change nothing", async () => {
  for (const path of ["/mi-perfil/sesiones/cerrar-todas", "/admin/audit/export"]) {
    const answer = await post(path, {});
    expect(answer.status, path).toBe(401);
    expect(answer.body.toString()).not.toContain("Fecha y hora (Asunción)");
  }
});

test("a creator can't take the audit log home by its address", async () => {
  const answer = await post("/admin/audit/export", {}, "creadora");
  expect([403, 404]).toContain(answer.status);
  expect(answer.headers["content-disposition"]).toBeUndefined();
});

test("another site's form is refused", async () => {
  const answer = await raw("/login", null, { origin: "https://evil.example" });
  expect(answer.status, "reading is harmless").toBe(200);
  const posted = await post("/login", { email: "admin@example.com", password: "x" }, null, { origin: "https://evil.example" });
  expect(posted.status).toBe(403);
});
