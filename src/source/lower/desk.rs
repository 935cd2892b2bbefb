//! Where one file is worked on: reads values of the tree as what they should be, and writes down whatever is wrong with them.
//!
//! Every reader gives `None` when it has reported something, so that nothing is reported twice. What was broken before is silent.

use std::collections::{HashMap, HashSet};

use serde_saphyr::granit_parser::ScalarStyle;

use super::keys::{Key, Shape};
use super::takes::Takes;
use crate::dialogue::WeekCount;
use crate::source::finding::{FileId, Finding, Place, SourceFile, Span};
use crate::source::rule::{self, Rule};
use crate::source::syntax::BLOCK_OR_QUOTES;
use crate::source::tree::{Entry, Tree, What};

pub struct Desk<'a> {
    pub file: FileId,
    pub source: Option<&'a SourceFile>,
    /// The text of the file.
    pub text: &'a str,
    pub findings: &'a mut Vec<Finding>,
    /// What the book counts.
    pub weeks: WeekCount,
}

/// A mapping whose keys are known, and were looked through.
#[derive(Clone, Copy)]
pub struct Fields<'t> {
    entries: &'t [Entry],
    shape: &'static Shape,
    /// Where its absence of a key is pointed out.
    at: Span,
}

impl<'t> Fields<'t> {
    pub fn get(&self, key: &'static Key) -> Option<&'t Tree> {
        self.entries.iter().find(|entry| entry.key == key.name).map(|entry| &entry.value)
    }
}

impl Desk<'_> {
    pub fn add(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(Finding::new(rule, Place { file: self.file, span }, message, hint));
    }

    /// The same about a name that nothing gives: however often it is used, it is told once.
    pub fn add_about(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
        name: &str,
    ) {
        self.findings.push(Finding::new(rule, Place { file: self.file, span }, message, hint).about(name));
    }

    /// The known name that was most likely meant. The more names, the more a guess costs: a book that is wrong throughout gets them
    /// for its first mistakes only.
    pub fn guess<'n>(&self, typed: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        if self.findings.len() < 200 { nearest(typed, known) } else { None }
    }

    fn written(&self, span: Span) -> &str {
        self.text.get(span.from..span.to).unwrap_or_default()
    }

    // --- mappings and lists --------------------------------------------------------------------------------------------------------

    /// A mapping of known keys. `at` is what it belongs to: the key above it.
    pub fn fields<'t>(&mut self, tree: &'t Tree, at: Span, shape: &'static Shape) -> Option<Fields<'t>> {
        let (entries, flow) = self.map(tree, at, shape.name)?;
        for entry in entries {
            if !shape.all().any(|key| key.name == entry.key) {
                self.unknown_key(entry, flow, shape);
            }
        }
        Some(Fields { entries, shape, at })
    }

    fn unknown_key(&mut self, entry: &Entry, flow: bool, shape: &'static Shape) {
        if flow && entry.value.what == What::Nothing {
            let hint = "A text with a comma in it needs double quotes when it stands in `{` and `}`.";
            self.add(&rule::CUT_TEXT, entry.key_span, "The comma before this ended the text.", hint);
            return;
        }
        let names = || shape.all().map(|key| key.name);
        let hint = match self.guess(&entry.key, names()) {
            Some(name) => format!("Did you mean `{name}`?"),
            None => format!("It can have {}.", listed(names())),
        };
        self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("`{}` isn't a key of {}.", entry.key, shape.name), hint);
    }

    /// The value of a key that must be there.
    pub fn need<'t>(&mut self, fields: &Fields<'t>, key: &'static Key) -> Option<&'t Tree> {
        let is_told = fields.shape.needs.iter().any(|needed| needed.name == key.name);
        debug_assert!(is_told, "`needs` of {} lacks `{}`", fields.shape.name, key.name);
        self.need_here(fields, key)
    }

    /// The value of a key that must be there in this place, and may be left out in others of its shape.
    pub fn need_here<'t>(&mut self, fields: &Fields<'t>, key: &'static Key) -> Option<&'t Tree> {
        let found = fields.get(key);
        if found.is_none() {
            // In a text cut by a comma, or beside a misspelt key, the missing one is the same mistake.
            let misspelt = fields.entries.iter().map(|entry| entry.key.as_str()).any(|typed| {
                !fields.shape.all().any(|known| known.name == typed)
                    && nearest(typed, fields.shape.all().map(|known| known.name)) == Some(key.name)
            });
            if !misspelt {
                self.add(&rule::MISSING_KEY, fields.at, format!("`{}` is missing.", key.name), key.what);
            }
        }
        found
    }

    /// The entries of a mapping, double keys reported. `name` is what it is called in a sentence.
    pub fn map<'t>(&mut self, tree: &'t Tree, at: Span, name: &str) -> Option<(&'t [Entry], bool)> {
        match &tree.what {
            What::Map { entries, flow } => {
                self.repeated(entries);
                if entries.is_empty() {
                    self.add(
                        &rule::EMPTY,
                        tree.span,
                        format!("{} has nothing in it.", capital(name)),
                        "Fill it, or take the key out.",
                    );
                    return None;
                }
                Some((entries, *flow))
            }
            What::Nothing => {
                let hint = "Write its keys below it, indented, or take it out.";
                self.add(&rule::EMPTY, at, format!("{} has nothing in it.", capital(name)), hint);
                None
            }
            _ => {
                let hint = "Keys and values go below it, indented, or in `{` and `}`.";
                self.wrong_type(tree, &format!("{} has keys of its own", capital(name)), hint);
                None
            }
        }
    }

    fn repeated(&mut self, entries: &[Entry]) {
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
        for entry in entries {
            if let Some(first) = seen.get(entry.key.as_str()) {
                let line = self.source.map_or(0, |source| source.line_of(first.from)) + 1;
                let message = format!("`{}` stands here a second time.", entry.key);
                self.add(
                    &rule::REPEATED_KEY,
                    entry.key_span,
                    message,
                    format!("The first is on line {line}: keep one of them."),
                );
            } else {
                seen.insert(&entry.key, entry.key_span);
            }
        }
    }

    /// A mapping whose keys are ids that the author chose.
    pub fn ids<'t>(&mut self, tree: &'t Tree, at: Span, name: &str) -> Vec<&'t Entry> {
        let Some((entries, _)) = self.map(tree, at, name) else { return Vec::new() };
        let mut seen = HashSet::with_capacity(entries.len());
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            self.id(&entry.key, entry.key_span);
            if seen.insert(&entry.key) {
                kept.push(entry);
            }
        }
        kept
    }

    /// Whether an id is made as ids are; reported if not.
    pub fn id(&mut self, id: &str, span: Span) -> bool {
        let good = is_id(id);
        if !good {
            let hint = "An id is made of small letters a-z, digits and hyphens. It stays for ever, so choose it well.";
            self.add(&rule::BAD_ID, span, format!("`{id}` can't be an id."), hint);
        }
        good
    }

    pub fn list<'t>(&mut self, tree: &'t Tree, name: &str) -> Option<&'t [Tree]> {
        match &tree.what {
            What::List { items, .. } if items.is_empty() => {
                self.add(&rule::EMPTY, tree.span, format!("`{name}` has nothing in it."), "Fill it, or take the key out.");
                None
            }
            What::List { items, .. } => Some(items),
            What::Nothing => {
                self.add(&rule::EMPTY, tree.span, format!("`{name}` has nothing in it."), "Fill it, or take the key out.");
                None
            }
            _ => {
                self.wrong_type(
                    tree,
                    &format!("`{name}` is a list"),
                    "Put it in `[` and `]`, or each item on a line after `- `.",
                );
                None
            }
        }
    }

    /// Reports that `tree` is not what belongs here, unless it was broken before.
    pub fn wrong_type(&mut self, tree: &Tree, expected: &str, hint: &str) {
        let found = match &tree.what {
            What::Broken => return,
            What::Nothing => "nothing stands here",
            What::Scalar { .. } => "here are just words",
            What::List { .. } => "here is a list",
            What::Map { .. } => "here are keys",
        };
        self.add(&rule::WRONG_TYPE, tree.span, format!("{expected}, but {found}."), hint);
    }

    /// A span that people can see: an empty block begins below its `|`, so that is pointed at instead.
    fn seen(&self, span: Span) -> Span {
        if !self.written(span).trim().is_empty() {
            return span;
        }
        let before = self.text.get(..span.from).unwrap_or_default().trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        Span::new(before.len() - last, before.len())
    }

    // --- scalars -------------------------------------------------------------------------------------------------------------------

    /// Any scalar as it was written, its ends trimmed.
    pub fn raw<'t>(&mut self, tree: &'t Tree, name: &str) -> Option<&'t str> {
        match &tree.what {
            What::Scalar { raw, .. } if raw.trim().is_empty() => {
                self.add(&rule::EMPTY, self.seen(tree.span), format!("`{name}` is empty."), "Fill it, or take the key out.");
                None
            }
            What::Scalar { raw, .. } => Some(raw.trim()),
            What::Nothing => {
                // An empty value has no place of its own: the end of its line shows it well enough.
                self.add(&rule::EMPTY, tree.span, format!("`{name}` is empty."), "Fill it, or take the key out.");
                None
            }
            What::List { flow: true, .. } | What::Map { flow: true, .. } if !self.written(tree.span).is_empty() => {
                let sign = self.written(tree.span).chars().next().unwrap_or('{');
                let message = format!("A text can't start with `{sign}` unless it is in quotes or in a block.");
                self.add(&rule::WRONG_TYPE, tree.span, message, BLOCK_OR_QUOTES);
                None
            }
            _ => {
                self.wrong_type(
                    tree,
                    &format!("`{name}` takes a text"),
                    "Write the text after the colon, or below it after `|`.",
                );
                None
            }
        }
    }

    /// Words that people read: nothing may have cut them.
    pub fn text<'t>(&mut self, tree: &'t Tree, name: &str) -> Option<&'t str> {
        let raw = self.raw(tree, name)?;
        if let Some(cut) = self.cut_by_note(tree) {
            let hint = "If `#` belongs to the text, put the text in double quotes. If it starts a note, put two spaces before it and one after.";
            self.add(&rule::CUT_TEXT, cut, "`#` ends the text here.", hint);
            return None;
        }
        Some(raw)
    }

    /// The rest of the line after an unquoted text, if it is a note that was perhaps meant as text: a proper note has two spaces
    /// before its `#` and one after.
    fn cut_by_note(&self, tree: &Tree) -> Option<Span> {
        if !matches!(tree.what, What::Scalar { style: ScalarStyle::Plain, .. }) {
            return None;
        }
        let rest = self.text.get(tree.span.to..)?.lines().next()?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let note = rest.get(blank..)?.strip_prefix('#')?;
        let proper = blank >= 2 && note.chars().next().is_none_or(|char| char == ' ' || char == '#');
        (!proper).then(|| Span::new(tree.span.to + blank, tree.span.to + rest.trim_end().len()))
    }

    /// A few words on one line, without markup: a label, a title.
    pub fn words(&mut self, tree: &Tree, name: &str) -> Option<String> {
        let raw = self.text(tree, name)?;
        if raw.contains('\n') {
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{name}` takes one line."), "Write it after the colon.");
            return None;
        }
        if let Some(found) = ["{", "**"].into_iter().find(|sign| raw.contains(sign)) {
            let (rule, message) = match found {
                "{" => (&rule::UNKNOWN_PLACEHOLDER, format!("Placeholders are filled in texts only, not in `{name}`.")),
                _ => (&rule::MARKDOWN, format!("`{name}` takes plain words, so the stars would be seen.")),
            };
            let place = self.find_in(tree, found);
            self.add(rule, place, message, "Say it without, or move it to a text.");
            return None;
        }
        Some(raw.to_owned())
    }

    /// Where some words of a scalar stand in the file.
    fn find_in(&self, tree: &Tree, words: &str) -> Span {
        let found = self.written(tree.span).find(words).map(|at| tree.span.from + at);
        found.map_or(tree.span, |from| Span::new(from, from + words.len()))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, tree: &Tree, name: &str) -> Option<bool> {
        match self.raw(tree, name)? {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let message = format!("`{name}` is true or false, not `{other}`.");
                self.add(&rule::WRONG_VALUE, tree.span, message, "Write `true`, or take the key out.");
                None
            }
        }
    }

    /// A whole number in the range that the key takes.
    pub fn number(&mut self, tree: &Tree, key: &'static Key) -> Option<u32> {
        let (name, allowed) = (key.name, key.takes.range());
        let raw = self.raw(tree, name)?;
        let number =
            raw.parse().ok().filter(|number| allowed.contains(number) && raw.bytes().all(|byte| byte.is_ascii_digit()));
        if number.is_none() {
            let message = format!("`{name}` is a whole number from {} to {}, not `{raw}`.", allowed.start(), allowed.end());
            self.add(&rule::WRONG_VALUE, tree.span, message, "Write it in digits.");
        }
        number
    }

    /// A number with its unit, as `5s`.
    pub fn measure(&mut self, tree: &Tree, key: &'static Key) -> Option<u32> {
        let (name, Takes::Measure(unit, most)) = (key.name, key.takes) else { return None };
        let raw = self.raw(tree, name)?;
        let number = raw.strip_suffix(unit).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|digits| digits.parse().ok()).filter(|number| (1..=most).contains(number));
        if number.is_none() {
            let message = format!("`{name}` is written as `5{unit}`, from 1{unit} to {most}{unit}, not `{raw}`.");
            self.add(&rule::WRONG_VALUE, tree.span, message, format!("Write the number and `{unit}` without a space."));
        }
        number
    }

    pub fn address(&mut self, tree: &Tree, name: &str) -> Option<String> {
        let raw = self.raw(tree, name)?;
        let rest = raw.strip_prefix("https://").or_else(|| raw.strip_prefix("http://"));
        let good = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
            && !raw.chars().any(|char| char.is_whitespace() || char.is_control());
        if !good {
            let message = format!("`{raw}` isn't a web address.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "It starts with https:// and has no spaces.");
        }
        good.then(|| raw.to_owned())
    }
}

pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The known name that was most likely meant.
pub fn nearest<'n>(typed: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if typed.len() > 60 {
        return None;
    }
    let most = (typed.chars().count() / 3).max(1);
    known
        .filter(|name| name.len().abs_diff(typed.len()) <= most)
        .map(|name| (strsim::damerau_levenshtein(typed, name), name))
        .filter(|(distance, name)| *distance <= most && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `a`, `b` and `c`.
pub fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::from("nothing"),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
