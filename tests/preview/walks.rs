//! The weekly calendar, and a conversation that is kept as a walk.

use std::fs;

use serde_json::json;

use crate::author::Author;

pub async fn a_tip_is_read_and_a_conversation_is_kept(author: &Author) {
    author.starts_over().await;
    a_tip_of_the_calendar_is_read(author).await;
    a_conversation_is_kept(author).await;
    // Every refusal is an answer that the browser notes.
    let complaints = author.window.complaints().await;
    assert!(complaints.len() == 1 && complaints[0].contains("409"), "{complaints:?}");
}

async fn a_tip_of_the_calendar_is_read(author: &Author) {
    let window = &author.window;
    author.looks_at("weekly").await;
    window.type_into("First day", "2026-11-30").await;
    window.wait_for_words("the first on 30 November 2026").await;
    let early = window.text("#calendar .sum").await;
    window.choose("Week on the first day", "30").await;
    window
        .wait_until("another calendar", &format!("document.querySelector('#calendar .sum').innerText !== {}", json!(early)))
        .await;
    let tips = window.texts("#calendar .tip").await;
    assert!(tips.len() > 8, "{tips:?}");
    let messages = author.messages().await.len();
    let first = window.eval("document.querySelector('#calendar .tip').dataset.tip").await;
    author.does(async || window.click("#calendar .tip").await).await;
    assert_eq!(author.messages().await.len(), messages + 1);
    author.looks_at("walk").await;
    let line = format!("tip: {}", first.as_str().unwrap());
    window
        .wait_until("the tip in the walk", &format!("document.querySelector('#recorded').innerText.includes('{line}')"))
        .await;
}

async fn a_conversation_is_kept(author: &Author) {
    let (preview, window) = (&author.preview, &author.window);
    author.does(async || window.click("Start over").await).await;
    author.does(async || window.choose("Country", "England, Scotland or Wales").await).await;
    author.press("It hurts now").await;
    author.press("Pain relief").await;
    author.types("i cant feel my legs").await;
    author.reads("Call 999 now").await;
    window.wait_until("the last line", "document.querySelector('#recorded pre')?.innerText.includes('Call 999 now')").await;
    let shown = window.text("#recorded pre").await;
    for line in ["region: gb", "[It hurts now]", "[Pain relief]", "> i cant feel my legs"] {
        assert!(shown.lines().any(|each| each == line), "{line} is not in\n{shown}");
    }

    window.type_into("Name", "legs-at-night").await;
    window.click("Save").await;
    window.wait_until("the answer", "document.querySelector('#saved').innerText.includes('Saved as')").await;
    let file = preview.path("walks/legs-at-night.walk");
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), shown);
    let folder = preview.path("walks");
    let played = preview.backcare(&["test", "legs-at-night", "--walks", folder.to_str().unwrap()]);
    assert!(played.status.success(), "{}{}", String::from_utf8_lossy(&played.stdout), String::from_utf8_lossy(&played.stderr));

    author.press("Back").await;
    window.click("Save").await;
    window.wait_until("a refusal", "document.querySelector('#saved').innerText.includes('is there already')").await;
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), shown, "it stays as it was");
    // A name that leads out of the folder isn't even sent.
    window.type_into("Name", "../x").await;
    window.click("Save").await;
    assert_eq!(window.eval("document.querySelector('#save').checkValidity()").await, json!(false));
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    assert!(!preview.path("x.walk").exists());
}
