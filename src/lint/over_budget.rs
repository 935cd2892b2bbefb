//! BC0025: the budgets that the book sets itself in `limits`: words, buttons, rows, signs.

use std::collections::BTreeMap;

use super::Case;
use super::texts::{screens, sent};
use crate::dialogue::book::{Limits, LinkRow, Services};
use crate::dialogue::text::What;
use crate::dialogue::{Book, Kind, Node, Rich};
use crate::source::{Finding, Rule, Severity, Spans};

pub static RULE: Rule = Rule {
    id: "BC0025",
    name: "over-budget",
    severity: Severity::Error,
    summary: "A page or a tip has more words, buttons or rows than the book's own `limits` allow.",
};

/// With more pages than these over one budget, the budget is wrong, and not the pages.
const MANY: usize = 10;

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let limits = book.limits();
    let mut all: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for (_, id, node) in book.nodes() {
        let mut over = |way: &[&str], count: usize, most: Option<usize>, Budget { key, what, hint }: &Budget| {
            let Some(most) = most.filter(|most| count > *most) else { return };
            let message = format!("{count} {what}; this book allows {most}.");
            all.entry(*key).or_default().push(Finding::new(&RULE, spans.at(id, way), message, *hint));
        };
        let (most, budget) = match node.kind {
            Kind::Advice { .. } => (limits.advice_words, &ADVICE_WORDS),
            _ => (limits.page_words, &PAGE_WORDS),
        };
        for screen in screens(node) {
            over(&screen.way(), words(screen.text), most, budget);
        }
        buttons(node, limits, &mut over);
    }
    for (key, over) in all {
        if over.len() <= MANY {
            findings.extend(over);
            continue;
        }
        let message = format!("{} places of the book are over this budget.", over.len());
        let hint = "Raise it, or set it once the pages keep it.";
        findings.push(Finding::new(&RULE, spans.in_book(&["limits", key]), message, hint));
    }
    tips(book, spans, findings);
}

/// What a key of `limits` counts.
struct Budget {
    key: &'static str,
    what: &'static str,
    hint: &'static str,
}

const fn budget(key: &'static str, what: &'static str, hint: &'static str) -> Budget {
    Budget { key, what, hint }
}

static PAGE_WORDS: Budget = budget("page-words", "words on a page", "Say one thing a page, and link to the rest.");
static ADVICE_WORDS: Budget = budget("advice-words", "words on an advice page", "Say one thing a page, and link to the rest.");
static LINKS: Budget =
    budget("buttons", "buttons on a page", "Keep those that most people want; the others fit a page of their own.");
static LINK_ROWS: Budget = budget("rows", "rows of buttons", "Put short labels in one row, or leave the rows to the bot.");
static ANSWERS: Budget = budget("buttons", "answers", "Ask two shorter questions instead.");
static SIGNS: Budget = budget("signs", "rows to tick", "Make two lists of it.");

fn tips(book: &Book, spans: &Spans, findings: &mut Vec<Finding>) {
    let Some(most) = book.limits().tip_words else { return };
    for (id, tip) in sent(book) {
        let count = words(&tip.text);
        if count > most {
            let message = format!("{count} words in a weekly tip; this book allows {most}.");
            let hint = "One idea a tip: the page behind it has room for the rest.";
            findings.push(Finding::new(&RULE, spans.in_weekly(&["tips", id, "text"]), message, hint));
        }
    }
}

type Over<'a> = dyn FnMut(&[&str], usize, Option<usize>, &Budget) + 'a;

/// Answers to the weeks and regions are as many as there are: only what an author chooses to offer is counted.
fn buttons(node: &Node, limits: &Limits, over: &mut Over) {
    match &node.kind {
        Kind::Page { links, .. } | Kind::Advice { links, .. } | Kind::Services(Services { links, .. }) => {
            let count = links.iter().map(|row| if let LinkRow::Row(row) = row { row.len() } else { 1 }).sum();
            over(&["links"], count, limits.buttons, &LINKS);
            over(&["links"], fewest_rows(links), limits.rows, &LINK_ROWS);
        }
        Kind::Question { answers, .. } => over(&["answers"], answers.len(), limits.buttons, &ANSWERS),
        Kind::Checklist(list) => over(&["signs"], list.signs.len(), limits.signs, &SIGNS),
        _ => {}
    }
}

/// Rows laid by the author stay; what stands loose between them is packed, into one row at least.
fn fewest_rows(links: &[LinkRow]) -> usize {
    let mut rows = 0;
    let mut after_loose = false;
    for row in links {
        let is_loose = matches!(row, LinkRow::Loose(_));
        rows += usize::from(!(is_loose && after_loose));
        after_loose = is_loose;
    }
    rows
}

/// Words as the author wrote them. A placeholder counts as one, however a region says it: or a region with a long name for the
/// midwife would put pages over their budget that nobody touched.
fn words(text: &Rich) -> usize {
    let line = |block: &crate::dialogue::text::Block| {
        let pieces = block.pieces.iter().map(|piece| match &piece.what {
            What::Words(words) => words.as_str(),
            What::Slot(_) => "x",
        });
        let line: String = pieces.collect();
        line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
    };
    text.blocks.iter().map(line).sum()
}
