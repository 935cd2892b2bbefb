//! Brings weekly tips to chats: one at a time for each, at the pacer's word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use log::error;

use super::api::Failure;
use super::deliver::Out;
use crate::dialogue::{Reader, Screen};
use crate::service::library::Volume;
use crate::service::pacer::Lane;
use crate::service::weekly::{Carried, Courier};

const FIRST_PAUSE: Duration = Duration::from_millis(200);

pub struct TipCourier(pub Arc<Out>);

#[async_trait]
impl Courier for TipCourier {
    async fn turn_comes(&self, chat: i64) {
        let _waiting = self.0.meter.waits(Lane::Tip);
        self.0.pacer.tip(chat).await;
    }

    async fn carry(&self, chat: i64, volume: &Volume, reader: &Reader, screen: &Screen, patience: Duration) -> Carried {
        let out = &*self.0;
        let message = out.ready.message(volume, screen, reader);
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let called = Instant::now();
            let failure = match out.post(chat, &message).await {
                Ok(()) => {
                    out.pacer.landed(called.elapsed());
                    return Carried::Out;
                }
                Err(failure) => failure,
            };
            let wait = match failure {
                Failure::Gone => {
                    out.pacer.gave_back();
                    return Carried::Gone;
                }
                Failure::TooMany(wait) => {
                    out.pacer.refused(chat, wait);
                    wait
                }
                Failure::Refused(why) => {
                    error!("Telegram refused a weekly tip: {why}. Run `backcare check`; if it finds nothing, this is a bug.");
                    return Carried::Refused;
                }
                _ => {
                    let wait = pause;
                    pause *= 2;
                    wait
                }
            };
            if begun.elapsed() + wait > patience {
                return Carried::NotNow;
            }
            tokio::time::sleep(wait).await;
            self.turn_comes(chat).await;
        }
    }
}
