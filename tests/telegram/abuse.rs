//! Too much from one chat: it is told once and then met with silence, and whatever leads to help is answered all the same. When a chat is answered again is told by `src/service/flood.rs`.

use std::time::Duration;

use tokio::time::sleep;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::fake::{Fake, Message, Person};

const LIMIT: [(&str, &str); 1] = [("CHAT_RATE", "60")];

/// What the bot says of a limit, in the shipped book.
const SLOW_DOWN: &str = "That's a lot at once";

fn told(fake: &Fake, chat: i64) -> usize {
    fake.chat(chat).messages().iter().filter(|message| message.text.starts_with(SLOW_DOWN)).count()
}

/// Far more than a thumb can send; all of it is confirmed.
async fn flood(fake: &Fake, person: &Person, presses: bool) -> Vec<i64> {
    let home = say(fake, person, "/start").await;
    let data = home.button(HURTS).and_then(|button| button.data.clone()).expect("data");
    let one =
        |nth: usize| if presses && nth.is_multiple_of(2) { person.press_data(home.id, &data) } else { person.say("/start") };
    let updates: Vec<i64> = (0..120).map(one).collect();
    fake.wait_until("the flood to be confirmed", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    updates
}

/// Says something, and waits for a new message.
async fn ask(fake: &Fake, person: &Person, words: &str) -> Message {
    let last = fake.chat(person.id).last().id;
    person.say(words);
    fake.wait_for(person.id, crate::fake::PATIENCE, |message| message.id > last).await
}

#[tokio::test]
async fn a_flood_is_told_once_and_then_met_with_silence() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_with(&fake, &dir, &LIMIT).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    let updates = flood(&fake, &anna, true).await;
    fake.wait_until("every button to stop spinning", |fake| fake.unanswered_presses().is_empty()).await;
    fake.wait_until("the word about it", |fake| told(fake, 7) == 1).await;
    // Ben meets nothing of it, and what is still in Anna's lane is over when she is answered again.
    assert!(!say(&fake, &ben, "/start").await.text.starts_with(SLOW_DOWN));
    let help = ask(&fake, &anna, "/help").await;
    assert!(!help.keyboard.is_empty() && !help.text.starts_with(SLOW_DOWN), "{}", help.text);
    let messages = fake.chat(7).messages().len();
    // Half of what is let through were presses, and those edit.
    assert!(messages < 60, "{messages} messages after {} updates", updates.len());
    assert_eq!(told(&fake, 7), 1, "{}", fake.chat(7).show());
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn whatever_leads_to_help_is_answered_over_every_limit() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start_with(&fake, &dir, &LIMIT).await;
    let anna = fake.person(7);
    flood(&fake, &anna, false).await;
    fake.wait_until("the word about it", |fake| told(fake, 7) == 1).await;
    let word = fake.chat(7).last();
    assert!(word.text.contains("call") && word.labels().contains(&"Get help"), "{}", word.text);

    // The way through the triage, press by press.
    let asked = press(&fake, &anna, "Get help").await;
    assert_ne!(asked.text, word.text);
    let none = asked.labels().last().map(ToString::to_string);
    let next = asked.keyboard.iter().flatten().map(|button| button.label.clone()).collect::<Vec<_>>();
    assert!(none.is_some() && next.len() > 2, "{next:?}");
    fake.wait_shown(anna.press_on(asked.id, &next[0])).await;

    // A sign in plain words, a command, and something in between.
    for words in ["i cant feel my legs", "/help", "im bleeding a lot", "i lost my baby"] {
        let answer = ask(&fake, &anna, words).await;
        assert!(!answer.text.starts_with(SLOW_DOWN) && !answer.keyboard.is_empty(), "{words}: {}", answer.text);
    }
    // Everything else is still met with silence, also what a button of ours says.
    let before = fake.chat(7).messages().len();
    let quiet = [anna.say("/start"), anna.say("what is the weather"), anna.send_other(crate::fake::sticker())];
    fake.wait_until("it to be confirmed", |fake| quiet.iter().all(|update| fake.is_confirmed(*update))).await;
    ask(&fake, &anna, "/help").await;
    assert_eq!(fake.chat(7).messages().len(), before + 1, "{}", fake.chat(7).show());
    assert_eq!(told(&fake, 7), 0, "help stands in its place");
}

#[tokio::test]
async fn what_was_acknowledged_is_answered_whatever_the_limit() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_with(&fake, &dir, &[("CHAT_RATE", "0")]).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/start").await;
    fake.faults(|f| f.drop_before = 1.0);
    let updates: Vec<i64> = (0..40).map(|_| anna.say("/start")).collect();
    fake.wait_until("all to be confirmed", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    bot.kill9();
    sleep(Duration::from_millis(500)).await;
    fake.faults(|f| f.drop_before = 0.0);
    // One a minute; but these lie in the inbox.
    let _bot = Bot::start_with(&fake, &dir, &[("CHAT_RATE", "1")]).await;
    fake.wait_until("all of them", |fake| fake.chat(7).messages().len() > 40).await;
    assert_eq!(told(&fake, 7), 0);
}
