//! The leaflet as a file in the chat: in the reader's language, with their country's numbers.

use std::time::Duration;

use crate::bot::{Bot, folder, press, say};
use crate::fake::{Fake, Fault};

#[tokio::test]
async fn it_comes_as_a_file_in_the_readers_language_and_for_their_country() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start_with(&fake, &dir, &[("UNCHECKED_TRANSLATIONS", "on")]).await;
    let anna = fake.person(7);
    // Telegram is busy, and drops one call.
    fake.faults(|f| {
        f.next_in(7, 1, "sendDocument", Fault::TooMany(1));
        f.next_in(7, 1, "sendDocument", Fault::BadGateway);
    });
    let page = say(&fake, &anna, "/leaflet").await;
    assert!(page.text.starts_with("Here it is, as a file"), "{}", page.text);
    fake.wait_until("the file", |fake| !fake.chat(7).files().is_empty()).await;
    let (name, file) = fake.chat(7).files().remove(0);
    assert_eq!(name, "backcare-en.html");
    assert!(file.contains("your local emergency number") && file.contains("<img src=\"data:image/svg+xml;base64,"), "{name}");

    say(&fake, &anna, "/country").await;
    press(&fake, &anna, "England, Scotland or Wales").await;
    say(&fake, &anna, "/language").await;
    press(&fake, &anna, "العربية").await;
    say(&fake, &anna, "/leaflet").await;
    fake.wait_until("the second file", |fake| fake.chat(7).files().len() == 2).await;
    let (name, file) = fake.chat(7).files().remove(1);
    assert_eq!(name, "backcare-ar.html");
    assert!(file.contains("dir=\"rtl\"") && file.contains("999") && file.contains("https://t.me/backcare_test_bot"));
    assert!(fake.refusals().is_empty() && fake.unanswered().is_empty(), "{:?}", fake.refusals());
    assert!(bot.breaks().is_empty(), "{}", bot.output());
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
}

#[tokio::test]
async fn the_way_to_it_stands_behind_more_and_typed_words_find_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/start lifting").await;
    press(&fake, &anna, "More").await;
    let page = press(&fake, &anna, "A leaflet to print").await;
    assert!(page.text.contains("Here it is, as a file"), "{}", page.text);
    fake.wait_until("the file", |fake| fake.chat(7).files().len() == 1).await;
    // Where it came from doesn't send it again.
    press(&fake, &anna, "More").await;
    press(&fake, &anna, "Get help").await;
    let page = say(&fake, &anna, "can I print the exercises for my partner").await;
    assert!(page.text.contains("Here it is, as a file"), "{}", page.text);
    fake.wait_until("the second file", |fake| fake.chat(7).files().len() == 2).await;
}
