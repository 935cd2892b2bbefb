//! What authors run on a book: each command reads it, hands it on, and says how it ended.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::civil::Date;

use super::open::{Offers, Open, open, open_book};
use super::reload::{Edit, Edits};
use super::{Deny, Drawing, FINDINGS, Format, GraphArgs, PlanArgs, USAGE, say};
use crate::author::diff as differences;
use crate::author::graph::{self, Choice, mermaid, svg};
use crate::author::heard;
use crate::author::plan::{Scene, plan};
use crate::author::schema::{FILES, schema};
use crate::author::translate::translate;
use crate::channel::terminal::{self, Drawer};
use crate::dialogue::Book;
use crate::lint;
use crate::service::File;
use crate::service::library::Volume;
use crate::source;

pub fn chat(dialogues: &Path, region: Option<String>, lang: Option<&str>, record: Option<&Path>) -> ExitCode {
    let Open { library, files } = match open(dialogues) {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let lang = lang.unwrap_or(library.own().language());
    let Some(book) = library.speaks(lang).cloned() else {
        let known: Vec<&str> = library.books().map(|book| book.language()).collect();
        eprintln!("--lang {lang}: the book speaks {}.", known.join(", "));
        return ExitCode::from(USAGE);
    };
    if let Some(region) = region.as_deref().filter(|region| !book.regions().contains_key(*region)) {
        let known: Vec<&str> = book.regions().keys().map(String::as_str).collect();
        eprintln!("--region {region}: the book knows {}.", known.join(", "));
        return ExitCode::from(USAGE);
    }
    let mut edits = Edits::new(dialogues.to_owned(), files, Offers::AUTHORS);
    let mut lay_down = |file: &File| {
        let path = std::env::temp_dir().join(&file.name);
        source::folder::write(&path, &file.content).map(|()| path)
    };
    let volume = Volume { library: Arc::clone(&library), book };
    let ended = match record {
        None => terminal::chat(volume, || newer(&mut edits, lang), region, Drawer { walk: None, file: &mut lay_down }),
        // A walk is played on one book, so it is recorded on one.
        Some(file) => {
            let walk: &mut terminal::Keep = &mut |walk| source::folder::write(file, walk);
            terminal::chat(volume, || None, region, Drawer { walk: Some(walk), file: &mut lay_down })
        }
    };
    ended_well(ended)
}

/// The book that was saved since the last look, if it may go live; what there is to say of it is told on standard error.
fn newer(edits: &mut Edits, lang: &str) -> Option<Volume> {
    match edits.look() {
        Edit::None => None,
        Edit::Good { library, .. } => {
            let spoken = library.speaks(lang).cloned();
            match spoken {
                Some(_) => eprintln!("The book was read again."),
                None => eprintln!("The book no longer speaks this language, so the chat goes on with the one before."),
            }
            spoken.map(|book| Volume { library, book })
        }
        Edit::Undone => {
            eprintln!("The book is again as it is spoken here.");
            None
        }
        Edit::Bad { report, .. } => {
            eprint!("{report}");
            eprintln!("The book has mistakes, so the chat goes on with the one before.");
            None
        }
        Edit::Broke => {
            eprintln!("Checking the book broke, so the chat goes on with the one before. This is a bug.");
            None
        }
    }
}

/// How a command ends that wrote to standard output.
pub fn ended_well(ended: std::io::Result<()>) -> ExitCode {
    match ended {
        // Whoever read along stopped reading (`backcare chat | head`): that is an end like any other.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("What was said cannot be written: {error}.");
            ExitCode::from(USAGE)
        }
        _ => ExitCode::SUCCESS,
    }
}

pub struct Checks<'a> {
    pub deny: Option<Deny>,
    pub format: Format,
    pub today: Date,
    pub lock: bool,
    /// The operator's list of services, looked at too.
    pub services: Option<&'a Path>,
}

pub fn check(dialogues: &Path, checks: &Checks) -> ExitCode {
    let Checks { deny, format, today, lock, services } = *checks;
    let lint::Checked { book, mut report, proof, .. } = lint::examine(dialogues, Some(today));
    let mut listed = None;
    if let Some(path) = services {
        let source::Listed { facilities, report: of_services } = source::services(path);
        listed = Some((path, facilities.len()));
        report = report.and(of_services);
    }
    match format {
        Format::Text => say(report.render(source::colour_wanted())),
        Format::Json => say(report.json()),
        Format::Github => say(report.github()),
    }
    if let Some(book) = &book {
        if report.is_empty() && format == Format::Text {
            say(format_args!("{}: {} pages, nothing to mend\n", dialogues.display(), book.len()));
            if let Some((path, count)) = listed {
                say(format_args!("{}: {count} services, nothing to mend\n", path.display()));
            }
            if let Some(proof) = proof {
                say(format_args!("{} rules proved over {} screens and {} taps\n", proof.rules, proof.screens, proof.taps));
            }
        }
        if lock && let Err(error) = lint::write_lock(dialogues, book) {
            eprintln!("{} cannot be written: {error}.", dialogues.join(source::LOCK_FILE).display());
            return ExitCode::from(USAGE);
        }
    } else if lock {
        eprintln!("{} stays as it is until the mistakes are mended.", source::LOCK_FILE);
    }
    let denied = deny.is_some() && report.warnings() > 0;
    if report.errors() > 0 || denied { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

pub fn understand(dialogues: &Path, why: Option<&str>) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    if let Some(text) = why {
        say(heard::why(&book, text));
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

pub fn planned(dialogues: &Path, args: PlanArgs) -> ExitCode {
    let book = match open_book(dialogues) {
        Ok(book) => book,
        Err(code) => return code,
    };
    let until = args.until.or_else(|| args.from.checked_add(jiff::Span::new().years(1)).ok()).unwrap_or(args.from);
    let PlanArgs { week, zone, day, at, from, outage, paused, json, .. } = args;
    let count = book.weeks();
    if let Some(week) = week.filter(|week| *week > count.to) {
        eprintln!("--week {week}: the book counts up to week {}.", count.to);
        return ExitCode::from(USAGE);
    }
    let scene = Scene { zone, day, hour: at, week, from, until, outages: outage, pauses: paused };
    match plan(&book, &scene) {
        Some(plan) if json => say(format_args!("{}\n", serde_json::to_string_pretty(&plan).unwrap_or_default())),
        Some(plan) => say(&plan),
        None => {
            eprintln!("No plan: the book has no weekly tips, or the time zone {} is not known.", scene.zone);
            return ExitCode::from(USAGE);
        }
    }
    ExitCode::SUCCESS
}

pub fn graph(dialogues: &Path, args: GraphArgs) -> ExitCode {
    // A book that breaks a rule can be drawn all the same: seeing it may be how the author finds out.
    let source::Loaded { book, spans, report, .. } = source::load(dialogues);
    let Some(book) = book else {
        eprint!("{report}");
        return ExitCode::from(FINDINGS);
    };
    let from = args.from.as_deref().map(|id| book.find(id));
    if from == Some(None) {
        eprintln!("--from: there is no page `{}`.", args.from.unwrap_or_default());
        return ExitCode::from(USAGE);
    }
    let ids = args.subject.as_deref().map(|subject| spans.pages_of(subject));
    if ids == Some(None) {
        eprintln!("--subject: the files of pages are {}.", spans.subjects().collect::<Vec<_>>().join(", "));
        return ExitCode::from(USAGE);
    }
    let pages = ids.flatten().map(|ids| ids.iter().filter_map(|id| book.find(id)).collect());
    let subject = args.subject.zip(pages);
    let picture = graph::picture(&book, &Choice { from: from.flatten(), depth: args.depth, until: args.until, subject });
    let drawn = match args.format {
        Drawing::Mermaid => mermaid::mermaid(&picture),
        Drawing::Svg => svg::svg(&picture),
    };
    tell(&drawn, args.out.as_deref())
}

/// On standard output, or into a file.
pub fn tell(text: &str, out: Option<&Path>) -> ExitCode {
    let Some(path) = out else {
        // Whoever read along stopped reading (`backcare graph | head`): that is an end like any other.
        let _ = std::io::stdout().write_all(text.as_bytes());
        return ExitCode::SUCCESS;
    };
    if let Err(error) = source::folder::write(path, text) {
        eprintln!("{} cannot be written: {error}.", path.display());
        return ExitCode::from(USAGE);
    }
    ExitCode::SUCCESS
}

pub fn schemas(kind: Option<&str>, out: Option<&Path>) -> ExitCode {
    let kinds = FILES.into_iter().filter(|each| kind.is_none_or(|kind| kind == *each));
    for kind in kinds {
        let text = schema(kind).unwrap_or_default();
        let path = out.map(|folder| folder.join(format!("{kind}.schema.json")));
        let told = tell(&text, path.as_deref());
        if told != ExitCode::SUCCESS {
            return told;
        }
    }
    ExitCode::SUCCESS
}

pub fn translated(dialogues: &Path, language: &str, accept: &[String]) -> ExitCode {
    let draft = match source::draft(dialogues, language) {
        Ok(draft) => draft,
        Err(report) => {
            eprint!("{report}");
            eprintln!("Nothing was written: mend this first, so that nothing is lost.");
            return ExitCode::from(FINDINGS);
        }
    };
    if draft.listed.first().is_some_and(|own| own == language) {
        eprintln!("{language} is the book's own language: its words stand in the book itself.");
        return ExitCode::from(USAGE);
    }
    let listed = draft.listed.clone();
    let done = match translate(draft, accept) {
        Ok(done) => done,
        Err(why) => {
            eprintln!("--accept: {why}");
            return ExitCode::from(USAGE);
        }
    };
    for (path, text) in &done.files {
        if let Err(error) = source::folder::write(path, text) {
            eprintln!("{} cannot be written: {error}.", path.display());
            return ExitCode::from(USAGE);
        }
    }
    say(format!("{done}\n"));
    if listed.iter().all(|known| known != language) {
        let list = listed.join(", ");
        say(format!("The book doesn't speak it yet: write `languages: [{list}, {language}]` into book.yaml.\n"));
    }
    ExitCode::SUCCESS
}

/// Old books need not keep the rules of today: it is enough that they can be read.
fn read_book(dialogues: &Path, named: &str) -> Result<Book, ExitCode> {
    let folder = Path::new(named);
    let loaded = if folder.is_dir() { Ok(source::load(folder)) } else { source::load_revision(dialogues, named) };
    match loaded {
        Ok(source::Loaded { book: Some(book), .. }) => Ok(book),
        Ok(loaded) => {
            eprint!("{}", loaded.report);
            eprintln!("The book of {named} can't be read.");
            Err(ExitCode::from(USAGE))
        }
        Err(why) => {
            eprintln!("{named}: {why}.");
            Err(ExitCode::from(USAGE))
        }
    }
}

pub fn diff(dialogues: &Path, old: &str, new: Option<&str>) -> ExitCode {
    let here = dialogues.display().to_string();
    let books = read_book(dialogues, old).and_then(|old| Ok((old, read_book(dialogues, new.unwrap_or(&here))?)));
    let (old, new) = match books {
        Ok(books) => books,
        Err(code) => return code,
    };
    let difference = differences::diff(&old, &new);
    say(&difference);
    if difference.lost() > 0 { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}
