//! Each collection side by side: now, in the backup, restored.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::address;
use super::compare::{Compared, Now};
use crate::backup::model::Namespace;
use crate::backup::record::BackupRun;
use crate::i18n::backup::{pages as list_words, proof as words};
use crate::i18n::number::integer;
use crate::ui::{Badge, Cell, CellKind, Column, Density, LinkButton, Status, Table, Tone};

/// Digits of a hash on the page; the document holds all of them.
const SHORT: usize = 12;

/// The first digits of a hash.
pub(super) fn short(hash: &str) -> String {
    hash.get(..SHORT).unwrap_or(hash).to_owned()
}

/// The table of a run's collections, with what there is now when that was asked for.
pub(super) fn section(run: &BackupRun, live: Option<&Now>) -> impl IntoView + use<> {
    let here = address(&run.id);
    let switch = match live {
        None => view! {
            <LinkButton href=format!("{here}?vivo=1#colecciones") testid="backup-compare">{words::COMPARE_LIVE}</LinkButton>
            <span class="muted">{words::LIVE_HINT}</span>
        }
        .into_any(),
        Some(_) => view! {
            <LinkButton href=format!("{here}#colecciones") testid="backup-compare-hide">{words::HIDE_LIVE}</LinkButton>
        }
        .into_any(),
    };
    view! {
        <section class="section" id="colecciones">
            <div>
                <h2>{words::SIDES}</h2>
                <p class="muted">{words::SIDES_PURPOSE}</p>
            </div>
            <div class="actions">{switch}</div>
            {table(&run.collections, live)}
        </section>
    }
}

fn table(collections: &[Namespace], live: Option<&Now>) -> impl IntoView + use<> {
    let mut columns = vec![Column::new(words::COLUMN_NAMESPACE, CellKind::Primary)];
    if live.is_some() {
        columns.push(Column::new(words::COLUMN_LIVE, CellKind::Number));
    }
    columns.push(Column::new(words::COLUMN_BACKUP, CellKind::Number));
    columns.push(Column::new(words::COLUMN_HASH, CellKind::Mono));
    columns.push(Column::new(words::COLUMN_RESTORED, CellKind::Text));
    if live.is_some() {
        columns.push(Column::new(words::COLUMN_RESULT, CellKind::Text));
    }
    let mut lines: Vec<AnyView> = collections.iter().map(|namespace| line(namespace, live)).collect();
    if let Some(live) = live {
        let databases: BTreeSet<&str> = collections.iter().map(|namespace| namespace.database.as_str()).collect();
        for database in databases {
            let own: Vec<Namespace> = collections.iter().filter(|one| one.database == database).cloned().collect();
            lines.extend(live.missing(database, &own).map(|(name, compared)| absent(database, name, &compared)));
        }
    }
    view! {
        <Table caption=words::SIDES columns density=Density::Compact testid="backup-collections">{lines}</Table>
    }
}

fn line(namespace: &Namespace, live: Option<&Now>) -> AnyView {
    let kind = match namespace.kind.as_str() {
        "view" => Some(words::KIND_VIEW),
        "timeseries" => Some(words::KIND_TIMESERIES),
        _ if namespace.is_capped => Some(words::CAPPED),
        _ => None,
    };
    let kind = kind.map(|label| view! { " " <Badge label/> });
    let restored = match &namespace.restored {
        None => view! { <span class="muted">{words::NOT_RESTORED}</span> }.into_any(),
        Some(restored) => {
            let is_same =
                restored.equal && restored.documents == namespace.documents && restored.h_set == namespace.h_set;
            let (tone, said) = match is_same {
                true => (Tone::Good, words::EQUAL.to_owned()),
                false => (
                    Tone::Bad,
                    format!("{} · {} · {}", words::DIFFERENT, integer(restored.documents), short(&restored.h_set)),
                ),
            };
            view! { <Status tone label=said/> }.into_any()
        }
    };
    let documents = (namespace.kind != "view").then(|| integer(namespace.documents));
    let compared = live.map(|live| {
        let key = (namespace.database.clone(), namespace.name.clone());
        (live.read.get(&key).map(|now| integer(now.documents)), live.compare(&namespace.database, namespace))
    });
    let (now, result) = compared.unzip();
    let (name, hash) = (format!("{}.{}", namespace.database, namespace.name), short(&namespace.h_set));
    let result = result.map(|result| said(&result));
    view! {
        <tr data-testid="backup-namespace">
            <Cell kind=CellKind::Primary>{name} {kind}</Cell>
            {now.map(|now| view! { <Cell kind=CellKind::Number>{now}</Cell> })}
            <Cell kind=CellKind::Number unit=list_words::unit(namespace.documents, "documento", "documentos")>{documents}</Cell>
            <Cell kind=CellKind::Mono>{hash}</Cell>
            <Cell>{restored}</Cell>
            {result.map(|result| view! { <Cell>{result}</Cell> })}
        </tr>
    }
    .into_any()
}

/// A collection that there is now and that the backup doesn't have.
fn absent(database: &str, name: &str, compared: &Compared) -> AnyView {
    let live = match compared {
        Compared::Missing { live } => Some(integer(*live)),
        _ => None,
    };
    let (name, compared) = (format!("{database}.{name}"), said(compared));
    view! {
        <tr data-testid="backup-absent">
            <Cell kind=CellKind::Primary>{name}</Cell>
            <Cell kind=CellKind::Number>{live}</Cell>
            <Cell kind=CellKind::Number/>
            <Cell kind=CellKind::Mono/>
            <Cell/>
            <Cell>{compared}</Cell>
        </tr>
    }
    .into_any()
}

/// How a collection compares, with the stable name behind the words.
pub(super) fn said(compared: &Compared) -> AnyView {
    view! { <Status tone=compared.tone() label=compared.said() title=compared.code()/> }.into_any()
}
