//! How urgent a thing is, and for which weeks it holds. What is counted in weeks is for the book to say.

use std::fmt;

/// How soon somebody should be asked, least urgent first, so that the worst of several is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    SelfCare,
    Soon,
    Today,
    Now,
    Emergency,
}

impl Level {
    pub const ALL: [Level; 5] = [Level::SelfCare, Level::Soon, Level::Today, Level::Now, Level::Emergency];

    /// The name that authors write.
    pub fn name(self) -> &'static str {
        match self {
            Level::SelfCare => "self-care",
            Level::Soon => "soon",
            Level::Today => "today",
            Level::Now => "now",
            Level::Emergency => "emergency",
        }
    }

    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Three bits for a button's token.
    pub(super) fn to_bits(self) -> u8 {
        self as u8
    }

    pub(super) fn from_bits(bits: u8) -> Option<Level> {
        Level::ALL.get(usize::from(bits)).copied()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Weeks, both ends included; an open end has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WeekRange {
    pub from: Option<u8>,
    pub to: Option<u8>,
}

impl WeekRange {
    fn ends(self) -> (u8, u8) {
        (self.from.unwrap_or(0), self.to.unwrap_or(u8::MAX))
    }

    pub fn includes(self, week: u8) -> bool {
        let (from, to) = self.ends();
        (from..=to).contains(&week)
    }

    pub fn overlaps(self, other: WeekRange) -> bool {
        let ((a, b), (c, d)) = (self.ends(), other.ends());
        a <= d && c <= b
    }

    /// Whether all of `other` lies inside.
    pub fn holds(self, other: WeekRange) -> bool {
        let ((a, b), (c, d)) = (self.ends(), other.ends());
        a <= c && d <= b
    }
}

/// More weeks than any book counts.
pub const MOST_WEEKS: u8 = 200;

/// The weeks that a book counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekCount {
    /// The first in which a reader can be,
    pub from: u8,
    /// and the last.
    pub to: u8,
    /// The week that begins on the day that readers name by its date; `None` where no date tells the week.
    pub due: Option<u8>,
}

impl Default for WeekCount {
    fn default() -> WeekCount {
        WeekCount { from: 0, to: MOST_WEEKS, due: None }
    }
}

impl WeekCount {
    pub fn holds(self, week: i64) -> bool {
        (i64::from(self.from)..=i64::from(self.to)).contains(&week)
    }
}

impl fmt::Display for WeekRange {
    /// As authors write it: `16..`, `..14`, `20..36`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |week: Option<u8>| week.map(|week| week.to_string()).unwrap_or_default();
        write!(f, "{}..{}", end(self.from), end(self.to))
    }
}

/// What the reader said of the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Not asked, or "I don't know": everything is asked.
    #[default]
    Unknown,
    /// Outside of what the book counts: what has weeks is not asked.
    Outside,
    Weeks(WeekRange),
}

impl Stage {
    /// Whether a row meant for `weeks` concerns this reader. In doubt it does.
    pub fn concerns(self, weeks: Option<WeekRange>) -> bool {
        match (self, weeks) {
            (_, None) | (Stage::Unknown, Some(_)) => true,
            (Stage::Outside, Some(_)) => false,
            (Stage::Weeks(mine), Some(row)) => row.overlaps(mine),
        }
    }
}
