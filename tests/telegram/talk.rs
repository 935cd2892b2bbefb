//! Conversations: what a reader sees, and what it costs.

use std::time::Duration;

use serde_json::json;

use crate::bot::{HURTS, Way, folder, press, press_nth, say};
use crate::fake::{self, Fake, at_once};

crate::either_way!(
    a_press_edits_in_place_with_two_calls_side_by_side,
    advice_is_never_edited_away,
    the_same_button_twice_is_answered_twice,
    a_message_too_old_to_edit_is_followed_by_a_new_one,
    forged_buttons_get_an_answer,
    strange_updates_are_passed_over_and_strange_messages_are_not,
    any_text_gets_one_message,
    a_group_is_told_once,
    whoever_blocks_the_bot_holds_nobody_up,
);

async fn a_press_edits_in_place_with_two_calls_side_by_side(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let home = say(&fake, &anna, "/start").await;
    assert!((1..=5).contains(&home.labels().len()), "{:?}", home.labels());

    fake.faults(|f| f.delay = Duration::from_millis(100));
    let before = fake.calls_in(7).len();
    let pressed = press(&fake, &anna, HURTS).await;
    assert_eq!((pressed.id, pressed.edits), (home.id, 1));
    assert_ne!(pressed.text, home.text);
    assert!(fake.unanswered_presses().is_empty());
    // The chat keeps its order: whatever else the press might cost comes before the next answer.
    say(&fake, &anna, "/start").await;
    let calls = fake.calls_in(7).split_off(before);
    let methods: Vec<_> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(methods.len(), 3, "{methods:?}");
    assert!(methods[..2].contains(&"answerCallbackQuery") && methods[..2].contains(&"editMessageText"), "{methods:?}");
    assert_eq!(at_once(&calls[..2]), 2, "one waited for the other");
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

async fn advice_is_never_edited_away(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/start").await;
    press_nth(&fake, &anna, 2).await; // When should I get help?
    press_nth(&fake, &anna, 2).await; // none of the emergencies
    let list = press_nth(&fake, &anna, 2).await; // a week in the middle
    let sign = list.labels()[0].split_once(' ').map_or("", |(_, sign)| sign).to_lowercase();
    let ticked = press_nth(&fake, &anna, 0).await;
    assert_ne!(ticked.keyboard, list.keyboard, "a tick shows");
    let below = ticked.keyboard.iter().find(|row| row.len() > 1).expect("a row below the signs");
    let advice = press(&fake, &anna, &below[0].label.clone()).await;
    assert!(advice.text.to_lowercase().contains("call"), "{}", advice.text);
    assert!(advice.text.to_lowercase().contains(&sign), "{sign:?} is not said back in:\n{}", advice.text);

    let next = press_nth(&fake, &anna, 0).await;
    let after = fake.chat(7).message(advice.id);
    assert!(next.id > advice.id, "the next page is a message of its own:\n{}", fake.chat(7).show());
    assert_eq!((after.text, after.edits, after.deleted), (advice.text, advice.edits, false));
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

async fn the_same_button_twice_is_answered_twice(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let home = say(&fake, &anna, "/start").await;
    let data = home.button(HURTS).and_then(|button| button.data.clone()).expect("data");
    let presses = [anna.press_data(home.id, &data), anna.press_data(home.id, &data)];
    for update in presses {
        fake.wait_shown(update).await;
    }
    say(&fake, &anna, "/start").await;
    assert_eq!(fake.chat(7).messages().len(), 2, "{}", fake.chat(7).show());
    assert!(fake.refusals().iter().all(|r| r.description.contains("not modified")), "{:?}", fake.refusals());
    assert!(bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

async fn a_message_too_old_to_edit_is_followed_by_a_new_one(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let home = say(&fake, &anna, "/start").await;
    fake.chat(7).freeze(home.id);
    let page = press(&fake, &anna, HURTS).await;
    assert!(page.id > home.id && page.text != home.text, "{}", fake.chat(7).show());
    assert_eq!(fake.chat(7).message(home.id).edits, 0);

    let home = say(&fake, &anna, "/start").await;
    fake.chat(7).fade(home.id);
    let page = press(&fake, &anna, HURTS).await;
    assert!(page.id > home.id && page.text != home.text, "{}", fake.chat(7).show());
    assert!(fake.unanswered_presses().is_empty());
}

/// 64 bytes that nobody would send, different for each seed.
fn noise(seed: u32) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let alphabet: Vec<char> = "aZ09-_:;{}\"\\\u{1}\u{7f} é€".chars().collect();
    let mut noise = String::new();
    loop {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let next = alphabet[(state >> 16) as usize % alphabet.len()];
        if noise.len() + next.len_utf8() > 64 {
            return noise;
        }
        noise.push(next);
    }
}

async fn forged_buttons_get_an_answer(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let home = say(&fake, &anna, "/start").await;
    let real = home.buttons().next().and_then(|button| button.data.clone()).expect("data");
    let mut forged: Vec<String> = (0..50).map(noise).collect();
    forged.extend([String::new(), real.repeat(2), real[..real.len() / 2].to_owned(), format!("{real}0")]);
    for data in &forged {
        // A press on a message that never was, too.
        for message in [home.id, 4_000] {
            fake.wait_shown(anna.press_data(message, data)).await;
        }
    }
    let without_data = |message: i64| {
        json!({"callback_query": {
            "id": format!("{message}00"), "chat_instance": "1",
            "from": {"id": 7, "is_bot": false, "first_name": "Anna"},
            "message": {"message_id": message, "date": 1, "chat": {"id": 7, "type": "private"}},
        }})
    };
    fake.wait_answered(fake.push_update(without_data(home.id))).await;
    assert!(fake.unanswered_presses().is_empty());
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

async fn strange_updates_are_passed_over_and_strange_messages_are_not(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let strange = [
        json!({}),
        json!({"purple": {"cow": [1, 2, {"x": null}]}}),
        json!({"message": 5}),
        json!({"message": {"message_id": "x", "chat": []}}),
        json!({"callback_query": {"id": 9}}),
        json!({"my_chat_member": {"chat": {"id": 7, "type": "private"}}}),
    ];
    let last = strange.map(|update| fake.push_update(update)).into_iter().max().unwrap_or_default();
    fake.wait_until("the strange updates to be confirmed", |fake| fake.is_confirmed(last)).await;

    // Unknown fields and kinds of entities take nothing away from what somebody wrote.
    let help = say(&fake, &anna, "/help").await;
    let marked = json!({
        "text": "/help", "sparkle": {"level": 9}, "link_preview_options": {"is_purple": true},
        "entities": [{"type": "sparkle", "offset": 0, "length": 5}],
    });
    fake.wait_shown(anna.send_other(marked)).await;
    let again = fake.chat(7).last();
    assert_eq!((again.text, again.id > help.id), (help.text, true));

    for message in [fake::voice(), fake::photo(""), fake::photo("look"), fake::sticker(), fake::location(51.5, -0.1)] {
        fake.wait_shown(anna.send_other(message)).await;
        let answer = fake.chat(7).last();
        assert!(!answer.text.is_empty() && !answer.keyboard.is_empty(), "{}", answer.text);
    }
    assert!(fake.unanswered().is_empty() && fake.refusals().is_empty(), "{:?}", fake.refusals());
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

async fn any_text_gets_one_message(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let anna = fake.person(7);
    let long = "word ".repeat(800);
    let texts = ["<b>&lt; *bold* _x_ [a](b) `c`", "\u{202e}ʇxǝʇ 👩‍👩‍👧 \u{0}", "/", "/nothing", "/start 🏋️", "   ", &long];
    for text in texts {
        say(&fake, &anna, text).await;
    }
    assert!(fake.doubled().is_empty(), "{}", fake.chat(7).show());
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

async fn a_group_is_told_once(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    for (id, kind) in [(-5, "group"), (-1_000_000_000_006, "supergroup")] {
        let group = fake.group(id, kind);
        group.add_bot(7);
        let patience = fake::PATIENCE;
        fake.wait_for(id, patience, |message| !message.text.is_empty()).await;
        group.say(7, "/start@backcare_test_bot");
        let last = group.say(8, "it hurts");
        fake.wait_until("the group's messages to be confirmed", |fake| fake.is_confirmed(last)).await;
        say(&fake, &fake.person(9), "/start").await;
        assert_eq!(fake.chat(id).messages().len(), 1, "{}", fake.chat(id).show());
    }
}

async fn whoever_blocks_the_bot_holds_nobody_up(way: Way) {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = way.start(&fake, &dir).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    say(&fake, &anna, "/start").await;
    fake.faults(|f| f.delay = Duration::from_millis(50));
    anna.press(HURTS);
    anna.block();
    ben.say("/start");
    fake.wait_for(8, fake::PATIENCE, |_| true).await;
    anna.unblock();
    say(&fake, &anna, "/start").await;
}
