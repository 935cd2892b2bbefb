//! BC0053: a text that needs more practice in reading than the book's `reading-age` allows.
//!
//! The measure is the Automated Readability Index of Senter and Smith (Automated Readability Index, AMRL-TR-66-220, Aerospace
//! Medical Research Laboratories, 1967): `4.71 × letters / words + 0.5 × words / sentences − 21.43`. It gives a school grade of the
//! United States; the age is five years more.
//!
//! Weighed against two others. Flesch-Kincaid (Kincaid and others, 1975) gives nearly the same ages, but counts syllables, which are
//! guesses for a program. Coleman-Liau (1975) has all but no use for a long sentence, and it is long sentences that an author can
//! mend. All of them read lists and short sentences kindly: of these pages the index says about one year less than Flesch-Kincaid and
//! two less than Coleman-Liau, so a limit is better set a year low.
//!
//! Only English: the numbers were fitted to it.

use std::ops::Range;

use super::Case;
use super::said::texts;
use crate::source::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0053",
    name: "hard-to-read",
    severity: Severity::Warning,
    summary: "A text needs more practice in reading than the book's `reading-age` allows.",
};

/// In a shorter text one long word alone moves the age by more than two years.
const FEWEST_WORDS: u32 = 20;
/// A shorter sentence is a name or a call, and has nothing to be made simpler.
const SENTENCE_WORDS: u32 = 5;
/// How a placeholder counts, whatever a region says for it: as a short word.
const SLOT_LETTERS: u32 = 4;
/// A first grade begins at six; grade 0 is one year before.
const AGE_OF_GRADE_0: f64 = 5.0;

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let Some(most) = book.limits().reading_age.filter(|_| book.language() == "en") else { return };
    for said in texts(book) {
        let prose = said.prose();
        let sentences: Vec<(Range<usize>, Count)> =
            prose.sentences().into_iter().map(|words| (words.clone(), Count::of(prose.say(words)))).collect();
        let whole = sentences.iter().fold(Count::default(), |sum, (_, count)| sum.and(*count));
        let age = whole.age();
        if whole.words < FEWEST_WORDS || age <= f64::from(most) {
            continue;
        }
        let long = sentences.into_iter().filter(|(_, count)| count.words >= SENTENCE_WORDS);
        let hardest = long.max_by(|(_, one), (_, other)| one.age().total_cmp(&other.age()));
        let words = hardest.map_or(0..prose.words.len(), |(words, _)| words);
        let message = format!("This text has a reading age of {age:.1}; this book allows {most}.");
        let hint =
            format!("The hardest sentence is \"{}\": use shorter words, or make two of it.", short(prose.say(words.clone())));
        findings.push(Finding::new(&RULE, said.place(spans, &prose, words), message, hint).about(said.id()));
    }
}

/// A sentence for a hint: on one line, and not all of a long one.
fn short(sentence: &str) -> String {
    const MOST: usize = 12;
    let words: Vec<&str> = sentence.split_whitespace().collect();
    match words.get(..MOST) {
        Some(first) if words.len() > MOST => format!("{} …", first.join(" ")),
        _ => words.join(" "),
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    letters: u32,
    words: u32,
    sentences: u32,
}

impl Count {
    /// Of one sentence. Words are what stands between spaces, as typewriters counted them.
    fn of(sentence: &str) -> Count {
        let mut count = Count { sentences: 1, ..Count::default() };
        for word in sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)) {
            count.words += 1;
            count.letters += letters(word);
        }
        count
    }

    fn and(self, other: Count) -> Count {
        Count {
            letters: self.letters + other.letters,
            words: self.words + other.words,
            sentences: self.sentences + other.sentences,
        }
    }

    fn age(self) -> f64 {
        if self.words == 0 {
            return 0.0;
        }
        let (letters, words, sentences) = (f64::from(self.letters), f64::from(self.words), f64::from(self.sentences));
        4.71 * letters / words + 0.5 * words / sentences - 21.43 + AGE_OF_GRADE_0
    }
}

/// Letters and digits of a word, a placeholder in it counted as a short word.
fn letters(word: &str) -> u32 {
    let count = |part: &str| part.chars().filter(|char| char.is_alphanumeric()).fold(0, |sum, _| sum + 1);
    match word.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1))) {
        Some((before, after)) => count(before) + SLOT_LETTERS + count(after),
        None => count(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_that_of_senter_and_smith() {
        // 18 letters in 6 words of 1 sentence: a quick look at 4.71 × 3 + 0.5 × 6 − 21.43, and five years.
        let count = Count::of("the cat is on {unit}, 1234");
        assert_eq!(count, Count { letters: 18, words: 6, sentences: 1 });
        assert!((count.age() - 0.7).abs() < 0.001, "{}", count.age());
        assert_eq!(Count::of("low-dose {unit}’s •"), Count { letters: 12, words: 2, sentences: 1 });
    }
}
