//! What keeps an incident in the house: silences that people made, and outages that explain it.

use jiff::Timestamp;

use super::model::{Matcher, Silence, Silenced, Source, SystemNotice};
use super::signal::DOWN_PREFIX;
use crate::settings::MonitorProject;

/// How a monitor's name may name its project: `Tienda project:tienda`.
const PROJECT_TAG: &str = "project:";

impl Matcher {
    /// Whether no part is given: it would match everything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an incident falls under it.
    pub fn matches(&self, notice: &SystemNotice) -> bool {
        self.kind.is_none_or(|kind| kind == notice.kind)
            && self.source.is_none_or(|source| source == notice.source)
            && self.severity.is_none_or(|severity| severity == notice.severity)
            && self.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == notice.fingerprint)
            && self.text.as_ref().is_none_or(|text| {
                let text = text.to_lowercase();
                notice.title.to_lowercase().contains(&text) || notice.message.to_lowercase().contains(&text)
            })
    }
}

/// The active silence an incident falls under; of several the one that lasts longest.
pub(super) fn silence_of(notice: &SystemNotice, silences: &[Silence], now: Timestamp) -> Option<Silenced> {
    silences
        .iter()
        .filter(|silence| silence.is_active(now) && silence.matcher.matches(notice))
        .max_by_key(|silence| silence.ends_at)
        .map(|silence| Silenced { id: silence.id.clone(), until: silence.ends_at })
}

/// A monitor that is down and the Sentry projects this explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outage {
    /// Of the monitor's incident.
    pub fingerprint: String,
    /// Slugs, lower case.
    pub projects: Vec<String>,
}

/// The outages among open incidents.
pub(super) fn outages<'a>(open: impl IntoIterator<Item = &'a SystemNotice>, mapping: &[MonitorProject]) -> Vec<Outage> {
    let down = open.into_iter().filter(|notice| notice.is_open && notice.fingerprint.starts_with(DOWN_PREFIX));
    down.map(|notice| {
        let name = notice.metadata.get_str("monitor_name").unwrap_or_default();
        let id = notice.metadata.get_str("monitor_id").unwrap_or_default();
        Outage { fingerprint: notice.fingerprint.clone(), projects: projects(name, id, mapping) }
    })
    .collect()
}

/// The Sentry projects named on a monitor: in its own name, or in the settings.
fn projects(name: &str, id: &str, mapping: &[MonitorProject]) -> Vec<String> {
    let tagged = name.split_whitespace().filter_map(|word| word.strip_prefix(PROJECT_TAG));
    let is_same = |monitor: &str| monitor == id || monitor.to_lowercase() == name.to_lowercase();
    let mapped = mapping.iter().filter(|one| is_same(&one.monitor)).map(|one| &*one.project);
    tagged.chain(mapped).map(str::to_lowercase).filter(|project| !project.is_empty()).collect()
}

/// The outage that explains an incident: its monitor stands for the Sentry project that reports it.
pub(super) fn outage_of<'a>(notice: &SystemNotice, outages: &'a [Outage]) -> Option<&'a Outage> {
    if notice.source != Source::Sentry {
        return None;
    }
    let project = notice.metadata.get_str("project").ok()?.to_lowercase();
    outages.iter().find(|outage| outage.projects.contains(&project))
}
