//! `words.yaml`: the bot's own phrases.

use super::desk::{Desk, nearest};
use super::front::top;
use super::keys::Key;
use super::names::Names;
use super::takes::Takes;
use crate::dialogue::words::{Label, Occasion, Phrase, Words};
use crate::dialogue::{Rich, Scale};
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// A key that is no label and no phrase.
const MONTHS: &str = "months";
const MONTHS_ARE: &str = "The names of the twelve months.";
/// The words of the weekly sign-up, in a mapping of their own.
pub const WEEKLY: &str = "weekly";

/// The keys of `words.yaml`, but for the words of the sign-up.
pub fn keys() -> Vec<Key> {
    let labels = Label::ALL.iter().map(|label| Key { name: label.name(), takes: Takes::Words, what: label_is_for(*label) });
    let phrases =
        Phrase::ALL.iter().map(|phrase| Key { name: phrase.name(), takes: Takes::Text, what: phrase_is_for(*phrase).0 });
    let months = Key { name: MONTHS, takes: Takes::SoMany(12, &Takes::Words), what: MONTHS_ARE };
    labels.chain(phrases).chain([months]).collect()
}

/// Those that every book needs.
pub fn needed() -> Vec<&'static str> {
    let labels = Label::ALL.iter().filter(|label| label.occasion().is_none()).map(|label| label.name());
    let phrases = Phrase::ALL.iter().filter(|phrase| phrase.occasion().is_none()).map(|phrase| phrase.name());
    labels.chain(phrases).chain([MONTHS]).collect()
}

/// What a label is for, told where it is missing.
fn label_is_for(label: Label) -> &'static str {
    match label {
        Label::Back => "The button that goes back.",
        Label::GetHelp => "The button that leads to help.",
        Label::More => "The button that tells where a page comes from.",
        Label::Menu => "The button that leads home.",
        Label::Next => "The button to the next step.",
        Label::Previous => "The button to the step before.",
        Label::Done => "The button under a checklist once something is ticked.",
        Label::NotSure => "The button for people who can't tell.",
        Label::Ticked => "The sign before a row that is ticked.",
        Label::Unticked => "The sign before a row that is not ticked.",
        Label::ReadIt => "The button that opens a source.",
        Label::DoWithMe => "The button that starts an exercise done together.",
        Label::Pause => "The button that pauses an exercise.",
        Label::GoOn => "The button that ends such a pause.",
        Label::Slower => "The button that gives more time to move.",
        Label::Stop => "The button that ends an exercise.",
        Label::BarDone => "A second of the bar that is over: one sign.",
        Label::BarLeft => "A second of the bar that is to come: one sign.",
        Label::Save => "The button behind More that saves a page.",
        Label::Unsave => "The button behind More that takes a saved page out of the list.",
        Label::TakeOut => "The button under the saved pages that lets one be taken out.",
        Label::ForgetNumber => "The button that forgets the number of the reader's own unit.",
        Label::Helped => "The button that says that a page helped.",
        Label::DidNotHelp => "The button that says that it did not.",
        Label::Star => "The sign behind the number on the buttons of a rating from 1 to 5.",
        Label::Share => "The button behind More that offers a page to other people; left out, there is none.",
    }
}

/// What a phrase is for, and the placeholders that it alone can use.
fn phrase_is_for(phrase: Phrase) -> (&'static str, &'static [&'static str]) {
    match phrase {
        Phrase::Step => ("Said above a step, with {n} and {total}.", &["n", "total"]),
        Phrase::Hold => ("Said under a step to hold, with {n} for the seconds.", &["n"]),
        Phrase::Repeat => ("Said under the last step, with {n} for how often.", &["n"]),
        Phrase::Count => ("Said of a repetition, with {n} and {total}.", &["n", "total"]),
        Phrase::CountReady => ("Said while the reader gets into place, with {bar}, and {n} for the seconds.", &["n", "bar"]),
        Phrase::CountMove => ("Said during a move, with {bar}, and {n} for the seconds.", &["n", "bar"]),
        Phrase::CountHold => ("Said during a hold, with {bar}, and {n} for the seconds.", &["n", "bar"]),
        Phrase::Paused => ("Said while an exercise is paused.", &[]),
        Phrase::Away => ("Said when the bot was gone in the middle of an exercise.", &[]),
        Phrase::StopIf => ("Said under every screen of an exercise done together: when to stop, and how to get help.", &[]),
        Phrase::Stale => ("Said when an old button was pressed.", &[]),
        Phrase::AskedAgain => ("Said when a list has changed, or too much time has passed.", &[]),
        Phrase::Withdrawn => ("Said before the reason why a page was taken back.", &[]),
        Phrase::NotUnderstood => ("Said when typed words lead nowhere.", &[]),
        Phrase::DidYouMean => ("Said under a page that may not be the one that was meant.", &[]),
        Phrase::Unreadable => ("Said to a picture or a voice message.", &[]),
        Phrase::Group => ("Said once in a group.", &[]),
        Phrase::Sorry => ("Said when something broke on our side.", &[]),
        Phrase::SlowDown => {
            ("Said once to a chat that sends more than is answered. Whatever leads to help is answered all the same.", &[])
        }
        Phrase::YouAreHere => {
            ("Said behind More, with {path} for the way down from home; left out, nothing is said of it.", &["path"])
        }
        Phrase::ComesFrom => ("Said of a source, with {title}, {publisher} and {date}.", &["title", "publisher", "date"]),
        Phrase::Unchecked => ("Said where no clinician has checked a page.", &[]),
        Phrase::Checked => {
            ("Said behind More of a page that a clinician has checked, with {name} and {date}.", &["name", "date"])
        }
        Phrase::MachineTranslated => ("Said under a page whose translation nobody has checked.", &[]),
        Phrase::NotTranslated => ("Said above a page that is there in the book's own language only.", &[]),
        Phrase::Saved => ("Said when a page was saved.", &[]),
        Phrase::OldestWent => ("Said when a page was saved and the oldest saved one went for it.", &[]),
        Phrase::Unsaved => ("Said when a page was taken out of the saved ones.", &[]),
        Phrase::NothingSaved => ("Said in place of the list where no page is saved.", &[]),
        Phrase::WhichToTakeOut => ("Asks which saved page to take out.", &[]),
        Phrase::UnitNumber => (
            "Said under advice, with {number} for the phone number of the reader's own unit, once they have told it.",
            &["number"],
        ),
        Phrase::NumberKept => ("Said when that number was typed.", &[]),
        Phrase::NumberUnread => ("Said when what was typed is no phone number.", &[]),
        Phrase::NumberGone => ("Said when that number was forgotten.", &[]),
        Phrase::NumberChange => ("Said under that number on the page that asks for it: how to change it.", &[]),
        Phrase::DidItHelp => ("Asks whether a page or an exercise helped.", &[]),
        Phrase::Rated => ("Said when a reader has told that.", &[]),
        Phrase::Unrated => ("Said when a reader has taken that back.", &[]),
        Phrase::WhatWasMissing => ("Asks what was missing, above the choices under `rating` in book.yaml.", &[]),
        Phrase::Picture => ("Said where a picture can't be seen, with {alt} for what it shows.", &["alt"]),
    }
}

fn is_phrase(name: &str) -> bool {
    phrase_names().any(|known| known == name)
}

fn phrase_names() -> impl Iterator<Item = &'static str> {
    let labels = Label::ALL.iter().map(|label| label.name());
    labels.chain(Phrase::ALL.iter().map(|phrase| phrase.name())).chain([MONTHS, WEEKLY])
}

/// What a book has that some of the phrases are for.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
pub struct SaidOf {
    /// Weekly tips that fit some weeks.
    pub weeks: bool,
    /// Other languages than its own.
    pub languages: bool,
    /// Exercises done together.
    pub counts: bool,
    /// A list of saved pages.
    pub saved: bool,
    /// A page that asks for the number of the reader's own unit.
    pub unit_number: bool,
    /// Pages that are rated, by this.
    pub scale: Option<Scale>,
    /// Choices of what was missing.
    pub missing: bool,
    /// Reviews of pages.
    pub reviews: bool,
}

impl SaidOf {
    /// Whether words are needed that are there for this.
    fn takes(self, occasion: Option<Occasion>) -> bool {
        match occasion {
            None => true,
            Some(Occasion::Languages) => self.languages,
            Some(Occasion::Counting) => self.counts,
            Some(Occasion::Saved) => self.saved,
            Some(Occasion::UnitNumber) => self.unit_number,
            Some(Occasion::Rating) => self.scale.is_some(),
            Some(Occasion::RatingYesNo) => self.scale == Some(Scale::YesNo),
            Some(Occasion::RatingStars) => self.scale == Some(Scale::Stars),
            Some(Occasion::Missing) => self.missing,
            Some(Occasion::Reviews) => self.reviews,
            Some(Occasion::Own) => false,
        }
    }
}

impl Desk<'_> {
    /// The bot's own phrases: all of them are needed, but some only where the book has what they are said of.
    pub fn phrases_file(&mut self, tree: &Tree, said: SaidOf, names: &Names) -> Option<Words> {
        if tree.what == What::Broken {
            return None;
        }
        self.map(tree, top(tree), "words.yaml")?;
        self.unknown_phrases(tree);
        let before = self.findings.len();
        let mut labels = Vec::with_capacity(Label::ALL.len());
        for label in Label::ALL {
            let found = self.value_for(tree, label.name(), label_is_for(*label), said.takes(label.occasion()));
            labels.push(found.and_then(|value| self.words(value, label.name())).unwrap_or_default());
        }
        let mut phrases = Vec::with_capacity(Phrase::ALL.len());
        for phrase in Phrase::ALL {
            let (what, own) = phrase_is_for(*phrase);
            let found = self.value_for(tree, phrase.name(), what, said.takes(phrase.occasion()));
            phrases.push(found.and_then(|value| self.rich(value, phrase.name(), own, names)).unwrap_or_default());
        }
        let months = self.phrase_value(tree, MONTHS, MONTHS_ARE).map(|value| self.months(value));
        let (mut labels, mut phrases) = (labels.into_iter(), phrases.into_iter());
        // Both were filled in the order in which they are asked for.
        let label = |_| labels.next().unwrap_or_default();
        let phrase = |_| -> Rich { phrases.next().unwrap_or_default() };
        let mut words = Words::new(label, phrase, months.unwrap_or_default());
        if let Some(weekly) = tree.get(WEEKLY) {
            words.weekly = self.weekly_words(&weekly.value, said.weeks, names);
        }
        (self.findings.len() == before).then_some(words)
    }

    /// The words for something; they must be there only where the book has what they are there for.
    fn value_for<'t>(&mut self, tree: &'t Tree, name: &str, what: &str, is_needed: bool) -> Option<&'t Tree> {
        if is_needed { self.phrase_value(tree, name, what) } else { tree.get(name).map(|entry| &entry.value) }
    }

    fn unknown_phrases(&mut self, tree: &Tree) {
        let What::Map { entries, .. } = &tree.what else { return };
        for entry in entries.iter().filter(|entry| !is_phrase(&entry.key)) {
            let hint = match self.guess(&entry.key, phrase_names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => String::from("The names of its phrases are fixed: take this one out."),
            };
            self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("The bot has no phrase `{}`.", entry.key), hint);
        }
    }

    fn phrase_value<'t>(&mut self, tree: &'t Tree, name: &str, what: &str) -> Option<&'t Tree> {
        let found = tree.get(name).map(|entry| &entry.value);
        let What::Map { entries, .. } = &tree.what else { return found };
        // A slip of the pen in its name has been reported.
        let is_misspelt =
            || entries.iter().any(|entry| !is_phrase(&entry.key) && nearest(&entry.key, std::iter::once(name)).is_some());
        if found.is_none() && !is_misspelt() {
            self.add(&rule::MISSING_KEY, top(tree), format!("`{name}` is missing."), what);
        }
        found
    }

    fn months(&mut self, tree: &Tree) -> Vec<String> {
        let Some(items) = self.list(tree, MONTHS) else { return Vec::new() };
        let months: Vec<String> = items.iter().filter_map(|item| self.words(item, MONTHS)).collect();
        if items.len() != 12 {
            let message = format!("A year has twelve months, not {}.", items.len());
            self.add(&rule::WRONG_VALUE, tree.span, message, "Name them all, January first.");
        }
        months
    }
}
