//! The list and its first sentence.

use canje::backup::model::{Label, State};
use canje::values::Role;
use http::StatusCode;

use super::{browser_of, seed};
use crate::support::TestApp;

#[tokio::test]
async fn no_complete_backup_is_said_first() {
    let app = TestApp::new().await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let html = admin.get("/admin/backups").await.text();
    assert!(html.contains("No hay ningún backup completo.") && html.contains("Todavía no hay ningún backup"), "{html}");
    // A failed one changes nothing of that.
    seed::put(&app, &seed::failed(1)).await;
    let html = admin.get("/admin/backups").await.text();
    assert!(html.contains("No hay ningún backup completo.") && html.contains("Fallido"), "{html}");
}

#[tokio::test]
async fn the_newest_complete_backup_its_age_and_its_places_come_first() {
    let app = TestApp::new().await;
    seed::put(&app, &seed::complete(4, 9)).await;
    seed::put(&app, &seed::complete(33, 5)).await;
    seed::put(&app, &seed::failed(1)).await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let html = admin.get("/admin/backups").await.text();
    let documents: i64 = seed::complete(33, 5).documents();
    let figure = canje::i18n::number::integer(documents);
    assert!(html.contains("El último backup completo es de hace 5 horas"), "{html}");
    assert!(html.contains(&format!("{figure} documentos en 2 destinos independientes")), "{html}");
    assert!(html.contains("Una transacción") && html.contains("offsite"), "{html}");
    assert!(!html.contains(r#"data-testid="backup-now""#), "who may only look gets no button");
}

#[tokio::test]
async fn a_backup_of_the_day_before_yesterday_is_an_alarm() {
    let app = TestApp::new().await;
    seed::put(&app, &seed::complete(4, 50)).await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let html = admin.get("/admin/backups").await.text();
    assert!(html.contains(r#"data-testid="backup-old""#) && html.contains("hace 2 días"), "{html}");
}

#[tokio::test]
async fn the_list_is_paged_by_key_and_filtered_by_state() {
    let app = TestApp::new().await;
    for hours in 0..45 {
        let run = if hours % 9 == 0 { seed::failed(hours) } else { seed::complete(2, hours) };
        seed::put(&app, &run).await;
    }
    seed::put(&app, &seed::running()).await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let rows = |html: &str| html.matches(r#"data-testid="backup-run""#).count();
    let link = |html: &str, testid: &str| -> Option<String> {
        let end = html.find(&format!(r#"data-testid="{testid}""#))?;
        let start = html[..end].rfind("href=\"")? + 6;
        let href = html[start..].split('"').next()?;
        Some(href.replace("&amp;", "&").split('#').next()?.to_owned())
    };
    let first = admin.get("/admin/backups").await.text();
    assert_eq!(rows(&first), 20);
    let second = admin.get(&link(&first, "pager-next").unwrap()).await.text();
    let third = admin.get(&link(&second, "pager-next").unwrap()).await.text();
    assert_eq!((rows(&second), rows(&third)), (20, 6));
    assert_eq!(link(&third, "pager-next"), None);
    let back = admin.get(&link(&third, "pager-previous").unwrap()).await.text();
    assert_eq!(rows(&back), 20);
    for (state, count) in [("failed", 5), ("active", 1), ("cancelled", 0)] {
        let html = admin.get(&format!("/admin/backups?status={state}")).await.text();
        assert_eq!(rows(&html), count, "{state}");
    }
    assert_eq!(admin.get("/admin/backups?before=x&status=y").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_weakest_label_is_red_and_names_are_escaped() {
    let app = TestApp::new().await;
    let mut run = seed::complete(2, 1);
    run.label = Some(Label::PerCollection);
    run.requested_by.name = "<img src=x>".into();
    run.status = State::Complete;
    seed::put(&app, &run).await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let html = admin.get("/admin/backups").await.text();
    assert!(html.contains(r#"data-status="bad" title="Cada colección es"#), "{html}");
    assert!(html.contains("&lt;img src=x&gt;") && !html.contains("<img src=x"), "{html}");
}

#[tokio::test]
async fn who_may_not_see_backups_gets_nothing_of_them() {
    let app = TestApp::new().await;
    let id = seed::put(&app, &seed::complete(2, 1)).await;
    let mut staff = browser_of(&app, Role::Staff).await;
    for path in ["/admin/backups".to_owned(), format!("/admin/backups/{id}"), format!("/api/backups/{id}/events")] {
        assert_eq!(staff.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!staff.get("/admin").await.text().contains(r#"href="/admin/backups""#));
    let mut admin = browser_of(&app, Role::Admin).await;
    let posts =
        ["/admin/backups".to_owned(), format!("/admin/backups/{id}/conservar"), format!("/admin/backups/{id}/soltar")];
    for path in posts {
        assert_eq!(admin.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
