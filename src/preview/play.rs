//! A walk that is played on the phone, a line at a time: what breaks a promise of the book is seen, not read.

use crate::dialogue::Press;
use crate::dialogue::book::UNKNOWN_REGION;
use crate::walk::{Line, Walk};

use super::edition::Edition;
use super::phone::{Act, Phone, Setting};

/// A walk, and how far it has come.
#[derive(Debug, Clone)]
pub struct Play {
    /// What it shows, in a sentence.
    pub about: String,
    pub lines: Vec<Played>,
    pub next: usize,
}

#[derive(Debug, Clone)]
pub struct Played {
    pub line: Line,
    pub went: Went,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Went {
    NotYet,
    Well,
    /// Why it did not.
    Wrong(String),
}

impl Play {
    pub fn new(about: String, walk: &str) -> Play {
        let Walk(lines) = Walk::read(walk);
        let lines = lines.into_iter().map(|(_, line)| Played { line, went: Went::NotYet });
        Play { about, lines: lines.collect(), next: 0 }
    }

    pub fn is_over(&self) -> bool {
        self.next >= self.lines.len()
    }

    /// Plays the next line. A button that is not there ends it, for nothing behind it can be meant.
    pub fn step(&mut self, phone: &mut Phone, edition: &Edition) {
        let Some(played) = self.lines.get_mut(self.next) else { return };
        self.next += 1;
        played.went = match carry_out(&played.line, phone, edition) {
            Ok(()) => Went::Well,
            Err(why) => Went::Wrong(why),
        };
        if matches!(played.line, Line::Press(_)) && played.went != Went::Well {
            self.next = self.lines.len();
        }
    }
}

fn carry_out(line: &Line, phone: &mut Phone, edition: &Edition) -> Result<(), String> {
    let key = |phone: &Phone, label: &str| phone.key(edition, label);
    match line {
        Line::Region(region) => {
            let region = (region != UNKNOWN_REGION).then(|| region.clone());
            let setting = Setting { region, ..phone.setting().clone() };
            phone.choose(edition, setting);
        }
        Line::At(at) => phone.wait_until(*at),
        Line::Say(words) => drop(phone.act(edition, &Act::Say(words.clone()))),
        Line::Tip(tip) if !edition.book(None).tips().is_some_and(|tips| tips.tips.contains_key(tip)) => {
            return Err(format!("The book has no tip {tip}."));
        }
        Line::Tip(tip) => drop(phone.act(edition, &Act::Tip(tip.clone()))),
        Line::Later(seconds) => phone.let_pass(edition, *seconds),
        Line::Press(label) => match key(phone, label) {
            Some((message, Press::Token(token))) => drop(phone.act(edition, &Act::Press { message, token })),
            Some(_) => return Err(String::from("It leads out of the chat.")),
            None => return Err(String::from("No button says so.")),
        },
        Line::There(label) if key(phone, label).is_none() => return Err(String::from("No button says so.")),
        Line::Absent(label) if key(phone, label).is_some() => return Err(String::from("It is there.")),
        Line::Expect(words) if !phone.says(words) => return Err(String::from("The message does not say so.")),
        Line::There(_) | Line::Absent(_) | Line::Expect(_) => {}
    }
    Ok(())
}
