//! The proof as a document.

use canje::values::Role;
use http::StatusCode;

use super::{browser_of, seed};
use crate::support::TestApp;

#[tokio::test]
async fn the_act_is_a_pdf_of_every_run() {
    let app = TestApp::new().await;
    let mut admin = browser_of(&app, Role::Admin).await;
    for run in [seed::complete(33, 5), seed::failed(2), seed::running()] {
        let id = seed::put(&app, &run).await;
        let answer = admin.get(&format!("/admin/backups/{id}/constancia.pdf")).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", run.status);
        assert_eq!(answer.headers["content-type"], "application/pdf");
        let name = answer.headers["content-disposition"].to_str().unwrap();
        assert!(name.contains("acta-backup-2099-11-23-") && name.contains(id.short()), "{name}");
        assert!(answer.bytes().starts_with(b"%PDF-1."));
    }
}
