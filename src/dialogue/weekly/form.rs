//! The sign-up to the weekly tips, step by step: what each button and each typed answer changes. Every step can be left.
//!
//! Screens are named by their text ([`FormText`]); `screens.rs` gives them their buttons.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned, tz::TimeZone};

use super::choose::is_last;
use super::when::{Decision, decide, first_slot, next_slot};
use super::{Slot, Subscription, Tips, choose, typed};
use crate::dialogue::book::UNKNOWN_REGION;
use crate::dialogue::button::Trail;
use crate::dialogue::step::Stepper;
use crate::dialogue::turn::{Asked, Effect, Screen, View};
use crate::dialogue::understand::Wish;
use crate::dialogue::words::{FormText, Phrase};
use crate::dialogue::{Hash, Kind, NodeId};

/// What a button of the sign-up does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Yes,
    No,
    Country(Hash),
    Zone(Hash),
    /// Only shows a screen.
    See(FormText),
    /// From Monday, 0 to 6.
    Day(u8),
    Hour(u8),
    /// For so many weeks; 0 ends a pause.
    Pause(u8),
    ForgetWeek,
    Stop,
}

impl Act {
    /// For a button's token.
    pub(crate) fn to_parts(self) -> (u8, u32) {
        match self {
            Act::Yes => (0, 0),
            Act::No => (1, 0),
            Act::Country(hash) => (2, hash.0),
            Act::Zone(hash) => (3, hash.0),
            Act::See(text) => (4, text as u32),
            Act::Day(day) => (5, day.into()),
            Act::Hour(hour) => (6, hour.into()),
            Act::Pause(weeks) => (7, weeks.into()),
            Act::ForgetWeek => (8, 0),
            Act::Stop => (9, 0),
        }
    }

    pub(crate) fn from_parts(act: u8, value: u32) -> Option<Act> {
        let small = |most: u8| u8::try_from(value).ok().filter(|value| *value <= most);
        Some(match act {
            0 if value == 0 => Act::Yes,
            1 if value == 0 => Act::No,
            2 => Act::Country(Hash(value)),
            3 => Act::Zone(Hash(value)),
            4 => Act::See(*FormText::ALL.get(usize::try_from(value).ok()?)?),
            5 => Act::Day(small(6)?),
            6 => Act::Hour(small(23)?),
            7 => Act::Pause(small(8)?),
            8 if value == 0 => Act::ForgetWeek,
            9 if value == 0 => Act::Stop,
            _ => return None,
        })
    }
}

/// So often a week or a date that cannot be is asked for again.
const TRIES: u8 = 2;

impl Stepper<'_> {
    /// The sign-up's first screen, or where things stand.
    pub(in crate::dialogue) fn weekly(&self, page: NodeId) -> Screen {
        let text = if self.reader.weekly.is_some() { FormText::Status } else { FormText::Offer };
        form_screen(page, text)
    }

    /// A press within the sign-up.
    pub(in crate::dialogue) fn form(&mut self, page: NodeId, act: Act) -> Screen {
        if !matches!(self.book.node(page).kind, Kind::Weekly) || self.book.tips().is_none() {
            return Screen { notice: Some(Phrase::Stale), ..self.open(page, Trail::default()) };
        }
        match act {
            Act::Yes => self.subscribe_or_ask(page),
            Act::No => Screen::of(self.book.home()),
            Act::Country(region) => self.country(page, region),
            Act::Zone(zone) => match self.zone_named(zone) {
                Some(zone) => self.in_zone(page, zone),
                None => form_screen(page, FormText::Zone),
            },
            Act::See(text) => self.see(page, text),
            Act::Stop => {
                self.end_weekly();
                form_screen(page, FormText::Off)
            }
            Act::Day(_) | Act::Hour(_) | Act::Pause(_) | Act::ForgetWeek => self.change(page, act),
        }
    }

    /// Shows a screen; two of them wait for typed words.
    fn see(&mut self, page: NodeId, text: FormText) -> Screen {
        self.reader.asked = match text {
            FormText::Zone => Some(Asked::Zone),
            FormText::Week if self.reader.weekly.is_some() && self.asks_weeks() => Some(Asked::Week { tries: 0 }),
            _ => None,
        };
        // A button of a book whose tips had weeks.
        let text = if text.is_for_weeks() && !self.asks_weeks() { FormText::Status } else { text };
        let alone = matches!(text, FormText::Offer | FormText::Country | FormText::Zone);
        if self.reader.weekly.is_none() && !alone { self.weekly(page) } else { form_screen(page, text) }
    }

    fn asks_weeks(&self) -> bool {
        self.book.tips().is_some_and(Tips::fit_weeks)
    }

    fn country(&mut self, page: NodeId, region: Hash) -> Screen {
        let regions = self.book.regions();
        let Some(id) = regions.keys().find(|id| Hash::of(id) == region) else {
            return form_screen(page, FormText::Country);
        };
        if id == UNKNOWN_REGION {
            self.reader.region = None;
            return self.see(page, FormText::Zone);
        }
        self.reader.region = Some(id.clone());
        self.subscribe_or_ask(page)
    }

    /// Signs up where the clock is known, else asks for what tells it.
    fn subscribe_or_ask(&mut self, page: NodeId) -> Screen {
        let known = self.reader.region.as_deref().and_then(|id| self.book.regions().get(id));
        let zones: Option<Vec<String>> = known.map(|region| region.zones.keys().cloned().collect());
        match zones.as_deref() {
            None => form_screen(page, FormText::Country),
            Some([zone]) => self.in_zone(page, zone.clone()),
            Some(_) => self.see(page, FormText::Zone),
        }
    }

    fn zone_named(&self, zone: Hash) -> Option<String> {
        let zones = self.book.regions().values().flat_map(|region| region.zones.keys());
        zones.into_iter().find(|name| Hash::of(name) == zone).cloned()
    }

    /// Signs up in a zone, or moves a subscription there.
    fn in_zone(&mut self, page: NodeId, zone: String) -> Screen {
        self.reader.asked = None;
        let Some(tips) = self.book.tips() else { return self.weekly(page) };
        let (mut subscription, text) = match self.reader.weekly.take() {
            Some(subscription) => (Subscription { zone, ..subscription }, FormText::Status),
            None => (Subscription::begin(zone, tips.policy.day, tips.policy.hour), FormText::On),
        };
        subscription.next = first_slot(&subscription, self.input.at);
        self.reader.weekly = Some(subscription);
        form_screen(page, text)
    }

    fn change(&mut self, page: NodeId, act: Act) -> Screen {
        let now = self.input.at;
        let Some(subscription) = &mut self.reader.weekly else { return self.weekly(page) };
        let today = Zoned::new(now, TimeZone::get(&subscription.zone).unwrap_or(TimeZone::UTC)).date();
        match act {
            Act::Day(day) => {
                let day = i8::try_from(day).ok().and_then(|day| Weekday::from_monday_zero_offset(day).ok());
                subscription.day = day.unwrap_or(subscription.day);
            }
            Act::Hour(hour) => subscription.hour = i8::try_from(hour).unwrap_or(subscription.hour),
            Act::Pause(0) => subscription.paused_until = None,
            Act::Pause(weeks) => subscription.paused_until = today.checked_add((7 * i64::from(weeks)).days()).ok(),
            Act::ForgetWeek => subscription.week_zero = None,
            _ => {}
        }
        subscription.next = first_slot(subscription, now);
        form_screen(page, FormText::Status)
    }

    /// Ends the weekly tips and everything that was kept for them. Tells whether there were any.
    pub(in crate::dialogue) fn end_weekly(&mut self) -> bool {
        self.reader.asked = None;
        self.reader.weekly.take().is_some()
    }

    /// A command about the weekly tips, said in words.
    pub(in crate::dialogue) fn wish(&mut self, page: NodeId, wish: Wish) -> Screen {
        match wish {
            Wish::Stop => self.form(page, Act::Stop),
            Wish::Change => self.see(page, FormText::Change),
            Wish::Week => self.see(page, FormText::Consent),
        }
    }

    /// Typed words, if they answer a question of the sign-up. What cannot be an answer is asked again only if it means nothing else.
    pub(in crate::dialogue) fn typed(&mut self, asked: Asked, words: &str, again: bool) -> Option<Screen> {
        let page = self.book.weekly_page()?;
        match asked {
            // A place that the channel could look up came as a place. This one could not.
            Asked::Zone => {
                self.reader.asked = Some(Asked::Zone);
                let labels = self.book.regions().values().flat_map(|region| &region.zones);
                let named = labels.into_iter().find(|(_, label)| label.to_lowercase() == words.to_lowercase());
                match named.map(|(zone, _)| zone.clone()) {
                    Some(zone) => Some(self.in_zone(page, zone)),
                    None => again.then(|| form_screen(page, FormText::ZoneAgain)),
                }
            }
            Asked::Week { tries } if self.asks_weeks() => self.week(page, tries, words, again),
            Asked::Week { .. } => {
                self.reader.asked = None;
                None
            }
            // Not asked by the sign-up.
            Asked::UnitNumber => None,
        }
    }

    fn week(&mut self, page: NodeId, tries: u8, words: &str, again: bool) -> Option<Screen> {
        let now = self.input.at;
        let words_of_the_book = self.book.words();
        let reading = typed::Reading {
            month_named: &|word| words_of_the_book.month_named(word),
            week_words: &words_of_the_book.weekly.week_words,
            month_first: self.book.region(self.reader.region.as_deref()).is_some_and(|region| region.month_first),
            count: self.book.weeks(),
        };
        let Some(subscription) = &mut self.reader.weekly else { return Some(self.weekly(page)) };
        let today = Zoned::new(now, TimeZone::get(&subscription.zone).unwrap_or(TimeZone::UTC)).date();
        if let Some(zero) = typed::week_zero(words, today, &reading) {
            subscription.week_zero = Some(zero);
            self.reader.asked = None;
            return Some(form_screen(page, FormText::Status));
        }
        if !again {
            return None;
        }
        if tries + 1 >= TRIES {
            self.reader.asked = None;
            return Some(form_screen(page, FormText::WeekLeft));
        }
        self.reader.asked = Some(Asked::Week { tries: tries + 1 });
        Some(form_screen(page, FormText::WeekAgain))
    }

    /// A place was sent: its zone is all that is kept of it.
    pub(in crate::dialogue) fn located(&mut self, zone: Option<&str>) -> Option<Screen> {
        let page = self.book.weekly_page()?;
        if self.reader.asked != Some(Asked::Zone) {
            return None;
        }
        match zone {
            Some(zone) => Some(self.in_zone(page, zone.to_owned())),
            None => Some(form_screen(page, FormText::ZoneAgain)),
        }
    }

    /// The weekly tip, or what becomes of it.
    pub(in crate::dialogue) fn tip_due(&mut self, reader: u64, seen: &[String]) -> Vec<Effect> {
        let now = self.input.at;
        let (Some(tips), Some(mut subscription)) = (self.book.tips(), self.reader.weekly.take()) else { return Vec::new() };
        if !tips.fit_weeks() {
            // Nothing is kept that no tip needs any more.
            subscription.week_zero = None;
        }
        match decide(&tips.policy, &subscription, now) {
            Decision::Wait => {}
            Decision::Hold(slot) | Decision::Skip(slot) => subscription.next = slot,
            Decision::Send => {
                let on = subscription.next.on;
                let chosen = choose(tips, &subscription, reader, on, seen);
                let last = is_last(&tips.policy, &subscription, on);
                subscription.last = chosen.map(|_| now).or(subscription.last);
                subscription.paused_until = None;
                subscription.sent = subscription.sent.saturating_add(1);
                subscription.next = next_slot(&tips.policy, &subscription, now);
                let tip = chosen.map(|(id, tip)| (id.to_owned(), tip.from));
                self.reader.weekly = (!last).then_some(subscription);
                return tip.map(|(id, from)| Effect::Send(tip_screen(id, from, last))).into_iter().collect();
            }
        }
        self.reader.weekly = Some(subscription);
        Vec::new()
    }

    /// A tip that a stopped process had begun to send.
    pub(in crate::dialogue) fn tip_begun(&self, tip: &str) -> Vec<Effect> {
        let known = self.book.tips().and_then(|tips| tips.tips.get(tip));
        let last = self.reader.weekly.is_none();
        known.map(|known| Effect::Send(tip_screen(tip.to_owned(), known.from, last))).into_iter().collect()
    }
}

fn form_screen(page: NodeId, text: FormText) -> Screen {
    Screen { view: View::Form(text), ..Screen::of(page) }
}

fn tip_screen(tip: String, from: NodeId, last: bool) -> Screen {
    Screen { view: View::Tip { tip, last, rated: None, told: false }, ..Screen::of(from) }
}

impl Subscription {
    /// A new one; its next slot is still to be worked out.
    pub fn begin(zone: String, day: Weekday, hour: i8) -> Subscription {
        let next = Slot { on: Date::MIN, at: jiff::Timestamp::MIN };
        Subscription { zone, day, hour, week_zero: None, paused_until: None, sent: 0, last: None, next }
    }
}
