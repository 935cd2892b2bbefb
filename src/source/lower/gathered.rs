//! A name that is missing is missed wherever it is used: that is one mistake, told once, with all the places.

use indexmap::IndexMap;

use super::names::Names;
use crate::source::finding::{Finding, Place, SourceFile};
use crate::source::rule;

/// More places than these are counted, and not listed.
const LISTED: usize = 5;

/// Leaves the first of several findings that miss the same name.
pub fn gather(findings: &mut Vec<Finding>, files: &[SourceFile], names: &Names) {
    let mut places: IndexMap<(&str, String), Vec<Place>> = IndexMap::new();
    for finding in findings.iter().filter(|finding| finding.about.is_some()) {
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
        let untitled = finding.about.as_ref().filter(|_| *finding.rule == rule::UNLABELLED);
        if let Some((id, page)) = untitled.and_then(|id| Some((id, names.pages.get(id.as_str())?))) {
            finding.message = format!("Buttons that lead to `{id}` have no words on them: it has no title.");
            finding.hint = Some(format!("Give it a `title`, or each button a `label`. {}", told("They are", places, files)));
            finding.place = page.key;
        } else {
            finding.hint = Some(format!("{hint} {}", told("The same", &places[1..], files)));
        }
        true
    });
}

/// `The same at home.yaml:12 and sleep.yaml:7.`
fn told(what: &str, places: &[Place], files: &[SourceFile]) -> String {
    let address = |place: &Place| Some(files.get(place.file.0)?.address_of(place.span.from));
    let mut all: Vec<String> = places.iter().take(LISTED).filter_map(address).collect();
    match places.len().saturating_sub(LISTED) {
        0 => {}
        1 => all.push(String::from("one more place")),
        more => all.push(format!("{more} more places")),
    }
    match all.as_slice() {
        [] => String::new(),
        [one] => format!("{what} at {one}."),
        [most @ .., last] => format!("{what} at {} and {last}.", most.join(", ")),
    }
}
