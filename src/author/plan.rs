//! The reminder time machine: what one made-up reader receives, when, and why. It drives the same `step` as the live bot, over a clock
//! that only moves when something is due.

use std::fmt::{self, Write as _};

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Serialize;

use crate::dialogue::weekly::{Subscription, Tips, first_slot, week_on};
use crate::dialogue::{Book, Effect, Event, Input, Reader, View, step};

/// A reader, and what happens to them and to the bot.
#[derive(Debug, Clone)]
pub struct Scene {
    pub zone: String,
    pub day: Option<Weekday>,
    pub hour: Option<i8>,
    /// The reader's week on the first day; `None` for a reader who keeps none.
    pub week: Option<u8>,
    pub from: Date,
    pub until: Date,
    /// While the bot is down.
    pub outages: Vec<(Timestamp, Timestamp)>,
    /// While the reader pauses: first and last day.
    pub pauses: Vec<(Date, Date)>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub tips: Vec<Planned>,
    pub skipped: Vec<Skipped>,
}

/// A tip that arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    pub tip: String,
    /// With the offset and the zone, as RFC 9557 writes it.
    pub local: String,
    /// As RFC 3339 writes it.
    pub utc: String,
    pub why: String,
}

/// An occurrence without a tip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The local day it belonged to.
    pub on: String,
    pub why: String,
}

/// A number for the choice among equals; one reader is as good as another here.
const READER: u64 = 1;

/// Plays the scene. `None` if the book has no weekly tips or the zone is not known.
pub fn plan(book: &Book, scene: &Scene) -> Option<Plan> {
    let tips = book.tips()?;
    let zone = TimeZone::get(&scene.zone).ok()?;
    let begin = scene.from.to_zoned(zone.clone()).ok()?.timestamp();
    let end = scene.until.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
    let (day, hour) = (scene.day.unwrap_or(tips.policy.day), scene.hour.unwrap_or(tips.policy.hour));
    let mut subscription = Subscription::begin(scene.zone.clone(), day, hour);
    subscription.week_zero = scene.week.and_then(|week| scene.from.checked_sub(jiff::Span::new().weeks(week)).ok());
    // A breath before the first day, so that a tip at midnight belongs to it.
    subscription.next = first_slot(&subscription, begin - jiff::SignedDuration::from_secs(1));
    let mut player = Player { book, scene, zone, plan: Plan::default(), seen: Vec::new() };
    let mut reader = Reader { weekly: Some(subscription), ..Reader::default() };
    let mut now = begin;
    while let Some(weekly) = reader.weekly.clone() {
        now = player.up_again(now.max(weekly.next.at));
        if now >= end || weekly.next.at >= end {
            break;
        }
        reader = player.turn(reader, &weekly, now);
    }
    Some(player.plan)
}

struct Player<'a> {
    book: &'a Book,
    scene: &'a Scene,
    zone: TimeZone,
    plan: Plan,
    seen: Vec<String>,
}

impl Player<'_> {
    /// When the bot can act: at once, or after the outage it is in.
    fn up_again(&self, now: Timestamp) -> Timestamp {
        let down = self.scene.outages.iter().find(|(from, to)| (*from..*to).contains(&now));
        down.map_or(now, |(_, to)| *to)
    }

    fn turn(&mut self, mut reader: Reader, weekly: &Subscription, now: Timestamp) -> Reader {
        let local = Zoned::new(now, self.zone.clone());
        let paused = self.scene.pauses.iter().find(|(first, last)| (*first..=*last).contains(&local.date()));
        if let (Some((_, last)), Some(weekly)) = (paused, &mut reader.weekly) {
            weekly.paused_until = last.tomorrow().ok();
        }
        let event = Event::TipDue { reader: READER, seen: self.seen.clone() };
        let turn = step(self.book, reader, &Input { at: now, event });
        let sent = turn.effects.iter().find_map(|effect| match effect {
            Effect::Send(screen) => match &screen.view {
                View::Tip { tip, last, .. } => Some((tip.clone(), *last)),
                _ => None,
            },
            _ => None,
        });
        let on = weekly.next.on;
        match sent {
            Some((tip, last)) => {
                let why = self.why(&tip, last, weekly, &local);
                self.plan.tips.push(Planned { tip: tip.clone(), local: local.to_string(), utc: now.to_string(), why });
                self.seen.push(tip);
            }
            // The same occurrence later is none missed: why it was held is told when it arrives.
            None if turn.reader.weekly.as_ref().is_some_and(|after| after.next.on == on) => {}
            None => {
                let why = match paused {
                    Some((_, last)) => format!("paused until {last}"),
                    None => format!("looked at {local}, more than the book's hours late"),
                };
                self.plan.skipped.push(Skipped { on: on.to_string(), why });
            }
        }
        turn.reader
    }

    fn why(&self, tip: &str, last: bool, weekly: &Subscription, local: &Zoned) -> String {
        let tips = self.book.tips();
        let weeks = tips.and_then(|tips| tips.tips.get(tip)).and_then(|tip| tip.weeks);
        let mut why = match (weeks, week_on(weekly, weekly.next.on)) {
            _ if !tips.is_some_and(Tips::fit_weeks) => String::from("fits everybody"),
            (Some(_), Some(week)) => format!("fits week {week}"),
            (None, Some(week)) => format!("fits any week, such as week {week}"),
            _ => String::from("fits any week; none is kept"),
        };
        let times = self.seen.iter().filter(|seen| *seen == tip).count();
        why.push_str(if times == 0 { "; not seen before" } else { "; all that fit were seen, this one longest ago" });
        if local.date() != weekly.next.on || local.hour() != weekly.hour {
            // Writing to a String cannot fail.
            let _ = write!(why, "; due {} at {}:00, sent when it could be", weekly.next.on, weekly.hour);
        }
        if last {
            why.push_str("; the last one");
        }
        why
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tip in &self.tips {
            writeln!(f, "{}  {}  {}: {}", tip.local, tip.utc, tip.tip, tip.why)?;
        }
        for skipped in &self.skipped {
            writeln!(f, "{}  no tip: {}", skipped.on, skipped.why)?;
        }
        writeln!(f, "{} tips, {} skipped", self.tips.len(), self.skipped.len())
    }
}
