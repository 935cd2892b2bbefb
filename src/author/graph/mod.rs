//! The book as a picture: which pages are drawn, and the ways between them. How they look is for [`mermaid`] and [`svg`].

mod layers;
pub mod mermaid;
pub mod svg;

use std::collections::{HashMap, HashSet, VecDeque};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::dialogue::book::{Checklist, Goto, Kind, LinkRow, Services, Steps, Target};
use crate::dialogue::safety::KindName;
use crate::dialogue::{Book, Level, Node, NodeId, Rich};

/// What of a book is drawn.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// From this page on; the whole book if there is none.
    pub from: Option<NodeId>,
    /// So many taps from there.
    pub depth: Option<usize>,
    /// Nothing behind pages of these kinds.
    pub until: Vec<KindName>,
    /// A file of the book by its name: its pages, and dashed the pages they lead to.
    pub subject: Option<(String, Vec<NodeId>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub title: String,
    pub boxes: Vec<Page>,
    pub ways: Vec<Way>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub id: String,
    /// The page's title; its id if it has none.
    pub label: String,
    pub look: Look,
    /// A few words more: which levels the rows of a list have.
    pub detail: Option<String>,
    /// How its text begins.
    pub says: String,
    /// It stands here only because a drawn page leads to it.
    pub beside: bool,
}

/// From one box to another, both by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub from: usize,
    pub to: usize,
    pub label: Option<String>,
    /// Not what a tap on the page does: a question that is asked first, a list that is passed over.
    pub dashed: bool,
}

/// What tells one kind of page from another: each has its colour and its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    Advice(Level),
    Question,
    Weeks,
    Checklist,
    Outcome,
    Exercise,
    Page,
    Regions,
    Form,
}

impl Look {
    /// In the order of a legend: the most urgent first.
    pub const ALL: [Look; 13] = [
        Look::Question,
        Look::Weeks,
        Look::Checklist,
        Look::Outcome,
        Look::Advice(Level::Emergency),
        Look::Advice(Level::Now),
        Look::Advice(Level::Today),
        Look::Advice(Level::Soon),
        Look::Advice(Level::SelfCare),
        Look::Exercise,
        Look::Page,
        Look::Regions,
        Look::Form,
    ];

    fn of(node: &Node) -> Look {
        match &node.kind {
            Kind::Advice { level, .. } => Look::Advice(*level),
            Kind::Question { .. } => Look::Question,
            Kind::Weeks { .. } => Look::Weeks,
            Kind::Checklist(_) => Look::Checklist,
            Kind::Outcome { .. } => Look::Outcome,
            Kind::Steps(_) => Look::Exercise,
            Kind::Page { .. } | Kind::Services(_) => Look::Page,
            Kind::Regions { .. } | Kind::Languages { .. } => Look::Regions,
            Kind::Weekly | Kind::Saved { .. } | Kind::UnitNumber { .. } => Look::Form,
        }
    }

    /// The key in a book's file that makes a page of this kind.
    pub fn key(self) -> &'static str {
        match self {
            Look::Advice(_) => "advice",
            Look::Question => "question",
            Look::Weeks => "weeks",
            Look::Checklist => "checklist",
            Look::Outcome => "outcome",
            Look::Exercise => "steps",
            Look::Page => "text",
            Look::Regions => "regions",
            Look::Form => "form",
        }
    }

    /// Said in every box, so that nothing hangs on its colour.
    pub fn word(self) -> &'static str {
        match self {
            Look::Advice(Level::Emergency) => "advice: emergency",
            Look::Advice(Level::Now) => "advice: now",
            Look::Advice(Level::Today) => "advice: today",
            Look::Advice(Level::Soon) => "advice: soon",
            Look::Advice(Level::SelfCare) => "advice: self-care",
            Look::Exercise => "exercise",
            Look::Page => "page",
            Look::Regions => "countries",
            Look::Form => "sign-up",
            Look::Weeks => "asks the weeks",
            Look::Outcome => "the worst sign decides",
            Look::Question | Look::Checklist => self.key(),
        }
    }
}

/// The picture of a book, or of a part of it. The fixed row is left out, for it leads from everywhere; so are web addresses.
pub fn picture(book: &Book, choice: &Choice) -> Picture {
    let (drawn, beside) = pick(book, choice);
    let numbers: HashMap<NodeId, usize> = (0..).zip(&drawn).map(|(number, at)| (*at, number)).collect();
    let boxes = drawn.iter().map(|at| page(book, *at, beside.contains(at))).collect();
    let mut ways: Vec<Way> = Vec::new();
    for (from, at) in drawn.iter().enumerate() {
        if !leads_on(book, *at, choice) || beside.contains(at) {
            continue;
        }
        let first = ways.len();
        for (to, label, dashed) in ways_of(book, *at) {
            let Some(to) = numbers.get(&to).copied() else { continue };
            // Two answers with one end are one line.
            match ways.iter_mut().skip(first).find(|way| way.to == to && way.dashed == dashed) {
                Some(way) => way.label = joined(way.label.take(), label),
                None => ways.push(Way { from, to, label, dashed }),
            }
        }
    }
    let title = match (choice.from, &choice.subject) {
        (Some(from), _) => book.node(from).title.clone().unwrap_or_else(|| book.name(from).to_owned()),
        (None, Some((subject, _))) => format!("{}: {subject}", book.title()),
        (None, None) => book.title().to_owned(),
    };
    Picture { title, boxes, ways }
}

/// The pages that are drawn, and which of them only stand beside.
fn pick(book: &Book, choice: &Choice) -> (Vec<NodeId>, HashSet<NodeId>) {
    if let Some((_, pages)) = &choice.subject {
        let own: HashSet<NodeId> = pages.iter().copied().collect();
        let beside: HashSet<NodeId> =
            pages.iter().flat_map(|at| book.node(*at).leads_to()).filter(|at| !own.contains(at)).collect();
        let all = book.nodes().map(|(at, ..)| at).filter(|at| own.contains(at) || beside.contains(at));
        return (all.collect(), beside);
    }
    let Some(from) = choice.from else { return (book.nodes().map(|(at, ..)| at).collect(), HashSet::new()) };
    let mut drawn = vec![from];
    let mut seen = HashSet::from([from]);
    let mut queue = VecDeque::from([(from, 0)]);
    while let Some((at, taps)) = queue.pop_front() {
        if choice.depth.is_some_and(|depth| taps >= depth) || !leads_on(book, at, choice) {
            continue;
        }
        for to in ways_of(book, at).into_iter().map(|(to, ..)| to) {
            if seen.insert(to) {
                drawn.push(to);
                // A junction has no screen, so nobody taps there.
                let is_screen = !matches!(book.node(to).kind, Kind::Outcome { .. });
                queue.push_back((to, taps + usize::from(is_screen)));
            }
        }
    }
    (drawn, HashSet::new())
}

fn leads_on(book: &Book, at: NodeId, choice: &Choice) -> bool {
    choice.from == Some(at) || !KindName::of(book.node(at)).is_some_and(|kind| choice.until.contains(&kind))
}

fn page(book: &Book, at: NodeId, beside: bool) -> Page {
    let node = book.node(at);
    let says = node.text().map(opening).unwrap_or_default();
    let detail = match &node.kind {
        Kind::Checklist(list) => Some(levels(list)),
        Kind::Steps(Steps { steps, .. }) => Some(format!("{} steps", steps.len())),
        _ => None,
    };
    let id = book.name(at).to_owned();
    Page { label: node.title.clone().unwrap_or_else(|| id.clone()), id, look: Look::of(node), detail, says, beside }
}

/// The first paragraph of a text; a placeholder shows its name.
fn opening(text: &Rich) -> String {
    let text = text.fill(|slot| Some(format!("{{{slot}}}").into()));
    shortened(text.words.split("\n\n").next().unwrap_or_default(), 160)
}

/// `3 rows: now, 3 rows: today`, the worst first.
fn levels(list: &Checklist) -> String {
    let of = |level: &Level| {
        let rows = list.signs.values().filter(|sign| sign.level == *level).count();
        (rows > 0).then(|| format!("{rows} rows: {}", level.name()))
    };
    Level::ALL.iter().rev().filter_map(of).collect::<Vec<_>>().join(", ")
}

// --- ways --------------------------------------------------------------------------------------------------------------------------

type To = (NodeId, Option<String>, bool);

fn ways_of(book: &Book, at: NodeId) -> Vec<To> {
    match &book.node(at).kind {
        Kind::Page { links, .. } | Kind::Advice { links, .. } | Kind::Services(Services { links, .. }) => linked(links),
        Kind::Question { answers, .. } => {
            let way = |answer: &crate::dialogue::book::Answer| match answer.goto {
                Goto::Node(to) => Some((to, Some(answer.label.clone()), false)),
                Goto::Onward => None,
            };
            answers.values().filter_map(way).collect()
        }
        Kind::Weeks { then, .. } | Kind::Regions { then, .. } | Kind::Languages { then, .. } => vec![(*then, None, false)],
        Kind::Checklist(list) => after_list(book, list),
        Kind::Outcome { worst } => {
            let levels = Level::ALL.iter().zip(worst).rev();
            levels.map(|(level, to)| (*to, Some(level.name().to_owned()), false)).collect()
        }
        Kind::Steps(steps) => {
            let before = steps.before.map(|to| (to, Some(String::from("asked first")), true));
            before.into_iter().chain([(steps.then, None, false)]).collect()
        }
        Kind::Weekly | Kind::Saved { .. } | Kind::UnitNumber { .. } => Vec::new(),
    }
}

fn linked(rows: &[LinkRow]) -> Vec<To> {
    let links = rows.iter().flat_map(|row| match row {
        LinkRow::Loose(link) => std::slice::from_ref(link),
        LinkRow::Row(links) => links,
    });
    let way = |link: &crate::dialogue::book::Link| match link.to {
        Target::Node(to) | Target::Hide(to) => Some((to, link.label.clone(), false)),
        Target::Url(_) => None,
    };
    links.filter_map(way).collect()
}

/// The next list; and straight to the end from a row that nothing further down could outrank.
fn after_list(book: &Book, list: &Checklist) -> Vec<To> {
    let mut later = None;
    let mut end = list.then;
    // A ring of lists has no end; no way is longer than the book.
    for _ in 0..book.len() {
        let Kind::Checklist(next) = &book.node(end).kind else { break };
        later = later.max(next.signs.values().map(|sign| sign.level).max());
        end = next.then;
    }
    if later.is_none() {
        return vec![(list.then, None, false)];
    }
    let is_last = |level: &Level| Some(*level) >= later;
    let here = |level: &&Level| list.signs.values().any(|sign| sign.level == **level);
    let ending: Vec<&str> =
        Level::ALL.iter().rev().filter(here).filter(|level| is_last(level)).map(|level| level.name()).collect();
    if ending.is_empty() {
        return vec![(list.then, None, false)];
    }
    let all_end = list.signs.values().all(|sign| is_last(&sign.level));
    let none = if all_end { list.none.clone() } else { String::from("anything else") };
    vec![(list.then, Some(none), false), (end, Some(format!("ticked or not sure: {}", ending.join(", "))), true)]
}

// --- words -------------------------------------------------------------------------------------------------------------------------

fn joined(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(format!("{one} / {other}")),
        (one, other) => one.or(other),
    }
}

/// At most so many columns wide; what is cut is shown to be.
fn shortened(words: &str, most: usize) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.width() <= most {
        return words;
    }
    let mut cut = String::new();
    for char in words.chars() {
        if cut.width() + char.width().unwrap_or(0) >= most {
            break;
        }
        cut.push(char);
    }
    // A whole word is cut rather than a letter, unless there is but one.
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}
