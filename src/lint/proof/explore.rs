//! How all ways are found: a queue of screens, and on each of them every button pressed.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;

use super::ways::{Edge, From, MOST, Sort, State, Via, Ways, first_tip};
use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::button::{Deed, Trail};
use crate::dialogue::guided::Cue;
use crate::dialogue::weekly::Act;
use crate::dialogue::words::{FormText, Label};
use crate::dialogue::{Book, Button, Effect, Event, Hash, Input, Kind, NodeId, PageAct, Press, Reader, Screen, View, step};

/// A moment to read every book at: a proof must not depend on the day. Monday 5 January 2026, noon, UTC.
const NOON: i64 = 1_767_614_400;

/// Nobody's phone number.
const NUMBER: &str = "000 000 000";

/// Work in hand.
struct Explorer<'a> {
    returned: BTreeSet<NodeId>,
    queue: VecDeque<(usize, u32)>,
    ways: Ways<'a>,
    most: usize,
}

impl<'a> Ways<'a> {
    /// Everything that can be come to: from home, from a link to any page, from the weekly sign-up in each kind of country, and from the
    /// pages that show what a reader keeps.
    pub fn all(book: &'a Book, most: usize) -> Ways<'a> {
        let mut explorer = Explorer::new(book, most);
        explorer.start(None, &Reader::default());
        explorer.run(u32::MAX);
        for (_, id, node) in book.nodes() {
            if !matches!(node.kind, Kind::Outcome { .. }) {
                explorer.start(Some(id), &Reader::default());
            }
        }
        for region in kinds_of_regions(book) {
            let weekly = book.weekly_page().map(|page| book.name(page));
            if weekly.is_some() {
                explorer.start(weekly, &Reader { region: Some(region), ..Reader::default() });
            }
        }
        for (page, reader) in keepers(book) {
            explorer.start(Some(page), &reader);
        }
        explorer.run(u32::MAX);
        explorer.find_returned();
        explorer.ways
    }

    /// What a reader of a region can come to from a page in so many taps.
    pub fn near(book: &'a Book, page: NodeId, region: &str, taps: u32) -> Ways<'a> {
        let mut explorer = Explorer::new(book, MOST);
        let region = (region != UNKNOWN_REGION).then(|| region.to_owned());
        let page = (page != book.home()).then(|| book.name(page));
        explorer.start(page, &Reader { region, ..Reader::default() });
        explorer.run(taps);
        explorer.find_returned();
        explorer.ways
    }
}

/// Pages that show what a reader keeps, each with a reader who keeps some of it.
fn keepers(book: &Book) -> impl Iterator<Item = (&str, Reader)> {
    let a_page = book.nodes().find(|(at, _, _)| book.can_save(*at)).map(|(_, id, _)| id.to_owned());
    book.nodes().filter_map(move |(_, id, node)| match node.kind {
        Kind::Saved { .. } => Some((id, Reader { saved: vec![a_page.clone()?], ..Reader::default() })),
        Kind::UnitNumber { .. } => Some((id, Reader { unit_number: Some(NUMBER.to_owned()), ..Reader::default() })),
        _ => None,
    })
}

/// A region of each kind: with one clock, and with several.
fn kinds_of_regions(book: &Book) -> Vec<String> {
    let with = |several: bool| {
        let fits = |zones: usize| if several { zones > 1 } else { zones == 1 };
        book.regions().iter().find(|(_, region)| fits(region.zones.len())).map(|(id, _)| id.clone())
    };
    [with(false), with(true)].into_iter().flatten().collect()
}

impl<'a> Explorer<'a> {
    fn new(book: &'a Book, most: usize) -> Explorer<'a> {
        let ways = Ways::none(book);
        Explorer { returned: BTreeSet::new(), queue: VecDeque::new(), ways, most }
    }

    fn start(&mut self, page: Option<&str>, reader: &Reader) {
        let mut lines: Vec<String> = reader.region.iter().map(|region| format!("region: {region}")).collect();
        for saved in &reader.saved {
            let taps = [Label::More, Label::Save].map(|label| format!("[{}]", self.ways.book.words().label(label)));
            lines.extend(std::iter::once(format!("> /start {saved}")).chain(taps));
        }
        if let (Some(number), Some(page)) = (&reader.unit_number, page) {
            lines.extend([format!("> /start {page}"), format!("> {number}")]);
        }
        lines.push(page.map_or(String::from("> /start"), |page| format!("> /start {page}")));
        if let Some((screen, reader)) = self.turn(reader, Event::Started(page.map(str::to_owned))) {
            let at = self.add(screen, reader, From::Start(lines), 0);
            let page = page.and_then(|page| self.ways.book.find(page)).unwrap_or(self.ways.book.home());
            self.ways.opened.entry(page).or_insert(at);
        }
    }

    fn run(&mut self, taps: u32) {
        while let Some((at, taken)) = self.queue.pop_front() {
            if taken >= taps {
                continue;
            }
            if self.ways.states.len() >= self.most {
                self.ways.stopped = true;
                self.queue.clear();
                return;
            }
            let edges = self.edges(at, taken + 1);
            self.ways.states[at].edges = edges;
        }
    }

    /// The pages that were returned to, as a button without a memory shows them.
    fn find_returned(&mut self) {
        for page in std::mem::take(&mut self.returned) {
            let opened = Event::Pressed(Button::open(self.ways.book.hash(page)).token());
            if let Some((screen, reader)) = self.turn(&Reader::default(), opened)
                && let Some(at) = self.ways.known.get(&self.ways.keys.key(&screen, &reader))
            {
                self.ways.returned.push(*at);
            }
        }
    }

    fn turn(&self, reader: &Reader, event: Event) -> Option<(Screen, Reader)> {
        let at = Timestamp::from_second(NOON).unwrap_or_default();
        let turn = step(self.ways.book, reader.clone(), &Input { at, event });
        let screen = turn.effects.into_iter().find_map(Effect::screen)?;
        Some((screen, turn.reader))
    }

    /// The number of a screen; a new one waits to be looked at.
    fn add(&mut self, screen: Screen, reader: Reader, from: From, taps: u32) -> usize {
        self.returned.extend(self.ways.keys.returns_to(&screen));
        let next = self.ways.states.len();
        let key = self.ways.keys.key(&screen, &reader);
        let at = *self.ways.known.entry(key).or_insert(next);
        if at == next {
            self.ways.states.push(State { screen, reader, edges: Vec::new(), depth: taps, from });
            self.queue.push_back((at, taps));
        }
        at
    }

    /// Everything that can be done on a screen, each done.
    fn edges(&mut self, at: usize, taps: u32) -> Vec<Edge> {
        let (screen, reader) = {
            let state = &self.ways.states[at];
            (state.screen.clone(), state.reader.clone())
        };
        let page = self.ways.book.compose(&screen, &reader);
        let ticked = self.ticked(&screen);
        let mut edges = Vec::new();
        for (number, key) in page.rows.into_iter().flatten().enumerate() {
            let Press::Token(token) = key.press else { continue };
            let Some(button) = Button::from_token(&token) else { continue };
            // Each row alone, and back to none: a second one could only ask for what the worse of both asks for.
            if ticked.is_some_and(|rows| self.adds_a_tick(&screen, rows, button.deed)) {
                continue;
            }
            let sort = self.sort(&screen, &button);
            let Some((to, after)) = self.turn(&reader, Event::Pressed(token)) else { continue };
            let via = Via::Button(number);
            let to = self.add(to, after, From::Tap(at, via), taps);
            edges.push(Edge { to, via, sort });
        }
        if let Some((via, reader, event)) = self.unpressed(&screen, reader)
            && let Some((to, after)) = self.turn(&reader, event)
        {
            let to = self.add(to, after, From::Tap(at, via), taps);
            edges.push(Edge { to, via, sort: Sort::Own });
        }
        edges
    }

    /// What happens on a screen without a button: a week is typed, once the tips are on, one comes, and an exercise is counted to its
    /// end.
    fn unpressed(&self, screen: &Screen, mut reader: Reader) -> Option<(Via, Reader, Event)> {
        match screen.view {
            // What was typed is read by `understand`, which takes longer than all taps together: this is what comes of it.
            View::Form(FormText::Week) => {
                let weekly = reader.weekly.as_mut()?;
                weekly.week_zero = weekly.next.on.checked_sub(jiff::Span::new().weeks(self.ways.week())).ok();
                let status =
                    Button { deed: Deed::Form(Act::See(FormText::Status)), ..Button::open(self.ways.book.hash(screen.node)) };
                Some((Via::Week, reader, Event::Pressed(status.token())))
            }
            View::Form(FormText::On) => {
                let tip = first_tip(self.ways.book)?.to_owned();
                Some((Via::Tip, reader, Event::TipBegun { tip }))
            }
            View::Guided { cue: Cue::Count, spot } => {
                let Kind::Steps(steps) = &self.ways.book.node(screen.node).kind else { return None };
                let book = self.ways.book;
                let (deed, page) = book.end_of_exercise(screen.node, steps.then);
                let done = Button { deed, trail: screen.trail.clone(), ..Button::open(book.hash(page)) };
                Some((Via::Later(steps.seconds_left(spot)), reader, Event::Ticked(done.token())))
            }
            _ => None,
        }
    }

    /// The ticks of a list, Not sure behind its rows; `None` if there are none.
    fn ticked(&self, screen: &Screen) -> Option<u128> {
        let Kind::Checklist(list) = &self.ways.book.node(screen.node).kind else { return None };
        let places = u32::try_from(list.signs.len() + 1).unwrap_or(u32::MAX);
        let rows = 1u128.checked_shl(places).map_or(u128::MAX, |beyond| beyond - 1);
        let ticks = screen.trail.visit.as_ref().map_or(0, |visit| visit.ticks);
        let ticks = ticks.checked_shr(self.ways.book.first_tick(screen.node).into()).unwrap_or(0) & rows;
        (ticks != 0).then_some(ticks)
    }

    /// Whether a press would tick a row beside those that are ticked.
    fn adds_a_tick(&self, screen: &Screen, ticked: u128, deed: Deed) -> bool {
        let (Kind::Checklist(list), Deed::Tick { sign }) = (&self.ways.book.node(screen.node).kind, deed) else { return false };
        let row = list.signs.keys().position(|key| Hash::of(key) == sign).and_then(|row| u32::try_from(row).ok());
        row.is_none_or(|row| ticked.checked_shr(row).unwrap_or(0) & 1 == 0)
    }

    fn sort(&self, screen: &Screen, button: &Button) -> Sort {
        let book = self.ways.book;
        match button.deed {
            Deed::Tick { .. } => Sort::Ticks,
            Deed::Hide { .. } => Sort::Hides,
            Deed::OnPage(PageAct::Finish) => Sort::Own,
            Deed::More | Deed::OnPage(_) => Sort::Fixed,
            Deed::Open => {
                let mut offers = book.node(screen.node).leads_to().into_iter();
                let of_a_tip = matches!(screen.view, View::Tip { .. }) && button.page != book.hash(book.home());
                let returned = self.ways.keys.returns_to(screen).map(|page| book.hash(page));
                if of_a_tip || offers.any(|to| book.hash(to) == button.page) {
                    Sort::Own
                } else if button.trail == Trail::default() && returned == Some(button.page) {
                    Sort::Returns
                } else {
                    Sort::Fixed
                }
            }
            _ => Sort::Own,
        }
    }
}
