//! What is kept of a reader: each column of the database has its words on the privacy pages, all of it comes with /export, and none of it
//! is there after /forget, or once nobody has come for long.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use backcare::config::Settings;
use backcare::dialogue::weekly::Slot;
use backcare::dialogue::{Asked, Book, Effect, Event, Input, Page, Press, Rated, Reader, step};
use backcare::lint;
use backcare::service::library::Library;
use backcare::service::{Service, export, retention};
use backcare::store::{Kept, Store, UnderWay};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use stores::Place;
use stores::weekly::{MONDAY, WEEK_ZERO, at, begin, claim, subscribed};
use tokio::sync::watch;

on_every_store! {
    every_column_has_its_words_on_the_privacy_pages,
    all_that_is_kept_comes_with_the_file,
    whoever_forgets_everything_gets_an_empty_file,
    nothing_is_said_to_be_deleted_that_is_not,
    a_visit_is_written_once_a_day_and_of_a_stranger_never,
    whoever_has_not_come_for_long_is_forgotten,
    whoever_comes_back_in_time_stays,
    an_end_of_the_tips_leaves_no_row_behind_for_a_visit,
    an_end_of_the_tips_takes_nothing_else_along,
    replicas_forget_at_once_and_nobody_twice,
}

/// Where a reader is told of a column.
enum Told {
    /// A page, words of it, and where the value stands in the file.
    On(&'static str, &'static str, &'static str),
    /// A page and words of it; the file leaves it out, because it is gone once the file is there.
    Gone(&'static str, &'static str),
    /// Why a reader needn't be told.
    Technical(&'static str),
}

use Told::{Gone, On, Technical};

const KEPT: &str = "privacy-kept";
const WEEKLY: &str = "privacy-weekly";
const MORE: &str = "privacy-more";
const LEASE: &str = "which process has it in hand";

/// Every column of the database, and the words of the book that tell of it.
#[rustfmt::skip] // a row is read from left to right
const COLUMNS: &[(&str, Told)] = &[
    ("readers.chat",                On(KEPT, "this chat's number", "/kept/chat_number")),
    ("readers.region",              On(KEPT, "your country and language, if you chose them", "/kept/country")),
    ("readers.language",            On(KEPT, "your country and language, if you chose them", "/kept/language")),
    ("readers.unit_number",         On(KEPT, "your unit's number, if you typed it, sealed", "/kept/number_of_own_unit")),
    ("readers.asked",               On(KEPT, "which question I asked last", "/kept/waiting_for_an_answer/question")),
    ("readers.seen",                On(KEPT, "the day of your last visit", "/kept/last_visit")),
    ("subscriptions.chat",          On(KEPT, "this chat's number", "/kept/chat_number")),
    ("subscriptions.zone",          On(WEEKLY, "your time zone, day and hour", "/kept/weekly_tips/time_zone")),
    ("subscriptions.day",           On(WEEKLY, "your time zone, day and hour", "/kept/weekly_tips/day")),
    ("subscriptions.hour",          On(WEEKLY, "your time zone, day and hour", "/kept/weekly_tips/hour")),
    ("subscriptions.week_zero",     On(WEEKLY, "the day your pregnancy began, sealed", "/kept/weekly_tips/week_0_began_on")),
    ("subscriptions.paused_until",  On(WEEKLY, "a pause", "/kept/weekly_tips/paused_up_to_and_with")),
    ("subscriptions.sent",          On(WEEKLY, "how many", "/kept/weekly_tips/sent_so_far")),
    ("subscriptions.last_at",       On(WEEKLY, "which tips you had, when", "/kept/weekly_tips/last_sent_at")),
    ("subscriptions.next_on",       On(WEEKLY, "when the next one comes", "/kept/weekly_tips/next_one/for_the_day")),
    ("subscriptions.next_at",       On(WEEKLY, "when the next one comes", "/kept/weekly_tips/next_one/at")),
    ("subscriptions.leased_until",  Technical(LEASE)),
    ("deliveries.chat",             On(KEPT, "this chat's number", "/kept/chat_number")),
    ("deliveries.day",              On(WEEKLY, "which tips you had, when", "/kept/tips_received/0/for_the_day")),
    ("deliveries.tip",              On(WEEKLY, "which tips you had", "/kept/tips_received/0/tip")),
    ("deliveries.leased_until",     Technical(LEASE)),
    ("deliveries.zone",             On(WEEKLY, "your time zone, day and hour", "/kept/tips_received/1/on_its_way/time_zone")),
    ("deliveries.hour",             On(WEEKLY, "your time zone, day and hour", "/kept/tips_received/1/on_its_way/hour")),
    ("deliveries.helpful",          On(WEEKLY, "whether they helped", "/kept/tips_received/0/helpful")),
    ("deliveries.missing",          On(WEEKLY, "what was missing", "/kept/tips_received/0/missing")),
    ("exercises.chat",              On(KEPT, "this chat's number", "/kept/chat_number")),
    ("exercises.message",           On(KEPT, "how far an exercise is, until its end", "/kept/exercise/message")),
    ("exercises.token",             On(KEPT, "how far an exercise is, until its end", "/kept/exercise/button_that_goes_on")),
    ("exercises.due",               On(KEPT, "how far an exercise is, until its end", "/kept/exercise/at")),
    ("exercises.replica",           Technical(LEASE)),
    ("saved_pages.chat",            On(KEPT, "this chat's number", "/kept/chat_number")),
    ("saved_pages.sealed",          On(MORE, "the pages that you saved, sealed", "/kept/saved_pages/0")),
    ("ratings.chat",                On(KEPT, "this chat's number", "/kept/chat_number")),
    ("ratings.page",                On(MORE, "whether a page helped you", "/kept/rated_pages/0/page")),
    ("ratings.value",               On(MORE, "whether a page helped you", "/kept/rated_pages/0/from_1_to_5")),
    ("ratings.missing",             On(MORE, "and what was missing", "/kept/rated_pages/0/missing")),
    ("inbox.update_id",             Gone("privacy", "A message waits sealed until I have answered, then it goes")),
    ("inbox.sealed",                Gone("privacy", "A message waits sealed until I have answered, then it goes")),
    ("inbox.replica",               Technical(LEASE)),
    ("pictures.content",            Technical("what a picture of the book holds, nobody's")),
    ("pictures.id",                 Technical("Telegram's name for a picture of the book, nobody's")),
    ("key_check.id",                Technical("a text that everybody knows, by which the key is known; nobody's")),
    ("key_check.sealed",            Technical("a text that everybody knows, by which the key is known; nobody's")),
    ("replicas.id",                 Technical("a process of the bot, nobody's")),
    ("replicas.leased_until",       Technical("a process of the bot, nobody's")),
    ("replicas.replies",            Technical("how many replies a second a process sends, nobody's")),
];

/// The shipped book.
fn book() -> Arc<Book> {
    static BOOK: OnceLock<Arc<Book>> = OnceLock::new();
    let read = || lint::check_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dialogues"))).0.expect("a whole book");
    Arc::clone(BOOK.get_or_init(|| Arc::new(read())))
}

async fn columns_of(place: &Place) -> BTreeSet<String> {
    let sql = if place.is_file {
        "SELECT t.name || '.' || c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' \
         AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations'"
    } else {
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() \
         AND table_name <> '_sqlx_migrations'"
    };
    place.column::<String>(sql).await.into_iter().collect()
}

/// A page of the shipped book as it is read.
fn page(id: &str) -> String {
    let book = book();
    let turn = step(&book, Reader::default(), &Input { at: at(0), event: Event::Started(Some(id.to_owned())) });
    let Effect::Send(screen) = &turn.effects[0] else { panic!("{:?}", turn.effects) };
    book.compose(screen, &turn.reader).text.words.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn every_column_has_its_words_on_the_privacy_pages(place: Place) {
    place.open().await.close().await;
    for column in columns_of(&place).await {
        let told = COLUMNS.iter().find(|(name, _)| *name == column).map(|(_, told)| told);
        match told.unwrap_or_else(|| panic!("{column}: no words on the privacy pages are named for it here")) {
            On(id, words, _) | Gone(id, words) => assert!(page(id).contains(words), "{column}: {id} doesn't say {words:?}"),
            Technical(why) => assert!(!why.is_empty()),
        }
    }
}

#[test]
fn no_line_of_the_table_outlives_its_column() {
    let mut migrations = String::new();
    for kind in ["sqlite", "postgres"] {
        for file in fs::read_dir(format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            migrations += &fs::read_to_string(file.unwrap().path()).unwrap();
        }
    }
    for (column, _) in COLUMNS {
        let (table, name) = column.split_once('.').unwrap();
        assert!(migrations.contains(&format!("TABLE {table}")) && migrations.contains(name), "{column} is in no migration");
    }
}

/// Telegram's copy is told of, and how to delete it; so is what is not kept.
#[test]
fn the_privacy_page_tells_of_telegram_and_how_to_see_and_delete_everything() {
    assert!(page("privacy").contains("Telegram keeps this chat, buttons and ticks too"));
    assert!(page("privacy").contains("I don't keep what you type or tick"));
    assert!(page("privacy-chat").contains("Press Delete."));
    assert!(page("privacy-how-long").contains("don't come for a year"));
    let book = book();
    let leads = book.node(book.find("privacy").unwrap()).leads_to();
    for id in ["privacy-kept", "privacy-how-long", "privacy-chat", "export", "forget"] {
        assert!(leads.contains(&book.find(id).unwrap()), "{id}");
    }
}

/// The book promises a year at most; a longer time would make a lie of it.
#[test]
fn no_setting_keeps_anybody_for_longer_than_the_book_says() {
    let with = |days: &str| {
        let pairs = [("TELOXIDE_TOKEN", "1:a"), ("RETENTION", days)];
        Settings::from_env(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(with("").unwrap().retention_days, 365);
    assert_eq!(with("30d").unwrap().retention_days, 30);
    for wrong in ["0d", "366d", "30", "d", "-1d", "12h", "a year"] {
        let error = with(wrong).unwrap_err().to_string();
        assert!(error.starts_with("RETENTION: is no number of days from 1d to 365d") && !error.contains('\n'), "{error}");
    }
}

// --- the file ------------------------------------------------------------------------------------------------------------------------

/// A reader of whom everything is kept that can be: two tips, one out and rated, one on its way.
async fn everything(store: &dyn Store, chat: i64) -> Reader {
    let mut reader = subscribed(MONDAY);
    (reader.asked, reader.seen, reader.language) = (Some(Asked::Week { tries: 1 }), Some(MONDAY), Some("es".into()));
    reader.saved = vec!["lifting".into(), "bath".into()];
    reader.unit_number = Some("020 7946 0123".into());
    let rated = Rated { value: 1, missing: Some("too-long".into()) };
    reader.ratings = [(String::from("lifting"), rated), (String::from("sleep"), Rated { value: 5, missing: None })].into();
    store.save(chat, &reader).await.unwrap();
    let under_way = UnderWay { message: 12, token: "1AAAA".into(), due: at(0) };
    store.keep_exercise(chat, &under_way).await.unwrap();
    for (week, tip) in [(0, "socks"), (1, "bath")] {
        let due = claim(store, week * 7 * 86_400, 9).await;
        let due = due.into_iter().find(|due| due.chat == chat).unwrap();
        assert!(begin(store, &due, tip, at(week * 7 * 86_400)).await);
        if week == 0 {
            store.delivered(chat, MONDAY, None).await.unwrap();
            store.rate(chat, tip, false, Some("too-long")).await.unwrap();
        }
    }
    let before = store.reader(chat).await.unwrap();
    let mut paused = before.clone();
    paused.weekly.as_mut().unwrap().paused_until = Some(date(2027, 1, 4));
    assert!(store.change(chat, &before, &paused).await.unwrap());
    paused
}

async fn all_that_is_kept_comes_with_the_file(place: Place) {
    for store in place.open_each().await {
        let reader = everything(&*store, 7).await;
        store.save(8, &Reader { region: Some("us".into()), ..Reader::default() }).await.unwrap();
        store.inbox(&[], &[(900, b"my back hurts".to_vec())]).await.unwrap();
        let kept = store.kept(7).await.unwrap();
        assert_eq!((&kept.reader, kept.tips.len(), kept.week_is_closed), (&reader, 2, false));
        let file = export(7, &kept);
        let json: Value = serde_json::from_str(&file).unwrap();
        for (column, told) in COLUMNS {
            if let On(_, _, field) = told {
                assert!(json.pointer(field).is_some_and(|value| !value.is_null()), "{column}: no {field} in\n{file}");
            }
        }
        assert_eq!(json["kept"]["weekly_tips"]["week_0_began_on"], WEEK_ZERO.to_string());
        assert_eq!(json["kept"]["weekly_tips"]["next_one"]["at"], "2026-12-07T09:00:00Z");
        assert_eq!(json["kept"]["weekly_tips"]["paused_up_to_and_with"], "2027-01-03");
        assert_eq!(
            json["kept"]["tips_received"][0],
            json!({"for_the_day": "2026-11-23", "tip": "socks", "helpful": false, "missing": "too-long"})
        );
        assert_eq!(json["kept"]["rated_pages"][1], json!({"page": "sleep", "from_1_to_5": 5}));
        assert!(
            !file.contains("\"us\"") && !file.contains("900") && file.ends_with("}\n"),
            "somebody else's, or an update:\n{file}"
        );
        store.forget(7).await.unwrap();
        store.forget(8).await.unwrap();
        assert!(store.kept(7).await.unwrap().is_nothing());
        assert_eq!(export(7, &Kept::default()), "{\n  \"kept\": \"nothing\"\n}\n");
        store.close().await;
    }
    // Of a week that was damaged, the file says that there is one, and that it can't be opened.
    let store = place.open().await;
    everything(&*store, 9).await;
    store.close().await;
    let nothing = if place.is_file { "X'00'" } else { "'\\x00'::bytea" };
    place.run(&format!("UPDATE subscriptions SET week_zero = {nothing}")).await;
    let store = place.open().await;
    let kept = store.kept(9).await.unwrap();
    assert!(kept.week_is_closed && export(9, &kept).contains("sealed with a key that is lost"));
}

// --- by what the bot does --------------------------------------------------------------------------------------------------------------

fn service(store: &Arc<dyn Store>) -> Service {
    let (_, running) = watch::channel(Arc::new(Library::of(book())));
    Service { running, store: Arc::clone(store), meter: Arc::default(), facilities: Arc::default() }
}

/// One person who talks to the bot, some day.
struct Anna {
    service: Service,
    now: Timestamp,
    page: Option<Page>,
    file: Option<String>,
}

impl Anna {
    fn of(store: &Arc<dyn Store>, day: Date) -> Anna {
        Anna { service: service(store), now: stores::weekly::nine(day), page: None, file: None }
    }

    async fn does(&mut self, event: Event) -> String {
        let answer = self.service.turn(7, &Input { at: self.now, event }, None).await;
        let screen = answer.effects.into_iter().find_map(Effect::screen).expect("an answer");
        let page = answer.volume.book.compose(&screen, &answer.reader);
        self.file = answer.file.map(|file| file.content);
        let words = page.text.words.clone();
        self.page = Some(page);
        words
    }

    async fn says(&mut self, words: &str) -> String {
        self.does(Event::Said { words: words.into(), message: 1 }).await
    }

    async fn presses(&mut self, label: &str) -> String {
        let keys = self.page.iter().flat_map(|page| page.rows.iter().flatten());
        let press = keys.clone().find(|key| key.label == label).map(|key| key.press.clone());
        let Some(Press::Token(token)) = press else { panic!("no {label} in {:?}", keys.collect::<Vec<_>>()) };
        self.does(Event::Pressed(token)).await
    }

    async fn signs_up(&mut self) {
        self.says("/country").await;
        self.presses("England, Scotland or Wales").await;
        self.says("/weekly").await;
        assert!(self.presses("Yes please").await.starts_with("Done. First one:"));
    }
}

async fn whoever_forgets_everything_gets_an_empty_file(place: Place) {
    for store in place.open_each().await {
        let mut anna = Anna::of(&store, MONDAY);
        anna.signs_up().await;
        // A tip comes, and is rated.
        let before = store.reader(7).await.unwrap();
        let mut due = before.clone();
        due.weekly.as_mut().unwrap().next = Slot { on: MONDAY, at: at(0) };
        assert!(store.change(7, &before, &due).await.unwrap());
        let due = claim(&*store, 0, 9).await;
        assert!(begin(&*store, &due[0], "bend-your-knees", at(0)).await);
        store.delivered(7, MONDAY, None).await.unwrap();
        anna.does(Event::TipBegun { tip: "bend-your-knees".into() }).await;
        anna.presses("Helpful").await;
        anna.says("/export").await;
        let file = anna.file.take().unwrap();
        for kept in ["\"gb\"", "Europe/London", "bend-your-knees", "\"helpful\": true"] {
            assert!(file.contains(kept), "{kept} in\n{file}");
        }
        assert!(anna.says("/forget").await.starts_with("Shall I delete all"));
        assert_eq!(store.kept(7).await.unwrap().tips.len(), 1, "nothing goes before the answer");
        assert!(anna.presses("Yes, delete it all").await.starts_with("Done. All I kept of you is deleted"));
        for table in ["readers", "subscriptions", "deliveries", "exercises"] {
            assert_eq!(place.count(table).await, 0, "{table}");
        }
        anna.presses("See what is left").await;
        assert_eq!(anna.file.take().unwrap(), "{\n  \"kept\": \"nothing\"\n}\n");
        assert_eq!(place.count("readers").await, 0, "asking leaves nothing either");
        store.close().await;
    }
}

async fn nothing_is_said_to_be_deleted_that_is_not(place: Place) {
    let store = place.open().await;
    let mut anna = Anna::of(&store, MONDAY);
    anna.signs_up().await;
    anna.says("/forget").await;
    store.close().await;
    let told = anna.presses("Yes, delete it all").await;
    assert!(told.starts_with("Sorry, something broke on my side."), "{told}");
    let told = anna.says("/export").await;
    assert!(told.starts_with("Sorry, something broke on my side.") && anna.file.is_none(), "{told}");
    assert_eq!(place.count("subscriptions").await, 1);
}

// --- visits, and who stays away ------------------------------------------------------------------------------------------------------

async fn a_visit_is_written_once_a_day_and_of_a_stranger_never(place: Place) {
    let store = place.open().await;
    let mut anna = Anna::of(&store, MONDAY);
    anna.says("/start").await;
    anna.says("my back hurts").await;
    assert_eq!(place.count("readers").await, 0);
    anna.signs_up().await;
    assert_eq!(store.reader(7).await.unwrap().seen, Some(MONDAY));
    // What a turn leaves as it was is not written.
    anna.now += jiff::SignedDuration::from_hours(10);
    let reader = store.reader(7).await.unwrap();
    let again =
        step(&book(), reader.clone(), &Input { at: anna.now, event: Event::Said { words: "/help".into(), message: 1 } });
    assert_eq!(again.reader, reader, "a second visit of the day");
    anna.now += jiff::SignedDuration::from_hours(10);
    anna.says("/start").await;
    assert_eq!(store.reader(7).await.unwrap().seen, Some(MONDAY + 1.day()));
    // A tip that comes is no visit.
    let reader = store.reader(7).await.unwrap();
    let due = Event::TipDue { reader: 7, seen: Vec::new() };
    let turn = step(&book(), reader.clone(), &Input { at: at(30 * 86_400), event: due });
    assert_eq!(turn.reader.seen, reader.seen);
}

async fn whoever_has_not_come_for_long_is_forgotten(place: Place) {
    for store in place.open_each().await {
        let today = date(2027, 11, 30);
        let seen = |days: i64| Some(today - days.days());
        let of = |region: Option<&str>, seen| Reader { region: region.map(str::to_owned), seen, ..Reader::default() };
        store.save(1, &of(Some("gb"), seen(365))).await.unwrap();
        store.save(2, &of(Some("gb"), seen(366))).await.unwrap();
        store.save(3, &of(Some("gb"), None)).await.unwrap();
        // Weekly tips that nobody has reacted to for so long end too, with and without a country.
        store.save(4, &Reader { seen: seen(400), ..subscribed(MONDAY) }).await.unwrap();
        store.save(5, &Reader { region: None, seen: seen(400), ..subscribed(MONDAY) }).await.unwrap();
        store.save(6, &Reader { region: None, seen: seen(1), ..subscribed(MONDAY) }).await.unwrap();
        let due = claim(&*store, 0, 9).await;
        for due in &due {
            assert!(begin(&*store, due, "socks", at(0)).await);
        }
        for chat in 1..=6 {
            store.reader(chat).await.unwrap(); // and in memory, where there is one
        }
        assert_eq!(retention::run(&*store, 365, today).await.unwrap(), 3);
        for (chat, stays) in [(1, true), (2, false), (3, true), (4, false), (5, false), (6, true)] {
            assert_eq!(!store.kept(chat).await.unwrap().is_nothing(), stays, "{chat}");
            assert_eq!(!store.reader(chat).await.unwrap().is_stranger(), stays, "{chat}, from memory");
        }
        assert_eq!((place.count("subscriptions").await, place.count("deliveries").await), (1, 1));
        // What was on its way to them is recorded, and leaves nothing.
        for due in &due {
            store.delivered(due.chat, MONDAY, None).await.unwrap();
        }
        assert_eq!(place.count("deliveries").await, 1);
        // Of whom no visit was known, it counts from today.
        assert_eq!(store.reader(3).await.unwrap().seen, Some(today));
        assert_eq!(retention::run(&*store, 365, today).await.unwrap(), 0);
        for chat in 1..=6 {
            store.forget(chat).await.unwrap();
        }
        store.close().await;
    }
}

async fn whoever_comes_back_in_time_stays(place: Place) {
    let store = place.open().await;
    let mut anna = Anna::of(&store, MONDAY);
    anna.signs_up().await;
    let year_later = MONDAY + 365.days();
    assert_eq!(retention::run(&*store, 365, year_later).await.unwrap(), 0);
    anna.now = stores::weekly::nine(year_later);
    anna.says("/start").await;
    assert_eq!(retention::run(&*store, 365, year_later + 364.days()).await.unwrap(), 0);
    assert_eq!(retention::run(&*store, 365, year_later + 366.days()).await.unwrap(), 1);
    assert!(store.kept(7).await.unwrap().is_nothing());
    // They are met as a stranger, and whatever their old buttons do.
    assert!(anna.says("/weekly").await.starts_with("One short tip"));
}

async fn an_end_of_the_tips_leaves_no_row_behind_for_a_visit(place: Place) {
    let store = place.open().await;
    let signed_up = Reader { region: None, seen: Some(MONDAY), ..subscribed(MONDAY) };
    for how in ["gone", "stopped", "last", "put off for ever", "a turn that knew them"] {
        store.save(7, &signed_up).await.unwrap();
        assert_eq!(place.count("readers").await, 1, "{how}");
        let ended = Reader { weekly: None, seen: None, ..signed_up.clone() };
        match how {
            "gone" => store.gone(7).await.unwrap(),
            "stopped" => assert!(store.change(7, &signed_up, &ended).await.unwrap()),
            "last" => {
                let due = claim(&*store, 0, 9).await;
                assert!(store.begin(7, MONDAY, "socks", &due[0].reader, &ended, at(60)).await.unwrap());
                store.delivered(7, MONDAY, None).await.unwrap();
            }
            "put off for ever" => assert!(store.put_off(7, &signed_up, &ended).await.unwrap()),
            // The tips ended while a visit was on its way to be written.
            _ => {
                store.gone(7).await.unwrap();
                let today = Reader { seen: Some(MONDAY + 1.day()), ..signed_up.clone() };
                assert!(store.change(7, &signed_up, &today).await.unwrap());
            }
        }
        for table in ["readers", "subscriptions", "deliveries"] {
            assert_eq!(place.count(table).await, 0, "{how}: {table}");
        }
    }
}

/// Whoever adds a column names it where empty rows are deleted.
async fn an_end_of_the_tips_takes_nothing_else_along(place: Place) {
    let store = place.open().await;
    for column in columns_of(&place).await {
        let Some(name) = column.strip_prefix("readers.").filter(|name| !["chat", "seen"].contains(name)) else { continue };
        place.run("DELETE FROM readers").await;
        let value = match (name, place.is_file) {
            ("unit_number", true) => "X'01'",
            ("unit_number", false) => "'\\x01'::bytea",
            _ => "'1'",
        };
        place.run(&format!("INSERT INTO readers (chat, {name}) VALUES (7, {value})")).await;
        store.gone(7).await.unwrap();
        assert_eq!(place.count("readers").await, 1, "{column} went with tips that were not there");
    }
}

async fn replicas_forget_at_once_and_nobody_twice(place: Place) {
    const READERS: i64 = 450;
    let stores = [place.open_plain().await, place.open_plain().await, place.open_plain().await];
    for chat in 0..READERS {
        stores[0].save(chat, &Reader { seen: Some(MONDAY), ..subscribed(MONDAY) }).await.unwrap();
    }
    stores[0].save(-1, &Reader { seen: Some(MONDAY + 9.days()), ..subscribed(MONDAY) }).await.unwrap();
    let runs =
        stores.clone().map(|store| tokio::spawn(async move { retention::run(&*store, 1, MONDAY + 10.days()).await.unwrap() }));
    // Somebody's tip is looked for and begun meanwhile.
    let due = claim(&*stores[1], 0, 100).await;
    for due in &due {
        begin(&*stores[1], due, "socks", at(0)).await;
    }
    let mut forgotten = 0;
    for run in runs {
        forgotten += run.await.unwrap();
    }
    // Who was held by a tip at that moment is passed over, and is next.
    forgotten += retention::run(&*stores[2], 1, MONDAY + 10.days()).await.unwrap();
    assert_eq!(forgotten, u64::try_from(READERS).unwrap());
    let left: Vec<i64> = place.column("SELECT chat FROM subscriptions").await;
    assert_eq!(left, [-1]);
    assert!(place.column::<i64>("SELECT chat FROM deliveries").await.iter().all(|chat| *chat == -1));
    assert_eq!(place.count("readers").await, 1);
}

// --- the file on the disk ------------------------------------------------------------------------------------------------------------

/// How SQLite writes a row's number in the inner pages of a table that has one: nine bytes, seven bits in each but the last.
fn as_a_rows_number(chat: i64) -> Vec<u8> {
    let bits = chat.cast_unsigned();
    let byte = |nth: u32| u8::try_from(bits >> (8 + 7 * (7 - nth)) & 0x7f).unwrap() | 0x80;
    (0..8).map(byte).chain([u8::try_from(bits & 0xff).unwrap()]).collect()
}

#[tokio::test]
async fn whoever_is_forgotten_leaves_no_number_in_the_file() {
    const FIRST: i64 = 0x0123_4567_89ab_0000;
    let place = Place::sqlite();
    let store = place.open().await;
    // Readers enough for pages to split at any of them.
    let chats: Vec<i64> = (0..2000).map(|number| FIRST + number * 7).collect();
    for chat in &chats {
        let seen = if chat % 2 == 0 { MONDAY } else { MONDAY + 300.days() };
        store.save(*chat, &Reader { region: Some("gb".into()), seen: Some(seen), ..Reader::default() }).await.unwrap();
    }
    assert_eq!(retention::run(&*store, 100, MONDAY + 300.days()).await.unwrap(), 1000);
    store.close().await;
    let files = fs::read_dir(place.folder.path().join("inner")).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let written: BTreeSet<&[u8]> = bytes.windows(8).collect();
    let numbered: BTreeSet<&[u8]> = bytes.windows(9).collect();
    for chat in chats.iter().filter(|chat| *chat % 2 == 0) {
        assert!(!written.contains(&chat.to_be_bytes()[..]), "{chat} stands in a row");
        assert!(!numbered.contains(&as_a_rows_number(*chat)[..]), "{chat} stands in an inner page");
    }
    assert!(written.contains(&chats[1].to_be_bytes()[..]), "this test can see who is there");
}
