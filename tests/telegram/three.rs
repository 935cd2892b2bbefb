//! Three replicas on one PostgreSQL, behind a balancer that brings each update to the next of them: one is killed, one joins, one
//! leaves, the database goes away, Telegram can't be reached. Nothing is lost; what comes twice was in flight.
//!
//! Run only where TEST_DATABASE_URL is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use backcare::service::weekly::Run;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::fake::{Fake, PATIENCE, Person};
use crate::replicas::{everybody_has_one, sign_up};
use crate::stores::Place;
use crate::stores::server::Server;
use crate::weekly::counts;

/// What was called so short a time ago may have been under way when a process died.
const JUST_DONE: Duration = Duration::from_millis(300);

/// The replicas, each in a folder of its own, and the people who talk to them.
struct Crowd {
    fake: Arc<Fake>,
    url: String,
    bots: Vec<(Bot, TempDir)>,
    stop: Arc<AtomicBool>,
    people: JoinSet<()>,
}

impl Crowd {
    async fn of(bots: usize, people: i64, url: &str) -> Crowd {
        let fake = Arc::new(Fake::start().await);
        let mut crowd = Crowd {
            fake,
            url: url.to_owned(),
            bots: Vec::new(),
            stop: Arc::new(AtomicBool::new(false)),
            people: JoinSet::new(),
        };
        for _ in 0..bots {
            crowd.join().await;
        }
        for id in 1..=people {
            crowd.people.spawn(talks(Arc::clone(&crowd.fake), crowd.fake.person(id), Arc::clone(&crowd.stop)));
        }
        crowd
    }

    /// One more replica, and the balancer knows of it.
    async fn join(&mut self) {
        let dir = folder();
        let settings = [("DATABASE_URL", self.url.as_str()), ("RATE", "1000")];
        let bot = Bot::start_hooked(&self.fake, &dir, &settings).await;
        self.bots.push((bot, dir));
        self.balance();
    }

    fn balance(&self) {
        let hooks: Vec<String> = self.bots.iter().map(|(bot, _)| bot.hook()).collect();
        let hooks: Vec<&str> = hooks.iter().map(String::as_str).collect();
        self.fake.balance(&hooks);
    }

    async fn talk_for(&self, updates: usize) {
        let before = self.fake.updates().len();
        self.fake.wait_until("some talk", |fake| fake.updates().len() >= before + updates).await;
    }

    /// Everybody has their last answer. Returns how many answers came twice.
    async fn ends(&mut self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(person) = self.people.join_next().await {
            person.expect("no person is let down");
        }
        assert!(self.fake.unanswered().is_empty(), "lost: {:?}", self.fake.unanswered());
        for (bot, _) in &self.bots {
            assert!(bot.breaks().is_empty(), "{}", bot.output());
        }
        self.fake.doubled().len()
    }
}

/// What is answered is taken out of the inbox a moment later.
async fn nothing_waits(place: &Place) {
    let begun = Instant::now();
    while place.count("inbox").await > 0 {
        assert!(begun.elapsed() < PATIENCE, "a row was left in the inbox");
        sleep(Duration::from_millis(100)).await;
    }
}

/// Greets and taps until told to stop; each answer is waited for.
async fn talks(fake: Arc<Fake>, person: Person, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        say(&fake, &person, "/start").await;
        press(&fake, &person, HURTS).await;
    }
}

#[tokio::test]
async fn one_of_three_is_killed_while_tips_go_out_and_people_tap() {
    const TIPS: std::ops::RangeInclusive<i64> = 1001..=1300;
    let Some(place) = Place::postgres().await else { return };
    let mut crowd = Crowd::of(3, 20, &place.url).await;
    // So that something is under way whenever it happens.
    crowd.fake.faults(|f| f.delay = Duration::from_millis(100));
    for id in TIPS {
        let _ = crowd.fake.person(id).met();
    }
    sign_up(&place.url, TIPS).await;
    let tips = |fake: &Fake| counts(fake, TIPS).values().filter(|count| **count > 0).count();
    crowd.fake.wait_until("a part of the run", |fake| tips(fake) >= 60).await;
    let at_risk = crowd.fake.in_flight(JUST_DONE).len();
    let (killed, _dir) = crowd.bots.remove(0);
    killed.kill9();
    crowd.talk_for(100).await;
    everybody_has_one(&crowd.fake, TIPS).await;
    let doubled = crowd.ends().await;
    assert!(doubled <= at_risk, "{doubled} answers came twice, {at_risk} were in flight");
    let twice: usize = counts(&crowd.fake, TIPS).values().map(|count| count - 1).sum();
    assert!(twice <= Run::at_once(1000), "{twice} tips came twice");
    nothing_waits(&place).await;
}

#[tokio::test]
async fn a_replica_joins_and_another_leaves_without_one_failed_turn() {
    let Some(place) = Place::postgres().await else { return };
    let mut crowd = Crowd::of(2, 20, &place.url).await;
    crowd.talk_for(50).await;
    crowd.join().await;
    crowd.talk_for(50).await;
    let (mut leaving, _dir) = crowd.bots.remove(0);
    leaving.term();
    // The balancer learns of it late: what comes meanwhile is answered here or by the next.
    assert_eq!(leaving.wait_exit(Duration::from_secs(15)).await.code(), Some(0), "{}", leaving.output());
    crowd.balance();
    crowd.talk_for(50).await;
    assert_eq!(crowd.ends().await, 0, "an answer came twice");
    nothing_waits(&place).await;
}

#[tokio::test]
async fn the_database_goes_away_under_three_and_comes_back() {
    let Some(server) = Server::start() else { return };
    let mut crowd = Crowd::of(3, 20, &server.url()).await;
    for _ in 0..2 {
        crowd.talk_for(50).await;
        server.down();
        sleep(Duration::from_millis(1500)).await;
        server.up();
    }
    crowd.talk_for(50).await;
    assert_eq!(crowd.ends().await, 0, "an answer came twice");
}

#[tokio::test]
async fn telegram_cannot_be_reached_for_half_a_minute() {
    let Some(place) = Place::postgres().await else { return };
    let mut crowd = Crowd::of(3, 0, &place.url).await;
    let fake = Arc::clone(&crowd.fake);
    for id in 1..=20 {
        say(&fake, &fake.person(id), "/start").await;
    }
    fake.faults(|f| f.drop_before = 1.0);
    let asked: Vec<i64> = (1..=20).map(|id| fake.person(id).press(HURTS)).collect();
    sleep(Duration::from_secs(30)).await;
    fake.faults(|f| f.drop_before = 0.0);
    for update in asked {
        fake.wait_shown(update).await;
    }
    assert_eq!(crowd.ends().await, 0, "an answer came twice");
    nothing_waits(&place).await;
}
