//! One step: what happened becomes what is shown. Pure and total.

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::book::{Book, Data, Goto, Hash, Kind, Node, NodeId};
use super::button::{Button, Deed, Trail, Visit};
use super::level::Level;
use super::more::PageAct;
use super::nearby::{self, Located, Near};
use super::tongues::Heard;
use super::triage::{self, advice, onward, unsure_bit};
use super::turn::{Asked, Effect, Event, Input, Reader, Screen, Turn, View};
use super::understand::{Goal, Understood, Wish};
use super::words::Phrase;

/// The bot's answer to `input`. It never fails: what cannot be honoured is answered with a notice and the nearest page.
pub fn step(book: &Book, reader: Reader, input: &Input) -> Turn {
    let mut stepper = Stepper { book, reader, input, ended: false, forgets: false };
    let effects = match &input.event {
        Event::Started(page) => vec![Effect::Send(stepper.started(page.as_deref()))],
        Event::Said { words, message } => vec![Effect::Send(stepper.said(words, *message))],
        Event::Pressed(token) | Event::Ticked(token) => stepper.pressed(token),
        Event::Located(Located { zone, nearest }) => {
            let screen = stepper.located(zone.as_deref()).or_else(|| stepper.services(nearest));
            vec![Effect::Send(screen.unwrap_or_else(|| stepper.phrase(Phrase::Unreadable)))]
        }
        Event::TipDue { reader, seen } => stepper.tip_due(*reader, seen),
        Event::TipBegun { tip } => stepper.tip_begun(tip),
        // Whoever blocks the bot wants no more of it.
        Event::Blocked => {
            stepper.end_weekly();
            Vec::new()
        }
        Event::Unreadable => vec![Effect::Send(stepper.phrase(Phrase::Unreadable))],
        Event::InGroup => vec![Effect::Send(stepper.phrase(Phrase::Group))],
        Event::Broken => vec![Effect::Send(stepper.phrase(Phrase::Sorry))],
        Event::TooFast => vec![Effect::Send(stepper.phrase(Phrase::SlowDown))],
    };
    stepper.finish(effects)
}

pub(super) struct Stepper<'a> {
    pub(super) book: &'a Book,
    pub(super) reader: Reader,
    pub(super) input: &'a Input,
    /// What was typed has ended the weekly tips.
    ended: bool,
    /// The reader has said yes to the question whether all is to be deleted.
    forgets: bool,
}

impl Stepper<'_> {
    /// A page that ends the weekly tips does so by being shown, however it was come by.
    fn finish(mut self, mut effects: Vec<Effect>) -> Turn {
        for effect in &mut effects {
            let (Effect::Show(screen) | Effect::Send(screen)) = effect else { continue };
            if screen.view == View::Whole && self.book.node(screen.node).ends_weekly {
                screen.ended = self.end_weekly() || self.ended;
            }
            if matches!(screen.view, View::Form(_)) {
                screen.at = Some(self.input.at);
            }
        }
        let shown: Vec<&Node> = effects.iter().filter_map(|effect| self.shown_whole(effect)).collect();
        let (exports, prints) =
            (shown.iter().any(|node| node.data() == Some(Data::Sent)), shown.iter().any(|node| node.brings_leaflet()));
        effects.extend(exports.then_some(Effect::Export));
        effects.extend(prints.then_some(Effect::Leaflet));
        self.keep_language();
        self.ask_for_number(&effects);
        if self.forgets {
            // Whatever else this turn would have remembered: nothing is left, and nothing comes of it.
            self.reader = Reader::default();
            effects.push(Effect::Forget);
        }
        self.note_visit();
        Turn { reader: self.reader, effects }
    }

    pub(super) fn shown_whole(&self, effect: &Effect) -> Option<&Node> {
        let (Effect::Show(screen) | Effect::Send(screen)) = effect else { return None };
        (screen.view == View::Whole).then(|| self.book.node(screen.node))
    }

    /// Weekly tips come unasked, when no channel tells the language.
    fn keep_language(&mut self) {
        let is_own = self.book.languages().keys().next().is_none_or(|own| own == self.book.language());
        if self.reader.weekly.is_some() && self.reader.language.is_none() && !is_own {
            self.reader.language = Some(self.book.language().to_owned());
        }
    }

    /// Whoever did something was here today. Of a stranger, not even that is remembered.
    fn note_visit(&mut self) {
        let came = matches!(
            self.input.event,
            Event::Started(_) | Event::Pressed(_) | Event::Said { .. } | Event::Located(_) | Event::Unreadable
        );
        if self.reader.is_stranger() {
            self.reader.seen = None;
        } else if came {
            self.reader.seen = Some(Zoned::new(self.input.at, TimeZone::UTC).date());
        }
    }

    fn phrase(&self, phrase: Phrase) -> Screen {
        Screen { view: View::Phrase(phrase, Vec::new()), ..Screen::of(self.book.home()) }
    }

    fn started(&self, page: Option<&str>) -> Screen {
        match page.filter(|page| !page.is_empty()) {
            None => Screen::of(self.book.home()),
            Some(page) => match self.book.by_hash(Hash::of(page)) {
                Some(at) => self.open(at, Trail::default()),
                None => self.stale(self.book.home()),
            },
        }
    }

    fn said(&mut self, words: &str, message: u32) -> Screen {
        let words = words.trim();
        if let Some(command) = words.strip_prefix('/') {
            return self.command(command);
        }
        let heard = self.book.hear(words);
        self.heed_an_end(&heard);
        let first_sign = heard.signs().next();
        let reading = heard.reading;
        // A week that cannot be is still about the week.
        let again = !matches!(reading.understood, Understood::Sure(goal) if goal != Goal::Weekly(Wish::Week));
        if let Some(asked) = self.reader.asked
            && first_sign.is_none()
            && let Some(screen) = match asked {
                Asked::UnitNumber => self.typed_number(words, again),
                asked => self.typed(asked, words, again),
            }
        {
            return screen;
        }
        let screen = match reading.understood {
            Understood::Sign(page) => self.open(page, self.in_week(reading.week)),
            Understood::Sure(goal) => self.goal(goal),
            Understood::Nearly(goal, also) => Screen { also, ..self.goal(goal) },
            Understood::Unsure(goals) => {
                Screen { view: View::Phrase(Phrase::NotUnderstood, goals), ..Screen::of(self.book.home()) }
            }
            Understood::OtherLanguage(page, _) => self.open(page, Trail::default()),
        };
        Screen { typed: message, ..screen }
    }

    /// What was meant by words becomes what a press would have shown.
    fn goal(&mut self, goal: Goal) -> Screen {
        match (goal, self.book.weekly_page()) {
            (Goal::Page(page), _) => self.open(page, Trail::default()),
            (Goal::Weekly(wish), Some(page)) => self.wish(page, wish),
            (Goal::Weekly(_) | Goal::Beyond, _) => self.phrase(Phrase::NotUnderstood),
        }
    }

    /// A week that was mentioned beside a sign tells whom to call; it is kept nowhere but in the buttons of the page.
    fn in_week(&self, week: Option<u8>) -> Trail {
        let answer = week.map_or(0, |week| self.book.answer_for_week(week));
        let visit = Visit { weeks: answer, ..Visit::begin(self.book, self.input.at) };
        Trail { visit: (answer > 0).then_some(visit), ..Trail::default() }
    }

    /// What ends the weekly tips ends them even where a sign beside it wins the page. Where it is unclear, a question is among the
    /// pages, and nothing is ended.
    fn heed_an_end(&mut self, heard: &Heard) {
        let nodes: Vec<_> = heard.signs().map(|page| self.book.node(page)).collect();
        let unclear = nodes.iter().any(|node| node.is_question());
        if !unclear && nodes.iter().any(|node| node.ends_weekly) {
            self.ended |= self.end_weekly();
        }
    }

    /// `/name`, `/name@bot`, `/start page`.
    fn command(&self, command: &str) -> Screen {
        let mut words = command.split_whitespace();
        let name = words.next().unwrap_or_default();
        let name = name.split_once('@').map_or(name, |(name, _)| name).to_lowercase();
        if name == "start" {
            return self.started(words.next());
        }
        match self.book.commands().iter().find(|command| command.name == name) {
            Some(command) => self.open(command.page, Trail::default()),
            None => self.phrase(Phrase::NotUnderstood),
        }
    }

    fn pressed(&mut self, token: &str) -> Vec<Effect> {
        let Some(button) = Button::from_token(token) else { return vec![Effect::Show(self.stale(self.book.home()))] };
        let effect = |screen| if button.kept { Effect::Send(screen) } else { Effect::Show(screen) };
        let Some(page) = self.book.by_hash(button.page) else {
            let screen = self.moved_away(&button);
            self.heed_a_yes(button.deed, &screen);
            return vec![effect(screen)];
        };
        let trail = button.trail.clone();
        let screen = match button.deed {
            Deed::Open if page == self.book.home() => Screen::of(page),
            // Asking for help begins a new triage; it remembers only where it was asked from.
            Deed::Open if Some(page) == self.book.help() => self.open(page, Trail { visit: None, ..trail }),
            Deed::Open => self.open(page, trail),
            Deed::Answer { key, edition } => self.answered(page, button.page, key, edition, trail),
            Deed::Tick { sign } => self.listed(page, trail, Some(sign), false),
            Deed::Unsure => self.listed(page, trail, None, true),
            Deed::Done => self.listed(page, trail, None, false),
            Deed::Step(step) => self.stepped(page, step, trail),
            Deed::Region(region) => self.region(page, region, trail),
            Deed::Language(language) => self.language(page, language, trail),
            Deed::More => Screen { view: View::Sources, trail, ..Screen::of(page) },
            Deed::OnPage(PageAct::MissingInTip { tip, choice }) => return self.lacked_in_tip(page, tip, choice),
            Deed::OnPage(act) => self.on_page(page, act, trail),
            Deed::Form(act) => self.form(page, act),
            Deed::Rate { tip, helpful, last } => return self.rated_tip(page, tip, helpful, last),
            Deed::Guide { cue, spot } => return self.guided(page, cue, spot, trail),
            Deed::Hide { typed } => {
                let hidden = Effect::Show(self.open(page, Trail::default()));
                return if typed == 0 { vec![hidden] } else { vec![hidden, Effect::Erase(typed)] };
            }
        };
        self.heed_a_yes(button.deed, &screen);
        vec![effect(screen)]
    }

    /// Only an answer comes to the page of what is deleted; see [`Stepper::open`].
    fn heed_a_yes(&mut self, deed: Deed, screen: &Screen) {
        self.forgets = matches!(deed, Deed::Answer { .. }) && screen.view == View::Whole && self.deletes(screen.node);
    }

    /// A page that is gone: an answer of it may have moved on its own.
    fn moved_away(&self, button: &Button) -> Screen {
        match button.deed {
            Deed::Answer { key, .. } if self.book.moved_answer(button.page, key).is_some() => {
                self.answered(self.book.home(), button.page, key, 0, button.trail.clone())
            }
            _ => self.stale(self.book.home()),
        }
    }

    /// What is near the place that was sent; the page itself, if nothing is known there.
    fn services(&self, nearest: &[Near]) -> Option<Screen> {
        let page = self.book.services_page()?;
        Some(nearby::screen(page, nearest).unwrap_or_else(|| self.open(page, Trail::default())))
    }

    pub(super) fn stale(&self, page: NodeId) -> Screen {
        Screen { notice: Some(Phrase::Stale), ..self.open(page, Trail::default()) }
    }

    /// Shows a page, through its gate if it has one, past junctions that have no screen.
    pub(super) fn open(&self, page: NodeId, mut trail: Trail) -> Screen {
        let book = self.book;
        let mut at = page;
        // Outcomes could point at each other in a ring; no walk passes more junctions than there are pages.
        for _ in 0..book.len() {
            match &book.node(at).kind {
                Kind::Outcome { worst } => {
                    at = advice(worst, trail.visit.as_ref().map_or(Level::SelfCare, |visit| visit.worst));
                }
                _ => break,
            }
        }
        match &book.node(at).kind {
            Kind::Weeks { .. } | Kind::Checklist(_) => {
                let (visit, notice) = match trail.visit.take() {
                    None => (Visit::begin(book, self.input.at), None),
                    Some(visit) if visit.is_fresh(book, self.input.at) => (visit, None),
                    Some(visit) => (visit.renewed(book, self.input.at), Some(Phrase::AskedAgain)),
                };
                Screen { notice, trail: Trail { visit: Some(visit), ..trail }, ..Screen::of(at) }
            }
            _ if self.deletes(at) => Screen::of(self.asked_before(at).unwrap_or(book.home())),
            Kind::Weekly => self.weekly(at),
            Kind::Steps(steps) => match steps.before {
                Some(gate) if !self.passed(&trail, gate) => {
                    Screen { trail: Trail { onto: Some(book.hash(at)), visit: trail.visit }, ..Screen::of(gate) }
                }
                _ => Screen { trail, ..Screen::of(at) },
            },
            _ => Screen { trail, ..Screen::of(at) },
        }
    }

    fn deletes(&self, page: NodeId) -> bool {
        self.book.node(page).data() == Some(Data::Deleted)
    }

    /// The question whose answer leads to a page.
    fn asked_before(&self, page: NodeId) -> Option<NodeId> {
        let leads = |kind: &Kind| match kind {
            Kind::Question { answers, .. } => answers.values().any(|answer| answer.goto == Goto::Node(page)),
            _ => false,
        };
        self.book.nodes().find(|(_, _, node)| leads(&node.kind)).map(|(at, _, _)| at)
    }

    fn is_fresh(&self, trail: &Trail) -> bool {
        trail.visit.as_ref().is_some_and(|visit| visit.is_fresh(self.book, self.input.at))
    }

    fn passed(&self, trail: &Trail, gate: NodeId) -> bool {
        self.is_fresh(trail) && trail.visit.as_ref().and_then(|visit| visit.gate) == Some(self.book.hash(gate))
    }

    fn answered(&self, page: NodeId, asked: Hash, key: Hash, edition: u8, trail: Trail) -> Screen {
        let book = self.book;
        let moved = book.moved_answer(asked, key);
        let (page, key, moved) = moved.map_or((page, key, false), |(page, answer)| (page, Hash::of(answer), true));
        let again = |notice| Screen { notice: Some(notice), ..self.open(page, Trail { visit: None, ..trail.clone() }) };
        match &book.node(page).kind {
            Kind::Question { answers, edition: today, .. } => {
                let Some((_, answer)) = answers.iter().find(|(id, _)| Hash::of(id) == key) else { return again(Phrase::Stale) };
                // A question whose meaning changed is asked again, but nobody who said yes to an emergency is asked twice.
                let urgent = matches!(answer.goto, Goto::Node(to)
                    if matches!(book.node(to).kind, Kind::Advice { level: Level::Emergency, .. }));
                if edition != *today && !moved && !urgent {
                    return again(Phrase::AskedAgain);
                }
                match answer.goto {
                    // The one way to what is deleted: anywhere else, the question is asked first.
                    Goto::Node(to) if self.deletes(to) => Screen::of(to),
                    Goto::Node(to) => self.open(to, trail),
                    Goto::Onward => self.onward(page, trail),
                }
            }
            Kind::Weeks { answers, then, .. } => {
                let Some(mut visit) = trail.visit.clone().filter(|_| self.is_fresh(&trail)) else {
                    return self.open(page, trail);
                };
                match answers.keys().position(|id| Hash::of(id) == key).and_then(|at| u8::try_from(at + 1).ok()) {
                    Some(weeks) => {
                        visit.weeks = weeks;
                        let next = self.first_asking(*then, &visit);
                        self.open(next, Trail { visit: Some(visit), ..trail })
                    }
                    None => again(Phrase::Stale),
                }
            }
            _ => again(Phrase::Stale),
        }
    }

    /// The first list that has a row for the reader's weeks.
    fn first_asking(&self, then: NodeId, visit: &Visit) -> NodeId {
        match &self.book.node(then).kind {
            Kind::Checklist(list) if triage::asked(list, 0, visit.stage(self.book)).next().is_none() => {
                onward(self.book, then, visit)
            }
            _ => then,
        }
    }

    /// Through a gate to the page it stands before, or to the page above if a button no longer says which.
    fn onward(&self, gate: NodeId, trail: Trail) -> Screen {
        let visit = match trail.visit {
            Some(visit) if visit.is_fresh(self.book, self.input.at) => visit,
            _ => Visit::begin(self.book, self.input.at),
        };
        let visit = Visit { gate: Some(self.book.hash(gate)), ..visit };
        let onto = trail.onto.and_then(|hash| self.book.by_hash(hash)).unwrap_or(self.book.parent(gate));
        self.open(onto, Trail { onto: None, visit: Some(visit) })
    }

    /// A press on a checklist: a row, Not sure, or done.
    fn listed(&self, page: NodeId, trail: Trail, sign: Option<Hash>, unsure: bool) -> Screen {
        let book = self.book;
        let Kind::Checklist(list) = &book.node(page).kind else { return self.stale(page) };
        // Opened with a memory that is too old, the list asks again by itself.
        let Some(mut visit) = trail.visit.clone().filter(|_| self.is_fresh(&trail)) else { return self.open(page, trail) };
        let first = book.first_tick(page);
        if let Some(sign) = sign {
            let row = (usize::from(first)..).zip(list.signs.keys()).find(|(_, key)| Hash::of(key) == sign);
            let Some((number, _)) = row else { return Screen { notice: Some(Phrase::Stale), ..self.open(page, trail) } };
            visit.toggle(book, number);
            return self.open(page, Trail { visit: Some(visit), ..trail });
        }
        if unsure {
            visit.set(book, unsure_bit(list, first));
        } else {
            visit.clear(book, unsure_bit(list, first));
        }
        let next = onward(book, page, &visit);
        self.open(next, Trail { visit: Some(visit), ..trail })
    }

    fn stepped(&self, page: NodeId, step: u8, trail: Trail) -> Screen {
        let screen = self.open(page, trail);
        match &self.book.node(page).kind {
            Kind::Steps(_) if screen.node == page => Screen { view: View::Step(step), ..screen },
            Kind::Steps(_) => screen,
            _ => Screen { notice: Some(Phrase::Stale), ..screen },
        }
    }

    fn region(&mut self, page: NodeId, region: Hash, trail: Trail) -> Screen {
        let Kind::Regions { then, .. } = &self.book.node(page).kind else { return self.stale(page) };
        match self.book.regions().keys().find(|id| Hash::of(id) == region) {
            Some(id) => {
                self.reader.region = (id != super::book::UNKNOWN_REGION).then(|| id.clone());
                self.open(*then, trail)
            }
            None => Screen { notice: Some(Phrase::Stale), ..self.open(page, trail) },
        }
    }

    /// Back to where the question was asked, in the other words.
    fn language(&mut self, page: NodeId, language: Hash, trail: Trail) -> Screen {
        let Kind::Languages { then, .. } = &self.book.node(page).kind else { return self.stale(page) };
        match self.book.languages().keys().find(|code| Hash::of(code) == language) {
            Some(code) => {
                self.reader.language = Some(code.clone());
                let onto = trail.onto.and_then(|hash| self.book.by_hash(hash)).unwrap_or(*then);
                self.open(onto, Trail { onto: None, ..trail })
            }
            None => Screen { notice: Some(Phrase::Stale), ..self.open(page, trail) },
        }
    }
}
