//! The same numbers as words, for a terminal and for an operator's chat.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use async_trait::async_trait;

use super::desk::Desk;
use super::look::Look;
use super::page::{grouped, span};
use crate::service::operator::Operator;
use crate::store::Counts;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[async_trait]
impl Operator for Desk {
    async fn answer(&self, said: &str) -> Option<String> {
        // In a list of commands Telegram may write the bot's name behind them.
        let command = said.split_whitespace().next()?.split('@').next()?;
        match command {
            "/stats" => Some(self.counts().await.map_or_else(
                || String::from("The store does not answer. See the log, or run `backcare doctor`."),
                |counts| stats(&counts),
            )),
            "/status" => Some(status(&self.look().await)),
            _ => None,
        }
    }
}

/// What the store holds.
pub fn stats(counts: &Counts) -> String {
    let mut text = String::new();
    line(&mut text, "Readers remembered", counts.readers);
    line(&mut text, "Readers with weekly tips", counts.subscribers);
    line(&mut text, "Tips due", counts.due);
    line(&mut text, "Updates waiting", counts.inbox);
    let chosen = |id: &str| if id.is_empty() { String::from("none chosen") } else { id.to_owned() };
    list(&mut text, "Readers by language", &counts.readers_by_language, chosen);
    list(&mut text, "Weekly tips by region", &counts.subscribers_by_region, chosen);
    list(&mut text, "Weekly tips by clock", &counts.subscribers_by_zone, str::to_owned);
    if counts.subscribers > 0 {
        text.push_str("\nWeekly tips by day\n");
        for (day, count) in DAYS.into_iter().zip(counts.subscribers_by_day).filter(|(_, count)| *count > 0) {
            line(&mut text, day, count);
        }
    }
    if !counts.tips.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\nTips sent to those who still have them: {}", grouped(counts.tips_sent()));
        let mut tips: Vec<_> = counts.tips.iter().collect();
        tips.sort_by_key(|(_, tip)| std::cmp::Reverse(tip.sent));
        for (id, tip) in tips {
            let _ = writeln!(
                text,
                "{:>9}  {id}: {} helpful, {} not",
                grouped(tip.sent),
                grouped(tip.helpful),
                grouped(tip.not_helpful)
            );
        }
    }
    if !counts.ratings.is_empty() {
        text.push_str("\nPages rated, on average from 1 to 5; a yes is 5, a no is 1\n");
        let mut pages: Vec<_> = counts.ratings.iter().collect();
        pages.sort_by_key(|(_, page)| std::cmp::Reverse(page.count()));
        for (id, page) in pages {
            let _ = writeln!(text, "{:>9}  {id}: {}", grouped(page.count()), page.average());
        }
    }
    list(&mut text, "What was missing, in tips and pages", &counts.missing(), str::to_owned);
    text
}

fn list(text: &mut String, head: &str, counts: &BTreeMap<String, u64>, name: fn(&str) -> String) {
    if counts.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{head}");
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (id, count) in counts {
        line(text, &name(id), *count);
    }
}

fn line(text: &mut String, what: &str, count: u64) {
    let _ = writeln!(text, "{:>9}  {what}", grouped(count));
}

/// How the bot fares.
fn status(look: &Look) -> String {
    let book = &look.book;
    let mut text = if look.not_ready.is_empty() { String::from("Ready.\n") } else { String::from("Not ready.\n") };
    for line in &look.not_ready {
        let _ = writeln!(text, "{line}");
    }
    let up = span(look.now.duration_since(look.since));
    let _ = writeln!(text, "Version {}, up for {up}.", look.version);
    let _ = writeln!(text, "Book: {}, {} pages.", book.title, grouped(u64::try_from(book.pages).unwrap_or(0)));
    if book.unreviewed.pages > 0 {
        let _ = writeln!(text, "Not clinically reviewed: {} of {} pages.", book.unreviewed.pages, book.unreviewed.of);
    }
    if !book.reviews_due.is_empty() || !book.checks_due.is_empty() {
        let (reviews, checks) = (book.reviews_due.len(), book.checks_due.len());
        let _ = writeln!(text, "Due: reviews of {reviews} sources, checks of {checks} regions.");
    }
    let _ = writeln!(text, "Since the start: {} messages, {} weekly tips.", grouped(look.answered), grouped(look.tips_out));
    let _ = write!(text, "In hand now: {}.", look.in_hand);
    text
}
