//! What authors run beside `check` and `chat`: reports on a book. They read books and never change them.

pub mod diff;
pub mod graph;
pub mod heard;
pub mod plan;
pub mod schema;
pub mod walks;
