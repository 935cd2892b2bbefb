//! All that is kept of a reader as a file: JSON that people can read, with plain names, ISO dates and times in UTC.
//!
//! Never here: anybody else's data; updates in hand; what no store keeps.

use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::dialogue::weekly::Subscription;
use crate::dialogue::{Asked, Rated, Reader};
use crate::store::{Kept, KeptTip, UnderWay};

/// What the file says. Of whom nothing is kept, it says just that, and not even the chat's number.
pub fn export(chat: i64, kept: &Kept) -> String {
    let told = if kept.is_nothing() { json!("nothing") } else { told(chat, kept) };
    format!("{:#}\n", json!({ "kept": told }))
}

fn told(chat: i64, kept: &Kept) -> Value {
    let Reader { region, language, weekly, asked, saved, unit_number, ratings, seen } = &kept.reader;
    let waiting = asked.map(|asked| match asked {
        Asked::Zone => json!({ "question": "which city or time zone" }),
        Asked::Week { tries } => json!({ "question": "which week or date", "not_understood": tries }),
        Asked::UnitNumber => json!({ "question": "the phone number of the own unit" }),
    });
    let mut told = json!({
        "chat_number": chat,
        "country": region,
        "language": language,
        "last_visit": seen.map(|day| day.to_string()),
        "waiting_for_an_answer": waiting,
        "saved_pages": saved,
        "number_of_own_unit": unit_number,
        "rated_pages": ratings.iter().map(rated).collect::<Vec<_>>(),
        "weekly_tips": weekly.as_ref().map(|weekly| subscription(weekly, kept.week_is_closed)),
        "exercise": kept.exercise.as_ref().map(exercise),
        "tips_received": kept.tips.iter().map(tip).collect::<Vec<_>>(),
    });
    leave_out_nothing(&mut told);
    told
}

fn subscription(weekly: &Subscription, closed: bool) -> Value {
    let Subscription { zone, day, hour, week_zero, paused_until, sent, last, next } = weekly;
    let week_zero = week_zero.map(|day| day.to_string());
    json!({
        "time_zone": zone,
        "day": name_of(*day),
        "hour": clock(*hour),
        "week_0_began_on": week_zero.or_else(|| closed.then(|| String::from("sealed with a key that is lost"))),
        // The first day on which one may come again: the day before is the last of the pause.
        "paused_up_to_and_with": paused_until.and_then(|day| day.checked_sub(1.day()).ok()).map(|day| day.to_string()),
        "sent_so_far": sent,
        "last_sent_at": last.map(seconds),
        "next_one": { "for_the_day": next.on.to_string(), "at": seconds(next.at) },
    })
}

/// A yes is 5, a no is 1.
fn rated((page, rated): (&String, &Rated)) -> Value {
    let Rated { value, missing } = rated;
    json!({ "page": page, "from_1_to_5": value, "missing": missing })
}

fn exercise(under_way: &UnderWay) -> Value {
    let UnderWay { message, token, due } = under_way;
    json!({ "message": message, "button_that_goes_on": token, "at": seconds(*due) })
}

fn tip(tip: &KeptTip) -> Value {
    let KeptTip { on, tip, on_its_way, helpful, missing } = tip;
    let on_its_way = on_its_way.as_ref().map(|(zone, hour)| json!({ "time_zone": zone, "hour": clock(*hour) }));
    json!({ "for_the_day": on.to_string(), "tip": tip, "helpful": helpful, "missing": missing, "on_its_way": on_its_way })
}

/// What is not there is not mentioned.
fn leave_out_nothing(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(leave_out_nothing);
            fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_nothing),
        _ => {}
    }
}

fn clock(hour: i8) -> String {
    format!("{hour:02}:00")
}

fn seconds(at: Timestamp) -> String {
    format!("{at:.0}")
}

fn name_of(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
