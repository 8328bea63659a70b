//! All rules in their order.
//!
//! A row whose document would hold a value that only one may have waits until every rule of its target is through: the value
//! may be given up by a row of another rule. A rating that moved from its delivery to its own collection is such a row.

use super::batch::Proposal;
use super::engine::Run;
use super::report::RuleReport;
use super::rule::Rule;

/// Runs every rule over its whole collection.
pub async fn apply_all(run: &mut Run<'_>, rules: &[&dyn Rule]) -> anyhow::Result<Vec<RuleReport>> {
    let mut reports = Vec::with_capacity(rules.len());
    let mut waiting: Vec<Vec<Proposal>> = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        let (report, deferred) = run.apply(*rule).await?;
        reports.push(report);
        waiting.push(deferred);
        let shares = |other: &&dyn Rule| other.target().collection == rule.target().collection;
        if rules[at + 1..].iter().any(shares) {
            continue;
        }
        for (earlier, rule) in rules[..=at].iter().enumerate().filter(|(_, earlier)| shares(earlier)) {
            let report = &mut reports[earlier];
            run.settle_last(*rule, std::mem::take(&mut waiting[earlier]), report).await?;
            anyhow::ensure!(report.adds_up(), "{}: the rows don't add up: {report:?}", rule.name());
        }
    }
    Ok(reports)
}
