//! Weekly tips in any order of deeds, over every kind of store: no occurrence is begun twice, and nobody is forgotten.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use backcare::dialogue::Reader;
use backcare::dialogue::weekly::Begun;
use backcare::store::{Due, Store};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;
use stores::Place;
use stores::weekly::{MONDAY, at, begun, claim, on, sent, subscribed, without};

/// What may happen, in any order, to three readers and two processes.
#[derive(Debug, Clone)]
enum Deed {
    Pass(i64),
    Claim { process: usize, most: usize },
    Begin { process: usize, last: bool },
    PutOff { process: usize },
    Delivered { process: usize },
    Killed { process: usize },
    SignUp(i64),
    Stop(i64),
    Forget(i64),
    Gone(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let (chat, process) = (0..3_i64, 0..2_usize);
    prop_oneof![
        3 => prop_oneof![Just(1), Just(30), Just(60), Just(3 * 86_400), Just(7 * 86_400)].prop_map(Deed::Pass),
        5 => (process.clone(), 0..4_usize).prop_map(|(process, most)| Deed::Claim { process, most }),
        6 => (process.clone(), prop::bool::weighted(0.1)).prop_map(|(process, last)| Deed::Begin { process, last }),
        1 => process.clone().prop_map(|process| Deed::PutOff { process }),
        4 => process.clone().prop_map(|process| Deed::Delivered { process }),
        1 => process.prop_map(|process| Deed::Killed { process }),
        3 => chat.clone().prop_map(Deed::SignUp),
        1 => chat.clone().prop_map(Deed::Stop),
        1 => chat.clone().prop_map(Deed::Forget),
        1 => chat.prop_map(Deed::Gone),
    ]
}

#[derive(Default)]
struct World {
    now: i64,
    /// What each process has in hand: claimed, and begun.
    claimed: [Vec<Due>; 2],
    begun: [Vec<(i64, Begun)>; 2],
    /// Until when a chat is leased.
    leased: BTreeMap<i64, i64>,
    /// Occurrences begun, by the subscription they belong to.
    delivered: BTreeSet<(i64, u32, Date)>,
    subscriptions: BTreeMap<i64, u32>,
    begun_now: BTreeMap<i64, Begun>,
    wanted: BTreeSet<i64>,
}

impl World {
    fn end(&mut self, chat: i64) {
        self.wanted.remove(&chat);
        self.leased.remove(&chat);
        self.begun_now.remove(&chat);
        *self.subscriptions.entry(chat).or_default() += 1;
    }

    async fn live(&mut self, stores: &[Arc<dyn Store>; 2], deed: Deed) {
        let now = self.now;
        match deed {
            Deed::Pass(seconds) => self.now += seconds,
            Deed::Killed { process } => {
                self.claimed[process].clear();
                self.begun[process].clear();
            }
            Deed::Claim { process, most } => {
                let due = claim(&*stores[process], now, most).await;
                assert!(due.len() <= most);
                for due in due {
                    let until = self.leased.insert(due.chat, now + 60).unwrap_or(i64::MIN);
                    assert!(until <= now, "leased until {until}, claimed at {now}");
                    assert_eq!(due.begun, self.begun_now.get(&due.chat).cloned());
                    match due.begun {
                        Some(begun) => self.begun[process].push((due.chat, begun)),
                        None => {
                            assert!(self.wanted.contains(&due.chat), "claimed after it was stopped");
                            self.claimed[process].push(due);
                        }
                    }
                }
            }
            Deed::Begin { process, last } => {
                let Some(due) = self.claimed[process].pop() else { return };
                let on = on(&due.reader);
                let after = if last { without(&due.reader) } else { sent(&due.reader, at(now)) };
                let is_begun = stores[process].begin(due.chat, on, "socks", &due.reader, &after, at(now + 60)).await.unwrap();
                if is_begun {
                    assert!(self.wanted.contains(&due.chat), "begun after it was stopped");
                    let number = self.subscriptions[&due.chat];
                    assert!(self.delivered.insert((due.chat, number, on)), "twice");
                    self.leased.insert(due.chat, now + 60);
                    let begun = begun(on, "socks");
                    self.begun_now.insert(due.chat, begun.clone());
                    self.begun[process].push((due.chat, begun));
                    if last {
                        self.wanted.remove(&due.chat);
                    }
                }
            }
            Deed::PutOff { process } => {
                let Some(due) = self.claimed[process].pop() else { return };
                let mut after = due.reader.clone();
                after.weekly.as_mut().unwrap().next.at += SignedDuration::from_hours(1);
                if stores[process].put_off(due.chat, &due.reader, &after).await.unwrap() {
                    assert!(self.wanted.contains(&due.chat));
                    self.leased.remove(&due.chat);
                }
            }
            Deed::Delivered { process } => {
                let Some((chat, begun)) = self.begun[process].pop() else { return };
                stores[process].delivered(chat, begun.on, None).await.unwrap();
                if self.begun_now.get(&chat) == Some(&begun) {
                    self.begun_now.remove(&chat);
                    self.leased.remove(&chat);
                }
            }
            Deed::SignUp(chat) => {
                // The first slot is always later than now, as the core has it; so no two subscriptions share an occurrence.
                let today = MONDAY + (now / 86_400).days();
                let reader = Reader { region: None, ..subscribed(today + 1.day()) };
                if self.wanted.insert(chat) {
                    *self.subscriptions.entry(chat).or_default() += 1;
                    stores[0].save(chat, &reader).await.unwrap();
                    self.leased.retain(|leased, _| *leased != chat || self.begun_now.contains_key(leased));
                }
            }
            Deed::Stop(chat) | Deed::Forget(chat) | Deed::Gone(chat) => {
                match deed {
                    Deed::Stop(_) => stores[1].save(chat, &Reader::default()).await.unwrap(),
                    Deed::Forget(_) => stores[0].forget(chat).await.unwrap(),
                    _ => stores[1].gone(chat).await.unwrap(),
                }
                self.end(chat);
            }
        }
    }
}

async fn live(place: &Place, deeds: Vec<Deed>) {
    let stores = [place.open_plain().await, place.open_plain().await];
    let mut world = World::default();
    for deed in deeds {
        world.live(&stores, deed).await;
    }
    // Both are killed, and a year passes: what was begun comes back, then everybody who still wants tips.
    world.now += 365 * 86_400;
    let mut found = claim(&*stores[0], world.now, 9).await;
    assert_eq!(found.len(), found.iter().map(|due| due.chat).collect::<BTreeSet<_>>().len());
    let begun: BTreeMap<i64, Begun> = found.iter().filter_map(|due| Some((due.chat, due.begun.clone()?))).collect();
    assert_eq!(begun, world.begun_now);
    for (chat, begun) in begun {
        stores[1].delivered(chat, begun.on, None).await.unwrap();
    }
    world.now += 60;
    found = claim(&*stores[0], world.now, 9).await;
    assert_eq!(found.iter().map(|due| due.chat).collect::<BTreeSet<_>>(), world.wanted);
    for chat in (0..3).filter(|chat| !world.wanted.contains(chat)) {
        assert_eq!(stores[0].reader(chat).await.unwrap(), Reader::default());
    }
    let left = place.count("deliveries WHERE chat NOT IN (SELECT chat FROM subscriptions)").await;
    assert_eq!(left, 0, "tips of a subscription that ended");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_over_sqlite(deeds in prop::collection::vec(deed(), 0..60)) {
        runtime().block_on(live(&Place::sqlite(), deeds));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("TEST_DATABASE_URL").is_some() { 48 } else { 1 }, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_over_postgres(deeds in prop::collection::vec(deed(), 0..60)) {
        runtime().block_on(async {
            if let Some(place) = Place::postgres().await {
                live(&place, deeds).await;
                for store in ["readers", "subscriptions", "deliveries", "inbox", "replicas", "_sqlx_migrations"] {
                    place.run(&format!("DROP TABLE {store} CASCADE")).await;
                }
            }
        });
    }
}
