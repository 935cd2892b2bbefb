//! Whether a page helped: what readers are asked under More and at the end of an exercise, and what they answer. A low answer may say
//! what was missing, by one of the book's own choices.
//!
//! Never here: words of a reader; a question to whoever is in an emergency.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::book::{Book, Hash, Kind, NodeId};
use super::button::{Deed, Trail};
use super::compose::{Composer, Key};
use super::level::Level;
use super::more::{PageAct, is_readers_own};
use super::step::Stepper;
use super::text::Text;
use super::turn::{Effect, Reader, Screen, View};
use super::words::{Label, Phrase};

/// So many pages one reader can rate; whoever has rated so many is not asked about more. A reader who rated them all takes 8 kB.
pub const MOST_RATED: usize = 100;
/// Values go from 1 to this. A yes is the highest and a no the lowest, so that a book can change its scale and the counts stay true.
pub const HIGHEST: u8 = 5;
/// Up to here, something was missing.
const LOW: u8 = 2;

/// How readers rate pages, as the book says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    pub scale: Scale,
    /// What may have been missing, by id, each with its label; with none, nobody is asked.
    pub missing: IndexMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    YesNo,
    /// One to five.
    Stars,
}

impl Scale {
    pub const ALL: [Scale; 2] = [Scale::YesNo, Scale::Stars];

    /// What authors write.
    pub fn name(self) -> &'static str {
        match self {
            Scale::YesNo => "yes-no",
            Scale::Stars => "stars",
        }
    }

    /// In the order of the buttons.
    fn values(self) -> &'static [u8] {
        match self {
            Scale::YesNo => &[HIGHEST, 1],
            Scale::Stars => &[1, 2, 3, 4, HIGHEST],
        }
    }
}

/// What a reader thought of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// From 1 to [`HIGHEST`].
    pub value: u8,
    /// One of the book's choices, by its id.
    pub missing: Option<String>,
}

/// By the id of the page.
pub type Ratings = BTreeMap<String, Rated>;

impl Rating {
    fn choice(&self, choice: Hash) -> Option<&String> {
        self.missing.keys().find(|id| Hash::of(id) == choice)
    }
}

impl Book {
    /// Whether readers are asked if this page helped. Not where they are asked something else or read of their own data; and not where
    /// the question would hurt or come at the wrong time: advice to call today or sooner, a loss or a birth, what stands alone, and
    /// whatever the book itself spares.
    pub fn can_rate(&self, page: NodeId) -> bool {
        let node = self.node(page);
        let is_grave = matches!(node.kind, Kind::Advice { level, .. } if level >= Level::Today);
        let is_spared = is_grave || node.alone || node.ends_weekly || node.unrated || node.withdrawn.is_some();
        self.rating().is_some() && !is_readers_own(&node.kind) && node.data.is_none() && !is_spared
    }

    /// What a reader thought of a page, under whatever id it had then.
    pub fn rated<'r>(&self, reader: &'r Reader, page: NodeId) -> Option<&'r Rated> {
        let is_its = |id: &String| self.by_hash(Hash::of(id)) == Some(page);
        reader.ratings.iter().find(|(id, _)| is_its(id)).map(|(_, rated)| rated)
    }

    fn asks_whether_helped(&self, reader: &Reader, page: NodeId) -> bool {
        self.can_rate(page) && (reader.ratings.len() < MOST_RATED || self.rated(reader, page).is_some())
    }

    /// Where an exercise that was done to its end leads: to the page behind it, by a way that knows which exercise it was if readers are
    /// asked about it.
    pub fn end_of_exercise(&self, exercise: NodeId, then: NodeId) -> (Deed, NodeId) {
        if self.can_rate(exercise) { (Deed::OnPage(PageAct::Finish), exercise) } else { (Deed::Open, then) }
    }
}

impl Stepper<'_> {
    /// The page behind an exercise, which asks whether that helped.
    pub(super) fn finished(&self, exercise: NodeId, trail: Trail) -> Screen {
        let Kind::Steps(steps) = &self.book.node(exercise).kind else {
            return self.stale(exercise);
        };
        let screen = self.open(steps.then, trail);
        let is_there = screen.node == steps.then && matches!(self.book.node(steps.then).kind, Kind::Page { .. });
        let asks = is_there && self.book.asks_whether_helped(&self.reader, exercise);
        Screen { finished: asks.then_some(exercise), ..screen }
    }

    /// Back to where the question stands.
    fn asked_at(&self, page: NodeId, end: bool, notice: Phrase, trail: Trail) -> Screen {
        let notice = Some(notice);
        if end {
            return Screen { notice, ..self.finished(page, trail) };
        }
        Screen { view: View::Sources, notice, trail, ..Screen::of(page) }
    }

    pub(super) fn rate(&mut self, page: NodeId, value: u8, end: bool, trail: Trail) -> Option<Screen> {
        let rating = self.book.rating().filter(|rating| rating.scale.values().contains(&value))?;
        if !self.book.asks_whether_helped(&self.reader, page) {
            return None;
        }
        let before = self.book.rated(&self.reader, page).filter(|rated| rated.value == value);
        let missing = before.and_then(|rated| rated.missing.clone());
        self.keep_rating(page, Some(Rated { value, missing }));
        Some(if value <= LOW && !rating.missing.is_empty() {
            Screen { view: View::Missing { end }, trail, ..Screen::of(page) }
        } else {
            self.asked_at(page, end, Phrase::Rated, trail)
        })
    }

    /// Nothing is kept of what the reader thought of the page.
    pub(super) fn unrate(&mut self, page: NodeId, end: bool, trail: Trail) -> Screen {
        self.keep_rating(page, None);
        self.asked_at(page, end, Phrase::Unrated, trail)
    }

    /// What was missing on a page that got a low rating; one that was taken back meanwhile stays so.
    pub(super) fn lacked(&mut self, page: NodeId, choice: Hash, end: bool, trail: Trail) -> Option<Screen> {
        let choice = self.book.rating().and_then(|rating| rating.choice(choice)).cloned()?;
        let low = self.book.rated(&self.reader, page).filter(|rated| rated.value <= LOW)?;
        let rated = Rated { value: low.value, missing: Some(choice) };
        self.keep_rating(page, Some(rated));
        Some(self.asked_at(page, end, Phrase::Rated, trail))
    }

    /// One a page. What no book knows any more goes.
    fn keep_rating(&mut self, page: NodeId, rated: Option<Rated>) {
        let book = self.book;
        self.reader.ratings.retain(|id, _| book.by_hash(Hash::of(id)).is_some_and(|known| known != page));
        self.reader.ratings.extend(rated.map(|rated| (book.name(page).to_owned(), rated)));
    }

    /// The tip stays where it is; only the mark beside the answer changes, and what was missing is asked.
    pub(super) fn rated_tip(&self, page: NodeId, tip: Hash, helpful: bool, last: bool) -> Vec<Effect> {
        let known = self.book.tips().and_then(|tips| tips.tips.keys().find(|id| Hash::of(id) == tip));
        let Some(tip) = known.cloned() else { return vec![Effect::Send(self.stale(page))] };
        let view = View::Tip { tip: tip.clone(), last, rated: Some(helpful), told: false };
        vec![Effect::Show(Screen { view, ..Screen::of(page) }), Effect::Rate { tip, helpful, missing: None }]
    }

    /// What was missing in a tip.
    pub(super) fn lacked_in_tip(&self, page: NodeId, tip: Hash, choice: Hash) -> Vec<Effect> {
        let missing = self.book.rating().and_then(|rating| rating.choice(choice)).cloned();
        let mut effects = self.rated_tip(page, tip, false, false);
        if let [Effect::Show(Screen { view: View::Tip { told, .. }, notice, .. }), Effect::Rate { missing: kept, .. }] =
            effects.as_mut_slice()
            && missing.is_some()
        {
            (*told, *notice, *kept) = (true, Some(Phrase::Rated), missing);
        }
        effects
    }
}

impl Composer<'_> {
    /// The question whether a page helped, and a button for each answer; the one that was given is marked, and takes it back.
    pub(super) fn did_it_help(&self, page: NodeId, end: bool) -> Option<(Text, Vec<Key>)> {
        let rating = self.book.rating().filter(|_| self.book.asks_whether_helped(self.reader, page))?;
        let given = self.book.rated(self.reader, page).map(|rated| rated.value);
        let key = |value: &u8| {
            let label = match rating.scale {
                Scale::YesNo => self.label(if *value == HIGHEST { Label::Helped } else { Label::DidNotHelp }),
                Scale::Stars => format!("{value} {}", self.label(Label::Star)),
            };
            if given == Some(*value) {
                let label = format!("{} {label}", self.label(Label::Ticked));
                return self.key(label, Deed::OnPage(PageAct::Unrate { end }), page);
            }
            self.key(label, Deed::OnPage(PageAct::Rate { value: *value, end }), page)
        };
        Some((self.phrase(Phrase::DidItHelp), rating.scale.values().iter().map(key).collect()))
    }

    /// What may have been missing, one button each, by what pressing it does.
    pub(super) fn choices(&self, act: impl Fn(Hash) -> PageAct) -> Vec<Vec<Key>> {
        let choices = self.book.rating().into_iter().flat_map(|rating| &rating.missing);
        let key = |(id, label): (&String, &String)| self.key(label.clone(), Deed::OnPage(act(Hash::of(id))), self.screen.node);
        self.packed(choices.map(key).collect())
    }

    /// Asks what was missing; it can be left unsaid.
    pub(super) fn missing(&self, end: bool) -> (Text, Vec<Vec<Key>>) {
        let mut rows = self.choices(|choice| PageAct::Missing { choice, end });
        let back = if end { Deed::OnPage(PageAct::Finish) } else { Deed::Open };
        let back = self.key(self.label(Label::Back), back, self.screen.node);
        rows.push(std::iter::once(back).chain(self.help_key()).collect());
        (self.phrase(Phrase::WhatWasMissing), rows)
    }
}
