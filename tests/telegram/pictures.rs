//! Pictures: sent with their words, in place where Telegram allows it, brought once and never again.

use std::time::Duration;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::fake::Fake;

/// A page with a picture, by its command or its link.
const PICTURE: &str = "/start lifting";

#[tokio::test]
async fn a_page_with_a_picture_is_a_photo_and_a_page_without_one_takes_its_place() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start(&fake, &dir).await;
    let person = fake.person(7);
    let photo = say(&fake, &person, PICTURE).await;
    assert!(photo.photo.is_some() && photo.text.contains("bend your knees"), "{}", photo.text);

    // A picture can't become words again: the words come below, and the picture goes.
    let text = press(&fake, &person, "Get help").await;
    assert!(text.photo.is_none() && text.id > photo.id);
    fake.wait_until("the picture to go", |fake| fake.chat(7).message(photo.id).deleted).await;

    // Words become a picture where they stand.
    let again = press(&fake, &person, "Back").await;
    assert_eq!((again.id, again.photo.is_some()), (text.id, true));
    assert!(fake.unanswered().is_empty() && fake.refusals().is_empty(), "{:?}", fake.refusals());
    assert!(bot.breaks().is_empty(), "{}", bot.output());
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
}

#[tokio::test]
async fn a_picture_is_brought_once_whoever_asks_and_whenever() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start(&fake, &dir).await;
    // All at once: one brings it, the others wait for its id.
    let asked: Vec<i64> = (1..=20).map(|id| fake.person(id).say(PICTURE)).collect();
    for update in asked {
        fake.wait_shown(update).await;
    }
    assert_eq!(fake.photos().len(), 1);
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
    let _bot = Bot::start(&fake, &dir).await;
    say(&fake, &fake.person(7), PICTURE).await;
    assert_eq!(fake.photos().len(), 1, "it was known after a restart");

    // Telegram loses it, or the bot is another one now.
    fake.forget_photos();
    assert!(say(&fake, &fake.person(7), PICTURE).await.photo.is_some());
    assert_eq!(fake.photos().len(), 1);
    assert!(fake.unanswered().is_empty() && fake.doubled().is_empty());
}

#[tokio::test]
async fn an_exercise_changes_its_picture_in_place() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let person = fake.person(7);
    say(&fake, &person, "/start all-fours").await;
    let first = press(&fake, &person, "None of these").await;
    let second = press(&fake, &person, "Next").await;
    assert!(first.photo.is_some() && second.photo.is_some() && first.photo != second.photo);
    assert_eq!(first.id, second.id);
    // An old message that can't be changed any more: the next step comes as a new one.
    fake.chat(7).freeze(second.id);
    let third = press(&fake, &person, "Next").await;
    assert!(third.id > second.id && third.photo.is_some());
    let home = say(&fake, &person, "/start").await;
    assert!(home.photo.is_none() && home.labels().contains(&HURTS));
}
