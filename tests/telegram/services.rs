//! Services near a reader: the nearest of the operator's list once a place was sent, and nothing kept of that place.

use std::path::Path;
use std::time::Duration;

use crate::bot::{Bot, folder, holds, press, say};
use crate::fake::{Fake, location};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/services.csv");

#[tokio::test]
async fn whoever_sends_a_place_is_told_the_nearest_and_the_place_is_forgotten() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start_with(&fake, &dir, &[("SERVICES", LIST), ("RUST_LOG", "trace")]).await;
    let anna = fake.person(7);
    say(&fake, &anna, "/country").await;
    press(&fake, &anna, "England, Scotland or Wales").await;
    let asked = say(&fake, &anna, "/near").await;
    assert!(asked.text.contains("Send me where you are"), "{}", asked.text);
    assert!(asked.labels().contains(&"Official finder"), "{:?}", asked.labels());

    fake.wait_shown(anna.send_other(location(51.498_764, -0.123_457))).await;
    let near = fake.chat(7).last();
    let first = "1. Example: Riverside Maternity Unit\nmaternity unit · 0.1 miles\n+44 20 7946 0101";
    assert!(near.text.contains(first), "{}", near.text);
    assert!(near.text.contains("5. Example: Lakeside Maternity Hospital"), "{}", near.text);
    assert!(!near.text.contains("6. "), "{}", near.text);
    assert!(near.labels().contains(&"1. Map") && near.labels().contains(&"1. Website"), "{:?}", near.labels());
    assert!(!near.labels().contains(&"3. Website"), "it has none: {:?}", near.labels());

    // The numbers stay in the chat.
    let next = press(&fake, &anna, "Physiotherapy").await;
    assert!(next.id > near.id);
    assert!(fake.refusals().is_empty() && bot.breaks().is_empty(), "{:?}\n{}", fake.refusals(), bot.output());
    bot.term();
    // The pictures of the book may still be drawn on a busy machine, and that is not broken off.
    bot.wait_exit(Duration::from_secs(60)).await;
    for trace in ["51.498764", "0.123457"] {
        assert!(!holds(Path::new(dir.path()), "", trace.as_bytes()), "{trace} is written somewhere");
    }
}

#[tokio::test]
async fn without_a_list_the_official_finder_is_named() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let anna = fake.person(7);
    let asked = say(&fake, &anna, "/near").await;
    assert!(asked.text.contains("I have no list of places"), "{}", asked.text);
    fake.wait_shown(anna.send_other(location(51.5, -0.1))).await;
    assert!(fake.chat(7).last().text.contains("I have no list of places"));
}

#[tokio::test]
async fn a_broken_list_stops_the_start_and_says_where() {
    let (fake, dir) = (Fake::start().await, folder());
    let list = dir.path().join("services.csv");
    std::fs::write(&list, "name,kind,latitude,longitude,phone,link\nUnit,,91,0,,\n").expect("a file");
    let list = list.display().to_string();
    let mut bot = Bot::spawn(&fake.url(), &dir, &[("SERVICES", list.as_str())]);
    assert_eq!(bot.wait_exit(Duration::from_secs(10)).await.code(), Some(2));
    for word in ["services.csv:2:7", "BC0065", "Mend them"] {
        assert!(bot.output().contains(word), "no {word} in:\n{}", bot.output());
    }
}
