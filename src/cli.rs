//! The commands, and nothing but wiring: each takes the book, hands it to the room that does the work, and says how it ended.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use log::{error, warn};
use tokio::sync::watch;

use crate::channel::{telegram, terminal};
use crate::config::Settings;
use crate::dialogue::Book;
use crate::lint;
use crate::service::Service;
use crate::store;

/// A dialogue bot for people with backache in pregnancy. Everything it says is written in YAML.
#[derive(Debug, Parser)]
#[command(name = "backcare", version, arg_required_else_help = true)]
pub struct Cli {
    /// The folder of the book [default: DIALOGUES, or `dialogues`]
    #[arg(long, global = true, value_name = "DIR")]
    dialogues: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Talk to the bot in the terminal: no token, no network
    #[command(after_help = "Example: backcare chat --region gb\nExample: printf '/start\\n1\\n' | backcare chat")]
    Chat {
        /// The reader's country: a key of `regions` in book.yaml
        #[arg(long)]
        region: Option<String>,
    },
    /// Serve the bot in Telegram; settings come from the environment or `.env` (see .env.example)
    #[command(after_help = "Example: TELOXIDE_TOKEN=123456:ABC backcare run")]
    Run,
    /// Say everything that is wrong with the book
    #[command(after_help = "Example: backcare --dialogues dialogues check --deny warnings")]
    Check {
        /// What else than errors ends with exit code 1
        #[arg(long, value_enum)]
        deny: Option<Deny>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

/// Findings in the book.
const FINDINGS: u8 = 1;
/// Wrong usage or settings.
const USAGE: u8 = 2;

/// Runs the command that the arguments name. Exit codes: 0 fine, 1 findings, 2 wrong usage or settings.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let dotenv = Settings::dotenv();
    let dialogues = cli.dialogues.unwrap_or_else(|| dotenv.dialogues());
    match cli.command {
        Command::Chat { region } => chat(&dialogues, region),
        Command::Run => serve(&dialogues, &dotenv),
        Command::Check { deny } => check(&dialogues, deny),
    }
}
