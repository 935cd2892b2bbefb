//! The pure core: what the bot says next. Start with [`step`].
//!
//! Nothing here has a clock, randomness, I/O, async, a channel's types or SQL. Every function is total: whatever comes in, an
//! answer goes out.

pub mod book;
pub mod button;
mod compose;
mod footer;
pub mod guided;
mod help;
mod ids;
pub mod layout;
pub mod leaflet;
pub mod level;
mod limits;
mod more;
mod nearby;
mod node;
mod parts;
mod rate;
mod review;
pub mod safety;
mod step;
pub mod text;
pub mod tongues;
mod triage;
mod turn;
pub mod understand;
mod unit_number;
pub mod weekly;
pub mod words;

pub use book::{Book, Hash, Kind, Node, NodeId, Parts};
pub use button::Button;
pub use compose::{Key, Page, Press, without_tick};
pub use help::leads_to_help;
pub use level::{Level, MOST_WEEKS, Stage, WeekCount, WeekRange};
pub use more::{MOST_SAVED, PageAct};
pub use nearby::{Facility, Located, Near};
pub use rate::{HIGHEST, MOST_RATED, Rated, Rating, Ratings, Scale};
pub use review::{Review, Unreviewed};
pub use step::step;
pub use text::{Mark, MarkKind, Rich, Text};
pub use turn::{Asked, Effect, Event, Input, Reader, Screen, Turn, View};
