//! The leaflet: what of the book stands on paper, and in which order, in the words of one region.
//!
//! Which pages are in it is the book's affair. The signs come from the triage itself, so that none is forgotten. Never here: markup, a
//! picture's bytes, anything of a reader but their region.

use std::borrow::Cow;

use super::book::{Book, Goto, Image, Kind, Node, NodeId, Source, Wording};
use super::level::{Level, Stage};
use super::text::{Rich, Text};
use super::words::Phrase;

/// As a book has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaflet {
    pub title: String,
    /// For whom it is.
    pub text: Rich,
    pub sections: Vec<Section>,
    /// Above the sources.
    pub sources: String,
    /// When the region's numbers were checked, as `{date}`.
    pub checked: Rich,
    /// Where the bot is, as `{link}`.
    pub chat: Rich,
    /// How its own words are worded in a translation, if not as they should be.
    pub wording: Option<Wording>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub text: Option<Rich>,
    pub holds: Holds,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    Pages(Vec<NodeId>),
    /// All signs of the triage: what to do about those of each level, the most urgent first, and what stands above its words explained.
    Signs {
        levels: Vec<(Level, Rich)>,
        notes: String,
    },
}

/// As one reader holds it.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub title: &'a str,
    pub text: Text,
    /// What has to be known of all of it: nobody has checked it, a machine has translated it.
    pub notices: Vec<Text>,
    pub parts: Vec<Part<'a>>,
    pub sources: &'a str,
    pub from: Vec<Origin<'a>>,
    pub checked: Option<Text>,
}

#[derive(Debug)]
pub struct Part<'a> {
    pub title: &'a str,
    pub text: Text,
    /// Labelled numbers by country, where the region is not known and something here says one.
    pub numbers: Vec<Text>,
    pub cards: Vec<Card<'a>>,
    /// Why it is in the book's own language, if it is.
    pub original: Option<Text>,
}

#[derive(Debug)]
pub struct Card<'a> {
    pub title: Option<&'a str>,
    pub what: What<'a>,
    /// Why it is in the book's own language, if it is.
    pub original: Option<Text>,
}

#[derive(Debug)]
pub enum What<'a> {
    Page {
        text: Text,
        image: Option<&'a Image>,
        level: Option<Level>,
    },
    Steps {
        steps: Vec<Step<'a>>,
        repeat: Option<Text>,
    },
    /// What to do, and the signs that it is to be done about.
    Signs {
        level: Level,
        text: Text,
        signs: Vec<Text>,
    },
    Notes(Vec<Text>),
}

#[derive(Debug)]
pub struct Step<'a> {
    pub text: Text,
    pub hold: Option<Text>,
    pub image: Option<&'a Image>,
}

/// A source, and when it was reviewed.
#[derive(Debug)]
pub struct Origin<'a> {
    pub text: Text,
    pub link: Option<&'a str>,
}

impl Book {
    /// The leaflet in the words of this book and a region; what nobody has checked in this language is said as `own` says it. `None` if
    /// the book has none.
    pub fn leaflet_for<'a>(&'a self, own: &'a Book, region: Option<&'a str>) -> Option<Sheet<'a>> {
        let leaflet = self.leaflet()?;
        let (here, there) = (Printer { book: self, region }, Printer { book: own, region });
        let mut parts = Vec::with_capacity(leaflet.sections.len());
        for (section, own_section) in leaflet.sections.iter().zip(&own.leaflet()?.sections) {
            parts.push(match &section.holds {
                Holds::Pages(pages) => here.pages(section, pages, there),
                Holds::Signs { .. } if self.says_signs_in_own() => {
                    Part { original: Some(here.phrase(Phrase::NotTranslated)), ..there.signs(own_section) }
                }
                Holds::Signs { .. } => here.signs(section),
            });
        }
        let checked = self.region(region).and_then(|region| region.checked).map(|date| self.words().date(date));
        Some(Sheet {
            title: &leaflet.title,
            text: here.fill(&leaflet.text),
            notices: here.notices(leaflet),
            parts,
            sources: &leaflet.sources,
            from: here.origins(leaflet),
            checked: checked.map(|date| here.fill_with(&leaflet.checked, "date", &date)),
        })
    }

    /// Where the bot is, in words, for those who hold the leaflet.
    pub fn leaflet_chat(&self, link: &str) -> Option<Text> {
        let printer = Printer { book: self, region: None };
        self.leaflet().map(|leaflet| printer.fill_with(&leaflet.chat, "link", link))
    }

    /// The page that comes with the leaflet, unless it was taken back.
    pub fn leaflet_page(&self) -> Option<NodeId> {
        self.nodes().find(|(_, _, node)| node.brings_leaflet()).map(|(at, _, _)| at)
    }

    /// The levels of which the triage has signs, the most urgent first.
    pub fn levels_of_signs(&self) -> Vec<Level> {
        Level::ALL.into_iter().rev().filter(|level| !self.signs_of(*level).is_empty()).collect()
    }

    /// The pages that the signs are on: what is asked first, and the lists.
    fn pages_of_signs(&self) -> impl Iterator<Item = NodeId> + '_ {
        let first = self.help().filter(|help| self.asked_at(*help).is_some());
        first.into_iter().chain(self.checklists().map(|(at, _, _)| at))
    }

    /// The most urgent advice that an answer of the question leads to.
    fn asked_at(&self, page: NodeId) -> Option<Level> {
        let Kind::Question { answers, .. } = &self.node(page).kind else { return None };
        let levels = answers.values().filter_map(|answer| match answer.goto {
            Goto::Node(to) => match self.node(to).kind {
                Kind::Advice { level, .. } => Some(level),
                _ => None,
            },
            Goto::Onward => None,
        });
        levels.max()
    }

    fn signs_of(&self, level: Level) -> Vec<Text> {
        let printer = Printer { book: self, region: None };
        let mut signs = Vec::new();
        if let Some(help) = self.help().filter(|help| self.asked_at(*help) == Some(level)) {
            signs.extend(self.node(help).text().map(|text| printer.items(text)).unwrap_or_default());
        }
        for (_, list, _) in self.checklists() {
            let rows = list.signs.values().filter(|sign| sign.level == level);
            signs.extend(rows.map(|sign| Text::plain(sign.label.as_str())));
        }
        signs
    }

    /// Whether the signs, or what to do about them, are there in the book's own language alone.
    fn says_signs_in_own(&self) -> bool {
        let is_original = |wording: Option<Wording>| wording == Some(Wording::Original);
        is_original(self.leaflet().and_then(|leaflet| leaflet.wording))
            || self.pages_of_signs().any(|page| is_original(self.wording(page)))
    }
}

impl Leaflet {
    /// All pages that it names.
    pub fn pages(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.sections
            .iter()
            .flat_map(|section| match &section.holds {
                Holds::Pages(pages) => pages.as_slice(),
                Holds::Signs { .. } => &[],
            })
            .copied()
    }

    /// The levels that it says what to do about.
    pub fn levels(&self) -> impl Iterator<Item = Level> + '_ {
        self.sections
            .iter()
            .flat_map(|section| match &section.holds {
                Holds::Signs { levels, .. } => levels.as_slice(),
                Holds::Pages(_) => &[],
            })
            .map(|(level, _)| *level)
    }
}

impl Node {
    /// Whether whoever comes here gets the leaflet; not where the page was taken back.
    pub fn brings_leaflet(&self) -> bool {
        self.leaflet && self.withdrawn.is_none()
    }
}

/// A book and a region.
#[derive(Clone, Copy)]
struct Printer<'a> {
    book: &'a Book,
    region: Option<&'a str>,
}

impl<'a> Printer<'a> {
    /// Nothing was ticked on paper, and nothing ended: a paragraph that says so vanishes.
    fn word(self, name: &str) -> Option<Cow<'a, str>> {
        match name {
            "ticked" | "ended" => Some(Cow::Borrowed("")),
            _ => self.book.say(self.region, Stage::Unknown, name).map(Cow::Borrowed),
        }
    }

    fn fill(self, rich: &'a Rich) -> Text {
        rich.fill(|name| self.word(name))
    }

    fn fill_with(self, rich: &'a Rich, slot: &str, said: &str) -> Text {
        rich.fill(|name| if name == slot { Some(Cow::Owned(said.to_owned())) } else { self.word(name) })
    }

    fn phrase(self, phrase: Phrase) -> Text {
        self.fill(self.book.words().phrase(phrase))
    }

    fn counted(self, phrase: Phrase, n: u32) -> Text {
        self.fill_with(self.book.words().phrase(phrase), "n", &n.to_string())
    }

    /// The items of a text's lists, without what stands before each.
    fn items(self, rich: &'a Rich) -> Vec<Text> {
        let whole = self.fill(rich);
        whole.lines().into_iter().filter(|line| line.is_item).map(|line| line.text).collect()
    }

    fn pages(self, section: &'a Section, pages: &[NodeId], own: Printer<'a>) -> Part<'a> {
        let there = pages.iter().copied().filter(|page| self.book.node(*page).withdrawn.is_none());
        let cards: Vec<Card> = there
            .clone()
            .filter_map(|page| match self.book.wording(page) {
                Some(Wording::Original) => Some(Card { original: Some(self.phrase(Phrase::NotTranslated)), ..own.card(page)? }),
                _ => self.card(page),
            })
            .collect();
        let said: Vec<&Rich> = section.text.iter().chain(there.flat_map(|page| texts(self.book.node(page)))).collect();
        let numbers = self.numbers(&said);
        Part { title: &section.title, text: self.said(section.text.as_ref()), numbers, cards, original: None }
    }

    fn said(self, text: Option<&'a Rich>) -> Text {
        text.map(|text| self.fill(text)).unwrap_or_default()
    }

    fn card(self, page: NodeId) -> Option<Card<'a>> {
        let node = self.book.node(page);
        let level = if let Kind::Advice { level, .. } = node.kind { Some(level) } else { None };
        let what = match &node.kind {
            Kind::Page { text, .. } | Kind::Advice { text, .. } | Kind::Question { text, .. } => {
                What::Page { text: self.fill(text), image: node.image.as_ref(), level }
            }
            Kind::Steps(steps) => {
                let moves = steps.steps.iter().map(|step| Step {
                    text: self.fill(&step.text),
                    hold: step.hold_seconds.map(|seconds| self.counted(Phrase::Hold, seconds)),
                    image: step.image.as_ref(),
                });
                What::Steps { steps: moves.collect(), repeat: steps.repeat.map(|times| self.counted(Phrase::Repeat, times)) }
            }
            // What has no words of its own to be printed is refused where the book is read.
            _ => return None,
        };
        Some(Card { title: node.title.as_deref(), what, original: None })
    }

    fn signs(self, section: &'a Section) -> Part<'a> {
        let (levels, notes) = match &section.holds {
            Holds::Signs { levels, notes } => (levels.as_slice(), notes.as_str()),
            Holds::Pages(_) => (&[][..], ""),
        };
        let mut cards: Vec<Card> = levels
            .iter()
            .map(|(level, text)| {
                let what = What::Signs { level: *level, text: self.fill(text), signs: self.book.signs_of(*level) };
                Card { title: None, what, original: None }
            })
            .collect();
        let explained: Vec<Text> = self.book.checklists().flat_map(|(_, list, _)| self.items(&list.text)).collect();
        if !explained.is_empty() {
            cards.push(Card { title: Some(notes), what: What::Notes(explained), original: None });
        }
        let said: Vec<&Rich> = section.text.iter().chain(levels.iter().map(|(_, text)| text)).collect();
        Part {
            title: &section.title,
            text: self.said(section.text.as_ref()),
            numbers: self.numbers(&said),
            cards,
            original: None,
        }
    }

    /// What the book tells readers of no known region under the placeholders of these texts.
    fn numbers(self, said: &[&Rich]) -> Vec<Text> {
        let is_unknown = self.book.region_is_unknown(self.region);
        let numbers = self.book.region(None).filter(|_| is_unknown).into_iter().flat_map(|region| &region.numbers);
        let says = |placeholder: &str| said.iter().any(|text| text.slots().any(|slot| slot == placeholder));
        numbers.filter(|(placeholder, _)| says(placeholder)).map(|(_, text)| self.fill(text)).collect()
    }

    /// All pages whose words are in it.
    fn printed(self, leaflet: &Leaflet) -> Vec<NodeId> {
        let signs = leaflet.levels().next().is_some();
        leaflet.pages().chain(self.book.pages_of_signs().filter(|_| signs)).collect()
    }

    fn notices(self, leaflet: &Leaflet) -> Vec<Text> {
        let pages = self.printed(leaflet);
        let is_unchecked = |wording: Option<Wording>| wording == Some(Wording::Unchecked);
        let translated = is_unchecked(leaflet.wording) || pages.iter().any(|page| is_unchecked(self.book.wording(*page)));
        let reviewed = pages.iter().all(|page| self.book.node(*page).withdrawn.is_some() || self.book.is_checked(*page));
        let said = [(!reviewed, Phrase::Unchecked), (translated, Phrase::MachineTranslated)];
        said.into_iter().filter(|(holds, _)| *holds).map(|(_, phrase)| self.phrase(phrase)).collect()
    }

    /// Each once, in the order of the book.
    fn sources(self, pages: &[NodeId]) -> Vec<&'a Source> {
        let named = |id: &str| pages.iter().any(|page| self.book.node(*page).sources.iter().any(|source| source == id));
        self.book.sources().iter().filter(|(id, _)| named(id)).map(|(_, source)| source).collect()
    }

    fn origins(self, leaflet: &Leaflet) -> Vec<Origin<'a>> {
        let sources = self.sources(&self.printed(leaflet));
        sources
            .into_iter()
            .map(|source| Origin { text: self.book.comes_from(source, |name| self.word(name)), link: source.link.as_deref() })
            .collect()
    }
}

/// What of a page stands on paper.
fn texts(node: &Node) -> Vec<&Rich> {
    match &node.kind {
        Kind::Steps(steps) => steps.steps.iter().map(|step| &step.text).collect(),
        _ => node.text().into_iter().collect(),
    }
}
