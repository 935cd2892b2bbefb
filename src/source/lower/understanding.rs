//! `understanding.yaml`, `signs.yaml` and `asks.yaml`: how people say what they mean, the warning signs, and asks beside those on pages.

use indexmap::IndexMap;

use super::desk::{Desk, listed, nearest};
use super::front::top;
use super::keys::{
    ASKED, CUES, EXAMPLES, GOTO, MEANINGS, OTHER_LANGUAGE, PAST, SAYS, SPELLING, UNDERSTANDING, WARNING, WARNING_WEEKS,
};
use super::names::Names;
use crate::dialogue::understand::{BEYOND, Cue, Goal, Item, Link, Parts, SignParts, Wish};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Entry, Tree, What};

impl Desk<'_> {
    /// Words that mean the same, and what tells how a thing is meant.
    pub fn understanding_file(&mut self, tree: &Tree, names: &Names) -> Parts {
        let mut parts = Parts::default();
        if matches!(tree.what, What::Broken | What::Nothing) {
            return parts;
        }
        let Some(fields) = self.fields(tree, top(tree), &UNDERSTANDING) else { return parts };
        if let Some(tree) = fields.get(&CUES) {
            parts.cues = self.cues(tree);
        }
        if let Some(tree) = fields.get(&MEANINGS) {
            for entry in self.ids(tree, tree.span, "`words`") {
                parts.meanings.insert(entry.key.clone(), self.phrases(Some(&entry.value), &entry.key));
            }
        }
        if let Some(tree) = fields.get(&SPELLING)
            && let Some((entries, _)) = self.map(tree, tree.span, "`spelling`")
        {
            for entry in entries {
                let long = self.words(&entry.value, &entry.key);
                parts.spelling.extend(long.map(|long| (entry.key.clone(), long)));
            }
        }
        parts.other_language = fields.get(&OTHER_LANGUAGE).and_then(|tree| self.page(tree, OTHER_LANGUAGE.name, names));
        parts
    }

    fn cues(&mut self, tree: &Tree) -> Vec<(Cue, Vec<String>)> {
        let Some((entries, _)) = self.map(tree, tree.span, "`cues`") else { return Vec::new() };
        let known = || Cue::ALL.iter().map(|cue| cue.name());
        let mut cues = Vec::new();
        for entry in entries {
            let Some(cue) = Cue::ALL.iter().find(|cue| cue.name() == entry.key) else {
                self.unknown_name(entry, "cue", known());
                continue;
            };
            cues.push((*cue, self.phrases(Some(&entry.value), &entry.key)));
        }
        cues
    }

    fn unknown_name<'n>(&mut self, entry: &Entry, what: &str, known: impl Iterator<Item = &'n str> + Clone) {
        let hint = match nearest(&entry.key, known.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("There are {}.", listed(known)),
        };
        self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("There is no {what} `{}`.", entry.key), hint);
    }

    /// Warning signs, the most urgent first.
    pub fn signs_file(
        &mut self,
        tree: &Tree,
        meanings: &IndexMap<String, Vec<String>>,
        names: &Names,
    ) -> IndexMap<String, SignParts> {
        let mut signs = IndexMap::new();
        if matches!(tree.what, What::Broken | What::Nothing) {
            return signs;
        }
        for entry in self.ids(tree, top(tree), "signs.yaml") {
            let Some(fields) = self.fields(&entry.value, entry.key_span, &WARNING) else { continue };
            let page = self.need(&fields, &GOTO).and_then(|tree| self.page(tree, GOTO.name, names));
            let weeks = fields.get(&WARNING_WEEKS).and_then(|tree| self.weeks(tree));
            let past_counts = fields.get(&PAST).is_some_and(|tree| self.counts(tree, PAST.name));
            let asked_counts = fields.get(&ASKED).is_some_and(|tree| self.counts(tree, ASKED.name));
            let says = self.need(&fields, &SAYS).map(|tree| self.says(tree, meanings)).unwrap_or_default();
            let examples = self.need(&fields, &EXAMPLES);
            let examples = self.phrases(examples, EXAMPLES.name);
            signs.extend(
                page.map(|page| (entry.key.clone(), SignParts { page, weeks, past_counts, asked_counts, says, examples })),
            );
        }
        signs
    }

    fn counts(&mut self, tree: &Tree, name: &str) -> bool {
        let counts = self.raw(tree, name).is_some_and(|raw| PAST.takes.names().contains(&raw));
        if !counts {
            let message = format!("`{name}` can only say `counts`.");
            self.add(&rule::WRONG_VALUE, tree.span, message, format!("Write `{name}: counts`, or take the key out."));
        }
        counts
    }

    fn says(&mut self, tree: &Tree, meanings: &IndexMap<String, Vec<String>>) -> Vec<Vec<(Link, Item)>> {
        let Some(items) = self.list(tree, SAYS.name) else { return Vec::new() };
        let mut says = Vec::with_capacity(items.len());
        for item in items {
            let Some(written) = self.text(item, SAYS.name).map(str::to_owned) else { continue };
            let pieces = pieces(&written);
            for piece in &pieces {
                if let (_, Item::Meaning(name)) = piece
                    && !meanings.contains_key(name)
                {
                    self.unknown_meaning(name, item.span, meanings);
                }
            }
            says.push(pieces);
        }
        says
    }

    fn unknown_meaning(&mut self, name: &str, at: Span, meanings: &IndexMap<String, Vec<String>>) {
        let hint = match self.guess(name, meanings.keys().map(String::as_str)) {
            Some(near) => format!("Did you mean `{{{near}}}`?"),
            None => String::from("List its words in understanding.yaml, under `words`."),
        };
        self.add_about(&rule::UNKNOWN_MEANING, at, format!("No words are listed for `{{{name}}}`."), hint, name);
    }

    /// Asks by page, by command, and those that lie beyond the book.
    pub fn asks_file(&mut self, tree: &Tree, names: &Names) -> Vec<(Goal, Vec<String>)> {
        let mut asks = Vec::new();
        if matches!(tree.what, What::Broken | What::Nothing) {
            return asks;
        }
        let Some((entries, _)) = self.map(tree, top(tree), "asks.yaml") else { return asks };
        for entry in entries {
            let wish = Wish::ALL.into_iter().find(|wish| wish.name() == entry.key);
            let key = Tree { span: entry.key_span, what: What::Nothing };
            let goal = match wish {
                Some(wish) => Some(Goal::Weekly(wish)),
                None if entry.key == BEYOND => Some(Goal::Beyond),
                None => self.page_named(&entry.key, &key, names).map(Goal::Page),
            };
            let phrases = self.phrases(Some(&entry.value), &entry.key);
            asks.extend(goal.map(|goal| (goal, phrases)));
        }
        asks
    }
}

/// `{leg} gone {numb}`: meanings in braces, the words between them as they are. `> {numb}`: close behind; `! {cat}`: nowhere near.
fn pieces(written: &str) -> Vec<(Link, Item)> {
    let mut items = Vec::new();
    let mut rest = written;
    let mut link = Link::With;
    loop {
        let to = rest.find(['{', '>', '!']).unwrap_or(rest.len());
        let (words, after) = rest.split_at(to);
        if !words.trim().is_empty() {
            items.push((std::mem::replace(&mut link, Link::With), Item::Words(words.trim().to_owned())));
        }
        let mut chars = after.chars();
        match chars.next() {
            Some('>') => link = Link::Then,
            Some('!') => link = Link::Without,
            Some(_) => {
                let (name, behind) = chars.as_str().split_once('}').unwrap_or((chars.as_str(), ""));
                items.push((std::mem::replace(&mut link, Link::With), Item::Meaning(name.trim().to_owned())));
                chars = behind.chars();
            }
            None => return items,
        }
        rest = chars.as_str();
    }
}
