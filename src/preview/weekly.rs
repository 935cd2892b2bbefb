//! A calendar of the weekly tips that a made-up reader would get: the plan, laid out by day.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};
use maud::{Markup, html};
use serde::Deserialize;

use super::edition::Edition;
use crate::author::plan::{Planned, Scene, plan};
use crate::dialogue::MOST_WEEKS;

/// How far ahead is looked, in months, the first one included.
const MONTHS: i32 = 12;

/// Whose calendar it is.
#[derive(Debug, Clone, Deserialize)]
pub struct Whose {
    /// The week on the first day; none for a reader who keeps none.
    pub week: Option<u8>,
    /// An IANA time zone.
    pub zone: String,
    pub from: Date,
}

impl Whose {
    /// Somebody who signs up on this day, in the middle of the way.
    pub fn usual(today: Date) -> Whose {
        Whose { week: Some(16), zone: String::from("Europe/London"), from: today }
    }
}

/// A tip on its day.
struct Arrival<'p> {
    on: Date,
    time: String,
    planned: &'p Planned,
    title: String,
}

pub fn calendar(edition: &Edition, whose: &Whose) -> Markup {
    let book = edition.book(None);
    let until = whose.from.checked_add(MONTHS.months()).unwrap_or(Date::MAX);
    let week = whose.week.map(|week| week.min(MOST_WEEKS));
    let scene = Scene {
        zone: whose.zone.clone(),
        day: None,
        hour: None,
        week,
        from: whose.from,
        until,
        outages: Vec::new(),
        pauses: Vec::new(),
    };
    let Some(plan) = plan(book, &scene) else {
        let why = if book.tips().is_some() { "There is no such time zone." } else { "This book has no weekly tips." };
        return html! { p.nothing { (why) } };
    };
    let title = |tip: &str| {
        let from = book.tips().and_then(|tips| tips.tips.get(tip)).map(|tip| tip.from);
        from.and_then(|from| book.node(from).title.clone()).unwrap_or_else(|| tip.to_owned())
    };
    let arrivals: Vec<Arrival> = plan
        .tips
        .iter()
        .filter_map(|planned| {
            let at: Zoned = planned.local.parse().ok()?;
            Some(Arrival { on: at.date(), time: at.strftime("%H:%M").to_string(), title: title(&planned.tip), planned })
        })
        .collect();
    html! {
        p.sum role="status" {
            @match (arrivals.first(), arrivals.last()) {
                (Some(first), Some(last)) => {
                    (arrivals.len()) " tips in a year: the first on " (day(first.on)) ", the last on " (day(last.on)) ". Press one to read it in the phone."
                },
                _ => "Nothing arrives in this year.",
            }
        }
        div.months { @for month in months(&arrivals) { (sheet(month, &arrivals)) } }
        @if !plan.skipped.is_empty() {
            ul.skipped { @for skipped in &plan.skipped { li { (skipped.on) ": " (skipped.why) } } }
        }
    }
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The first days of the months in which something arrives.
fn months(arrivals: &[Arrival]) -> Vec<Date> {
    let mut months: Vec<Date> = arrivals.iter().map(|arrival| arrival.on.first_of_month()).collect();
    months.dedup();
    months
}

fn sheet(month: Date, arrivals: &[Arrival]) -> Markup {
    let start = month.checked_sub(i64::from(month.weekday().since(Weekday::Monday)).days()).unwrap_or(month);
    let days: Vec<Date> = start.series(1.day()).take(42).collect();
    // These columns get the room.
    let has_tips = |day: Date| {
        arrivals.iter().any(|arrival| arrival.on.weekday() == day.weekday() && arrival.on.first_of_month() == month)
    };
    let weeks = days.chunks(7).filter(|week| week.iter().any(|day| day.month() == month.month()));
    html! {
        table {
            caption { (month.strftime("%B %Y").to_string()) }
            thead { tr { @for day in &days[..7] { th.tips[has_tips(*day)] scope="col" abbr=(day.strftime("%A").to_string()) { (day.strftime("%a").to_string()) } } } }
            tbody {
                @for week in weeks {
                    tr { @for day in week { (square(*day, month, arrivals)) } }
                }
            }
        }
    }
}

fn square(day: Date, month: Date, arrivals: &[Arrival]) -> Markup {
    if day.month() != month.month() {
        return html! { td {} };
    }
    html! {
        td {
            span.day { (day.day()) }
            @for Arrival { time, planned, title, .. } in arrivals.iter().filter(|arrival| arrival.on == day) {
                button.tip type="button" data-tip=(planned.tip) title={ (time) ": " (planned.why) } { (title) }
            }
        }
    }
}
