//! Languages: the one of the app, the one that was chosen, and what nobody has checked yet.

use std::time::Duration;

use crate::bot::{Bot, folder, press, say};
use crate::fake::Fake;

const HURTS: &str = "Me duele ahora";
const HELP: &str = "¿Cuándo pido ayuda?";

#[tokio::test]
async fn whoever_has_a_spanish_phone_is_met_in_spanish_and_told_that_nobody_has_checked_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    let person = fake.person(7).language("es-MX");
    let home = say(&fake, &person, "/start").await;
    assert!(home.text.starts_with("Hola.") && home.text.contains("Traducción automática"), "{}", home.text);
    assert!(press(&fake, &person, HURTS).await.text.contains("Traducción automática"));

    // What could harm stays in English, and says why.
    say(&fake, &person, "/start").await;
    let list = press(&fake, &person, HELP).await;
    assert!(list.text.contains("está en inglés") && list.text.contains("right now"), "{}", list.text);
    let advice = press(&fake, &person, "Yes, any of these").await;
    assert!(advice.text.contains("Call") && advice.text.contains("está en inglés"), "{}", advice.text);

    // A language that the book doesn't speak is met in its own.
    let other = say(&fake, &fake.person(8).language("de"), "/start").await;
    assert!(other.text.starts_with("Hello."), "{}", other.text);
    assert!(bot.breaks().is_empty() && fake.unanswered().is_empty());
}

#[tokio::test]
async fn an_operator_can_show_what_nobody_has_checked() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start_with(&fake, &dir, &[("UNCHECKED_TRANSLATIONS", "on")]).await;
    let person = fake.person(7).language("es");
    say(&fake, &person, "/start").await;
    let list = press(&fake, &person, HELP).await;
    assert!(list.text.contains("Traducción automática") && !list.text.contains("right now"), "{}", list.text);
}

#[tokio::test]
async fn a_language_that_was_chosen_stays_and_the_place_stays_too() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start(&fake, &dir).await;
    let person = fake.person(7);
    say(&fake, &person, "/language").await;
    let menu = press(&fake, &person, "Polski").await;
    assert!(menu.text.contains("Tłumaczenie maszynowe"), "{}", menu.text);
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
    let _bot = Bot::start(&fake, &dir).await;
    let home = say(&fake, &person, "/start").await;
    assert!(home.text.contains("Tłumaczenie maszynowe"), "{}", home.text);
    // Right to left, and back.
    say(&fake, &person, "/language").await;
    press(&fake, &person, "العربية").await;
    say(&fake, &person, "/language").await;
    let english = press(&fake, &person, "English").await;
    assert!(!english.text.contains("Tłumaczenie"), "{}", english.text);
    assert!(say(&fake, &person, "/start").await.text.starts_with("Hello."));
}

#[tokio::test]
async fn a_warning_sign_is_heard_in_every_language() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    for (id, typed) in
        [(1, "no siento la pierna izquierda"), (2, "nie czuję nogi"), (3, "لا احس برجلي"), (4, "cant feel my left leg")]
    {
        for language in ["en", "es"] {
            let person = fake.person(id).language(language);
            let answer = say(&fake, &person, typed).await;
            assert!(answer.text.contains("Call") && answer.text.contains("now"), "{typed} ({language}): {}", answer.text);
        }
    }
}

#[tokio::test]
async fn telegram_is_told_commands_and_descriptions_in_each_language() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    let told = |fake: &Fake| {
        let profile = fake.profile();
        ["default", "default/es", "default/pl", "default/ar"]
            .iter()
            .all(|place| profile.commands.contains_key(*place) && profile.short_descriptions.contains_key(*place))
    };
    fake.wait_until("all languages to be told", told).await;
    let profile = fake.profile();
    assert_ne!(profile.descriptions["default"], profile.descriptions["default/es"]);
}
