//! A book that is edited while the bot speaks from it: what is good is live at once, what is not never is.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use backcare::store;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::bot::{Bot, DATA_KEY, folder, press, say};
use crate::fake::{self, Fake, Message, Person};
use crate::weekly::due_now;

const TIP: &str = "Move a little, often.";

/// A small book of its own for each test, beside the bot's data.
struct Shelf {
    dir: PathBuf,
}

impl Shelf {
    fn new(dir: &TempDir) -> Shelf {
        let shelf = Shelf { dir: dir.path().join("book") };
        copy_base(&shelf.dir);
        shelf
    }

    async fn bot(&self, fake: &Fake, dir: &TempDir, settings: &[(&str, &str)]) -> Bot {
        let book = self.dir.display().to_string();
        let settings: Vec<_> = [("DIALOGUES", book.as_str())].into_iter().chain(settings.iter().copied()).collect();
        Bot::start_with(fake, dir, &settings).await
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.dir.join(file)).unwrap()
    }

    /// Saves as most editors do: a new file beside it, then the old name.
    fn save(&self, file: &str, text: &str) {
        let beside = self.dir.join(format!(".{file}.swp"));
        fs::write(&beside, text).unwrap();
        fs::rename(beside, self.dir.join(file)).unwrap();
    }

    /// Puts other words where some stand.
    fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old}");
        self.save(file, &text.replace(old, new));
    }
}

fn copy_base(to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad/base")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// Waits until so many books have gone live since the start.
async fn live(bot: &Bot, times: usize) {
    count(bot, "live: ", times).await;
}

async fn count(bot: &Bot, words: &str, times: usize) {
    let begun = Instant::now();
    while bot.lines(&[words]).len() < times {
        assert!(begun.elapsed() < fake::PATIENCE, "not {times} of {words:?} in:\n{}", bot.output());
        sleep(Duration::from_millis(10)).await;
    }
}

/// The tip, by way of the menu.
async fn tip(fake: &Fake, person: &Person) -> Message {
    say(fake, person, "/start").await;
    press(fake, person, "A tip").await
}

#[tokio::test]
async fn a_saved_edit_is_there_at_the_next_press_and_a_touch_does_nothing() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let bot = shelf.bot(&fake, &dir, &[]).await;
    let anna = fake.person(7);
    assert_eq!(tip(&fake, &anna).await.text, TIP);
    say(&fake, &anna, "/start").await;

    shelf.save("home.yaml", &shelf.read("home.yaml"));
    fs::write(shelf.dir.join("notes.txt"), "not of the book").unwrap();
    sleep(Duration::from_millis(600)).await;
    assert!(bot.lines(&["live"]).is_empty(), "{}", bot.output());

    shelf.edit("home.yaml", TIP, "Move a lot, rarely.");
    live(&bot, 1).await;
    // The button is of the book before; the page that was kept ready is not.
    assert_eq!(press(&fake, &anna, "A tip").await.text, "Move a lot, rarely.");
    shelf.edit("home.yaml", "rarely", "often");
    live(&bot, 2).await;
    assert_eq!(tip(&fake, &anna).await.text, "Move a lot, often.");
    assert_eq!(bot.lines(&["live: 3 pages"]).len(), 2, "{}", bot.output());
    assert!(fake.refusals().is_empty() && bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn an_old_button_works_on_and_one_of_a_page_taken_out_leads_near() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let bot = shelf.bot(&fake, &dir, &[]).await;
    let (anna, ben) = (fake.person(7), fake.person(8));
    say(&fake, &anna, "/start").await;
    say(&fake, &ben, "/start").await;

    // In other places, under another title, and with a page in between.
    let pages = shelf.read("home.yaml");
    let moved = pages.replace("links: [help, tip]", "links: [rest, help, tip]").replace("title: A tip", "title: What helps");
    shelf.save("home.yaml", &format!("{moved}\nrest:\n  title: Rest\n  text: Lie down.\n"));
    live(&bot, 1).await;
    assert_eq!(press(&fake, &anna, "A tip").await.text, TIP);
    say(&fake, &anna, "/start").await;
    assert_eq!(press(&fake, &anna, "Rest").await.text, "Lie down.");

    shelf.save("home.yaml", pages.split("\ntip:").next().unwrap().replace("links: [help, tip]", "links: [help]").as_str());
    shelf.edit("weekly.yaml", "from: tip", "from: help");
    live(&bot, 2).await;
    let near = press(&fake, &ben, "A tip").await;
    assert!(near.text.starts_with("This button is old."), "{}", near.text);
    assert!(bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn a_broken_edit_is_told_and_never_live_until_it_is_mended() {
    const TYPED: &str = "zanzibar quokka";
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let (anna, _admin, _never_met) = (fake.person(7), fake.person(21).met(), fake.person(22));
    let bot = shelf.bot(&fake, &dir, &[("ADMINS", "21, 22")]).await;
    say(&fake, &anna, TYPED).await;

    let good = shelf.read("home.yaml");
    shelf.edit("home.yaml", "links: [help, tip]", "links: [help, tipp]");
    fake.wait_for(21, fake::PATIENCE, |_| true).await;
    let place = format!("{}:7:17: ", shelf.dir.join("home.yaml").display());
    let lines = bot.lines(&[&place]);
    assert!(lines.len() == 1 && lines[0].contains("tipp") && lines[0].ends_with(" unknown-page)"), "{}", bot.output());
    assert!(fake.chat(21).last().text.contains(&place), "{}", fake.chat(21).show());
    assert_eq!(tip(&fake, &anna).await.text, TIP);
    bot.wait_line(&["may not write to 22"]).await;

    // The same again is not told again; another mistake is, but the admins know already.
    shelf.save("home.yaml", &shelf.read("home.yaml"));
    sleep(Duration::from_millis(600)).await;
    assert_eq!(bot.lines(&[&place]).len(), 1, "{}", bot.output());
    fs::write(shelf.dir.join("home.yaml"), good.replace("title: Home", "titel: Home")).unwrap();
    count(&bot, "`titel`", 1).await;
    assert_eq!(tip(&fake, &anna).await.text, TIP);
    assert_eq!(fake.chat(21).messages().len(), 1, "{}", fake.chat(21).show());

    shelf.save("home.yaml", &good.replace(TIP, "Move."));
    count(&bot, "mended and live: 3 pages", 1).await;
    assert_eq!(tip(&fake, &anna).await.text, "Move.");
    fake.wait_until("word that it is mended", |fake| fake.chat(21).messages().len() == 2).await;
    assert!(fake.chat(21).last().text.contains("mended"), "{}", fake.chat(21).show());

    // A mistake that is taken back leaves nothing to swap; that all is well is told all the same.
    let mended = shelf.read("home.yaml");
    shelf.save("home.yaml", "home: [");
    fake.wait_until("word of the next mistake", |fake| fake.chat(21).messages().len() == 3).await;
    shelf.save("home.yaml", &mended);
    fake.wait_until("word of its end", |fake| fake.chat(21).messages().len() == 4).await;
    let told = fake.chat(21).show();
    assert!(!told.contains("zanzibar") && !bot.output().contains("zanzibar") && bot.breaks().is_empty(), "{told}");
}

#[tokio::test]
async fn a_file_that_is_written_in_two_halves_is_live_once_and_whole() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let bot = shelf.bot(&fake, &dir, &[]).await;
    let whole = shelf.read("home.yaml");
    let mut torn = false;
    for (times, half) in (1..).zip(["links: [he", "tip:\n  title: A", "home:\n  title: Home\n"]) {
        let text = whole.replace(TIP, &format!("Move {times}."));
        let cut = text.find(half).unwrap() + half.len();
        let begun = Instant::now();
        fs::write(shelf.dir.join("home.yaml"), &text[..cut]).unwrap();
        sleep(Duration::from_millis(50)).await;
        fs::write(shelf.dir.join("home.yaml"), &text).unwrap();
        // On a machine that is too busy the halves come apart, and the first is rightly told as broken.
        torn |= begun.elapsed() > Duration::from_millis(120);
        live(&bot, times).await;
        assert_eq!(tip(&fake, &fake.person(7)).await.text, format!("Move {times}."));
    }
    assert!(torn || bot.lines(&["mistakes"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn a_folder_that_is_replaced_is_followed() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let bot = shelf.bot(&fake, &dir, &[]).await;
    let anna = fake.person(7);
    let other = |name: &str, words: &str| {
        let to = dir.path().join(name);
        copy_base(&to);
        let pages = fs::read_to_string(to.join("home.yaml")).unwrap().replace(TIP, words);
        fs::write(to.join("home.yaml"), pages).unwrap();
        to
    };
    // Another folder takes its place, as some deployments do.
    let next = other("next", "One.");
    fs::rename(&shelf.dir, dir.path().join("gone")).unwrap();
    fs::rename(next, &shelf.dir).unwrap();
    live(&bot, 1).await;
    assert_eq!(tip(&fake, &anna).await.text, "One.");
    shelf.edit("home.yaml", "One.", "Two.");
    live(&bot, 2).await;

    // A link takes its place, and leads elsewhere later.
    let (three, four) = (other("three", "Three."), other("four", "Four."));
    fs::remove_dir_all(&shelf.dir).unwrap();
    symlink(three, &shelf.dir).unwrap();
    live(&bot, 3).await;
    symlink(&four, dir.path().join("link")).unwrap();
    fs::rename(dir.path().join("link"), &shelf.dir).unwrap();
    live(&bot, 4).await;
    assert_eq!(tip(&fake, &anna).await.text, "Four.");
    fs::write(four.join("home.yaml"), shelf.read("home.yaml").replace("Four.", "Five.")).unwrap();
    live(&bot, 5).await;
    assert_eq!(tip(&fake, &anna).await.text, "Five.");
    assert!(bot.lines(&["mistakes"]).is_empty(), "{}", bot.output());
}

/// Every file is a link through `..data`, and that one link is swapped.
#[tokio::test]
async fn a_config_map_of_kubernetes_is_followed() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf { dir: dir.path().join("volume") };
    copy_base(&shelf.dir.join("..1"));
    copy_base(&shelf.dir.join("..2"));
    let pages = shelf.read("..2/home.yaml").replace(TIP, "Mounted.");
    fs::write(shelf.dir.join("..2/home.yaml"), pages).unwrap();
    symlink("..1", shelf.dir.join("..data")).unwrap();
    for file in fs::read_dir(shelf.dir.join("..1")).unwrap() {
        let name = file.unwrap().file_name();
        symlink(Path::new("..data").join(&name), shelf.dir.join(name)).unwrap();
    }
    let bot = shelf.bot(&fake, &dir, &[]).await;
    assert_eq!(tip(&fake, &fake.person(7)).await.text, TIP);
    symlink("..2", shelf.dir.join("..data_tmp")).unwrap();
    fs::rename(shelf.dir.join("..data_tmp"), shelf.dir.join("..data")).unwrap();
    live(&bot, 1).await;
    assert_eq!(tip(&fake, &fake.person(7)).await.text, "Mounted.");
}

#[tokio::test]
async fn commands_and_descriptions_are_told_anew_when_they_change() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    shelf.edit("book.yaml", "home: home\n", "home: home\ndescription: About backs.\n");
    let bot = shelf.bot(&fake, &dir, &[]).await;
    let described = |fake: &Fake, words: &str| fake.profile().descriptions.values().any(|said| said == words);
    fake.wait_until("the description", |fake| described(fake, "About backs.")).await;

    shelf.edit("home.yaml", TIP, "Move.");
    live(&bot, 1).await;
    shelf.edit("book.yaml", "When to call somebody}", "When to call}\n  tip: {page: tip, description: One tip}");
    live(&bot, 2).await;
    let commands = |fake: &Fake| fake.profile().commands.values().next().map(ToString::to_string).unwrap_or_default();
    fake.wait_until("the new commands", |fake| commands(fake).contains("One tip")).await;
    assert_eq!(say(&fake, &fake.person(7), "/tip").await.text, "Move.");
    shelf.edit("book.yaml", "description: About backs.\n", "");
    fake.wait_until("no description", |fake| !described(fake, "About backs.")).await;
    // Nothing was told that had not changed.
    let told = |method: &str| fake.calls_of(method).len();
    let told = [told("setMyCommands"), told("setMyDescription"), told("setMyShortDescription")];
    assert_eq!(told, [2, 2, 0]);
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

#[tokio::test]
async fn saves_under_traffic_lose_no_press() {
    const PEOPLE: i64 = 20;
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let bot = shelf.bot(&fake, &dir, &[("RATE", "1000")]).await;
    let people: Vec<Person> = (1..=PEOPLE).map(|id| fake.person(id)).collect();
    fake.faults(|f| f.delay = Duration::from_millis(10));
    // Each save takes a page in or out before the one that is pressed, so that pages stand in other places in each book.
    let pages = shelf.read("home.yaml");
    let longer = pages.replace("\nhelp:", "\nfirst:\n  title: First\n  text: One more.\n\nhelp:");
    let longer = longer.replace("links: [help, tip]", "links: [help, tip, first]");
    let mut presses = Vec::new();
    for times in 1..=6 {
        shelf.save("home.yaml", if times % 2 == 1 { &longer } else { &pages });
        while bot.lines(&["live: "]).len() < times {
            let said: Vec<i64> = people.iter().map(|person| person.say("/start")).collect();
            for update in said {
                fake.wait_shown(update).await;
            }
            let pressed: Vec<i64> = people.iter().map(|person| person.press("A tip")).collect();
            for (person, update) in people.iter().zip(&pressed) {
                fake.wait_shown(*update).await;
                assert_eq!(fake.chat(person.id).last().text, TIP);
            }
            presses.extend(pressed);
        }
    }
    assert!(presses.len() > 6 * people.len() && fake.unanswered().is_empty() && fake.unanswered_presses().is_empty());
    assert!(fake.doubled().is_empty() && fake.refusals().is_empty(), "{:?}", fake.refusals());
    assert!(bot.breaks().is_empty() && bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn the_weekly_tip_is_the_new_book_s() {
    let (fake, dir) = (Fake::start().await, folder());
    let shelf = Shelf::new(&dir);
    let _anna = fake.person(7).met();
    let bot = shelf.bot(&fake, &dir, &[]).await;
    shelf.edit("weekly.yaml", "Get up now and then.", "Get up at once.");
    live(&bot, 1).await;
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    let store = store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    store.save(7, &due_now()).await.unwrap();
    fake.wait_until("the tip", |fake| !fake.chat(7).messages().is_empty()).await;
    assert!(fake.chat(7).last().text.contains("Get up at once."), "{}", fake.chat(7).show());
}
