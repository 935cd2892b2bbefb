//! `weekly:` in `words.yaml`: the words of the weekly sign-up. A book without weekly tips leaves it out.

use super::desk::{Desk, nearest};
use super::keys::Key;
use super::names::Names;
use super::takes::Takes;
use crate::dialogue::words::{FormLabel, FormText, FormWords};
use crate::source::rule;
use crate::source::tree::Tree;

const WEEKDAYS: &str = "weekdays";
const HOURS: &str = "hours";
const WEEK_WORDS: &str = "week-words";
/// What the texts of the sign-up can say beside the words of a region.
const SLOTS: [&str; 4] = ["next", "day", "hour", "week"];

/// What a label of the sign-up is for.
fn label_is_for(label: FormLabel) -> &'static str {
    match label {
        FormLabel::Yes => "The button that turns the tips on.",
        FormLabel::No => "The button that leaves it.",
        FormLabel::ChangeTime => "The button to another day, hour or clock.",
        FormLabel::FitMyWeek => "The button to tips that fit the reader's week.",
        FormLabel::ForgetWeek => "The button that deletes the week.",
        FormLabel::AnotherDay => "The button to another day.",
        FormLabel::AnotherHour => "The button to another hour.",
        FormLabel::AnotherZone => "The button to another time zone.",
        FormLabel::Pause => "The button that asks for how long no tip should come.",
        FormLabel::PauseOne => "The button for a pause of one week.",
        FormLabel::PauseTwo => "The button for a pause of two weeks.",
        FormLabel::PauseFour => "The button for a pause of four weeks.",
        FormLabel::GoOn => "The button that ends a pause.",
        FormLabel::KeepWeek => "The button that lets the week be kept.",
        FormLabel::DontKnow => "The button for a week that is not known.",
        FormLabel::RatherNot => "The button for who does not want to say the week.",
        FormLabel::Stop => "The button that ends the tips.",
        FormLabel::Helpful => "The button under a tip that helped.",
        FormLabel::NotHelpful => "The button under a tip that did not.",
    }
}

/// What a text of the sign-up is for.
fn text_is_for(text: FormText) -> &'static str {
    match text {
        FormText::Offer => "Said before anything is kept: what comes, and what is kept for it; with {day} and {hour}.",
        FormText::Country => "Asks which country's clock counts.",
        FormText::Zone => "Asks for the time zone, by button, city or location.",
        FormText::ZoneAgain => "Said when a typed place was not found.",
        FormText::On => "Said once the tips are on, with {next}.",
        FormText::Status => "Said to who has the tips, with {next} and {week}.",
        FormText::Change => "Asks what to change, with {day} and {hour}.",
        FormText::Day => "Asks for the day.",
        FormText::Hour => "Asks for the hour.",
        FormText::PauseFor => "Asks how long to pause.",
        FormText::Consent => "Said before the week is kept: what it is for, and how to take it back.",
        FormText::Week => "Asks for the week, or for the date that tells it.",
        FormText::WeekAgain => "Said when a typed week or date cannot be.",
        FormText::WeekLeft => "Said after the second that cannot be: tips come without a week, with {next}.",
        FormText::Off => "Said once the tips are off: what was deleted.",
        FormText::Opening => "Stands above every tip. A phone shows it to whoever looks at it, so it says nothing of why.",
        FormText::Last => "Stands under the last tip.",
        FormText::Ended => "Said where a page ends the tips, if there were any.",
    }
}

/// The keys of `weekly` in `words.yaml`.
pub fn keys() -> Vec<Key> {
    let labels = FormLabel::ALL.iter().map(|label| Key { name: label.name(), takes: Takes::Words, what: label_is_for(*label) });
    let texts = FormText::ALL.iter().map(|text| Key { name: text.name(), takes: Takes::Text, what: text_is_for(*text) });
    let lists = [
        Key { name: WEEKDAYS, takes: Takes::SoMany(7, &Takes::Words), what: "The seven days, Monday first." },
        Key { name: HOURS, takes: Takes::SoMany(24, &Takes::Words), what: "The hours of the day, midnight first." },
        Key { name: WEEK_WORDS, takes: Takes::ListOf(&Takes::Plain), what: "What people type behind a number of weeks." },
    ];
    labels.chain(texts).chain(lists).collect()
}

/// Those that must be there in every book with weekly tips; the others are for books whose tips fit some weeks.
pub fn needed() -> Vec<&'static str> {
    let labels = FormLabel::ALL.iter().filter(|label| !label.is_for_weeks()).map(|label| label.name());
    let texts = FormText::ALL.iter().filter(|text| !text.is_for_weeks()).map(|text| text.name());
    labels.chain(texts).chain([WEEKDAYS, HOURS]).collect()
}

fn names() -> impl Iterator<Item = &'static str> {
    let labels = FormLabel::ALL.iter().map(|label| label.name());
    labels.chain(FormText::ALL.iter().map(|text| text.name())).chain([WEEKDAYS, HOURS, WEEK_WORDS])
}

impl Desk<'_> {
    /// All of them that this book needs, or findings.
    pub fn weekly_words(&mut self, tree: &Tree, fit_weeks: bool, known: &Names) -> FormWords {
        let Some((entries, _)) = self.map(tree, tree.span, "`weekly`") else { return FormWords::default() };
        for entry in entries.iter().filter(|entry| !names().any(|name| name == entry.key)) {
            let hint = match nearest(&entry.key, names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => String::from("The names of its words are fixed: take this one out."),
            };
            self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("The sign-up has no word `{}`.", entry.key), hint);
        }
        let needed = needed();
        let need = |desk: &mut Self, name: &'static str| {
            let found = tree.get(name).map(|entry| &entry.value);
            let hint = match needed.contains(&name) {
                true => "The sign-up says it.",
                false if fit_weeks => "The sign-up says it, because a tip in weekly.yaml has `weeks`.",
                false => return found,
            };
            if found.is_none() {
                desk.add(&rule::MISSING_KEY, tree.span, format!("`{name}` is missing under `weekly`."), hint);
            }
            found
        };
        let labels = FormLabel::ALL.iter().map(|label| {
            let value = need(self, label.name());
            value.and_then(|value| self.words(value, label.name())).unwrap_or_default()
        });
        let labels = labels.collect();
        let texts = FormText::ALL.iter().map(|text| {
            let value = need(self, text.name());
            value.and_then(|value| self.rich(value, text.name(), &SLOTS, known)).unwrap_or_default()
        });
        let texts = texts.collect();
        let weekdays = need(self, WEEKDAYS).map(|tree| self.so_many(tree, WEEKDAYS, 7)).unwrap_or_default();
        let hours = need(self, HOURS).map(|tree| self.so_many(tree, HOURS, 24)).unwrap_or_default();
        let week_words = need(self, WEEK_WORDS);
        let week_words = week_words.map(|tree| self.phrases(Some(tree), WEEK_WORDS)).unwrap_or_default();
        FormWords { labels, texts, weekdays, hours, week_words }
    }

    /// A list of words of a fixed length.
    pub fn so_many(&mut self, tree: &Tree, name: &str, count: usize) -> Vec<String> {
        let Some(items) = self.list(tree, name) else { return Vec::new() };
        let words: Vec<String> = items.iter().filter_map(|item| self.words(item, name)).collect();
        if items.len() != count {
            let message = format!("`{name}` names {count}, not {}.", items.len());
            self.add(&rule::WRONG_VALUE, tree.span, message, "Name them all, in order.");
        }
        words
    }
}
