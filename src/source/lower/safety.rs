//! `rules` in `book.yaml`: what the book promises of itself. Whether it keeps them is for `lint` to prove.

use super::desk::{Desk, Fields, listed};
use super::keys::{
    AFTER, ALWAYS_MAP, BUDGET_MAP, BUDGET_REGION, BUDGET_SCREENS, BUDGET_TAPS, BUDGET_TO, ENDS_IN, Key, NEVER_MAP, OFFERS,
    RULE_FROM, SAFETY, SELECT, SELECT_ADVICE, WITHIN_MAP, WITHIN_PAGE,
};
use super::names::Names;
use crate::dialogue::book::SafetyRule;
use crate::dialogue::safety::{KindName, Select, WeeklyState};
use crate::source::finding::Span;
use crate::source::rule;
use crate::source::tree::{Tree, What};

impl Desk<'_> {
    /// The rules, each with its place in the list.
    pub fn safety(&mut self, tree: &Tree, regions: &[&str], names: &Names) -> Vec<(usize, SafetyRule)> {
        let items = self.list(tree, "rules").unwrap_or_default();
        let mut rules = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            rules.extend(self.safety_rule(item, regions, names).map(|rule| (number, rule)));
        }
        rules
    }

    fn safety_rule(&mut self, item: &Tree, regions: &[&str], names: &Names) -> Option<SafetyRule> {
        let start = Span::new(item.span.from, item.span.from);
        let fields = self.fields(item, start, &SAFETY)?;
        let told: Vec<&'static Key> = SAFETY.all().filter(|key| fields.get(key).is_some()).collect();
        let [key] = told.as_slice() else {
            if told.len() > 1 {
                let hint = "Write each rule after a `- ` of its own.";
                self.add(&rule::WRONG_VALUE, item.span, "A rule says one thing.", hint);
            }
            return None;
        };
        let value = fields.get(key)?;
        match key.name {
            "within" => {
                let fields = self.fields(value, value.span, &WITHIN_MAP)?;
                let page = self.need(&fields, &WITHIN_PAGE).and_then(|tree| self.page(tree, "page", names));
                let taps = self.taps(&fields);
                Some(SafetyRule::Within { page: page?, taps: taps? })
            }
            "never" => {
                let fields = self.fields(value, value.span, &NEVER_MAP)?;
                let after = self.need(&fields, &AFTER).and_then(|tree| self.select(tree, names));
                let offers = self.need(&fields, &OFFERS).and_then(|tree| self.select(tree, names));
                Some(SafetyRule::Never { after: after?, offers: offers? })
            }
            "always" => {
                let fields = self.fields(value, value.span, &ALWAYS_MAP)?;
                let from = self.need(&fields, &RULE_FROM).and_then(|tree| self.select(tree, names));
                let ends_in = self.need(&fields, &ENDS_IN).and_then(|tree| self.select(tree, names));
                Some(SafetyRule::Always { from: from?, ends_in: ends_in? })
            }
            _ => self.budget(value, regions, names),
        }
    }

    fn taps(&mut self, fields: &Fields) -> Option<u32> {
        self.need(fields, &BUDGET_TAPS).and_then(|tree| self.number(tree, &BUDGET_TAPS))
    }

    fn budget(&mut self, value: &Tree, regions: &[&str], names: &Names) -> Option<SafetyRule> {
        let fields = self.fields(value, value.span, &BUDGET_MAP)?;
        let from = self.need(&fields, &RULE_FROM).and_then(|tree| self.select(tree, names));
        let to = self.need(&fields, &BUDGET_TO).and_then(|tree| self.select(tree, names));
        let taps = self.taps(&fields);
        let screens = fields.get(&BUDGET_SCREENS).map(|tree| self.number(tree, &BUDGET_SCREENS));
        let region = fields.get(&BUDGET_REGION).map(|tree| self.region_named(tree, regions));
        Some(SafetyRule::Budget {
            from: from?,
            to: to?,
            taps: taps?,
            screens: match screens {
                Some(screens) => Some(screens?),
                None => None,
            },
            region: match region {
                Some(region) => Some(region?),
                None => None,
            },
        })
    }

    fn region_named(&mut self, tree: &Tree, regions: &[&str]) -> Option<String> {
        let id = self.raw(tree, "region")?;
        if !regions.contains(&id) {
            let hint = format!("It is one of {}.", listed(regions.iter().copied()));
            self.add(&rule::WRONG_VALUE, tree.span, format!("There is no region `{id}`."), hint);
            return None;
        }
        Some(id.to_owned())
    }

    /// A page by its id, or a mapping that says which screens are meant.
    fn select(&mut self, tree: &Tree, names: &Names) -> Option<Select> {
        if let What::Scalar { .. } = tree.what {
            return self.page(tree, "page", names).map(Select::Page);
        }
        let fields = self.fields(tree, tree.span, &SELECT)?;
        let told: Vec<&'static Key> = SELECT.all().filter(|key| fields.get(key).is_some()).collect();
        let [key] = told.as_slice() else {
            let hint = format!("Write one of {}.", listed(SELECT.all().map(|key| key.name)));
            self.add(&rule::WRONG_VALUE, tree.span, "This says which screens are meant in one way.", hint);
            return None;
        };
        let value = fields.get(key)?;
        match key.name {
            "page" => self.page(value, "page", names).map(Select::Page),
            "advice" => self.level(value, &SELECT_ADVICE).map(Select::Advice),
            "kind" => self.one_of(value, "kind", &KindName::ALL.map(|kind| (kind.name(), kind))).map(Select::Kind),
            _ => self.one_of(value, "weekly", &WeeklyState::ALL.map(|state| (state.name(), state))).map(Select::Weekly),
        }
    }

    fn one_of<T: Copy>(&mut self, tree: &Tree, name: &str, known: &[(&str, T)]) -> Option<T> {
        let raw = self.raw(tree, name)?;
        let found = known.iter().find(|(known, _)| *known == raw).map(|(_, value)| *value);
        if found.is_none() {
            let hint = format!("It is one of {}.", listed(known.iter().map(|(name, _)| *name)));
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a `{name}`."), hint);
        }
        found
    }
}
