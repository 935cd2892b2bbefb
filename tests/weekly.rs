//! When a weekly tip comes and which one: a table worked out by hand, and what the plan tells.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use backcare::author::plan::{Scene, plan};
use backcare::dialogue::weekly::{
    Begun, Decision, Policy, Slot, Subscription, Tip, choose, decide, decide_begun, first_slot, next_slot,
};
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

mod shipped;

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn signed_up(zone: &str, day: Weekday, hour: i8, now: Timestamp) -> Subscription {
    let mut subscription = Subscription::begin(zone.to_owned(), day, hour);
    subscription.next = first_slot(&subscription, now);
    subscription
}

/// What a reader who signed up at `now` gets, in UTC.
fn slots(zone: &str, day: Weekday, hour: i8, now: &str, count: usize) -> Vec<String> {
    let mut subscription = signed_up(zone, day, hour, at(now));
    let mut times = Vec::new();
    for _ in 0..count {
        let now = subscription.next.at;
        times.push(now.to_string());
        assert_eq!(
            decide(&Policy { late_hours: 12, quiet_from: 24, quiet_to: 0, ..Policy::default() }, &subscription, now),
            Decision::Send
        );
        subscription.last = Some(now);
        subscription.next = next_slot(&Policy::default(), &subscription, now);
    }
    times
}

/// Zone, day and hour, sign-up, and the first three times in UTC, worked out from the zones' published rules.
#[test]
fn local_time_through_both_changes() {
    use Weekday::{Friday, Monday, Sunday};
    let table: &[(&str, Weekday, i8, &str, [&str; 3])] = &[
        // Summer time ends on 25 October 2026: 9 am is 8:00 UTC before and 9:00 after.
        (
            "Europe/London",
            Monday,
            9,
            "2026-10-15T00:00:00Z",
            ["2026-10-19T08:00:00Z", "2026-10-26T09:00:00Z", "2026-11-02T09:00:00Z"],
        ),
        // It begins on 28 March 2027, when 1:00 becomes 2:00: the gap moves 1 am to 2 am local, which is 1:00 UTC.
        (
            "Europe/London",
            Sunday,
            1,
            "2027-03-20T00:00:00Z",
            ["2027-03-21T01:00:00Z", "2027-03-28T01:00:00Z", "2027-04-04T00:00:00Z"],
        ),
        // 1 am comes twice on 25 October 2026; the first counts, and only it.
        (
            "Europe/London",
            Sunday,
            1,
            "2026-10-12T00:00:00Z",
            ["2026-10-18T00:00:00Z", "2026-10-25T00:00:00Z", "2026-11-01T01:00:00Z"],
        ),
        // New York: summer time ends on 1 November 2026.
        (
            "America/New_York",
            Monday,
            9,
            "2026-10-20T00:00:00Z",
            ["2026-10-26T13:00:00Z", "2026-11-02T14:00:00Z", "2026-11-09T14:00:00Z"],
        ),
        // Lord Howe Island changes by half an hour: UTC+10:30, and +11 from 4 October 2026.
        (
            "Australia/Lord_Howe",
            Monday,
            9,
            "2026-09-25T00:00:00Z",
            ["2026-09-27T22:30:00Z", "2026-10-04T22:00:00Z", "2026-10-11T22:00:00Z"],
        ),
        // Kathmandu and Chatham are off by quarters of an hour.
        (
            "Asia/Kathmandu",
            Monday,
            9,
            "2026-11-23T12:00:00Z",
            ["2026-11-30T03:15:00Z", "2026-12-07T03:15:00Z", "2026-12-14T03:15:00Z"],
        ),
        (
            "Pacific/Chatham",
            Monday,
            9,
            "2026-11-23T12:00:00Z",
            ["2026-11-29T19:15:00Z", "2026-12-06T19:15:00Z", "2026-12-13T19:15:00Z"],
        ),
        // Apia left out 30 December 2011: that Friday did not exist, and the slot lies after the gap.
        (
            "Pacific/Apia",
            Friday,
            9,
            "2011-12-20T00:00:00Z",
            ["2011-12-23T19:00:00Z", "2011-12-30T19:00:00Z", "2012-01-05T19:00:00Z"],
        ),
        // 29 February 2028 is a Tuesday like any other.
        (
            "UTC",
            Weekday::Tuesday,
            9,
            "2028-02-20T00:00:00Z",
            ["2028-02-22T09:00:00Z", "2028-02-29T09:00:00Z", "2028-03-07T09:00:00Z"],
        ),
    ];
    for (zone, day, hour, now, expected) in table {
        assert_eq!(slots(zone, *day, *hour, now, 3), expected, "{zone}, {day:?} at {hour}, from {now}");
    }
}

/// Casablanca goes back an hour for Ramadan: 9 am is 8:00 UTC at +1, and 9:00 UTC at +0 (8 February to 14 March 2027).
#[test]
fn casablanca_in_ramadan() {
    let times = slots("Africa/Casablanca", Weekday::Monday, 9, "2027-02-01T00:00:00Z", 8);
    let hours: Vec<&str> = times.iter().map(|time| &time[5..13]).collect();
    assert_eq!(hours, ["02-01T08", "02-08T09", "02-15T09", "02-22T09", "03-01T09", "03-08T09", "03-15T08", "03-22T08"]);
}

#[test]
fn late_within_hours_held_till_morning_and_skipped_after() {
    let policy = Policy::default();
    let zone = "Europe/London";
    let evening = signed_up(zone, Weekday::Monday, 20, at("2026-11-23T12:00:00Z"));
    assert_eq!(evening.next.at, at("2026-11-23T20:00:00Z"));
    assert_eq!(decide(&policy, &evening, at("2026-11-23T19:59:59Z")), Decision::Wait);
    assert_eq!(decide(&policy, &evening, at("2026-11-23T20:30:00Z")), Decision::Send);
    // At 9 pm it is quiet: the same occurrence waits until 8 am.
    let held = Slot { on: Date::constant(2026, 11, 23), at: at("2026-11-24T08:00:00Z") };
    assert_eq!(decide(&policy, &evening, at("2026-11-23T21:00:00Z")), Decision::Hold(held));
    let waiting = Subscription { next: held, ..evening.clone() };
    assert_eq!(decide(&policy, &waiting, at("2026-11-24T08:00:00Z")), Decision::Send);
    // More than 12 hours late, it is passed over.
    let Decision::Skip(next) = decide(&policy, &waiting, at("2026-11-24T08:00:01Z")) else { panic!("too late is too late") };
    assert_eq!(next.at, at("2026-11-30T20:00:00Z"));
}

/// A zone changed its rules after the slot was worked out: the local hour counts, not the old instant.
#[test]
fn a_zone_that_changed_its_rules_keeps_the_local_hour() {
    let mut subscription = signed_up("Europe/London", Weekday::Monday, 9, at("2026-11-23T12:00:00Z"));
    subscription.next.at = at("2026-11-30T08:00:00Z");
    let due = Slot { on: Date::constant(2026, 11, 30), at: at("2026-11-30T09:00:00Z") };
    assert_eq!(decide(&Policy::default(), &subscription, at("2026-11-30T08:00:00Z")), Decision::Hold(due));
}

#[test]
fn after_an_outage_the_newest_comes_and_no_backlog() {
    let policy = Policy::default();
    let mut subscription = signed_up("Europe/London", Weekday::Monday, 9, at("2026-11-23T12:00:00Z"));
    // Three weeks later, an hour after the third tip was due.
    let back = at("2026-12-14T10:00:00Z");
    let Decision::Skip(newest) = decide(&policy, &subscription, back) else { panic!("the first is three weeks late") };
    assert_eq!(newest, Slot { on: Date::constant(2026, 12, 14), at: at("2026-12-14T09:00:00Z") });
    subscription.next = newest;
    assert_eq!(decide(&policy, &subscription, back), Decision::Send);
}

#[test]
fn two_tips_are_never_nearer_than_six_days() {
    let mut subscription = signed_up("Europe/London", Weekday::Monday, 9, at("2026-11-23T12:00:00Z"));
    subscription.last = Some(at("2026-11-30T09:00:00Z"));
    subscription.day = Weekday::Wednesday;
    assert_eq!(first_slot(&subscription, at("2026-11-30T10:00:00Z")).on, Date::constant(2026, 12, 9));
}

/// A tip that went out late after a refusal, and then the day was changed: the six days count from when it went out.
#[test]
fn six_days_count_from_when_a_tip_went_out() {
    let policy = Policy::default();
    let mut subscription = signed_up("Europe/London", Weekday::Sunday, 9, at("2026-12-01T12:00:00Z"));
    assert_eq!(subscription.next.on, Date::constant(2026, 12, 6));
    subscription.last = Some(at("2026-11-30T20:00:00Z"));
    let Decision::Skip(next) = decide(&policy, &subscription, at("2026-12-06T09:00:00Z")) else { panic!("sent too soon") };
    assert_eq!(next.on, Date::constant(2026, 12, 13));
}

/// What was begun keeps to the book's hours as well, by the clock it was due by.
#[test]
fn what_was_begun_waits_for_the_morning_and_is_given_up_when_it_is_late() {
    let begun = Begun { on: Date::constant(2026, 11, 30), tip: "any".into(), zone: "Pacific/Apia".into(), hour: 20 };
    let look = |paused: Option<Date>, now: &str| decide_begun(&Policy::default(), &begun, paused, at(now));
    // Apia is at UTC+13: 20:00 on 30 November is 07:00 UTC.
    assert_eq!(look(None, "2026-11-30T07:00:30Z"), Decision::Send);
    assert!(matches!(look(None, "2026-11-30T08:00:00Z"), Decision::Hold(_)), "nine in the evening");
    assert_eq!(look(None, "2026-11-30T19:00:00Z"), Decision::Send, "eight in the morning");
    assert!(matches!(look(None, "2026-11-30T19:01:00Z"), Decision::Skip(_)), "more than twelve hours late");
    assert!(matches!(look(Some(Date::constant(2026, 12, 7)), "2026-11-30T07:00:30Z"), Decision::Skip(_)), "paused meanwhile");
}

/// None comes again before all that fit were seen, and an edit of the book neither repeats nor loses anybody's place.
#[test]
fn every_tip_that_fits_is_seen_before_one_comes_again() {
    let tips = shipped::book().tips().unwrap();
    for (reader, week) in [(1u64, None), (2, Some(8i64)), (3, Some(20)), (4, Some(30))] {
        let start = Date::constant(2026, 11, 23);
        let mut subscription = signed_up("Europe/London", Weekday::Monday, 9, at("2026-11-22T12:00:00Z"));
        subscription.week_zero = week.map(|week| start - SignedDuration::from_hours(24 * 7 * week));
        let mut seen: Vec<String> = Vec::new();
        for nth in 0..60 {
            // The same week over and over: what fits does not change.
            let (id, tip) = choose(tips, &subscription, reader, start, &seen).unwrap();
            if let (Some(weeks), Some(week)) = (tip.weeks, week) {
                assert!(weeks.includes(week as u8), "{id} in week {week}");
            }
            assert!(tip.weeks.is_none() || week.is_some(), "{id} needs a week");
            let fitting = tips.tips.values().filter(|tip| match (tip.weeks, week) {
                (None, _) => true,
                (Some(weeks), Some(week)) => weeks.includes(week as u8),
                (Some(_), None) => false,
            });
            let fitting = fitting.count();
            if nth < fitting {
                assert!(!seen.contains(&id.to_owned()), "{id} came again after {nth} of {fitting}");
            }
            seen.push(id.to_owned());
        }
        // A tip that is new in the book comes next, though all others were seen.
        let mut edited = tips.clone();
        let (_, copy) = edited.tips.first().unwrap();
        let copy = Tip { weeks: None, ..copy.clone() };
        edited.tips.insert("brand-new".to_owned(), copy);
        assert_eq!(choose(&edited, &subscription, reader, start, &seen).unwrap().0, "brand-new");
        // One that vanished takes nothing with it.
        edited.tips.shift_remove("brand-new");
        edited.tips.shift_remove(seen[0].as_str());
        assert!(choose(&edited, &subscription, reader, start, &seen).is_some());
    }
}

/// The week after the last says so once, and then there is silence.
#[test]
fn week_41_is_the_last() {
    let book = shipped::book();
    let scene = |week| Scene {
        zone: "Europe/London".to_owned(),
        day: None,
        hour: None,
        week,
        from: Date::constant(2026, 11, 23),
        until: Date::constant(2028, 11, 23),
        outages: Vec::new(),
        pauses: Vec::new(),
    };
    let with_week = plan(book, &scene(Some(39))).unwrap();
    assert_eq!(with_week.tips.len(), 3);
    assert!(with_week.tips[2].why.ends_with("the last one"), "{}", with_week.tips[2].why);
    assert!(with_week.tips[2].why.contains("41"), "{}", with_week.tips[2].why);
    let without = plan(book, &scene(None)).unwrap();
    assert_eq!(without.tips.len(), 40);
    assert!(without.tips[39].why.ends_with("the last one"));
}

#[test]
fn a_plan_tells_why() {
    let book = shipped::book();
    let scene = Scene {
        zone: "Europe/London".to_owned(),
        day: Some(Weekday::Monday),
        hour: Some(9),
        week: Some(20),
        from: Date::constant(2026, 11, 23),
        until: Date::constant(2027, 1, 31),
        outages: vec![
            (at("2026-12-06T00:00:00Z"), at("2026-12-07T15:00:00Z")),
            (at("2027-01-03T00:00:00Z"), at("2027-01-06T00:00:00Z")),
        ],
        pauses: vec![(Date::constant(2026, 12, 14), Date::constant(2026, 12, 27))],
    };
    let plan = plan(book, &scene).unwrap();
    let local: Vec<&str> = plan.tips.iter().map(|tip| &tip.local[..16]).collect();
    // Held up by an outage on 7 December, paused for two weeks, too late on 4 January.
    let expected = [
        "2026-11-23T09:00",
        "2026-11-30T09:00",
        "2026-12-07T15:00",
        "2026-12-28T09:00",
        "2027-01-11T09:00",
        "2027-01-18T09:00",
        "2027-01-25T09:00",
    ];
    assert_eq!(local, expected);
    assert!(plan.tips[2].why.contains("due 2026-12-07 at 9:00"), "{}", plan.tips[2].why);
    let skipped: Vec<&str> = plan.skipped.iter().map(|skipped| skipped.on.as_str()).collect();
    assert_eq!(skipped, ["2026-12-14", "2027-01-04"]);
}
