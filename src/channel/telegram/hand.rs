//! What is in hand: every update between its arrival and its answer, and its place in the inbox.
//!
//! An update is in one of three states. Answered while it was only in memory, it never touches the disk. Written to the inbox first, its
//! row is deleted after the answer. One lock orders writing and deleting, so that no row is left behind by a deletion that came first.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use log::error;
use tokio::sync::Notify;

use super::inbound::Update;
use crate::store::{Store, StoreError};

const IN_MEMORY: u8 = 0;
const ANSWERED: u8 = 1;
const IN_INBOX: u8 = 2;

/// Rows are deleted together after this pause.
const SWEEP: Duration = Duration::from_millis(20);
/// So many update ids are remembered, to drop repeats: far more than a reply to `getUpdates` holds.
const REMEMBERED: usize = 8192;

/// The updates of one reply to `getUpdates`.
#[derive(Default)]
pub struct Batch {
    left: AtomicUsize,
    done: Notify,
}

impl Batch {
    /// Waits until all of it is answered.
    pub async fn answered(&self) {
        loop {
            let done = self.done.notified();
            if self.left.load(Ordering::Acquire) == 0 {
                return;
            }
            done.await;
        }
    }
}

/// One update in hand.
pub struct Held {
    pub update: Update,
    state: AtomicU8,
    batch: Arc<Batch>,
}

pub struct Hand {
    store: Arc<dyn Store>,
    /// Rows whose update is answered.
    answered: Mutex<Vec<i64>>,
    to_sweep: Notify,
    writing: tokio::sync::Mutex<()>,
    recent: Mutex<Recent>,
    store_is_down: AtomicBool,
}

#[derive(Default)]
struct Recent {
    order: VecDeque<i64>,
    ids: HashSet<i64>,
}

impl Hand {
    pub fn new(store: Arc<dyn Store>) -> Hand {
        Hand {
            store,
            answered: Mutex::default(),
            to_sweep: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            recent: Mutex::default(),
            store_is_down: AtomicBool::new(false),
        }
    }

    /// Takes updates into hand; those that came before are dropped.
    pub fn take(&self, updates: Vec<Update>) -> (Arc<Batch>, Vec<Arc<Held>>) {
        let batch = Arc::new(Batch::default());
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let new = updates.into_iter().filter(|update| recent.is_new(update.id));
        let held: Vec<_> = new.map(|update| Held::new(update, IN_MEMORY, &batch)).collect();
        (batch, held)
    }

    /// What an earlier run left unanswered, in order.
    pub async fn left_over(&self) -> Result<Vec<Arc<Held>>, StoreError> {
        let batch = Arc::new(Batch::default());
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut held = Vec::new();
        for (id, bytes) in self.store.waiting().await? {
            recent.is_new(id);
            match Update::from_bytes(&bytes) {
                Some(update) => held.push(Held::new(update, IN_INBOX, &batch)),
                // Written by another version in a form that this one does not read: it cannot be answered any more.
                None => self.note_answered(id),
            }
        }
        *self.recent.lock().unwrap_or_else(PoisonError::into_inner) = recent;
        Ok(held)
    }

    /// Writes down what of `held` is not answered yet. Only then may Telegram forget it.
    ///
    /// # Errors
    /// The store's; nothing was acknowledged then.
    pub async fn write_down(&self, held: &[Arc<Held>]) -> Result<(), StoreError> {
        let _order = self.writing.lock().await;
        let answered = self.take_answered();
        let claim =
            |held: &&Arc<Held>| held.state.compare_exchange(IN_MEMORY, IN_INBOX, Ordering::AcqRel, Ordering::Acquire).is_ok();
        let claimed: Vec<_> = held.iter().filter(claim).collect();
        if claimed.is_empty() && answered.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = claimed.iter().map(|held| (held.update.id, held.update.to_bytes())).collect();
        let written = self.store.inbox(&answered, &rows).await;
        if let Err(error) = &written {
            for held in claimed {
                // Answered meanwhile or not: without a row, memory is its only place.
                let _ = held.state.compare_exchange(IN_INBOX, IN_MEMORY, Ordering::AcqRel, Ordering::Acquire);
            }
            self.put_back(answered);
            self.store_failed(error);
        } else {
            self.store_is_down.store(false, Ordering::Relaxed);
        }
        written
    }

    /// Called once for each update, when its answer is out.
    pub fn answered(&self, held: &Held) {
        if held.state.swap(ANSWERED, Ordering::AcqRel) == IN_INBOX {
            self.note_answered(held.update.id);
        }
        if held.batch.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            held.batch.done.notify_one();
        }
    }

    fn note_answered(&self, id: i64) {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        self.to_sweep.notify_one();
    }

    fn take_answered(&self) -> Vec<i64> {
        std::mem::take(&mut *self.answered.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, answered: Vec<i64>) {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).extend(answered);
    }

    /// Deletes answered rows for as long as the bot runs.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            self.to_sweep.notified().await;
            tokio::time::sleep(SWEEP).await;
            self.sweep_up().await;
        }
    }

    /// Deletes the rows that are answered by now.
    pub async fn sweep_up(&self) {
        // A failure was logged; the rows are tried again with the next ones, or answered twice after a restart.
        let _ = self.write_down(&[]).await;
    }

    /// One line when the store begins to fail, not one for every update.
    fn store_failed(&self, error: &StoreError) {
        if !self.store_is_down.swap(true, Ordering::Relaxed) {
            error!("the inbox cannot be written, so updates are only taken as fast as they are answered: {error}");
        }
    }
}

impl Held {
    fn new(update: Update, state: u8, batch: &Arc<Batch>) -> Arc<Held> {
        batch.left.fetch_add(1, Ordering::AcqRel);
        Arc::new(Held { update, state: AtomicU8::new(state), batch: Arc::clone(batch) })
    }
}

impl Recent {
    /// Whether an id comes for the first time; remembers it.
    fn is_new(&mut self, id: i64) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED {
            self.order.pop_front().into_iter().for_each(|old| {
                self.ids.remove(&old);
            });
        }
        true
    }

    fn take(&mut self) -> Recent {
        std::mem::take(self)
    }
}
