//! `backcare run`: settings, log, book, store and channel put together, and the signals that end it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use log::{error, info, warn};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::open::{Offers, Open, Unchecked, open_for};
use super::patience::wait_for;
use super::{Failed, USAGE, logging, reload};
use crate::channel::telegram::{self, Hook, Operators, Terms};
use crate::config::{Settings, Webhook};
use crate::dialogue::Unreviewed;
use crate::ops::{self, Desk};
use crate::places::Facilities;
use crate::service::library::Library;
use crate::service::{Service, retention};
use crate::source::{self, Files};
use crate::store;

/// Ended by a second signal: 128 and the number of SIGINT, as shells count.
const INTERRUPTED: i32 = 130;

pub fn serve(dialogues: Option<&Path>) -> ExitCode {
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(USAGE);
        }
    };
    logging::start(&settings.log);
    let dir = dialogues.unwrap_or(&settings.dialogues).to_owned();
    let unchecked = if settings.unchecked_translations { Unchecked::Shown } else { Unchecked::Original };
    let facilities = match settings.services.as_deref().map(listed).transpose() {
        Ok(listed) => listed,
        Err(code) => return code,
    };
    let offers = Offers { unchecked, services: facilities.is_some() };
    let Open { library, files } = match open_for(&dir, offers) {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let book = OpenBook { dir, library, files, offers, facilities: Arc::new(facilities.unwrap_or_default()) };
    let Unreviewed { pages, of } = book.library.own().unreviewed();
    if pages > 0 {
        warn!(
            "No clinician has checked all of this book: {pages} of {of} pages are left. Don't offer it to the public before one has."
        );
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
        Err(Failed { code, why }) => {
            error!("{why}");
            ExitCode::from(code)
        }
    }
}

/// What is spoken, and what it was made of.
struct OpenBook {
    dir: PathBuf,
    library: Arc<Library>,
    files: Files,
    offers: Offers,
    facilities: Arc<Facilities>,
}

/// The operator's list of services; nothing starts on half of one.
fn listed(path: &Path) -> Result<Facilities, ExitCode> {
    let source::Listed { facilities, report } = source::services(path);
    if report.errors() == 0 {
        info!("{}: {} services", path.display(), facilities.len());
        return Ok(Facilities::new(facilities));
    }
    eprint!("{report}");
    eprintln!(
        "SERVICES: {} has mistakes. Mend them (backcare check shows them too), or take the setting away.",
        path.display()
    );
    Err(ExitCode::from(USAGE))
}

async fn speak(settings: Settings, book: OpenBook) -> Result<(), Failed> {
    let OpenBook { dir, library, files, offers, facilities } = book;
    let stop = stop_signal();
    let open = || store::open(&settings.database_url, settings.data_key.clone());
    let Some(store) = wait_for(open, stop.clone()).await.map_err(|error| Failed::of(&error))? else { return Ok(()) };
    let bot = telegram::bot(settings.token.reveal(), &settings.api_url).map_err(|error| error.to_string())?;
    let preparing = Arc::clone(&library);
    // Nobody's first message waits for it, and neither does a stop: so it has a thread of its own.
    std::thread::spawn(move || preparing.prepare());
    let (swap, running) = watch::channel(library);
    let (tell, news) = mpsc::unbounded_channel();
    if let Err(error) = reload::follow(dir, files, offers, swap, tell) {
        warn!("Edits of the book are not seen before the next start, for no thread could be started: {error}.");
    }
    let service = Service { running, store: Arc::clone(&store), meter: Arc::default(), facilities };
    let (running, meter) = (service.running.clone(), Arc::clone(&service.meter));
    let desk = Arc::new(Desk::new(running, Arc::clone(&store), meter, Timestamp::now, stop.clone()));
    let ops = match settings.ops {
        Some(address) => Some(open_ops(address, Arc::clone(&desk)).await?),
        None => None,
    };
    let hook = match settings.webhook {
        Some(webhook) => Some(open_hook(webhook, settings.token.reveal()).await?),
        None => None,
    };
    let terms = Terms { rate: settings.rate, chat_rate: settings.chat_rate, hook };
    let operators = Operators::new(settings.admins, news, desk);
    let forgetting = tokio::spawn(retention::keep(Arc::clone(&store), settings.retention_days, Timestamp::now));
    let ended = telegram::run(bot, service, terms, operators, stop).await;
    forgetting.abort();
    if let Some(ops) = ops {
        ops.abort();
    }
    store.close().await;
    ended.map_err(|error| Failed::of(&error))
}

/// Opens the ops port. It answers until the bot has stopped, and says meanwhile that it is not ready.
async fn open_ops(address: SocketAddr, desk: Arc<Desk>) -> Result<JoinHandle<()>, String> {
    let (listener, address) = listen("OPS_ADDR", address).await?;
    info!("The ops port listens at http://{address}/");
    if !address.ip().is_loopback() {
        warn!("The ops port asks nobody for a password: see to it that only those reach {address} who should.");
    }
    Ok(tokio::spawn(ops::serve(listener, desk)))
}

/// Opens the webhook's port. Calls wait there until the bot takes them.
async fn open_hook(Webhook { url, listens_at, secret }: Webhook, token: &str) -> Result<Hook, String> {
    let (listener, address) = listen("WEBHOOK_ADDR", listens_at).await?;
    info!("The webhook listens at {address}");
    Ok(Hook::new(listener, url, secret, token))
}

async fn listen(setting: &str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("{setting}: {address} cannot be listened at: {error}. Name another, or end the program that is there.")
    })?;
    let address = listener.local_addr().unwrap_or(address);
    Ok((listener, address))
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
