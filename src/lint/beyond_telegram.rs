//! BC0024: how many buttons and commands Telegram takes.

use super::Case;
use crate::dialogue::Kind;
use crate::dialogue::book::{LinkRow, Services};
use crate::source::{Finding, Place, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0024",
    name: "beyond-telegram",
    severity: Severity::Error,
    summary: "More buttons on a page, in a row, or more commands than Telegram takes.",
};

/// Telegram takes 100; the fixed row and the bottom of a checklist need a few.
const BUTTONS: usize = 95;
pub const IN_A_ROW: usize = 8;
const COMMANDS: usize = 99;

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let mut too_many = |count: usize, most: usize, what: &str, place: &dyn Fn() -> Place| {
        if count > most {
            let message = format!("{count} {what} are more than the {most} that Telegram takes.");
            findings.push(Finding::new(&RULE, place(), message, "Take some out, or make two pages of it."));
        }
    };
    for (_, id, node) in book.nodes() {
        let (list, count) = match &node.kind {
            Kind::Page { links, .. } | Kind::Advice { links, .. } | Kind::Services(Services { links, .. }) => {
                for (at, row) in links.iter().enumerate() {
                    let LinkRow::Row(row) = row else { continue };
                    too_many(row.len(), IN_A_ROW, "buttons in a row", &|| spans.at(id, &["links", &at.to_string()]));
                }
                let count = links.iter().map(|row| if let LinkRow::Row(row) = row { row.len() } else { 1 });
                ("links", count.sum())
            }
            Kind::Question { answers, .. } => ("answers", answers.len()),
            Kind::Weeks { answers, .. } => ("answers", answers.len()),
            Kind::Checklist(checklist) => ("signs", checklist.signs.len()),
            Kind::Regions { .. } => ("regions", book.regions().len()),
            Kind::Languages { .. } => ("languages", book.languages().len()),
            Kind::Outcome { .. } | Kind::Steps(_) | Kind::Weekly | Kind::Saved { .. } | Kind::UnitNumber { .. } => continue,
        };
        too_many(count, BUTTONS, "buttons", &|| spans.at(id, &[list]));
    }
    too_many(book.commands().len(), COMMANDS, "commands", &|| spans.in_book(&["commands"]));
}
