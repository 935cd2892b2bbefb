//! A whole store: something of everything in it, all that can be seen of it, and the commands that an operator runs on it.

use std::path::Path;
use std::process::{Command, Output};

use backcare::dialogue::{Asked, Rated, Reader};
use backcare::store::DataKey;
use jiff::civil::Date;

use super::Place;
use super::weekly::{MONDAY, at, begin, claim, subscribed};

/// Readers of every kind, tips due, begun, out and rated, and updates that wait.
pub async fn fill(place: &Place) {
    let store = place.open().await;
    store.save(1, &Reader { region: Some("gb".into()), seen: Some(MONDAY), ..Reader::default() }).await.unwrap();
    let saved = vec![String::from("lifting"), String::from("sleep")];
    let unit_number = Some(String::from("020 7946 0123"));
    let rated = [("lifting", 5, None), ("bath", 2, Some("too-long"))];
    let rated = rated.map(|(page, value, missing)| (page.to_owned(), Rated { value, missing: missing.map(str::to_owned) }));
    store.save(6, &Reader { saved, unit_number, ratings: rated.into(), ..Reader::default() }).await.unwrap();
    store.save(-2, &Reader { asked: Some(Asked::Week { tries: 3 }), ..Reader::default() }).await.unwrap();
    for chat in 3..=5 {
        let mut reader = subscribed(MONDAY);
        let weekly = reader.weekly.as_mut().unwrap();
        (weekly.paused_until, weekly.last) = ((chat == 4).then_some(Date::MAX), (chat == 5).then(|| at(-5)));
        store.save(chat, &reader).await.unwrap();
    }
    let due = claim(&*store, 0, 9).await;
    assert!(begin(&*store, &due[0], "socks", at(0)).await && begin(&*store, &due[1], "bath", at(0)).await);
    store.delivered(due[0].chat, MONDAY, None).await.unwrap();
    store.rate(due[0].chat, "socks", false, Some("too-long")).await.unwrap();
    store.inbox(&[], &[(7, b"seven".to_vec()), (8, b"eight".to_vec())]).await.unwrap();
    store.close().await;
}

/// All that can be seen of it from outside.
pub async fn seen(place: &Place, key: DataKey) -> String {
    let store = place.open_with(key).await;
    let mut seen = String::new();
    for chat in [1, -2, 3, 4, 5, 6] {
        seen += &format!("{:?}\n", store.reader(chat).await.unwrap());
    }
    let waiting = store.waiting().await.unwrap();
    let ratings: Vec<String> = place
        .column(
            "SELECT tip || CASE WHEN helpful THEN ' yes' WHEN NOT helpful THEN ' no' ELSE '' END || coalesce(' ' || missing, '') \
             FROM deliveries ORDER BY tip",
        )
        .await;
    seen += &format!("{waiting:?}\n{ratings:?}\n{:?}\n", claim(&*store, 60, 9).await);
    store.close().await;
    seen
}

pub fn backcare(folder: &Path, database: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
    command.current_dir(folder).env_clear().env("DATABASE_URL", database).args(arguments).output().unwrap()
}

pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
