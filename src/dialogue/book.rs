//! The book: everything the bot can say and every way through it, resolved and ready to be walked.
//!
//! A `Book` is built once from [`Parts`] and never changes; hot reload swaps the whole book. Nothing here reads files:
//! that is `source`'s work.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use indexmap::IndexMap;

use super::level::{Stage, WeekCount};
use super::rate::Rating;
use super::review::Review;
use super::understand::{self, Index};
use super::words::Words;

pub use super::ids::{Hash, NodeId};
pub use super::limits::{Limits, NeverSay, Off};
pub use super::nearby::{Found, Services};
pub use super::node::{Answer, Checklist, Data, Goto, Image, Kind, Link, LinkRow, Move, Node, Sign, Steps, Target, WeekAnswer};
pub use super::parts::{Command, Footer, Parts, Region, Saying, Source};
pub use super::safety::SafetyRule;

/// The region that stands for all the others.
pub const UNKNOWN_REGION: &str = "unknown";

#[derive(Debug)]
pub struct Book {
    parts: Parts,
    by_hash: HashMap<Hash, NodeId>,
    moved_pages: HashMap<Hash, NodeId>,
    moved_answers: HashMap<(Hash, Hash), (NodeId, String)>,
    parents: Vec<NodeId>,
    /// First tick bit of each checklist, by node.
    tick_bits: IndexMap<NodeId, u8>,
    /// The page that asks for the weeks.
    weeks: Option<NodeId>,
    /// The page of the weekly sign-up.
    weekly: Option<NodeId>,
    fingerprint: u32,
    index: Arc<Index>,
    /// What is understood in the book's other languages.
    tongues: Vec<Arc<Index>>,
    /// How the pages of a translation are worded; those that are not in here are as they should be.
    wordings: HashMap<NodeId, Wording>,
    /// Of pages as they stand.
    pub(super) reviews: HashMap<NodeId, Review>,
}

/// How a page of a translation is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// Translated, and nobody has checked it.
    Unchecked,
    /// In the book's own language.
    Original,
}

impl Book {
    /// Builds what is derived: hashes, the way back from each page, the places of ticks, the index of asks.
    ///
    /// # Panics
    /// If `parts` has no pages or names a place outside of them; `source` never hands over such parts.
    pub fn new(parts: Parts) -> Book {
        let index = Arc::new(Index::new(&parts));
        Book::build(parts, index)
    }

    /// The same book in the words of another language. Where that language says nothing of how people say things, what they type is
    /// understood as `own` understands it.
    pub fn reworded(mut parts: Parts, own: &Book, wordings: HashMap<NodeId, Wording>) -> Book {
        let index = if parts.understanding.signs.is_empty() {
            parts.understanding = own.understanding().clone();
            Arc::clone(&own.index)
        } else {
            Arc::new(Index::new(&parts))
        };
        Book { wordings, ..Book::build(parts, index) }
    }

    pub(super) fn shared_index(&self) -> Arc<Index> {
        Arc::clone(&self.index)
    }

    pub(super) fn hear_also(&mut self, tongues: Vec<Arc<Index>>) {
        self.tongues = tongues;
    }

    /// What is understood in the book's other languages.
    pub(super) fn tongues(&self) -> &[Arc<Index>] {
        &self.tongues
    }

    /// The same translation with the book's own words on pages of triage and advice that nobody has checked: a wrong word there costs
    /// more than a foreign one.
    #[must_use]
    pub fn cautious(mut self, own: &Book) -> Book {
        let grave: Vec<NodeId> = self.wordings.keys().copied().filter(|page| own.is_grave(*page)).collect();
        for page in grave {
            if let Some((_, node)) = self.parts.nodes.get_index_mut(page.0 as usize) {
                // Its title stays: it is on the buttons that lead here.
                node.kind = own.node(page).kind.clone();
                self.wordings.insert(page, Wording::Original);
            }
        }
        if let Some(leaflet) = &mut self.parts.leaflet {
            // What it says to do about signs is advice.
            leaflet.wording = leaflet.wording.map(|_| Wording::Original);
        }
        self
    }

    /// The same book for an operator who has a list of services.
    #[must_use]
    pub fn with_services(mut self) -> Book {
        self.parts.lists_services = true;
        self
    }

    pub(super) fn lists_services(&self) -> bool {
        self.parts.lists_services
    }

    /// The page that lists services near a reader, unless it was taken back.
    pub(super) fn services_page(&self) -> Option<NodeId> {
        let lists = |node: &Node| matches!(node.kind, Kind::Services(_)) && node.withdrawn.is_none();
        self.nodes().find(|(_, _, node)| lists(node)).map(|(at, _, _)| at)
    }

    /// Whether a page asks for signs or advises on them.
    fn is_grave(&self, page: NodeId) -> bool {
        let asks = |kind: &Kind| matches!(kind, Kind::Weeks { .. } | Kind::Checklist(_) | Kind::Advice { .. });
        let node = self.node(page);
        asks(&node.kind) || node.is_question() && node.leads_to().iter().any(|to| asks(&self.node(*to).kind))
    }

    /// How a page is worded, if not as it should be.
    pub fn wording(&self, page: NodeId) -> Option<Wording> {
        self.wordings.get(&page).copied()
    }

    fn build(parts: Parts, index: Arc<Index>) -> Book {
        assert!(!parts.nodes.is_empty(), "a book has at least its home page");
        let by_hash = (0..).zip(parts.nodes.keys()).map(|(at, id)| (Hash::of(id), NodeId(at))).collect();
        let moved_pages = parts.moved_pages.iter().map(|(old, new)| (Hash::of(old), *new)).collect();
        let moved_answers =
            parts.moved_answers.iter().map(|((page, answer), new)| ((Hash::of(page), Hash::of(answer)), new.clone())).collect();
        let parents = parents(&parts);
        let (tick_bits, fingerprint) = ticks(&parts);
        let weeks = (0..).map(NodeId).zip(parts.nodes.values()).find(|(_, node)| matches!(node.kind, Kind::Weeks { .. }));
        let weeks = weeks.map(|(at, _)| at);
        let weekly = (0..).map(NodeId).zip(parts.nodes.values()).find(|(_, node)| node.kind == Kind::Weekly).map(|(at, _)| at);
        Book {
            parts,
            by_hash,
            moved_pages,
            moved_answers,
            parents,
            tick_bits,
            weeks,
            weekly,
            fingerprint,
            index,
            tongues: Vec::new(),
            wordings: HashMap::new(),
            reviews: HashMap::new(),
        }
    }

    pub fn id(&self) -> &str {
        &self.parts.id
    }

    pub fn title(&self) -> &str {
        &self.parts.title
    }

    pub fn language(&self) -> &str {
        &self.parts.language
    }

    /// All languages of the book by their two letters, its own first, each by its name for itself.
    pub fn languages(&self) -> &IndexMap<String, String> {
        &self.parts.languages
    }

    pub fn description(&self) -> Option<&str> {
        self.parts.description.as_deref()
    }

    pub fn short_description(&self) -> Option<&str> {
        self.parts.short_description.as_deref()
    }

    pub fn home(&self) -> NodeId {
        self.parts.home
    }

    pub fn help(&self) -> Option<NodeId> {
        self.parts.help
    }

    pub fn footer(&self) -> &[Footer] {
        &self.parts.footer
    }

    pub fn rating(&self) -> Option<&Rating> {
        self.parts.rating.as_ref()
    }

    pub fn limits(&self) -> &Limits {
        &self.parts.limits
    }

    /// The weeks that the book counts.
    pub fn weeks(&self) -> WeekCount {
        self.parts.weeks
    }

    pub fn words(&self) -> &Words {
        &self.parts.words
    }

    pub fn commands(&self) -> &[Command] {
        &self.parts.commands
    }

    pub fn regions(&self) -> &IndexMap<String, Region> {
        &self.parts.regions
    }

    /// The page of the weekly sign-up.
    pub fn weekly_page(&self) -> Option<NodeId> {
        self.weekly
    }

    /// The weekly tips, if the book has any.
    pub fn tips(&self) -> Option<&super::weekly::Tips> {
        self.parts.tips.as_ref()
    }

    /// What of the book is printed, if anything is.
    pub fn leaflet(&self) -> Option<&super::leaflet::Leaflet> {
        self.parts.leaflet.as_ref()
    }

    /// The file of the bot's profile picture.
    pub fn picture(&self) -> Option<&str> {
        self.parts.picture.as_deref()
    }

    pub fn sources(&self) -> &IndexMap<String, Source> {
        &self.parts.sources
    }

    pub fn rules(&self) -> &[(usize, SafetyRule)] {
        &self.parts.rules
    }

    pub fn off(&self) -> &[Off] {
        &self.parts.off
    }

    pub fn never_say(&self) -> &[NeverSay] {
        &self.parts.never_say
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    pub fn understanding(&self) -> &understand::Parts {
        &self.parts.understanding
    }

    /// All pages in the order of the files.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &str, &Node)> {
        (0..).map(NodeId).zip(&self.parts.nodes).map(|(at, (id, node))| (at, id.as_str(), node))
    }

    pub fn len(&self) -> usize {
        self.parts.nodes.len()
    }

    /// Never: a book without pages cannot be built. It stands here because `len` does.
    pub fn is_empty(&self) -> bool {
        self.parts.nodes.is_empty()
    }

    pub fn node(&self, at: NodeId) -> &Node {
        &self.parts.nodes[at.0 as usize]
    }

    /// The id that authors gave the page.
    pub fn name(&self, at: NodeId) -> &str {
        self.parts.nodes.get_index(at.0 as usize).map_or("", |(id, _)| id)
    }

    pub fn hash(&self, at: NodeId) -> Hash {
        Hash::of(self.name(at))
    }

    pub fn find(&self, id: &str) -> Option<NodeId> {
        let at = self.parts.nodes.get_index_of(id)?;
        u32::try_from(at).ok().map(NodeId)
    }

    /// The page of an id that was one once, as it is called today.
    pub fn find_moved(&self, id: &str) -> Option<NodeId> {
        self.find(id).or_else(|| self.parts.moved_pages.get(id).copied())
    }

    /// The page that a button of any age means: by its own id, or by one it had before.
    pub fn by_hash(&self, hash: Hash) -> Option<NodeId> {
        self.by_hash.get(&hash).or_else(|| self.moved_pages.get(&hash)).copied()
    }

    /// Today's page and answer for one that was renamed.
    pub fn moved_answer(&self, page: Hash, answer: Hash) -> Option<(NodeId, &str)> {
        self.moved_answers.get(&(page, answer)).map(|(node, key)| (*node, key.as_str()))
    }

    /// The page above: where Back leads when nothing else is known.
    pub fn parent(&self, at: NodeId) -> NodeId {
        self.parents[at.0 as usize]
    }

    /// The first bit of a checklist's ticks; its rows follow in order, Not sure comes last.
    pub fn first_tick(&self, checklist: NodeId) -> u8 {
        self.tick_bits.get(&checklist).copied().unwrap_or(0)
    }

    /// What an answer to the weeks says, counted from 1 as it rides in a button.
    pub fn stage(&self, answer: u8) -> Stage {
        let Some(Kind::Weeks { answers, .. }) = self.weeks.map(|at| &self.node(at).kind) else { return Stage::Unknown };
        let chosen = usize::from(answer).checked_sub(1).and_then(|at| answers.get_index(at));
        chosen.map_or(Stage::Unknown, |(_, answer)| answer.stage)
    }

    /// The answer to the weeks that holds a week, counted from 1; 0 if none does.
    pub(super) fn answer_for_week(&self, week: u8) -> u8 {
        let Some(Kind::Weeks { answers, .. }) = self.weeks.map(|at| &self.node(at).kind) else { return 0 };
        let holds = |answer: &WeekAnswer| matches!(answer.stage, Stage::Weeks(weeks) if weeks.includes(week));
        (1..).zip(answers.values()).find(|(_, answer)| holds(answer)).map_or(0, |(number, _)| number)
    }

    /// All checklists with their first tick bit.
    pub fn checklists(&self) -> impl Iterator<Item = (NodeId, &Checklist, u8)> {
        self.tick_bits.iter().filter_map(|(at, first)| match &self.node(*at).kind {
            Kind::Checklist(list) => Some((*at, list, *first)),
            _ => None,
        })
    }

    /// Changes when ticks or weeks of an older book could be misread: with the book's id, the keys of the lists, and the editions.
    pub fn fingerprint(&self) -> u32 {
        self.fingerprint
    }

    /// The region of that id, or the one that stands for all others.
    pub fn region(&self, id: Option<&str>) -> Option<&Region> {
        id.and_then(|id| self.parts.regions.get(id)).or_else(|| self.parts.regions.get(UNKNOWN_REGION))
    }

    /// What `{name}` says in a region at a stage; falls back to the unknown region.
    pub fn say(&self, region: Option<&str>, stage: Stage, name: &str) -> Option<&str> {
        let sayings = self
            .region(region)
            .and_then(|region| region.say.get(name))
            .or_else(|| self.region(None).and_then(|region| region.say.get(name)))?;
        let fits = |saying: &&Saying| match (saying.weeks, stage) {
            (None, _) => true,
            (Some(weeks), Stage::Weeks(mine)) => weeks.holds(mine),
            (Some(_), _) => false,
        };
        sayings.iter().find(fits).or(sayings.last()).map(|saying| saying.words.as_str())
    }
}

/// The way up from each page: the page from which home reaches it first. Junctions and gates are no place to go back to, so what
/// lies behind them is above them.
fn parents(parts: &Parts) -> Vec<NodeId> {
    let node = |at: NodeId| &parts.nodes[at.0 as usize];
    let mut parents = vec![parts.home; parts.nodes.len()];
    let mut seen = HashSet::from([parts.home]);
    let mut queue = VecDeque::from([(parts.home, parts.home)]);
    while let Some((at, above)) = queue.pop_front() {
        let here = match &node(at).kind {
            Kind::Outcome { .. } => above,
            _ => at,
        };
        for to in node(at).leads_to() {
            let gate = matches!(&node(at).kind, Kind::Steps(steps) if steps.before == Some(to));
            let from = if gate { parents[at.0 as usize] } else { here };
            if seen.insert(to) {
                parents[to.0 as usize] = from;
                queue.push_back((to, from));
            }
        }
    }
    parents
}

/// Gives every checklist its bits and takes the fingerprint of all that a stored tick or week depends on.
fn ticks(parts: &Parts) -> (IndexMap<NodeId, u8>, u32) {
    let mut bits = IndexMap::new();
    let mut next = 0usize;
    let mut print = format!("{}\n", parts.id);
    for (at, (id, node)) in (0..).map(NodeId).zip(&parts.nodes) {
        let (keys, edition): (Vec<&String>, u8) = match &node.kind {
            Kind::Checklist(list) => {
                bits.insert(at, u8::try_from(next).unwrap_or(u8::MAX));
                next += list.signs.len() + 1;
                (list.signs.keys().collect(), list.edition)
            }
            Kind::Question { edition, .. } => (Vec::new(), *edition),
            Kind::Weeks { answers, .. } => (answers.keys().collect(), 1),
            _ => continue,
        };
        // Writing to a String cannot fail.
        let _ = write!(print, "{id}#{edition}");
        for key in keys {
            print.push(' ');
            print.push_str(key);
        }
        print.push('\n');
    }
    (bits, Hash::of(&print).0)
}

impl Parts {
    /// How many bits all ticks of the book take in a button.
    pub fn tick_bits(&self) -> usize {
        let lists = self.nodes.values().filter_map(|node| match &node.kind {
            Kind::Checklist(list) => Some(list.signs.len() + 1),
            _ => None,
        });
        lists.sum()
    }
}
