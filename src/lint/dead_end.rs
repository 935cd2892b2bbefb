//! BC0044: a page with nothing to press leaves its reader standing there.

use super::Case;
use super::exits::{Exits, exits};
use crate::dialogue::{Kind, Node};
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0044",
    name: "dead-end",
    severity: Severity::Error,
    summary: "A page has no button at all: nobody can go on from it.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let ends: Vec<_> = book.nodes().filter(|(at, _, node)| is_dead_end(node, &exits(book, *at))).collect();
    let ends = || ends.iter().copied();
    for (at, id, _) in ends().filter(|(at, _, node)| node.alone || *at == book.home() || !book.footer().is_empty()) {
        let hint = if at == book.home() {
            "Give it `links`."
        } else {
            "Give it `links`, or take `alone: true` out, so that it gets the fixed row."
        };
        findings.push(Finding::new(&RULE, spans.page(id), format!("`{id}` has no button at all."), hint));
    }
    // Without the fixed row, all pages that have no links are dead ends for one reason.
    if book.footer().is_empty() {
        let mut bare = ends().filter(|(at, _, node)| !node.alone && *at != book.home()).map(|(_, id, _)| id);
        if let Some(first) = bare.next() {
            let others = bare.count();
            let message = match others {
                0 => format!("Without a fixed row, `{first}` has no button at all."),
                1 => format!("Without a fixed row, `{first}` and another page have no button at all."),
                _ => format!("Without a fixed row, `{first}` and {others} other pages have no button at all."),
            };
            let hint = "Write `footer: [back, help, more]`, or give each of them `links`.";
            findings.push(Finding::new(&RULE, spans.in_book(&["footer"]), message, hint));
        }
    }
}

/// Whether a page is shown without any button. One that was taken back is shown with the bot's own; a junction is not shown, and the
/// screens of the weekly sign-up have theirs.
pub fn is_dead_end(node: &Node, exits: &Exits) -> bool {
    let shown = node.withdrawn.is_none() && !matches!(node.kind, Kind::Outcome { .. } | Kind::Weekly);
    shown && exits.buttons == 0
}
