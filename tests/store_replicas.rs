//! Several replicas on one PostgreSQL: each update in one hand, nothing lost with the dead, one rate for all. And what an operator is
//! told of a PostgreSQL that is not as it should be.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::time::Duration;

use backcare::config::Settings;
use backcare::store::{self, Crowd};
use stores::weekly::{MONDAY, subscribed};
use stores::{KEY, Place, key};

fn updates(ids: std::ops::Range<i64>) -> Vec<(i64, Vec<u8>)> {
    ids.map(|id| (id, id.to_string().into_bytes())).collect()
}

#[tokio::test]
async fn what_a_living_replica_has_in_hand_is_left_to_it() {
    let Some(place) = Place::postgres().await else { return };
    let (one, other) = (place.open().await, place.open().await);
    one.inbox(&[], &updates(0..3)).await.unwrap();
    assert_eq!(other.waiting().await.unwrap(), []);
    assert_eq!(other.take_over().await.unwrap(), []);
    // An update that reached both is answered by who had it first.
    other.inbox(&[], &updates(2..4)).await.unwrap();
    for (update, ones, others) in [(0, true, false), (2, true, false), (3, false, true), (9, false, false)] {
        assert_eq!((one.is_ours(update).await, other.is_ours(update).await), (ones, others), "{update}");
    }
    // Nobody takes out what is another's.
    other.inbox(&[0, 1, 2, 3], &[]).await.unwrap();
    assert_eq!(one.waiting().await.unwrap(), updates(0..3));
    one.inbox(&[0], &[]).await.unwrap();
    assert!(!one.is_ours(0).await && one.is_ours(1).await);
}

#[tokio::test]
async fn what_the_dead_left_goes_to_one_of_the_living() {
    let Some(place) = Place::postgres().await else { return };
    let (dead, one, other) = (place.open().await, place.open().await, place.open().await);
    dead.inbox(&[], &updates(0..300)).await.unwrap();
    drop(dead); // killed: its lease runs on for a while
    assert_eq!(one.take_over().await.unwrap(), []);
    // The others live on meanwhile.
    let began = std::time::Instant::now();
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    while ones.len() + others.len() < 300 {
        assert!(began.elapsed() < Duration::from_secs(15), "the lease never ended");
        let (by_one, by_other) = tokio::join!(one.take_over(), other.take_over());
        ones.extend(by_one.unwrap());
        others.extend(by_other.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut all = [ones.clone(), others.clone()].concat();
    all.sort();
    assert_eq!(all, updates(0..300), "none lost, none twice");
    for (update, _) in &ones {
        assert!(one.is_ours(*update).await && !other.is_ours(*update).await);
    }
    assert_eq!(one.take_over().await.unwrap(), [], "told once");
}

#[tokio::test]
async fn who_was_taken_for_dead_answers_nothing_of_what_it_had() {
    let Some(place) = Place::postgres().await else { return };
    let (one, other) = (place.open().await, place.open().await);
    one.inbox(&[], &updates(0..3)).await.unwrap();
    place.run("UPDATE replicas SET leased_until = '-infinity' WHERE id IN (SELECT replica FROM inbox)").await;
    assert_eq!(other.take_over().await.unwrap(), updates(0..3));
    // At its next beat it learns of its death, and is a new one.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    for update in 0..3 {
        assert!(!one.is_ours(update).await && other.is_ours(update).await);
    }
    one.inbox(&[], &updates(5..6)).await.unwrap();
    assert!(one.is_ours(5).await, "it lives again, under another number");
    assert_eq!(other.take_over().await.unwrap(), []);
}

#[tokio::test]
async fn who_takes_leave_is_followed_at_once() {
    let Some(place) = Place::postgres().await else { return };
    let (one, other) = (place.open().await, place.open().await);
    one.inbox(&[], &updates(0..2)).await.unwrap();
    one.close().await;
    assert_eq!(other.take_over().await.unwrap(), updates(0..2));
    // What is damaged stays where it is, and so does what lies beside it.
    other.close().await;
    let good = place.sealed(0).await;
    place.put_sealed(0, &good[1..]).await;
    let next = place.open().await;
    assert!(next.take_over().await.unwrap_err().to_string().contains("1 of 2"));
    place.put_sealed(0, &good).await;
    assert_eq!(next.take_over().await.unwrap(), updates(0..2));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_start_at_once_on_an_empty_database() {
    let Some(place) = Place::postgres().await else { return };
    let opened = futures_util::future::join_all((0..6).map(|_| place.open())).await;
    assert_eq!(place.count("replicas").await, 6);
    assert_eq!(place.count("_sqlx_migrations").await, place.migrations() as i64);
    drop(opened);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_turns_of_one_reader_at_once_do_not_both_win() {
    let Some(place) = Place::postgres().await else { return };
    let stores = [place.open().await, place.open().await];
    for chat in 0..40 {
        let hours = [9, 10].map(|hour| {
            let mut after = subscribed(MONDAY);
            after.weekly.as_mut().unwrap().hour = hour;
            after
        });
        let before = Default::default();
        let (one, other) = tokio::join!(stores[0].change(chat, &before, &hours[0]), stores[1].change(chat, &before, &hours[1]));
        let won = [one.unwrap(), other.unwrap()];
        assert_ne!(won[0], won[1], "{won:?}");
        assert_eq!(stores[0].reader(chat).await.unwrap(), hours[usize::from(won[1])].clone());
    }
}

#[tokio::test]
async fn the_rate_is_shared_by_who_needs_it() {
    let crowd = Crowd { replicas: 3, replies: 12 };
    let shares = [12, 0, 0].map(|replies| crowd.share(30, replies));
    assert_eq!(shares, [18.0, 6.0, 6.0]);
    assert_eq!(Crowd { replicas: 1, replies: 50 }.share(30, 50), 30.0);
    assert_eq!([60, 20].map(|replies| Crowd { replicas: 2, replies: 80 }.share(40, replies)), [30.0, 10.0]);

    let Some(place) = Place::postgres().await else { return };
    let (one, other) = (place.open().await, place.open().await);
    assert_eq!(one.share(7), Crowd::default(), "nobody is known yet");
    other.share(2);
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert_eq!((one.share(7), other.share(2)), (Crowd { replicas: 2, replies: 9 }, Crowd { replicas: 2, replies: 9 }));
    other.close().await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(one.share(7), Crowd { replicas: 1, replies: 7 });
}

#[tokio::test]
async fn a_postgres_that_cannot_be_used_is_told_in_one_line_without_the_password() {
    let settings = |url: &str, key: &str| {
        let pairs = [("TELOXIDE_TOKEN", "1:a"), ("DATABASE_URL", url), ("DATA_KEY", key)];
        let found = |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned());
        Settings::from_env(found).map_err(|error| error.to_string())
    };
    for url in ["postgres://me:s3cret@host/db", "postgresql://me:s3cret@host:5433/db?sslmode=verify-full"] {
        assert!(settings(url, KEY).is_ok());
        let error = settings(url, "").unwrap_err();
        assert!(error.starts_with("DATA_KEY: is not set") && error.lines().count() == 1, "{error}");
        let error = store::open(url, None).await.err().unwrap().to_string();
        assert!(error.starts_with("DATA_KEY: is not set"), "{error}");
    }
    for url in ["postgres://me:s3cret@ho st/db", "postgres://me:s3cret@host:port/db", "postgres://host/db?sslmode=s3cret"] {
        let error = settings(url, KEY).unwrap_err();
        assert!(error.contains("postgres://USER") && !error.contains("s3cret"), "{error}");
    }
    let error = store::open("postgres://me:s3cret@127.0.0.1:1/db", Some(key())).await.err().unwrap().to_string();
    assert!(error.contains("see that the server runs") && !error.contains("s3cret") && !error.contains('\n'), "{error}");

    let Some(url) = stores::postgres_url() else { return };
    let (server, _) = url.rsplit_once('/').unwrap();
    let error = store::open(&format!("{server}/none"), Some(key())).await.err().unwrap().to_string();
    assert!(error.contains("createdb") && !error.contains('\n'), "{error}");
}
