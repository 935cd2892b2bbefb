//! An exercise done together: it counts by itself, and stops whenever somebody wants it to.

use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;

use crate::bot::{Bot, folder, press, say};
use crate::fake::{Fake, Message, PATIENCE, Person};

/// Longer than any two screens of this exercise are apart.
const A_WHILE: Duration = Duration::from_secs(5);

async fn begin(fake: &Fake, person: &Person) -> Message {
    say(fake, person, "/start all-fours").await;
    press(fake, person, "None of these").await;
    let first = press(fake, person, "Do it with me").await;
    assert!(first.text.starts_with("Get into place. ▱▱▱▱▱▱▱▱▱▱"), "{}", first.text);
    first
}

async fn started() -> (Fake, TempDir, Bot) {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    (fake, dir, bot)
}

/// Nothing is changed any more.
async fn stays(fake: &Fake, chat: i64, message: i64) {
    let before = fake.chat(chat).message(message);
    sleep(A_WHILE).await;
    assert_eq!(fake.chat(chat).message(message).text, before.text);
}

#[tokio::test]
async fn a_count_runs_by_itself_in_one_message() {
    let (fake, _dir, bot) = started().await;
    let anna = fake.person(7);
    let first = begin(&fake, &anna).await;
    // Another message is pressed meanwhile: nothing about this one changes.
    let other = say(&fake, &fake.person(8), "/start").await;
    assert_ne!(other.text, first.text);
    fake.wait_for(7, PATIENCE, |shown| shown.text.starts_with("Get into place. ▰▰")).await;
    let moves = fake.wait_for(7, Duration::from_secs(20), |shown| shown.text.starts_with("1 of 10\n\nMove slowly.")).await;
    let holds = fake.wait_for(7, PATIENCE, |shown| shown.text.starts_with("1 of 10\n\nHold.")).await;
    assert_eq!((moves.id, holds.id), (first.id, first.id));
    assert!(holds.text.contains("Stop, and press Get help.") && holds.photo == moves.photo && moves.photo != first.photo);
    // The picture is brought when it changes; between, the words alone.
    assert!(!fake.calls_of("editMessageCaption").is_empty());
    let done = press(&fake, &anna, "Stop").await;
    assert!(done.text.starts_with("Well done."), "{}", done.text);
    stays(&fake, 7, done.id).await;
    assert!(fake.unanswered().is_empty() && fake.refusals().is_empty() && bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn a_pause_lasts_until_somebody_goes_on() {
    let (fake, _dir, _bot) = started().await;
    let anna = fake.person(7);
    begin(&fake, &anna).await;
    let paused = press(&fake, &anna, "Pause").await;
    assert!(paused.text.starts_with("Paused."), "{}", paused.text);
    stays(&fake, 7, paused.id).await;
    press(&fake, &anna, "Go on").await;
    fake.wait_for(7, PATIENCE, |shown| shown.text.starts_with("Get into place. ▰▰")).await;
}

#[tokio::test]
async fn whoever_types_or_gets_help_is_counted_to_no_longer() {
    let (fake, _dir, _bot) = started().await;
    let anna = fake.person(7);
    let count = begin(&fake, &anna).await;
    say(&fake, &anna, "/start").await;
    fake.wait_until("the pause", |fake| fake.chat(7).message(count.id).text.starts_with("Paused.")).await;
    let count = begin(&fake, &anna).await;
    let help = press(&fake, &anna, "Get help").await;
    assert!(!help.text.starts_with("Get into place."));
    stays(&fake, 7, help.id).await;
    assert!(fake.chat(7).message(count.id).deleted || help.id == count.id);
}

#[tokio::test]
async fn after_a_restart_the_message_offers_to_go_on() {
    let (fake, dir, bot) = started().await;
    let anna = fake.person(7);
    let count = begin(&fake, &anna).await;
    fake.wait_for(7, Duration::from_secs(20), |shown| shown.text.starts_with("1 of 10")).await;
    bot.kill9();
    let _bot = Bot::start(&fake, &dir).await;
    let away = fake.wait_for(7, PATIENCE, |shown| shown.text.contains("I was away for a moment.")).await;
    assert_eq!((away.id, away.labels()), (count.id, vec!["Go on", "Stop", "Get help"]));
    stays(&fake, 7, away.id).await;
    let on = press(&fake, &anna, "Go on").await;
    // What was kept last: killed before a repetition was noted, it begins that one anew.
    assert!(on.text.starts_with("1 of 10\n\nMove slowly.") || on.text.starts_with("Get into place."), "{}", on.text);
    fake.wait_for(7, PATIENCE, |shown| shown.text.starts_with("1 of 10\n\nHold.")).await;
}
