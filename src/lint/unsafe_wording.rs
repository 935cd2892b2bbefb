//! BC0051: words that the book never says to a reader, from its own list `never-say`.
//!
//! They are found as words: in any case, with any apostrophe, and over marks of bold and italic words; never across the end of a
//! sentence or a placeholder, and never in what readers type.

use std::collections::HashMap;

use super::Case;
use super::prose::{Prose, compared, split};
use super::said::{labels, regions, texts};
use crate::dialogue::book::NeverSay;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0051",
    name: "unsafe-wording",
    severity: Severity::Error,
    summary: "Words that the book's `never-say` lists, such as \"nothing serious\", would reach a reader.",
};

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let never = Never::new(book.never_say());
    for said in texts(book).into_iter().chain(labels(book)).chain(regions(book)) {
        let prose = said.prose();
        for (from, to, never) in never.find(&prose) {
            let message = format!("The bot never says \"{}\".", never.words);
            let hint = match &never.because {
                Some(because) => format!("{}. Say what to do instead.", capital(because.trim_end_matches('.'))),
                None => String::from("book.yaml lists it under `never-say`. Say what to do instead."),
            };
            findings.push(Finding::new(&RULE, said.place(spans, &prose, from..to), message, hint));
        }
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The list by first words, so that most words of a text are looked at once.
struct Never<'a>(HashMap<String, Vec<(Vec<String>, &'a NeverSay)>>);

impl<'a> Never<'a> {
    fn new(list: &'a [NeverSay]) -> Never<'a> {
        let mut by_first: HashMap<String, Vec<(Vec<String>, &NeverSay)>> = HashMap::new();
        for never in list {
            let words = split(&never.words).into_iter().filter_map(|word| never.words.get(word.at)).map(compared);
            let words: Vec<String> = words.collect();
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push((words, never));
            }
        }
        Never(by_first)
    }

    /// First word, one past the last, and what is never said.
    fn find(&self, prose: &Prose) -> Vec<(usize, usize, &'a NeverSay)> {
        let words: Vec<Option<String>> = (0..prose.words.len()).map(|number| prose.word(number)).collect();
        let mut found = Vec::new();
        for (from, word) in words.iter().enumerate() {
            let begun = word.as_ref().and_then(|word| self.0.get(word)).into_iter().flatten();
            for (never, entry) in begun {
                let to = from + never.len();
                let same = words.get(from..to).is_some_and(|words| words.iter().flatten().eq(never.iter()));
                let apart = prose.words.get(from..to - 1).is_none_or(|before_last| before_last.iter().any(|word| word.ends));
                if same && !apart {
                    found.push((from, to, *entry));
                }
            }
        }
        found
    }
}
