//! What authors run beside `check` and `chat`: reports on a book, and what a translator is given. They never write a file themselves.

pub mod diff;
pub mod graph;
pub mod heard;
pub mod plan;
pub mod review;
pub mod schema;
pub mod translate;
pub mod walks;
mod yaml;
