//! What the fake refuses, to the letter, and what it lets pass.

use serde_json::{Value, json};

use crate::client::{acquainted, call, refused, request, send};
use crate::fake::{Fake, TOKEN};

#[tokio::test]
async fn strangers_and_unknown_methods_are_turned_away() {
    let fake = Fake::start().await;
    let (status, body) = request(&fake, "GET /bot1:X/getMe HTTP/1.1", "").await.unwrap();
    assert_eq!(status, 401);
    assert_eq!(body, r#"{"description":"Unauthorized","error_code":401,"ok":false}"#);
    let (status, _) = request(&fake, "GET / HTTP/1.1", "").await.unwrap();
    assert_eq!(status, 404);
    assert_eq!(refused(&fake, "sendDice", json!({})).await, "Not Found");
    let head = format!("POST /bot{TOKEN}/getMe HTTP/1.1\r\ncontent-type: application/json");
    let (status, _) = request(&fake, &head, "{broken").await.unwrap();
    assert_eq!(status, 400);
}

#[tokio::test]
async fn texts_are_refused_as_telegram_refuses_them() {
    let (fake, _anna) = acquainted().await;
    let bold = |offset: i64, length: i64| json!({"type": "bold", "offset": offset, "length": length});
    let entities = |text: &str, entities: Value| json!({"text": text, "entities": entities});
    let html = |text: &str| json!({"text": text, "parse_mode": "HTML"});
    let link = |url: &str| json!([{"type": "text_link", "offset": 0, "length": 1, "url": url}]);
    let cases = [
        (json!({}), "message text is empty"),
        (json!({"text": ""}), "message text is empty"),
        (json!({"text": " \n"}), "text must be non-empty"),
        (json!({"text": "x".repeat(4097)}), "message is too long"),
        (json!({"text": "🏟".repeat(2049)}), "message is too long"),
        (json!({"text": "x", "parse_mode": "INVALID"}), "unsupported parse_mode"),
        (html("<b>unclosed"), "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        (
            html("<b><i>test</b></i>"),
            "can't parse entities: Unmatched end tag at byte offset 10, \
             expected \"</i>\", found \"</b>\"",
        ),
        (html("1 < 2"), "can't parse entities: Unsupported start tag \"\" at byte offset 2"),
        (html("1 <2"), "can't parse entities: Unclosed start tag at byte offset 2"),
        (html("<br>"), "can't parse entities: Unsupported start tag \"br\" at byte offset 0"),
        (html("a</b>"), "can't parse entities: Unexpected end tag at byte offset 1"),
        (html("<i   =a>"), "can't parse entities: Empty attribute name in the tag \"i\" at byte offset 0"),
        (html("<span>a</span>"), "can't parse entities: Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
        (entities("hello", json!([bold(100, 1)])), "entity begins after the end of the text at UTF-16 offset 100"),
        (
            entities("hello", json!([bold(0, 100)])),
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
        ),
        (entities("hello", json!([bold(-1, 1)])), "receive an entity with incorrect offset -1"),
        (entities("hello", json!([bold(0, -1)])), "receive an entity with incorrect length -1"),
        (entities("hello", json!([bold(0, 0)])), "receive an entity with incorrect length 0"),
        (entities("👉a", json!([bold(1, 1)])), "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            entities("👉a", json!([bold(0, 1)])),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
        ),
        (
            entities("a", json!([{"type": "shout", "offset": 0, "length": 1}])),
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (entities("a", link("not-a-url")), "entity URL 'not-a-url' is invalid: Wrong HTTP URL"),
        (entities("a", link("tel:999")), "entity URL 'tel:999' is invalid: Wrong HTTP URL"),
        (entities("a", link("")), "entity URL '' is invalid: URL host is empty"),
        (entities(&"a".repeat(200), (0..101).map(|at| bold(at, 1)).collect()), "ENTITIES_TOO_LONG"),
    ];
    let expected = cases.len();
    for (mut params, why) in cases {
        params["chat_id"] = 7.into();
        let refusal = refused(&fake, "sendMessage", params.clone()).await;
        assert_eq!(refusal, format!("Bad Request: {why}"), "{params}");
    }
    assert_eq!(fake.refusals().len(), expected);
    assert!(fake.chat(7).messages().is_empty());
}

#[tokio::test]
async fn texts_arrive_as_a_reader_sees_them() {
    let (fake, _anna) = acquainted().await;
    let text = " <b>Bend</b> &amp; <a href=\"https://nhs.uk/?a=1&amp;b=2\">read <i>on</i></a> &#128073; \n";
    call(&fake, "sendMessage", json!({"chat_id": 7, "text": text, "parse_mode": "html"})).await;
    let entities = json!([{"type": "bold", "offset": 2, "length": 4}]);
    call(&fake, "sendMessage", json!({"chat_id": "7", "text": "  👉ab ", "entities": entities})).await;
    let messages = fake.chat(7).messages();
    assert_eq!(messages[0].text, "Bend & read on 👉");
    let expected = json!([
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 7, "length": 7, "url": "https://nhs.uk/?a=1&b=2"},
        {"type": "italic", "offset": 12, "length": 2},
    ]);
    assert_eq!(Value::from(messages[0].entities.clone()), expected);
    assert_eq!(messages[1].text, "👉ab");
    assert_eq!(messages[1].entities, [json!({"type": "bold", "offset": 0, "length": 4})]);
    assert!(fake.refusals().is_empty());
}

#[tokio::test]
async fn keyboards_are_refused_as_telegram_refuses_them() {
    let (fake, _anna) = acquainted().await;
    let button = |data: &str| json!({"text": "A", "callback_data": data});
    let cases = [
        (json!([[{"callback_data": "x"}]]), "can't parse inline keyboard button: Can't find field \"text\""),
        (json!([[{"text": " ", "callback_data": "x"}]]), "inline keyboard button text must be non-empty"),
        (json!([[button("")]]), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (json!([[button(&"x".repeat(65))]]), "BUTTON_DATA_INVALID"),
        (json!([[button(&"é".repeat(33))]]), "BUTTON_DATA_INVALID"),
        (json!([[{"text": "A", "url": "tel:111"}]]), "inline keyboard button URL 'tel:111' is invalid: Wrong HTTP URL"),
        (
            json!([[{"text": "A", "url": "ftp://a.org"}]]),
            "inline keyboard button URL 'ftp://a.org' is invalid: Unsupported URL protocol",
        ),
        (json!([vec![button("x"); 9]]), "REPLY_MARKUP_INVALID"),
        (json!(vec![vec![button("x"); 8]; 13]), "REPLY_MARKUP_TOO_LONG"),
        (json!("bad"), "field \"inline_keyboard\" must be of type Array"),
    ];
    for (rows, why) in cases {
        let params = json!({"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": rows}});
        assert_eq!(refused(&fake, "sendMessage", params).await, format!("Bad Request: {why}"));
    }
    let id = send(&fake, "x", json!([[], [button(&"x".repeat(64))], []])).await;
    assert_eq!(fake.chat(7).message(id).keyboard.len(), 1);
    let params = json!({"chat_id": 7, "message_id": id, "reply_markup": {"force_reply": true}});
    let refusal = refused(&fake, "editMessageReplyMarkup", params).await;
    assert_eq!(refusal, "Bad Request: inline keyboard expected");
}

#[tokio::test]
async fn edits_are_held_to_the_rules() {
    let (fake, anna) = acquainted().await;
    let rows = json!([[{"text": "A", "callback_data": "a"}]]);
    let id = send(&fake, "one", rows.clone()).await;
    let edit =
        |id: i64, text: &str| json!({"chat_id": 7, "message_id": id, "text": text, "reply_markup": {"inline_keyboard": rows}});
    let refusal = refused(&fake, "editMessageText", edit(id, "one")).await;
    assert!(refusal.starts_with("Bad Request: message is not modified: specified new"), "{refusal}");
    let answer = call(&fake, "EditMessageText", edit(id, "two")).await;
    assert_eq!(answer["result"]["text"], "two", "{answer}");
    assert_eq!((fake.chat(7).last().edits, fake.chat(7).messages().len()), (1, 1));
    call(&fake, "editMessageReplyMarkup", json!({"chat_id": 7, "message_id": id})).await;
    assert!(fake.chat(7).last().keyboard.is_empty());

    let missing = refused(&fake, "editMessageText", edit(99, "x")).await;
    assert_eq!(missing, "Bad Request: message to edit not found");
    let theirs = refused(&fake, "editMessageText", edit(1, "x")).await;
    assert_eq!(theirs, "Bad Request: message can't be edited");
    fake.chat(7).freeze(id);
    let old = refused(&fake, "editMessageText", edit(id, "x")).await;
    assert_eq!(old, "Bad Request: message can't be edited");

    let other = send(&fake, "gone soon", json!([])).await;
    let deletion = json!({"chat_id": 7, "message_id": other});
    assert_eq!(call(&fake, "deleteMessage", deletion.clone()).await["ok"], true);
    let again = refused(&fake, "deleteMessage", deletion).await;
    assert_eq!(again, "Bad Request: message to delete not found");

    let stranger = json!({"chat_id": 8, "text": "x"});
    let stranger = refused(&fake, "sendMessage", stranger).await;
    assert_eq!(stranger, "Bad Request: chat not found");
    anna.block();
    let blocked = refused(&fake, "sendMessage", json!({"chat_id": 7, "text": "x"})).await;
    assert_eq!(blocked, "Forbidden: bot was blocked by the user");
    anna.unblock();
    anna.deactivate();
    let gone = refused(&fake, "sendMessage", json!({"chat_id": 7, "text": "x"})).await;
    assert_eq!(gone, "Forbidden: user is deactivated");
}

#[tokio::test]
async fn what_the_bot_tells_about_itself_is_checked_and_kept() {
    let fake = Fake::start().await;
    let commands = |name: &str, text: &str| json!({"commands": [{"command": name, "description": text}]});
    let set = |params: Value| refused(&fake, "setMyCommands", params);
    assert_eq!(set(commands("Start", "x")).await, "Bad Request: BOT_COMMAND_INVALID");
    assert_eq!(set(commands(&"a".repeat(33), "x")).await, "Bad Request: BOT_COMMAND_INVALID");
    let long = "x".repeat(257);
    assert_eq!(set(commands("a", &long)).await, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    assert_eq!(set(commands("a", "")).await, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    let mut french = commands("help", "aide");
    french["language_code"] = "fr".into();
    assert_eq!(call(&fake, "setMyCommands", french).await["ok"], true);
    assert_eq!(fake.profile().commands["default/fr"][0]["command"], "help");
    assert_eq!(call(&fake, "getMyCommands", json!({})).await["result"], json!([]));
    let long = json!({"description": "x".repeat(513)});
    assert_eq!(refused(&fake, "setMyDescription", long).await, "Bad Request: description is too long");
    call(&fake, "setMyShortDescription", json!({"short_description": "hi"})).await;
    assert_eq!(fake.profile().short_descriptions["default"], "hi");
}
