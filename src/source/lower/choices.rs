//! What a page offers to press: links, answers, rows to tick.

use indexmap::IndexMap;

use super::desk::{Desk, Fields, listed};
use super::keys::{
    ALL, ANSWER, ANSWERS, FROM, GOTO, HIDE, Key, LABEL, LEVEL, LINK, OUTSIDE, SIGN, SIGN_WEEKS, SIGNS, TO_PAGE, TO_WEEK, URL,
    WEEK_ANSWER, WEEK_ANSWERS,
};
use super::names::Names;
use crate::dialogue::book::{Answer, Goto, Link, LinkRow, Sign, Target, WeekAnswer};
use crate::dialogue::{Level, NodeId, Stage};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// Where the page goes that a question was asked before.
const ONWARD: &str = "onward";

impl Desk<'_> {
    // --- links ---------------------------------------------------------------------------------------------------------------------

    pub fn links(&mut self, tree: Option<&Tree>, names: &Names) -> Vec<LinkRow> {
        let Some(tree) = tree else { return Vec::new() };
        let items = self.list(tree, "links").unwrap_or_default();
        let row = |item: &Tree| match &item.what {
            What::List { .. } => {
                let links = self.list(item, "a row of `links`").unwrap_or_default();
                Some(LinkRow::Row(links.iter().filter_map(|link| self.link(link, names)).collect()))
            }
            _ => self.link(item, names).map(LinkRow::Loose),
        };
        items.iter().filter_map(row).collect()
    }

    fn link(&mut self, tree: &Tree, names: &Names) -> Option<Link> {
        if let What::Scalar { .. } = tree.what {
            let to = self.page(tree, "links", names)?;
            self.titled(tree, to, names)?;
            return Some(Link { label: None, to: Target::Node(to) });
        }
        if let What::List { .. } = tree.what {
            self.wrong_type(tree, "A row holds pages and web addresses", "Rows are not put inside rows.");
            return None;
        }
        let start = Span::new(tree.span.from, tree.span.from);
        let fields = self.fields(tree, start, &LINK)?;
        let label = fields.get(&LABEL).map(|tree| self.words(tree, "label"));
        let (to, page) = self.target(&fields, tree, names)?;
        match (&label, page) {
            (None, Some((page, at))) => self.titled(at, page, names)?,
            (None, None) => {
                self.add(&rule::UNLABELLED, tree.span, "This button has no words on it.", "Give it a `label`.");
                return None;
            }
            (Some(_), _) => {}
        }
        // A label that was given and is wrong has been reported.
        match label {
            Some(None) => None,
            label => Some(Link { label: label.flatten(), to }),
        }
    }

    /// Where a button leads, and the page with its place, if it is one.
    fn target<'t>(&mut self, fields: &Fields<'t>, tree: &Tree, names: &Names) -> Option<(Target, Option<(NodeId, &'t Tree)>)> {
        match (fields.get(&TO_PAGE), fields.get(&URL), fields.get(&HIDE)) {
            (Some(at), None, None) => self.page(at, "to", names).map(|page| (Target::Node(page), Some((page, at)))),
            (None, Some(at), None) => self.address(at, "url").map(|url| (Target::Url(url), None)),
            (None, None, Some(at)) => self.page(at, "hide", names).map(|page| (Target::Hide(page), Some((page, at)))),
            (None, None, None) => {
                self.add(&rule::MISSING_KEY, tree.span, "This button leads nowhere.", "Give it `to`, `url` or `hide`.");
                None
            }
            _ => {
                self.add(
                    &rule::WRONG_VALUE,
                    tree.span,
                    "This button leads to two places.",
                    "Keep one of `to`, `url` and `hide`.",
                );
                None
            }
        }
    }

    /// A button without words of its own shows the title of its page.
    fn titled(&mut self, at: &Tree, to: NodeId, names: &Names) -> Option<()> {
        let id = self.raw(at, "to")?.to_owned();
        let page = names.pages.get(id.as_str()).filter(|page| page.node == to)?;
        if !page.is_titled() {
            let hint = format!("Give `{id}` a `title`, or write {{to: {id}, label: ...}} here.");
            let message = format!("This button has no words on it: `{id}` has no title.");
            self.add_about(&rule::UNLABELLED, at.span, message, hint, &id);
            return None;
        }
        Some(())
    }

    // --- answers -------------------------------------------------------------------------------------------------------------------

    fn label(&mut self, fields: &Fields) -> Option<String> {
        self.need(fields, &LABEL).and_then(|tree| self.words(tree, "label"))
    }

    pub fn answers(&mut self, fields: &Fields, at: Span, names: &Names) -> IndexMap<String, Answer> {
        let mut answers = IndexMap::new();
        let Some(tree) = self.need(fields, &ANSWERS) else { return answers };
        for entry in self.ids(tree, at, "`answers`") {
            let Some(fields) = self.fields(&entry.value, entry.key_span, &ANSWER) else { continue };
            let label = self.label(&fields);
            let goto = self.need(&fields, &GOTO).and_then(|tree| self.goto(tree, names));
            if let (Some(label), Some(goto)) = (label, goto) {
                answers.insert(entry.key.clone(), Answer { label, goto });
            }
        }
        answers
    }

    fn goto(&mut self, tree: &Tree, names: &Names) -> Option<Goto> {
        let to = self.raw(tree, "goto")?;
        if to == ONWARD {
            return Some(Goto::Onward);
        }
        if !names.pages.contains_key(to) && self.guess(to, std::iter::once(ONWARD)).is_some() {
            self.add(&rule::UNKNOWN_PAGE, tree.span, format!("There is no page `{to}`."), format!("Did you mean `{ONWARD}`?"));
            return None;
        }
        self.page(tree, "goto", names).map(Goto::Node)
    }

    pub fn week_answers(&mut self, fields: &Fields, at: Span) -> IndexMap<String, WeekAnswer> {
        let mut answers = IndexMap::new();
        let Some(tree) = self.need(fields, &WEEK_ANSWERS) else { return answers };
        for entry in self.ids(tree, at, "`answers`") {
            let Some(fields) = self.fields(&entry.value, entry.key_span, &WEEK_ANSWER) else { continue };
            let label = self.label(&fields);
            let stage = self.stage(&fields, entry.key_span);
            if let (Some(label), Some(stage)) = (label, stage) {
                answers.insert(entry.key.clone(), WeekAnswer { label, stage });
            }
        }
        answers
    }

    fn stage(&mut self, fields: &Fields, at: Span) -> Option<Stage> {
        let given = |key| fields.get(key).is_some();
        let (weeks, all, outside) = (given(&FROM) || given(&TO_WEEK), given(&ALL), given(&OUTSIDE));
        if usize::from(weeks) + usize::from(all) + usize::from(outside) != 1 {
            let hint = "Give it `from` and `to`, or `all: true`, or `outside: true`: one of the three.";
            self.add(&rule::WRONG_VALUE, at, "It is not clear which weeks this answer means.", hint);
            return None;
        }
        for (key, stage) in [(&ALL, Stage::Unknown), (&OUTSIDE, Stage::Outside)] {
            let Some(tree) = fields.get(key) else { continue };
            if !self.flag(tree, key.name)? {
                self.add(
                    &rule::WRONG_VALUE,
                    tree.span,
                    format!("`{}` can only be true.", key.name),
                    "Give it `from` and `to` instead.",
                );
                return None;
            }
            return Some(stage);
        }
        let from = fields.get(&FROM).map(|tree| self.number(tree, &FROM));
        let to = fields.get(&TO_WEEK).map(|tree| self.number(tree, &TO_WEEK));
        if matches!(from, Some(None)) || matches!(to, Some(None)) {
            return None;
        }
        self.range(from.flatten(), to.flatten(), at).map(Stage::Weeks)
    }

    // --- rows to tick --------------------------------------------------------------------------------------------------------------

    pub fn signs(&mut self, fields: &Fields, at: Span) -> IndexMap<String, Sign> {
        let mut signs = IndexMap::new();
        let Some(tree) = self.need(fields, &SIGNS) else { return signs };
        for entry in self.ids(tree, at, "`signs`") {
            let Some(fields) = self.fields(&entry.value, entry.key_span, &SIGN) else { continue };
            let label = self.label(&fields);
            let level = self.need(&fields, &LEVEL).and_then(|tree| self.level(tree, &LEVEL));
            let weeks = fields.get(&SIGN_WEEKS).map(|tree| self.weeks(tree));
            if let (Some(label), Some(level), None | Some(Some(_))) = (label, level, weeks) {
                signs.insert(entry.key.clone(), Sign { label, level, weeks: weeks.flatten() });
            }
        }
        signs
    }

    pub fn level(&mut self, tree: &Tree, key: &'static Key) -> Option<Level> {
        let raw = self.raw(tree, key.name)?;
        let allowed = key.takes.names();
        let level = Level::named(raw).filter(|level| allowed.contains(&level.name()));
        if level.is_none() {
            let names = || allowed.iter().copied();
            let hint = match self.guess(raw, names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("It is one of {}.", listed(names())),
            };
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a level that can stand here."), hint);
        }
        level
    }
}
