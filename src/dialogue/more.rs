//! What lies behind More: where a page comes from, and what a reader can do with it: save it, share it, say whether it helped.
//!
//! Never here: the triage; anything that is remembered but what the reader saved or rated.

use std::borrow::Cow;

use super::book::{Book, Data, Hash, Kind, NodeId, Source};
use super::button::{Deed, Trail};
use super::compose::{Composer, Key, Press};
use super::level::Level;
use super::step::Stepper;
use super::text::{Rich, Text};
use super::turn::{Reader, Screen, View};
use super::words::{Label, Phrase};

/// So many pages one reader can save. One more, and the oldest goes.
pub const MOST_SAVED: usize = 20;

/// What a button does with the page that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAct {
    Save,
    Unsave,
    /// Shows the saved pages as buttons that take them out.
    Choose,
    /// Takes a page out of the list; the list stays.
    TakeOut(Hash),
    /// Says whether the page helped; `end`: at the end of the exercise that it is, not under More.
    Rate {
        value: u8,
        end: bool,
    },
    /// Takes that back.
    Unrate {
        end: bool,
    },
    /// Says what was missing.
    Missing {
        choice: Hash,
        end: bool,
    },
    /// The same of a weekly tip that comes from this page.
    MissingInTip {
        tip: Hash,
        choice: Hash,
    },
    /// The exercise was done to its end.
    Finish,
    /// Forgets the number of the reader's own unit; the page that asks for it stays.
    ForgetNumber,
}

impl PageAct {
    /// For a button's token: a number of its own, and what it needs.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        match self {
            PageAct::Save => vec![0],
            PageAct::Unsave => vec![1],
            PageAct::Choose => vec![2],
            PageAct::ForgetNumber => vec![12],
            PageAct::TakeOut(page) => [&[3][..], &page.0.to_be_bytes()].concat(),
            PageAct::Rate { value, end } => vec![4 + u8::from(end), value],
            PageAct::Unrate { end } => vec![6 + u8::from(end)],
            PageAct::Missing { choice, end } => [&[8 + u8::from(end)][..], &choice.0.to_be_bytes()].concat(),
            PageAct::Finish => vec![10],
            PageAct::MissingInTip { tip, choice } => [&[11][..], &tip.0.to_be_bytes(), &choice.0.to_be_bytes()].concat(),
        }
    }
}

impl Book {
    /// Whether readers can save this page: there is a list of saved pages, and this is no page about the reader's own data.
    pub fn can_save(&self, page: NodeId) -> bool {
        let node = self.node(page);
        !is_readers_own(&node.kind) && node.data.is_none() && node.title.is_some() && self.saved_page().is_some()
    }

    /// Whether somebody else may be sent here. Not where the page says something private of whoever sends it: what to do about their own
    /// signs, a loss or a birth, what is kept of them.
    fn can_share(&self, page: NodeId) -> bool {
        let node = self.node(page);
        let says_ticks = node.text().is_some_and(|text| text.slots().any(|slot| slot == "ticked"));
        let is_own = is_readers_own(&node.kind) || matches!(node.kind, Kind::Advice { .. });
        !is_own && !says_ticks && !node.ends_weekly && node.data.is_none() && node.withdrawn.is_none()
    }

    /// The page that lists what was saved, if the book has one.
    pub fn saved_page(&self) -> Option<NodeId> {
        self.nodes().find(|(_, _, node)| matches!(node.kind, Kind::Saved { .. })).map(|(at, _, _)| at)
    }

    /// A saved page as it is found today.
    fn saved_at(&self, id: &str) -> Option<NodeId> {
        self.by_hash(Hash::of(id))
    }

    /// Where something comes from, in words.
    pub(super) fn comes_from<'a>(&'a self, source: &'a Source, word: impl Fn(&str) -> Option<Cow<'a, str>>) -> Text {
        self.words().phrase(Phrase::ComesFrom).fill(|name| match name {
            "title" => Some(Cow::Borrowed(source.title.as_str())),
            "publisher" => Some(Cow::Borrowed(source.publisher.as_deref().unwrap_or_default())),
            "date" => Some(Cow::Owned(source.reviewed.map(|date| self.words().date(date)).unwrap_or_default())),
            _ => word(name),
        })
    }

    /// What a reader saved, as it is found today, the newest first.
    pub fn saved<'a>(&'a self, reader: &'a Reader) -> impl Iterator<Item = NodeId> + 'a {
        let found = |id: &String| self.saved_at(id).filter(|page| self.node(*page).data != Some(Data::Deleted));
        reader.saved.iter().filter_map(found)
    }

    /// Whether every reader of a region who keeps as much as this one sees the same on this screen.
    pub fn is_same_for_all(&self, screen: &Screen, reader: &Reader) -> bool {
        let shows_own = match self.node(screen.node).kind {
            Kind::Saved { .. } => true,
            Kind::UnitNumber { .. } | Kind::Advice { .. } => reader.unit_number.is_some(),
            _ => false,
        };
        screen.is_plain() && !shows_own
    }
}

impl Stepper<'_> {
    pub(super) fn on_page(&mut self, page: NodeId, act: PageAct, trail: Trail) -> Screen {
        let list = matches!(self.book.node(page).kind, Kind::Saved { .. });
        match act {
            PageAct::Save if self.book.can_save(page) => {
                let notice = self.save(page);
                Screen { view: View::Sources, notice: Some(notice), trail, ..Screen::of(page) }
            }
            PageAct::Unsave => {
                self.take_out(page);
                Screen { view: View::Sources, notice: Some(Phrase::Unsaved), trail, ..Screen::of(page) }
            }
            PageAct::Choose if list => self.choose(page),
            PageAct::TakeOut(saved) if list => {
                if let Some(saved) = self.book.by_hash(saved) {
                    self.take_out(saved);
                }
                self.choose(page)
            }
            PageAct::ForgetNumber if matches!(self.book.node(page).kind, Kind::UnitNumber { .. }) => self.forget_number(page),
            PageAct::Rate { value, end } => self.rate(page, value, end, trail).unwrap_or_else(|| self.stale(page)),
            PageAct::Unrate { end } if self.book.can_rate(page) => self.unrate(page, end, trail),
            PageAct::Missing { choice, end } => self.lacked(page, choice, end, trail).unwrap_or_else(|| self.stale(page)),
            PageAct::Finish => self.finished(page, trail),
            _ => self.stale(page),
        }
    }

    /// The newest comes first.
    fn save(&mut self, page: NodeId) -> Phrase {
        self.take_out(page);
        self.reader.saved.insert(0, self.book.name(page).to_owned());
        let is_full = self.reader.saved.len() > MOST_SAVED;
        self.reader.saved.truncate(MOST_SAVED);
        if is_full { Phrase::OldestWent } else { Phrase::Saved }
    }

    /// Takes a page out of the list, and with it what no book knows any more.
    fn take_out(&mut self, page: NodeId) {
        let book = self.book;
        self.reader.saved.retain(|id| book.saved_at(id).is_some_and(|saved| saved != page));
    }

    fn choose(&self, page: NodeId) -> Screen {
        let any = self.book.saved(&self.reader).next().is_some();
        Screen { view: if any { View::TakeOut } else { View::Whole }, ..Screen::of(page) }
    }
}

impl Composer<'_> {
    /// Where the page stands and comes from, one paragraph a source, and what can be done with it.
    pub(super) fn more(&self) -> (Text, Vec<Vec<Key>>) {
        let (book, node) = (self.book, self.node());
        let mut text = self.here();
        let mut rows = Vec::new();
        let (question, answers) = self.did_it_help(self.screen.node, false).unzip();
        rows.extend(answers);
        rows.extend(self.save_and_share());
        rows.extend(self.print());
        let sources: Vec<_> = node.sources.iter().filter_map(|id| book.sources().get(id)).collect();
        for source in &sources {
            text.append(book.comes_from(source, |name| self.word(name)));
            if let Some(link) = &source.link {
                let label = format!("{}: {}", book.words().label(Label::ReadIt), source.title);
                rows.push(vec![Key { label, press: Press::Url(link.clone()) }]);
            }
        }
        text.append(self.checked());
        text.append(question.unwrap_or_default());
        rows.push(self.back_to_page());
        (text, rows)
    }

    /// The way down to the page from home.
    fn here(&self) -> Text {
        let (book, at) = (self.book, self.screen.node);
        let up = |at: &NodeId| Some(book.parent(*at)).filter(|above| above != at);
        let mut path: Vec<String> = std::iter::successors(Some(at), up).take(book.len()).map(|at| self.title(at)).collect();
        path.reverse();
        let path = path.join(" › ");
        book.words().phrase(Phrase::YouAreHere).fill(|name| match name {
            "path" => Some(Cow::Borrowed(path.as_str())),
            _ => self.word(name),
        })
    }

    fn back_to_page(&self) -> Vec<Key> {
        let back = self.key(self.label(Label::Back), Deed::Open, self.screen.node);
        std::iter::once(back).chain(self.help_key()).collect()
    }

    fn save_and_share(&self) -> Option<Vec<Key>> {
        let (book, at) = (self.book, self.screen.node);
        let is_saved = book.saved(self.reader).any(|saved| saved == at);
        let save = || {
            let (label, act) = if is_saved { (Label::Unsave, PageAct::Unsave) } else { (Label::Save, PageAct::Save) };
            self.key(self.label(label), Deed::OnPage(act), at)
        };
        let row: Vec<Key> = book.can_save(at).then(save).into_iter().chain(self.share()).collect();
        (!row.is_empty()).then_some(row)
    }

    /// The way to the leaflet. It is of the whole book, so it stands beside every page of it but its own, and takes nothing of a triage along.
    fn print(&self) -> Option<Vec<Key>> {
        let page = self.book.leaflet_page().filter(|page| *page != self.screen.node)?;
        let title = self.book.node(page).title.clone()?;
        Some(vec![self.key_with(title, Deed::Open, page, Trail::default())])
    }

    /// In the middle of a triage, nothing is shared.
    fn share(&self) -> Option<Key> {
        let (book, at) = (self.book, self.screen.node);
        let label = self.label(Label::Share);
        let asked = self.visit().is_some_and(|visit| visit.weeks > 0 || visit.ticks > 0 || visit.worst > Level::SelfCare);
        let page = book.name(at).to_owned();
        let words = self.node().title.clone().unwrap_or_else(|| book.title().to_owned());
        (!label.is_empty() && !asked && book.can_share(at)).then_some(Key { label, press: Press::Share { page, words } })
    }

    /// The saved pages, the newest first.
    pub(super) fn saved(&self, text: &Rich) -> (Text, Vec<Vec<Key>>) {
        let book = self.book;
        let mut rows: Vec<Vec<Key>> = book
            .saved(self.reader)
            .map(|page| vec![self.key_with(self.title(page), Deed::Open, page, Trail::default())])
            .collect();
        if rows.is_empty() {
            return (self.phrase(Phrase::NothingSaved), rows);
        }
        rows.push(vec![self.key(self.label(Label::TakeOut), Deed::OnPage(PageAct::Choose), self.screen.node)]);
        (text.fill(|name| self.word(name)), rows)
    }

    /// The same, as buttons that take each out.
    pub(super) fn take_out(&self) -> (Text, Vec<Vec<Key>>) {
        let (book, at) = (self.book, self.screen.node);
        let mark = self.label(Label::Ticked);
        let keys = book.saved(self.reader).map(|page| {
            let deed = Deed::OnPage(PageAct::TakeOut(book.hash(page)));
            vec![self.key(format!("{mark} {}", self.title(page)), deed, at)]
        });
        let mut rows: Vec<Vec<Key>> = keys.collect();
        rows.push(self.back_to_page());
        (self.phrase(Phrase::WhichToTakeOut), rows)
    }

    fn title(&self, page: NodeId) -> String {
        self.book.node(page).title.clone().unwrap_or_else(|| self.book.name(page).to_owned())
    }
}

/// Pages that ask a reader something, follow from their answers, or show what they chose.
pub(super) fn is_readers_own(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Question { .. }
            | Kind::Weeks { .. }
            | Kind::Checklist(_)
            | Kind::Outcome { .. }
            | Kind::Saved { .. }
            | Kind::UnitNumber { .. }
            | Kind::Weekly
            | Kind::Regions { .. }
            | Kind::Languages { .. }
    )
}
