//! The number of the reader's own maternity unit: typed once, shown on every page of advice from then on.
//!
//! Never here: a number that the bot found out by itself; the triage, which asks nothing of it.

use std::borrow::Cow;

use super::book::{Kind, Node, NodeId};
use super::button::{Deed, Trail};
use super::compose::{Composer, Key};
use super::more::PageAct;
use super::step::Stepper;
use super::text::{Rich, Text};
use super::turn::{Asked, Effect, Screen};
use super::words::{Label, Phrase};

/// As few digits as a number has that is no emergency number and no week, and as many as the longest in the world
/// (ITU-T E.164) with what a hospital's switchboard wants behind it.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=20;
/// The longest that is kept: digits, and what people write between them.
const LONGEST: usize = 40;

/// What was typed, if it is a phone number and nothing else; blanks at both ends and in twos fall away.
fn phone_number(words: &str) -> Option<String> {
    // Digits of any script are dialled alike.
    let digit = |char: char| char.to_digit(10).or_else(|| arabic_digit(char)).and_then(|digit| char::from_digit(digit, 10));
    let folded: String = words.chars().map(|char| digit(char).unwrap_or(char)).collect();
    let number = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_number = number.chars().all(|char| char.is_ascii_digit() || " +-./()#*,".contains(char));
    (is_number && DIGITS.contains(&digits) && number.len() <= LONGEST).then_some(number)
}

fn arabic_digit(char: char) -> Option<u32> {
    let from = |zero: char| u32::from(char).checked_sub(u32::from(zero)).filter(|digit| *digit < 10);
    from('٠').or_else(|| from('۰'))
}

impl Stepper<'_> {
    /// A number is waited for as long as the page that asks for it is the last that was shown.
    pub(super) fn ask_for_number(&mut self, effects: &[Effect]) {
        let asks = effects.iter().filter_map(|effect| self.shown_whole(effect)).any(asks_for_number);
        if asks {
            self.reader.asked = Some(Asked::UnitNumber);
        } else if self.reader.asked == Some(Asked::UnitNumber) {
            self.reader.asked = None;
        }
    }

    /// What can be no number is asked for again only if it means nothing else.
    pub(super) fn typed_number(&mut self, words: &str, again: bool) -> Option<Screen> {
        let (page, _, _) = self.book.nodes().find(|(_, _, node)| asks_for_number(node))?;
        let number = phone_number(words);
        let notice = if number.is_some() { Phrase::NumberKept } else { Phrase::NumberUnread };
        if number.is_none() && !again {
            return None;
        }
        self.reader.unit_number = number.or(self.reader.unit_number.take());
        Some(Screen { notice: Some(notice), ..self.open(page, Trail::default()) })
    }

    pub(super) fn forget_number(&mut self, page: NodeId) -> Screen {
        self.reader.unit_number = None;
        Screen { notice: Some(Phrase::NumberGone), ..self.open(page, Trail::default()) }
    }
}

fn asks_for_number(node: &Node) -> bool {
    matches!(node.kind, Kind::UnitNumber { .. }) && node.withdrawn.is_none()
}

impl Composer<'_> {
    /// The number as it is kept; nothing of one who has none.
    pub(super) fn unit_number(&self) -> Option<Text> {
        let number = self.reader.unit_number.as_deref()?;
        let phrase = self.book.words().phrase(Phrase::UnitNumber);
        Some(phrase.fill(|name| if name == "number" { Some(Cow::Borrowed(number)) } else { self.word(name) }))
    }

    /// The page that asks for it.
    pub(super) fn number_page(&self, text: &Rich) -> (Text, Vec<Vec<Key>>) {
        let Some(mut kept) = self.unit_number() else { return (text.fill(|name| self.word(name)), Vec::new()) };
        kept.append(self.phrase(Phrase::NumberChange));
        let forget = self.key(self.label(Label::ForgetNumber), Deed::OnPage(PageAct::ForgetNumber), self.screen.node);
        (kept, vec![vec![forget]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for (typed, kept) in [
            ("020 7946 0123", "020 7946 0123"),
            (" +44 20  7946-0123 ", "+44 20 7946-0123"),
            ("(0131) 496.0123", "(0131) 496.0123"),
            ("٠٢٠ ٧٩٤٦ ٠١٢٣", "020 7946 0123"),
            ("496012", "496012"),
        ] {
            assert_eq!(phone_number(typed).as_deref(), Some(kept), "{typed}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_number_is_none() {
        for typed in [
            "",
            "999",
            "24",
            "24 weeks",
            "call 020 7946 0123",
            "020 7946 0123 and my waters broke",
            "------",
            "1234567890123456789012",
        ] {
            assert_eq!(phone_number(typed), None, "{typed}");
        }
    }
}
