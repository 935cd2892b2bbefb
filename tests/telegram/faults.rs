//! Bad days: Telegram refuses, fails, repeats itself, or is slow in one chat.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::bot::{HURTS, Way, folder, press, say};
use crate::fake::{Fake, Outcome, Person};

crate::either_way!(
    a_limit_in_one_chat_holds_nobody_else_up,
    a_slow_chat_holds_nobody_else_up,
    one_call_in_five_fails_and_every_press_is_answered,
    a_reply_that_is_not_json_is_not_sent_again,
    updates_that_come_twice_are_answered_once,
);

async fn a_limit_in_one_chat_holds_nobody_else_up(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    let limited = fake.now();
    fake.limit_chat(7, 2);
    let waiting = anna.say("/start");
    fake.wait_until("a refusal for Anna", |fake| !fake.calls_in(7).is_empty()).await;
    say(&fake, &ben, "/start").await;
    assert!(fake.update(waiting).replies.is_empty(), "Ben is answered while Anna waits");
    fake.wait_shown(waiting).await;
    assert!(fake.update(waiting).replies[0].at >= limited + 2000);
    let in_vain = fake.calls_in(7).iter().filter(|call| call.outcome != Outcome::Done).count();
    assert!(in_vain <= 2, "retry_after is the law: {in_vain} calls in vain");
}

async fn a_slow_chat_holds_nobody_else_up(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    fake.faults(|f| {
        f.slow_chats.insert(7, Duration::from_millis(400));
    });
    let many: Vec<i64> = (0..250).map(|_| anna.say("/start")).collect();
    let before = fake.now();
    for _ in 0..5 {
        say(&fake, &ben, "/start").await;
        press(&fake, &ben, HURTS).await;
    }
    let open = many.iter().filter(|&&update| fake.update(update).replies.is_empty()).count();
    assert!(open > 200, "Ben waited {} ms for {} of Anna's messages", fake.now() - before, 250 - open);
    fake.faults(|f| f.slow_chats.clear());
    for update in many {
        fake.wait_shown(update).await;
    }
    assert_eq!(fake.chat(7).messages().len(), 250);
}

/// The buttons of the home screen, and the page that each of them leads to.
async fn home_pages(fake: &Fake, person: &Person) -> Vec<(String, String)> {
    let home = say(fake, person, "/start").await;
    let mut pages = Vec::new();
    for data in home.buttons().filter_map(|button| button.data.clone()) {
        fake.wait_shown(person.press_data(home.id, &data)).await;
        pages.push((data, fake.chat(person.id).message(home.id).text));
    }
    pages
}

/// Twenty presses, four at a time without waiting: after each four, the last one's page stands there.
async fn hasty(fake: Arc<Fake>, person: Person, pages: Vec<(String, String)>) {
    say(&fake, &person, "/start").await;
    let screen = fake.chat(person.id).messages()[0].id;
    let mut presses = Vec::new();
    for round in 0..5 {
        let chosen: Vec<_> = (0..4).map(|n| &pages[(round * 3 + n) % pages.len()]).collect();
        let updates: Vec<i64> = chosen.iter().map(|(data, _)| person.press_data(screen, data)).collect();
        for &update in &updates {
            fake.wait_shown(update).await;
        }
        let shown = fake.chat(person.id).message(screen);
        assert_eq!(shown.text, chosen[3].1, "out of order:\n{}", fake.chat(person.id).show());
        presses.extend(updates);
    }
    let answers: Vec<_> = presses.iter().map(|&id| fake.update(id).press.and_then(|press| press.answered)).collect();
    assert!(answers.is_sorted(), "presses of one chat were answered out of order: {answers:?}");
}

async fn one_call_in_five_fails_and_every_press_is_answered(way: Way) {
    let (fake, dir) = (Arc::new(Fake::start().await), folder());
    let bot = way.start(&fake, &dir).await;
    let pages = home_pages(&fake, &fake.person(1)).await;
    assert!(pages.len() >= 4, "{pages:?}");
    fake.faults(|f| {
        (f.seed, f.polls) = (20, true);
        (f.server_error, f.bad_gateway, f.drop_before, f.drop_after) = (0.05, 0.05, 0.05, 0.05);
    });
    let mut people = JoinSet::new();
    for id in 2..22 {
        people.spawn(hasty(fake.clone(), fake.person(id), pages.clone()));
    }
    while let Some(person) = people.join_next().await {
        person.expect("no person is let down");
    }
    assert!(fake.unanswered().is_empty(), "{:?}", fake.unanswered());
    assert!(fake.unanswered_presses().is_empty(), "{:?}", fake.unanswered_presses());
    let failed = fake.calls().iter().filter(|call| matches!(call.outcome, Outcome::Failed { .. })).count();
    assert!(failed > 100, "only {failed} calls failed");
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

async fn a_reply_that_is_not_json_is_not_sent_again(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    fake.faults(|f| f.garbled = 1.0);
    for _ in 0..3 {
        say(&fake, &anna, "/start").await;
        press(&fake, &anna, HURTS).await;
    }
    fake.faults(|f| f.garbled = 0.0);
    say(&fake, &anna, "/start").await;
    assert_eq!(fake.chat(7).messages().len(), 4, "{}", fake.chat(7).show());
    assert!(fake.doubled().is_empty());
}

async fn updates_that_come_twice_are_answered_once(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    fake.faults(|f| f.duplicates = 1.0);
    for round in 0..5 {
        let mut open = Vec::new();
        for id in 1..=10 {
            let person = fake.person(id);
            open.push(if round % 2 == 0 { person.say("/start") } else { person.press(HURTS) });
        }
        for update in open {
            fake.wait_shown(update).await;
        }
    }
    // The copies that come with the next batch are behind this.
    say(&fake, &fake.person(1), "/start").await;
    say(&fake, &fake.person(1), "/start").await;
    let twice = fake.updates().iter().filter(|update| update.handed_out.len() > 1).count();
    assert!(twice >= 50, "{twice}");
    assert!(fake.doubled().is_empty(), "{:?}", fake.doubled());
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}
