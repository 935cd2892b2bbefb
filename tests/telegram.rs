//! The whole bot as a process, against a Telegram that refuses what the real one refuses, and fails when it is told to.
//!
//! `bot` starts and ends the process; each of the others tells stories of one kind. Labels are read from the screen where the book is
//! free to change them.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

#[path = "telegram/abuse.rs"]
mod abuse;
#[path = "telegram/bot.rs"]
mod bot;
mod browser;
#[path = "telegram/doctor.rs"]
mod doctor;
mod fake;
#[path = "telegram/faults.rs"]
mod faults;
#[path = "telegram/guided.rs"]
mod guided;
#[path = "telegram/languages.rs"]
mod languages;
#[path = "telegram/leaflet.rs"]
mod leaflet;
#[path = "telegram/operator.rs"]
mod operator;
#[path = "telegram/ops.rs"]
mod ops;
#[path = "telegram/pictures.rs"]
mod pictures;
#[path = "telegram/privacy.rs"]
mod privacy;
#[path = "telegram/rating.rs"]
mod rating;
#[path = "telegram/reload.rs"]
mod reload;
#[path = "telegram/replicas.rs"]
mod replicas;
#[path = "telegram/restarts.rs"]
mod restarts;
#[path = "telegram/secrets.rs"]
mod secrets;
#[path = "telegram/services.rs"]
mod services;
#[path = "telegram/sharing.rs"]
mod sharing;
mod stores;
#[path = "telegram/talk.rs"]
mod talk;
#[path = "telegram/three.rs"]
mod three;
#[path = "telegram/webhook.rs"]
mod webhook;
#[path = "telegram/weekly.rs"]
mod weekly;
