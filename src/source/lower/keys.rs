//! Every key that a book may hold, declared once: reading, "did you mean" and the schema for editors all come from here.

/// A key and what it is for, in words for authors.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    pub name: &'static str,
    pub what: &'static str,
}

/// The keys that may stand together in one mapping.
#[derive(Debug)]
pub struct Shape {
    /// With its article, to be set into a sentence.
    pub name: &'static str,
    pub keys: &'static [&'static [&'static Key]],
}

impl Shape {
    pub fn all(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().flat_map(|part| part.iter().copied())
    }
}

macro_rules! keys {
    ($($id:ident = $name:literal, $what:literal;)*) => {
        $(pub static $id: Key = Key { name: $name, what: $what };)*
    };
}

macro_rules! shapes {
    ($($id:ident = $name:literal: $($keys:expr),+;)*) => {
        $(pub static $id: Shape = Shape { name: $name, keys: &[$($keys),+] };)*
    };
}

// --- pages -----------------------------------------------------------------------------------------------------------------------

keys! {
    TITLE = "title", "Label of every button that leads here.";
    SOURCE = "source", "Where the facts come from: one id of book.yaml's sources, or a list of them.";
    COVERS = "covers", "Rows of the first document that this page carries.";
    ASKS = "asks", "What people type to get here, in their own words.";
    KEEP = "keep", "true: never edited away, the next page comes as a new message.";
    ALONE = "alone", "true: without the fixed row of buttons.";
    WITHDRAWN = "withdrawn", "Why this page was taken back; it is no longer shown.";
    TEXT = "text", "What is said, in Markdown.";
    LINKS = "links", "Buttons under the text: pages, web addresses, rows of them.";
    QUESTION = "question", "What is asked, in Markdown.";
    ANSWERS = "answers", "The answers, each under a key that never changes.";
    EDITION = "edition", "Raised when the meaning changes, so that old buttons ask again.";
    WEEKS = "weeks", "How the weeks of pregnancy are asked for, in Markdown.";
    THEN = "then", "The page that comes next.";
    CHECKLIST = "checklist", "What is asked above the rows to tick, in Markdown.";
    SIGNS = "signs", "The rows to tick, each under a key that never changes.";
    NONE = "none", "Label of the button for none of these.";
    UNSURE = "unsure", "How Not sure is said back.";
    OUTCOME = "outcome", "Where each level leads.";
    ADVICE = "advice", "How urgent this advice is: emergency, now, today, soon or self-care.";
    STEPS = "steps", "The steps of an exercise.";
    REPEAT = "repeat", "How often the whole is done.";
    BEFORE = "before", "A question that is asked before the first step, once a visit.";
    REGIONS = "regions", "Words above one button for each region.";
    FORM = "form", "weekly: the sign-up to the weekly tips; its words are in words.yaml.";
    ENDS_WEEKLY = "ends-weekly", "true: coming here ends the weekly tips, after a loss or a birth.";
}

/// What every page may have.
static COMMON: [&Key; 8] = [&TITLE, &SOURCE, &COVERS, &ASKS, &KEEP, &ALONE, &WITHDRAWN, &ENDS_WEEKLY];

shapes! {
    PAGE = "a page": &[&TEXT, &LINKS], &COMMON;
    QUESTION_PAGE = "a question": &[&QUESTION, &ANSWERS, &EDITION], &COMMON;
    WEEKS_PAGE = "a page that asks for the weeks": &[&WEEKS, &ANSWERS, &THEN], &COMMON;
    CHECKLIST_PAGE = "a checklist": &[&CHECKLIST, &SIGNS, &NONE, &UNSURE, &THEN, &EDITION], &COMMON;
    OUTCOME_PAGE = "an outcome": &[&OUTCOME], &COMMON;
    ADVICE_PAGE = "an advice page": &[&ADVICE, &TEXT, &LINKS], &COMMON;
    STEPS_PAGE = "an exercise": &[&STEPS, &REPEAT, &BEFORE, &THEN], &COMMON;
    REGIONS_PAGE = "a page of regions": &[&REGIONS, &THEN], &COMMON;
    FORM_PAGE = "a form": &[&FORM], &COMMON;
}

/// The key that tells what kind a page is. `text` alone makes a plain page.
pub static KINDS: [(&Key, &Shape); 8] = [
    (&QUESTION, &QUESTION_PAGE),
    (&WEEKS, &WEEKS_PAGE),
    (&CHECKLIST, &CHECKLIST_PAGE),
    (&OUTCOME, &OUTCOME_PAGE),
    (&ADVICE, &ADVICE_PAGE),
    (&STEPS, &STEPS_PAGE),
    (&REGIONS, &REGIONS_PAGE),
    (&FORM, &FORM_PAGE),
];

// --- inside pages ----------------------------------------------------------------------------------------------------------------

keys! {
    LABEL = "label", "The words on the button.";
    GOTO = "goto", "The page that this answer leads to; `onward` for the one this was asked before.";
    FROM = "from", "First week that this answer means.";
    TO_WEEK = "to", "Last week that this answer means.";
    ALL = "all", "true: not known, so that every row is asked.";
    OUTSIDE = "outside", "true: not pregnant now, so that rows with weeks are not asked.";
    LEVEL = "level", "How urgent this sign is: emergency, now, today or soon.";
    SIGN_WEEKS = "weeks", "The weeks in which this row is asked, as 16.. or ..14 or 20..36.";
    TO_PAGE = "to", "The page that the button leads to.";
    URL = "url", "The web address that the button opens.";
    HIDE = "hide", "The page that this message turns into, while what was typed is deleted.";
    WORST = "worst", "One page for each level.";
    HOLD = "hold", "How long to hold, as 5s.";
    EMERGENCY = "emergency", "The page for an emergency.";
    NOW = "now", "The page for a call at once.";
    TODAY = "today", "The page for a call today.";
    SOON = "soon", "The page for a call this week.";
    SELF_CARE = "self-care", "The page for looking after oneself.";
}

shapes! {
    ANSWER = "an answer": &[&LABEL, &GOTO];
    WEEK_ANSWER = "an answer to the weeks": &[&LABEL, &FROM, &TO_WEEK, &ALL, &OUTSIDE];
    SIGN = "a row": &[&LABEL, &LEVEL, &SIGN_WEEKS];
    LINK = "a button": &[&TO_PAGE, &URL, &HIDE, &LABEL];
    OUTCOME_MAP = "an outcome": &[&WORST];
    WORST_MAP = "`worst`": &[&EMERGENCY, &NOW, &TODAY, &SOON, &SELF_CARE];
    STEP = "a step": &[&TEXT, &HOLD];
}

// --- book.yaml -------------------------------------------------------------------------------------------------------------------

keys! {
    FORMAT = "format", "The version of this format: 1.";
    ID = "id", "The book's own id; it never changes.";
    BOOK_TITLE = "title", "The book's name.";
    LANGUAGES = "languages", "The languages that the book speaks, its own first, as [en].";
    ABOUT = "description", "What Telegram shows in an empty chat with the bot; at most 512 characters.";
    SHORT_ABOUT = "short-description", "What Telegram shows on the bot's profile; at most 120 characters.";
    HOME = "home", "The page that the book starts with.";
    HELP = "help", "The page that Get help leads to.";
    FOOTER = "footer", "The fixed row of buttons: back, help, more.";
    LIMITS = "limits", "The book's own budgets; the checker holds every page to them.";
    COMMANDS = "commands", "The commands of the menu, without the slash.";
    SOURCES = "sources", "Where facts come from, each under an id that pages name.";
    BOOK_REGIONS = "regions", "The words and numbers of each region; `unknown` stands for all others.";
    MOVED = "moved", "Old page ids, or page.answer, and what they are called today.";
    RULES = "rules", "What the book promises of itself; the checker proves it over every path.";
    OFF = "off", "Warnings that this book turns off, by their id: why, or why for each page, source or tip.";

    PAGE_WORDS = "page-words", "Most words of a page.";
    ADVICE_WORDS = "advice-words", "Most words of an advice page.";
    BUTTONS = "buttons", "Most own buttons of a page.";
    ROWS = "rows", "Most rows of own buttons.";
    MOST_SIGNS = "signs", "Most rows of a checklist.";
    MEMORY = "memory", "How long ticks are trusted, as 12h.";
    TIP_WORDS = "tip-words", "Most words of a weekly tip.";

    COMMAND_PAGE = "page", "The page that the command leads to.";
    DESCRIPTION = "description", "What the command's entry in the menu says.";

    SOURCE_TITLE = "title", "The document's title.";
    PUBLISHER = "publisher", "Who published it.";
    LINK_URL = "link", "Its web address.";
    REVIEWED = "reviewed", "When it was last reviewed, as 2015-02-05.";
    DUE = "due", "When its next review is due.";
    CLINICALLY_REVIEWED = "clinically-reviewed", "true once a clinician has checked it for this bot.";

    REGION_NAME = "name", "The label of the region's button.";
    CHECKED = "checked", "When somebody last checked its numbers.";
    NUMBERS = "numbers", "Labelled numbers by country, shown where the region is unknown.";
    SAY = "say", "What each placeholder says here.";
    ZONES = "zones", "Time zones by IANA name, each with the label of its button; most people first.";
    SAY_WEEKS = "weeks", "The weeks in which it is said so.";
    SAY_WORDS = "say", "The words.";
}

shapes! {
    BOOK = "book.yaml": &[
        &FORMAT, &ID, &BOOK_TITLE, &LANGUAGES, &ABOUT, &SHORT_ABOUT, &HOME, &HELP, &FOOTER, &LIMITS, &COMMANDS, &SOURCES, &BOOK_REGIONS, &MOVED, &RULES, &OFF
    ];
    LIMITS_MAP = "`limits`": &[&PAGE_WORDS, &ADVICE_WORDS, &TIP_WORDS, &BUTTONS, &ROWS, &MOST_SIGNS, &MEMORY];
    COMMAND = "a command": &[&COMMAND_PAGE, &DESCRIPTION];
    BOOK_SOURCE = "a source": &[&SOURCE_TITLE, &PUBLISHER, &LINK_URL, &REVIEWED, &DUE, &CLINICALLY_REVIEWED];
    REGION = "a region": &[&REGION_NAME, &CHECKED, &NUMBERS, &SAY, &ZONES];
    SAYING = "a way to say it": &[&SAY_WEEKS, &SAY_WORDS];
}

// --- rules -----------------------------------------------------------------------------------------------------------------------

keys! {
    WITHIN = "within", "From every page it is at most so many taps to this one.";
    NEVER = "never", "After one thing, another is not offered while the triage's memory lives.";
    ALWAYS = "always", "Every walk from here comes to what it ends in.";
    BUDGET = "budget", "The nearest of these is at most so many taps away.";

    WITHIN_PAGE = "page", "The page that must be near.";
    BUDGET_TAPS = "taps", "How many taps it may take.";
    AFTER = "after", "Where the path has been: a page's id, or one of page, advice, kind, weekly.";
    OFFERS = "offers", "What it must not come to: a page's id, or one of page, advice, kind, weekly.";
    RULE_FROM = "from", "Where the path begins: a page's id, or one of page, advice, kind, weekly.";
    ENDS_IN = "ends_in", "What every path comes to: a page's id, or one of page, advice, kind, weekly.";
    BUDGET_TO = "to", "What is to be near: a page's id, or one of page, advice, kind, weekly.";
    BUDGET_SCREENS = "screens", "How many screens it may take, the first and the last counted.";
    BUDGET_REGION = "region", "The reader's country, where it matters.";

    SELECT_PAGE = "page", "A page by its id.";
    SELECT_ADVICE = "advice", "Advice of this urgency: emergency, now, today, soon or self-care.";
    SELECT_KIND = "kind", "Pages of this kind: page, question, weeks, checklist, advice, steps, regions or form.";
    SELECT_WEEKLY = "weekly", "The weekly tips have just been turned on or off, or a tip has come: on, off or tip.";
}

shapes! {
    SAFETY = "a rule": &[&WITHIN, &NEVER, &ALWAYS, &BUDGET];
    WITHIN_MAP = "`within`": &[&WITHIN_PAGE, &BUDGET_TAPS];
    NEVER_MAP = "`never`": &[&AFTER, &OFFERS];
    ALWAYS_MAP = "`always`": &[&RULE_FROM, &ENDS_IN];
    BUDGET_MAP = "`budget`": &[&RULE_FROM, &BUDGET_TO, &BUDGET_TAPS, &BUDGET_SCREENS, &BUDGET_REGION];
    SELECT = "what is meant": &[&SELECT_PAGE, &SELECT_ADVICE, &SELECT_KIND, &SELECT_WEEKLY];
}

// --- understanding.yaml, signs.yaml -----------------------------------------------------------------------------------------------

keys! {
    CUES = "cues", "What tells how a thing is meant: denied, past, only asked about, somebody else's.";
    MEANINGS = "words", "Words and phrases that mean the same, under a name for what they mean.";
    SPELLING = "spelling", "Short forms and emoji, and what they stand for.";
    OTHER_LANGUAGE = "other-language", "The page that answers in a language that the book does not speak.";

    SAYS = "says", "What makes the sign: meanings in braces and words as they are, all of them in one sentence.";
    EXAMPLES = "examples", "Sentences in which the sign is there, in people's own words.";
    PAST = "past", "counts: what lies in the past is a sign all the same.";
    ASKED = "asked", "counts: who only asks about it is answered as if it were there.";
    WARNING_WEEKS = "weeks", "The weeks in which it is a sign, as 16.. or ..14 or 20..36.";
}

shapes! {
    UNDERSTANDING = "`understanding.yaml`": &[&CUES, &MEANINGS, &SPELLING, &OTHER_LANGUAGE];
    WARNING = "a warning sign": &[&GOTO, &WARNING_WEEKS, &PAST, &ASKED, &SAYS, &EXAMPLES];
}

// --- weekly.yaml -----------------------------------------------------------------------------------------------------------------

keys! {
    POLICY = "policy", "When tips are sent, and when not.";
    TIPS = "tips", "The weekly tips, each under an id that never changes.";

    DAY = "day", "The day on which a tip comes to readers who chose none, as monday.";
    HOUR = "hour", "The hour at which it comes to them, from 0 to 23.";
    LATE = "late", "How late a tip is still sent, as 12h; after that it is skipped.";
    QUIET = "quiet", "The hours in which no tip arrives, as 21..8.";
    LAST_WEEK = "last-week", "The week of pregnancy whose tip is the last.";
    MOST = "most", "How many tips readers get who keep no week.";

    TIP_WEEKS = "weeks", "The weeks of pregnancy that it fits, as 16.. or ..14 or 20..36; left out, any week.";
    FROM_PAGE = "from", "The page that this tip comes from; a button leads there.";
    TIP_WITHDRAWN = "withdrawn", "Why this tip was taken back; it is no longer sent.";
}

shapes! {
    WEEKLY = "`weekly.yaml`": &[&SOURCE, &POLICY, &TIPS];
    POLICY_MAP = "`policy`": &[&DAY, &HOUR, &LATE, &QUIET, &LAST_WEEK, &MOST];
    TIP = "a tip": &[&TIP_WEEKS, &FROM_PAGE, &SOURCE, &TIP_WITHDRAWN, &TEXT];
}

/// Keys in column 0 of a page file that are no page ids.
pub static RESERVED: [&str; 5] = ["source", "format", "rules", "moved", "covers"];
