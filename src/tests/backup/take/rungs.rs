//! Which label is earned when, and what is refused.

use canje::backup::model::Severity;

use super::*;

#[tokio::test]
async fn what_is_too_much_for_a_transaction_is_scanned_and_mended() {
    let test = TestDb::new().await;
    insert(&test, test.name(), "c", &[doc! { "_id": 1 }]).await;
    let effort = Effort { transaction_bytes: 0, ..Effort::default() };
    let taken = take(&test.db, &[test.name()], &effort).await;
    assert_eq!(taken.collected.label, Label::FixedUp);
    let (_, said) = taken.evidence(Check::Consistency);
    assert!(said.contains("demasiado para una transacción"), "{said}");
    assert_eq!(taken.namespaces[0].documents, 1);
}

#[tokio::test]
async fn a_transaction_that_takes_too_long_is_given_up() {
    let test = TestDb::new().await;
    let documents: Vec<_> = (0..2000).map(|n| doc! { "_id": n }).collect();
    insert(&test, test.name(), "c", &documents).await;
    let rungs = vec![Label::Transaction, Label::Quiescent];
    let effort = Effort { transaction: std::time::Duration::from_millis(1), rungs, ..Effort::default() };
    let taken = take(&test.db, &[test.name()], &effort).await;
    assert_eq!(taken.collected.label, Label::Quiescent, "nothing changed, and that was seen");
    assert_eq!(taken.namespaces[0].documents, 2000);
}

#[tokio::test]
async fn without_a_common_moment_the_label_says_so() {
    let test = TestDb::new().await;
    let name = test.name().to_owned();
    insert(&test, &name, "a", &[doc! { "_id": 1 }]).await;
    let slow: Vec<_> = (0..20_000).map(|n| doc! { "_id": n, "text": "x".repeat(200) }).collect();
    insert(&test, &name, "z", &slow).await;
    let (sender, mut progress) = watch::channel(Progress::default());
    let meanwhile = async {
        reading(&mut progress, &format!("{name}.z")).await;
        insert(&test, &name, "a", &[doc! { "_id": 2 }]).await;
    };
    let effort = Effort { workers: 1, ..Effort::only(Label::Quiescent) };
    let (collected, ()) = collect_while(&test.db, &[&name], &effort, meanwhile, sender).await;
    let (collected, _folder) = collected.unwrap();
    assert_eq!(collected.label, Label::PerCollection);
    let finding = &collected.findings[0];
    assert_eq!((finding.severity, finding.check), (Severity::Info, Check::Consistency));
    assert!(finding.remedy.as_ref().unwrap().contains("migración"));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_no_empty_backup() {
    let test = TestDb::new().await;
    insert(&test, test.name(), "c", &[doc! { "_id": 1 }]).await;
    let ops = test.settings.ops_db.clone();
    for wrong in [test.sibling("absent"), "admin".into(), "restore_check_x_1".into(), ops] {
        let refused = collect(&test.db, &[test.name(), &wrong], &usual()).await.unwrap_err();
        let TakeError::Refused { findings, checks } = refused else { panic!("{refused}") };
        assert_eq!((findings.len(), findings[0].check, findings[0].namespace.clone()), (1, Check::Listed, Some(wrong)));
        assert!(checks.iter().any(|check| check.check == Check::Listed && check.outcome == Outcome::Failed));
    }
}

#[tokio::test]
async fn what_is_spooled_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let test = TestDb::new().await;
    insert(&test, test.name(), "c", &[doc! { "_id": 1 }]).await;
    let (_, folder) = collect(&test.db, &[test.name()], &usual()).await.unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let attempt = folder.path().join("raw/attempt-1");
    assert_eq!((mode(&folder.path().join("raw")), mode(&attempt)), (0o700, 0o700));
    assert_eq!(mode(&attempt.join("000000.spool")), 0o600);
}
