//! What may go wrong on the way to Telegram and back, by chance or by appointment.
//!
//! Chance is a hash of the seed, the method, the chat and how many such calls there were before, not
//! a generator that all calls share: two runs with the same seed meet the same faults per chat,
//! however their calls interleave.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// One way for a call to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `retry_after` in seconds; the call is not carried out.
    TooMany(u64),
    /// 500 as Telegram words it; not carried out.
    ServerError,
    /// 502 with a page of HTML, as the proxy in front of Telegram answers; not carried out.
    BadGateway,
    /// The connection ends before the call is carried out.
    DropBefore,
    /// The call is carried out, and the connection ends before the answer.
    DropAfter,
    /// The call is carried out, and the answer is not JSON.
    Garbled,
}

/// The settings; change them at any time with [`super::Fake::faults`].
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub seed: u64,
    /// Chances from 0 to 1, of each call. They exclude each other; their sum should stay below 1.
    pub too_many: f64,
    /// Seconds that a 429 by chance asks for.
    pub retry_after: u64,
    pub server_error: f64,
    pub bad_gateway: f64,
    pub drop_before: f64,
    pub drop_after: f64,
    pub garbled: f64,
    /// The chance of each update to be handed out twice, in the same batch or in the next one.
    pub duplicates: f64,
    /// Added to every call, half before it is carried out and half after, as a network does.
    pub delay: Duration,
    /// Added on top in these chats.
    pub slow_chats: BTreeMap<i64, Duration>,
    /// Whether getUpdates meets the chances too. (Appointments for it are kept in any case.)
    pub polls: bool,
    appointments: Vec<Appointment>,
    limited: BTreeMap<i64, u64>,
}

#[derive(Clone, Debug)]
struct Appointment {
    method: String,
    chat: Option<i64>,
    left: usize,
    fault: Fault,
}

impl Faults {
    /// The next `count` calls of `method`, whoever they are for, meet `fault`.
    pub fn next(&mut self, count: usize, method: &str, fault: Fault) {
        self.appoint(count, method, None, fault);
    }

    /// The same for one chat.
    pub fn next_in(&mut self, chat: i64, count: usize, method: &str, fault: Fault) {
        self.appoint(count, method, Some(chat), fault);
    }

    fn appoint(&mut self, left: usize, method: &str, chat: Option<i64>, fault: Fault) {
        let method = method.to_lowercase();
        self.appointments.push(Appointment { method, chat, left, fault });
    }

    /// Sends and edits in `chat` meet 429 until `until` (milliseconds of the fake's clock).
    pub(super) fn limit(&mut self, chat: i64, until: u64) {
        self.limited.insert(chat, until);
    }

    /// How long a call takes on its way; each half of the way takes half of it.
    pub(super) fn delay(&self, chat: Option<i64>) -> Duration {
        let extra = chat.and_then(|chat| self.slow_chats.get(&chat).copied());
        self.delay + extra.unwrap_or_default()
    }

    /// What the `nth` call of `method` for `chat` meets. `method` is in lower case.
    pub(super) fn meet(&mut self, now: u64, method: &str, chat: Option<i64>, nth: usize) -> Option<Fault> {
        let appointed = |a: &Appointment| a.left > 0 && a.method == method && (a.chat.is_none() || a.chat == chat);
        if let Some(appointment) = self.appointments.iter_mut().find(|a| appointed(a)) {
            appointment.left -= 1;
            return Some(appointment.fault);
        }
        // Telegram counts what people see; answering a callback is free.
        let visible = method.starts_with("send") || method.starts_with("edit");
        if let Some(&until) = chat.and_then(|chat| self.limited.get(&chat))
            && visible
            && now < until
        {
            return Some(Fault::TooMany((until - now).div_ceil(1000)));
        }
        if method == "getupdates" && !self.polls {
            return None;
        }
        let mut roll = chance(&(self.seed, method, chat, nth));
        let chances = [
            (self.too_many, Fault::TooMany(self.retry_after)),
            (self.server_error, Fault::ServerError),
            (self.bad_gateway, Fault::BadGateway),
            (self.drop_before, Fault::DropBefore),
            (self.drop_after, Fault::DropAfter),
            (self.garbled, Fault::Garbled),
        ];
        for (share, fault) in chances {
            if roll < share {
                return Some(fault);
            }
            roll -= share;
        }
        None
    }

    /// Whether the update with this id is handed out twice, and if so whether in the same batch.
    pub(super) fn doubles(&self, update_id: i64) -> Option<Twice> {
        if chance(&(self.seed, "twice", update_id)) >= self.duplicates {
            return None;
        }
        let same_batch = chance(&(self.seed, "batch", update_id)) < 0.5;
        Some(if same_batch { Twice::SameBatch } else { Twice::NextBatch })
    }
}

/// Where the second copy of an update turns up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    SameBatch,
    NextBatch,
}

/// A number from 0 to 1 that depends on nothing but `key`.
fn chance(key: &impl Hash) -> f64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    (hasher.finish() >> 11) as f64 / (1_u64 << 53) as f64
}
