//! The phone: the triage by clicks, who reads and when, an exercise that counts by itself.

use serde_json::json;

use crate::author::{Author, NEWEST};

pub async fn it_is_pressed_and_read_like_a_chat(author: &Author) {
    the_triage_ends_in_advice(author).await;
    who_reads_changes_what_is_read(author).await;
    a_picture_comes_in_place(author).await;
    an_exercise_counts(author).await;
    author.has_no_complaints().await;
}

async fn the_triage_ends_in_advice(author: &Author) {
    author.reads("A sore back wears you out.").await;
    let messages = author.messages().await;
    assert_eq!(messages.len(), 2, "what was typed, and the answer");
    for (pressed, says) in [
        ("When should I get help?", "Any of these right now?"),
        ("None of these", "How many weeks pregnant are you?"),
        ("20 to 27", "Any of these?"),
        ("None of these", "And any of these? Tick all that fit."),
        ("☐ Fever, shivers or pain in my side", "And any of these? Tick all that fit."),
        ("Done", "Call now and ask to be seen today"),
    ] {
        author.press(pressed).await;
        author.reads(says).await;
    }
    assert_eq!(author.here().await, "call-today");
    assert_eq!(author.messages().await, messages, "all of it in place");
}

async fn who_reads_changes_what_is_read(author: &Author) {
    let window = &author.window;
    let messages = author.messages().await;
    author.does(async || window.choose("Country", "England, Scotland or Wales").await).await;
    author.reads("your midwife, your GP or 111.").await;
    author.does(async || window.choose("Country", "United States").await).await;
    window.wait_until("other numbers", &format!("!document.querySelector('{NEWEST} .words').innerText.includes('111')")).await;

    assert_eq!(window.eval("document.querySelector('.chat-of').dir").await, json!("ltr"));
    author.does(async || window.choose("Language", "العربية").await).await;
    assert_eq!(
        window.eval("[document.querySelector('.chat-of').dir, document.querySelector('.chat-of').lang]").await,
        json!(["rtl", "ar"])
    );
    assert_eq!((author.here().await.as_str(), author.messages().await), ("call-today", messages.clone()));
    author.does(async || window.choose("Language", "English").await).await;

    author.types("/weekly").await;
    let without = window.text(&format!("{NEWEST} .words")).await;
    author.does(async || window.choose("Week told", "30").await).await;
    author.does(async || window.type_into("Day", "2026-12-24").await).await;
    author.types("/weekly").await;
    assert_ne!(window.text(&format!("{NEWEST} .words")).await, without, "somebody who has signed up");

    // A press is taken back, and so is what was typed before it.
    let before = (author.here().await, author.messages().await);
    author.press("Get help").await;
    author.reads("Any of these right now?").await;
    author.does(async || window.click("Take back").await).await;
    assert_eq!((author.here().await, author.messages().await), before);
    author.does(async || window.click("Take back").await).await;
    assert_eq!(author.messages().await.len(), before.1.len() - 2);

    author.does(async || window.choose("Week told", "none").await).await;
    author.does(async || window.choose("Country", "not known").await).await;
    author.does(async || window.click("Start over").await).await;
    author.reads("A sore back wears you out.").await;
    assert_eq!(author.messages().await.len(), 2);
    assert_eq!(window.eval("document.querySelector('[data-deed=undo]').disabled").await, json!(true));
}

async fn a_picture_comes_in_place(author: &Author) {
    author.press("Everyday tips").await;
    let messages = author.messages().await;
    author.press("Standing and lifting").await;
    author.reads("Stand tall").await;
    let picture = format!("document.querySelector('{NEWEST} img')");
    author.window.wait_until("the picture", &format!("{picture}?.complete && {picture}.naturalWidth > 0")).await;
    let alt = author.window.eval(&format!("{picture}.alt")).await;
    assert!(alt.as_str().is_some_and(|alt| alt.starts_with("Front view: standing tall")), "{alt}");
    assert_eq!(author.messages().await, messages, "a picture may come in place of words");

    author.press("Back").await;
    author.reads("Here's one for now").await;
    assert_eq!(author.window.eval(&format!("{picture} === null")).await, json!(true));
    let after = author.messages().await;
    assert!(
        after.len() == messages.len() && after.last() > messages.last(),
        "words come below, and the picture goes: {after:?}"
    );
}

/// Makes the page's clock quick until the second round is shown; then whatever takes a second or more never comes. All that is shown
/// meanwhile is kept in `seen`, for no test looks quicker than a clock.
const QUICK: &str = "(() => {
    const real = window.setTimeout;
    window.hasty = true;
    window.seen = '';
    window.setTimeout = (work, after, ...more) =>
        after < 1000 ? real(work, after, ...more) : real(() => window.hasty && work(), after / 20);
    new MutationObserver(() => {
        const now = document.querySelector('#phone [data-newest] .words')?.innerText ?? '';
        if (window.hasty) window.seen += now.replace(/\\s+/g, ' ') + '\\n';
        if (now.includes('2 of 10')) window.hasty = false;
    }).observe(document.querySelector('#phone'), { childList: true });
})()";

async fn an_exercise_counts(author: &Author) {
    let window = &author.window;
    author.types("/start all-fours").await;
    author.press("None of these").await;
    author.reads("on your hands and knees").await;
    let messages = author.messages().await;
    window.eval(QUICK).await;
    author.press("Do it with me").await;
    // Nobody presses, and it goes on.
    window.wait_until("the second round", "!window.hasty").await;
    let seen = window.eval("window.seen").await;
    let mut rest = seen.as_str().unwrap();
    for says in ["Get into place.", "1 of 10", "Move slowly. ▱▱▱▱", "Hold. Keep breathing. ▱▱▱▱▱", "▰▰▱▱▱", "2 of 10"]
    {
        rest = rest.split_once(says).unwrap_or_else(|| panic!("no {says} in its turn:\n{seen}")).1;
    }
    let is_due = async || window.eval("'due' in document.querySelector('.chat-of').dataset").await;
    assert_eq!(is_due().await, json!(true));
    author.press("Pause").await;
    author.reads("Paused. Take your time.").await;
    assert_eq!(is_due().await, json!(false));
    author.press("Go on").await;
    author.reads("2 of 10").await;
    assert_eq!(is_due().await, json!(true));
    assert_eq!(author.messages().await, messages, "all of it in place");
}
