//! The bot's own phrases, by name. Their words are the book's (`words.yaml`); only the names live here.

use super::text::Rich;

macro_rules! names {
    ($(#[$doc:meta])* $kind:ident { $($(#[$each:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$each])* $variant),+ }

        impl $kind {
            pub const ALL: &'static [$kind] = &[$($kind::$variant),+];

            /// The key in `words.yaml`.
            pub fn name(self) -> &'static str {
                match self { $($kind::$variant => $name),+ }
            }
        }
    };
}

names! {
    /// A few words without markup: on buttons, beside them, or said with a number.
    Label {
        Back = "back",
        GetHelp = "get-help",
        More = "more",
        Menu = "menu",
        Next = "next",
        Previous = "previous",
        Done = "done",
        NotSure = "not-sure",
        Ticked = "ticked",
        Unticked = "unticked",
        ReadIt = "read-it",
        /// The button under an exercise's first step: the bot counts along.
        DoWithMe = "do-with-me",
        Pause = "pause",
        GoOn = "go-on",
        Slower = "slower",
        Stop = "stop",
        /// One second of the bar, over or not.
        BarDone = "bar-done",
        BarLeft = "bar-left",
        /// Saves the page for the list of saved ones.
        Save = "save",
        /// Takes it out of the list again.
        Unsave = "unsave",
        /// On the list: shows which page to take out.
        TakeOut = "take-out",
        /// Offers the page to other people.
        Share = "share",
        /// Forgets the number of the reader's own unit.
        ForgetNumber = "forget-number",
        /// Where pages are rated by yes and no.
        Helped = "helped",
        DidNotHelp = "did-not-help",
        /// The sign behind a number, where they are rated from one to five.
        Star = "star",
    }
}

names! {
    /// A sentence or more, with markup and placeholders.
    Phrase {
        /// `{n}` and `{total}`.
        Step = "step",
        /// `{n}` seconds.
        Hold = "hold",
        /// `{n}` times.
        Repeat = "repeat",
        /// `{n}` and `{total}`: which repetition of an exercise done together.
        Count = "count",
        /// `{bar}`, and `{n}` seconds: time to get into place, to move, to hold.
        CountReady = "count-ready",
        CountMove = "count-move",
        CountHold = "count-hold",
        Paused = "paused",
        /// The bot was gone in the middle of an exercise.
        Away = "away",
        /// Under every screen of an exercise done together.
        StopIf = "stop-if",
        /// A button from another book; here is the nearest page.
        Stale = "stale",
        /// The list changed, or too much time passed.
        AskedAgain = "asked-again",
        Withdrawn = "withdrawn",
        NotUnderstood = "not-understood",
        /// Under a page that is only nearly sure; buttons with others follow.
        DidYouMean = "did-you-mean",
        /// A picture, a voice message: this bot reads words.
        Unreadable = "unreadable",
        /// Only private chats are served.
        Group = "group",
        /// Something broke on our side.
        Sorry = "sorry",
        /// More came at once than one chat is answered; help is always answered.
        SlowDown = "slow-down",
        /// `{path}`: the way down to the page from home.
        YouAreHere = "you-are-here",
        /// `{title}`, `{publisher}`, `{date}`: where a page comes from.
        ComesFrom = "comes-from",
        Unchecked = "unchecked",
        /// `{name}`, `{date}`: who has checked a page, and when.
        Checked = "checked",
        /// `{alt}`: what a picture shows, where pictures can't be seen.
        Picture = "picture",
        /// Under a page whose translation nobody has checked.
        MachineTranslated = "machine-translated",
        /// Above a page that is shown in the book's own language instead.
        NotTranslated = "not-translated",
        /// The page is on the list.
        Saved = "page-saved",
        /// It is, and the oldest of the list went for it.
        OldestWent = "oldest-went",
        Unsaved = "page-taken-out",
        NothingSaved = "nothing-saved",
        WhichToTakeOut = "which-to-take-out",
        /// `{number}`: of the reader's own maternity unit.
        UnitNumber = "unit-number",
        NumberKept = "number-kept",
        /// What was typed is no phone number.
        NumberUnread = "number-unread",
        NumberGone = "number-gone",
        /// Under the number: how to change it.
        NumberChange = "number-change",
        /// Whether the page or the exercise helped.
        DidItHelp = "did-it-help",
        Rated = "rated",
        Unrated = "rating-taken-back",
        WhatWasMissing = "what-was-missing",
    }
}

/// What some words are there for alone: a book without it does without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Other languages than the book's own.
    Languages,
    /// A list of saved pages.
    Saved,
    /// A page that asks for the number of the reader's own unit.
    UnitNumber,
    /// Exercises done together.
    Counting,
    /// Pages that are rated.
    Rating,
    /// By yes and no.
    RatingYesNo,
    /// From one to five.
    RatingStars,
    /// Choices of what was missing.
    Missing,
    /// Pages that a clinician has checked.
    Reviews,
    /// Nothing but themselves: where they are not there, neither is what they name.
    Own,
}

impl Label {
    pub fn occasion(self) -> Option<Occasion> {
        match self {
            Label::Save | Label::Unsave | Label::TakeOut => Some(Occasion::Saved),
            Label::DoWithMe | Label::Pause | Label::GoOn | Label::Slower | Label::Stop | Label::BarDone | Label::BarLeft => {
                Some(Occasion::Counting)
            }
            Label::Helped | Label::DidNotHelp => Some(Occasion::RatingYesNo),
            Label::Star => Some(Occasion::RatingStars),
            Label::Share => Some(Occasion::Own),
            Label::ForgetNumber => Some(Occasion::UnitNumber),
            _ => None,
        }
    }
}

impl Phrase {
    pub fn occasion(self) -> Option<Occasion> {
        use Phrase::{Away, Count, CountHold, CountMove, CountReady, Paused, StopIf};
        match self {
            Phrase::YouAreHere => Some(Occasion::Own),
            Phrase::MachineTranslated | Phrase::NotTranslated => Some(Occasion::Languages),
            Phrase::Saved | Phrase::OldestWent | Phrase::Unsaved | Phrase::NothingSaved | Phrase::WhichToTakeOut => {
                Some(Occasion::Saved)
            }
            Phrase::UnitNumber | Phrase::NumberKept | Phrase::NumberUnread | Phrase::NumberGone | Phrase::NumberChange => {
                Some(Occasion::UnitNumber)
            }
            Phrase::DidItHelp | Phrase::Rated | Phrase::Unrated => Some(Occasion::Rating),
            Phrase::WhatWasMissing => Some(Occasion::Missing),
            Phrase::Checked => Some(Occasion::Reviews),
            Count | CountReady | CountMove | CountHold | Paused | Away | StopIf => Some(Occasion::Counting),
            _ => None,
        }
    }
}

names! {
    /// Labels of the weekly tips: their sign-up, their buttons.
    FormLabel {
        Yes = "yes",
        No = "no",
        ChangeTime = "change-time",
        FitMyWeek = "fit-my-week",
        ForgetWeek = "forget-week",
        AnotherDay = "another-day",
        AnotherHour = "another-hour",
        AnotherZone = "another-zone",
        Pause = "pause",
        PauseOne = "pause-1",
        PauseTwo = "pause-2",
        PauseFour = "pause-4",
        GoOn = "go-on",
        KeepWeek = "keep-week",
        DontKnow = "dont-know",
        RatherNot = "rather-not",
        Stop = "stop",
        Helpful = "helpful",
        NotHelpful = "not-helpful",
    }
}

names! {
    /// Texts of the weekly tips. `{next}` is the day and hour of the next tip, `{day}` and `{hour}` when tips come, `{week}` the
    /// reader's week; a paragraph with a word that is not known vanishes.
    FormText {
        Offer = "offer",
        Country = "country",
        Zone = "zone",
        /// A typed place that was not found.
        ZoneAgain = "zone-again",
        On = "on",
        Status = "status",
        Change = "change",
        Day = "day",
        Hour = "hour",
        PauseFor = "pause-for",
        Consent = "consent",
        Week = "week",
        /// A week or a date that cannot be.
        WeekAgain = "week-again",
        /// After the second that could not be.
        WeekLeft = "week-left",
        Off = "off",
        /// Above every tip: a notification shows it, so it is neutral.
        Opening = "opening",
        /// Under the last tip.
        Last = "last",
        /// Where a page ends the weekly tips: said only if there were any.
        Ended = "ended",
    }
}

impl FormLabel {
    /// Whether it is there for the reader's week alone: a book whose tips fit any week does without.
    pub fn is_for_weeks(self) -> bool {
        use FormLabel::{DontKnow, FitMyWeek, ForgetWeek, KeepWeek, RatherNot};
        matches!(self, FitMyWeek | ForgetWeek | KeepWeek | DontKnow | RatherNot)
    }
}

impl FormText {
    /// Whether it is there for the reader's week alone: a book whose tips fit any week does without.
    pub fn is_for_weeks(self) -> bool {
        matches!(self, FormText::Consent | FormText::Week | FormText::WeekAgain | FormText::WeekLeft)
    }
}

/// The words of the weekly tips; a book without weekly tips has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormWords {
    pub labels: Vec<String>,
    pub texts: Vec<Rich>,
    /// From Monday.
    pub weekdays: Vec<String>,
    /// From midnight: "9 am".
    pub hours: Vec<String>,
    /// What people type behind a number of weeks.
    pub week_words: Vec<String>,
}

impl FormWords {
    pub fn label(&self, label: FormLabel) -> &str {
        self.labels.get(label as usize).map_or(label.name(), String::as_str)
    }

    pub fn text(&self, text: FormText) -> &Rich {
        self.texts.get(text as usize).unwrap_or(NOTHING)
    }

    pub fn weekday(&self, day: jiff::civil::Weekday) -> &str {
        self.weekdays.get(usize::from(day.to_monday_zero_offset().unsigned_abs())).map_or("", String::as_str)
    }

    pub fn hour(&self, hour: i8) -> &str {
        self.hours.get(usize::from(hour.unsigned_abs())).map_or("", String::as_str)
    }
}

const NOTHING: &Rich = &Rich { blocks: Vec::new() };

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    labels: Vec<String>,
    phrases: Vec<Rich>,
    months: Vec<String>,
    /// Of the weekly tips.
    pub weekly: FormWords,
}

impl Words {
    /// Words in the order of [`Label::ALL`] and [`Phrase::ALL`]; months from January on.
    pub fn new(mut label: impl FnMut(Label) -> String, mut phrase: impl FnMut(Phrase) -> Rich, months: Vec<String>) -> Words {
        Words {
            labels: Label::ALL.iter().map(|each| label(*each)).collect(),
            phrases: Phrase::ALL.iter().map(|each| phrase(*each)).collect(),
            months,
            weekly: FormWords::default(),
        }
    }

    pub fn label(&self, label: Label) -> &str {
        self.labels.get(label as usize).map_or(label.name(), String::as_str)
    }

    pub fn phrase(&self, phrase: Phrase) -> &Rich {
        self.phrases.get(phrase as usize).unwrap_or(NOTHING)
    }

    /// A day of a year nearby: Monday 30 November.
    pub fn day(&self, date: jiff::civil::Date) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|month| self.months.get(month - 1));
        format!("{} {} {}", self.weekly.weekday(date.weekday()), date.day(), month.map_or("", String::as_str))
    }

    /// Which month a word names, by its first letters; from 1.
    pub fn month_named(&self, word: &str) -> Option<i8> {
        let word = word.to_lowercase();
        let named = |month: &String| word.chars().count() >= 3 && month.to_lowercase().starts_with(&word);
        self.months.iter().position(named).and_then(|at| i8::try_from(at + 1).ok())
    }

    /// A date in words: 5 February 2015.
    pub fn date(&self, date: jiff::civil::Date) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|month| self.months.get(month - 1));
        match month {
            Some(month) => format!("{} {month} {}", date.day(), date.year()),
            None => date.to_string(),
        }
    }
}
