//! BC0023: Telegram takes 4096 UTF-16 units in a message, all that the engine adds to a text counted with it.

use std::borrow::Cow;

use super::Case;
use super::texts::{Authored, screens, sent};
use crate::dialogue::book::Region;
use crate::dialogue::words::{FormText, Phrase};
use crate::dialogue::{Book, Kind, Node, Rich};
use crate::source::{Finding, Place, Rule, Severity};

pub static RULE: Rule = Rule {
    id: "BC0023",
    name: "text-too-long",
    severity: Severity::Error,
    summary: "A text is longer than a Telegram message can be, filled in for one of the regions.",
};

const MOST: usize = 4096;
/// More than a bar of signs takes.
const BAR: usize = 40;

pub fn check(&Case { book, spans, .. }: &Case, findings: &mut Vec<Finding>) {
    let measure = Measure::new(book);
    for (_, id, node) in book.nodes() {
        for screen in screens(node) {
            measure.report(screen.text, measure.around(node), HINT, &|| spans.at(id, &screen.way()), findings);
        }
        if let Some(reason) = &node.withdrawn {
            measure.report(reason, measure.around(node), HINT, &|| spans.at(id, &["withdrawn"]), findings);
        }
    }
    for (id, tip) in sent(book) {
        measure.report(&tip.text, measure.around_tips(), TIP_HINT, &|| spans.in_weekly(&["tips", id, "text"]), findings);
    }
    for phrase in Phrase::ALL {
        let text = book.words().phrase(*phrase);
        let said = Authored { way: vec![phrase.name().to_owned()], text };
        if let Some(units) = measure.longest(said.text).filter(|units| *units > MOST) {
            findings.push(Finding::new(&RULE, spans.in_words(&said.way()), message(units, None), HINT));
        }
    }
}

const HINT: &str = "Make two pages of it: people read a few lines on a phone.";
const TIP_HINT: &str = "Make it shorter: one idea a tip, and the rest on the page behind it.";

fn message(units: usize, region: Option<&str>) -> String {
    let whose = region.map(|region| format!(" for the region `{region}`")).unwrap_or_default();
    format!("This text comes to {units} characters{whose}; Telegram takes {MOST}.")
}

struct Measure<'a> {
    book: &'a Book,
    /// The longest things that the engine may set above or under any text.
    around: usize,
    /// The longest list of what was ticked.
    ticked: String,
    /// The longest way to say anything.
    longest_word: usize,
}

impl<'a> Measure<'a> {
    fn new(book: &'a Book) -> Measure<'a> {
        let mut labels: Vec<&str> = Vec::new();
        for (_, list, _) in book.checklists() {
            labels.extend(list.signs.values().map(|sign| sign.label.as_str()));
            labels.push(&list.unsure);
        }
        let says = book.regions().values().flat_map(|region| region.say.values().flatten());
        let longest_word = says.map(|saying| units(&saying.words)).max().unwrap_or(0);
        let mut measure = Measure { book, around: 0, ticked: labels.join("; "), longest_word };
        let notice = [Phrase::Stale, Phrase::AskedAgain, Phrase::Withdrawn].map(|phrase| measure.phrase(phrase));
        let numbers = book.region(None).into_iter().flat_map(|region| region.numbers.values());
        let numbers: usize = numbers.filter_map(|numbers| measure.longest(numbers)).map(|units| units + 2).sum();
        let notice = notice.into_iter().max().unwrap_or(0);
        measure.around = notice + numbers + 2;
        measure
    }

    fn phrase(&self, phrase: Phrase) -> usize {
        self.longest(self.book.words().phrase(phrase)).unwrap_or(0)
    }

    /// What stands around a text of this page at most.
    fn around(&self, node: &Node) -> usize {
        match node.kind {
            Kind::Steps(_) => {
                let read = self.phrase(Phrase::Step) + self.phrase(Phrase::Hold) + self.phrase(Phrase::Repeat);
                let now = [Phrase::CountReady, Phrase::CountMove, Phrase::CountHold, Phrase::Paused, Phrase::Away];
                let now = now.map(|phrase| self.phrase(phrase)).into_iter().max().unwrap_or(0) + BAR;
                let counted = self.phrase(Phrase::Count) + now + self.phrase(Phrase::StopIf);
                self.around + read.max(counted) + 6
            }
            _ => self.around,
        }
    }

    /// What stands around a weekly tip at most: its opening line, and under the last one that it is the last.
    fn around_tips(&self) -> usize {
        let said = |text| self.longest(self.book.words().weekly.text(text)).unwrap_or(0);
        self.around + said(FormText::Opening) + said(FormText::Last) + 4
    }

    fn report(&self, text: &Rich, around: usize, hint: &str, place: &dyn Fn() -> Place, findings: &mut Vec<Finding>) {
        if self.at_most(text) + around <= MOST {
            return;
        }
        let regions = self.book.regions().iter().map(|(id, region)| (Some(id.as_str()), self.filled(text, Some(region))));
        let lengths = regions.chain([(None, self.filled(text, None))]);
        // The first of the longest, so that the finding is the same every time.
        let longest = lengths.reduce(|best, next| if next.1 > best.1 { next } else { best });
        if let Some((region, units)) = longest
            && units + around > MOST
        {
            findings.push(Finding::new(&RULE, place(), message(units + around, region), hint));
        }
    }

    fn longest(&self, text: &Rich) -> Option<usize> {
        let regions = self.book.regions().values().map(Some).chain([None]);
        regions.map(|region| self.filled(text, region)).max()
    }

    /// No filling can be longer: cheap, and enough for nearly all texts.
    fn at_most(&self, text: &Rich) -> usize {
        let slots = text.slots().map(|slot| if slot == "ticked" { units(&self.ticked) } else { self.longest_word });
        let slots: usize = slots.sum();
        slots + units(&text.fill(|_| None).words)
    }

    /// The length of a text in a region, where every word is said in its longest way.
    fn filled(&self, text: &Rich, region: Option<&Region>) -> usize {
        let filled = text.fill(|slot| {
            if slot == "ticked" {
                return Some(Cow::Owned(self.ticked.clone()));
            }
            let fallback = self.book.region(None).and_then(|unknown| unknown.say.get(slot));
            let sayings = region.and_then(|region| region.say.get(slot)).or(fallback)?;
            let longest = sayings.iter().max_by_key(|saying| units(&saying.words))?;
            Some(Cow::Owned(longest.words.clone()))
        });
        units(&filled.words)
    }
}

fn units(words: &str) -> usize {
    words.encode_utf16().count()
}
