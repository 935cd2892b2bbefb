//! What is in hand: every update between its arrival and its answer, and its place in the inbox.
//!
//! An update is in one of four states. Answered while it was only in memory, it never touches the disk. Written to the inbox first, its
//! row is deleted after the answer. One lock orders writing and deleting, so that no row is left behind by a deletion that came first.
//!
//! Of several replicas, one has an update in hand: the one for which it lies in the inbox. What turns out to be another's is set aside
//! unanswered, and forgotten, so that it is taken like a new one if the other dies and it is left to this one.
//!
//! **What holds across replicas.** Nothing that was acknowledged is lost. What one holds in memory alone is not acknowledged; if the call
//! that brought it breaks on its way back, Telegram brings it again, perhaps to another replica, and both answer: that, like what was in
//! flight at a kill, can come twice. Telegram brings the next update of a chat once the one before is acknowledged, which may be before
//! it is answered; so two replicas may answer one chat at once, and the later answer may stand above the earlier. No answer depends on
//! the one before: where a walk stands rides in its buttons, and what is remembered of a reader is only changed over what it was.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use log::error;
use tokio::sync::{Notify, oneshot};

use super::inbound::Update;
use crate::store::{Store, StoreError};

const IN_MEMORY: u8 = 0;
/// On its way to the inbox: not acknowledged, so still this process's like one in memory, but a row may come of it.
const WRITING: u8 = 1;
const IN_INBOX: u8 = 2;
const ANSWERED: u8 = 3;

/// Rows are deleted together after this pause.
const SWEEP: Duration = Duration::from_millis(20);
/// Between looks for what a dead replica left.
const LOOK: Duration = Duration::from_secs(2);
/// So many update ids are remembered, to drop repeats: more than may be in hand.
const REMEMBERED: usize = 16_384;

/// The updates of one reply to `getUpdates`, or of one call of a webhook.
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
    /// About how many bytes it holds on to.
    pub weight: usize,
    state: AtomicU8,
    batch: Arc<Batch>,
}

pub struct Hand {
    store: Arc<dyn Store>,
    /// Rows whose update is answered.
    answered: Mutex<Vec<i64>>,
    to_sweep: Notify,
    /// What calls of a webhook wait to see written, and whom to tell.
    to_write: Mutex<Vec<(Arc<Held>, oneshot::Sender<bool>)>>,
    to_scribe: Notify,
    writing: tokio::sync::Mutex<()>,
    recent: Mutex<Recent>,
    store_is_down: AtomicBool,
}

/// An update that has just come, perhaps not for the first time.
pub enum Arrival {
    New(Arc<Held>),
    /// It came before and is not answered yet, or only just.
    InHand(Arc<Held>),
    Answered,
}

#[derive(Default)]
struct Recent {
    order: VecDeque<i64>,
    /// Each with its place in hand, if it still has one.
    ids: HashMap<i64, Weak<Held>>,
}

impl Hand {
    pub fn new(store: Arc<dyn Store>) -> Hand {
        Hand {
            store,
            answered: Mutex::default(),
            to_sweep: Notify::new(),
            to_write: Mutex::default(),
            to_scribe: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            recent: Mutex::default(),
            store_is_down: AtomicBool::new(false),
        }
    }

    /// Takes updates into hand; those that came before are dropped.
    pub fn take(&self, updates: Vec<Update>) -> (Arc<Batch>, Vec<Arc<Held>>) {
        let batch = Arc::new(Batch::default());
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let new = updates.into_iter().filter_map(|update| recent.held(update, IN_MEMORY, &batch));
        let held: Vec<_> = new.collect();
        (batch, held)
    }

    /// Takes one update into hand, or tells what became of it when it came before.
    pub fn take_one(&self, update: Update) -> Arrival {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = recent.ids.get(&update.id) {
            return known.upgrade().map_or(Arrival::Answered, Arrival::InHand);
        }
        recent.held(update, IN_MEMORY, &Arc::default()).map_or(Arrival::Answered, Arrival::New)
    }

    /// What an earlier run left unanswered, in order.
    pub async fn left_over(&self) -> Result<Vec<Arc<Held>>, StoreError> {
        let rows = self.store.waiting().await?;
        Ok(self.take_rows(rows))
    }

    /// Hands on what dead replicas left in the inbox, for as long as the bot runs.
    pub async fn take_over(self: Arc<Self>, take: impl Fn(Arc<Held>)) {
        let mut failing = false;
        loop {
            tokio::time::sleep(LOOK).await;
            // No row may be written or deleted while it changes hands.
            let order = self.writing.lock().await;
            match self.store.take_over().await {
                Ok(rows) => {
                    failing = false;
                    let held = self.take_rows(rows);
                    drop(order);
                    held.into_iter().for_each(&take);
                }
                Err(error) if !std::mem::replace(&mut failing, true) => {
                    error!("what another replica left in the inbox cannot be taken over; trying until it can: {error}");
                }
                Err(_) => {}
            }
        }
    }

    /// Rows of the inbox that are this process's now. What came here by another way too is not taken twice.
    fn take_rows(&self, rows: Vec<(i64, Vec<u8>)>) -> Vec<Arc<Held>> {
        let batch = Arc::new(Batch::default());
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        for (id, bytes) in rows {
            if let Some(known) = recent.ids.get(&id) {
                let in_hand = known.upgrade().is_some_and(|held| held.is_in_inbox());
                if !in_hand {
                    self.note_answered(id);
                }
                continue;
            }
            match Update::from_bytes(&bytes) {
                Some(update) => taken.extend(recent.held(update, IN_INBOX, &batch)),
                // Written by another version in a form that this one does not read: it cannot be answered any more.
                None => self.note_answered(id),
            }
        }
        taken
    }

    /// Whether it is for this process to answer; if not, it is set aside.
    pub async fn is_ours(&self, held: &Held) -> bool {
        if held.state.load(Ordering::Acquire) != IN_INBOX || self.store.is_ours(held.update.id).await {
            return true;
        }
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).ids.remove(&held.update.id);
        false
    }

    /// Writes down what of `held` is not answered yet. Only then may Telegram forget it.
    ///
    /// # Errors
    /// The store's; nothing was acknowledged then.
    pub async fn write_down(&self, held: &[Arc<Held>]) -> Result<(), StoreError> {
        let _order = self.writing.lock().await;
        let mut answered = Leaving { ids: self.take_answered(), hand: self };
        let claimed: Vec<_> = held.iter().filter(|held| held.moves(IN_MEMORY, WRITING)).collect();
        if claimed.is_empty() && answered.ids.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = claimed.iter().map(|held| (held.update.id, held.update.to_bytes())).collect();
        let written = self.store.inbox(&answered.ids, &rows).await;
        // Answered meanwhile or not: without a row, memory is its only place.
        let place = if written.is_ok() { IN_INBOX } else { IN_MEMORY };
        for held in claimed {
            held.moves(WRITING, place);
        }
        if let Err(error) = &written {
            self.store_failed(error);
        } else {
            answered.ids.clear();
            self.store_is_down.store(false, Ordering::Relaxed);
        }
        written
    }

    /// Waits until an update lies in the inbox or is answered; false if it could not be written. What many wait for is written together:
    /// all that came while the last transaction ran goes into the next one.
    pub async fn settle(&self, held: &Arc<Held>) -> bool {
        let (tell, told) = oneshot::channel();
        self.to_write.lock().unwrap_or_else(PoisonError::into_inner).push((Arc::clone(held), tell));
        self.to_scribe.notify_one();
        tokio::select! {
            () = held.answered() => true,
            // Whoever would tell is gone only when the bot ends.
            written = told => written.unwrap_or(false),
        }
    }

    /// Writes down what others wait for, for as long as the bot runs. It is a task of its own: who waits may hang up at any moment.
    pub async fn scribe(self: Arc<Self>) {
        loop {
            self.to_scribe.notified().await;
            let waiting = std::mem::take(&mut *self.to_write.lock().unwrap_or_else(PoisonError::into_inner));
            let (held, tell): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            let written = self.write_down(&held).await.is_ok();
            // Who has hung up needs no word.
            for tell in tell {
                let _ = tell.send(written);
            }
        }
    }

    /// Called once for each update, when its answer is out.
    pub fn answered(&self, held: &Held) {
        if held.state.swap(ANSWERED, Ordering::AcqRel) != IN_MEMORY {
            self.note_answered(held.update.id);
        }
        if held.batch.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            held.batch.done.notify_waiters();
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

/// Rows on their way out of the inbox. If they don't get there, because the store failed or the task was ended, the next who writes
/// takes them out.
struct Leaving<'a> {
    hand: &'a Hand,
    ids: Vec<i64>,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.hand.put_back(std::mem::take(&mut self.ids));
    }
}

impl Held {
    fn new(update: Update, state: u8, batch: &Arc<Batch>) -> Arc<Held> {
        batch.left.fetch_add(1, Ordering::AcqRel);
        Arc::new(Held { weight: update.weight(), update, state: AtomicU8::new(state), batch: Arc::clone(batch) })
    }

    /// Waits until it is answered, and all that came with it.
    pub async fn answered(&self) {
        self.batch.answered().await;
    }

    /// Whether it was in the one state, and is in the other now.
    fn moves(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Marks what is in hand as lying in the inbox too; false if it is answered already.
    fn is_in_inbox(&self) -> bool {
        self.moves(IN_MEMORY, IN_INBOX) || self.state.load(Ordering::Acquire) != ANSWERED
    }
}

impl Recent {
    /// Takes an update in hand and remembers its id, if it comes for the first time.
    fn held(&mut self, update: Update, state: u8, batch: &Arc<Batch>) -> Option<Arc<Held>> {
        let id = update.id;
        if self.ids.contains_key(&id) {
            return None;
        }
        let held = Held::new(update, state, batch);
        self.ids.insert(id, Arc::downgrade(&held));
        self.order.push_back(id);
        if self.order.len() > REMEMBERED {
            self.order.pop_front().into_iter().for_each(|old| {
                self.ids.remove(&old);
            });
        }
        Some(held)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::store;

    /// Takes one step of it, and no more.
    async fn once(future: impl Future) {
        tokio::select! { biased; _ = future => {} () = std::future::ready(()) => {} }
    }

    #[tokio::test]
    async fn a_deletion_that_is_cut_off_is_left_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("bot.db").display());
        let store = store::open(&url, None).await.unwrap();
        store.inbox(&[], &[(5, b"{}".to_vec())]).await.unwrap();
        let hand = Hand::new(Arc::clone(&store));
        hand.note_answered(5);
        // Somebody else is busy with the store, so that the deletion waits when the task that wants it is ended.
        let much: Vec<_> = (6..2006).map(|id| (id, b"{}".to_vec())).collect();
        let mut busy = std::pin::pin!(store.inbox(&[], &much));
        once(&mut busy).await;
        once(hand.sweep_up()).await;
        busy.await.unwrap();
        hand.sweep_up().await;
        let left = store.waiting().await.unwrap();
        assert_eq!((left.len(), left[0].0), (2000, 6));
    }
}
