//! BC0058: what is kept of a reader is deleted after one question, and by its answer alone.

use super::Case;
use crate::dialogue::book::{Data, Goto};
use crate::dialogue::understand::Goal;
use crate::dialogue::{Book, Kind, NodeId};
use crate::source::{Finding, Place, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0058",
    name: "deleted-unasked",
    severity: Severity::Error,
    summary: "A page deletes what is kept of its reader, and no question leads there, or something else does.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    for (at, id, _) in book.nodes().filter(|(_, _, node)| node.data() == Some(Data::Deleted)) {
        let asked = book.nodes().filter(|(_, _, node)| answers_to(&node.kind, at)).map(|(_, question, _)| question);
        let asked: Vec<&str> = asked.collect();
        let Some(question) = asked.first() else {
            let message = format!("`{id}` deletes what is kept of its reader, and no question leads there.");
            let hint = "Ask first: make a page with `question` and two answers, one with `goto` to this page.";
            findings.push(Finding::new(&RULE, spans.at(id, &["data"]), message, hint));
            continue;
        };
        let others = others(book, spans, at);
        findings.extend(others.into_iter().map(|place| {
            let message = format!("This leads to `{id}`, which deletes what is kept of its reader.");
            Finding::new(&RULE, place, message, format!("Let it lead to the question before it, `{question}`."))
        }));
    }
}

fn answers_to(kind: &Kind, page: NodeId) -> bool {
    match kind {
        Kind::Question { answers, .. } => answers.values().any(|answer| answer.goto == Goto::Node(page)),
        _ => false,
    }
}

/// Everything else that names the page as a place to go to.
fn others(book: &Book, spans: &Spans, page: NodeId) -> Vec<Place> {
    let mut places = Vec::new();
    if book.home() == page {
        places.push(spans.in_book(&["home"]));
    }
    if book.help() == Some(page) {
        places.push(spans.in_book(&["help"]));
    }
    for command in book.commands().iter().filter(|command| command.page == page) {
        places.push(spans.in_book(&["commands", &command.name, "page"]));
    }
    let own = book.nodes().filter(|(_, _, node)| !matches!(node.kind, Kind::Question { .. }));
    for (_, id, _) in own.filter(|(_, _, node)| node.leads_to().contains(&page)) {
        let key = ["links", "then", "before", "outcome"].into_iter().find(|key| spans.at(id, &[key]) != spans.at(id, &[]));
        places.push(spans.at(id, &key.map_or(vec![], |key| vec![key])));
    }
    let id = book.name(page);
    if !book.node(page).asks.is_empty() {
        places.push(spans.at(id, &["asks"]));
    }
    let understanding = book.understanding();
    if understanding.asks.iter().any(|(goal, _)| *goal == Goal::Page(page)) && book.node(page).asks.is_empty() {
        places.push(spans.in_asks(&[id]));
    }
    for (sign, _) in understanding.signs.iter().filter(|(_, sign)| sign.page == page) {
        places.push(spans.in_signs(&[sign, "goto"]));
    }
    for (tip, _) in book.tips().into_iter().flat_map(|tips| &tips.tips).filter(|(_, tip)| tip.from == page) {
        places.push(spans.in_weekly(&["tips", tip, "from"]));
    }
    places
}
