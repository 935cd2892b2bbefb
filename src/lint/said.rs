//! Everything that readers see, each with the place where it is written: what rules about words walk through.

use std::ops::Range;

use super::prose::Prose;
use super::texts::{screens, sent};
use crate::dialogue::book::{Link, LinkRow, Services};
use crate::dialogue::leaflet::Holds;
use crate::dialogue::words::{FormLabel, FormText, Label, Phrase};
use crate::dialogue::{Book, Kind, Node, Rich};
use crate::source::{Place, Root, Spans};

/// Some words that readers see.
pub struct Said<'a> {
    pub root: Root<'a>,
    pub way: Vec<String>,
    pub what: What<'a>,
}

#[derive(Clone, Copy)]
pub enum What<'a> {
    /// With markup and placeholders.
    Text(&'a Rich),
    /// A label, a title: as it stands.
    Label(&'a str),
}

impl<'a> Said<'a> {
    fn text(root: Root<'a>, way: &[&str], text: &'a Rich) -> Said<'a> {
        Said { root, way: owned(way), what: What::Text(text) }
    }

    fn label(root: Root<'a>, way: &[&str], label: &'a str) -> Said<'a> {
        Said { root, way: owned(way), what: What::Label(label) }
    }

    pub fn prose(&self) -> Prose {
        match self.what {
            What::Text(text) => Prose::of(text),
            What::Label(label) => Prose::plain(label),
        }
    }

    /// What a book names to turn a warning off for this alone: a page, a tip, a phrase.
    pub fn id(&self) -> &str {
        match self.root {
            Root::Page(id) => id,
            Root::Weekly => self.way.get(1).map_or("", String::as_str),
            Root::Words | Root::Book => self.way.last().map_or("", String::as_str),
        }
    }

    /// Where some of its words stand in the file, by their numbers.
    pub fn place(&self, spans: &Spans, prose: &Prose, words: Range<usize>) -> Place {
        let way: Vec<&str> = self.way.iter().map(String::as_str).collect();
        spans.words_at(self.root, &way, |raw| prose.bytes_in(raw, words))
    }
}

fn owned(way: &[&str]) -> Vec<String> {
    way.iter().map(|&step| step.to_owned()).collect()
}

/// All texts that say something at length: screens, weekly tips, the bot's own phrases.
pub fn texts(book: &Book) -> Vec<Said<'_>> {
    let mut said = Vec::new();
    for (_, id, node) in book.nodes() {
        let root = Root::Page(id);
        said.extend(screens(node).into_iter().map(|screen| Said { root, way: screen.way, what: What::Text(screen.text) }));
        said.extend(node.withdrawn.as_ref().map(|reason| Said::text(root, &["withdrawn"], reason)));
    }
    printed_texts(book, &mut said);
    said.extend(sent(book).map(|(id, tip)| Said::text(Root::Weekly, &["tips", id, "text"], &tip.text)));
    let words = book.words();
    said.extend(Phrase::ALL.iter().map(|phrase| Said::text(Root::Words, &[phrase.name()], words.phrase(*phrase))));
    let form = FormText::ALL.iter();
    said.extend(form.map(|text| Said::text(Root::Words, &["weekly", text.name()], words.weekly.text(*text))));
    said
}

/// What the leaflet says beside the pages in it.
fn printed_texts<'a>(book: &'a Book, said: &mut Vec<Said<'a>>) {
    let Some(leaflet) = book.leaflet() else { return };
    let own = [("text", &leaflet.text), ("checked", &leaflet.checked), ("chat", &leaflet.chat)];
    said.extend(own.map(|(key, text)| Said::text(Root::Book, &["leaflet", key], text)));
    for (at, section) in leaflet.sections.iter().enumerate() {
        let way = ["leaflet", "sections", &at.to_string()];
        let text = section.text.iter().map(|text| Said::text(Root::Book, &[&way[..], &["text"]].concat(), text));
        said.extend(text);
        if let Holds::Signs { levels, .. } = &section.holds {
            let each = levels.iter();
            said.extend(each.map(|(level, text)| Said::text(Root::Book, &[&way[..], &["signs", level.name()]].concat(), text)));
        }
    }
}

fn printed_labels<'a>(book: &'a Book, said: &mut Vec<Said<'a>>) {
    let Some(leaflet) = book.leaflet() else { return };
    let own = [("title", &leaflet.title), ("sources", &leaflet.sources)];
    said.extend(own.map(|(key, words)| Said::label(Root::Book, &["leaflet", key], words)));
    for (at, section) in leaflet.sections.iter().enumerate() {
        let way = ["leaflet", "sections", &at.to_string()];
        said.push(Said::label(Root::Book, &[&way[..], &["title"]].concat(), &section.title));
        if let Holds::Signs { notes, .. } = &section.holds {
            said.push(Said::label(Root::Book, &[&way[..], &["notes"]].concat(), notes));
        }
    }
}

/// All labels: titles, buttons, rows to tick, and what Telegram shows beside the chat.
pub fn labels(book: &Book) -> Vec<Said<'_>> {
    let mut said = Vec::new();
    for (_, id, node) in book.nodes() {
        on_page(Root::Page(id), node, &mut said);
    }
    let words = book.words();
    said.extend(Label::ALL.iter().map(|label| Said::label(Root::Words, &[label.name()], words.label(*label))));
    let form = FormLabel::ALL.iter();
    said.extend(form.map(|label| Said::label(Root::Words, &["weekly", label.name()], words.weekly.label(*label))));
    printed_labels(book, &mut said);
    said.push(Said::label(Root::Book, &["title"], book.title()));
    said.extend(book.description().map(|words| Said::label(Root::Book, &["description"], words)));
    said.extend(book.short_description().map(|words| Said::label(Root::Book, &["short-description"], words)));
    let missing = book.rating().into_iter().flat_map(|rating| &rating.missing);
    said.extend(missing.map(|(id, label)| Said::label(Root::Book, &["rating", "missing", id], label)));
    let commands = book.commands().iter();
    said.extend(commands.map(|each| Said::label(Root::Book, &["commands", &each.name, "description"], &each.description)));
    said
}

fn on_page<'a>(root: Root<'a>, node: &'a Node, said: &mut Vec<Said<'a>>) {
    said.extend(node.title.as_ref().map(|title| Said::label(root, &["title"], title)));
    match &node.kind {
        Kind::Page { links, .. } | Kind::Advice { links, .. } => on_rows(root, links, said),
        Kind::Services(Services { found, finder, links, .. }) => {
            let own = [("map", &found.map), ("website", &found.website), ("km", &found.km), ("miles", &found.miles)];
            said.extend(own.map(|(key, words)| Said::label(root, &["found", key], words)));
            said.push(Said::label(root, &["finder"], finder));
            on_rows(root, links, said);
        }
        Kind::Question { answers, .. } => {
            said.extend(answers.iter().map(|(key, answer)| Said::label(root, &["answers", key, "label"], &answer.label)));
        }
        Kind::Weeks { answers, .. } => {
            said.extend(answers.iter().map(|(key, answer)| Said::label(root, &["answers", key, "label"], &answer.label)));
        }
        Kind::Checklist(list) => {
            said.extend(list.signs.iter().map(|(key, sign)| Said::label(root, &["signs", key, "label"], &sign.label)));
            said.push(Said::label(root, &["none"], &list.none));
            said.push(Said::label(root, &["unsure"], &list.unsure));
        }
        Kind::Outcome { .. }
        | Kind::Steps(_)
        | Kind::Weekly
        | Kind::Regions { .. }
        | Kind::Languages { .. }
        | Kind::Saved { .. }
        | Kind::UnitNumber { .. } => {}
    }
}

fn on_rows<'a>(root: Root<'a>, links: &'a [LinkRow], said: &mut Vec<Said<'a>>) {
    for (number, row) in links.iter().enumerate() {
        on_row(root, &number.to_string(), row, said);
    }
}

/// A link without a label shows the title of its page, which is looked at there.
fn on_row<'a>(root: Root<'a>, number: &str, row: &'a LinkRow, said: &mut Vec<Said<'a>>) {
    let mut link = |way: &[&str], link: &'a Link| said.extend(link.label.as_ref().map(|label| Said::label(root, way, label)));
    match row {
        LinkRow::Loose(loose) => link(&["links", number, "label"], loose),
        LinkRow::Row(row) => {
            for (at, each) in row.iter().enumerate() {
                link(&["links", number, &at.to_string(), "label"], each);
            }
        }
    }
}

/// What each region says for the placeholders.
pub fn regions(book: &Book) -> Vec<Said<'_>> {
    let mut said = Vec::new();
    for (id, region) in book.regions() {
        said.push(Said::label(Root::Book, &["regions", id, "name"], &region.name));
        let numbers = region.numbers.iter();
        said.extend(numbers.map(|(name, numbers)| Said::text(Root::Book, &["regions", id, "numbers", name], numbers)));
        for (name, sayings) in &region.say {
            let way = ["regions", id, "say", name];
            match sayings.as_slice() {
                [one] if one.weeks.is_none() => said.push(Said::label(Root::Book, &way, &one.words)),
                several => {
                    let numbered = several.iter().enumerate().map(|(at, one)| (at.to_string(), one));
                    said.extend(
                        numbered.map(|(at, one)| Said::label(Root::Book, &[&way[..], &[&at, "say"]].concat(), &one.words)),
                    );
                }
            }
        }
    }
    said
}
