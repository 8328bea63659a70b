//! Views a person saves: theirs alone, renamed and forgotten.

use bson::doc;
use canje::values::Role;

use super::super::accounts::{adopted, all, signed_in};
use super::super::support::TestApp;

const LIST: &str = "/admin?module=ugc&ugcTab=campaign-manager";

#[tokio::test]
async fn a_saved_view_is_a_tab_of_its_owner_and_of_nobody_else() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    adopted(&app, "leo@example.com", Role::Staff, |_| {}).await;
    let mut ana = signed_in(&app, "ana@example.com").await;
    let form = |name: &'static str| {
        [("list", "campaigns"), ("name", name), ("query", "estado=live&densidad=compacta"), ("back", LIST)]
    };
    let saved = ana.post("/admin/vistas", &form("  Las   activas ")).await;
    assert_eq!((saved.status.as_u16(), saved.location()), (303, LIST));
    let page = ana.get(LIST).await.text();
    assert!(page.contains("Las activas"), "{page}");
    assert!(page.contains("module=ugc&amp;ugcTab=campaign-manager&amp;estado=live&amp;densidad=compacta"), "{page}");
    let view = all(&app, "saved_views", doc! {}).await.remove(0);
    let id = view.get_str("id").unwrap();

    let mut leo = signed_in(&app, "leo@example.com").await;
    assert!(!leo.get(LIST).await.text().contains("Las activas"));
    for verb in ["renombrar", "eliminar"] {
        let path = format!("/admin/vistas/{id}/{verb}");
        assert_eq!(leo.post(&path, &[("name", "Mía"), ("back", LIST)]).await.status, 404);
    }
    ana.post(&format!("/admin/vistas/{id}/renombrar"), &[("name", "Activas"), ("back", LIST)]).await;
    assert!(ana.get(LIST).await.text().contains("Activas"));
    ana.post(&format!("/admin/vistas/{id}/eliminar"), &[("back", LIST)]).await;
    assert!(all(&app, "saved_views", doc! {}).await.is_empty());
}

#[tokio::test]
async fn a_view_without_a_name_comes_back_with_its_problem_and_one_saved_twice_is_one() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let mut ana = signed_in(&app, "ana@example.com").await;
    let path = format!("{LIST}&estado=live");
    let form = |name: &'static str, query: &'static str| {
        [("list", "campaigns"), ("name", name), ("query", query), ("back", LIST)]
    };
    let refused = ana
        .post("/admin/vistas", &[("list", "campaigns"), ("name", " "), ("query", "estado=live"), ("back", &path)])
        .await;
    assert_eq!(refused.location(), path);
    assert!(ana.get(&path).await.text().contains("Ponele un nombre."));
    ana.post("/admin/vistas", &form("Mías", "estado=live")).await;
    ana.post("/admin/vistas", &form("Mías", "estado=draft")).await;
    let views = all(&app, "saved_views", doc! {}).await;
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].get_str("query").unwrap(), "estado=draft");
    for back in ["https://evil.example", "//evil.example", "/ugc/campaigns"] {
        let answer =
            ana.post("/admin/vistas", &[("list", "campaigns"), ("name", "x"), ("query", ""), ("back", back)]).await;
        assert_eq!(answer.status, 400, "{back}");
    }
}
