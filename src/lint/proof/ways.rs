//! The screens of a book and the taps between them, found by pressing every button.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use xxhash_rust::xxh3::Xxh3Default;

use super::key::{Key, Keys};
use crate::dialogue::{Book, NodeId, Page, Reader, Screen};

/// So many screens are tried at most, unless the book's `limits` say otherwise: a book of a few thousand pages stays far below.
pub const MOST: usize = 400_000;

/// A screen that can be come to.
#[derive(Debug)]
pub struct State {
    pub screen: Screen,
    pub reader: Reader,
    /// The taps from here.
    pub edges: Vec<Edge>,
    /// In so many taps, at least, it was come to.
    pub depth: u32,
    /// How it was first come to.
    pub(super) from: From,
}

#[derive(Debug, Clone)]
pub(super) enum From {
    /// By these lines of a walk.
    Start(Vec<String>),
    Tap(usize, Via),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub to: usize,
    pub via: Via,
    pub sort: Sort,
}

/// What kind of tap it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// An answer or a link: what the page itself offers.
    Own,
    /// A row of a list: the screen stays.
    Ticks,
    /// Everything before it is hidden, as if nothing had been.
    Hides,
    /// The fixed row.
    Fixed,
    /// Back to the page that help was asked from: `to` is one of them.
    Returns,
}

impl Edge {
    pub fn is_own(&self) -> bool {
        matches!(self.sort, Sort::Own | Sort::Ticks | Sort::Hides)
    }
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
    /// So many seconds passed, and an exercise came to its end.
    Later(u32),
}

/// Every screen and every tap that was tried.
#[derive(Debug)]
pub struct Ways<'a> {
    pub book: &'a Book,
    pub states: Vec<State>,
    /// Each page as a link opens it.
    pub(super) opened: HashMap<NodeId, usize>,
    /// The pages that Back may return to, as they are shown then.
    pub returned: Vec<usize>,
    /// There was more than could be tried.
    pub stopped: bool,
    /// Who leads to a screen: the taps turned round, once somebody asks.
    pub(super) back: OnceLock<Back>,
    pub(super) keys: Keys<'a>,
    pub(super) known: HashMap<Key, usize, BuildHasherDefault<Xxh3Default>>,
}

/// The taps turned round.
#[derive(Debug, Default)]
pub struct Back {
    /// For each screen, where its entries in `from` begin; one more at the end.
    starts: Vec<usize>,
    /// A screen, and the number of its tap.
    from: Vec<(u32, u16)>,
}

impl Back {
    fn new(states: &[State]) -> Back {
        let mut starts = vec![0; states.len() + 1];
        let edges = || {
            (0u32..)
                .zip(states)
                .flat_map(|(at, state)| (0u16..).zip(&state.edges).map(move |(number, edge)| (at, number, edge.to)))
        };
        for (_, _, to) in edges() {
            starts[to + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut from = vec![(0, 0); *starts.last().unwrap_or(&0)];
        for (at, number, to) in edges() {
            from[next[to]] = (at, number);
            next[to] += 1;
        }
        Back { starts, from }
    }
}

impl<'a> Ways<'a> {
    /// Nothing is known of a book yet.
    pub(super) fn none(book: &'a Book) -> Ways<'a> {
        Ways {
            book,
            states: Vec::new(),
            opened: HashMap::new(),
            returned: Vec::new(),
            stopped: false,
            back: OnceLock::new(),
            keys: Keys::new(book),
            known: HashMap::default(),
        }
    }

    /// A page as a link opens it.
    pub fn opened(&self, page: NodeId) -> Option<usize> {
        self.opened.get(&page).copied()
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

    /// A week that is typed where one is asked for: in the middle of those that the book counts.
    pub(super) fn week(&self) -> u8 {
        let count = self.book.weeks();
        count.from.midpoint(count.to)
    }

    /// The lines with which the walk to a screen begins; [`State::depth`] taps follow. No screen has to be composed for that.
    pub fn beginning(&self, at: usize) -> &[String] {
        let mut first = at;
        loop {
            match &self.states[first].from {
                From::Start(lines) => return lines,
                From::Tap(before, _) => first = *before,
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
            Via::Week => format!("> {}", self.week()),
            Via::Later(seconds) => format!("later: {seconds}s"),
            Via::Tip => format!("tip: {}", first_tip(self.book).unwrap_or_default()),
        }
    }

    /// Whether a screen has been tried that is the same to routing.
    pub fn knows(&self, screen: &Screen, reader: &Reader) -> bool {
        self.known.contains_key(&self.keys.key(screen, reader))
    }

    /// The taps that lead to a screen, each with the screen it is made on.
    pub fn leading_to(&self, at: usize) -> impl Iterator<Item = (usize, &Edge)> {
        let back = self.back.get_or_init(|| Back::new(&self.states));
        let from = back.from.get(back.starts[at]..back.starts[at + 1]).unwrap_or_default();
        from.iter().map(|(at, number)| (*at as usize, &self.states[*at as usize].edges[usize::from(*number)]))
    }

    /// How many taps were tried.
    pub fn taps(&self) -> usize {
        self.states.iter().map(|state| state.edges.len()).sum()
    }
}

/// The weekly tip that stands for all.
pub(super) fn first_tip(book: &Book) -> Option<&str> {
    book.tips()?.tips.iter().find(|(_, tip)| !tip.withdrawn).map(|(id, _)| id.as_str())
}
