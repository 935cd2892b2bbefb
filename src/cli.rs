//! The commands, and nothing but wiring: each takes the book, hands it to the room that does the work, and says how it ended.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command speaks to who called it

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use log::{error, warn};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::author::heard;
use crate::author::plan::{Scene, plan};
use crate::channel::{telegram, terminal};
use crate::config::{Environment, Settings};
use crate::dialogue::Book;
use crate::lint;
use crate::service::Service;
use crate::source;
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
        /// The reader's language, as two letters
        #[arg(long)]
        lang: Option<String>,
    },
    /// Serve the bot in Telegram; settings come from the environment or `.env` (see .env.example)
    #[command(after_help = "Example: TELOXIDE_TOKEN=123456:ABC backcare run")]
    Run,
    /// What the bot makes of sentences: one a line on stdin, one JSON object a line on stdout
    #[command(
        after_help = "Example: echo 'when should i see a doctor' | backcare understand\nExample: backcare understand --why 'my waters broke'"
    )]
    Understand {
        /// One sentence, and which of its words counted
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// What one reader receives, when, and why
    #[command(after_help = "Example: backcare plan --week 20 --zone Europe/London --day mon --at 09:00 --from 2026-11-23")]
    Plan(PlanArgs),
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

#[derive(Debug, Args)]
struct PlanArgs {
    /// The week of pregnancy on the first day; left out for a reader who keeps none
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=45))]
    week: Option<u8>,
    /// An IANA time zone
    #[arg(long, default_value = "Europe/London")]
    zone: String,
    /// mon, tue, wed, thu, fri, sat, sun [default: the book's]
    #[arg(long, value_parser = weekday)]
    day: Option<Weekday>,
    /// A full hour, as 09:00 [default: the book's]
    #[arg(long, value_parser = hour)]
    at: Option<i8>,
    /// The first day, as 2026-11-23
    #[arg(long)]
    from: Date,
    /// The last day [default: a year later]
    #[arg(long)]
    until: Option<Date>,
    /// While the bot is down, in UTC: 2026-12-01T00:00Z..2026-12-02T10:00Z; may be given more than once
    #[arg(long, value_parser = span::<Timestamp>)]
    outage: Vec<(Timestamp, Timestamp)>,
    /// While the reader pauses: 2026-12-01..2026-12-14; may be given more than once
    #[arg(long, value_parser = span::<Date>)]
    paused: Vec<(Date, Date)>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

fn weekday(name: &str) -> Result<Weekday, String> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let at = days.iter().position(|day| name.to_lowercase().starts_with(day)).and_then(|at| i8::try_from(at).ok());
    at.and_then(|at| Weekday::from_monday_zero_offset(at).ok()).ok_or_else(|| format!("write one of {}", days.join(", ")))
}

fn hour(time: &str) -> Result<i8, String> {
    let time: jiff::civil::Time = time.parse().map_err(|_| String::from("write a time as 09:00"))?;
    if time.minute() == 0 { Ok(time.hour()) } else { Err(String::from("tips come at full hours")) }
}

fn span<T: std::str::FromStr>(text: &str) -> Result<(T, T), String> {
    let ends = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    ends.ok_or_else(|| String::from("write two dates or times with .. between them"))
}

/// Findings in the book.
const FINDINGS: u8 = 1;
/// Wrong usage or settings.
const USAGE: u8 = 2;
/// Ended by a second signal: 128 and the number of SIGINT, as shells count.
const INTERRUPTED: i32 = 130;

/// Runs the command that the arguments name. Exit codes: 0 fine, 1 findings, 2 wrong usage or settings.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::read();
    let dialogues = cli.dialogues.clone();
    let folder = dialogues.clone().unwrap_or_else(|| environment.get("DIALOGUES").unwrap_or_else(|| "dialogues".into()).into());
    match cli.command {
        Command::Chat { region, lang } => chat(&folder, region, lang.as_deref()),
        Command::Check { deny } => check(&folder, deny),
        Command::Plan(args) => planned(&folder, args),
        Command::Understand { why } => understand(&folder, why.as_deref()),
        Command::Run => serve(dialogues.as_deref()),
    }
}

/// The book, if it may go live; what is wrong with it is told on standard error.
fn open_book(dialogues: &Path) -> Result<Book, ExitCode> {
    let (book, report) = lint::check_dir(dialogues);
    if let Some(book) = book.filter(|_| report.errors() == 0) {
        return Ok(book);
    }
    eprint!("{report}");
    eprintln!("The book in {} has mistakes, so the bot says nothing yet. Mend them and start again.", dialogues.display());
    Err(ExitCode::from(FINDINGS))
}

fn chat(dialogues: &Path, region: Option<String>, lang: Option<&str>) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    if let Some(region) = region.as_deref().filter(|region| !book.regions().contains_key(*region)) {
        let known: Vec<&str> = book.regions().keys().map(String::as_str).collect();
        eprintln!("--region {region}: the book knows {}.", known.join(", "));
        return ExitCode::from(USAGE);
    }
    if let Some(lang) = lang.filter(|lang| *lang != book.language()) {
        eprintln!("--lang {lang}: the book speaks {}.", book.language());
        return ExitCode::from(USAGE);
    }
    match terminal::chat(&book, region) {
        // Whoever read along stopped reading (`backcare chat | head`): that is an end like any other.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("The terminal cannot be written to: {error}.");
            ExitCode::from(USAGE)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn check(dialogues: &Path, deny: Option<Deny>) -> ExitCode {
    let (book, report) = lint::check_dir(dialogues);
    print!("{}", report.render(source::colour_wanted()));
    if let Some(book) = book.filter(|_| report.is_empty()) {
        println!("{}: {} pages, nothing to mend", dialogues.display(), book.len());
    }
    let denied = deny.is_some() && report.warnings() > 0;
    if report.errors() > 0 || denied { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

fn understand(dialogues: &Path, why: Option<&str>) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    if let Some(text) = why {
        print!("{}", heard::why(&book, text));
        return ExitCode::SUCCESS;
    }
    match heard::lines(&book, std::io::stdin().lock(), std::io::stdout().lock()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("Lines cannot be read or written: {error}.");
            ExitCode::from(USAGE)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn planned(dialogues: &Path, args: PlanArgs) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    let until = args.until.or_else(|| args.from.checked_add(jiff::Span::new().years(1)).ok()).unwrap_or(args.from);
    let PlanArgs { week, zone, day, at, from, outage, paused, json, .. } = args;
    let scene = Scene { zone, day, hour: at, week, from, until, outages: outage, pauses: paused };
    match plan(&book, &scene) {
        Some(plan) if json => println!("{}", serde_json::to_string_pretty(&plan).unwrap_or_default()),
        Some(plan) => print!("{plan}"),
        None => {
            eprintln!("No plan: the book has no weekly tips, or the time zone {} is not known.", scene.zone);
            return ExitCode::from(USAGE);
        }
    }
    ExitCode::SUCCESS
}

fn serve(dialogues: Option<&Path>) -> ExitCode {
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(USAGE);
        }
    };
    start_log(&settings.log);
    let book = match open_book(dialogues.unwrap_or(&settings.dialogues)) {
        Ok(book) => book,
        Err(code) => return code,
    };
    if book.sources().values().any(|source| !source.clinically_reviewed) {
        warn!("No clinician has checked all of this book. Don't offer it to the public before one has.");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("The program cannot start its threads: {error}.");
            return ExitCode::from(USAGE);
        }
    };
    match runtime.block_on(speak(settings, book)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            error!("{why}");
            ExitCode::from(USAGE)
        }
    }
}

async fn speak(settings: Settings, book: Book) -> Result<(), telegram::RunError> {
    let stop = stop_signal();
    let store = store::open(&settings.database_url, settings.data_key).await?;
    let bot = telegram::bot(settings.token.reveal(), &settings.api_url)?;
    let service = Service { book: Arc::new(book), store: Arc::clone(&store) };
    let ended = telegram::run(bot, service, settings.rate, stop).await;
    store.close().await;
    ended
}

/// Turns true at the first SIGINT or SIGTERM; the second ends the program at once.
fn stop_signal() -> watch::Receiver<bool> {
    let (send, stop) = watch::channel(false);
    tokio::spawn(async move {
        for again in [false, true] {
            if let Err(error) = a_signal().await {
                error!("Signals cannot be heard, so stop the bot with SIGKILL: {error}.");
                // Kept, so that nobody takes the silence for a stop.
                return std::future::pending().await;
            }
            if again {
                std::process::exit(INTERRUPTED);
            }
            send.send_replace(true);
        }
    });
    stop
}

async fn a_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

/// Logs from here on. The libraries below the bot are held at `warn`, whatever is asked for: some of them would log addresses, and
/// the token is part of every address. A panic says where it happened and no more, for its message can hold what somebody typed.
fn start_log(filters: &str) {
    let mut log = pretty_env_logger::formatted_timed_builder();
    log.parse_filters(filters);
    for noisy in ["hyper", "hyper_util", "reqwest", "rustls", "teloxide", "teloxide_core", "sqlx", "h2", "mio", "want"] {
        log.filter_module(noisy, log::LevelFilter::Warn);
    }
    log.init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!("something broke at {place}");
    }));
}
