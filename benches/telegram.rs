//! Updates handled a second by the whole loop: inbox, store, client and all, against a fake Telegram on the
//! same machine. The fake keeps every call, so its share of the time is large: compare runs, not machines.
//!
//! Run with `cargo bench --bench telegram`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;
use std::sync::Arc;

use backcare::channel::telegram::{self, Operators, Terms};
use backcare::service::Service;
use backcare::service::library::Library;
use backcare::store;
use divan::Bencher;
use divan::counter::ItemsCount;
use tokio::runtime::Runtime;
use tokio::sync::watch;

#[path = "../tests/fake/mod.rs"]
mod fake;

use fake::{Fake, TOKEN};

const PEOPLE: i64 = 64;

fn main() {
    divan::main();
}

/// Everybody presses a button of their newest message, and waits for the page.
async fn everybody_presses(fake: &Fake, label: &str) {
    let presses: Vec<i64> = (1..=PEOPLE).map(|id| fake.person(id).press(label)).collect();
    for press in presses {
        fake.wait_shown(press).await;
    }
}

#[divan::bench(sample_count = 20)]
fn a_press_of_each_of_64_people_twice(bencher: Bencher) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let (fake, stop) = runtime.block_on(async {
        let fake = Fake::start().await;
        let url = format!("sqlite://{}", folder.path().join("bot.db").display());
        let store = store::open(&url, None).await.expect("a store");
        let (book, _) = backcare::lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books/rig"));
        let running = watch::channel(Arc::new(Library::of(book.expect("a book without mistakes")))).1;
        let service = Service { running, store, meter: Arc::default(), facilities: Arc::default() };
        let bot = telegram::bot(TOKEN, &fake.url()).expect("an address");
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(telegram::run(bot, service, Terms { rate: 30, chat_rate: 0, hook: None }, Operators::nobody(), stopped));
        let hello: Vec<i64> = (1..=PEOPLE).map(|id| fake.person(id).say("/start")).collect();
        for update in hello {
            fake.wait_answered(update).await;
        }
        (fake, stop)
    });
    bencher.counter(ItemsCount::new(2 * PEOPLE.unsigned_abs())).bench_local(|| {
        runtime.block_on(async {
            everybody_presses(&fake, "💡 Tips").await;
            everybody_presses(&fake, "🏠 Home").await;
        });
    });
    stop.send_replace(true);
}
