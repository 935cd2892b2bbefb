//! Places, offline: the time zone of a location, and of a city as people type it; which facilities are nearest to a location.
//!
//! Pure functions of what they are given. No clock, no network, no files at run time; what was typed and where somebody is are neither
//! kept nor logged. No words for readers either: what a zone is called on a button stands in the book.

mod city;
mod facilities;
mod location;
mod name;
mod table;

pub use city::zone_of_city;
pub use facilities::{Facilities, NEAREST};
pub use location::zone_at;
