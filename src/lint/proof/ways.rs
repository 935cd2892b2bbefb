//! The screens of a book and the taps between them, found by pressing every button.

use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;

use super::key::{Key, Keys};
use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::button::{Deed, Trail};
use crate::dialogue::words::FormText;
use crate::dialogue::{Book, Button, Effect, Event, Hash, Input, Kind, NodeId, Page, Press, Reader, Screen, View, step};

/// A moment to read every book at: a proof must not depend on the day. Monday 5 January 2026, noon, UTC.
const NOON: i64 = 1_767_614_400;
/// So many screens are tried at most. A book of 3,000 pages has some 10,000; what needs more has a ring in its memory.
pub const MOST: usize = 400_000;

/// A screen that can be come to.
#[derive(Debug)]
pub struct State {
    pub screen: Screen,
    pub reader: Reader,
    /// The taps from here.
    pub edges: Vec<Edge>,
    /// How it was first come to.
    from: From,
}

#[derive(Debug, Clone)]
enum From {
    /// By these lines of a walk.
    Start(Vec<String>),
    Tap(usize, Via),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub to: usize,
    pub via: Via,
    /// What the page itself offers, not the fixed row under it.
    pub own: bool,
    /// A row of a list: the screen stays.
    pub ticks: bool,
    /// Everything before it is hidden, as if nothing had been.
    pub hides: bool,
    /// Back to the page that help was asked from: `to` is one of them.
    pub returns: bool,
}

/// What was done on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The button of that number, counted from 0 over all rows.
    Button(usize),
    /// A week was typed.
    Week,
    /// The first of the weekly tips came.
    Tip,
}

/// A week that is typed where one is asked for.
const WEEK: &str = "20";

/// Every screen and every tap that was tried.
#[derive(Debug)]
pub struct Ways<'a> {
    pub book: &'a Book,
    pub states: Vec<State>,
    /// The pages that Back may return to, as they are shown then.
    pub returned: Vec<usize>,
    /// There was more than could be tried.
    pub stopped: bool,
}

/// Work in hand.
struct Explorer<'a> {
    keys: Keys<'a>,
    returned: BTreeSet<NodeId>,
    known: HashMap<Key, usize>,
    queue: VecDeque<(usize, u32)>,
    ways: Ways<'a>,
    most: usize,
}

impl<'a> Ways<'a> {
    /// Everything that can be come to: from home, from a link to any page, and from the weekly sign-up in each kind of country.
    pub fn all(book: &'a Book, most: usize) -> Ways<'a> {
        let mut explorer = Explorer::new(book, most);
        explorer.start(None, Reader::default(), 0);
        explorer.run(u32::MAX);
        for (_, id, node) in book.nodes() {
            if !matches!(node.kind, Kind::Outcome { .. }) {
                explorer.start(Some(id), Reader::default(), 0);
            }
        }
        for region in kinds_of_regions(book) {
            let weekly = book.weekly_page().map(|page| book.name(page));
            if weekly.is_some() {
                explorer.start(weekly, Reader { region: Some(region), ..Reader::default() }, 0);
            }
        }
        explorer.run(u32::MAX);
        explorer.find_returned();
        explorer.ways
    }

    /// What can be come to from home in so many taps by a reader of a region.
    pub fn near_home(book: &'a Book, region: &str, taps: u32) -> Ways<'a> {
        let mut explorer = Explorer::new(book, MOST);
        let region = (region != UNKNOWN_REGION).then(|| region.to_owned());
        explorer.start(None, Reader { region, ..Reader::default() }, 0);
        explorer.run(taps);
        explorer.find_returned();
        explorer.ways
    }

    /// The screen as it is seen.
    pub fn page(&self, at: usize) -> Page {
        let state = &self.states[at];
        self.book.compose(&state.screen, &state.reader)
    }

    /// The lines of a walk to a screen, the shortest that was found.
    pub fn walk_to(&self, at: usize) -> Vec<String> {
        let mut taps = Vec::new();
        let mut at = at;
        loop {
            match &self.states[at].from {
                From::Start(lines) => {
                    let taps = taps.into_iter().rev();
                    return lines.iter().cloned().chain(taps).collect();
                }
                From::Tap(before, via) => {
                    taps.push(self.line(*before, *via));
                    at = *before;
                }
            }
        }
    }

    /// A tap as a line of a walk.
    pub fn line(&self, at: usize, via: Via) -> String {
        match via {
            Via::Button(number) => {
                let page = self.page(at);
                let label = page.rows.iter().flatten().nth(number).map_or("", |key| key.label.as_str());
                format!("[{}]", crate::dialogue::without_tick(self.book, label))
            }
            Via::Week => format!("> {WEEK}"),
            Via::Tip => format!("tip: {}", first_tip(self.book).unwrap_or_default()),
        }
    }

    /// Whether a screen has been tried that is the same to routing.
    pub fn knows(&self, screen: &Screen, reader: &Reader) -> bool {
        let keys = Keys::new(self.book);
        let key = keys.key(screen, reader);
        self.states.iter().any(|state| keys.key(&state.screen, &state.reader) == key)
    }

    /// How many taps were tried.
    pub fn taps(&self) -> usize {
        self.states.iter().map(|state| state.edges.len()).sum()
    }
}

/// A region of each kind: with one clock, and with several.
fn kinds_of_regions(book: &Book) -> Vec<String> {
    let with = |several: bool| {
        let fits = |zones: usize| if several { zones > 1 } else { zones == 1 };
        book.regions().iter().find(|(_, region)| fits(region.zones.len())).map(|(id, _)| id.clone())
    };
    [with(false), with(true)].into_iter().flatten().collect()
}

fn first_tip(book: &Book) -> Option<&str> {
    book.tips()?.tips.iter().find(|(_, tip)| !tip.withdrawn).map(|(id, _)| id.as_str())
}

impl<'a> Explorer<'a> {
    fn new(book: &'a Book, most: usize) -> Explorer<'a> {
        let ways = Ways { book, states: Vec::new(), returned: Vec::new(), stopped: false };
        Explorer { keys: Keys::new(book), returned: BTreeSet::new(), known: HashMap::new(), queue: VecDeque::new(), ways, most }
    }

    fn start(&mut self, page: Option<&str>, reader: Reader, taps: u32) {
        let mut lines: Vec<String> = reader.region.iter().map(|region| format!("region: {region}")).collect();
        lines.push(page.map_or(String::from("> /start"), |page| format!("> /start {page}")));
        if let Some((screen, reader)) = self.turn(&reader, Event::Started(page.map(str::to_owned))) {
            self.add(screen, reader, From::Start(lines), taps);
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
                && let Some(at) = self.known.get(&self.keys.key(&screen, &reader))
            {
                self.ways.returned.push(*at);
            }
        }
    }

    fn turn(&self, reader: &Reader, event: Event) -> Option<(Screen, Reader)> {
        let at = Timestamp::from_second(NOON).unwrap_or_default();
        let turn = step(self.ways.book, reader.clone(), &Input { at, event });
        let screen = turn.effects.into_iter().find_map(|effect| match effect {
            Effect::Show(screen) | Effect::Send(screen) => Some(screen),
            Effect::Erase(_) | Effect::Rate { .. } => None,
        })?;
        Some((screen, turn.reader))
    }

    /// The number of a screen; a new one waits to be looked at.
    fn add(&mut self, screen: Screen, reader: Reader, from: From, taps: u32) -> usize {
        self.returned.extend(self.keys.returns_to(&screen));
        let next = self.ways.states.len();
        let at = *self.known.entry(self.keys.key(&screen, &reader)).or_insert(next);
        if at == next {
            self.ways.states.push(State { screen, reader, edges: Vec::new(), from });
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
        let ticked = self.is_ticked(&screen);
        let mut edges = Vec::new();
        for (number, key) in page.rows.into_iter().flatten().enumerate() {
            let Press::Token(token) = key.press else { continue };
            let Some(button) = Button::from_token(&token) else { continue };
            let ticks = matches!(button.deed, Deed::Tick { .. });
            // Each row alone: a second one could only ask for what the worse of both asks for.
            if ticks && ticked {
                continue;
            }
            let own = self.is_own(&screen, &button);
            let returns = !own
                && button.trail == Trail::default()
                && self.keys.returns_to(&screen).map(|page| self.ways.book.hash(page)) == Some(button.page);
            let Some((to, after)) = self.turn(&reader, Event::Pressed(token)) else { continue };
            let via = Via::Button(number);
            let to = self.add(to, after, From::Tap(at, via), taps);
            let hides = matches!(button.deed, Deed::Hide { .. });
            edges.push(Edge { to, via, own, ticks, hides, returns });
        }
        if let Some((via, event)) = self.unpressed(&screen)
            && let Some((to, after)) = self.turn(&reader, event)
        {
            let to = self.add(to, after, From::Tap(at, via), taps);
            edges.push(Edge { to, via, own: true, ticks: false, hides: false, returns: false });
        }
        edges
    }

    /// What happens on a screen without a button: a week is typed, and once the tips are on, one comes.
    fn unpressed(&self, screen: &Screen) -> Option<(Via, Event)> {
        match screen.view {
            View::Form(FormText::Week) => Some((Via::Week, Event::Said { words: WEEK.to_owned(), message: 1 })),
            View::Form(FormText::On) => {
                let tip = first_tip(self.ways.book)?.to_owned();
                Some((Via::Tip, Event::TipBegun { tip }))
            }
            _ => None,
        }
    }

    fn is_ticked(&self, screen: &Screen) -> bool {
        let Kind::Checklist(list) = &self.ways.book.node(screen.node).kind else { return false };
        let first = u32::from(self.ways.book.first_tick(screen.node));
        let rows = u32::try_from(list.signs.len()).unwrap_or(u32::MAX);
        let ticks = screen.trail.visit.as_ref().map_or(0, |visit| visit.ticks);
        (first..=first.saturating_add(rows)).any(|number| ticks.checked_shr(number).unwrap_or(0) & 1 == 1)
    }

    fn is_own(&self, screen: &Screen, button: &Button) -> bool {
        let book = self.ways.book;
        match button.deed {
            Deed::Open => {
                let is = |to: NodeId| book.hash(to) == button.page;
                let own = book.node(screen.node).leads_to().into_iter().any(is);
                own || matches!(screen.view, View::Tip { .. }) && button.page != Hash::of(book.name(book.home()))
            }
            Deed::More => false,
            _ => true,
        }
    }
}
