//! Two years of ten thousand readers, in virtual time: the bot breaks down and is killed, Telegram refuses, people pause, change their
//! minds, lose what they hoped for, block the bot and come back. After every step the promises of the weekly tips are held up against
//! what arrived. The core decides all of it; what the store does is modelled here, and held to the same by `tests/store_weekly.rs`.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod shipped;

use backcare::dialogue::weekly::{Begun, Decision, Policy, Subscription, decide_begun, first_slot};
use backcare::dialogue::{Book, Effect, Event, Input, Reader, View, step};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

const ZONES: [&str; 30] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "America/Anchorage",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Warsaw",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
];

const LEASE: SignedDuration = SignedDuration::from_secs(30);
const SIX_DAYS: SignedDuration = SignedDuration::from_hours(6 * 24);

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(most)).unwrap()
    }

    fn small(&mut self, most: u8) -> i8 {
        i8::try_from(self.below(most.into())).unwrap()
    }
}

/// What happens to one attempt.
enum Fate {
    Fine,
    KilledBeforeItIsBegun,
    KilledBeforeItIsSent,
    KilledBeforeItIsRecorded,
    Refused,
    Blocked,
}

/// While the bot is down, for everybody.
struct Outages(Vec<(Timestamp, Timestamp)>);

impl Outages {
    fn up_again(&self, now: Timestamp) -> Timestamp {
        self.0.iter().find(|(from, until)| (*from..*until).contains(&now)).map_or(now, |(_, until)| *until)
    }

    /// Hours down between two instants.
    fn hours(&self, from: Timestamp, until: Timestamp) -> i64 {
        let shared = self.0.iter().map(|(down, up)| (*up).min(until).duration_since((*down).max(from)));
        shared.map(|shared| shared.as_hours().max(0)).sum()
    }
}

/// A reader, the rows of the store, and what the promises are held up against.
struct Life {
    book: &'static Book,
    policy: Policy,
    dice: Dice,
    zone: TimeZone,
    reader: Reader,
    /// From sign-up to an end.
    wanted: bool,
    /// Out and recorded, the oldest first.
    seen: Vec<String>,
    begun: Option<Begun>,
    /// Nobody but the reader looks at a begun tip before this.
    leased_until: Timestamp,
    /// What arrived of this subscription, and for which slot.
    arrived: Vec<(Timestamp, jiff::civil::Date)>,
    killed_in_flight: usize,
    came_twice: usize,
    signed_up: Timestamp,
    paused_weeks: i64,
    changes: i64,
}

impl Life {
    fn new(number: usize, begin: Timestamp) -> Life {
        let book = shipped::book();
        let mut life = Life {
            book,
            policy: book.tips().unwrap().policy,
            dice: Dice(number as u64),
            zone: TimeZone::get(ZONES[number % ZONES.len()]).unwrap(),
            reader: Reader::default(),
            wanted: false,
            seen: Vec::new(),
            begun: None,
            leased_until: Timestamp::MIN,
            arrived: Vec::new(),
            killed_in_flight: 0,
            came_twice: 0,
            signed_up: begin,
            paused_weeks: 0,
            changes: 0,
        };
        life.sign_up(begin);
        life
    }

    /// Tips that came, those among them that came twice, and how often somebody signed up anew.
    fn live(mut self, begin: Timestamp, end: Timestamp, outages: &Outages) -> [usize; 3] {
        let (mut came, mut ended) = (0, 0);
        let mut doing = begin + SignedDuration::from_hours(self.dice.below(24 * 90).into());
        loop {
            let due = self.due().map(|due| outages.up_again(due));
            let now = due.map_or(doing, |due| due.min(doing));
            if now >= end {
                return [came, self.came_twice, ended];
            }
            if due == Some(now) {
                let before = self.arrived.len();
                self.look(now);
                came += self.arrived.len() - before;
            } else {
                doing = now + SignedDuration::from_mins((60 + self.dice.below(60 * 24 * 90)).into());
                if self.reader.weekly.is_none() && self.begun.is_none() {
                    ended += 1;
                    self.sign_up(now);
                } else {
                    self.does(now);
                }
            }
            if self.reader.weekly.is_some() {
                self.assert_not_forgotten(outages, now);
            }
        }
    }

    fn sign_up(&mut self, now: Timestamp) {
        let day = Weekday::from_monday_zero_offset(self.dice.small(7)).unwrap();
        let mut weekly = Subscription::begin(self.zone.iana_name().unwrap().to_owned(), day, 8 + self.dice.small(13));
        if self.dice.below(2) == 0 {
            let today = Zoned::new(now, self.zone.clone()).date();
            weekly.week_zero = Some(today - (7 * i64::from(self.dice.below(30))).days());
        }
        weekly.next = first_slot(&weekly, now);
        self.reader.weekly = Some(weekly);
        self.wanted = true;
        (self.signed_up, self.paused_weeks, self.changes) = (now, 0, 0);
        self.arrived.clear();
    }

    /// What the reader does, through `step`; an end takes everything with it, as the store has it.
    fn does(&mut self, now: Timestamp) {
        let say = |words: &str| Event::Said { words: words.to_owned(), message: 0 };
        match self.dice.below(12) {
            0 => self.turn(now, say("i lost my baby")),
            1 => self.turn(now, Event::Blocked),
            2 | 3 => {
                let weeks = [1, 2, 4][usize::try_from(self.dice.below(3)).unwrap()];
                self.paused_weeks += weeks;
                self.change(now, |weekly, today| weekly.paused_until = Some(today + (7 * weeks).days()));
            }
            4 | 5 => {
                let days = self.dice.small(7);
                self.change(now, |weekly, _| weekly.day = weekly.day.wrapping_add(days));
            }
            6 => {
                let hour = 8 + self.dice.small(13);
                self.change(now, |weekly, _| weekly.hour = hour);
            }
            _ => self.turn(now, say("my back hurts")),
        }
        if self.reader.weekly.is_none() {
            (self.wanted, self.begun, self.seen) = (false, None, Vec::new());
        }
    }

    fn change(&mut self, now: Timestamp, change: impl FnOnce(&mut Subscription, jiff::civil::Date)) {
        let today = Zoned::new(now, self.zone.clone()).date();
        let Some(weekly) = &mut self.reader.weekly else { return };
        change(weekly, today);
        weekly.next = first_slot(weekly, now);
        self.changes += 1;
    }

    fn turn(&mut self, now: Timestamp, event: Event) {
        self.reader = step(self.book, self.reader.clone(), &Input { at: now, event }).reader;
    }

    /// When the bot looks at this reader next.
    fn due(&self) -> Option<Timestamp> {
        let next = || self.reader.weekly.as_ref().map(|weekly| weekly.next.at.max(self.leased_until));
        if self.begun.is_some() { Some(self.leased_until) } else { next() }
    }

    /// One look of the bot, as `service::weekly` takes it.
    fn look(&mut self, now: Timestamp) {
        self.leased_until = now + LEASE;
        let fate = match self.dice.below(400) {
            0..8 => Fate::KilledBeforeItIsBegun,
            8..16 => Fate::KilledBeforeItIsSent,
            16..24 => Fate::KilledBeforeItIsRecorded,
            24..60 => Fate::Refused,
            60 => Fate::Blocked,
            _ => Fate::Fine,
        };
        if matches!(fate, Fate::KilledBeforeItIsBegun) {
            return;
        }
        let again = self.begun.is_some();
        if let Some(begun) = &self.begun {
            let paused = self.reader.weekly.as_ref().and_then(|weekly| weekly.paused_until);
            match decide_begun(&self.policy, begun, paused, now) {
                Decision::Send => {}
                Decision::Skip(_) => return self.delivered(None),
                Decision::Hold(_) | Decision::Wait => return,
            }
        } else {
            let Some(weekly) = self.reader.weekly.clone() else { return };
            let event = Event::TipDue { reader: 7, seen: self.seen.clone() };
            let turn = step(self.book, self.reader.clone(), &Input { at: now, event });
            self.reader = turn.reader;
            let sent = turn.effects.into_iter().find_map(|effect| match effect {
                Effect::Send(screen) => match screen.view {
                    View::Tip { tip, .. } => Some(tip),
                    _ => None,
                },
                _ => None,
            });
            let Some(tip) = sent else {
                let next = self.reader.weekly.as_ref().unwrap().next;
                assert!(next != weekly.next, "put off to itself");
                self.leased_until = Timestamp::MIN;
                return;
            };
            self.begun = Some(Begun { on: weekly.next.on, tip, zone: weekly.zone, hour: weekly.hour });
        }
        match fate {
            Fate::KilledBeforeItIsSent | Fate::Refused => {}
            Fate::Blocked => {
                (self.reader.weekly, self.wanted, self.begun, self.seen) = (None, false, None, Vec::new());
            }
            Fate::KilledBeforeItIsRecorded => {
                self.killed_in_flight += 1;
                self.arrives(now);
            }
            _ => {
                self.arrives(now);
                self.delivered(again.then_some(now));
            }
        }
    }

    fn delivered(&mut self, late: Option<Timestamp>) {
        let Some(begun) = self.begun.take() else { return };
        self.leased_until = Timestamp::MIN;
        match &mut self.reader.weekly {
            Some(weekly) => {
                self.seen.push(begun.tip);
                weekly.last = late.or(weekly.last);
            }
            None => self.seen.clear(),
        }
    }

    /// A tip is on the reader's phone.
    fn arrives(&mut self, now: Timestamp) {
        assert!(self.wanted, "after an end");
        let on = self.begun.as_ref().unwrap().on;
        let local = Zoned::new(now, self.zone.clone());
        assert!(!self.policy.is_quiet(local.hour()), "in the night: {local}");
        if let Some((before, day)) = self.arrived.last() {
            if *day == on {
                self.came_twice += 1;
                assert!(self.came_twice <= self.killed_in_flight, "twice, and nobody was killed: {local}");
            } else {
                assert!(on > *day, "an occurrence came again: {on} after {day}");
                assert!(now.duration_since(*before) >= SIX_DAYS, "{before}, then {now}");
            }
        }
        if let Some(until) = self.reader.weekly.as_ref().and_then(|weekly| weekly.paused_until) {
            assert!(local.date() >= until, "in a pause: {local}");
        }
        let due = on.at(self.begun.as_ref().unwrap().hour, 0, 0, 0).to_zoned(self.zone.clone()).unwrap();
        let late = now.duration_since(due.timestamp());
        assert!(late <= SignedDuration::from_hours(self.policy.late_hours.into()), "{late:?} late: {local}");
        self.arrived.push((now, on));
    }

    /// Nobody is forgotten: a tip a week, less what outages, pauses and changes took.
    fn assert_not_forgotten(&self, outages: &Outages, now: Timestamp) {
        let weeks = now.duration_since(self.signed_up).as_hours() / (7 * 24);
        let lost = outages.hours(self.signed_up, now) / 24 + 12 + self.paused_weeks + 2 * self.changes;
        let came = i64::try_from(self.arrived.len()).unwrap();
        assert!(came + lost >= weeks, "{came} tips in {weeks} weeks, {lost} accounted for");
    }
}

fn sum(one: [usize; 3], other: [usize; 3]) -> [usize; 3] {
    std::array::from_fn(|nth| one[nth] + other[nth])
}

#[test]
fn two_years_of_ten_thousand_readers() {
    let begin: Timestamp = "2026-01-05T00:00:00Z".parse().unwrap();
    let end = begin + SignedDuration::from_hours(2 * 365 * 24);
    let mut dice = Dice(7);
    let outages = (0..12).map(|nth| {
        let from = begin + SignedDuration::from_hours(24 * 61 * nth + i64::from(dice.below(48)));
        (from, from + SignedDuration::from_mins(40 + i64::from(dice.below(if nth % 4 == 0 { 600 * 60 } else { 20 * 60 }))))
    });
    let outages = Outages(outages.collect());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let total = std::thread::scope(|scope| {
        let lives = (0..threads).map(|first| {
            let outages = &outages;
            let some = (first..10_000).step_by(threads);
            scope.spawn(move || some.map(|reader| Life::new(reader, begin).live(begin, end, outages)).fold([0; 3], sum))
        });
        let lives: Vec<_> = lives.collect();
        lives.into_iter().map(|lives| lives.join().unwrap()).fold([0; 3], sum)
    });
    let [came, twice, ended] = total;
    // All of it did happen.
    assert!(came > 600_000 && twice > 1000 && ended > 1000, "{came} came, {twice} twice, {ended} ended");
}
