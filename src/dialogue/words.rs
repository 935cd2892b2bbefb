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
        /// A button from another book; here is the nearest page.
        Stale = "stale",
        /// The list changed, or too much time passed.
        AskedAgain = "asked-again",
        Withdrawn = "withdrawn",
        NotUnderstood = "not-understood",
        /// A picture, a voice message: this bot reads words.
        Unreadable = "unreadable",
        /// Only private chats are served.
        Group = "group",
        /// Something broke on our side.
        Sorry = "sorry",
        /// `{title}`, `{publisher}`, `{date}`: where a page comes from.
        ComesFrom = "comes-from",
        Unchecked = "unchecked",
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    labels: Vec<String>,
    phrases: Vec<Rich>,
    months: Vec<String>,
}

impl Words {
    /// Words in the order of [`Label::ALL`] and [`Phrase::ALL`]; months from January on.
    pub fn new(mut label: impl FnMut(Label) -> String, mut phrase: impl FnMut(Phrase) -> Rich, months: Vec<String>) -> Words {
        Words {
            labels: Label::ALL.iter().map(|each| label(*each)).collect(),
            phrases: Phrase::ALL.iter().map(|each| phrase(*each)).collect(),
            months,
        }
    }

    pub fn label(&self, label: Label) -> &str {
        self.labels.get(label as usize).map_or(label.name(), String::as_str)
    }

    pub fn phrase(&self, phrase: Phrase) -> &Rich {
        const NOTHING: &Rich = &Rich { blocks: Vec::new() };
        self.phrases.get(phrase as usize).unwrap_or(NOTHING)
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
