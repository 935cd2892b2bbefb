//! The screens of the weekly tips: which buttons stand under which text, and the tip itself.

use std::borrow::Cow;

use jiff::civil::{Date, Weekday};
use jiff::{Zoned, tz::TimeZone};

use super::form::Act;
use super::{Subscription, Tips, week_on};
use crate::dialogue::Hash;
use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::button::{Deed, Trail};
use crate::dialogue::compose::{Composer, Key};
use crate::dialogue::more::PageAct;
use crate::dialogue::text::Text;
use crate::dialogue::understand::Wish;
use crate::dialogue::words::{FormLabel, FormText, Label, Phrase};

/// Hours on one row of buttons.
const HOURS_A_ROW: usize = 4;

impl Composer<'_> {
    pub(in crate::dialogue) fn form(&self, text: FormText) -> (Text, Vec<Vec<Key>>) {
        let see = |label, text| self.act(label, Act::See(text));
        let mut rows = match text {
            FormText::Offer => vec![vec![self.act(FormLabel::Yes, Act::Yes), self.act(FormLabel::No, Act::No)]],
            FormText::Country => self.countries(),
            FormText::Zone | FormText::ZoneAgain => self.zones(),
            FormText::On => vec![self.time_and_week(), vec![self.act(FormLabel::Stop, Act::Stop)]],
            FormText::Change => vec![
                vec![see(FormLabel::AnotherDay, FormText::Day), see(FormLabel::AnotherHour, FormText::Hour)],
                vec![see(FormLabel::AnotherZone, FormText::Country)],
            ],
            FormText::Day => self.days(),
            FormText::Hour => self.hours(),
            FormText::PauseFor => vec![vec![
                self.act(FormLabel::PauseOne, Act::Pause(1)),
                self.act(FormLabel::PauseTwo, Act::Pause(2)),
                self.act(FormLabel::PauseFour, Act::Pause(4)),
            ]],
            FormText::Consent => {
                vec![vec![see(FormLabel::KeepWeek, FormText::Week), see(FormLabel::No, FormText::Status)]]
            }
            FormText::Week | FormText::WeekAgain => {
                vec![vec![see(FormLabel::DontKnow, FormText::Status), see(FormLabel::RatherNot, FormText::Status)]]
            }
            FormText::Off => vec![vec![self.key(self.label(Label::Menu), Deed::Open, self.book.home())]],
            _ => self.standing(),
        };
        match text {
            FormText::Off => {}
            // No is the way back; help is never further than it is elsewhere.
            FormText::Offer => rows.extend(self.help_key().map(|help| vec![help])),
            _ => rows.push(self.way_back(text)),
        }
        (self.form_text(text), rows)
    }

    /// Where things stand: what can be changed.
    fn standing(&self) -> Vec<Vec<Key>> {
        let paused = self.reader.weekly.as_ref().is_some_and(|weekly| weekly.paused_until.is_some());
        let pause = if paused {
            self.act(FormLabel::GoOn, Act::Pause(0))
        } else {
            self.act(FormLabel::Pause, Act::See(FormText::PauseFor))
        };
        vec![self.time_and_week(), vec![pause, self.act(FormLabel::Stop, Act::Stop)]]
    }

    /// The week can be told only where a tip fits some weeks and not others.
    fn time_and_week(&self) -> Vec<Key> {
        let kept = self.reader.weekly.as_ref().is_some_and(|weekly| weekly.week_zero.is_some());
        let week = || {
            if kept {
                self.act(FormLabel::ForgetWeek, Act::ForgetWeek)
            } else {
                self.act(FormLabel::FitMyWeek, Act::See(FormText::Consent))
            }
        };
        let time = self.act(FormLabel::ChangeTime, Act::See(FormText::Change));
        [time].into_iter().chain(self.asks_weeks().then(week)).collect()
    }

    /// Every step can be left: back to where things stand, to the offer, or for help.
    fn way_back(&self, text: FormText) -> Vec<Key> {
        let here = matches!(text, FormText::On | FormText::Status | FormText::WeekLeft);
        let to = if here { self.book.home() } else { self.screen.node };
        let back = self.key(self.label(Label::Back), Deed::Open, to);
        [back].into_iter().chain(self.help_key()).collect()
    }

    fn countries(&self) -> Vec<Vec<Key>> {
        let regions = self.book.regions().iter();
        let known = regions.clone().filter(|(id, _)| *id != UNKNOWN_REGION);
        let other = regions.filter(|(id, _)| *id == UNKNOWN_REGION);
        let keys = known.chain(other).map(|(id, region)| self.deed(region.name.clone(), Act::Country(Hash::of(id))));
        self.spread(keys.collect())
    }

    fn zones(&self) -> Vec<Vec<Key>> {
        let region = self.reader.region.as_deref().and_then(|id| self.book.regions().get(id));
        let zones = region.into_iter().flat_map(|region| &region.zones);
        self.spread(zones.map(|(zone, label)| self.deed(label.clone(), Act::Zone(Hash::of(zone)))).collect())
    }

    fn days(&self) -> Vec<Vec<Key>> {
        let days = (0..7u8).filter_map(|day| Some((day, Weekday::from_monday_zero_offset(i8::try_from(day).ok()?).ok()?)));
        let words = &self.book.words().weekly;
        self.spread(days.map(|(number, day)| self.deed(words.weekday(day).to_owned(), Act::Day(number))).collect())
    }

    /// Only hours that are not quiet.
    fn hours(&self) -> Vec<Vec<Key>> {
        let Some(tips) = self.book.tips() else { return Vec::new() };
        let awake = (0..24u8).filter(|hour| i8::try_from(*hour).is_ok_and(|hour| !tips.policy.is_quiet(hour)));
        let name = |hour: u8| self.book.words().weekly.hour(i8::try_from(hour).unwrap_or(0)).to_owned();
        let keys: Vec<Key> = awake.map(|hour| self.deed(name(hour), Act::Hour(hour))).collect();
        keys.chunks(HOURS_A_ROW).map(<[Key]>::to_vec).collect()
    }

    /// The button that does what was perhaps asked for in words.
    pub(in crate::dialogue) fn wish(&self, wish: Wish) -> Option<Key> {
        Some(match wish {
            Wish::Stop => self.act(FormLabel::Stop, Act::Stop),
            Wish::Change => self.act(FormLabel::ChangeTime, Act::See(FormText::Change)),
            Wish::Week if !self.asks_weeks() => return None,
            Wish::Week => self.act(FormLabel::FitMyWeek, Act::See(FormText::Consent)),
        })
    }

    fn asks_weeks(&self) -> bool {
        self.book.tips().is_some_and(Tips::fit_weeks)
    }

    fn act(&self, label: FormLabel, act: Act) -> Key {
        self.deed(self.book.words().weekly.label(label).to_owned(), act)
    }

    fn deed(&self, label: String, act: Act) -> Key {
        let page = self.book.weekly_page().unwrap_or(self.screen.node);
        self.key_with(label, Deed::Form(act), page, Trail::default())
    }

    fn form_text(&self, text: FormText) -> Text {
        let words = self.book.words();
        words.weekly.text(text).fill(|name| self.form_word(name))
    }

    fn form_word(&self, name: &str) -> Option<Cow<'_, str>> {
        let (words, policy) = (self.book.words(), self.book.tips().map(|tips| tips.policy).unwrap_or_default());
        let weekly = self.reader.weekly.as_ref();
        let said = match name {
            "day" => words.weekly.weekday(weekly.map_or(policy.day, |weekly| weekly.day)).to_owned(),
            "hour" => words.weekly.hour(weekly.map_or(policy.hour, |weekly| weekly.hour)).to_owned(),
            "next" => weekly.map(|weekly| self.next(weekly)).unwrap_or_default(),
            "week" => {
                weekly.and_then(|weekly| week_on(weekly, self.today(weekly)?)).map(|week| week.to_string()).unwrap_or_default()
            }
            _ => return self.word(name),
        };
        Some(Cow::Owned(said))
    }

    /// Monday 30 November, 9 am.
    fn next(&self, weekly: &Subscription) -> String {
        let words = self.book.words();
        let zone = TimeZone::get(&weekly.zone).unwrap_or(TimeZone::UTC);
        let local = Zoned::new(weekly.next.at, zone);
        format!("{}, {}", words.day(local.date()), words.weekly.hour(local.hour()))
    }

    /// The reader's day when the screen was made. Time enters with the slot: the next tip lies at most a pause ahead, and a week is
    /// told for the day of the last change.
    fn today(&self, weekly: &Subscription) -> Option<Date> {
        Some(Zoned::new(self.screen.at?, TimeZone::get(&weekly.zone).unwrap_or(TimeZone::UTC)).date())
    }

    /// A weekly tip: a neutral line, the tip, and what one can do with it.
    pub(in crate::dialogue) fn tip(&self, id: &str, last: bool, rated: Option<bool>, told: bool) -> (Text, Vec<Vec<Key>>) {
        let mut text = self.form_text(FormText::Opening);
        if let Some(tip) = self.book.tips().and_then(|tips| tips.tips.get(id)) {
            text.append(self.fill(&tip.text));
        }
        if last {
            text.append(self.form_text(FormText::Last));
        }
        let book = self.book;
        let help = book.help().map(|help| self.key(self.label(Label::GetHelp), Deed::Open, help));
        let from = self.open(self.screen.node, None);
        let rate = |label: FormLabel, helpful: bool| {
            let words = book.words();
            let mark = if rated == Some(helpful) { format!("{} ", words.label(Label::Ticked)) } else { String::new() };
            let label = format!("{mark}{}", words.weekly.label(label));
            self.key(label, Deed::Rate { tip: Hash::of(id), helpful, last }, self.screen.node)
        };
        let mut rows = vec![help.into_iter().chain([from]).collect()];
        rows.push(vec![rate(FormLabel::Helpful, true), rate(FormLabel::NotHelpful, false)]);
        // Of the last one nothing is kept any more.
        let asks = rated == Some(false) && !told && !last && book.rating().is_some_and(|rating| !rating.missing.is_empty());
        if asks {
            text.append(self.phrase(Phrase::WhatWasMissing));
            rows.extend(self.choices(|choice| PageAct::MissingInTip { tip: Hash::of(id), choice }));
        }
        if !last {
            rows.push(vec![self.act(FormLabel::Stop, Act::Stop)]);
        }
        (text, rows)
    }
}
