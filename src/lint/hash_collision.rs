//! BC0021: buttons carry 32 bits of an id. Two ids with the same bits in one place would be taken for each other.

use std::collections::HashMap;

use super::Case;
use crate::dialogue::{Hash, Kind};
use crate::source::{Finding, Place, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0021",
    name: "hash-collision",
    severity: Severity::Error,
    summary: "Two ids are the same to a button, which carries only 32 bits of them.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let pages = book.nodes().map(|(_, id, _)| (id, spans.page(id)));
    distinct(pages, "page", findings);
    let regions = book.regions().keys().map(|id| (id.as_str(), spans.in_book(&["regions", id])));
    distinct(regions, "region", findings);
    // One that was taken back may still be asked about by a button of last week.
    let tips = book.tips().into_iter().flat_map(|tips| tips.tips.keys());
    distinct(tips.map(|id| (id.as_str(), spans.in_weekly(&["tips", id]))), "tip", findings);
    for (_, id, node) in book.nodes() {
        let list = if matches!(node.kind, Kind::Checklist(_)) { "signs" } else { "answers" };
        let keys = node.answer_keys().into_iter().map(|key| (key, spans.at(id, &[list, key])));
        distinct(keys, "key", findings);
    }
}

fn distinct<'a>(ids: impl Iterator<Item = (&'a str, Place)>, what: &str, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<Hash, &str> = HashMap::new();
    for (id, place) in ids {
        if let Some(first) = seen.insert(Hash::of(id), id) {
            let message = format!("To a button, `{id}` is the same {what} as `{first}`, by a rare accident.");
            findings.push(Finding::new(&RULE, place, message, "Give one of them another id: any other will do."));
        }
    }
}
