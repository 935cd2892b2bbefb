//! A name that is missing is missed wherever it is used: that is one mistake, told once, with all the places.

use indexmap::IndexMap;

use super::names::Names;
use crate::source::finding::{Finding, Place, SourceFile};
use crate::source::rule::{self, Rule};

/// The rules about names that something else gives.
static OF_NAMES: [&Rule; 5] =
    [&rule::UNKNOWN_PAGE, &rule::UNKNOWN_SOURCE, &rule::UNKNOWN_PLACEHOLDER, &rule::UNKNOWN_MEANING, &rule::UNLABELLED];
/// More places than these are counted, and not listed.
const LISTED: usize = 5;

/// Leaves the first of several findings that miss the same name.
pub fn gather(findings: &mut Vec<Finding>, files: &[SourceFile], names: &Names) {
    let mut places: IndexMap<(&str, String), Vec<Place>> = IndexMap::new();
    for finding in findings.iter().filter(|finding| OF_NAMES.contains(&finding.rule)) {
        places.entry((finding.rule.id, finding.message.clone())).or_default().push(finding.place);
    }
    places.retain(|_, places| places.len() > 1);
    places.values_mut().for_each(|places| places.sort_unstable());
    findings.retain_mut(|finding| {
        let Some(places) = places.get(&(finding.rule.id, finding.message.clone())) else { return true };
        if places.first() != Some(&finding.place) {
            return false;
        }
        let hint = finding.hint.take().unwrap_or_default();
        // A page without a title is mended there, and not at each button.
        let untitled = finding.about.as_ref().and_then(|id| names.pages.get(id.as_str())).map(|page| page.key);
        let (place, others) = match untitled {
            Some(page) => (page, places.as_slice()),
            None => (finding.place, &places[1..]),
        };
        finding.place = place;
        finding.hint = Some(format!("{hint} {}", listed(others, files)));
        true
    });
}

/// `The same at home.yaml:12 and sleep.yaml:7.`
fn listed(places: &[Place], files: &[SourceFile]) -> String {
    let address = |place: &Place| {
        let file = files.get(place.file.0)?;
        Some(format!("{}:{}", file.name, file.line_of(place.span.from) + 1))
    };
    let mut told: Vec<String> = places.iter().take(LISTED).filter_map(address).collect();
    match places.len().saturating_sub(LISTED) {
        0 => {}
        1 => told.push(String::from("one more place")),
        more => told.push(format!("{more} more places")),
    }
    match told.as_slice() {
        [] => String::new(),
        [one] => format!("The same at {one}."),
        [most @ .., last] => format!("The same at {} and {last}.", most.join(", ")),
    }
}
