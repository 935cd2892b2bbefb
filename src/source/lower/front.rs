//! `book.yaml`: the front page. Its names are needed before any page is read, its targets can be checked only after all ids are
//! known; so it is lowered in two goes.

use std::collections::HashSet;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::desk::{Desk, Fields, is_id, listed};
use super::keys::{
    ABOUT, ADVICE_WORDS, BOOK, BOOK_REGIONS, BOOK_SOURCE, BOOK_TITLE, BUTTONS, CLINICALLY_REVIEWED, COMMAND, COMMAND_PAGE,
    COMMANDS, DESCRIPTION, DUE, FOOTER, FORMAT, HELP, HOME, ID, Key, LANGUAGES, LEAFLET, LIMITS, LIMITS_MAP, LINK_URL, MEMORY,
    MOST_SIGNS, MOVED, NEVER_SAY, OFF, PAGE_WORDS, PICTURE, PROOF_SCREENS, PUBLISHER, RATING, READING_AGE, REVIEWED, ROWS,
    RULES, SAY, SHORT_ABOUT, SOURCE_TITLE, SOURCES, TIP_WORDS,
};
use super::names::Names;
use crate::dialogue::book::{Command, Footer, Limits, Region, Source, UNKNOWN_REGION};
use crate::dialogue::{NodeId, Parts};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

/// Telegram's limits for the texts beside the chat, in UTF-16 units.
const DESCRIPTION_UNITS: usize = 512;
const SHORT_DESCRIPTION_UNITS: usize = 120;
/// The only version of the format that this program reads.
const FORMAT_VERSION: &str = "1";

pub const FOOTERS: [(&str, Footer); 3] = [("back", Footer::Back), ("help", Footer::Help), ("more", Footer::More)];

/// `book.yaml` with its keys looked through, and its sources and regions read.
pub struct Front<'t> {
    fields: Option<Fields<'t>>,
    pub sources: IndexMap<String, Source>,
    pub regions: IndexMap<String, Region>,
}

impl Desk<'_> {
    /// What pages need to know of the book: its sources and its placeholders, left with `names`.
    pub fn front<'t>(&mut self, tree: &'t Tree, names: &mut Names) -> Front<'t> {
        names.has_leaflet = true;
        if tree.what == What::Broken {
            return Front { fields: None, sources: IndexMap::new(), regions: IndexMap::new() };
        }
        let fields = self.fields(tree, top(tree), &BOOK);
        let mut front = Front { fields, sources: IndexMap::new(), regions: IndexMap::new() };
        let Some(fields) = fields else { return front };
        names.has_leaflet = fields.get(&LEAFLET).is_some();
        match fields.get(&SOURCES) {
            None => names.sources = Some(HashSet::new()),
            Some(tree) => {
                for entry in self.ids(tree, tree.span, "`sources`") {
                    front
                        .sources
                        .extend(self.book_source(&entry.value, entry.key_span).map(|source| (entry.key.clone(), source)));
                }
                names.sources = keys_of(tree).map(|keys| keys.map(str::to_owned).collect());
            }
        }
        match fields.get(&BOOK_REGIONS) {
            None => names.placeholders = Some(Vec::new()),
            Some(tree) => {
                let unknown = tree.get(UNKNOWN_REGION).map(|entry| &entry.value);
                let say = unknown.and_then(|region| region.get(SAY.name)).map(|entry| &entry.value);
                names.placeholders = say.and_then(keys_of).map(|keys| keys.map(str::to_owned).collect());
                front.regions = self.regions(tree, names);
            }
        }
        if let Some(What::Map { entries, .. }) = fields.get(&MOVED).map(|tree| &tree.what) {
            let target = |tree: &Tree| match &tree.what {
                What::Scalar { raw, .. } => raw.trim().to_owned(),
                _ => String::new(),
            };
            names.moved = entries.iter().map(|entry| (entry.key.clone(), target(&entry.value))).collect();
        }
        front
    }

    /// Everything else of `book.yaml`, once all pages are known. `None` if the book has no start.
    pub fn rest_of_front(&mut self, front: Front, tree: &Tree, names: &Names) -> Option<Parts> {
        let fields = &front.fields?;
        if let Some(format) = self.need(fields, &FORMAT) {
            self.format(format);
        }
        let id = self.need(fields, &ID).and_then(|tree| {
            let id = self.raw(tree, "id")?.to_owned();
            self.id(&id, tree.span).then_some(id)
        });
        let title = self.need(fields, &BOOK_TITLE).and_then(|tree| self.words(tree, "title"));
        let description = fields.get(&ABOUT).and_then(|tree| self.said(tree, "description", DESCRIPTION_UNITS));
        let short_description =
            fields.get(&SHORT_ABOUT).and_then(|tree| self.said(tree, "short-description", SHORT_DESCRIPTION_UNITS));
        let languages = self.languages(fields.get(&LANGUAGES));
        let footer = self.footer(fields.get(&FOOTER));
        let rating = fields.get(&RATING).and_then(|tree| self.rating(tree));
        let limits = self.limits(fields.get(&LIMITS));
        let commands = self.commands(fields.get(&COMMANDS), names);
        let (moved_pages, moved_answers) = self.moved(fields.get(&MOVED), names);
        let help = fields.get(&HELP).map(|tree| self.page(tree, "help", names));
        let regions: Vec<&str> = front.regions.keys().map(String::as_str).collect();
        let rules = fields.get(&RULES).map(|tree| self.safety(tree, &regions, names)).unwrap_or_default();
        let off = fields.get(&OFF).map(|tree| self.off(tree)).unwrap_or_default();
        let never_say = fields.get(&NEVER_SAY).map(|tree| self.never_say(tree)).unwrap_or_default();
        let leaflet = fields.get(&LEAFLET).and_then(|tree| self.leaflet(tree, names));
        let picture = fields.get(&PICTURE).and_then(|tree| self.file(tree, PICTURE.name));
        let home = self.home(fields, tree, names);
        Some(Parts {
            id: id?,
            title: title?,
            language: languages.keys().next().cloned().unwrap_or_default(),
            languages,
            description,
            short_description,
            home: home?,
            help: match help {
                Some(None) => return None,
                help => help.flatten(),
            },
            footer,
            rating,
            limits,
            commands,
            sources: front.sources,
            regions: front.regions,
            moved_pages,
            moved_answers,
            leaflet,
            picture,
            rules,
            off,
            never_say,
            ..Parts::default()
        })
    }

    fn format(&mut self, tree: &Tree) {
        if let Some(format) = self.raw(tree, "format").filter(|format| *format != FORMAT_VERSION) {
            let message = format!("This program reads books of format {FORMAT_VERSION}, not of format {format}.");
            self.add(&rule::WRONG_VALUE, tree.span, message, format!("Write `format: {FORMAT_VERSION}`."));
        }
    }

    /// What Telegram shows beside the chat: plain words, as long as Telegram takes.
    fn said(&mut self, tree: &Tree, name: &str, most: usize) -> Option<String> {
        let said = self.text(tree, name)?.trim().to_owned();
        let units = said.encode_utf16().count();
        if units > most {
            let message = format!("`{name}` has {units} characters; Telegram takes {most}.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "Say it in fewer words.");
        }
        Some(said)
    }

    fn home(&mut self, fields: &Fields, tree: &Tree, names: &Names) -> Option<NodeId> {
        let hint = "Write `home: ` and the id of the page that people see first.";
        let Some(home) = fields.get(&HOME) else {
            self.add(&rule::NO_HOME, top(tree), "The book does not say which page it starts with.", hint);
            return None;
        };
        let id = self.raw(home, "home")?.to_owned();
        match names.pages.get(id.as_str()) {
            Some(page) => Some(page.node),
            None if names.pages_are_missing => None,
            None => {
                let hint = self
                    .guess(&id, names.pages.keys().copied())
                    .map_or(hint.to_owned(), |near| format!("Did you mean `{near}`?"));
                self.add(&rule::NO_HOME, home.span, format!("The book starts with `{id}`, but there is no such page."), hint);
                None
            }
        }
    }

    fn footer(&mut self, tree: Option<&Tree>) -> Vec<Footer> {
        let Some(tree) = tree else { return Vec::new() };
        let mut footer = Vec::new();
        for item in self.list(tree, "footer").unwrap_or_default() {
            let Some(name) = self.raw(item, "footer") else { continue };
            match FOOTERS.iter().find(|(known, _)| *known == name) {
                Some((_, button)) if footer.contains(button) => {
                    self.add(&rule::WRONG_VALUE, item.span, format!("`{name}` stands here twice."), "Keep one of them.");
                }
                Some((_, button)) => footer.push(*button),
                None => {
                    let hint = format!("It can hold {}.", listed(FOOTERS.iter().map(|(known, _)| *known)));
                    self.add(&rule::WRONG_VALUE, item.span, format!("`{name}` isn't a button of the fixed row."), hint);
                }
            }
        }
        footer
    }

    fn limits(&mut self, tree: Option<&Tree>) -> Limits {
        let Some(fields) = tree.and_then(|tree| self.fields(tree, tree.span, &LIMITS_MAP)) else { return Limits::default() };
        let reading_age = fields.get(&READING_AGE).and_then(|tree| self.number(tree, &READING_AGE));
        let mut most = |key: &'static Key| {
            let number = fields.get(key).and_then(|tree| self.number(tree, key));
            number.and_then(|number| usize::try_from(number).ok())
        };
        Limits {
            page_words: most(&PAGE_WORDS),
            advice_words: most(&ADVICE_WORDS),
            tip_words: most(&TIP_WORDS),
            reading_age,
            buttons: most(&BUTTONS),
            rows: most(&ROWS),
            signs: most(&MOST_SIGNS),
            screens: fields
                .get(&PROOF_SCREENS)
                .and_then(|tree| self.number(tree, &PROOF_SCREENS))
                .and_then(|n| usize::try_from(n).ok()),
            memory_hours: fields.get(&MEMORY).and_then(|tree| self.measure(tree, &MEMORY)),
        }
    }

    fn commands(&mut self, tree: Option<&Tree>, names: &Names) -> Vec<Command> {
        let Some(tree) = tree else { return Vec::new() };
        let Some((entries, _)) = self.map(tree, tree.span, "`commands`") else { return Vec::new() };
        let mut commands = Vec::with_capacity(entries.len());
        for entry in entries {
            self.command_name(&entry.key, entry.key_span);
            let Some(fields) = self.fields(&entry.value, entry.key_span, &COMMAND) else { continue };
            let page = self.need(&fields, &COMMAND_PAGE).and_then(|tree| self.page(tree, "page", names));
            let description = self.need(&fields, &DESCRIPTION).and_then(|tree| self.description(tree));
            if let (Some(page), Some(description)) = (page, description) {
                commands.push(Command { name: entry.key.clone(), page, description });
            }
        }
        commands
    }

    fn command_name(&mut self, name: &str, span: Span) {
        let good = (1..=32).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if !good {
            let hint = "Telegram takes small letters a-z, digits and `_`, at most 32 of them, without the slash.";
            self.add(&rule::BAD_ID, span, format!("`{name}` can't be a command."), hint);
        }
        if name == "start" {
            self.add(
                &rule::BAD_ID,
                span,
                "`start` always leads to the home page.",
                "Take it out, or give the command another name.",
            );
        }
    }

    fn description(&mut self, tree: &Tree) -> Option<String> {
        let description = self.words(tree, "description")?;
        if description.encode_utf16().count() > 256 {
            self.add(
                &rule::WRONG_VALUE,
                tree.span,
                "Telegram takes descriptions of at most 256 characters.",
                "Make it shorter.",
            );
            return None;
        }
        Some(description)
    }

    // --- sources --------------------------------------------------------------------------------------------------------------------

    fn book_source(&mut self, tree: &Tree, at: Span) -> Option<Source> {
        let fields = self.fields(tree, at, &BOOK_SOURCE)?;
        let title = self.need(&fields, &SOURCE_TITLE).and_then(|tree| self.words(tree, "title"));
        Some(Source {
            publisher: fields.get(&PUBLISHER).and_then(|tree| self.words(tree, "publisher")),
            link: fields.get(&LINK_URL).and_then(|tree| self.address(tree, "link")),
            reviewed: fields.get(&REVIEWED).and_then(|tree| self.date(tree)),
            due: fields.get(&DUE).and_then(|tree| self.date(tree)),
            clinically_reviewed: fields
                .get(&CLINICALLY_REVIEWED)
                .and_then(|tree| self.flag(tree, "clinically-reviewed"))
                .unwrap_or_default(),
            title: title?,
        })
    }

    pub fn date(&mut self, tree: &Tree) -> Option<Date> {
        let raw = self.raw(tree, "date")?;
        let date = raw.parse().ok().filter(|_| raw.len() == "2015-02-05".len());
        if date.is_none() {
            let hint = "Write year, month and day as 2015-02-05. Leave it out where it is not known.";
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a date."), hint);
        }
        date
    }
}

/// The start of a file: where what is missing in it is pointed out.
pub fn top(tree: &Tree) -> Span {
    match &tree.what {
        What::Map { entries, .. } => entries.first().map_or(tree.span, |entry| entry.key_span),
        _ => Span::new(tree.span.from, tree.span.from),
    }
}

/// The well-formed keys of a mapping; `None` of anything else.
fn keys_of(tree: &Tree) -> Option<impl Iterator<Item = &str>> {
    match &tree.what {
        What::Map { entries, .. } => Some(entries.iter().map(|entry| entry.key.as_str()).filter(|key| is_id(key))),
        _ => None,
    }
}
