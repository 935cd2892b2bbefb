//! Every key that a book may hold, declared once: reading, "did you mean" and the schema for editors all come from here.

use super::front::FOOTERS;
use super::image::PICTURES;
use super::takes::Names::{self, Commands, Fixed, Free, Ids, Moved};
use super::takes::Takes::{
    self, Address, Date, Each, Either, Flag, ListOf, Measure, Number, One, OneOf, Page, Plain, Source, Text, Weeks, Words,
};
use super::weekly::DAYS;
use crate::dialogue::book::Data;
use crate::dialogue::safety::{KindName, WeeklyState};
use crate::dialogue::understand::Cue;
use crate::dialogue::{Level, MOST_WEEKS, Scale};

/// A key, what it takes, and what it is for, in words for authors.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub takes: Takes,
    pub what: &'static str,
}

/// The keys that may stand together in one mapping.
#[derive(Debug)]
pub struct Shape {
    /// With its article, to be set into a sentence.
    pub name: &'static str,
    pub keys: &'static [&'static [&'static Key]],
    /// Those that must be there.
    pub needs: &'static [&'static Key],
    /// Of these groups exactly one is there.
    pub one_of: &'static [&'static [&'static Key]],
}

impl Shape {
    pub fn all(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().flat_map(|part| part.iter().copied())
    }
}

/// What a key takes stands behind its name; one that says nothing takes anything, until somebody says it.
macro_rules! keys {
    (@takes) => { Takes::Anything };
    (@takes $takes:expr) => { $takes };
    ($($id:ident = $name:literal $(: $takes:expr)?, $what:literal;)*) => {
        $(pub static $id: Key = Key { name: $name, takes: keys!(@takes $($takes)?), what: $what };)*
    };
}

macro_rules! shapes {
    (@list) => { &[] };
    (@list $list:expr) => { $list };
    ($($id:ident = $name:literal: $($keys:expr),+ $(=> needs $needs:expr)? $(=> one_of $one:expr)?;)*) => {
        $(pub static $id: Shape = Shape {
            name: $name,
            keys: &[$($keys),+],
            needs: shapes!(@list $($needs)?),
            one_of: shapes!(@list $($one)?),
        };)*
    };
}

mod files;

pub use files::*;

// --- what several keys take ------------------------------------------------------------------------------------------------------

#[allow(clippy::as_conversions)] // widened, in a constant
const WEEK: Takes = Number(0, MOST_WEEKS as u32);
/// A budget of the book.
const MOST_OF: Takes = Number(1, 10_000);
/// More taps than anybody would promise.
const TAPS: Takes = Number(0, 50);
const PHRASES: Takes = ListOf(&Plain);
const BUTTON: Takes = Either(&[Page, One(&LINK)]);
const SOURCE_IDS: Takes = Either(&[Source, ListOf(&Source)]);
const SELECTED: Takes = Either(&[Page, One(&SELECT)]);

/// The most urgent first.
fn levels() -> Vec<&'static str> {
    Level::ALL.iter().rev().map(|level| level.name()).collect()
}

/// A row to tick is never a matter of looking after oneself.
fn sign_levels() -> Vec<&'static str> {
    Level::ALL.iter().rev().filter(|level| **level > Level::SelfCare).map(|level| level.name()).collect()
}

fn cues() -> Vec<&'static str> {
    Cue::ALL.iter().map(|cue| cue.name()).collect()
}

fn kinds() -> Vec<&'static str> {
    KindName::ALL.map(KindName::name).into()
}

fn weekly_states() -> Vec<&'static str> {
    WeeklyState::ALL.map(WeeklyState::name).into()
}

fn data() -> Vec<&'static str> {
    Data::ALL.map(Data::name).into()
}

fn scales() -> Vec<&'static str> {
    Scale::ALL.map(Scale::name).into()
}

fn footers() -> Vec<&'static str> {
    FOOTERS.iter().map(|(name, _)| *name).collect()
}

fn days() -> Vec<&'static str> {
    DAYS.iter().map(|(name, _)| *name).collect()
}

fn picture_files() -> Vec<&'static str> {
    PICTURES.into()
}

fn counts() -> Vec<&'static str> {
    vec!["counts"]
}

fn forms() -> Vec<&'static str> {
    vec!["weekly"]
}

// --- pages -----------------------------------------------------------------------------------------------------------------------

keys! {
    TITLE = "title": Words, "Label of every button that leads here.";
    SOURCE = "source": SOURCE_IDS, "Where the facts come from: one id of book.yaml's sources, or a list of them.";
    COVERS = "covers": PHRASES, "Rows of the first document that this page carries.";
    ASKS = "asks": PHRASES, "What people type to get here, in their own words.";
    KEEP = "keep": Flag, "true: never edited away, the next page comes as a new message.";
    ALONE = "alone": Flag, "true: without the fixed row of buttons.";
    UNRATED = "unrated": Flag, "true: readers are never asked whether it helped, because that would hurt, or come at the wrong time.";
    WITHDRAWN = "withdrawn": Text, "Why this page was taken back; it is no longer shown.";
    TEXT = "text": Text, "What is said, in Markdown.";
    LINKS = "links": ListOf(&Either(&[Page, One(&LINK), ListOf(&BUTTON)])), "Buttons under the text: pages, web addresses, rows of them.";
    QUESTION = "question": Text, "What is asked, in Markdown.";
    ANSWERS = "answers": Each(Ids, &One(&ANSWER)), "The answers, each under a key that never changes.";
    EDITION = "edition": Number(1, 255), "Raised when the meaning changes, so that old buttons ask again.";
    WEEK_ANSWERS = "answers": Each(Ids, &One(&WEEK_ANSWER)), "The answers, each under a key that never changes, with the weeks that it means.";
    WEEKS = "weeks": Text, "How the reader's week is asked for, in Markdown.";
    THEN = "then": Page, "The page that comes next.";
    CHECKLIST = "checklist": Text, "What is asked above the rows to tick, in Markdown.";
    SIGNS = "signs": Each(Ids, &One(&SIGN)), "The rows to tick, each under a key that never changes.";
    NONE = "none": Words, "Label of the button for none of these.";
    UNSURE = "unsure": Words, "How Not sure is said back.";
    OUTCOME = "outcome": One(&OUTCOME_MAP), "Where each level leads.";
    ADVICE = "advice": OneOf(levels), "How urgent this advice is: emergency, now, today, soon or self-care.";
    STEPS = "steps": ListOf(&One(&STEP)), "The steps of an exercise.";
    REPEAT = "repeat": Number(1, 1000), "How often the whole is done.";
    PACE = "pace": Measure('s', 120), "How long a move takes when the exercise is done together, as 4s, where its step says nothing else.";
    BEFORE = "before": Page, "A question that is asked before the first step, once a visit.";
    REGIONS = "regions": Text, "Words above one button for each region.";
    LANGUAGE_CHOICE = "languages": Text, "Words above one button for each language of the book.";
    SERVICES = "services": Text, "Asks the reader to send a place, in Markdown; the nearest of the operator's list are then shown.";
    WITHOUT = "without": Text, "What is said instead where the operator has no list.";
    FOUND = "found": One(&FOUND_MAP), "The words of the list.";
    FINDER_LABEL = "finder": Words, "Label of the button that opens the official finder of the reader's region, if it has one.";
    LEAFLET_PAGE = "leaflet": Flag, "true: the reader also gets the book's leaflet as a file, to print.";
    DATA = "data": OneOf(data), "sent: the reader also gets a file with all that is kept of them. deleted: all of it is deleted; only the answer of a question may lead here.";
    SAVED = "saved": Text, "Words above the pages that the reader saved, one button each; what is said of an empty list is in words.yaml.";
    UNIT_NUMBER = "unit-number": Text, "Asks the reader to type the phone number of their own maternity unit, which every advice page says from then on; its other words are in words.yaml.";
    FORM = "form": OneOf(forms), "weekly: the sign-up to the weekly tips; its words are in words.yaml.";
    ENDS_WEEKLY = "ends-weekly": Flag, "true: coming here ends the weekly tips, because what they were for is over.";
}

keys! {
    IMAGE = "image": One(&IMAGE_MAP), "A picture beside the text: its file in the folder `media`, and what it shows.";
    IMAGE_FILE = "file": Takes::File(picture_files), "The picture's name in the folder `media`: an .svg, .png or .jpg.";
    ALT = "alt": Words, "What the picture shows, in a few words, for whoever can't see it; at most 200 characters.";
}

/// What a page with a screen of its own may have; an exercise has it on each step.
static SEEN: [&Key; 1] = [&IMAGE];

/// What every page may have.
static COMMON: [&Key; 9] = [&TITLE, &SOURCE, &COVERS, &ASKS, &KEEP, &ALONE, &UNRATED, &WITHDRAWN, &ENDS_WEEKLY];

shapes! {
    PAGE = "a page": &[&TEXT, &LINKS, &DATA, &LEAFLET_PAGE], &SEEN, &COMMON => needs &[&TEXT];
    QUESTION_PAGE = "a question": &[&QUESTION, &ANSWERS, &EDITION], &SEEN, &COMMON => needs &[&QUESTION, &ANSWERS];
    WEEKS_PAGE = "a page that asks for the weeks": &[&WEEKS, &WEEK_ANSWERS, &THEN], &SEEN, &COMMON => needs &[&WEEKS, &WEEK_ANSWERS, &THEN];
    CHECKLIST_PAGE = "a checklist": &[&CHECKLIST, &SIGNS, &NONE, &UNSURE, &THEN, &EDITION], &SEEN, &COMMON => needs &[&CHECKLIST, &SIGNS, &NONE, &UNSURE, &THEN];
    OUTCOME_PAGE = "an outcome": &[&OUTCOME], &COMMON => needs &[&OUTCOME];
    ADVICE_PAGE = "an advice page": &[&ADVICE, &TEXT, &LINKS], &SEEN, &COMMON => needs &[&ADVICE, &TEXT];
    STEPS_PAGE = "an exercise": &[&STEPS, &REPEAT, &PACE, &BEFORE, &THEN], &COMMON => needs &[&STEPS, &THEN];
    REGIONS_PAGE = "a page of regions": &[&REGIONS, &THEN], &SEEN, &COMMON => needs &[&REGIONS, &THEN];
    LANGUAGES_PAGE = "a page of languages": &[&LANGUAGE_CHOICE, &THEN], &SEEN, &COMMON => needs &[&LANGUAGE_CHOICE, &THEN];
    SERVICES_PAGE = "a page of services": &[&SERVICES, &WITHOUT, &FOUND, &FINDER_LABEL, &LINKS], &SEEN, &COMMON => needs &[&SERVICES, &WITHOUT, &FOUND, &FINDER_LABEL];
    SAVED_PAGE = "a list of saved pages": &[&SAVED], &SEEN, &COMMON => needs &[&SAVED];
    UNIT_NUMBER_PAGE = "a page that asks for a unit's number": &[&UNIT_NUMBER], &SEEN, &COMMON => needs &[&UNIT_NUMBER];
    FORM_PAGE = "a form": &[&FORM], &COMMON => needs &[&FORM];
}

/// The key that tells what kind a page is. `text` alone makes a plain page.
pub static KINDS: [(&Key, &Shape); 12] = [
    (&QUESTION, &QUESTION_PAGE),
    (&WEEKS, &WEEKS_PAGE),
    (&CHECKLIST, &CHECKLIST_PAGE),
    (&OUTCOME, &OUTCOME_PAGE),
    (&ADVICE, &ADVICE_PAGE),
    (&STEPS, &STEPS_PAGE),
    (&REGIONS, &REGIONS_PAGE),
    (&LANGUAGE_CHOICE, &LANGUAGES_PAGE),
    (&SERVICES, &SERVICES_PAGE),
    (&FORM, &FORM_PAGE),
    (&SAVED, &SAVED_PAGE),
    (&UNIT_NUMBER, &UNIT_NUMBER_PAGE),
];

// --- inside pages ----------------------------------------------------------------------------------------------------------------

keys! {
    LABEL = "label": Words, "The words on the button.";
    GOTO = "goto": Page, "The page that this answer leads to; `onward` for the one this was asked before.";
    FROM = "from": WEEK, "First week that this answer means.";
    TO_WEEK = "to": WEEK, "Last week that this answer means.";
    ALL = "all": Flag, "true: not known, so that every row is asked.";
    OUTSIDE = "outside": Flag, "true: the reader is in none of the weeks that the book counts, so that rows with weeks are not asked.";
    LEVEL = "level": OneOf(sign_levels), "How urgent this sign is: emergency, now, today or soon.";
    SIGN_WEEKS = "weeks": Weeks, "The weeks in which this row is asked, as 16.. or ..14 or 20..36.";
    TO_PAGE = "to": Page, "The page that the button leads to.";
    URL = "url": Address, "The web address that the button opens.";
    HIDE = "hide": Page, "The page that this message turns into, while what was typed is deleted.";
    FOUND_TEXT = "text": Text, "What is said above the nearest places, in Markdown.";
    MAP_LABEL = "map": Words, "Label of the button that shows a place on a map.";
    WEBSITE_LABEL = "website": Words, "Label of the button that opens a place's website.";
    KM = "km": Words, "How kilometres are written behind a number.";
    IN_MILES = "miles": Words, "How miles are written behind a number.";
    WORST = "worst": One(&WORST_MAP), "One page for each level.";
    HOLD = "hold": Measure('s', 600), "How long to hold, as 5s.";
    STEP_PACE = "pace": Measure('s', 120), "How long the move of this step takes, as 4s.";
    EMERGENCY = "emergency": Page, "The page for an emergency.";
    NOW = "now": Page, "The page for a call at once.";
    TODAY = "today": Page, "The page for a call today.";
    SOON = "soon": Page, "The page for a call this week.";
    SELF_CARE = "self-care": Page, "The page for looking after oneself.";
}

shapes! {
    ANSWER = "an answer": &[&LABEL, &GOTO] => needs &[&LABEL, &GOTO];
    WEEK_ANSWER = "an answer to the weeks": &[&LABEL, &FROM, &TO_WEEK, &ALL, &OUTSIDE] => needs &[&LABEL] => one_of &[&[&FROM, &TO_WEEK], &[&ALL], &[&OUTSIDE]];
    SIGN = "a row": &[&LABEL, &LEVEL, &SIGN_WEEKS] => needs &[&LABEL, &LEVEL];
    LINK = "a button": &[&TO_PAGE, &URL, &HIDE, &LABEL] => one_of &[&[&TO_PAGE], &[&URL], &[&HIDE]];
    OUTCOME_MAP = "`outcome`": &[&WORST] => needs &[&WORST];
    FOUND_MAP = "`found`": &[&FOUND_TEXT, &MAP_LABEL, &WEBSITE_LABEL, &KM, &IN_MILES] => needs &[&FOUND_TEXT, &MAP_LABEL, &WEBSITE_LABEL, &KM, &IN_MILES];
    WORST_MAP = "`worst`": &[&EMERGENCY, &NOW, &TODAY, &SOON, &SELF_CARE] => needs &[&EMERGENCY, &NOW, &TODAY, &SOON, &SELF_CARE];
    STEP = "a step": &[&TEXT, &PACE, &HOLD, &IMAGE] => needs &[&TEXT];
    IMAGE_MAP = "a picture": &[&IMAGE_FILE, &ALT] => needs &[&IMAGE_FILE, &ALT];
}

// --- book.yaml -------------------------------------------------------------------------------------------------------------------

keys! {
    FORMAT = "format": Number(1, 1), "The version of this format: 1.";
    ID = "id": Takes::Id, "The book's own id; it never changes.";
    BOOK_TITLE = "title": Words, "The book's name.";
    LANGUAGES = "languages": Either(&[ListOf(&Takes::Language), Each(Names::Languages, &Words)]), "The languages that the book speaks, its own first, each with its name for itself, as {en: English, es: Español}; each of the others has a folder of that name.";
    ABOUT = "description": Plain, "What Telegram shows in an empty chat with the bot; at most 512 characters.";
    SHORT_ABOUT = "short-description": Plain, "What Telegram shows on the bot's profile; at most 120 characters.";
    HOME = "home": Page, "The page that the book starts with.";
    HELP = "help": Page, "The page that Get help leads to.";
    FOOTER = "footer": ListOf(&OneOf(footers)), "The fixed row of buttons: back, help, more.";
    RATING = "rating": One(&RATING_MAP), "How readers rate pages, under More and at the end of an exercise; left out, nothing is rated.";
    BOOK_WEEKS = "weeks": One(&COUNT_MAP), "What the book counts in weeks, if anything: the weeks in which a reader can be.";
    LIMITS = "limits": One(&LIMITS_MAP), "The book's own budgets; the checker holds every page to them.";
    COMMANDS = "commands": Each(Commands, &One(&COMMAND)), "The commands of the menu, without the slash.";
    SOURCES = "sources": Each(Ids, &One(&BOOK_SOURCE)), "Where facts come from, each under an id that pages name.";
    BOOK_REGIONS = "regions": Each(Ids, &One(&REGION)), "The words and numbers of each region; `unknown` stands for all others.";
    LEAFLET = "leaflet": One(&LEAFLET_MAP), "What of the book can be printed, and in which order.";
    PICTURE = "picture": Takes::File(picture_files), "The bot's profile picture in the folder `media`: a square .svg, .png or .jpg.";
    MOVED = "moved": Each(Moved, &Takes::Moved), "Old page ids, or page.answer, and what they are called today.";
    RULES = "rules": ListOf(&One(&SAFETY)), "What the book promises of itself; the checker proves it over every path.";
    NEVER_SAY = "never-say": ListOf(&Either(&[Words, One(&NEVER_SAID)])), "Words that never reach a reader, each alone or as {say: ..., because: ...}.";
    OFF = "off": Each(Free, &Either(&[Plain, Each(Ids, &Plain)])), "Warnings that this book turns off, by their id: why, or why for each page, source or tip.";

    SCALE = "scale": OneOf(scales), "yes-no: whether it helped. stars: one to five.";
    CHOICES = "missing": Each(Ids, &Words), "What may have been missing where a page did not help, each under an id that never changes, with the label of its button; at most 6. Left out, nobody is asked.";

    PAGE_WORDS = "page-words": MOST_OF, "Most words of a page.";
    ADVICE_WORDS = "advice-words": MOST_OF, "Most words of an advice page.";
    // Below, nobody reads; above, everybody has left school.
    READING_AGE = "reading-age": Number(6, 25), "The age at which people read as well as a text may need, in years.";
    BUTTONS = "buttons": MOST_OF, "Most own buttons of a page.";
    ROWS = "rows": MOST_OF, "Most rows of own buttons.";
    MOST_SIGNS = "signs": MOST_OF, "Most rows of a checklist.";
    MEMORY = "memory": Measure('h', 1000), "How long ticks are trusted, as 12h.";
    PROOF_SCREENS = "screens": Number(1, 10_000_000), "Most screens that the checker tries to prove the rules.";
    TIP_WORDS = "tip-words": MOST_OF, "Most words of a weekly tip.";

    COUNT_FROM = "from": WEEK, "The first week in which a reader can be.";
    COUNT_TO = "to": WEEK, "The last week in which a reader can be.";
    DUE_WEEK = "due": WEEK, "The week that begins on the day that readers name by its date, as a due date; left out, no date tells the week.";

    NEVER_WORDS = "say": Words, "The words, as they would be read.";
    BECAUSE = "because": Words, "Why not, told to whoever wrote them.";

    COMMAND_PAGE = "page": Page, "The page that the command leads to.";
    DESCRIPTION = "description": Words, "What the command's entry in the menu says.";

    SOURCE_TITLE = "title": Words, "The document's title.";
    PUBLISHER = "publisher": Words, "Who published it.";
    LINK_URL = "link": Address, "Its web address.";
    REVIEWED = "reviewed": Date, "When it was last reviewed, as 2015-02-05.";
    DUE = "due": Date, "When its next review is due.";
    CLINICALLY_REVIEWED = "clinically-reviewed": Flag, "true once a clinician has checked it for this bot.";

    REGION_NAME = "name": Words, "The label of the region's button.";
    CHECKED = "checked": Date, "When somebody last checked its numbers.";
    NUMBERS = "numbers": Each(Ids, &Text), "By placeholder: labelled numbers by country, shown under texts that use it where the region is unknown.";
    MONTH_FIRST = "month-first": Flag, "true: people there write 3/12 for 12 March.";
    MILES = "miles": Flag, "true: people there count distances in miles.";
    FINDER = "finder": Address, "The official finder of services there.";
    SAY = "say": Each(Ids, &Either(&[Words, ListOf(&One(&SAYING))])), "What each placeholder says here.";
    ZONES = "zones": Each(Free, &Words), "Time zones by IANA name, each with the label of its button; most people first.";
    SAY_WEEKS = "weeks": Weeks, "The weeks in which it is said so.";
    SAY_WORDS = "say": Words, "The words.";
}

shapes! {
    BOOK = "book.yaml": &[
        &FORMAT, &ID, &BOOK_TITLE, &LANGUAGES, &ABOUT, &SHORT_ABOUT, &HOME, &HELP, &FOOTER, &RATING, &BOOK_WEEKS, &LIMITS, &COMMANDS, &SOURCES, &BOOK_REGIONS,
        &LEAFLET, &PICTURE, &MOVED, &RULES, &OFF, &NEVER_SAY
    ] => needs &[&FORMAT, &ID, &BOOK_TITLE, &HOME];
    RATING_MAP = "`rating`": &[&SCALE, &CHOICES] => needs &[&SCALE];
    LIMITS_MAP = "`limits`": &[
        &PAGE_WORDS, &ADVICE_WORDS, &TIP_WORDS, &READING_AGE, &BUTTONS, &ROWS, &MOST_SIGNS, &MEMORY, &PROOF_SCREENS
    ];
    COUNT_MAP = "the book's `weeks`": &[&COUNT_FROM, &COUNT_TO, &DUE_WEEK] => needs &[&COUNT_FROM, &COUNT_TO];
    NEVER_SAID = "what is never said": &[&NEVER_WORDS, &BECAUSE] => needs &[&NEVER_WORDS];
    COMMAND = "a command": &[&COMMAND_PAGE, &DESCRIPTION] => needs &[&COMMAND_PAGE, &DESCRIPTION];
    BOOK_SOURCE = "a source": &[&SOURCE_TITLE, &PUBLISHER, &LINK_URL, &REVIEWED, &DUE, &CLINICALLY_REVIEWED] => needs &[&SOURCE_TITLE];
    REGION = "a region": &[&REGION_NAME, &CHECKED, &NUMBERS, &SAY, &ZONES, &MONTH_FIRST, &MILES, &FINDER] => needs &[&REGION_NAME];
    SAYING = "a way to say it": &[&SAY_WEEKS, &SAY_WORDS] => needs &[&SAY_WORDS];
}

// --- the leaflet -----------------------------------------------------------------------------------------------------------------

keys! {
    LEAFLET_TITLE = "title": Words, "What stands above it.";
    LEAFLET_TEXT = "text": Text, "For whom it is, in Markdown.";
    SECTIONS = "sections": ListOf(&One(&SECTION)), "Its sections, in their order.";
    SOURCES_TITLE = "sources": Words, "What stands above the sources.";
    CHECKED_WORDS = "checked": Text, "When the region's numbers were last checked, with {date}.";
    CHAT = "chat": Text, "Where the bot is, with {link}; left out where its name is not known.";
    PAGES = "pages": ListOf(&Page), "The pages of this section: tips, exercises, advice, questions.";
    LEAFLET_SIGNS = "signs": Each(Fixed(sign_levels), &Text), "What to do about the signs of each level; the signs themselves come from the triage.";
    NOTES = "notes": Words, "What stands above the words that the lists explain; needed beside `signs`.";
}

shapes! {
    LEAFLET_MAP = "`leaflet`": &[&LEAFLET_TITLE, &LEAFLET_TEXT, &SECTIONS, &SOURCES_TITLE, &CHECKED_WORDS, &CHAT] => needs &[&LEAFLET_TITLE, &LEAFLET_TEXT, &SECTIONS, &SOURCES_TITLE, &CHECKED_WORDS, &CHAT];
    SECTION = "a section": &[&LEAFLET_TITLE, &TEXT, &PAGES, &LEAFLET_SIGNS, &NOTES] => needs &[&LEAFLET_TITLE] => one_of &[&[&PAGES], &[&LEAFLET_SIGNS]];
}

// --- rules -----------------------------------------------------------------------------------------------------------------------

keys! {
    WITHIN = "within": One(&WITHIN_MAP), "From every page it is at most so many taps to this one.";
    NEVER = "never": One(&NEVER_MAP), "After one thing, another is not offered while the triage's memory lives.";
    ALWAYS = "always": One(&ALWAYS_MAP), "Every walk from here comes to what it ends in.";
    BUDGET = "budget": One(&BUDGET_MAP), "The nearest of these is at most so many taps away.";

    WITHIN_PAGE = "page": Page, "The page that must be near.";
    BUDGET_TAPS = "taps": TAPS, "How many taps it may take.";
    AFTER = "after": SELECTED, "Where the path has been: a page's id, or one of page, advice, kind, weekly.";
    OFFERS = "offers": SELECTED, "What it must not come to: a page's id, or one of page, advice, kind, weekly.";
    RULE_FROM = "from": SELECTED, "Where the path begins: a page's id, or one of page, advice, kind, weekly.";
    ENDS_IN = "ends_in": SELECTED, "What every path comes to: a page's id, or one of page, advice, kind, weekly.";
    BUDGET_TO = "to": SELECTED, "What is to be near: a page's id, or one of page, advice, kind, weekly.";
    BUDGET_SCREENS = "screens": Number(1, 50), "How many screens it may take, the first and the last counted.";
    BUDGET_REGION = "region": Takes::Id, "The reader's country, where it matters.";

    SELECT_PAGE = "page": Page, "A page by its id.";
    SELECT_ADVICE = "advice": OneOf(levels), "Advice of this urgency: emergency, now, today, soon or self-care.";
    SELECT_KIND = "kind": OneOf(kinds), "Pages of this kind: page, question, weeks, checklist, advice, steps, regions, languages, form, saved or unit-number.";
    SELECT_WEEKLY = "weekly": OneOf(weekly_states), "The weekly tips have just been turned on or off, or a tip has come: on, off or tip.";
}

shapes! {
    SAFETY = "a rule": &[&WITHIN, &NEVER, &ALWAYS, &BUDGET] => one_of &[&[&WITHIN], &[&NEVER], &[&ALWAYS], &[&BUDGET]];
    WITHIN_MAP = "`within`": &[&WITHIN_PAGE, &BUDGET_TAPS] => needs &[&WITHIN_PAGE, &BUDGET_TAPS];
    NEVER_MAP = "`never`": &[&AFTER, &OFFERS] => needs &[&AFTER, &OFFERS];
    ALWAYS_MAP = "`always`": &[&RULE_FROM, &ENDS_IN] => needs &[&RULE_FROM, &ENDS_IN];
    BUDGET_MAP = "`budget`": &[&RULE_FROM, &BUDGET_TO, &BUDGET_TAPS, &BUDGET_SCREENS, &BUDGET_REGION] => needs &[&RULE_FROM, &BUDGET_TO, &BUDGET_TAPS];
    SELECT = "what is meant": &[&SELECT_PAGE, &SELECT_ADVICE, &SELECT_KIND, &SELECT_WEEKLY] => one_of &[&[&SELECT_PAGE], &[&SELECT_ADVICE], &[&SELECT_KIND], &[&SELECT_WEEKLY]];
}

/// Keys in column 0 of a page file that are no page ids.
pub static RESERVED: [&str; 5] = ["source", "format", "rules", "moved", "covers"];
