//! A whole store moved to the other kind and back, and the backup of an SQLite file, by the commands of the operator.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::fs;
use std::path::Path;

use backcare::dialogue::Reader;
use backcare::store::{self, Copied, move_all};
use stores::whole::{backcare, fill, seen, told};
use stores::{Place, key};

async fn moved(from: Place, to: Place) {
    fill(&from).await;
    // What is compared is claimed by that, so a second copy of the source is looked at.
    let again = Place::sqlite();
    move_all(&from.url, &again.url).await.unwrap();
    let output = backcare(from.folder.path(), "", &["move", &from.url, &to.url]);
    assert!(output.status.success(), "{}", told(&output));
    for row in [
        "readers                 6          6",
        "subscriptions           3          3",
        "deliveries              2          2",
        "inbox                   2          2",
    ] {
        assert!(told(&output).contains(row), "no row {row:?} in\n{}", told(&output));
    }
    assert_eq!(seen(&to, key()).await, seen(&again, key()).await);
    // Only into an empty one.
    let output = backcare(from.folder.path(), "", &["move", &from.url, &to.url]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("is not empty (6 rows in readers)"), "{}", told(&output));
    // While the bot runs, its inbox is left to it; and nothing is copied onto a running one.
    let (running, empty) = (from.open().await, Place::sqlite());
    let copied = move_all(&from.url, &empty.url).await.unwrap();
    assert!(copied.contains(&Copied { table: "inbox", from: 2, to: None }), "{copied:?}");
    assert_eq!(empty.count("readers").await, 6);
    assert_eq!(empty.count("inbox").await, 0);
    let error = move_all(&empty.url, &from.url).await.unwrap_err().to_string();
    assert!(error.contains("the bot runs on it") && !error.contains('\n'), "{error}");
    running.close().await;
}

#[tokio::test]
async fn from_sqlite_to_sqlite() {
    moved(Place::sqlite(), Place::sqlite()).await;
}

#[tokio::test]
async fn from_sqlite_to_postgres() {
    let Some(place) = Place::postgres().await else { return };
    moved(Place::sqlite(), place).await;
}

#[tokio::test]
async fn from_postgres_to_sqlite() {
    let Some(place) = Place::postgres().await else { return };
    moved(place, Place::sqlite()).await;
}

#[tokio::test]
async fn a_source_that_is_not_there_is_told() {
    let place = Place::sqlite();
    let error = move_all(&place.url, "sqlite://elsewhere.db").await.unwrap_err().to_string();
    assert!(error.contains("there is no such file"), "{error}");
    assert!(!Path::new("elsewhere.db").exists());
}

#[tokio::test]
async fn a_backup_is_taken_while_the_bot_runs_and_holds_no_update() {
    let place = Place::sqlite();
    fill(&place).await;
    let store = place.open().await;
    let sealed = place.sealed(7).await;
    let file = place.folder.path().join("monday.db");
    let output = backcare(place.folder.path(), &place.url, &["backup", "monday.db"]);
    assert!(output.status.success(), "{}", told(&output));
    store.save(99, &Reader { region: Some("ie".into()), ..Reader::default() }).await.unwrap();

    assert!(!fs::read(&file).unwrap().windows(sealed.len()).any(|part| part == sealed), "an update lies in the backup");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    let names = fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, ["inner", "monday.db"], "no draft and no log is left");
    let output = backcare(place.folder.path(), &place.url, &["backup", "monday.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("monday.db") && told(&output).contains("not there yet"), "{}", told(&output));

    // It is a store like any other.
    let restored = store::open(&format!("sqlite://{}", file.display()), Some(key())).await.unwrap();
    assert_eq!(restored.reader(4).await.unwrap(), store.reader(4).await.unwrap());
    assert_eq!(restored.reader(99).await.unwrap(), Reader::default());
    assert_eq!(restored.waiting().await.unwrap(), []);
}

#[test]
fn a_postgres_is_backed_up_by_its_own_means() {
    let folder = tempfile::tempdir().unwrap();
    let output = backcare(folder.path(), "postgres://me:s3cret@host/db", &["backup", "monday.dump"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told.contains("pg_dump --exclude-table-data=inbox") && told.contains("me@host") && !told.contains("s3cret"),
        "{told}"
    );
}
