//! A week or the date that tells it, as people type them. What is read is a day; the words are forgotten.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::dialogue::WeekCount;

/// What is longer is no date.
const MOST_PIECES: usize = 24;

/// How a reader's language and region write weeks and dates.
pub struct Reading<'a> {
    /// Which month a word names, from 1.
    pub month_named: &'a dyn Fn(&str) -> Option<i8>,
    /// What is said behind a number of weeks.
    pub week_words: &'a [String],
    /// `3/12` is 12 March.
    pub month_first: bool,
    /// What the book counts.
    pub count: WeekCount,
}

/// The day on which week 0 began. `None` for what cannot be read or cannot be.
pub fn week_zero(words: &str, today: Date, reading: &Reading) -> Option<Date> {
    let pieces = pieces(words);
    let is_date = words.contains(['/', '.', '-']) || pieces.iter().any(|piece| (reading.month_named)(piece).is_some());
    let zero = if is_date && !names_weeks(&pieces, reading) {
        date(words, &pieces, today, reading)?
    } else {
        let (weeks, days) = weeks(&pieces, reading.count)?;
        today.checked_sub((7 * weeks + days).days()).ok()?
    };
    can_be(zero, today, reading.count).then_some(zero)
}

/// Whether today lies in a week that the book counts.
fn can_be(zero: Date, today: Date, count: WeekCount) -> bool {
    let days = zero.until(today).map(|span| i64::from(span.get_days()));
    zero <= today && days.is_ok_and(|days| count.holds(days / 7))
}

/// `I may be 24 weeks`: what says weeks is no date, whatever month it seems to name.
fn names_weeks(pieces: &[&str], reading: &Reading) -> bool {
    let is_word = |piece: &str| reading.week_words.iter().any(|word| word.eq_ignore_ascii_case(piece));
    pieces
        .windows(2)
        .any(|pair| (number(pair[0]).is_some() && is_word(pair[1])) || (is_word(pair[0]) && number(pair[1]).is_some()))
}

/// Numbers and words, in order: `24w3d` is four of them.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for word in words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit();
            let (piece, after) = rest.split_at(rest.find(|c| !same(c)).unwrap_or(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        if pieces.len() >= MOST_PIECES {
            break;
        }
    }
    pieces
}

fn number(piece: &str) -> Option<i64> {
    (piece.len() <= 4).then(|| piece.parse().ok()).flatten()
}

/// Weeks, and days beside them: `24`, `24 weeks`, `24+3`, `24w 3d`.
fn weeks(pieces: &[&str], count: WeekCount) -> Option<(i64, i64)> {
    let at = pieces.iter().position(|piece| number(piece).is_some())?;
    let weeks = number(pieces[at]).filter(|weeks| count.holds(*weeks))?;
    let days = pieces[at + 1..].iter().find_map(|piece| number(piece)).filter(|days| (0..7).contains(days));
    Some((weeks, days.unwrap_or(0)))
}

/// The day on which week 0 began, told by the day that readers name: `2027-03-12`, `12 March`, `March 12th 2027`, `12/3`, `12.3.27`, and `3/12` where the month comes first.
fn date(words: &str, pieces: &[&str], today: Date, reading: &Reading) -> Option<Date> {
    let before = (7 * i64::from(reading.count.due?)).days();
    let numbers: Vec<i64> = pieces.iter().filter_map(|piece| number(piece)).collect();
    let named = pieces.iter().filter(|piece| number(piece).is_none()).find_map(|piece| (reading.month_named)(piece));
    let with_signs = words.contains(['/', '.', '-']);
    let (year, month, day) = match (named, numbers.as_slice()) {
        (Some(month), [day]) => (None, i64::from(month), *day),
        (Some(month), [day, year]) => (Some(*year), i64::from(month), *day),
        (None, [year, month, day]) if *year >= 1900 => (Some(*year), *month, *day),
        (None, [month, day, rest @ ..]) if reading.month_first && with_signs => (rest.first().copied(), *month, *day),
        (None, [day, month, rest @ ..]) if with_signs => (rest.first().copied(), *month, *day),
        _ => return None,
    };
    let on = |year: i64| {
        let named = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        named.checked_sub(before).ok()
    };
    match year {
        Some(year @ 0..100) => on(2000 + year),
        Some(year) => on(year),
        // The year that makes today lie in a week that can be.
        None => {
            let years = (-1..2).map(|from_now| i64::from(today.year()) + from_now);
            years.filter_map(on).find(|zero| can_be(*zero, today, reading.count))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];

    /// As a pregnancy is counted.
    const TERM: WeekCount = WeekCount { from: 3, to: 42, due: Some(40) };

    fn week(words: &str) -> Option<(i64, i64)> {
        counted(words, TERM)
    }

    fn counted(words: &str, count: WeekCount) -> Option<(i64, i64)> {
        let today = Date::constant(2026, 11, 23);
        let month = |word: &str| {
            let word = word.to_lowercase();
            MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word)).and_then(|at| i8::try_from(at + 1).ok())
        };
        let week_words = ["w", "wk", "wks", "week", "weeks"].map(str::to_owned);
        let zero =
            week_zero(words, today, &Reading { month_named: &month, week_words: &week_words, month_first: false, count })?;
        let days = i64::from(zero.until(today).unwrap().get_days());
        Some((days / 7, days % 7))
    }

    #[test]
    fn weeks_are_read_as_people_type_them() {
        for words in ["24", "24 weeks", "I'm 24 weeks", "24w", "im 24 wks pregnant", "week 24", "i may be 24 weeks"] {
            assert_eq!(week(words), Some((24, 0)), "{words}");
        }
        for words in ["24+3", "24 weeks 3 days", "24w3d", "24 weeks and 3 days"] {
            assert_eq!(week(words), Some((24, 3)), "{words}");
        }
    }

    #[test]
    fn a_due_date_is_read_as_people_type_it() {
        // 12 March 2027 is 109 days ahead: 171 of 280 days are past.
        for words in
            ["12 March", "12th of march", "due 12 march 2027", "March 12", "2027-03-12", "12/3/2027", "12/3", "12.3.27"]
        {
            assert_eq!(week(words), Some((24, 3)), "{words}");
        }
    }

    /// Weeks since an operation: its date is the day on which they begin.
    #[test]
    fn what_is_counted_is_for_the_book_to_say() {
        let since = WeekCount { from: 0, to: 30, due: Some(0) };
        for words in ["10 weeks", "14 September", "14/9/2026"] {
            assert_eq!(counted(words, since), Some((10, 0)), "{words}");
        }
        assert_eq!(counted("1", since), Some((1, 0)));
        assert_eq!(counted("1 December", since), None, "a year ago is too long, and a week ahead is not yet");
        assert_eq!(counted("14 September", WeekCount { due: None, ..since }), None, "no date tells these weeks");
    }

    #[test]
    fn what_cannot_be_is_not_read() {
        for words in ["", "soon", "1", "44 weeks", "12 March 2031", "30 February", "99999999", "2026-13-45", "-5"] {
            assert_eq!(week(words), None, "{words}");
        }
    }
}
