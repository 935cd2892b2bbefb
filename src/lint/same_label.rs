//! BC0046: two buttons that say the same and lead to different places: nobody can choose between them.

use std::collections::HashSet;

use super::Case;
use super::keyboards::{Row, Seen, Words, keyboards};
use crate::dialogue::book::Goto;
use crate::dialogue::button::{Button, Deed};
use crate::dialogue::words::Label;
use crate::dialogue::{Book, Hash, Kind, NodeId, Press};
use crate::source::{Finding, Place, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0046",
    name: "same-label",
    severity: Severity::Error,
    summary: "Two buttons on one screen have the same label and lead to different places.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    // Two pages of one title, or two phrases of the bot that are the same, are one mistake, on however many screens they meet.
    let mut told: HashSet<(Words, Words)> = HashSet::new();
    for (at, id, _) in book.nodes() {
        for rows in keyboards(book, at) {
            for (first, second) in twins(book, at, &rows) {
                if let (Some(one), Some(other)) = (first.words.shared(), second.words.shared())
                    && !told.insert((one, other))
                {
                    continue;
                }
                findings.push(finding(book, spans, id, first, second));
            }
        }
    }
}

fn finding(book: &Book, spans: &Spans, page: &str, first: &Seen, second: &Seen) -> Finding {
    let message = format!("Two buttons of `{page}` say \"{}\" and lead to different places.", second.key.label.trim());
    let title =
        |at: NodeId| (spans.at(book.name(at), &["title"]), "Give one of the two another title, or its button a `label`.");
    let (place, hint) = match (&first.words, &second.words) {
        // The later of two pages is the newer one, most often.
        (Words::Title(one, _), Words::Title(other, _)) => title(*one.max(other)),
        (Words::Title(at, _), Words::Bot(_)) | (Words::Bot(_), Words::Title(at, _)) => title(*at),
        (Words::Bot(_), Words::Bot(_)) => (later_phrase(book, spans, second), "Say on each what it does."),
        // The words of a page are mended sooner than those of the bot.
        (Words::Page(_), Words::Bot(_)) => (first.words.place(spans, page), "Say on each what is behind it."),
        (_, own) => (own.place(spans, page), "Say on each what is behind it."),
    };
    Finding::new(&RULE, place, message, hint)
}

/// The later of the bot's phrases that say the same.
fn later_phrase(book: &Book, spans: &Spans, seen: &Seen) -> Place {
    let same = |label: &&Label| plain(book.words().label(**label)) == plain(&seen.key.label);
    let label = Label::ALL.iter().rev().find(same);
    label.map_or_else(|| seen.words.place(spans, ""), |label| spans.in_words(&[label.name()]))
}

/// A label as readers tell it from others.
fn plain(label: &str) -> String {
    label.trim().to_lowercase()
}

/// Each button whose label an earlier one has, beside that one.
fn twins<'a>(book: &Book, at: NodeId, rows: &'a [Row]) -> Vec<(&'a Seen, &'a Seen)> {
    let all: Vec<(String, &Seen)> = rows.iter().flatten().map(|seen| (plain(&seen.key.label), seen)).collect();
    let mut twins = Vec::new();
    for (number, (label, seen)) in all.iter().enumerate() {
        let earlier = all.iter().take(number).find(|(other, _)| other == label);
        if let Some((_, first)) = earlier
            && goal(book, at, &first.key.press) != goal(book, at, &seen.key.press)
        {
            twins.push((*first, *seen));
        }
    }
    twins
}

/// What a press comes to. An answer is where it leads, so that two ways to one page may say the same.
#[derive(PartialEq, Eq)]
enum Goal<'a> {
    Page(Hash),
    Press(&'a Press),
}

fn goal<'a>(book: &Book, at: NodeId, press: &'a Press) -> Goal<'a> {
    let Press::Token(token) = press else { return Goal::Press(press) };
    let page = match Button::from_token(token) {
        Some(Button { deed: Deed::Open, page, .. }) => Some(page),
        Some(Button { deed: Deed::Answer { key, .. }, .. }) => answer(book, at, key),
        _ => None,
    };
    page.map_or(Goal::Press(press), Goal::Page)
}

fn answer(book: &Book, at: NodeId, key: Hash) -> Option<Hash> {
    let Kind::Question { answers, .. } = &book.node(at).kind else { return None };
    answers.iter().find(|(id, _)| Hash::of(id) == key).and_then(|(_, answer)| match answer.goto {
        Goto::Node(to) => Some(book.hash(to)),
        Goto::Onward => None,
    })
}
