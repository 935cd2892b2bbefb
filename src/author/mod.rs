//! What authors run beside `check` and `chat`: reports on a book, what a translator or a clinician is given, and what comes back. They never write a file themselves.

pub mod diff;
pub mod graph;
pub mod heard;
pub mod plan;
pub mod review;
pub mod schema;
pub mod translate;
pub mod walks;
mod yaml;
