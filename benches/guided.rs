//! A thousand exercises counted at once: how late their screens are, at a rate of 1000 a second, and what each takes in memory.
//!
//! The way to Telegram is a pause of 100 ms; all else is the real thing. Run with `cargo bench --bench guided`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::print_stdout, clippy::unwrap_used)] // a bench that cannot go on fails

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use backcare::dialogue::guided::Spot;
use backcare::dialogue::{Effect, Event, Input, Kind, Press, View};
use backcare::lint;
use backcare::service::coach::{Became, Coach, Shown, Stage};
use backcare::service::library::Library;
use backcare::service::pacer::Pacer;
use backcare::service::{Answer, Service};
use backcare::store;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

const PEOPLE: i64 = 1000;
const FOR: Duration = Duration::from_secs(40);

/// Notes how late each screen is.
#[derive(Default)]
struct Watcher {
    begun: Mutex<HashMap<i64, Instant>>,
    late: Mutex<Vec<Duration>>,
}

#[async_trait]
impl Stage for Watcher {
    async fn count(&self, chat: i64, shown: Shown, answer: Answer) -> Became {
        let screen = answer.effects.iter().cloned().find_map(Effect::screen).expect("a screen");
        let View::Guided { spot, .. } = screen.view else { panic!("{screen:?}") };
        let Kind::Steps(steps) = &answer.volume.book.node(screen.node).kind else { panic!("no exercise") };
        let due = steps.seconds_left(Spot::default()) - steps.seconds_left(spot);
        sleep(Duration::from_millis(100)).await;
        let begun = self.begun.lock().unwrap()[&chat];
        self.late.lock().unwrap().push(begun.elapsed().saturating_sub(Duration::from_secs(due.into())));
        Became::Shown(shown)
    }

    async fn end(&self, _: i64, _: Shown, _: Answer) {}
}

fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0) * 4096
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("bot.db").display());
    let store = store::open(&url, None).await.expect("a store");
    let (book, _) = lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/knee"));
    let running = watch::channel(Arc::new(Library::of(book.expect("a book without mistakes")))).1;
    let service = Arc::new(Service { running, store, meter: Arc::default(), facilities: Arc::default() });
    let mut event = Event::Started(Some(String::from("straighten")));
    for label in ["None of these", "Do it with me"] {
        let answer = service.turn(1, &Input { at: Timestamp::now(), event }, None).await;
        let screen = answer.effects.into_iter().find_map(Effect::screen).expect("a screen");
        let page = answer.volume.book.compose(&screen, &answer.reader);
        let key = page.rows.into_iter().flatten().find(|key| key.label == label).expect("the button");
        let Press::Token(token) = key.press else { panic!("an address") };
        event = Event::Pressed(token);
    }
    let answer = service.turn(1, &Input { at: Timestamp::now(), event }, None).await;
    let (seconds, then) = answer.next().expect("a count");
    let watcher = Arc::new(Watcher::default());
    let pacer = Arc::new(Pacer::new(1000, Instant::now));
    let coach = Arc::new(Coach::new(service, pacer, Arc::clone(&watcher) as Arc<dyn Stage>, Timestamp::now, Instant::now));
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(Arc::clone(&coach).run(stopped));
    // What the first ones need once is not counted.
    let mut before = 0;
    for chat in 1..=PEOPLE + 100 {
        if chat == 100 {
            sleep(Duration::from_secs(1)).await;
            before = memory();
        }
        watcher.begun.lock().unwrap().insert(chat, Instant::now());
        coach.begin(chat, Shown { message: chat, picture: None }, seconds, &then, None).await;
    }
    let each = memory().saturating_sub(before) / PEOPLE as usize;
    sleep(FOR).await;
    let peak = memory().saturating_sub(before) / PEOPLE as usize;
    stop.send_replace(true);
    running.await.expect("the end of the counts");
    let mut late = std::mem::take(&mut *watcher.late.lock().unwrap());
    late.sort_unstable();
    println!("{} screens of {} exercises in {} s", late.len(), PEOPLE + 100, FOR.as_secs());
    println!("late: {:?} in the middle, {:?} at most", late[late.len() / 2], late[late.len() - 1]);
    println!("memory: {each} bytes each when begun, {peak} bytes each while they go on");
}
