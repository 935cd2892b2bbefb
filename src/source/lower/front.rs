//! `book.yaml`: the front page. Its names are needed before any page is read, its targets can be checked only after all ids are
//! known; so it is lowered in two goes.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use jiff::civil::Date;

use super::desk::{Desk, Fields, is_id, listed};
use super::keys::{
    ABOUT, ADVICE_WORDS, BOOK, BOOK_REGIONS, BOOK_SOURCE, BOOK_TITLE, BUTTONS, CHECKED, CLINICALLY_REVIEWED, COMMAND,
    COMMAND_PAGE, COMMANDS, DESCRIPTION, DUE, FOOTER, FORMAT, HELP, HOME, ID, Key, LANGUAGES, LIMITS, LIMITS_MAP, LINK_URL,
    MEMORY, MOST_SIGNS, MOVED, NEVER_SAY, NUMBERS, OFF, PAGE_WORDS, PROOF_SCREENS, PUBLISHER, READING_AGE, REGION, REGION_NAME,
    REVIEWED, ROWS, RULES, SAY, SAY_WEEKS, SAY_WORDS, SAYING, SHORT_ABOUT, SOURCE_TITLE, SOURCES, TIP_WORDS, ZONES,
};
use super::names::Names;
use super::rich::TICKED;
use crate::dialogue::book::{Command, Footer, Limits, Region, Saying, Source, UNKNOWN_REGION};
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
        if tree.what == What::Broken {
            return Front { fields: None, sources: IndexMap::new(), regions: IndexMap::new() };
        }
        let fields = self.fields(tree, top(tree), &BOOK);
        let mut front = Front { fields, sources: IndexMap::new(), regions: IndexMap::new() };
        let Some(fields) = fields else { return front };
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
        let language = self.language(fields.get(&LANGUAGES));
        let footer = self.footer(fields.get(&FOOTER));
        let limits = self.limits(fields.get(&LIMITS));
        let commands = self.commands(fields.get(&COMMANDS), names);
        let (moved_pages, moved_answers) = self.moved(fields.get(&MOVED), names);
        let help = fields.get(&HELP).map(|tree| self.page(tree, "help", names));
        let regions: Vec<&str> = front.regions.keys().map(String::as_str).collect();
        let rules = fields.get(&RULES).map(|tree| self.safety(tree, &regions, names)).unwrap_or_default();
        let off = fields.get(&OFF).map(|tree| self.off(tree)).unwrap_or_default();
        let never_say = fields.get(&NEVER_SAY).map(|tree| self.never_say(tree)).unwrap_or_default();
        let home = self.home(fields, tree, names);
        Some(Parts {
            id: id?,
            title: title?,
            language,
            description,
            short_description,
            home: home?,
            help: match help {
                Some(None) => return None,
                help => help.flatten(),
            },
            footer,
            limits,
            commands,
            sources: front.sources,
            regions: front.regions,
            moved_pages,
            moved_answers,
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

    // --- sources and regions -------------------------------------------------------------------------------------------------------

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

    fn regions(&mut self, tree: &Tree, names: &Names) -> IndexMap<String, Region> {
        let mut regions = IndexMap::new();
        let entries = self.ids(tree, tree.span, "`regions`");
        if !entries.is_empty() && entries.iter().all(|entry| entry.key != UNKNOWN_REGION) {
            let place = entries.first().map_or(tree.span, |entry| entry.key_span);
            let hint = "It says every placeholder for people whose country is not known; other regions fall back on it.";
            self.add(&rule::MISSING_KEY, place, "The region `unknown` is missing.", hint);
        }
        for entry in entries {
            let region = self.region(&entry.value, entry.key_span, entry.key == UNKNOWN_REGION, names);
            regions.extend(region.map(|region| (entry.key.clone(), region)));
        }
        regions
    }

    fn region(&mut self, tree: &Tree, at: Span, is_unknown: bool, names: &Names) -> Option<Region> {
        let fields = self.fields(tree, at, &REGION)?;
        let name = self.need(&fields, &REGION_NAME).and_then(|tree| self.words(tree, "name"));
        let checked = fields.get(&CHECKED).and_then(|tree| self.date(tree));
        let numbers = fields.get(&NUMBERS).and_then(|tree| self.rich(tree, "numbers", &[], names));
        let mut say = HashMap::new();
        if is_unknown {
            self.need_here(&fields, &SAY);
        }
        for entry in fields.get(&SAY).map(|tree| self.ids(tree, tree.span, "`say`")).unwrap_or_default() {
            if entry.key == TICKED {
                self.add(&rule::BAD_ID, entry.key_span, "`ticked` is filled by the bot itself.", "Choose another name.");
            }
            if let Some(known) = names.placeholders.as_ref().filter(|known| !known.contains(&entry.key)) {
                let hint = match self.guess(&entry.key, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => String::from("Say it there too, for everybody else."),
                };
                let message = format!("The region `unknown` does not say `{}`, so no text can use it.", entry.key);
                self.add_about(&rule::UNKNOWN_PLACEHOLDER, entry.key_span, message, hint, &entry.key);
            }
            say.extend(self.sayings(&entry.value, &entry.key).map(|sayings| (entry.key.clone(), sayings)));
        }
        let zones = fields.get(&ZONES).map(|tree| self.zones(tree)).unwrap_or_default();
        Some(Region { name: name?, checked, numbers, say, zones })
    }

    /// Time zones with their labels; only names that the time zone database knows.
    fn zones(&mut self, tree: &Tree) -> IndexMap<String, String> {
        let Some((entries, _)) = self.map(tree, tree.span, "`zones`") else { return IndexMap::new() };
        let mut zones = IndexMap::new();
        for entry in entries {
            if jiff::tz::TimeZone::get(&entry.key).is_err() {
                let message = format!("There is no time zone `{}`.", entry.key);
                self.add(&rule::WRONG_VALUE, entry.key_span, message, "Name it as the IANA does: Europe/London.");
            }
            zones.extend(self.words(&entry.value, "zones").map(|label| (entry.key.clone(), label)));
        }
        zones
    }

    /// One way to say a word, or several with their weeks, of which the last says it for all others.
    fn sayings(&mut self, tree: &Tree, name: &str) -> Option<Vec<Saying>> {
        let What::List { .. } = tree.what else {
            let words = self.words(tree, name)?;
            return Some(vec![Saying { weeks: None, words }]);
        };
        let items = self.list(tree, name)?;
        let mut sayings = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let start = Span::new(item.span.from, item.span.from);
            let Some(fields) = self.fields(item, start, &SAYING) else { continue };
            let words = self.need(&fields, &SAY_WORDS).and_then(|tree| self.words(tree, "say"));
            let weeks = fields.get(&SAY_WEEKS);
            let is_last = number + 1 == items.len();
            if is_last == weeks.is_some() {
                let hint = "Every way but the last has its weeks; the last is for all others and has none.";
                let message = if is_last {
                    "Nothing is said for weeks that fit no row."
                } else {
                    "No row below this one is ever reached."
                };
                self.add(&rule::WRONG_VALUE, weeks.map_or(item.span, |weeks| weeks.span), message, hint);
            }
            let weeks = weeks.and_then(|weeks| self.weeks(weeks));
            sayings.extend(words.map(|words| Saying { weeks, words }));
        }
        Some(sayings)
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
