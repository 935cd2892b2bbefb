//! BC0052: a phone number that some region says for a placeholder, typed into a text: everybody else would read it too.
//!
//! Numbers are compared whole. Weeks, doses and years are no phone numbers: what no region says is not looked at, nor is a number
//! with a unit behind it or "page" before it, nor one inside a larger number or a web address.

use std::collections::HashMap;
use std::ops::Range;

use super::Case;
use super::prose::{Prose, Word};
use super::said::{What, labels, texts};
use crate::dialogue::Book;
use crate::dialogue::book::Saying;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0052",
    name: "literal-number",
    severity: Severity::Error,
    summary: "A phone number is typed into a text where a placeholder belongs, so readers of other countries would call it.",
};

/// What is shorter is no phone number.
const SHORTEST: usize = 3;
/// A country code, or the 0 in its place, makes a long number no other: so many digits from the end tell it.
const TELLING: usize = 9;
/// The parts in which people write the longest numbers: +1 833 852 62 62.
const MOST_PARTS: usize = 8;
/// What has a number for a name, before it.
const NUMBERED: [&str; 12] =
    ["page", "pages", "step", "part", "chapter", "week", "day", "tip", "question", "version", "room", "ward"];
/// What is counted or measured, behind a number.
const UNITS: [&str; 22] = [
    "minutes", "hours", "days", "weeks", "months", "years", "seconds", "times", "degrees", "mg", "g", "kg", "ml", "l", "cm",
    "m", "km", "calories", "kcal", "steps", "people", "women",
];

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let known = Known::new(book);
    if known.0.is_empty() {
        return;
    }
    for said in texts(book).into_iter().chain(labels(book)) {
        let prose = said.prose();
        for (words, whose) in known.find(&prose) {
            let message = format!("{} is what {{{}}} says in {}.", prose.say(words.clone()), whose.placeholder, whose.region);
            let hint = match said.what {
                What::Text(_) => {
                    format!("Write {{{}}}: then everybody reads the number of their own country.", whose.placeholder)
                }
                What::Label(_) => String::from("These words are the same in every country: leave the number to a text."),
            };
            findings.push(Finding::new(&RULE, said.place(spans, &prose, words), message, hint));
        }
    }
}

/// The placeholder and the region that say a number.
struct Whose<'a> {
    placeholder: &'a str,
    region: &'a str,
}

struct Known<'a>(HashMap<String, Whose<'a>>);

impl<'a> Known<'a> {
    /// The first region counts, and in it the placeholder that says the number and nothing else.
    fn new(book: &'a Book) -> Known<'a> {
        let mut known = HashMap::new();
        for (region, parts) in book.regions() {
            let mut say: Vec<(&String, &Vec<Saying>)> = parts.say.iter().collect();
            say.sort_by_key(|(placeholder, sayings)| (sayings.iter().map(|saying| saying.words.len()).min(), *placeholder));
            for (placeholder, sayings) in say {
                for prose in sayings.iter().map(|saying| Prose::plain(&saying.words)) {
                    for run in runs(&prose) {
                        let digits = digits(&prose, run);
                        if digits.len() >= SHORTEST {
                            known.entry(telling(&digits)).or_insert(Whose { placeholder, region });
                        }
                    }
                }
            }
        }
        Known(known)
    }

    fn find(&self, prose: &Prose) -> Vec<(Range<usize>, &Whose<'a>)> {
        runs(prose).into_iter().flat_map(|run| self.find_in(prose, run)).collect()
    }

    /// The phone numbers of a run, if nothing in it is left over but small numbers: 999 24 hours a day, but not the 111 in the
    /// middle of some other phone number.
    fn find_in(&self, prose: &Prose, run: Range<usize>) -> Vec<(Range<usize>, &Whose<'a>)> {
        let mut found = Vec::new();
        let mut from = run.start;
        while from < run.end {
            let most = run.end.min(from + MOST_PARTS);
            let longest = (from + 1..=most).rev().find_map(|to| Some((to, self.0.get(&telling(&digits(prose, from..to)))?)));
            match longest {
                Some((to, whose)) => {
                    found.push((from..to, whose));
                    from = to;
                }
                None if digits(prose, from..from + 1).len() >= SHORTEST => return Vec::new(),
                None => from += 1,
            }
        }
        found.retain(|(words, _)| !is_measured(prose, words.end) && !is_name(prose, words.start));
        found
    }
}

/// Whether a unit stands directly behind.
fn is_measured(prose: &Prose, next: usize) -> bool {
    prose.word(next).is_some_and(|word| UNITS.contains(&word.as_str()))
        && next.checked_sub(1).and_then(|last| prose.words.get(last)).is_some_and(|last| !last.ends)
}

/// Whether it is the number of a page or the like.
fn is_name(prose: &Prose, number: usize) -> bool {
    let before = number.checked_sub(1);
    before.and_then(|before| prose.word(before)).is_some_and(|word| NUMBERED.contains(&word.as_str()))
        && before.and_then(|before| prose.words.get(before)).is_some_and(|before| !before.ends)
}

fn telling(digits: &str) -> String {
    digits.get(digits.len().saturating_sub(TELLING)..).unwrap_or(digits).to_owned()
}

fn digits(prose: &Prose, words: Range<usize>) -> String {
    prose.say(words).chars().filter(char::is_ascii_digit).collect()
}

/// Words of digits that stand together as in a phone number.
fn runs(prose: &Prose) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (number, _) in prose.words.iter().enumerate().filter(|(_, word)| is_number(prose, word)) {
        match runs.last_mut() {
            Some(run) if run.end == number && goes_on(prose, number) => run.end = number + 1,
            _ => runs.push(number..number + 1),
        }
    }
    runs
}

fn goes_on(prose: &Prose, number: usize) -> bool {
    let between = prose.words.get(number - 1).zip(prose.words.get(number)).map(|(last, next)| last.at.end..next.at.start);
    let between = between.and_then(|at| prose.text.get(at)).unwrap_or_default();
    !between.is_empty() && between.chars().all(|char| matches!(char, ' ' | '\u{a0}' | '-' | '\u{2011}' | '(' | ')'))
}

/// Digits alone, and no part of a larger number or of an address.
fn is_number(prose: &Prose, word: &Word) -> bool {
    let is_digits = prose.text.get(word.at.clone()).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let joins = |char: char| matches!(char, '.' | ',' | ':' | '/' | '@' | '#');
    let mut before = prose.text.get(..word.at.start).unwrap_or_default().chars().rev();
    let mut after = prose.text.get(word.at.end..).unwrap_or_default().chars();
    let glued_before = match before.next() {
        Some('£' | '$' | '€') => true,
        Some(char) => joins(char) && before.next().is_some_and(char::is_alphanumeric) || char == '/',
        None => false,
    };
    let is_share = after.as_str().trim_start().starts_with(['%', '°']);
    let glued_after = match after.next() {
        Some(char) => joins(char) && after.next().is_some_and(char::is_alphanumeric),
        None => false,
    };
    is_digits && !glued_before && !glued_after && !is_share
}
