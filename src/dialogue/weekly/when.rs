//! When the next tip comes: local time through gaps and doubled hours, late and quiet hours, never two within six days.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::{Begun, Policy, Slot, Subscription};

/// Two tips are never nearer than this.
const APART: SignedDuration = SignedDuration::from_hours(6 * 24);

/// What to do with a tip that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Not due yet; look again at its time.
    Wait,
    Send,
    /// It is a quiet hour: the same occurrence, in the morning.
    Hold(Slot),
    /// Too late, or paused: this occurrence is passed over.
    Skip(Slot),
}

/// The zone of a name; a name that today's rules no longer know counts as UTC, so that nobody is forgotten.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// `hour` on `day` in a zone. A gap moves forward, of a doubled hour the first counts.
fn at(day: Date, hour: i8, zone: &TimeZone) -> Option<Timestamp> {
    let local = day.at(hour.clamp(0, 23), 0, 0, 0);
    zone.to_ambiguous_zoned(local).compatible().ok().map(|zoned| zoned.timestamp())
}

/// The first occurrence of a new sign-up, or after a change of day, hour, zone or pause: later than `now`, not before a pause ends,
/// and not within six days of the last tip.
pub fn first_slot(subscription: &Subscription, now: Timestamp) -> Slot {
    let zone = zone(&subscription.zone);
    let rested = subscription.last.map_or(now, |last| last.saturating_add(APART).map_or(now, |rested| rested.max(now)));
    let mut from = Zoned::new(rested, zone.clone()).date();
    if let Some(until) = subscription.paused_until {
        from = from.max(until);
    }
    slot_from(from, subscription.day, subscription.hour, &zone, rested)
}

/// The occurrence after one that was sent or skipped: after an outage the newest that may still be sent, never those before it.
pub fn next_slot(policy: &Policy, subscription: &Subscription, now: Timestamp) -> Slot {
    let zone = zone(&subscription.zone);
    let day_after = subscription.next.on.tomorrow().unwrap_or(subscription.next.on);
    let earliest = now.checked_sub(late(policy)).unwrap_or(now);
    let from = Zoned::new(earliest, zone.clone()).date();
    let slot = slot_from(day_after.max(from), subscription.day, subscription.hour, &zone, earliest);
    match subscription.last.map(|last| last.saturating_add(APART)) {
        Some(Ok(rested)) if rested > slot.at => first_slot(subscription, now),
        _ => slot,
    }
}

/// The first such weekday on or after `from` whose time is not before `earliest`.
fn slot_from(from: Date, day: Weekday, hour: i8, zone: &TimeZone, earliest: Timestamp) -> Slot {
    let ahead = i64::from(from.weekday().until(day));
    // Two weeks ahead a slot is found for sure: one week for the weekday, one for a time of today that has passed.
    for weeks in 0..3 {
        let Ok(on) = from.checked_add((ahead + 7 * weeks).days()) else { break };
        if let Some(at) = at(on, hour, zone).filter(|at| *at > earliest) {
            return Slot { on, at };
        }
    }
    // The end of the calendar: never due again.
    Slot { on: Date::MAX, at: Timestamp::MAX }
}

/// What becomes of a subscription whose next occurrence is looked at now.
pub fn decide(policy: &Policy, subscription: &Subscription, now: Timestamp) -> Decision {
    let slot = subscription.next;
    if now < slot.at {
        return Decision::Wait;
    }
    let zone = zone(&subscription.zone);
    let skip = || Decision::Skip(next_slot(policy, subscription, now));
    let Some(due) = at(slot.on, subscription.hour, &zone) else { return skip() };
    // The zone's rules may have changed since the instant was worked out: the local hour is what was asked for.
    if now < due {
        return Decision::Hold(Slot { on: slot.on, at: due });
    }
    let here = Zoned::new(now, zone.clone());
    if subscription.paused_until.is_some_and(|until| here.date() < until) {
        return Decision::Skip(first_slot(subscription, now));
    }
    if subscription.last.is_some_and(|last| now.duration_since(last) < APART) {
        return Decision::Skip(first_slot(subscription, now));
    }
    if now.duration_since(due) > late(policy) {
        return skip();
    }
    if !policy.is_quiet(here.hour()) {
        return Decision::Send;
    }
    let morning = if here.hour() < policy.quiet_to { Ok(here.date()) } else { here.date().tomorrow() };
    let held = morning.ok().and_then(|day| self::at(day, policy.quiet_to, &zone)).filter(|held| *held > now);
    match held {
        Some(at) if at.duration_since(due) <= late(policy) => Decision::Hold(Slot { on: slot.on, at }),
        _ => skip(),
    }
}

/// What becomes of a tip that was begun: the book's hours hold for it as well, by the clock that it was due by. Held, it is looked at
/// again; skipped, it is given up.
pub fn decide_begun(policy: &Policy, begun: &Begun, paused_until: Option<Date>, now: Timestamp) -> Decision {
    let as_due = Subscription::begin(begun.zone.clone(), begun.on.weekday(), begun.hour);
    decide(policy, &Subscription { next: Slot { on: begun.on, at: now }, paused_until, ..as_due }, now)
}

fn late(policy: &Policy) -> SignedDuration {
    SignedDuration::from_hours(i64::from(policy.late_hours))
}

impl Policy {
    pub fn is_quiet(&self, hour: i8) -> bool {
        if self.quiet_from <= self.quiet_to {
            (self.quiet_from..self.quiet_to).contains(&hour)
        } else {
            hour >= self.quiet_from || hour < self.quiet_to
        }
    }
}
