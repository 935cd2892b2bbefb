//! What a bot's operators may ask in their own chat, and somebody who answers.

use async_trait::async_trait;

/// Words for operators: readers never get there.
#[async_trait]
pub trait Operator: Send + Sync {
    /// `None` if this is no command of theirs: then the book answers, as it answers everybody.
    async fn answer(&self, said: &str) -> Option<String>;
}
