//! What a claim rests on: the numbered checks with their evidence, and what wasn't as it should be.

use leptos::prelude::*;

use super::exact;
use crate::backup::model::{CheckResult, Finding, Outcome, Severity};
use crate::i18n::backup::proof as words;
use crate::ui::{Badge, Status};

/// What is only worth knowing, folded away.
pub(super) fn notes(findings: &[Finding]) -> Option<AnyView> {
    let notes: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Info).collect();
    let summary = words::notes(notes.len() as u64);
    let lines = notes.iter().map(|note| finding(note)).collect_view();
    let section = view! {
        <details class="disclosure section" data-testid="backup-notes">
            <summary>{summary}</summary>
            <ul class="proof-list">{lines}</ul>
        </details>
    };
    (!notes.is_empty()).then(|| section.into_any())
}

/// What wasn't as it should be, the worst first, each with what to do.
pub(super) fn findings(findings: &[Finding]) -> Option<AnyView> {
    let mut sorted: Vec<_> = findings.iter().filter(|finding| finding.severity != Severity::Info).collect();
    if sorted.is_empty() {
        return None;
    }
    sorted.sort_by_key(|finding| finding.severity);
    let lines = sorted.into_iter().map(finding).collect_view();
    Some(
        view! {
            <section class="section" data-testid="backup-findings">
                <h2>{words::FINDINGS}</h2>
                <ul class="proof-list">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

fn finding(finding: &Finding) -> impl IntoView + use<> {
    let severity: Severity = finding.severity;
    let place = finding.namespace.clone().map(|place| view! { " " <code class="mono">{place}</code> });
    let remedy = finding.remedy.clone().map(|remedy| view! { <p class="muted">{words::REMEDY} ": " {remedy}</p> });
    view! {
        <li data-testid="backup-finding">
            <p><Status tone=words::severity_tone(severity) label=words::severity(severity)/> {place}</p>
            <p class="jobs-error">{finding.detail.clone()}</p>
            {remedy}
        </li>
    }
}

/// How many came out how: passed, failed, not applicable.
pub(super) fn tally(checks: &[CheckResult]) -> [u64; 3] {
    let of = |outcome: Outcome| checks.iter().filter(|check| check.outcome == outcome).count() as u64;
    [of(Outcome::Passed), of(Outcome::Failed), of(Outcome::NotApplicable)]
}

/// The numbered checks, each opening on its evidence.
pub(super) fn checks(checks: &[CheckResult]) -> impl IntoView + use<> {
    let body = match checks {
        [] => view! { <p class="muted">{words::NO_CHECKS}</p> }.into_any(),
        _ => {
            let lines = checks.iter().map(check).collect_view();
            view! { <ol class="proof-checks" data-testid="backup-checks">{lines}</ol> }.into_any()
        }
    };
    let [passed, failed, aside] = tally(checks);
    let summary = (!checks.is_empty()).then(|| words::checks_summary(passed, failed, aside));
    view! {
        <section class="section">
            <div>
                <h2>{words::CHECKS}</h2>
                <p class="muted">{summary} " " {words::CHECKS_PURPOSE}</p>
            </div>
            {body}
        </section>
    }
}

fn check(check: &CheckResult) -> impl IntoView + use<> {
    let subject = check.subject.clone().map(|subject| view! { " " <Badge label=subject/> });
    let evidence = match check.evidence.as_slice() {
        [] => view! { <p class="muted">{words::NO_EVIDENCE}</p> }.into_any(),
        lines => {
            let lines = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
            view! { <ul>{lines}</ul> }.into_any()
        }
    };
    let open = check.outcome == Outcome::Failed;
    view! {
        <li data-testid="backup-check">
            <details open=open>
                <summary>
                    <span>{words::check(check.check)}</span>
                    {subject}
                    <Status tone=words::outcome_tone(check.outcome) label=words::outcome(check.outcome)/>
                </summary>
                {evidence}
                <p class="muted">{exact(check.at)}</p>
            </details>
        </li>
    }
}
