// From a visitor to a creator: an account, five steps with an interruption, a picture whose upload fails at first, the profile.
import { deflateSync, crc32 } from "node:zlib";
import { NEW_PASSWORD, newPerson } from "../support/people.ts";
import { signIn } from "../support/session.ts";
import { expect, test, type Page } from "../support/test.ts";

// One after another: the twin's faults meet whichever upload comes next.
test.describe.configure({ mode: "default" });

/** A square PNG of one colour. */
function png(shade: number): Buffer {
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const side = 64;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, shade)]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([mark, chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

const onwards = (page: Page) => page.getByTestId("step-continue").click();

async function personal(page: Page): Promise<void> {
  await page.getByTestId("creator-name").fill("Lucía Ferreira");
  await page.getByTestId("creator-birth-date").fill("1998-04-17");
  await page.getByTestId("creator-gender").selectOption("female");
  await page.getByTestId("creator-document").fill("4.812.377");
  await onwards(page);
}

async function contact(page: Page): Promise<void> {
  await page.getByTestId("creator-city").selectOption("Luque");
  await page.getByTestId("phone-input").fill("0981 555 123");
  await onwards(page);
}

async function professional(page: Page): Promise<void> {
  await page.getByTestId("categories-food").check();
  await page.getByTestId("creator-bio").fill("Recetas de todos los días.");
  await onwards(page);
}

test("a visitor makes an account and goes on where she was going", async ({ page, own }) => {
  await page.goto("/login?next=%2Fugc%2Fcreator%2Fonboarding");
  await page.getByTestId("login-register").click();
  await page.getByTestId("register-name").fill("Lucía Ferreira");
  await page.getByTestId("register-email").fill(`lucia-${own}@example.com`);
  await page.getByTestId("register-password").fill("Lapacho-Rosado-77");
  await page.getByTestId("register-phone").fill("0981 555 123");
  await page.getByTestId("register-accept-terms-checkbox").check();
  await page.getByTestId("register-submit").click();
  await expect(page).toHaveURL(/\/ugc\/creator\/onboarding$/);
  await expect(page.getByText("Tu cuenta está lista.")).toBeVisible();
  await expect(page.getByTestId("verify-banner")).toContainText(`lucia-${own}@example.com`);
  await page.getByTestId("onboarding-start").click();
  await expect(page.getByTestId("creator-name")).toHaveValue("Lucía Ferreira");
});

test("an onboarding is interrupted, goes on elsewhere, and its picture gets there at the second try", async ({
  page,
  browser,
  own,
  baseURL,
  javaScriptEnabled,
  viewport,
}) => {
  const email = await newPerson(`pasos-${own}`, "user");
  await page.goto("/login?next=%2Fugc%2Fcreator%2Fonboarding%3Fnext%3D%252Fugc%252Fcreator%252Fprofile");
  await signIn(page, email, NEW_PASSWORD);
  await page.getByTestId("onboarding-start").click();
  // Every problem is said, in a list and beside its field.
  await page.getByTestId("creator-name").fill("");
  await onwards(page);
  for (const said of ["Falta tu nombre completo", "Revisá tu fecha de nacimiento", "Elegí tu género", "Falta tu cédula"]) {
    await expect(page.getByTestId("problems").getByRole("link", { name: said })).toBeVisible();
  }
  await personal(page);
  await expect(page.getByText("Paso 2 de 5 · Ubicación y contacto")).toBeVisible();
  // Half a step, and back: nothing is lost.
  await page.getByTestId("phone-input").fill("0981");
  await page.getByTestId("step-back").click();
  await expect(page.getByTestId("creator-document")).toHaveValue("4.812.377");

  // Another device, later.
  const elsewhere = await browser.newContext({ baseURL: baseURL!, javaScriptEnabled: javaScriptEnabled ?? true, viewport });
  const other = await elsewhere.newPage();
  await other.goto("/login?next=%2Fugc%2Fcreator%2Fonboarding");
  await signIn(other, email, NEW_PASSWORD);
  await expect(other.getByText("Estabas en el paso 2 de 5")).toBeVisible();
  await other.getByTestId("onboarding-start").click();
  await expect(other.getByTestId("phone-input")).toHaveValue("0981");
  await contact(other);
  await professional(other);
  await other.getByTestId("creator-instagram").fill("https://www.instagram.com/Lucia.Cocina/");
  await onwards(other);

  // The service is cut off three times in a row; the form keeps everything, and the next try works.
  const twins = await other.locator(".demo-strip a").first().getAttribute("href");
  const cut = { data: { cut: true, times: 3, path: "/image/upload" } };
  expect((await other.request.post(`${twins}/_control/cloudinary/faults`, cut)).ok()).toBe(true);
  const picture = { name: "yo.png", mimeType: "image/png", buffer: png(own.charCodeAt(0) + own.charCodeAt(1)) };
  await other.getByTestId("creator-picture").setInputFiles(picture);
  await other.getByTestId("accept-terms").check();
  await onwards(other);
  await expect(other.getByTestId("problems")).toContainText("La foto no se pudo subir, probá de nuevo");
  await expect(other.getByTestId("accept-terms")).toBeChecked();
  await other.getByTestId("creator-picture").setInputFiles(picture);
  await other.getByTestId("upload-picture").click();
  await expect(other.getByText("Esta foto quedó guardada.")).toBeVisible();
  // One of the two acceptances is missing; the picture stays.
  await onwards(other);
  await expect(other.getByTestId("problems")).toContainText("Para seguir, aceptá los términos");
  await expect(other.locator(".portrait img")).toBeVisible();
  await other.getByTestId("accept-privacy").check();
  await onwards(other);

  // Back to where it all began, with a picture that is really there.
  await expect(other).toHaveURL(/\/ugc\/creator\/profile$/);
  await expect(other.getByText("Tu perfil está listo.")).toBeVisible();
  const face = other.locator(".portrait img");
  await expect(face).toBeVisible();
  expect(await other.request.get((await face.getAttribute("src"))!).then((answer) => answer.status())).toBe(200);
  await expect(other.getByTestId("networks")).toContainText("@lucia.cocina");
  await elsewhere.close();
});

test("a profile is changed section by section, and refuses what isn't a picture", async ({ page, own }) => {
  const email = await newPerson(`perfil-${own}`, "user");
  await page.goto("/login?next=%2Fugc%2Fcreator%2Fonboarding%3Fnext%3D%252Fugc%252Fcreator%252Fprofile");
  await signIn(page, email, NEW_PASSWORD);
  await page.getByTestId("onboarding-start").click();
  await personal(page);
  await contact(page);
  await professional(page);
  await page.getByTestId("creator-tiktok").fill("@lucia_cocina");
  await onwards(page);
  await page.getByTestId("accept-terms").check();
  await page.getByTestId("accept-privacy").check();
  await onwards(page);
  await expect(page).toHaveURL(/\/ugc\/creator\/profile$/);
  await expect(page.getByTestId("completion")).toContainText("Tu perfil está al 85 %");

  await page.getByTestId("completion-next").click();
  const drawing = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>");
  await page.getByTestId("creator-picture").setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: drawing });
  await page.getByTestId("save").click();
  await expect(page.getByTestId("photo-form")).toContainText("no es una imagen JPG, PNG o WebP");
  await page.getByTestId("creator-picture").setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: png(90) });
  await page.getByTestId("save").click();
  await expect(page.getByText("Tu foto cambió.")).toBeVisible();
  await expect(page.getByTestId("completion")).toContainText("Tu perfil está al 90 %");

  await page.getByTestId("edit-contacto").click();
  await page.getByTestId("phone-input").fill("12");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("problems")).toContainText("Revisá el teléfono: de 6 a 15 números");
  await expect(page.getByTestId("phone-input")).toHaveValue("12");
  await page.getByTestId("phone-input").fill("0991 222 333");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("creator-profile")).toContainText("+595 991222333");

  await page.getByTestId("add-network").click();
  await page.getByTestId("network-username").fill("https://instagram.com/lucia.cocina");
  await page.getByTestId("network-followers").fill("12.500");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("network-instagram")).toContainText("12.500 seguidores");
  await expect(page.getByTestId("network-instagram")).toContainText("sin verificar");
  await page.getByTestId("edit-tiktok").click();
  await page.getByTestId("remove-network").click();
  await expect(page.getByTestId("network-tiktok")).toHaveCount(0);
});
