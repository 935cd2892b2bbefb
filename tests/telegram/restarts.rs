//! The end of the process, at any moment and in any manner: nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::fake::{Call, Fake, PATIENCE, Person, Update};

const PEOPLE: i64 = 50;

/// A row answered this short before a crash may still lie in the inbox, and be answered again.
const JUST_DONE: Duration = Duration::from_millis(500);

/// A press, and a message behind it in the same chat, are cut off at each step of the press, and answered by the next process.
#[tokio::test]
async fn killed_at_each_step_of_a_press() {
    type Step = (&'static str, fn(&Fake, &Update) -> bool);
    const STEPS: [Step; 6] = [
        ("handed out", |_, update| !update.handed_out.is_empty()),
        ("confirmed", |fake, update| fake.confirmed_offset() > update.id + 1),
        ("a call begun", |fake, update| fake.calls_in(7).iter().any(|call| call.started >= update.handed_out[0])),
        ("the press answered", |_, update| update.press.as_ref().is_some_and(|press| press.answered.is_some())),
        ("the page shown", |_, update| !update.replies.is_empty()),
        ("all its calls ended", |fake, update| {
            let begun = |call: &&Call| call.started >= update.handed_out[0] && call.method != "sendMessage";
            !update.replies.is_empty() && fake.calls_in(7).iter().filter(begun).all(|call| call.ended.is_some())
        }),
    ];
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7);
    for (name, reached) in STEPS {
        let bot = Bot::start(&fake, &dir).await;
        let home = say(&fake, &anna, "/start").await;
        // What is cut off is the press and what follows: the greeting has left the inbox.
        sleep(JUST_DONE).await;
        fake.faults(|f| f.delay = Duration::from_millis(200));
        let (update, behind) = (anna.press(HURTS), anna.say("/help"));
        let here = |fake: &Fake| {
            let update = fake.update(update);
            !update.handed_out.is_empty() && reached(fake, &update)
        };
        fake.wait_until(name, here).await;
        bot.kill9();
        fake.faults(|f| f.delay = Duration::ZERO);
        // What had reached Telegram is still carried out, and must not be taken for the next process' work.
        fake.wait_until("the end of the calls under way", |fake| fake.calls_in(7).iter().all(|call| call.ended.is_some()))
            .await;
        let mut bot = Bot::start(&fake, &dir).await;
        fake.wait_shown(update).await;
        fake.wait_shown(behind).await;
        let screen = fake.chat(7).message(home.id);
        assert_ne!(screen.text, home.text, "killed at \"{name}\": the page never came");
        assert!(!fake.doubled().contains(&update), "the same edit twice is not seen");
        // Another press works as if nothing had been.
        // Another message may have come twice meanwhile: it was in flight. So the greeting is known by its words.
        let greeted = fake.chat(7).last().id;
        anna.say("/start");
        let again = fake.wait_for(7, PATIENCE, |shown| shown.id > greeted && shown.text == home.text).await;
        fake.wait_shown(anna.press_on(again.id, HURTS)).await;
        bot.term();
        bot.wait_exit(Duration::from_secs(10)).await;
    }
    assert!(fake.unanswered().is_empty() && fake.unanswered_presses().is_empty());
}

#[tokio::test]
async fn killed_while_no_call_gets_through() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    fake.faults(|f| f.drop_before = 1.0);
    let updates: Vec<i64> = (1..=10).map(|id| fake.person(id).say("/start")).collect();
    let tried = |fake: &Fake| fake.calls_of("sendMessage").len() >= 10 && fake.confirmed_offset() > updates[9];
    fake.wait_until("every answer to be tried", tried).await;
    bot.kill9();
    fake.faults(|f| f.drop_before = 0.0);
    let _bot = Bot::start(&fake, &dir).await;
    for &update in &updates {
        fake.wait_shown(update).await;
    }
    say(&fake, &fake.person(1), "/start").await;
    assert!(fake.doubled().is_empty(), "nothing had come through before the kill");
}

/// Says and presses in turns, each after the answer to the last, until told to stop.
async fn talks(fake: Arc<Fake>, person: Person, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        say(&fake, &person, "/start").await;
        press(&fake, &person, HURTS).await;
    }
}

#[tokio::test]
async fn killed_again_and_again_with_fifty_people_waiting() {
    let (fake, dir) = (Arc::new(Fake::start().await), folder());
    fake.faults(|f| f.delay = Duration::from_millis(300));
    let stop = Arc::new(AtomicBool::new(false));
    let mut people = JoinSet::new();
    for id in 1..=PEOPLE {
        people.spawn(talks(fake.clone(), fake.person(id), stop.clone()));
    }
    let mut at_risk = 0;
    // So many calls after the start: in the first batch, within a round of answers, across rounds.
    for calls in [2, 20, 53, 97, 150, 211] {
        let before = fake.call_count();
        let bot = Bot::start(&fake, &dir).await;
        fake.wait_until("some calls", |fake| fake.call_count() >= before + calls).await;
        at_risk += fake.in_flight(JUST_DONE).len();
        bot.kill9();
    }
    let bot = Bot::start(&fake, &dir).await;
    stop.store(true, Ordering::Relaxed);
    while let Some(person) = people.join_next().await {
        person.expect("no person is let down");
    }
    assert!(fake.unanswered().is_empty(), "lost: {:?}", fake.unanswered());
    let updates = fake.updates();
    assert!(updates.iter().all(|update| !update.handed_out.is_empty() && !update.replies.is_empty()));
    // After a restart a greeting said twice can pass for the page of a press; this can't.
    let changed = |fake: &Fake, update: &Update| {
        let pressed = update.press.as_ref().and_then(|press| press.message).zip(update.chat);
        pressed.is_none_or(|(message, chat)| fake.chat(chat).message(message).edits > 0)
    };
    fake.wait_until("every press to change its message", |fake| updates.iter().all(|u| changed(fake, u))).await;
    let doubled = fake.doubled().len();
    assert!(doubled <= at_risk, "{doubled} doubled, {at_risk} in flight at the kills");
    assert!(updates.len() > 100, "only {} updates", updates.len());
    drop(bot);
    assert_nothing_waits(&fake, &dir).await;
}

/// The next start finds nothing to do: what was answered is gone from the inbox.
async fn assert_nothing_waits(fake: &Fake, dir: &tempfile::TempDir) {
    let mut bot = Bot::start(fake, dir).await;
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
    let visible = |fake: &Fake| fake.updates().iter().flat_map(|u| u.replies.clone()).filter(|r| r.visible).count();
    let before = visible(fake);
    let _bot = Bot::start(fake, dir).await;
    say(fake, &fake.person(999), "/start").await;
    assert_eq!(visible(fake), before + 1, "a row was left in the inbox");
}

#[tokio::test]
async fn a_stop_ends_what_is_in_flight() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start(&fake, &dir).await;
    fake.faults(|f| f.delay = Duration::from_secs(1));
    let updates: Vec<i64> = (1..=20).map(|id| fake.person(id).say("/start")).collect();
    fake.wait_until("all to be in hand", |fake| fake.calls_of("sendMessage").len() == 20).await;
    bot.term();
    let status = bot.wait_exit(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0), "{}", bot.output());
    for &update in &updates {
        assert_eq!(fake.update(update).replies.len(), 1, "in-flight work was not ended");
    }
    fake.faults(|f| f.delay = Duration::ZERO);
    let while_away = fake.person(21).say("/start");
    let mut bot = Bot::start(&fake, &dir).await;
    fake.wait_shown(while_away).await;
    assert!(fake.unanswered().is_empty() && fake.doubled().is_empty());
    bot.interrupt();
    assert_eq!(bot.wait_exit(Duration::from_secs(10)).await.code(), Some(0), "Ctrl-C is a stop like any other");
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once_and_loses_nothing() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start(&fake, &dir).await;
    fake.faults(|f| f.delay = Duration::from_secs(20));
    let update = fake.person(7).say("/start");
    fake.wait_until("the answer to begin", |fake| !fake.calls_in(7).is_empty()).await;
    bot.term();
    // Two signals at the very same moment would count as one.
    sleep(Duration::from_millis(500)).await;
    bot.term();
    bot.wait_exit(Duration::from_secs(3)).await;
    fake.faults(|f| f.delay = Duration::ZERO);
    let _bot = Bot::start(&fake, &dir).await;
    fake.wait_shown(update).await;
}
