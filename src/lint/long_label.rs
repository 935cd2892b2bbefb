//! BC0047: Telegram gives the buttons of a row the same width, and cuts a label that has no room with an ellipsis.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::Case;
use super::beyond_telegram::IN_A_ROW;
use super::keyboards::{Seen, Words, keyboards};
use super::too_many_rows::MOST as MOST_ON_SCREEN;
use crate::dialogue::layout::room;
use crate::dialogue::{Book, Kind};
use crate::source::{Finding, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0047",
    name: "long-label",
    severity: Severity::Warning,
    summary: "A label is longer than its button is wide on a phone, where its end is cut off.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    // One finding for the words, however many screens show them: a long title is one mistake.
    let mut told = HashSet::new();
    for (at, id, node) in book.nodes() {
        // Rows of links are laid one by one; all others together, so that a list which is too long for its screen is one mistake.
        let laid_together = !matches!(node.kind, Kind::Page { .. } | Kind::Advice { .. } | Kind::Services(_));
        for rows in keyboards(book, at).into_iter().filter(|rows| rows.len() <= MOST_ON_SCREEN) {
            let mut crowded = false;
            for row in rows.iter().filter(|row| row.len() <= IN_A_ROW) {
                let mut cut = row.iter().filter(|seen| seen.key.label.width() > room(row.len()));
                let fresh = cut.find(|seen| seen.words.shared().is_none_or(|shared| told.insert(shared)));
                if let Some(seen) = fresh.filter(|_| !crowded) {
                    crowded = laid_together && row.len() > 1;
                    findings.push(finding(book, spans, id, seen, row.len()));
                }
            }
        }
    }
}

fn finding(book: &Book, spans: &Spans, page: &str, seen: &Seen, in_row: usize) -> Finding {
    let label = &seen.key.label;
    let row =
        if in_row == 1 { String::from("a button alone in its row") } else { format!("each of {in_row} buttons in a row") };
    let message = format!("\"{label}\" is {} letters wide; {row} shows about {} on a phone.", label.width(), room(in_row));
    match &seen.words {
        // Too long for any row: no layout helps.
        Words::Title(to, _) if label.width() > room(1) => {
            let to = book.name(*to);
            Finding::new(&RULE, spans.at(to, &["title"]), message, "Say it in fewer words.").about(to)
        }
        Words::Title(to, _) => {
            let hint = "It is the title of the page: shorten that, give this button a `label` of its own, or a row of its own.";
            Finding::new(&RULE, seen.words.place(spans, page), message, hint).about(book.name(*to))
        }
        words => {
            let hint =
                if in_row == 1 { "Say it in fewer words." } else { "Say it in fewer words, or give it a row of its own." };
            Finding::new(&RULE, words.place(spans, page), message, hint).about(page)
        }
    }
}
