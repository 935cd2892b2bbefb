//! Where conversations happen: Telegram and the terminal. A channel stamps the time, speaks pages and decides nothing.

pub mod telegram;
pub mod terminal;
