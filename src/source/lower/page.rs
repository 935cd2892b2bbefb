//! One page of the book: what it is, and everything that every kind of page has.

use super::desk::{Desk, Fields, listed, nearest};
use super::keys::{
    ADVICE, ALONE, ASKS, BEFORE, CHECKLIST, COVERS, DATA, EDITION, ENDS_WEEKLY, FINDER_LABEL, FORM, FOUND, FOUND_MAP,
    FOUND_TEXT, HOLD, IMAGE, IN_MILES, KEEP, KINDS, KM, LANGUAGE_CHOICE, LEAFLET_PAGE, LINKS, MAP_LABEL, NONE, OUTCOME,
    OUTCOME_MAP, PACE, PAGE, QUESTION, REGIONS, REPEAT, SAVED, SERVICES, SOURCE, STEP, STEP_PACE, STEPS, Shape, TEXT, THEN,
    TITLE, UNIT_NUMBER, UNRATED, UNSURE, WEBSITE_LABEL, WEEKS, WITHDRAWN, WITHOUT, WORST, WORST_MAP,
};
use super::names::{Names, is_titled};
use super::rich::{ENDED, TICKED};
use crate::dialogue::book::{Checklist, Data, Found, Move, Services, Steps};
use crate::dialogue::{Kind, Level, Node, NodeId};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Entry, Tree, What};

/// No exercise is longer; a step rides in a button as one byte.
const MOST_STEPS: usize = 100;

impl Desk<'_> {
    /// A page, or `None` if something in it was reported. `above` are the sources of its file.
    pub fn node(&mut self, page: &Entry, above: &[String], names: &Names) -> Option<Node> {
        let (tree, at) = (&page.value, page.key_span);
        if tree.what == What::Broken {
            return None;
        }
        let hint = "The keys of a page go below its id, indented by two spaces: `title`, `text` and so on.";
        if tree.what == What::Nothing {
            self.add(&rule::EMPTY, at, format!("The page `{}` has nothing in it.", page.key), hint);
            return None;
        }
        if !matches!(tree.what, What::Map { .. }) {
            let message = format!("`{}` stands in the first column, so it should be a page.", page.key);
            self.add(&rule::WRONG_TYPE, tree.span, message, hint);
            return None;
        }
        let before = self.findings.len();
        let shape = self.kind_of(page)?;
        let fields = self.fields(tree, at, shape)?;
        let kind = self.kind(&fields, shape, at, names);
        let node = self.common(&fields, tree, at, above, names);
        // A page with any finding is not built: the book does not go live with it.
        let kind = kind.filter(|_| self.findings.len() == before)?;
        Some(Node { kind, ..node })
    }

    fn kind_of(&mut self, page: &Entry) -> Option<&'static Shape> {
        let mut telling: Vec<_> = KINDS.iter().filter(|(key, _)| page.value.get(key.name).is_some()).collect();
        // The second in the file is the one that came in later, most often.
        telling.sort_by_key(|(key, _)| page.value.get(key.name).map(|entry| entry.key_span));
        match telling.as_slice() {
            [(_, shape)] => Some(shape),
            [] if page.value.get(TEXT.name).is_some() => Some(&PAGE),
            [] => {
                self.no_kind(page);
                None
            }
            [(first, _), (second, _), ..] => {
                let span = page.value.get(second.name).map_or(page.key_span, |entry| entry.key_span);
                let message = format!("A page with `{}` can't have `{}` too.", first.name, second.name);
                self.add(&rule::UNCLEAR_KIND, span, message, "Make two pages of it.");
                None
            }
        }
    }

    fn no_kind(&mut self, page: &Entry) {
        let What::Map { entries, .. } = &page.value.what else { return };
        let kinds = || KINDS.iter().map(|(key, _)| key.name).chain([TEXT.name]);
        let meant = entries.iter().find_map(|entry| nearest(&entry.key, kinds()).map(|name| (entry, name)));
        if let Some((entry, name)) = meant {
            let message = format!("`{}` isn't a key of a page.", entry.key);
            self.add(&rule::UNKNOWN_KEY, entry.key_span, message, format!("Did you mean `{name}`?"));
            return;
        }
        let message = format!("Nothing tells what kind of page `{}` is.", page.key);
        let hint = "Most pages have a `text`; others have `question`, `weeks`, `checklist`, `outcome`, `steps` or `regions`.";
        self.add(&rule::UNCLEAR_KIND, page.key_span, message, hint);
    }

    /// What every kind has; its own part is filled in by the caller.
    fn common(&mut self, fields: &Fields, page: &Tree, at: Span, above: &[String], names: &Names) -> Node {
        let title = fields.get(&TITLE).and_then(|tree| self.words(tree, "title"));
        let sources = match fields.get(&SOURCE) {
            Some(tree) => self.sources(tree, names),
            None => above.to_vec(),
        };
        let asks = self.phrases(fields.get(&ASKS), "asks");
        if !asks.is_empty() && !is_titled(page) {
            let hint = "Give the page a `title`: who asks for it may be shown it as a button.";
            self.add(&rule::UNLABELLED, at, "People can ask for this page, but it has no title.", hint);
        }
        Node {
            image: fields.get(&IMAGE).and_then(|tree| self.image(tree)),
            ends_weekly: fields.get(&ENDS_WEEKLY).and_then(|tree| self.flag(tree, "ends-weekly")).unwrap_or_default(),
            data: fields.get(&DATA).and_then(|tree| self.data(tree)),
            leaflet: fields.get(&LEAFLET_PAGE).is_some_and(|tree| self.brings_leaflet(tree, names)),
            title,
            sources,
            covers: self.phrases(fields.get(&COVERS), "covers"),
            asks,
            keep: fields.get(&KEEP).and_then(|tree| self.flag(tree, "keep")).unwrap_or_default(),
            alone: fields.get(&ALONE).and_then(|tree| self.flag(tree, "alone")).unwrap_or_default(),
            unrated: fields.get(&UNRATED).and_then(|tree| self.flag(tree, "unrated")).unwrap_or_default(),
            withdrawn: fields.get(&WITHDRAWN).and_then(|tree| self.rich(tree, "withdrawn", &[], names)),
            kind: Kind::Outcome { worst: [NodeId(0); 5] },
        }
    }

    fn brings_leaflet(&mut self, tree: &Tree, names: &Names) -> bool {
        let brings = self.flag(tree, LEAFLET_PAGE.name).unwrap_or_default();
        if brings && !names.has_leaflet {
            let hint = "Say in book.yaml what is printed: under `leaflet`.";
            self.add(&rule::WRONG_VALUE, tree.span, "The book has no leaflet that could be sent.", hint);
        }
        brings
    }

    fn data(&mut self, tree: &Tree) -> Option<Data> {
        let raw = self.raw(tree, DATA.name)?;
        let data = Data::ALL.into_iter().find(|data| data.name() == raw);
        if data.is_none() {
            let hint = format!("It is one of {}.", listed(Data::ALL.iter().map(|data| data.name())));
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a `data`."), hint);
        }
        data
    }

    /// A list of words, such as `asks`; none if the key is not there.
    pub fn phrases(&mut self, tree: Option<&Tree>, name: &str) -> Vec<String> {
        let items = tree.and_then(|tree| self.list(tree, name)).unwrap_or_default();
        items.iter().filter_map(|item| self.text(item, name).map(str::to_owned)).collect()
    }

    fn kind(&mut self, fields: &Fields, shape: &'static Shape, at: Span, names: &Names) -> Option<Kind> {
        match shape.keys.first().and_then(|own| own.first()).map_or("", |key| key.name) {
            "question" => self.question(fields, at, names),
            "weeks" => self.weeks_page(fields, at, names),
            "checklist" => self.checklist(fields, at, names),
            "outcome" => self.outcome(fields, at, names),
            "advice" => self.advice(fields, names),
            "steps" => self.steps(fields, names),
            "regions" => self.regions_page(fields, names),
            "languages" => self.languages_page(fields, names),
            "services" => self.services_page(fields, at, names),
            "form" => self.form(fields),
            "saved" => {
                let text = self.need(fields, &SAVED).and_then(|tree| self.rich(tree, "saved", &[], names));
                text.map(|text| Kind::Saved { text })
            }
            "unit-number" => {
                let text = self.need(fields, &UNIT_NUMBER).and_then(|tree| self.rich(tree, UNIT_NUMBER.name, &[], names));
                text.map(|text| Kind::UnitNumber { text })
            }
            _ => {
                let text = self.need(fields, &TEXT).and_then(|tree| self.rich(tree, "text", &[TICKED, ENDED], names));
                let links = self.links(fields.get(&LINKS), names);
                Some(Kind::Page { text: text?, links })
            }
        }
    }

    fn form(&mut self, fields: &Fields) -> Option<Kind> {
        let tree = self.need(fields, &FORM)?;
        let name = self.raw(tree, "form")?;
        if !FORM.takes.names().contains(&name) {
            let message = format!("`{name}` isn't a form that the bot has.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "Write `form: weekly`.");
            return None;
        }
        Some(Kind::Weekly)
    }

    fn then(&mut self, fields: &Fields, names: &Names) -> Option<NodeId> {
        self.need(fields, &THEN).and_then(|tree| self.page(tree, "then", names))
    }

    fn edition(&mut self, fields: &Fields) -> u8 {
        let edition = fields.get(&EDITION).and_then(|tree| self.number(tree, &EDITION));
        edition.and_then(|edition| u8::try_from(edition).ok()).unwrap_or(1)
    }

    fn question(&mut self, fields: &Fields, at: Span, names: &Names) -> Option<Kind> {
        let text = self.need(fields, &QUESTION).and_then(|tree| self.rich(tree, "question", &[], names));
        let answers = self.answers(fields, at, names);
        let edition = self.edition(fields);
        Some(Kind::Question { text: text?, answers, edition })
    }

    fn weeks_page(&mut self, fields: &Fields, at: Span, names: &Names) -> Option<Kind> {
        let text = self.need(fields, &WEEKS).and_then(|tree| self.rich(tree, "weeks", &[], names));
        let answers = self.week_answers(fields, at);
        let then = self.then(fields, names);
        Some(Kind::Weeks { text: text?, answers, then: then? })
    }

    fn checklist(&mut self, fields: &Fields, at: Span, names: &Names) -> Option<Kind> {
        let text = self.need(fields, &CHECKLIST).and_then(|tree| self.rich(tree, "checklist", &[], names));
        let signs = self.signs(fields, at);
        let none = self.need(fields, &NONE).and_then(|tree| self.words(tree, "none"));
        let unsure = self.need(fields, &UNSURE).and_then(|tree| self.words(tree, "unsure"));
        let then = self.then(fields, names);
        let edition = self.edition(fields);
        Some(Kind::Checklist(Checklist { text: text?, signs, none: none?, unsure: unsure?, then: then?, edition }))
    }

    fn outcome(&mut self, fields: &Fields, at: Span, names: &Names) -> Option<Kind> {
        let outcome = self.need(fields, &OUTCOME).and_then(|tree| self.fields(tree, at, &OUTCOME_MAP))?;
        let worst = self.need(&outcome, &WORST).and_then(|tree| self.fields(tree, at, &WORST_MAP))?;
        let mut pages = [None; 5];
        for (level, page) in Level::ALL.iter().zip(&mut pages) {
            // Each level has its key under the same name.
            let Some(key) = WORST_MAP.all().find(|key| key.name == level.name()) else { continue };
            *page = self.need(&worst, key).and_then(|tree| self.page(tree, level.name(), names));
        }
        let [Some(self_care), Some(soon), Some(today), Some(now), Some(emergency)] = pages else { return None };
        Some(Kind::Outcome { worst: [self_care, soon, today, now, emergency] })
    }

    fn advice(&mut self, fields: &Fields, names: &Names) -> Option<Kind> {
        let level = self.need(fields, &ADVICE).and_then(|tree| self.level(tree, &ADVICE));
        let text = self.need(fields, &TEXT).and_then(|tree| self.rich(tree, "text", &[TICKED], names));
        let links = self.links(fields.get(&LINKS), names);
        Some(Kind::Advice { level: level?, text: text?, links })
    }

    fn regions_page(&mut self, fields: &Fields, names: &Names) -> Option<Kind> {
        let text = self.need(fields, &REGIONS).and_then(|tree| self.rich(tree, "regions", &[], names));
        let then = self.then(fields, names);
        Some(Kind::Regions { text: text?, then: then? })
    }

    fn languages_page(&mut self, fields: &Fields, names: &Names) -> Option<Kind> {
        let text = self.need(fields, &LANGUAGE_CHOICE).and_then(|tree| self.rich(tree, "languages", &[], names));
        let then = self.then(fields, names);
        Some(Kind::Languages { text: text?, then: then? })
    }

    fn services_page(&mut self, fields: &Fields, at: Span, names: &Names) -> Option<Kind> {
        let ask = self.need(fields, &SERVICES).and_then(|tree| self.rich(tree, SERVICES.name, &[], names));
        let without = self.need(fields, &WITHOUT).and_then(|tree| self.rich(tree, WITHOUT.name, &[], names));
        let found = self.need(fields, &FOUND).and_then(|tree| self.found(tree, at, names));
        let finder = self.need(fields, &FINDER_LABEL).and_then(|tree| self.words(tree, FINDER_LABEL.name));
        let links = self.links(fields.get(&LINKS), names);
        Some(Kind::Services(Services { ask: ask?, without: without?, found: found?, finder: finder?, links }))
    }

    fn found(&mut self, tree: &Tree, at: Span, names: &Names) -> Option<Found> {
        let fields = self.fields(tree, at, &FOUND_MAP)?;
        let text = self.need(&fields, &FOUND_TEXT).and_then(|tree| self.rich(tree, "text", &[], names));
        let words = [&MAP_LABEL, &WEBSITE_LABEL, &KM, &IN_MILES];
        let words = words.map(|key| self.need(&fields, key).and_then(|tree| self.words(tree, key.name)));
        let [Some(map), Some(website), Some(km), Some(miles)] = words else { return None };
        Some(Found { text: text?, map, website, km, miles })
    }

    fn steps(&mut self, fields: &Fields, names: &Names) -> Option<Kind> {
        let items = self.need(fields, &STEPS).and_then(|tree| self.list(tree, "steps")).unwrap_or_default();
        if let Some(beyond) = items.get(MOST_STEPS) {
            let message = format!("An exercise has at most {MOST_STEPS} steps.");
            self.add(&rule::WRONG_VALUE, beyond.span, message, "Make two exercises of it.");
        }
        let steps = items.iter().filter_map(|item| self.step(item, names)).collect();
        let repeat = fields.get(&REPEAT).and_then(|tree| self.number(tree, &REPEAT));
        let pace = fields.get(&PACE).and_then(|tree| self.measure(tree, &PACE));
        let before = fields.get(&BEFORE).and_then(|tree| self.gate(tree, names));
        let then = self.then(fields, names);
        Some(Kind::Steps(Steps { steps, repeat, pace, before, then: then? }))
    }

    fn step(&mut self, item: &Tree, names: &Names) -> Option<Move> {
        let start = Span::new(item.span.from, item.span.from);
        let fields = self.fields(item, start, &STEP)?;
        let text = self.need(&fields, &TEXT).and_then(|tree| self.rich(tree, "text", &[], names));
        let hold_seconds = fields.get(&HOLD).and_then(|tree| self.measure(tree, &HOLD));
        let pace = fields.get(&STEP_PACE).and_then(|tree| self.measure(tree, &STEP_PACE));
        let image = fields.get(&IMAGE).and_then(|tree| self.image(tree));
        Some(Move { text: text?, hold_seconds, pace, image })
    }

    /// The question before an exercise. Any other page would never lead on to the first step.
    fn gate(&mut self, tree: &Tree, names: &Names) -> Option<NodeId> {
        let node = self.page(tree, "before", names)?;
        let page = names.pages.get(self.raw(tree, "before")?)?;
        if page.tree.what != What::Broken && page.tree.get(QUESTION.name).is_none() {
            self.add(
                &rule::WRONG_VALUE,
                tree.span,
                "`before` takes a question.",
                "Name a page with `question` and an answer that says `goto: onward`.",
            );
            return None;
        }
        Some(node)
    }
}
