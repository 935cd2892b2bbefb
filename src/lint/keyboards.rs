//! The buttons of each screen as a reader sees them, and where the words on each stand: what the rules about buttons walk through.

use crate::dialogue::book::{Link, LinkRow, Services, Target};
use crate::dialogue::guided::{Cue, Spot};
use crate::dialogue::weekly::Tips;
use crate::dialogue::words::{FormLabel, FormText, Label};
use crate::dialogue::{Book, Key, Kind, Node, NodeId, Reader, Screen, View};
use crate::source::{Place, Spans};

pub type Row = Vec<Seen>;

/// A button on a screen.
#[derive(Debug, Clone)]
pub struct Seen {
    pub key: Key,
    pub words: Words,
}

/// Whose words stand on a button, and the way to them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Words {
    /// The page's own.
    Page(Vec<String>),
    /// The title of the page that it leads to; the way is that of the button.
    Title(NodeId, Vec<String>),
    /// A phrase of the bot.
    Bot(Vec<String>),
    /// A name in `book.yaml`.
    Book(Vec<String>),
}

impl Words {
    /// Where to point at, for a button that `page` shows.
    pub fn place(&self, spans: &Spans, page: &str) -> Place {
        match self {
            Words::Page(way) | Words::Title(_, way) => spans.at(page, &steps(way)),
            Words::Bot(way) => spans.in_words(&steps(way)),
            Words::Book(way) => spans.in_book(&steps(way)),
        }
    }

    /// Words that several pages show, whatever the way to them; `None` for those that stand on one button alone.
    pub fn shared(&self) -> Option<Words> {
        match self {
            Words::Page(_) => None,
            Words::Title(page, _) => Some(Words::Title(*page, Vec::new())),
            words => Some(words.clone()),
        }
    }
}

fn steps(way: &[String]) -> Vec<&str> {
    way.iter().map(String::as_str).collect()
}

fn way(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// All screens of a page, each with its rows. A page that was taken back shows the bot's own way on, and a junction shows nothing. The
/// screen behind More is left out: the whole title of a source stands above its button.
pub fn keyboards(book: &Book, at: NodeId) -> Vec<Vec<Row>> {
    let node = book.node(at);
    let view = |view| Screen { view, ..Screen::of(at) };
    let own = own(book, node);
    let shown = |screen: &Screen, reader: &Reader| seen(book, book.compose(screen, reader).rows, &own);
    let reader = Reader::default();
    let mut keyboards = match &node.kind {
        _ if node.withdrawn.is_some() => Vec::new(),
        Kind::Outcome { .. } => Vec::new(),
        Kind::Weekly => forms(book).into_iter().map(|(text, reader)| shown(&view(View::Form(text)), &reader)).collect(),
        Kind::Steps(steps) => {
            let numbers = (0..steps.steps.len()).filter_map(|step| u8::try_from(step).ok());
            let read = numbers.map(|step| shown(&view(View::Step(step)), &reader));
            let cues: &[Cue] = if steps.is_guided() { &Cue::ALL } else { &[] };
            let guided = cues.iter().map(|cue| shown(&view(View::Guided { cue: *cue, spot: Spot::default() }), &reader));
            read.chain(guided).collect()
        }
        _ => vec![shown(&Screen::of(at), &reader)],
    };
    // What a rating asks is the same on every page that is rated.
    if book.nodes().find(|(at, _, _)| book.can_rate(*at)).is_some_and(|(first, _, _)| first == at) {
        let answers = book.compose(&view(View::Sources), &reader).rows.into_iter().take(1).collect();
        keyboards.push(seen(book, answers, &[]));
        keyboards.push(seen(book, book.compose(&view(View::Missing { end: false }), &reader).rows, &[]));
    }
    keyboards
}

/// The screens of the weekly sign-up; the list of time zones for each region that has some.
fn forms(book: &Book) -> Vec<(FormText, Reader)> {
    let fit_weeks = book.tips().is_some_and(Tips::fit_weeks);
    let shown = FormText::ALL.iter().filter(move |text| fit_weeks || !text.is_for_weeks());
    let plain = shown.map(|text| (*text, Reader::default()));
    let zoned = book.regions().iter().filter(|(_, region)| !region.zones.is_empty());
    let zoned = zoned.map(|(id, _)| (FormText::Zone, Reader { region: Some(id.clone()), ..Reader::default() }));
    plain.chain(zoned).collect()
}

fn seen(book: &Book, rows: Vec<Vec<Key>>, own: &[Words]) -> Vec<Row> {
    let mut own = own.iter();
    let seen = |key: Key| {
        let words = own.next().cloned().unwrap_or_else(|| named(book, &key.label));
        Seen { key, words }
    };
    let mut seen = seen;
    rows.into_iter().map(|row| row.into_iter().map(&mut seen).collect()).collect()
}

/// The words on the page's own buttons, in the order in which they are laid.
fn own(book: &Book, node: &Node) -> Vec<Words> {
    let labels = |list: &str, keys: Vec<&str>| keys.into_iter().map(|key| Words::Page(way(&[list, key, "label"]))).collect();
    match &node.kind {
        Kind::Page { links, .. } | Kind::Advice { links, .. } | Kind::Services(Services { links, .. }) => linked(links),
        Kind::Question { .. } | Kind::Weeks { .. } => labels("answers", node.answer_keys()),
        Kind::Checklist(_) => {
            let mut words: Vec<Words> = labels("signs", node.answer_keys());
            words.push(Words::Page(way(&["none"])));
            words
        }
        Kind::Regions { .. } => book.regions().keys().map(|id| Words::Book(way(&["regions", id, "name"]))).collect(),
        Kind::Languages { .. } => book.languages().keys().map(|code| Words::Book(way(&["languages", code]))).collect(),
        Kind::Steps(_) | Kind::Outcome { .. } | Kind::Weekly | Kind::Saved { .. } | Kind::UnitNumber { .. } => Vec::new(),
    }
}

fn linked(rows: &[LinkRow]) -> Vec<Words> {
    let words = |link: &Link, mut way: Vec<String>| {
        if let (None, Target::Node(to) | Target::Hide(to)) = (&link.label, &link.to) {
            return Words::Title(*to, way);
        }
        way.push(String::from("label"));
        Words::Page(way)
    };
    let mut all = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let at = at.to_string();
        match row {
            LinkRow::Loose(link) => all.push(words(link, way(&["links", &at]))),
            LinkRow::Row(links) => {
                let links = links.iter().enumerate();
                all.extend(links.map(|(beside, link)| words(link, way(&["links", &at, &beside.to_string()]))));
            }
        }
    }
    all
}

/// Where words stand that no page wrote on its button.
fn named(book: &Book, words: &str) -> Words {
    if let Some(label) = Label::ALL.iter().find(|label| book.words().label(**label) == words) {
        return Words::Bot(way(&[label.name()]));
    }
    let weekly = &book.words().weekly;
    if let Some(label) = FormLabel::ALL.iter().find(|label| weekly.label(**label) == words) {
        return Words::Bot(way(&["weekly", label.name()]));
    }
    for (list, all) in [("weekdays", &weekly.weekdays), ("hours", &weekly.hours)] {
        if let Some(at) = all.iter().position(|each| each == words) {
            return Words::Bot(way(&["weekly", list, &at.to_string()]));
        }
    }
    let missing = book.rating().into_iter().flat_map(|rating| &rating.missing);
    if let Some((id, _)) = missing.into_iter().find(|(_, label)| *label == words) {
        return Words::Book(way(&["rating", "missing", id]));
    }
    for (id, region) in book.regions() {
        if region.name == words {
            return Words::Book(way(&["regions", id, "name"]));
        }
        if let Some((zone, _)) = region.zones.iter().find(|(_, label)| *label == words) {
            return Words::Book(way(&["regions", id, "zones", zone]));
        }
    }
    Words::Bot(Vec::new())
}
