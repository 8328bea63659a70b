//! Becoming a creator, and one's own profile.

mod onboarding;
mod pictures;
mod profile;

use axum::body::Body;
use bson::{Document, doc};
use canje::app::Clock;
use canje::emulators::{Emulators, Settings, listen};
use http::{Method, Request, header};

use super::accounts::documents;
use super::sign_up::{mark, register};
use super::support::{Answer, Browser, TestApp};

/// An application whose pictures, mail and messages go to twins.
pub struct Studio {
    pub app: TestApp,
    pub emulators: Emulators,
}

impl Studio {
    pub async fn new() -> Self {
        let clock = Clock::fixed(super::support::NOW.parse().unwrap());
        let listener = listen(None).unwrap();
        let settings = Settings::read(listener.local_addr().unwrap(), &|_| None);
        let emulators = Emulators::start(listener, settings, clock).unwrap();
        let variables = emulators.twins.settings.variables();
        let app = TestApp::with(|environment| environment.extend(variables)).await;
        Self { app, emulators }
    }

    /// A browser with a new account.
    pub async fn person(&self, email: &str) -> Browser<'_> {
        let mut browser = self.app.browser();
        let answer = register(&mut browser, email, "").await;
        assert_eq!(answer.location(), "/verificar-email");
        browser
    }

    /// A browser with a complete profile.
    pub async fn creator(&self, email: &str) -> Browser<'_> {
        let mut browser = self.person(email).await;
        steps_one_to_four(&mut browser).await;
        let answer = finish(&mut browser, &[("terms", "on"), ("privacy", "on")], None).await;
        assert_eq!(answer.location(), "/ugc/creator/dashboard");
        browser
    }

    /// The profile of an address.
    pub async fn profile(&self, email: &str) -> Document {
        documents(&self.app, "ugc_creators").find_one(doc! { "email": email }).await.unwrap().expect("a profile")
    }
}

pub const PERSONAL: [(&str, &str); 4] =
    [("name", "Ana Benítez"), ("birth_date", "2075-03-09"), ("gender", "female"), ("document_id", "4.567.890")];
pub const CONTACT: [(&str, &str); 5] = [
    ("country", "PY"),
    ("city", "Luque"),
    ("city_other", ""),
    ("phone_country_code", "+595"),
    ("phone", "0981 123-456"),
];
pub const PROFESSIONAL: [(&str, &str); 6] = [
    ("categories", "food"),
    ("categories", "travel"),
    ("bio", "Cocino en una terraza."),
    ("education_level", "university"),
    ("languages", "Guaraní"),
    ("portfolio_url", "https://example.com/ana"),
];
pub const HANDLES: [(&str, &str); 2] =
    [("instagram_username", "https://www.instagram.com/Ana.Cocina/"), ("tiktok_username", "@ana_cocina")];

/// Begins, and fills in everything but the last step.
pub async fn steps_one_to_four(browser: &mut Browser<'_>) {
    let answer = browser.post("/ugc/creator/onboarding", &[]).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding/1");
    for (step, form) in [(1, &PERSONAL[..]), (2, &CONTACT[..]), (3, &PROFESSIONAL[..]), (4, &HANDLES[..])] {
        let answer = browser.post(&format!("/ugc/creator/onboarding/{step}"), form).await;
        assert_eq!(answer.location(), format!("/ugc/creator/onboarding/{}", step + 1));
    }
}

/// Posts the last step with these ticks, and a picture if there is one.
pub async fn finish(browser: &mut Browser<'_>, ticks: &[(&str, &str)], picture: Option<(&str, &[u8])>) -> Answer {
    let shown = mark(&browser.get("/ugc/creator/onboarding/5").await.text());
    let mut fields = vec![("shown", shown.as_str())];
    if !ticks.iter().any(|(name, _)| *name == "action") {
        fields.push(("action", "finish"));
    }
    fields.extend(ticks);
    multipart(browser, "/ugc/creator/onboarding/terminar", &fields, picture).await
}

/// Posts a form with a file as a page of ours does.
pub async fn multipart(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    picture: Option<(&str, &[u8])>,
) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html");
    browser.send(part_type(request), Body::from(parts(fields, picture))).await
}

pub fn part_type(request: http::request::Builder) -> http::request::Builder {
    request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=border")
}

pub fn parts(fields: &[(&str, &str)], picture: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--border\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let (name, bytes) = picture.unwrap_or(("", b""));
    let head = format!(
        "--border\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.as_bytes());
    body.extend(bytes);
    body.extend(b"\r\n--border--\r\n");
    body
}

/// A small picture; another number is another picture.
pub fn png(n: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(12, 12, image::Rgb([n, 120, 60]));
    image::DynamicImage::from(pixels).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
