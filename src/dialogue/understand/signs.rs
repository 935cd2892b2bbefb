//! Warning signs in what was typed. A sign is no phrase but a few meanings that stand together in one sentence: a part of the body and a
//! loss of feeling, a fluid and an amount. What is denied, over, only asked about or somebody else's does not count, and says so.

use super::lexicon::{Meaning, Said, Span};
use super::normal::Break;
use crate::dialogue::NodeId;
use crate::dialogue::level::WeekRange;

/// From the first word of a sign to its last there are no more words than this; a comma counts as two.
const NEAR: usize = 10;
/// What follows closely has at most so many words before it.
const CLOSE: usize = 3;
/// A denial reaches no farther than this.
const DENIES: usize = 7;
/// And something that is fine stands no farther behind.
const FINE: usize = 4;

/// What tells how a thing is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// no, without, haven't had
    Denial,
    /// no idea, not sure: it looks like a denial and is none.
    NoDenial,
    /// hasn't *stopped*: a word that turns a denial round.
    Ongoing,
    /// but, now, since: what was denied before it is so no longer.
    Turn,
    /// is normal, are fine
    Fine,
    /// last year, when I was a child
    Past,
    /// now, again, today: it is not past.
    Present,
    /// what if, in case
    WhatIf,
    /// ever ok, what are the signs: a question wherever in the sentence it stands.
    Wonder,
    /// not sure if, see if: it looks like a question about what might be and is none.
    NoWhatIf,
    /// my aunt, a friend, the cat
    Others,
    /// my wife, my girlfriend: somebody writes for the reader.
    Reader,
    /// killing me, bleeding radiators: harmless as it stands.
    Idiom,
    /// i, my, it: behind an "and", a denial ends before it.
    Subject,
    And,
    /// or, nor: what was denied before it is denied behind it too.
    Or,
}

impl Cue {
    pub const ALL: [Cue; 16] = [
        Cue::Denial,
        Cue::NoDenial,
        Cue::Ongoing,
        Cue::Turn,
        Cue::Fine,
        Cue::Past,
        Cue::Present,
        Cue::WhatIf,
        Cue::Wonder,
        Cue::NoWhatIf,
        Cue::Others,
        Cue::Reader,
        Cue::Idiom,
        Cue::Subject,
        Cue::And,
        Cue::Or,
    ];

    /// The key in `understanding.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Cue::Denial => "denial",
            Cue::NoDenial => "no-denial",
            Cue::Ongoing => "ongoing",
            Cue::Turn => "turn",
            Cue::Fine => "fine",
            Cue::Past => "past",
            Cue::Present => "present",
            Cue::WhatIf => "what-if",
            Cue::Wonder => "wonder",
            Cue::NoWhatIf => "no-what-if",
            Cue::Others => "others",
            Cue::Reader => "reader",
            Cue::Idiom => "idiom",
            Cue::Subject => "subject",
            Cue::And => "and",
            Cue::Or => "or",
        }
    }

    fn meaning(self) -> Meaning {
        self as Meaning
    }
}

/// Meanings from here on are the book's own.
pub const OWN_MEANINGS: Meaning = Cue::Or as Meaning + 1;

/// A warning sign as it is looked for.
#[derive(Debug, Clone)]
pub struct Sign {
    pub page: NodeId,
    /// The weeks in which it is one.
    pub weeks: Option<WeekRange>,
    /// What lies in the past is one all the same.
    pub past_counts: bool,
    /// Who only asks about it is answered as if it were there.
    pub asked_counts: bool,
    /// Each is a list of meanings that stand together.
    pub says: Vec<Vec<Need>>,
}

/// A meaning that has to be there, or must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub meaning: Meaning,
    pub link: Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Anywhere near the others.
    With,
    /// Close behind the one before, with nothing between that turns it round.
    Then,
    /// Nowhere in the sentence.
    Without,
}

/// Why a sign that was named does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Counts,
    /// Somebody asks about it; it is not there.
    Asked,
    Denied,
    Past,
    Others,
    /// Not in this week.
    OtherWeeks,
}

/// A sign that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// A place in the list of signs; the first is the most urgent.
    pub sign: usize,
    pub spans: Vec<Span>,
    pub verdict: Verdict,
}

/// All signs that are named in `said`, each once, by its best verdict; the most urgent first.
pub fn find(signs: &[Sign], said: &Said, spans: &[Span], week: Option<u8>) -> Vec<Found> {
    let spans = without_idioms(spans);
    let sentences = Sentence::all(said, &spans);
    let mut all = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        let mut best: Option<Found> = None;
        let found = sentences.iter().flat_map(|sentence| {
            sign.says.iter().flat_map(move |says| sentence.together(says)).map(move |spans| (sentence, spans))
        });
        for (sentence, spans) in found {
            let verdict = match (sign.weeks, week) {
                (Some(weeks), Some(week)) if !weeks.includes(week) => Verdict::OtherWeeks,
                _ => match sentence.verdict(&spans) {
                    Verdict::Past if sign.past_counts => Verdict::Counts,
                    Verdict::Asked if sign.asked_counts => Verdict::Counts,
                    verdict => verdict,
                },
            };
            if best.as_ref().is_none_or(|best| verdict < best.verdict) {
                best = Some(Found { sign: at, spans, verdict });
            }
            if verdict == Verdict::Counts {
                break;
            }
        }
        all.extend(best);
    }
    all
}

/// What shares words with an idiom means nothing else, unless it is longer.
fn without_idioms(spans: &[Span]) -> Vec<Span> {
    let idioms: Vec<Span> = spans.iter().filter(|span| span.meaning == Cue::Idiom.meaning()).copied().collect();
    let length = |span: &Span| span.to - span.from;
    let within =
        |span: &Span| idioms.iter().any(|idiom| span.from < idiom.to && idiom.from < span.to && length(span) <= length(idiom));
    spans.iter().filter(|span| !within(span)).copied().collect()
}

/// What stands between two full stops, or between a full stop and a "but".
struct Sentence<'a> {
    said: &'a Said,
    from: usize,
    to: usize,
    /// By meaning.
    spans: Vec<&'a Span>,
    /// What the sentence before says of the time goes on in this one.
    past_goes_on: bool,
}

impl<'a> Sentence<'a> {
    fn all(said: &'a Said, spans: &'a [Span]) -> Vec<Sentence<'a>> {
        let mut starts: Vec<usize> = Vec::new();
        for (at, word) in said.words.iter().enumerate() {
            let turns = || spans.iter().any(|span| span.from == at && span.meaning == Cue::Turn.meaning());
            if at == 0 || word.after == Break::Sentence || turns() {
                starts.push(at);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([said.words.len()]);
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut rest = spans;
        for (from, to) in starts.iter().copied().zip(ends) {
            let count = rest.iter().take_while(|span| span.from < to).count();
            let (mine, after) = rest.split_at(count);
            rest = after;
            let mut mine: Vec<&Span> = mine.iter().filter(|span| span.to <= to).collect();
            mine.sort_by_key(|span| (span.meaning, span.from));
            let mut sentence = Sentence { said, from, to, spans: mine, past_goes_on: false };
            let before = sentences.last();
            sentence.past_goes_on = !sentence.has(Cue::Present) && before.is_some_and(Sentence::is_past);
            sentences.push(sentence);
        }
        sentences
    }

    fn of(&self, meaning: Meaning) -> &[&'a Span] {
        let from = self.spans.partition_point(|span| span.meaning < meaning);
        let to = self.spans.partition_point(|span| span.meaning <= meaning);
        &self.spans[from..to]
    }

    fn has(&self, cue: Cue) -> bool {
        !self.of(cue.meaning()).is_empty()
    }

    /// All ways in which these meanings stand together, near each other and none inside another.
    fn together<'s>(&'s self, says: &'s [Need]) -> impl Iterator<Item = Vec<Span>> + 's {
        let (first, rest) = says.split_first().map_or((&[][..], &[][..]), |(first, rest)| (self.of(first.meaning), rest));
        let fits = rest.iter().all(|need| self.of(need.meaning).is_empty() == (need.link == Link::Without));
        first.iter().filter(move |_| fits).filter_map(move |first| {
            let mut spans = vec![**first];
            for need in rest.iter().filter(|need| need.link != Link::Without) {
                let last = *spans.last()?;
                let follows = |span: &Span| need.link == Link::With || self.follows(&last, span);
                let near = self
                    .of(need.meaning)
                    .iter()
                    .filter(|span| spans.iter().all(|known| self.are_near(known, span)) && follows(span));
                // The nearest of them, so that a denial is seen where it stands.
                let nearest = near.min_by_key(|span| span.from.abs_diff(first.from))?;
                spans.push(**nearest);
            }
            Some(spans)
        })
    }

    /// Close behind, and not turned round on the way: "hasn't moved", but not "hasn't stopped moving".
    fn follows(&self, before: &Span, span: &Span) -> bool {
        let turned = || self.of(Cue::Ongoing.meaning()).iter().any(|turn| turn.from >= before.to && turn.to <= span.from);
        (before.to..=before.to + CLOSE).contains(&span.from) && self.parts(before.to, span.from + 1) == 0 && !turned()
    }

    fn are_near(&self, one: &Span, other: &Span) -> bool {
        let (first, second) = if one.from <= other.from { (one, other) } else { (other, one) };
        if second.from < first.to {
            return false;
        }
        let far = second.to - first.from;
        // Only what is near may cost a look at its commas.
        far <= 2 * NEAR
            && far + self.parts(first.to, second.from + 1) <= NEAR.max(second.to - second.from + first.to - first.from + 4)
    }

    /// How many parts of the sentence end between two words.
    fn parts(&self, from: usize, to: usize) -> usize {
        self.said.words.get(from..to).unwrap_or_default().iter().filter(|word| word.after == Break::Part).count()
    }

    fn verdict(&self, spans: &[Span]) -> Verdict {
        if self.is_denied(spans) {
            Verdict::Denied
        } else if self.is_asked(spans) {
            Verdict::Asked
        } else if self.was_long_ago(spans) || (self.past_goes_on && !self.has(Cue::Past)) {
            Verdict::Past
        } else if self.has(Cue::Others) && !self.has(Cue::Reader) {
            Verdict::Others
        } else {
            Verdict::Counts
        }
    }

    fn is_past(&self) -> bool {
        self.has(Cue::Past) && !self.has(Cue::Present)
    }

    /// Whether the nearest word of time says that this is long ago.
    fn was_long_ago(&self, spans: &[Span]) -> bool {
        let (first, last) =
            (spans.iter().map(|span| span.from).min().unwrap_or(0), spans.iter().map(|span| span.to).max().unwrap_or(0));
        let away = |span: &&Span| if span.to <= first { first - span.to } else { span.from.saturating_sub(last) };
        let inside =
            |span: &Span, by: Cue| self.of(by.meaning()).iter().any(|other| other.from <= span.from && span.to <= other.to);
        let past = self.of(Cue::Past.meaning()).iter().map(&away).min();
        let present = self.of(Cue::Present.meaning()).iter().filter(|span| !inside(span, Cue::Past)).map(away).min();
        past.is_some_and(|past| present.is_none_or(|present| past <= present))
    }

    fn is_asked(&self, spans: &[Span]) -> bool {
        if self.has(Cue::Wonder) {
            return true;
        }
        let last = spans.iter().map(|span| span.to).max().unwrap_or(0);
        let covered =
            |span: &Span, by: Cue| self.of(by.meaning()).iter().any(|other| other.from <= span.from && span.to <= other.to);
        self.of(Cue::WhatIf.meaning()).iter().any(|span| span.from < last && !covered(span, Cue::NoWhatIf))
    }

    fn is_denied(&self, spans: &[Span]) -> bool {
        let first = spans.iter().map(|span| span.from).min().unwrap_or(0);
        let last = spans.iter().map(|span| span.to).max().unwrap_or(0);
        let own = |at: usize| spans.iter().any(|span| (span.from..span.to).contains(&at));
        let inside = |at: usize, cue: Cue| self.of(cue.meaning()).iter().any(|span| (span.from..span.to).contains(&at));
        let denied = self.of(Cue::Denial.meaning()).iter().any(|denial| {
            let before = denial.to <= last && !own(denial.from) && denial.from + DENIES >= first;
            let reaches = denial.from < first || spans.iter().any(|span| span.from >= denial.to);
            let turned = (denial.to..last).any(|at| !own(at) && inside(at, Cue::Ongoing));
            before && reaches && !inside(denial.from, Cue::NoDenial) && !turned && self.goes_on(denial.to, first)
        });
        let fine = || {
            let fine = self.of(Cue::Fine.meaning()).iter();
            fine.filter(|fine| fine.from >= last && fine.from < last + FINE && !own(fine.from)).any(|fine| {
                let denials = self.of(Cue::Denial.meaning());
                self.parts(last, fine.from + 1) == 0 && !denials.iter().any(|denial| (last..fine.from).contains(&denial.from))
            })
        };
        denied || fine()
    }

    /// Whether a denial reaches from here to there: over "or" and "and", over the commas of a list; not into what has its own subject.
    fn goes_on(&self, from: usize, to: usize) -> bool {
        let at = |at: usize, cue: Cue| self.of(cue.meaning()).iter().any(|span| span.from == at);
        let ends = |here: usize| {
            let part = self.said.words[here].after == Break::Part;
            let joined = here > from && (at(here - 1, Cue::And) || at(here - 1, Cue::Or));
            ((part || joined) && at(here, Cue::Subject)) || (part && !self.is_list(here))
        };
        !(from..=to).filter(|here| *here < self.to).any(ends)
    }

    /// The commas of a list end with an "or" before the sentence does.
    fn is_list(&self, from: usize) -> bool {
        self.of(Cue::Or.meaning()).iter().any(|or| or.from >= from && or.from < from + NEAR)
    }
}

impl std::fmt::Debug for Sentence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sentence").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}
