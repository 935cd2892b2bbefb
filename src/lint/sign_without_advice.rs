//! BC0049: what somebody ticks or answers on the way to help ends in advice that is as urgent as it.

use std::collections::{BTreeMap, HashSet};

use super::Case;
use crate::dialogue::book::Goto;
use crate::dialogue::{Book, Kind, Level, NodeId};
use crate::source::{Finding, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0049",
    name: "sign-without-advice",
    severity: Severity::Error,
    summary: "A row to tick or an answer on the way to help does not end in advice, or in advice that is less urgent.",
};

/// What is asked once for the whole book: a list or a junction that is wrong is one finding, however many rows lead there.
pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    outcomes(book, spans, findings);
    lists(book, spans, findings);
    help(book, spans, findings);
}

/// How urgent the advice is that a page gives; `None` if it gives none. One that was taken back gives none.
fn advises(book: &Book, at: NodeId) -> Option<Level> {
    match book.node(at) {
        node if node.withdrawn.is_some() => None,
        node => match node.kind {
            Kind::Advice { level, .. } => Some(level),
            _ => None,
        },
    }
}

/// Each level of each junction: an old button may bring a level that no row of today has. Who has ticked nothing needs no advice.
fn outcomes(book: &Book, spans: &Spans, findings: &mut Vec<Finding>) {
    for (_, id, node) in book.nodes() {
        let Kind::Outcome { worst } = &node.kind else { continue };
        for (level, page) in Level::ALL.into_iter().zip(worst).skip(1) {
            // What another junction does with it is said there.
            if !matches!(book.node(*page).kind, Kind::Outcome { .. })
                && let Some(led) = astray(book, *page, level)
            {
                let message = format!("Who ticked a row of level `{level}` is led to {led}");
                let hint = format!("Lead to a page with `advice: {level}`, or to one that is more urgent.");
                findings.push(Finding::new(&RULE, spans.at(id, &["outcome", "worst", level.name()]), message, hint));
            }
        }
    }
}

/// A page that is no advice of this level, in words.
fn astray(book: &Book, page: NodeId, level: Level) -> Option<String> {
    let name = book.name(page);
    match advises(book, page) {
        Some(advised) if advised >= level => None,
        Some(advised) => Some(format!("`{name}`, where the advice is only `{advised}`.")),
        None => Some(format!("`{name}`, which gives no advice.")),
    }
}

/// Where each list ends, following `then`. Lists with one end are told there, once, for their most urgent row.
fn lists(book: &Book, spans: &Spans, findings: &mut Vec<Finding>) {
    let mut ends: BTreeMap<NodeId, (Level, NodeId)> = BTreeMap::new();
    for (at, _, node) in book.nodes() {
        let Kind::Checklist(asked) = &node.kind else { continue };
        let Some(worst) = asked.signs.values().map(|sign| sign.level).max() else { continue };
        let (last, end) = end(book, at);
        let known = ends.entry(last).or_insert((worst, end));
        known.0 = known.0.max(worst);
    }
    for (last, (worst, end)) in ends {
        let led = match &book.node(end).kind {
            Kind::Outcome { .. } => continue,
            // Round and round.
            Kind::Checklist(_) | Kind::Weeks { .. } => Some(format!("`{}` again, and never to advice.", book.name(end))),
            _ => astray(book, end, worst),
        };
        if let Some(led) = led {
            let message = format!("Who ticked a row of level `{worst}` is led to {led}");
            let hint = "Lead to an outcome: it has a page of advice for each level.";
            findings.push(Finding::new(&RULE, spans.at(book.name(last), &["then"]), message, hint));
        }
    }
}

/// Where a list goes on to, past other lists.
fn then(book: &Book, at: NodeId) -> Option<NodeId> {
    match &book.node(at).kind {
        Kind::Checklist(list) => Some(list.then),
        Kind::Weeks { then, .. } => Some(*then),
        _ => None,
    }
}

/// The last list that a list leads to, and the page after it. Of lists in a ring, each counts the same one as the last.
fn end(book: &Book, from: NodeId) -> (NodeId, NodeId) {
    let mut passed = vec![from];
    let mut seen = HashSet::from([from]);
    let mut last = from;
    while let Some(next) = then(book, last) {
        if then(book, next).is_none() {
            return (last, next);
        }
        if !seen.insert(next) {
            let ring = passed.iter().skip_while(|at| **at != next);
            let last = ring.min().copied().unwrap_or(last);
            return (last, then(book, last).unwrap_or(next));
        }
        passed.push(next);
        last = next;
    }
    (last, last)
}

/// Each answer of the question where help begins, through further questions.
fn help(book: &Book, spans: &Spans, findings: &mut Vec<Finding>) {
    let mut open: Vec<NodeId> = book.help().into_iter().collect();
    let mut seen: HashSet<NodeId> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        let mut led = |way: &[&str], what: &str, to: NodeId| match &book.node(to).kind {
            Kind::Question { .. } | Kind::Weeks { .. } => open.extend(seen.insert(to).then_some(to)),
            // Both are looked at by themselves.
            Kind::Checklist(_) | Kind::Outcome { .. } => {}
            _ if advises(book, to).is_some() => {}
            _ => {
                let message = format!("{what} leads to `{}`, which gives no advice.", book.name(to));
                let hint = "On the way to help, lead to a page with `advice`, or to a question or a list that ends at one.";
                findings.push(Finding::new(&RULE, spans.at(book.name(at), way), message, hint));
            }
        };
        match &book.node(at).kind {
            Kind::Question { answers, .. } => {
                for (key, answer) in answers {
                    // Asked for help, the question stands before no page, and would lead up again.
                    let to = if let Goto::Node(to) = answer.goto { to } else { book.parent(at) };
                    led(&["answers", key, "goto"], "This answer", to);
                }
            }
            Kind::Weeks { then, .. } => led(&["then"], "This", *then),
            _ => {}
        }
    }
}
