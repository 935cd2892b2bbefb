//! A screen into words and buttons for one reader.
//!
//! This is where placeholders are filled, rows are hidden that do not concern the reader, and every button gets its token. It knows no
//! channel: `render` turns a [`Page`] into one.

use std::borrow::Cow;

use super::book::{Answer, Book, Checklist, Hash, Image, Kind, LinkRow, Node, NodeId, Steps, Target, UNKNOWN_REGION, Wording};
use super::button::{Button, Deed, Trail, Visit};
use super::guided::{Cue, Spot};
use super::layout::{pack, spread};
use super::level::Stage;
use super::text::{Rich, Text};
use super::triage::asked;
use super::turn::{Reader, Screen, View};
use super::understand::Goal;
use super::words::{FormText, Label, Phrase};

/// A screen as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub text: Text,
    /// Shown with the text; a channel without pictures says what it shows.
    pub image: Option<Image>,
    pub rows: Vec<Vec<Key>>,
}

/// A button as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub label: String,
    pub press: Press,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    Token(String),
    Url(String),
    /// Offers a page to other people: a link that opens it for whoever follows it, and words beside the link. The channel knows how;
    /// where it doesn't, there is no such button.
    Share {
        page: String,
        words: String,
    },
}

/// Rows of loose links where a book sets no limit.
const ROWS: usize = 3;
/// The fixed row's neighbours: labels in the book name the step they lead to.
const PREVIOUS_NEXT: usize = 2;

impl Book {
    /// What `screen` looks like to `reader`.
    pub fn compose(&self, screen: &Screen, reader: &Reader) -> Page {
        let composer = Composer { book: self, screen, reader };
        let mut text = composer.notice();
        let wording = composer.wording();
        if wording == Some(Wording::Original) {
            text.append(composer.phrase(Phrase::NotTranslated));
        }
        let (own, mut rows) = composer.screen();
        text.append(own);
        if wording == Some(Wording::Unchecked) {
            text.append(composer.phrase(Phrase::MachineTranslated));
        }
        if !screen.also.is_empty() {
            text.append(composer.phrase(Phrase::DidYouMean));
            let at = rows.len().saturating_sub(1);
            let known: Vec<String> = rows.iter().flatten().map(|key| key.label.clone()).collect();
            let others = screen.also.iter().filter_map(|goal| composer.offer(*goal)).filter(|key| !known.contains(&key.label));
            let others: Vec<Vec<Key>> = others.map(|key| vec![key]).collect();
            rows.splice(at..at, others);
        }
        if self.region_is_unknown(reader.region.as_deref()) {
            composer.numbers(&mut text);
        }
        Page { text, image: composer.image().cloned(), rows }
    }

    pub(super) fn region_is_unknown(&self, region: Option<&str>) -> bool {
        let known = region.filter(|id| *id != UNKNOWN_REGION);
        !known.is_some_and(|id| self.regions().contains_key(id))
    }
}

pub(super) struct Composer<'a> {
    pub(super) book: &'a Book,
    pub(super) screen: &'a Screen,
    pub(super) reader: &'a Reader,
}

impl<'a> Composer<'a> {
    pub(super) fn node(&self) -> &'a Node {
        self.book.node(self.screen.node)
    }

    pub(super) fn visit(&self) -> Option<&'a Visit> {
        self.screen.trail.visit.as_ref()
    }

    fn stage(&self) -> Stage {
        self.visit().map_or(Stage::Unknown, |visit| visit.stage(self.book))
    }

    pub(super) fn label(&self, label: Label) -> String {
        self.book.words().label(label).to_owned()
    }

    fn screen(&self) -> (Text, Vec<Vec<Key>>) {
        match &self.screen.view {
            View::Phrase(phrase, offers) => (self.phrase(*phrase), self.ways_on(offers)),
            View::Sources => self.more(),
            View::TakeOut => self.take_out(),
            View::Form(text) => self.form(*text),
            View::Nearest(near) => self.nearest(near),
            View::Missing { end } => self.missing(*end),
            View::Tip { tip, last, rated, told } => self.tip(tip, *last, *rated, *told),
            View::Whole | View::Step(_) | View::Guided { .. } => match &self.node().withdrawn {
                Some(reason) => {
                    let mut text = self.phrase(Phrase::Withdrawn);
                    text.append(self.fill(reason));
                    (text, self.ways_on(&[]))
                }
                None => match (&self.screen.view, &self.node().kind) {
                    (View::Guided { cue, spot }, Kind::Steps(steps)) => self.guided(steps, *cue, *spot),
                    _ => self.whole(),
                },
            },
        }
    }

    fn whole(&self) -> (Text, Vec<Vec<Key>>) {
        let node = self.node();
        let (mut text, mut rows) = match &node.kind {
            Kind::Page { text, links } => (self.fill(text), self.links(links)),
            Kind::Advice { text, links, .. } => {
                let mut text = self.fill(text);
                text.append(self.unit_number().unwrap_or_default());
                (text, self.links(links))
            }
            Kind::Question { text, answers, edition } => {
                let keys = answers.iter().map(|(key, answer)| self.answer(key, answer, *edition)).collect();
                (self.fill(text), self.packed(keys))
            }
            Kind::Weeks { text, answers, .. } => {
                let keys = answers.iter().map(|(key, answer)| self.answer_key(key, &answer.label, 0)).collect();
                (self.fill(text), self.spread(keys))
            }
            Kind::Checklist(list) => (self.fill(&list.text), self.checklist(list)),
            Kind::Steps(steps) => self.steps(steps),
            Kind::Regions { text, .. } => (self.fill(text), self.regions()),
            Kind::Languages { text, .. } => (self.fill(text), self.languages()),
            Kind::Services(page) => self.services(page),
            Kind::Saved { text } => self.saved(text),
            Kind::UnitNumber { text } => self.number_page(text),
            // Both lead on to a screen of their own before they are shown.
            Kind::Outcome { .. } | Kind::Weekly => (Text::default(), Vec::new()),
        };
        if let Some((question, answers)) = self.screen.finished.and_then(|exercise| self.did_it_help(exercise, true)) {
            text.append(question);
            rows.push(answers);
        }
        rows.extend(self.footer());
        (text, rows)
    }

    /// How the page is worded, where it is the page that is shown.
    fn wording(&self) -> Option<Wording> {
        let is_shown = matches!(self.screen.view, View::Whole | View::Step(_) | View::Guided { .. } | View::Nearest(_))
            && self.node().withdrawn.is_none();
        self.book.wording(self.screen.node).filter(|_| is_shown)
    }

    /// The picture of the page, or of the step that is shown.
    fn image(&self) -> Option<&'a Image> {
        let node = self.node();
        match (&self.screen.view, &node.kind) {
            _ if node.withdrawn.is_some() => None,
            (View::Whole | View::Step(_), Kind::Steps(steps)) => steps.steps.get(self.step(steps))?.image.as_ref(),
            (View::Guided { spot, .. }, Kind::Steps(steps)) => steps.image_at(spot.step),
            (View::Whole, _) => node.image.as_ref(),
            _ => None,
        }
    }

    // --- words -----------------------------------------------------------------------------------------------------------------

    pub(super) fn fill(&self, rich: &'a Rich) -> Text {
        rich.fill(|name| self.word(name))
    }

    pub(super) fn word(&self, name: &str) -> Option<Cow<'a, str>> {
        if name == "ended" {
            let weekly = &self.book.words().weekly;
            let said = self.screen.ended.then(|| weekly.text(FormText::Ended).fill(|_| None).words);
            return Some(Cow::Owned(said.unwrap_or_default()));
        }
        if name == "ticked" {
            return Some(Cow::Owned(self.visit().map(|visit| visit.said(self.book)).unwrap_or_default()));
        }
        self.book.say(self.reader.region.as_deref(), self.stage(), name).map(Cow::Borrowed)
    }

    pub(super) fn phrase(&self, phrase: Phrase) -> Text {
        self.fill(self.book.words().phrase(phrase))
    }

    pub(super) fn counted(&self, phrase: Phrase, n: u32, total: usize) -> Text {
        self.book.words().phrase(phrase).fill(|name| match name {
            "n" => Some(Cow::Owned(n.to_string())),
            "total" => Some(Cow::Owned(total.to_string())),
            _ => self.word(name),
        })
    }

    fn notice(&self) -> Text {
        self.screen.notice.map(|phrase| self.phrase(phrase)).unwrap_or_default()
    }

    /// Whether this screen says a placeholder.
    fn says(&self, placeholder: &str) -> bool {
        let uses = |rich: &Rich| rich.slots().any(|slot| slot == placeholder);
        let own = match &self.screen.view {
            View::Phrase(phrase, _) => uses(self.book.words().phrase(*phrase)),
            View::Sources | View::TakeOut | View::Missing { .. } | View::Form(_) | View::Nearest(_) => false,
            View::Tip { tip, .. } => self.book.tips().and_then(|tips| tips.tips.get(tip)).is_some_and(|tip| uses(&tip.text)),
            View::Whole | View::Step(_) => self.node().text().is_some_and(uses),
            View::Guided { .. } => uses(self.book.words().phrase(Phrase::StopIf)),
        };
        own || self.screen.notice.is_some_and(|phrase| uses(self.book.words().phrase(phrase)))
    }

    /// What the book tells readers of no known region under the placeholders of this screen.
    fn numbers(&self, text: &mut Text) {
        let numbers = self.book.region(None).into_iter().flat_map(|region| &region.numbers);
        for (_, numbers) in numbers.filter(|(placeholder, _)| self.says(placeholder)) {
            text.append(self.fill(numbers));
        }
    }

    // --- buttons ---------------------------------------------------------------------------------------------------------------

    /// A button about `page` that carries the trail on. Home ends a visit, and so does the start of a new triage; that one
    /// remembers where it was asked for.
    pub(super) fn key(&self, label: String, deed: Deed, page: NodeId) -> Key {
        let book = self.book;
        let trail = if deed == Deed::Open && page == book.home() {
            Trail::default()
        } else if deed == Deed::Open && Some(page) == book.help() {
            Trail { onto: self.asked_from(), visit: None }
        } else {
            self.screen.trail.clone()
        };
        self.key_with(label, deed, page, trail)
    }

    /// The page that a triage begun here returns to; a gate hands on the page it stands before.
    fn asked_from(&self) -> Option<Hash> {
        let (book, here) = (self.book, self.screen.node);
        match &self.node().kind {
            _ if here == book.home() || Some(here) == book.help() => None,
            Kind::Question { .. } => self.screen.trail.onto.or(Some(book.hash(here))),
            _ => Some(book.hash(here)),
        }
    }

    pub(super) fn key_with(&self, label: String, deed: Deed, page: NodeId, trail: Trail) -> Key {
        let kept = match self.screen.view {
            View::Whole => self.node().is_kept(),
            View::Tip { .. } => !matches!(deed, Deed::Rate { .. } | Deed::OnPage(_)),
            // Numbers that may be needed again, and would have to be asked for again.
            View::Nearest(_) => true,
            _ => false,
        };
        let button = Button { deed, page: self.book.hash(page), kept, trail };
        Key { label, press: Press::Token(button.token()) }
    }

    pub(super) fn open(&self, page: NodeId, label: Option<&str>) -> Key {
        let title = || self.book.node(page).title.as_deref().unwrap_or_else(|| self.book.name(page));
        self.key(label.unwrap_or_else(title).to_owned(), Deed::Open, page)
    }

    fn answer(&self, key: &str, answer: &Answer, edition: u8) -> Key {
        self.answer_key(key, &answer.label, edition)
    }

    fn answer_key(&self, key: &str, label: &str, edition: u8) -> Key {
        self.key(label.to_owned(), Deed::Answer { key: Hash::of(key), edition }, self.screen.node)
    }

    pub(super) fn packed(&self, keys: Vec<Key>) -> Vec<Vec<Key>> {
        self.laid(keys, pack)
    }

    /// A list of which no author chooses how long it is: regions, time zones, days.
    pub(super) fn spread(&self, keys: Vec<Key>) -> Vec<Vec<Key>> {
        self.laid(keys, spread)
    }

    fn laid(&self, keys: Vec<Key>, lay: fn(&[&str], usize) -> Vec<usize>) -> Vec<Vec<Key>> {
        let labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
        let rows = lay(&labels, self.book.limits().rows.unwrap_or(ROWS));
        let mut keys = keys.into_iter();
        rows.into_iter().map(|row| keys.by_ref().take(row).collect()).collect()
    }

    pub(super) fn links(&self, links: &[LinkRow]) -> Vec<Vec<Key>> {
        let key = |link: &super::book::Link| {
            let label = link.label.as_deref();
            match &link.to {
                Target::Node(page) => self.open(*page, label),
                Target::Url(url) => Key { label: label.unwrap_or(url).to_owned(), press: Press::Url(url.clone()) },
                Target::Hide(page) => {
                    let mut key = self.open(*page, label);
                    let button = Button {
                        deed: Deed::Hide { typed: self.screen.typed },
                        page: self.book.hash(*page),
                        kept: false,
                        trail: Trail::default(),
                    };
                    key.press = Press::Token(button.token());
                    key
                }
            }
        };
        let mut rows = Vec::new();
        let mut loose = Vec::new();
        for row in links {
            match row {
                LinkRow::Loose(link) => loose.push(key(link)),
                LinkRow::Row(links) => {
                    rows.extend(self.packed(std::mem::take(&mut loose)));
                    rows.push(links.iter().map(key).collect());
                }
            }
        }
        rows.extend(self.packed(loose));
        rows
    }

    fn checklist(&self, list: &Checklist) -> Vec<Vec<Key>> {
        let at = self.screen.node;
        let first = self.book.first_tick(at);
        let ticked = |number| self.visit().is_some_and(|visit| visit.has(number));
        let mut any = false;
        let mut rows: Vec<Vec<Key>> = Vec::new();
        for (number, key, sign) in asked(list, first, self.stage()) {
            let mark = if ticked(number) { Label::Ticked } else { Label::Unticked };
            any |= ticked(number);
            let label = format!("{} {}", self.book.words().label(mark), sign.label);
            rows.push(vec![self.key(label, Deed::Tick { sign: Hash::of(key) }, at)]);
        }
        let done = if any { self.label(Label::Done) } else { list.none.clone() };
        rows.push(vec![self.key(done, Deed::Done, at), self.key(self.label(Label::NotSure), Deed::Unsure, at)]);
        rows
    }

    /// Which step of an exercise is shown.
    fn step(&self, steps: &Steps) -> usize {
        match self.screen.view {
            View::Step(step) => usize::from(step).min(steps.steps.len().saturating_sub(1)),
            _ => 0,
        }
    }

    fn steps(&self, steps: &'a Steps) -> (Text, Vec<Vec<Key>>) {
        let at = self.step(steps);
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let mut text = self.counted(Phrase::Step, number, steps.steps.len());
        let last = at + 1 == steps.steps.len();
        if let Some(step) = steps.steps.get(at) {
            text.append(self.fill(&step.text));
            if let Some(seconds) = step.hold_seconds {
                text.append(self.counted(Phrase::Hold, seconds, steps.steps.len()));
            }
        }
        if let Some(times) = steps.repeat.filter(|_| last) {
            text.append(self.counted(Phrase::Repeat, times, steps.steps.len()));
        }
        let step =
            |label, to: usize| self.key(self.label(label), Deed::Step(u8::try_from(to).unwrap_or(u8::MAX)), self.screen.node);
        let mut row = Vec::with_capacity(PREVIOUS_NEXT);
        if at > 0 {
            row.push(step(Label::Previous, at - 1));
        }
        row.push(if last {
            let (deed, page) = self.book.end_of_exercise(self.screen.node, steps.then);
            self.key(self.label(Label::Done), deed, page)
        } else {
            step(Label::Next, at + 1)
        });
        let together =
            self.key(self.label(Label::DoWithMe), Deed::Guide { cue: Cue::Count, spot: Spot::default() }, self.screen.node);
        let together = (at == 0 && steps.is_guided()).then(|| vec![together]);
        (text, together.into_iter().chain([row]).collect())
    }

    fn regions(&self) -> Vec<Vec<Key>> {
        let keys = self.book.regions().iter().map(|(id, region)| {
            let chosen = self.reader.region.as_deref() == Some(id);
            let label = if chosen { format!("{} {}", self.label(Label::Ticked), region.name) } else { region.name.clone() };
            self.key(label, Deed::Region(Hash::of(id)), self.screen.node)
        });
        self.spread(keys.collect())
    }

    fn languages(&self) -> Vec<Vec<Key>> {
        let keys = self.book.languages().iter().map(|(code, name)| {
            let chosen = self.book.language() == code;
            let label = if chosen { format!("{} {name}", self.label(Label::Ticked)) } else { name.clone() };
            self.key(label, Deed::Language(Hash::of(code)), self.screen.node)
        });
        self.spread(keys.collect())
    }

    pub(super) fn help_key(&self) -> Option<Key> {
        self.book.help().map(|help| self.key(self.label(Label::GetHelp), Deed::Open, help))
    }

    /// The button to what may have been meant.
    fn offer(&self, goal: Goal) -> Option<Key> {
        match goal {
            Goal::Page(page) => Some(self.open(page, None)),
            Goal::Weekly(wish) => self.book.weekly_page().and_then(|_| self.wish(wish)),
            Goal::Beyond => None,
        }
    }

    /// Help, the pages that may be meant, and the menu.
    fn ways_on(&self, offers: &[Goal]) -> Vec<Vec<Key>> {
        let help = self.help_key();
        let own = |goal: &&Goal| self.book.help().is_none_or(|help| **goal != Goal::Page(help));
        let pages = offers.iter().filter(own).filter_map(|goal| self.offer(*goal));
        let menu = self.key(self.label(Label::Menu), Deed::Open, self.book.home());
        help.into_iter().chain(pages).chain([menu]).map(|key| vec![key]).collect()
    }
}

/// The prefix of a row's label on screen is the tick; tests and people name the row without it.
pub fn without_tick<'a>(book: &Book, label: &'a str) -> &'a str {
    let marks = [Label::Ticked, Label::Unticked].map(|mark| book.words().label(mark));
    marks.iter().find_map(|mark| label.strip_prefix(*mark)).map_or(label, str::trim_start)
}
