//! A page, an exercise and a tip are rated; the operator sees how many thought what, and nobody of them.

use crate::bot::{Bot, folder, press, say};
use crate::fake::{Fake, Message};

/// Whether a button is there, and marked.
fn marked(message: &Message, label: &str) -> Option<bool> {
    let shown = message.labels().into_iter().find(|shown| shown.ends_with(label))?;
    Some(shown.starts_with('☑'))
}

#[tokio::test]
async fn a_rating_outlives_a_kill_and_is_counted_for_the_operator() {
    let (fake, dir) = (Fake::start().await, folder());
    let settings = [("ADMINS", "9")];
    let bot = Bot::start_with(&fake, &dir, &settings).await;
    let (anna, ben, operator) = (fake.person(7), fake.person(8), fake.person(9));
    for person in [&anna, &ben] {
        say(&fake, person, "/start lifting").await;
        let more = press(&fake, person, "More").await;
        assert_eq!((marked(&more, "It helped"), marked(&more, "Not really")), (Some(false), Some(false)));
        let asked = press(&fake, person, "Not really").await;
        assert!(asked.text.contains("What was missing?") && asked.button("Get help").is_some(), "{}", asked.text);
        press(&fake, person, "Too long").await;
    }
    let changed = press(&fake, &ben, "It helped").await;
    assert_eq!((marked(&changed, "It helped"), marked(&changed, "Not really")), (Some(true), Some(false)));
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
    // The press that was answered and not yet noted as such is answered again: twice is as once.
    bot.kill9();

    let _bot = Bot::start_with(&fake, &dir, &settings).await;
    say(&fake, &anna, "/start lifting").await;
    let more = press(&fake, &anna, "More").await;
    assert_eq!((marked(&more, "It helped"), marked(&more, "Not really")), (Some(false), Some(true)), "one's own, as it was");
    let stats = say(&fake, &operator, "/stats").await;
    for words in ["2  lifting: 3.0", "What was missing, in tips and pages", "1  too-long"] {
        assert!(stats.text.contains(words), "{words} is not in:\n{}", stats.text);
    }
    say(&fake, &ben, "/forget").await;
    press(&fake, &ben, "Yes, delete it all").await;
    say(&fake, &ben, "/start lifting").await;
    let more = press(&fake, &ben, "More").await;
    assert_eq!(marked(&more, "It helped"), Some(false), "forgotten with all else");
}

#[tokio::test]
async fn an_exercise_is_rated_on_the_message_that_led_through_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/start wall-tilt").await;
    let mut shown = press(&fake, &anna, "None of these").await;
    while shown.button("Next").is_some() {
        shown = press(&fake, &anna, "Next").await;
    }
    let done = press(&fake, &anna, "Done").await;
    assert!(done.text.contains("Well done.") && done.text.contains("Did this help?"), "{}", done.text);
    let rated = press(&fake, &anna, "It helped").await;
    assert!(rated.text.contains("Well done.") && marked(&rated, "It helped") == Some(true), "{:?}", rated.labels());
    let again = press(&fake, &anna, "☑ It helped").await;
    assert_eq!(marked(&again, "It helped"), Some(false), "pressed again, it is taken back");
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}
