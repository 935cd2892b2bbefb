//! The commands, and nothing but wiring: each takes the book, hands it to the room that does the work, and says how it ended.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command speaks to who called it

mod authors;
mod doctor;
mod key;
mod logging;
mod open;
mod operate;
mod operators;
mod paper;
mod patience;
mod preview;
mod reload;
mod review;
mod serve;
mod walks;

use std::error::Error;
use std::fmt::Display;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use self::authors::Checks;
use crate::author::schema::FILES;
use crate::config::Environment;
use crate::dialogue::MOST_WEEKS;
use crate::dialogue::safety::KindName;
use crate::source::is_language;
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
    #[command(
        after_help = "Example: backcare chat --region gb\nExample: printf '/start\\n1\\n' | backcare chat\nExample: backcare chat --record tests/walks/new.walk"
    )]
    Chat {
        /// The reader's country: a key of `regions` in book.yaml
        #[arg(long)]
        region: Option<String>,
        /// The reader's language, as two letters
        #[arg(long)]
        lang: Option<String>,
        /// Write the conversation down as a walk
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
        /// Show the conversation of a walk, as far as it holds
        #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "region"])]
        replay: Option<PathBuf>,
    },
    /// Play the walks of the book, and tell what none of them reaches
    #[command(
        after_help = "Example: backcare test\nExample: backcare test weekly --update\nExample: backcare --dialogues examples/knee test"
    )]
    Test(TestArgs),
    /// Serve the bot in Telegram; settings come from the environment or `.env` (see .env.example)
    #[command(
        after_help = "Ends with 0 when it is stopped, 1 if the book has mistakes, 2 if a setting is wrong, 75 if the database was away for a minute: then start it again.\nExample: TELOXIDE_TOKEN=123456:ABC backcare run"
    )]
    Run,
    /// Look at everything that the bot needs, and say what to do about each; exit code 1 if something is wrong
    #[command(after_help = "Example: backcare doctor")]
    Doctor,
    /// How many readers, weekly tips and ratings the store holds; asks nobody else and changes nothing
    #[command(after_help = "Example: backcare stats\nExample: backcare stats --json")]
    Stats {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy all that is remembered from one database to another, empty one: SQLite to PostgreSQL, or back
    #[command(
        after_help = "Stop the bot first; while it runs, updates in its hands are not copied. A password may also come from PGPASSWORD or ~/.pgpass.\nExample: backcare move sqlite://data/backcare.db postgres://backcare@db.example.org/backcare\nExample: backcare move postgres://backcare@localhost/backcare sqlite://new/backcare.db"
    )]
    Move {
        /// The database that is copied, as in DATABASE_URL
        from: String,
        /// The empty one that it is copied to
        to: String,
    },
    /// Write a copy of the SQLite database while the bot runs, without updates in hand
    #[command(
        after_help = "The database is the one of DATABASE_URL. For PostgreSQL, it says how pg_dump does the same.\nExample: backcare backup backups/monday.db"
    )]
    Backup {
        /// The file to write; it must not be there yet
        file: PathBuf,
    },
    /// A fresh key, a new one for all that is sealed, and what to do if one is lost
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// What the bot makes of sentences: one a line on stdin, one JSON object a line on stdout
    #[command(
        after_help = "Example: echo 'when should i see a doctor' | backcare understand\nExample: backcare understand --why 'should i see a doctor'"
    )]
    Understand {
        /// One sentence, and which of its words counted
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// What one reader receives, when, and why
    #[command(after_help = "Example: backcare plan --week 20 --zone Europe/London --day mon --at 09:00 --from 2026-11-23")]
    Plan(PlanArgs),
    /// What a reader would see differently from one book to another; exit code 1 if a button in old chats would lose its meaning
    #[command(
        after_help = "Example: backcare diff HEAD\nExample: backcare diff v1 v2\nExample: backcare diff ../published dialogues"
    )]
    Diff {
        /// The book as it was: a folder, or a git revision of the book's folder
        old: String,
        /// The book as it will be [default: the book's folder as it is now]
        new: Option<String>,
    },
    /// The book on a page of this machine: a phone to talk to, the map, the mistakes; every saved edit shows at once
    #[command(
        after_help = "Example: backcare preview\nExample: backcare --dialogues examples/knee preview --addr 127.0.0.1:8000\nExample: backcare preview --export review.html --region gb"
    )]
    Preview(PreviewArgs),
    /// The book as a picture: Mermaid, or SVG that every browser shows
    #[command(after_help = "Example: backcare graph --from doctor --until advice --format svg --out triage.svg")]
    Graph(GraphArgs),
    /// What an editor needs to complete, explain and check the files of a book: JSON Schema
    #[command(after_help = "Example: backcare schema pages\nExample: backcare schema --out docs/schema")]
    Schema {
        /// The kind of file; all of them if there is none
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(FILES), required_unless_present = "out")]
        kind: Option<String>,
        /// The folder that they are written into, each as <KIND>.schema.json
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Write a language's folder, or bring it up to date: every text above its words, what is missing and what has changed
    #[command(after_help = "Example: backcare translate es\nExample: backcare translate es --accept lifting.text")]
    Translate {
        /// Two small letters, as es
        #[arg(value_parser = language)]
        lang: String,
        /// Texts that have changed and whose words still fit
        #[arg(long, value_name = "WAY", num_args = 1..)]
        accept: Vec<String>,
    },
    /// The book's leaflet as one file of HTML, to be printed: what `/leaflet` sends
    #[command(
        after_help = "Pages of triage and advice whose translation nobody has checked are in it if UNCHECKED_TRANSLATIONS is on.\nExample: backcare leaflet --region gb --out leaflet.html\nExample: backcare leaflet --language es --region us --bot backcare_bot"
    )]
    Leaflet(LeafletArgs),
    /// The bot's profile picture as a PNG of 640 by 640 pixels, for @BotFather
    #[command(after_help = "Example: backcare picture --out profile.png")]
    Picture {
        /// Where it is written
        #[arg(long, value_name = "FILE", default_value = "profile.png")]
        out: PathBuf,
    },
    /// Take in what clinicians have sent back: pages that they found right, and comments
    #[command(
        after_help = "Ends with 0 if all of it was kept, 1 if some of it could not be: the book has changed since. 2 for what is no review of this book.\nExample: backcare review review-ann-lee.json\nExample: backcare --dialogues examples/knee review reviews/*.json"
    )]
    Review {
        /// The files that "Save my review" saved
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Say everything that is wrong with the book
    #[command(after_help = "Example: backcare --dialogues dialogues check --deny warnings")]
    Check {
        /// What else than errors ends with exit code 1
        #[arg(long, value_enum)]
        deny: Option<Deny>,
        /// For people, for scripts, or for the checks of a pull request
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// The day on which reviews are due or not, as 2026-11-23 [default: today]
        #[arg(long, value_name = "DATE")]
        today: Option<Date>,
        /// Write the list of published ids (`ids.lock`), once nothing is wrong
        #[arg(long)]
        lock: bool,
        /// Look at this list of services too [default: SERVICES]
        #[arg(long, value_name = "FILE")]
        services: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct PreviewArgs {
    /// Where the page is; on another address than a loopback one, others can see it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    addr: SocketAddr,
    /// Write the book as one file for a clinician to read, tick and comment, instead; `backcare review` takes in what comes back
    #[arg(long, value_name = "FILE", conflicts_with_all = ["addr", "walks"])]
    export: Option<PathBuf>,
    /// The country of the reader in that file: a key of `regions` in book.yaml
    #[arg(long, requires = "export")]
    region: Option<String>,
    /// The folder that walks are saved in [default: `walks` in the book's folder if it is there, else tests/walks]
    #[arg(long, value_name = "DIR")]
    walks: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Only walks whose path holds one of these words
    filter: Vec<String>,
    /// The folder of the walks [default: `walks` in the book's folder if it is there, else tests/walks]
    #[arg(long, value_name = "DIR")]
    walks: Option<PathBuf>,
    /// Write what is said today into walks that expect something else; read the difference before you keep it
    #[arg(long)]
    update: bool,
    /// Write a walk for each page, answer, sign and tip that none reaches, into the folder `filled` of the walks
    #[arg(long, conflicts_with = "filter")]
    fill: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Debug, Args)]
struct GraphArgs {
    /// Mermaid for a document that draws it, SVG for a picture
    #[arg(long, value_enum, default_value_t = Drawing::Mermaid)]
    format: Drawing,
    /// Only what this page leads to
    #[arg(long, value_name = "PAGE", conflicts_with = "subject")]
    from: Option<String>,
    /// So many taps from that page
    #[arg(long, value_name = "N", requires = "from")]
    depth: Option<usize>,
    /// Nothing behind pages of this kind; may be given more than once
    #[arg(long, value_name = "KIND", requires = "from", value_parser = kind)]
    until: Vec<KindName>,
    /// Only the pages of this file: its name without .yaml
    #[arg(long, value_name = "FILE")]
    subject: Option<String>,
    /// Where it is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Drawing {
    Mermaid,
    Svg,
}

#[derive(Debug, Args)]
struct LeafletArgs {
    /// The reader's language, as two letters [default: the book's own]
    #[arg(long, alias = "lang")]
    language: Option<String>,
    /// The reader's country: a key of `regions` in book.yaml; without it, numbers are told by country
    #[arg(long)]
    region: Option<String>,
    /// The bot's name in Telegram, to say where it is
    #[arg(long, value_name = "NAME")]
    bot: Option<String>,
    /// Where it is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct PlanArgs {
    /// The reader's week on the first day, as the book counts them; left out for a reader who keeps none
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=i64::from(MOST_WEEKS)))]
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

fn language(code: &str) -> Result<String, String> {
    if is_language(code) { Ok(code.to_owned()) } else { Err(String::from("write two small letters, as es")) }
}

fn kind(name: &str) -> Result<KindName, String> {
    let known = KindName::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| format!("write one of {}", KindName::ALL.map(KindName::name).join(", ")))
}

fn span<T: std::str::FromStr>(text: &str) -> Result<(T, T), String> {
    let ends = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    ends.ok_or_else(|| String::from("write two dates or times with .. between them"))
}

/// Findings in the book.
const FINDINGS: u8 = 1;
/// Wrong usage or settings.
const USAGE: u8 = 2;
/// The database is away: the same again may go well later. EX_TEMPFAIL, as sysexits.h has it, which service managers know.
const AWAY: u8 = 75;

/// Why a command ends without having done its work.
struct Failed {
    code: u8,
    why: String,
}

impl Failed {
    fn of(error: &(dyn Error + 'static)) -> Failed {
        Failed { code: if store::may_pass(error) { AWAY } else { USAGE }, why: error.to_string() }
    }

    fn exit(self) -> ExitCode {
        eprintln!("{}", self.why);
        ExitCode::from(self.code)
    }
}

impl From<String> for Failed {
    fn from(why: String) -> Failed {
        Failed { code: USAGE, why }
    }
}

/// Runs the command that the arguments name. Exit codes: 0 fine, 1 findings, 2 wrong usage or settings, 75 the database is away.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::read();
    let dialogues = cli.dialogues.clone();
    let folder = dialogues.clone().unwrap_or_else(|| environment.get("DIALOGUES").unwrap_or_else(|| "dialogues".into()).into());
    match cli.command {
        Command::Chat { replay: Some(walk), .. } => walks::replay(&folder, &walk),
        Command::Chat { region, lang, record, .. } => authors::chat(&folder, region, lang.as_deref(), record.as_deref()),
        Command::Test(args) => walks::test(&folder, &args),
        Command::Diff { old, new } => authors::diff(&folder, &old, new.as_deref()),
        Command::Check { deny, format, today, lock, services } => {
            let today = today.unwrap_or_else(|| jiff::Zoned::now().date());
            let services = services.or_else(|| environment.get("SERVICES").map(PathBuf::from));
            authors::check(&folder, &Checks { deny, format, today, lock, services: services.as_deref() })
        }
        Command::Preview(args) => preview::preview(&folder, &args),
        Command::Graph(args) => authors::graph(&folder, args),
        Command::Leaflet(args) => paper::leaflet(&folder, &environment, args),
        Command::Picture { out } => paper::picture(&folder, &out),
        Command::Schema { kind, out } => authors::schemas(kind.as_deref(), out.as_deref()),
        Command::Plan(args) => authors::planned(&folder, args),
        Command::Translate { lang, accept } => authors::translated(&folder, &lang, &accept),
        Command::Understand { why } => authors::understand(&folder, why.as_deref()),
        Command::Review { files } => review::review(&folder, &files),
        Command::Doctor => doctor::doctor(dialogues.as_deref()),
        Command::Stats { json } => operators::stats(&environment, json),
        Command::Move { from, to } => operate::moved(&from, &to),
        Command::Backup { file } => operate::backed_up(&environment, &file),
        Command::Key(command) => key::key(&environment, command),
        Command::Run => serve::serve(dialogues.as_deref()),
    }
}

/// Says something on standard output. Whoever read along and stopped (`backcare test | head`) has seen enough; how it ended is told by
/// the exit code all the same.
fn say(text: impl Display) {
    let mut output = std::io::stdout().lock();
    let _ = write!(output, "{text}").and_then(|()| output.flush());
}
