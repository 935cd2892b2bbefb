//! `/metrics`: what the meter counts and what the store holds, as Prometheus reads it (the OpenMetrics text format).
//!
//! Labels are ids of the book, fixed names and codes. A region or language of the store that the book doesn't know is told as `other`.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::desk::Desk;
use crate::dialogue::Book;
use crate::service::meter::{Label, Meter, fixed, of_book};
use crate::store::Counts;

pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All of it as text.
pub async fn render(desk: &Desk) -> Result<String, fmt::Error> {
    let (counts, book) = (desk.counts().await, desk.book());
    let mut registry = Registry::with_prefix("backcare");
    counted(&mut registry, &desk.meter);
    known(&mut registry, desk, &book);
    if let Some(counts) = counts {
        held(&mut registry, &counts, &book);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

/// What the bot counts as it goes.
fn counted(registry: &mut Registry, meter: &Meter) {
    registry.register("updates", "Updates that came in and are answered, by kind", meter.updates.clone());
    registry.register_with_unit(
        "turn",
        "From the first look at an update to the end of its answer",
        Unit::Seconds,
        meter.turns.clone(),
    );
    registry.register_with_unit("api_call", "Calls of the Bot API, by method", Unit::Seconds, meter.calls.clone());
    registry.register("api_errors", "Calls that failed, by method and status code", meter.call_errors.clone());
    registry.register("pages_shown", "Pages shown, by id", meter.pages.clone());
    registry.register("advice_shown", "Advice shown, by urgency", meter.advice.clone());
    registry.register("phrases_shown", "What the bot said of itself, by name in words.yaml", meter.phrases.clone());
    registry.register("ratings", "What readers thought of tips, by tip", meter.ratings.clone());
    registry.register("tips", "Weekly tips that came to an end, by outcome", meter.tips.clone());
    registry.register_with_unit("tip_delay", "Tips that went out, after their hour", Unit::Seconds, meter.tip_delays.clone());
    registry.register("updates_in_hand", "Updates between arrival and answer", meter.in_hand.clone());
    registry.register("lanes_open", "Chats with something in hand", meter.lanes.clone());
    registry.register("in_hand_bytes", "Bytes of the updates between arrival and answer", meter.bytes_in_hand.clone());
    registry.register("webhook_calls", "Calls of the webhook, by what became of them", meter.webhook_calls.clone());
    registry.register("updates_unreadable", "Updates that could not be read", meter.unreadable.clone());
    registry.register(
        "updates_limited",
        "Updates that met the limit of their chat, by what became of them",
        meter.limited.clone(),
    );
    registry.register("pacer_waiting", "Messages that wait to be let go, by lane of the pacer", meter.waiting.clone());
}

/// What runs, since when, and over which book.
fn known(registry: &mut Registry, desk: &Desk, book: &Book) {
    let build: [Label; 2] = [fixed("version", env!("CARGO_PKG_VERSION")), of_book("book", book.id())];
    registry.register("build", "What runs", Info::new(build));
    let uptime = desk.now().duration_since(desk.since).as_secs();
    gauge(registry, "uptime_seconds", "Since the process began", uptime);
    gauge(registry, "book_pages", "Pages of the running book", whole(book.len()));
    gauge(registry, "book_read_timestamp_seconds", "When the running book was read", desk.book_read().as_second());
    let reviewed = book.unreviewed().pages == 0;
    gauge(registry, "book_clinically_reviewed", "1 once a clinician has checked all of the book", i64::from(reviewed));
    let heard = desk.meter.last_heard().map_or(0, Timestamp::as_second);
    gauge(registry, "telegram_heard_timestamp_seconds", "When Telegram last answered; 0: never", heard);
}

/// What the store holds.
fn held(registry: &mut Registry, counts: &Counts, book: &Book) {
    let region = |id: &str| book.regions().contains_key(id);
    let language = |code: &str| book.languages().contains_key(code);
    by(registry, "region", "readers", "Readers of whom something is remembered, by region", &counts.readers_by_region, region);
    by(registry, "region", "subscribers", "Readers with weekly tips, by region", &counts.subscribers_by_region, region);
    let help = "Readers of whom something is remembered, by the language that they chose";
    by(registry, "language", "readers_by_language", help, &counts.readers_by_language, language);
    rated(registry, counts, book);
    gauge(registry, "tips_due", "Tips that are due or begun and not out", whole(counts.due));
    gauge(registry, "inbox_waiting", "Updates that lie sealed until they are answered", whole(counts.inbox));
}

/// What readers thought of pages, and what they missed in pages and tips.
fn rated(registry: &mut Registry, counts: &Counts, book: &Book) {
    let page = |id: &str| if book.find(id).is_some() { of_book("page", id) } else { fixed("page", "other") };
    let is_tip = |id: &str| book.tips().is_some_and(|tips| tips.tips.contains_key(id));
    let tip = |id: &str| if is_tip(id) { of_book("tip", id) } else { fixed("tip", "other") };
    let is_choice = |id: &str| book.rating().is_some_and(|rating| rating.missing.contains_key(id));
    let choice = |id: &str| if is_choice(id) { of_book("missing", id) } else { fixed("missing", "other") };
    let [ratings, in_pages, in_tips] = std::array::from_fn(|_| Family::<[Label; 2], Gauge>::default());
    for (id, count) in &counts.ratings {
        for (value, many) in ["1", "2", "3", "4", "5"].into_iter().zip(count.values).filter(|(_, many)| *many > 0) {
            ratings.get_or_create(&[page(id), fixed("value", value)]).inc_by(whole(many));
        }
        for (missing, many) in &count.missing {
            in_pages.get_or_create(&[page(id), choice(missing)]).inc_by(whole(*many));
        }
    }
    for (id, count) in &counts.tips {
        for (missing, many) in &count.missing {
            in_tips.get_or_create(&[tip(id), choice(missing)]).inc_by(whole(*many));
        }
    }
    registry.register("page_ratings", "What readers think of pages, by page and value: a yes is 5, a no is 1", ratings);
    registry.register("page_missing", "What readers missed in pages, by page and choice of the book", in_pages);
    registry.register("tip_missing", "What readers missed in weekly tips, by tip and choice of the book", in_tips);
}

fn by(
    registry: &mut Registry,
    label: &'static str,
    name: &str,
    help: &str,
    counts: &BTreeMap<String, u64>,
    in_book: impl Fn(&str) -> bool,
) {
    let family = Family::<[Label; 1], Gauge>::default();
    for (id, count) in counts {
        let value = match id.as_str() {
            "" => fixed(label, "none"),
            known if in_book(known) => of_book(label, known),
            _ => fixed(label, "other"),
        };
        family.get_or_create(&[value]).inc_by(whole(*count));
    }
    registry.register(name, help, family);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge = Gauge::<i64>::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn whole(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
