//! `leaflet` in `book.yaml`: what is printed, and in which order. Whether it says what to do about every sign is for `lint` to say.

use super::desk::{Desk, Fields};
use super::keys::{
    ADVICE, CHAT, CHECKED_WORDS, LEAFLET_MAP, LEAFLET_SIGNS, LEAFLET_TEXT, LEAFLET_TITLE, NOTES, PAGES, QUESTION, SECTION,
    SECTIONS, SOURCES_TITLE, STEPS, TEXT,
};
use super::names::Names;
use crate::dialogue::leaflet::{Holds, Leaflet, Section};
use crate::dialogue::{Level, NodeId, Rich};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// The placeholders of the leaflet's own words.
const DATE: &str = "date";
const LINK: &str = "link";

impl Desk<'_> {
    pub fn leaflet(&mut self, tree: &Tree, names: &Names) -> Option<Leaflet> {
        let fields = self.fields(tree, tree.span, &LEAFLET_MAP)?;
        let title = self.need(&fields, &LEAFLET_TITLE).and_then(|tree| self.words(tree, "title"));
        let text = self.need(&fields, &LEAFLET_TEXT).and_then(|tree| self.rich(tree, "text", &[], names));
        let sections = self.need(&fields, &SECTIONS).and_then(|tree| self.list(tree, "sections")).unwrap_or_default();
        let sections = sections.iter().filter_map(|section| self.section(section, names)).collect();
        let sources = self.need(&fields, &SOURCES_TITLE).and_then(|tree| self.words(tree, "sources"));
        let checked = self.need(&fields, &CHECKED_WORDS).and_then(|tree| self.rich(tree, "checked", &[DATE], names));
        let chat = self.need(&fields, &CHAT).and_then(|tree| self.rich(tree, "chat", &[LINK], names));
        Some(Leaflet { title: title?, text: text?, sections, sources: sources?, checked: checked?, chat: chat?, wording: None })
    }

    fn section(&mut self, tree: &Tree, names: &Names) -> Option<Section> {
        let fields = self.fields(tree, Span::new(tree.span.from, tree.span.from), &SECTION)?;
        let title = self.need(&fields, &LEAFLET_TITLE).and_then(|tree| self.words(tree, "title"));
        let text = fields.get(&TEXT).and_then(|tree| self.rich(tree, "text", &[], names));
        let holds = match (fields.get(&PAGES), fields.get(&LEAFLET_SIGNS)) {
            (Some(pages), None) => Holds::Pages(self.printed(pages, names)),
            (None, Some(signs)) => self.signs_of_leaflet(&fields, signs, names)?,
            _ => {
                let hint = "Write `pages` and a list of them, or `signs` and what to do about those of each level.";
                self.add(&rule::MISSING_KEY, tree.span, "A section holds either pages or the signs.", hint);
                return None;
            }
        };
        Some(Section { title: title?, text, holds })
    }

    fn signs_of_leaflet(&mut self, fields: &Fields, tree: &Tree, names: &Names) -> Option<Holds> {
        let notes = self.need_here(fields, &NOTES).and_then(|tree| self.words(tree, "notes"));
        let (entries, _) = self.map(tree, tree.span, "`signs`")?;
        let mut levels: Vec<(Level, Rich)> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(level) = Level::named(&entry.key).filter(|level| *level > Level::SelfCare) else {
                let hint = "Signs are of the levels emergency, now, today and soon.";
                self.add(&rule::UNKNOWN_KEY, entry.key_span, format!("`{}` isn't a level of signs.", entry.key), hint);
                continue;
            };
            levels.extend(self.rich(&entry.value, &entry.key, &[], names).map(|text| (level, text)));
        }
        levels.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        Some(Holds::Signs { levels, notes: notes? })
    }

    fn printed(&mut self, tree: &Tree, names: &Names) -> Vec<NodeId> {
        let items = self.list(tree, "pages").unwrap_or_default();
        items.iter().filter_map(|item| self.printed_page(item, names)).collect()
    }

    /// A page with words that stand on paper as they are.
    fn printed_page(&mut self, tree: &Tree, names: &Names) -> Option<NodeId> {
        let node = self.page(tree, "pages", names)?;
        let id = self.raw(tree, "pages")?;
        let page = names.pages.get(id)?;
        if matches!(page.tree.what, What::Broken) {
            return None;
        }
        let prints = [&TEXT, &ADVICE, &QUESTION, &STEPS].iter().any(|key| page.tree.get(key.name).is_some());
        if !prints {
            let hint = "Pages with `text`, advice, questions and exercises can be. Signs come in by `signs`.";
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{id}` can't be printed."), hint);
            return None;
        }
        Some(node)
    }
}
