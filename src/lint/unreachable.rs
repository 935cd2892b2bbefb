//! BC0029: a page that no button, no words, no command and no weekly tip lead to is never read.

use std::collections::HashSet;

use super::Case;
use super::texts::sent;
use super::{dead_end, help_too_far, no_way_out, promises, sign_without_advice};
use crate::dialogue::understand::Goal;
use crate::dialogue::{Book, NodeId};
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0029",
    name: "unreachable",
    severity: Severity::Warning,
    summary: "Nothing leads to a page: no button, no command, no weekly tip, no words that people type.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    // A page that was taken back is left for old buttons.
    for page in unreached(book).into_iter().filter(|at| book.node(*at).withdrawn.is_none()) {
        let id = book.name(page);
        let hint = "Link to it from a page that is read, or give it `asks`.";
        findings.push(Finding::new(&RULE, spans.page(id), format!("Nothing leads to `{id}`."), hint));
    }
}

/// The pages that nothing leads to.
pub fn unreached(book: &Book) -> Vec<NodeId> {
    let asked = book.nodes().filter(|(_, _, node)| !node.asks.is_empty()).map(|(at, _, _)| at);
    let commands = book.commands().iter().map(|command| command.page);
    let understanding = book.understanding();
    let asked_apart = understanding.asks.iter().filter_map(|(goal, _)| match goal {
        Goal::Page(page) => Some(*page),
        _ => None,
    });
    let signs = understanding.signs.values().map(|sign| sign.page).chain(understanding.other_language).chain(asked_apart);
    let tips = sent(book).map(|(_, tip)| tip.from);
    let mut open: Vec<NodeId> =
        [book.home()].into_iter().chain(book.help()).chain(commands).chain(signs).chain(asked).chain(tips).collect();
    let mut seen: HashSet<NodeId> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        open.extend(book.node(at).leads_to().into_iter().filter(|to| seen.insert(*to)));
    }
    book.nodes().map(|(at, ..)| at).filter(|at| !seen.contains(at)).collect()
}

/// Where a way is broken, what lay behind it is unreachable too, and mends itself with the way.
pub fn sift(findings: &mut Vec<Finding>) {
    let of_a_way = [&dead_end::RULE, &no_way_out::RULE, &sign_without_advice::RULE, &promises::BROKEN, &help_too_far::RULE];
    if findings.iter().any(|finding| of_a_way.contains(&finding.rule)) {
        findings.retain(|finding| finding.rule != &RULE);
    }
}
