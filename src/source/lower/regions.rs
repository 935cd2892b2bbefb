//! The regions of `book.yaml`: what each says for the placeholders, its numbers and its clocks.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::desk::Desk;
use super::keys::{
    CHECKED, FINDER, MILES, MONTH_FIRST, NUMBERS, REGION, REGION_NAME, SAY, SAY_WEEKS, SAY_WORDS, SAYING, ZONES,
};
use super::names::Names;
use super::rich::TICKED;
use crate::dialogue::Rich;
use crate::dialogue::book::{Region, Saying, UNKNOWN_REGION};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

impl Desk<'_> {
    pub fn regions(&mut self, tree: &Tree, names: &Names) -> IndexMap<String, Region> {
        let mut regions = IndexMap::new();
        let entries = self.ids(tree, tree.span, "`regions`");
        if !entries.is_empty() && entries.iter().all(|entry| entry.key != UNKNOWN_REGION) {
            let place = entries.first().map_or(tree.span, |entry| entry.key_span);
            let hint = "It says every placeholder for people whose country is not known; other regions fall back on it.";
            self.add(&rule::MISSING_KEY, place, "The region `unknown` is missing.", hint);
        }
        for entry in entries {
            let region = self.region(&entry.value, entry.key_span, entry.key == UNKNOWN_REGION, names);
            regions.extend(region.map(|region| (entry.key.clone(), region)));
        }
        regions
    }

    fn region(&mut self, tree: &Tree, at: Span, is_unknown: bool, names: &Names) -> Option<Region> {
        let fields = self.fields(tree, at, &REGION)?;
        let name = self.need(&fields, &REGION_NAME).and_then(|tree| self.words(tree, "name"));
        let checked = fields.get(&CHECKED).and_then(|tree| self.date(tree));
        let numbers = fields.get(&NUMBERS).map(|tree| self.numbers(tree, names)).unwrap_or_default();
        let month_first = fields.get(&MONTH_FIRST).and_then(|tree| self.flag(tree, MONTH_FIRST.name)).unwrap_or_default();
        let miles = fields.get(&MILES).and_then(|tree| self.flag(tree, MILES.name)).unwrap_or_default();
        let finder = fields.get(&FINDER).and_then(|tree| self.address(tree, FINDER.name));
        let mut say = HashMap::new();
        if is_unknown {
            self.need_here(&fields, &SAY);
        }
        for entry in fields.get(&SAY).map(|tree| self.ids(tree, tree.span, "`say`")).unwrap_or_default() {
            if entry.key == TICKED {
                self.add(&rule::BAD_ID, entry.key_span, "`ticked` is filled by the bot itself.", "Choose another name.");
            }
            if let Some(known) = names.placeholders.as_ref().filter(|known| !known.contains(&entry.key)) {
                let hint = match self.guess(&entry.key, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => String::from("Say it there too, for everybody else."),
                };
                let message = format!("The region `unknown` does not say `{}`, so no text can use it.", entry.key);
                self.add_about(&rule::UNKNOWN_PLACEHOLDER, entry.key_span, message, hint, &entry.key);
            }
            say.extend(self.sayings(&entry.value, &entry.key).map(|sayings| (entry.key.clone(), sayings)));
        }
        let zones = fields.get(&ZONES).map(|tree| self.zones(tree)).unwrap_or_default();
        Some(Region { name: name?, checked, numbers, say, zones, month_first, miles, finder })
    }

    /// Numbers by the placeholder under which they are told.
    fn numbers(&mut self, tree: &Tree, names: &Names) -> IndexMap<String, Rich> {
        let mut numbers = IndexMap::new();
        for entry in self.ids(tree, tree.span, "`numbers`") {
            let known = names.placeholders.as_ref();
            if let Some(known) = known.filter(|known| !known.contains(&entry.key)) {
                let hint = match self.guess(&entry.key, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => String::from("Name a placeholder that the region `unknown` says, as `emergency`."),
                };
                let message = format!("No text can use `{}`: the region `unknown` does not say it.", entry.key);
                self.add(&rule::UNKNOWN_PLACEHOLDER, entry.key_span, message, hint);
            }
            numbers.extend(self.rich(&entry.value, "numbers", &[], names).map(|said| (entry.key.clone(), said)));
        }
        numbers
    }

    /// Time zones with their labels; only names that the time zone database knows.
    fn zones(&mut self, tree: &Tree) -> IndexMap<String, String> {
        let Some((entries, _)) = self.map(tree, tree.span, "`zones`") else { return IndexMap::new() };
        let mut zones = IndexMap::new();
        for entry in entries {
            if jiff::tz::TimeZone::get(&entry.key).is_err() {
                let message = format!("There is no time zone `{}`.", entry.key);
                self.add(&rule::WRONG_VALUE, entry.key_span, message, "Name it as the IANA does: Europe/London.");
            }
            zones.extend(self.words(&entry.value, "zones").map(|label| (entry.key.clone(), label)));
        }
        zones
    }

    /// One way to say a word, or several with their weeks, of which the last says it for all others.
    fn sayings(&mut self, tree: &Tree, name: &str) -> Option<Vec<Saying>> {
        let What::List { .. } = tree.what else {
            let words = self.words(tree, name)?;
            return Some(vec![Saying { weeks: None, words }]);
        };
        let items = self.list(tree, name)?;
        let mut sayings = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let start = Span::new(item.span.from, item.span.from);
            let Some(fields) = self.fields(item, start, &SAYING) else { continue };
            let words = self.need(&fields, &SAY_WORDS).and_then(|tree| self.words(tree, "say"));
            let weeks = fields.get(&SAY_WEEKS);
            let is_last = number + 1 == items.len();
            if is_last == weeks.is_some() {
                let hint = "Every way but the last has its weeks; the last is for all others and has none.";
                let message = if is_last {
                    "Nothing is said for weeks that fit no row."
                } else {
                    "No row below this one is ever reached."
                };
                self.add(&rule::WRONG_VALUE, weeks.map_or(item.span, |weeks| weeks.span), message, hint);
            }
            let weeks = weeks.and_then(|weeks| self.weeks(weeks));
            sayings.extend(words.map(|words| Saying { weeks, words }));
        }
        Some(sayings)
    }
}
