//! `weekly.yaml`: the weekly tips, and the rules by which they are sent.

use indexmap::IndexMap;
use jiff::civil::Weekday;

use super::desk::{Desk, listed};
use super::front::top;
use super::keys::{
    DAY, FROM_PAGE, HOUR, LAST_WEEK, LATE, MOST, POLICY, POLICY_MAP, QUIET, SOURCE, TEXT, TIP, TIP_WEEKS, TIP_WITHDRAWN, TIPS,
    WEEKLY,
};
use super::names::Names;
use crate::dialogue::NodeId;
use crate::dialogue::weekly::{Policy, Tip, Tips};
use crate::source::rule;
use crate::source::tree::{Entry, Tree, What};

pub const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

impl Desk<'_> {
    /// A file with nothing in it is a mistake: it would silence the tips for everybody who asked for them. A book without tips has no
    /// such file.
    pub fn weekly_file(&mut self, tree: &Tree, names: &Names) -> Option<Tips> {
        if tree.what == What::Broken {
            return None;
        }
        let fields = self.fields(tree, top(tree), &WEEKLY)?;
        let above = fields.get(&SOURCE).map(|tree| self.sources(tree, names)).unwrap_or_default();
        let usual = Policy { last_week: self.weeks.to, ..Policy::default() };
        let policy = fields.get(&POLICY).map_or(usual, |tree| self.policy(tree, usual));
        let tips = self.need(&fields, &TIPS)?;
        let mut known = IndexMap::new();
        for entry in self.ids(tips, tips.span, "`tips`") {
            known.extend(self.tip(entry, &above, names).map(|tip| (entry.key.clone(), tip)));
        }
        Some(Tips { policy, tips: known })
    }

    /// A tip, or `None` if something in it was reported. `above` are the sources of the file.
    fn tip(&mut self, tip: &Entry, above: &[String], names: &Names) -> Option<Tip> {
        let fields = self.fields(&tip.value, tip.key_span, &TIP)?;
        let weeks = fields.get(&TIP_WEEKS).map(|tree| self.weeks(tree));
        let from = self.need(&fields, &FROM_PAGE).and_then(|tree| self.page_behind(tree, names));
        let sources = fields.get(&SOURCE).map_or_else(|| above.to_vec(), |tree| self.sources(tree, names));
        // Told to the next author, never to a reader: a tip that was taken back is not sent.
        let withdrawn = fields.get(&TIP_WITHDRAWN).map(|tree| self.text(tree, "withdrawn"));
        let text = self.need(&fields, &TEXT).and_then(|tree| self.rich(tree, "text", &[], names));
        if matches!(weeks, Some(None)) {
            return None;
        }
        Some(Tip { text: text?, weeks: weeks.flatten(), from: from?, sources, withdrawn: withdrawn.is_some() })
    }

    /// The page that a tip comes from. Its title is what the button under the tip says.
    fn page_behind(&mut self, tree: &Tree, names: &Names) -> Option<NodeId> {
        let node = self.page(tree, "from", names)?;
        let id = self.raw(tree, "from")?;
        if names.pages.get(id).is_some_and(|page| !page.is_titled()) {
            let message = format!("The button under this tip has no words on it: `{id}` has no title.");
            self.add(&rule::UNLABELLED, tree.span, message, format!("Give `{id}` a `title`."));
            return None;
        }
        Some(node)
    }

    // --- when they are sent --------------------------------------------------------------------------------------------------------

    fn policy(&mut self, tree: &Tree, usual: Policy) -> Policy {
        let Some(fields) = self.fields(tree, tree.span, &POLICY_MAP) else { return usual };
        let day = fields.get(&DAY).and_then(|tree| self.weekday(tree));
        let hour = fields.get(&HOUR).and_then(|tree| self.number(tree, &HOUR));
        let late = fields.get(&LATE).and_then(|tree| self.measure(tree, &LATE));
        let quiet = fields.get(&QUIET).and_then(|tree| self.quiet(tree));
        let last_week = fields.get(&LAST_WEEK).and_then(|tree| Some((self.number(tree, &LAST_WEEK)?, tree.span)));
        let last_week = last_week.filter(|(week, at)| !self.is_beyond(*week, *at)).map(|(week, _)| week);
        let most = fields.get(&MOST).and_then(|tree| self.number(tree, &MOST));
        let (quiet_from, quiet_to) = quiet.unwrap_or((usual.quiet_from, usual.quiet_to));
        let policy = Policy {
            day: day.unwrap_or(usual.day),
            // Each was held to its bounds above.
            hour: hour.and_then(|hour| i8::try_from(hour).ok()).unwrap_or(usual.hour),
            late_hours: late.unwrap_or(usual.late_hours),
            quiet_from,
            quiet_to,
            last_week: last_week.and_then(|week| u8::try_from(week).ok()).unwrap_or(usual.last_week),
            most: most.and_then(|most| u16::try_from(most).ok()).unwrap_or(usual.most),
        };
        // One that was given and is wrong has been reported; nothing can be said of the two together.
        let is_fine = |key, was_read: bool| was_read || fields.get(key).is_none();
        if is_fine(&HOUR, hour.is_some()) && is_fine(&QUIET, quiet.is_some()) {
            self.hour_is_loud(&policy, fields.get(&HOUR).or(fields.get(&QUIET)).unwrap_or(tree));
        }
        policy
    }

    fn weekday(&mut self, tree: &Tree) -> Option<Weekday> {
        let raw = self.raw(tree, "day")?;
        let found = DAYS.iter().find(|(name, _)| *name == raw).map(|(_, day)| *day);
        if found.is_none() {
            let names = || DAYS.iter().map(|(name, _)| *name);
            let hint = match self.guess(&raw.to_lowercase(), names()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("It is one of {}.", listed(names())),
            };
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` isn't a day of the week."), hint);
        }
        found
    }

    /// Hours as `21..8`: none from the first on, none before the second.
    fn quiet(&mut self, tree: &Tree) -> Option<(i8, i8)> {
        let raw = self.raw(tree, "quiet")?;
        let hour = |digits: &str| {
            let digits = digits.trim();
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|hour| plain && (0..24).contains(hour))
        };
        let hours = raw.split_once("..").and_then(|(from, to)| Some((hour(from)?, hour(to)?)));
        // Two hours that are the same could mean a whole day, or no time at all.
        let hours = hours.filter(|(from, to)| from != to);
        if hours.is_none() {
            let hint = "Write \"21..8\" for no tip from 21 until 8 the next morning; hours go from 0 to 23.";
            self.add(&rule::WRONG_VALUE, tree.span, format!("`{raw}` does not say which hours are quiet."), hint);
        }
        hours
    }

    fn hour_is_loud(&mut self, policy: &Policy, tree: &Tree) {
        let Policy { hour, quiet_from, quiet_to, .. } = *policy;
        let is_quiet =
            if quiet_from < quiet_to { (quiet_from..quiet_to).contains(&hour) } else { hour >= quiet_from || hour < quiet_to };
        if is_quiet {
            let message =
                format!("Tips would be due at {hour}, which is quiet: no tip comes from {quiet_from} until {quiet_to}.");
            self.add(&rule::WRONG_VALUE, tree.span, message, "Choose another `hour`, or other `quiet` hours.");
        }
    }
}
