//! The page at `/`: how the bot fares, for people. No script, nothing from elsewhere. It stands still while it
//! is read, unless whoever reads it wants it anew every minute.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{DOCTYPE, Markup, html};

use super::look::{BookLook, Look, name_of};
use super::plot;
use crate::dialogue::{Level, Unreviewed};
use crate::store::Counts;

pub const STYLE: &str = include_str!("style.css");

/// So many tips are listed, and so many rated pages.
const TIPS: usize = 10;
const NOBODY: &str = "Nobody is remembered yet.";

/// The whole page; `is_live`: it comes anew every minute.
pub fn page(look: &Look, is_live: bool) -> String {
    let is_ready = look.not_ready.is_empty();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if is_live { meta http-equiv="refresh" content="60"; }
                title { (if is_ready { "" } else { "Not ready: " }) (look.book.title) }
                link rel="stylesheet" href="style.css";
            }
            body {
                (top(look, is_ready))
                main {
                    @if !is_ready {
                        ul.trouble.wide { @for line in &look.not_ready { li { (line) } } }
                    }
                    (tiles(look))
                    (messages(look))
                    (subscribers(look))
                    (pages(look))
                    (advice(look))
                    @if let Some(counts) = &look.counts {
                        (ratings(counts))
                        (tips(counts))
                        (readers("What was missing", &counts.missing(), &look.book.missing, "Nobody has said yet."))
                        (readers("Where readers are", &counts.readers_by_region, &look.book.regions, NOBODY))
                        (readers("Languages that readers chose", &counts.readers_by_language, &look.book.languages, NOBODY))
                    }
                    (book(&look.book))
                }
                footer {
                    "As of " (clock(look.now)) " UTC. Plots and counts begin at each start; what the store holds is up to five minutes old. "
                    @if is_live { a href="./" { "Stand still" } } @else { a href="?live" { "Look again every minute" } }
                    " · " a href="metrics" { "Metrics" } " · " a href="health/ready" { "Ready?" }
                }
            }
        }
    };
    page.into_string()
}

fn top(look: &Look, is_ready: bool) -> Markup {
    html! {
        header {
            div {
                h1 { (look.book.title) }
                p { "Version " (look.version) ", up for " (span(look.now.duration_since(look.since))) }
            }
            p.state.ready[is_ready] { (if is_ready { "Ready" } else { "Not ready" }) }
        }
    }
}

fn tiles(look: &Look) -> Markup {
    let hour: u64 = look.messages.iter().rev().take(60).map(|minute| u64::from(*minute)).sum();
    let counts = look.counts.as_deref();
    let held = |of: fn(&Counts) -> u64| counts.map_or_else(|| String::from("–"), |counts| grouped(of(counts)));
    html! {
        section.tiles {
            (tile(&held(|counts| counts.subscribers), "get weekly tips"))
            (tile(&grouped(hour), "messages in the last hour"))
            (tile(&grouped(look.tips_out), "tips sent since the start"))
            (tile(&held(|counts| counts.due), "tips due"))
            (tile(&grouped(u64::try_from(look.in_hand).unwrap_or(0)), "in hand now"))
            (tile(&held(|counts| counts.readers), "readers remembered"))
        }
    }
}

fn tile(number: &str, what: &str) -> Markup {
    html! { div.tile { b { (number) } span { (what) } } }
}

fn messages(look: &Look) -> Markup {
    let begun = look.messages.len();
    let line = plot::line(&look.messages, "Messages a minute");
    let note = if line.each > 1 {
        format!("each point the mean of {} minutes", line.each)
    } else {
        String::from("each point a minute")
    };
    let ago = |minutes: usize| {
        let minutes = i64::try_from(minutes).unwrap_or(0);
        clock(look.now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(look.now))
    };
    let marks = [ago(begun), ago(begun / 2), String::from("now")];
    html! {
        section.wide {
            h2 { "Messages a minute" }
            @if begun == 0 {
                p.none { "The first minute is not over yet." }
            } @else {
                (graph(&line, &marks))
                p.note { (grouped(look.answered)) " since the start; " (note) ", times in UTC." }
            }
        }
    }
}

fn subscribers(look: &Look) -> Markup {
    let hours = look.subscribers.len().saturating_sub(1);
    let line = plot::line(&look.subscribers, "Readers with weekly tips");
    let ago = |hours: usize| match (hours / 24, hours) {
        (0, 0) => String::from("now"),
        (0, 1) => String::from("an hour ago"),
        (0, hours) => format!("{hours} h ago"),
        (1, _) => String::from("a day ago"),
        (days, _) => format!("{days} days ago"),
    };
    html! {
        section.wide {
            h2 { "Readers with weekly tips" }
            @if look.subscribers.is_empty() {
                p.none { "The store has not answered yet." }
            } @else if hours == 0 {
                p.none { (grouped(u64::from(look.subscribers[0]))) " now. The line begins with the first full hour." }
            } @else {
                (graph(&line, &[ago(hours), ago(hours / 2), String::from("now")]))
            }
        }
    }
}

fn graph(line: &plot::Line, marks: &[String; 3]) -> Markup {
    html! {
        div.graph {
            div.scale { span { (grouped(u64::from(line.top))) } span { (grouped(u64::from(line.top / 2))) } span { "0" } }
            (line.drawing)
            div.marks { @for mark in marks { span { (mark) } } }
        }
    }
}

fn pages(look: &Look) -> Markup {
    let most = look.pages.first().map_or(1, |(_, count)| *count);
    html! {
        section {
            h2 { "Most shown pages" }
            @if look.pages.is_empty() { p.none { "None since the start." } }
            div.bars {
                @for (title, count) in &look.pages {
                    span { (title) }
                    (plot::parts(&[("accent", *count)], most))
                    b { (grouped(*count)) }
                }
            }
        }
    }
}

fn advice(look: &Look) -> Markup {
    let whole: u64 = look.advice.iter().sum();
    let levels: Vec<(Level, u64)> = Level::ALL.into_iter().zip(look.advice).rev().collect();
    let parts: Vec<(&str, u64)> = levels.iter().map(|(level, count)| (level.name(), *count)).collect();
    html! {
        section {
            h2 { "Urgency of advice shown" }
            @if whole == 0 { p.none { "None since the start." } } @else {
                div.stack { (plot::parts(&parts, whole)) }
            }
            div.legend {
                @for (level, count) in levels {
                    (plot::parts(&[(level.name(), 1)], 1))
                    span { (urgency(level)) }
                    b { (grouped(count)) }
                    span.share { (share(count, whole)) }
                }
            }
        }
    }
}

fn urgency(level: Level) -> &'static str {
    match level {
        Level::Emergency => "Emergency",
        Level::Now => "Now",
        Level::Today => "Today",
        Level::Soon => "Soon",
        Level::SelfCare => "Self-care",
    }
}

/// Pages with their average; what is good is 4 and 5, a yes among it, what is less is 1 and 2.
fn ratings(counts: &Counts) -> Markup {
    let mut pages: Vec<_> = counts.ratings.iter().collect();
    pages.sort_by_key(|(_, page)| std::cmp::Reverse(page.count()));
    let most = pages.first().map_or(1, |(_, page)| page.count());
    html! {
        section {
            h2 { "What readers think of pages" }
            @if pages.is_empty() { p.none { "Nobody has said yet." } }
            div.bars {
                @for (id, page) in pages.iter().take(TIPS) {
                    @let [one, two, middle, four, five] = page.values;
                    span { (id) }
                    (plot::parts(&[("accent", four + five), ("middle", middle), ("less", one + two)], most))
                    b { (page.average()) " of " (grouped(page.count())) }
                }
            }
            @if !pages.is_empty() { p.note { "The average from 1 to 5, and how many said so; a yes is 5, a no is 1." } }
        }
    }
}

fn tips(counts: &Counts) -> Markup {
    let rated = |helpful: u64, not_helpful: u64| helpful + not_helpful;
    let mut tips: Vec<_> = counts.tips.iter().filter(|(_, tip)| rated(tip.helpful, tip.not_helpful) > 0).collect();
    tips.sort_by_key(|(_, tip)| std::cmp::Reverse(rated(tip.helpful, tip.not_helpful)));
    let most = tips.first().map_or(1, |(_, tip)| rated(tip.helpful, tip.not_helpful));
    html! {
        section {
            h2 { "What readers think of tips" }
            @if tips.is_empty() { p.none { "Nobody has said yet." } }
            div.bars {
                @for (id, tip) in tips.iter().take(TIPS) {
                    span { (id) }
                    (plot::parts(&[("accent", tip.helpful), ("less", tip.not_helpful)], most))
                    b { (grouped(tip.helpful)) " : " (grouped(tip.not_helpful)) }
                }
            }
            @if !tips.is_empty() { p.note { "Helpful to not helpful, by tip; of readers who still have tips." } }
        }
    }
}

/// How many readers there are for each id, under its name.
fn readers(head: &str, counts: &BTreeMap<String, u64>, names: &[(String, String)], none: &str) -> Markup {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let most = counts.first().map_or(1, |(_, count)| **count);
    html! {
        section {
            h2 { (head) }
            @if counts.is_empty() { p.none { (none) } }
            div.bars {
                @for (id, count) in counts {
                    span { (name_of(names, id)) }
                    (plot::parts(&[("accent", *count)], most))
                    b { (grouped(*count)) }
                }
            }
        }
    }
}

fn book(book: &BookLook) -> Markup {
    let Unreviewed { pages: left, of } = book.unreviewed;
    let checked = left == 0;
    html! {
        section.wide {
            h2 { "The book" }
            dl {
                dt { "Runs" } dd { (book.id) ", " (book.pages) " pages, read " (day_and_clock(book.read)) " UTC" }
                dt { "Clinically reviewed" }
                dd.bad[!checked] {
                    @if checked { "all of it" } @else {
                        "no: nobody has checked " (left) " of " (of) " pages. Don't offer it to the public yet."
                    }
                }
                dt { "Reviews that are due" }
                dd { @if book.reviews_due.is_empty() { "none" } @else {
                    ul { @for (title, due) in &book.reviews_due { li { (title) ", since " (due) } } }
                } }
                dt { "Regions to check" }
                dd { @if book.checks_due.is_empty() { "none: all were checked within a year" } @else {
                    ul { @for (name, checked) in &book.checks_due {
                        li { (name) @if let Some(checked) = checked { ", last on " (checked) } @else { ", never checked" } }
                    } }
                } }
            }
        }
    }
}

/// `12 345`, with a thin space.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn share(part: u64, whole: u64) -> String {
    let percent = (part * 100 + whole / 2).checked_div(whole).unwrap_or(0);
    if part > 0 && percent == 0 { String::from("under 1 %") } else { format!("{percent} %") }
}

fn clock(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%H:%M").to_string()
}

fn day_and_clock(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The two largest parts of a time: `3 d 4 h`.
pub(super) fn span(time: SignedDuration) -> String {
    let minutes = time.as_mins().max(0);
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
