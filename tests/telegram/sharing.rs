//! A page is saved for oneself or offered to somebody else; a number is kept for oneself alone.

use std::time::Duration;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::fake::Fake;

/// Telegram's sheet to share a link, as the fake's bot has to name itself.
const LINK: &str = "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fbackcare_test_bot%3Fstart%3Dlifting&text=";

#[tokio::test]
async fn a_page_can_be_offered_to_somebody_who_never_met_the_bot() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let anna = fake.person(7);
    // The name comes a moment after the start, from Telegram.
    let mut link = None;
    for _ in 0..50 {
        say(&fake, &anna, "/start lifting").await;
        let more = press(&fake, &anna, "More").await;
        link = more.button("Share").and_then(|button| button.url.clone());
        if link.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let link = link.expect("no page can be shared");
    assert!(link.starts_with(LINK) && !link.contains(' '), "{link}");
    let page = say(&fake, &fake.person(8), "/start lifting").await;
    assert!(page.text.contains("bend your knees"), "{}", page.text);

    // What to do about one's own signs is for nobody else.
    say(&fake, &anna, "blood when I wiped, 20 weeks").await;
    let advice = fake.chat(7).last();
    assert!(advice.button("More").is_some(), "{:?}", advice.labels());
    let more = press(&fake, &anna, "More").await;
    assert!(more.button("Save").is_some() && more.button("Share").is_none(), "{:?}", more.labels());
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

#[tokio::test]
async fn what_was_saved_outlives_a_kill() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/start lifting").await;
    press(&fake, &anna, "More").await;
    let saved = press(&fake, &anna, "Save").await;
    assert!(saved.text.starts_with("Saved."), "{}", saved.text);
    bot.kill9();
    let _bot = Bot::start(&fake, &dir).await;
    let mut list = say(&fake, &anna, "/saved").await;
    if list.text.starts_with("Saved.") {
        // The press that was saved and not yet noted as answered is answered again, and this was the answer.
        list = say(&fake, &anna, "/saved").await;
    }
    assert!(list.labels().contains(&"Lifting"), "{:?}", list.labels());
    // Everybody has a list of their own.
    let other = say(&fake, &fake.person(8), "/saved").await;
    assert!(other.text.starts_with("Nothing is saved yet."), "{}", other.text);
    press(&fake, &anna, "Lifting").await;
    say(&fake, &anna, "/start").await;
    press(&fake, &anna, HURTS).await;
    // The press that was saved and not yet noted as answered is answered again; Telegram refuses that, and nobody sees it.
    assert!(fake.unanswered().is_empty(), "{:?}", fake.unanswered());
}

/// Advice is the same page for everybody but for this one line.
#[tokio::test]
async fn the_number_of_ones_own_unit_is_shown_to_nobody_else() {
    const NUMBER: &str = "020 7946 0123";
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    say(&fake, &ben, "i cant feel my legs").await;
    say(&fake, &anna, "/unit").await;
    let kept = say(&fake, &anna, NUMBER).await;
    assert!(kept.text.contains("Kept.") && kept.text.contains(NUMBER), "{}", kept.text);
    let own = say(&fake, &anna, "i cant feel my legs").await;
    assert!(own.text.contains(NUMBER), "{}", own.text);
    let other = say(&fake, &ben, "i cant feel my legs").await;
    assert!(!other.text.contains(NUMBER) && other.text.starts_with("Call"), "{}", other.text);
    bot.kill9();
    let _bot = Bot::start(&fake, &dir).await;
    let own = say(&fake, &anna, "i cant feel my legs").await;
    assert!(own.text.contains(NUMBER), "{}", own.text);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(NUMBER.len()).any(|window| window == NUMBER.as_bytes()), "it lies open on the disk");
    }
}
