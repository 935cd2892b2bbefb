//! A button and its token: where a walk stands rides in the button, not in a session.
//!
//! A token is at most 64 bytes of callback data: `1`, the version, then URL-safe base64 of
//!
//! | bytes | what |
//! |---|---|
//! | 1 | deed (low 4 bits), kept message (16), onto present (32), visit present (64) |
//! | 4 | [`Hash`] of the page |
//! | 0–9 | what the deed needs: an answer's hash and edition, a row's hash, a step, a message, where a count stands |
//! | 0 or 4 | hash of the page to go on to, or to return to |
//! | 0 or 9–29 | the visit: hour (3), fingerprint (4), weeks (1), levels and gate flag (1), gate (0 or 4), ticks (0–16) |
//!
//! Numbers are big-endian. Decoding accepts exactly what encoding writes, so a token means one thing or nothing.

use data_encoding::BASE64URL_NOPAD;

use super::book::Hash;
use super::guided::{Cue, SLOWEST, Spot};
use super::level::Level;
use super::more::PageAct;
use super::rate::HIGHEST;
use super::weekly::Act;

/// Telegram's limit for callback data.
pub const TOKEN_BYTES: usize = 64;
/// Rows of all checklists together, Not sure included: as many as fit beside the rest in a token.
pub const TICKS: usize = 128;

const VERSION: u8 = b'1';
const KEPT: u8 = 16;
const ONTO: u8 = 32;
const VISIT: u8 = 64;
const UNUSED: u8 = 128;

/// What pressing a button means. Everything in it is a hash or a number: today's book decides what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub deed: Deed,
    /// The page that the deed is about.
    pub page: Hash,
    /// The message that the button hangs on must not be edited away.
    pub kept: bool,
    pub trail: Trail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Open,
    /// An answer of a question or of the weeks.
    Answer {
        key: Hash,
        edition: u8,
    },
    /// Ticks a row of a checklist, or unticks it.
    Tick {
        sign: Hash,
    },
    /// The list is complete as it is ticked; nothing ticked means none of these.
    Done,
    Unsure,
    Step(u8),
    Region(Hash),
    Language(Hash),
    /// Where the page comes from.
    More,
    /// Turn into another page and take away the message that was typed (0: none).
    Hide {
        typed: u32,
    },
    /// Something that readers do with a page: they save it.
    OnPage(PageAct),
    /// A step of the weekly sign-up.
    Form(Act),
    /// Whether a weekly tip was helpful; the last one says so again.
    Rate {
        tip: Hash,
        helpful: bool,
        last: bool,
    },
    /// An exercise done together.
    Guide {
        cue: Cue,
        spot: Spot,
    },
}

/// What a walk carries from button to button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    /// The page that a gate leads on to, or that a triage returns to.
    pub onto: Option<Hash>,
    pub visit: Option<Visit>,
}

/// The memory of a triage or of an exercise visit. It lives in buttons alone and is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Hours since 1970 when the visit began.
    pub hour: u32,
    /// [`super::book::Book::fingerprint`] of the book that wrote it.
    pub fingerprint: u32,
    /// Which answer of the weeks was given, counted from 1; 0 before it.
    pub weeks: u8,
    /// A level that was reached under an older book or too long ago. It never falls.
    pub floor: Level,
    /// The worst level of floor and ticks when the button was made.
    pub worst: Level,
    /// The question that was passed before an exercise.
    pub gate: Option<Hash>,
    pub ticks: u128,
}

impl Button {
    pub fn open(page: Hash) -> Button {
        Button { deed: Deed::Open, page, kept: false, trail: Trail::default() }
    }

    /// The callback data.
    pub fn token(&self) -> String {
        let mut bytes = Vec::with_capacity(48);
        let (deed, more) = self.deed.parts();
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let trail = &self.trail;
        bytes.push(deed | flag(self.kept, KEPT) | flag(trail.onto.is_some(), ONTO) | flag(trail.visit.is_some(), VISIT));
        bytes.extend(self.page.0.to_be_bytes());
        bytes.extend(more);
        if let Some(onto) = trail.onto {
            bytes.extend(onto.0.to_be_bytes());
        }
        if let Some(visit) = &trail.visit {
            visit.write(&mut bytes);
        }
        let mut token = String::with_capacity(TOKEN_BYTES);
        token.push(char::from(VERSION));
        BASE64URL_NOPAD.encode_append(&bytes, &mut token);
        token
    }

    /// Reads callback data of any origin and age; `None` if we never wrote it.
    pub fn from_token(token: &str) -> Option<Button> {
        let (version, rest) = token.as_bytes().split_first()?;
        if *version != VERSION || token.len() > TOKEN_BYTES {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(rest).ok()?;
        let mut reader = Reader(&bytes);
        let head = reader.byte().filter(|head| head & UNUSED == 0)?;
        let page = reader.hash()?;
        let deed = Deed::read(head & 15, &mut reader)?;
        let onto = if head & ONTO > 0 { Some(reader.hash()?) } else { None };
        let visit = if head & VISIT > 0 { Some(Visit::read(&mut reader)?) } else { None };
        let button = Button { deed, page, kept: head & KEPT > 0, trail: Trail { onto, visit } };
        // Each part takes one writing of it alone, so that the whole does.
        reader.0.is_empty().then_some(button)
    }
}

impl Deed {
    fn parts(self) -> (u8, Vec<u8>) {
        match self {
            Deed::Open => (0, vec![]),
            Deed::Answer { key, edition } => (1, [&key.0.to_be_bytes()[..], &[edition]].concat()),
            Deed::Tick { sign } => (2, sign.0.to_be_bytes().to_vec()),
            Deed::Done => (3, vec![]),
            Deed::Unsure => (4, vec![]),
            Deed::Step(step) => (5, vec![step]),
            Deed::Region(region) => (6, region.0.to_be_bytes().to_vec()),
            Deed::More => (7, vec![]),
            Deed::Hide { typed } => (8, typed.to_be_bytes().to_vec()),
            Deed::Form(act) => {
                let (act, value) = act.to_parts();
                (9, [&[act][..], &value.to_be_bytes()].concat())
            }
            Deed::Guide { cue, spot: Spot { step, repetition, second, pace } } => {
                let [high, low] = second.to_be_bytes();
                (12, vec![cue as u8, step, repetition, high, low, pace])
            }
            Deed::Language(language) => (11, language.0.to_be_bytes().to_vec()),
            Deed::Rate { tip, helpful, last } => {
                (10, [&tip.0.to_be_bytes()[..], &[u8::from(helpful) | u8::from(last) << 1]].concat())
            }
            Deed::OnPage(act) => (13, act.to_bytes()),
        }
    }

    fn read(number: u8, reader: &mut Reader) -> Option<Deed> {
        Some(match number {
            0 => Deed::Open,
            1 => Deed::Answer { key: reader.hash()?, edition: reader.byte()? },
            2 => Deed::Tick { sign: reader.hash()? },
            3 => Deed::Done,
            4 => Deed::Unsure,
            5 => Deed::Step(reader.byte()?),
            6 => Deed::Region(reader.hash()?),
            7 => Deed::More,
            8 => Deed::Hide { typed: reader.word()? },
            9 => Deed::Form(Act::from_parts(reader.byte()?, reader.word()?)?),
            10 => {
                let (tip, flags) = (reader.hash()?, reader.byte().filter(|flags| *flags < 4)?);
                Deed::Rate { tip, helpful: flags & 1 > 0, last: flags & 2 > 0 }
            }
            11 => Deed::Language(reader.hash()?),
            12 => {
                let cue = *Cue::ALL.get(usize::from(reader.byte()?))?;
                let (step, repetition) = (reader.byte()?, reader.byte()?);
                let second = u16::from_be_bytes([reader.byte()?, reader.byte()?]);
                let pace = reader.byte().filter(|pace| *pace <= SLOWEST)?;
                Deed::Guide { cue, spot: Spot { step, repetition, second, pace } }
            }
            13 => Deed::OnPage(PageAct::read(reader)?),
            _ => return None,
        })
    }
}

impl PageAct {
    fn read(reader: &mut Reader) -> Option<PageAct> {
        Some(match reader.byte()? {
            0 => PageAct::Save,
            1 => PageAct::Unsave,
            2 => PageAct::Choose,
            3 => PageAct::TakeOut(reader.hash()?),
            act @ (4 | 5) => {
                PageAct::Rate { value: reader.byte().filter(|value| (1..=HIGHEST).contains(value))?, end: act == 5 }
            }
            act @ (6 | 7) => PageAct::Unrate { end: act == 7 },
            act @ (8 | 9) => PageAct::Missing { choice: reader.hash()?, end: act == 9 },
            10 => PageAct::Finish,
            11 => PageAct::MissingInTip { tip: reader.hash()?, choice: reader.hash()? },
            12 => PageAct::ForgetNumber,
            _ => return None,
        })
    }
}

impl Visit {
    const GATE: u8 = 64;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(&self.hour.to_be_bytes()[1..]);
        bytes.extend(self.fingerprint.to_be_bytes());
        bytes.push(self.weeks);
        let gate = if self.gate.is_some() { Self::GATE } else { 0 };
        bytes.push(self.floor.to_bits() | self.worst.to_bits() << 3 | gate);
        if let Some(gate) = self.gate {
            bytes.extend(gate.0.to_be_bytes());
        }
        let zeros = self.ticks.leading_zeros() as usize / 8;
        bytes.extend(&self.ticks.to_be_bytes()[zeros..]);
    }

    fn read(reader: &mut Reader) -> Option<Visit> {
        let hour = u32::from_be_bytes([0, reader.byte()?, reader.byte()?, reader.byte()?]);
        let fingerprint = reader.word()?;
        let weeks = reader.byte()?;
        let levels = reader.byte().filter(|levels| levels & UNUSED == 0)?;
        let floor = Level::from_bits(levels & 7)?;
        let worst = Level::from_bits(levels >> 3 & 7)?;
        let gate = if levels & Self::GATE > 0 { Some(reader.hash()?) } else { None };
        let mut ticks = [0; 16];
        let rest = std::mem::take(&mut reader.0);
        if rest.first() == Some(&0) {
            return None;
        }
        ticks.get_mut(16usize.checked_sub(rest.len())?..)?.copy_from_slice(rest);
        Some(Visit { hour, fingerprint, weeks, floor, worst, gate, ticks: u128::from_be_bytes(ticks) })
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn word(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*first))
    }

    fn hash(&mut self) -> Option<Hash> {
        self.word().map(Hash)
    }
}
