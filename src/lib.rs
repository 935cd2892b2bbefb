//! Backcare: a dialogue bot whose every word is written in YAML.
//!
//! Where to start: [`dialogue::step`] is the whole bot, pure. A [`source`] becomes a [`dialogue`], [`lint`] guards it, a [`service`]
//! steps it, a [`channel`] speaks it, a [`store`] remembers little. `ARCHITECTURE.md` is the map.

pub mod author;
pub mod channel;
pub mod cli;
pub mod config;
pub mod dialogue;
mod environment;
pub mod leaflet;
pub mod lint;
pub mod media;
pub mod ops;
pub mod places;
pub mod preview;
pub mod render;
pub mod service;
pub mod source;
pub mod store;
pub mod walk;
