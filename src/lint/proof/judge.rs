//! Whether a rule holds over all ways, and the shortest walk that breaks it where it does not.

use std::collections::VecDeque;

use super::ways::{Edge, Sort, State, Via, Ways};
use crate::dialogue::book::SafetyRule;
use crate::dialogue::safety::Select;
use crate::dialogue::{Kind, NodeId};

/// A rule that does not hold: why, and a walk that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub message: String,
    pub walk: Option<String>,
}

/// Nothing leads there.
const NEVER: u32 = u32::MAX;

pub fn judge(ways: &Ways, rule: &SafetyRule) -> Option<Broken> {
    match rule {
        SafetyRule::Within { page, taps } => too_far(ways, *page, *taps, |_| true),
        SafetyRule::Never { after, offers } => offered(ways, *after, *offers),
        SafetyRule::Always { from, ends_in } => strays(ways, *from, *ends_in),
        SafetyRule::Budget { from, to, taps, screens, region } => {
            let near;
            let ways = match region {
                Some(region) => {
                    let page = if let Select::Page(page) = from { *page } else { ways.book.home() };
                    near = Ways::near(ways.book, page, region, *taps + 2);
                    &near
                }
                None => ways,
            };
            over_budget(ways, *from, *to, *taps, *screens)
        }
    }
}

/// The same of every book and the page where help begins. Screens that come to nothing, not even home, are told by rules of their own.
pub fn help_too_far(ways: &Ways, help: NodeId, taps: u32) -> Option<Broken> {
    let home = ways.steps_to(&|state: &State| state.screen.node == ways.book.home());
    too_far(ways, help, taps, |at| home[at] != NEVER)
}

/// A screen from which a page is further than so many taps. Whoever is being asked what the page leads to is there already.
fn too_far(ways: &Ways, page: NodeId, taps: u32, counts: impl Fn(usize) -> bool) -> Option<Broken> {
    let there = |state: &State| takes(ways, Select::Page(page), state);
    let steps = ways.steps_to(&there);
    let asked = ways.asked_from(&there);
    let far: Vec<usize> = (0..ways.states.len()).filter(|at| !asked[*at] && steps[*at] > taps && counts(*at)).collect();
    let worst = far.iter().copied().max_by_key(|at| (steps[*at], std::cmp::Reverse(*at)))?;
    let name = ways.book.name(page);
    let screens = if far.len() == 1 { String::from("One screen is") } else { format!("{} screens are", far.len()) };
    let how_far = if steps[worst] == NEVER {
        format!("it can't be come to from `{}` at all", ways.name(worst))
    } else {
        format!("from `{}` it takes {}", ways.name(worst), steps[worst])
    };
    let message = format!("{screens} more than {taps} taps from `{name}`: {how_far}.");
    Some(Broken { message, walk: Some(ways.told(&ways.walk_to(worst), worst, &ways.way_down(worst, &steps))) })
}

/// A path that comes from one thing to another that must not follow it.
fn offered(ways: &Ways, after: Select, offers: Select) -> Option<Broken> {
    let begin: Vec<usize> = ways.those(after);
    let found = ways.spread(&begin, |at, edge| ways.goes_on(at, edge, &begin));
    let wrong = found.order.iter().copied().find(|at| !begin.contains(at) && takes(ways, offers, &ways.states[*at]))?;
    let (from, taps) = found.way_to(wrong);
    let message = format!("After `{}` the way to `{}` is open.", ways.name(from), ways.name(wrong));
    Some(Broken { message, walk: Some(ways.told(&ways.walk_to(from), from, &taps)) })
}

/// A path that ends elsewhere than it must, or never ends.
fn strays(ways: &Ways, from: Select, ends_in: Select) -> Option<Broken> {
    let begin = ways.those(from);
    if begin.is_empty() {
        return Some(Broken { message: String::from("Nothing that this begins with can be come to."), walk: None });
    }
    let ended = |at: usize| takes(ways, ends_in, &ways.states[at]);
    // What ends well may be where another path begins.
    let follows = |at: usize, edge: &Edge| ended(edge.to) || ways.goes_on(at, edge, &begin);
    let found = ways.spread(&begin, |at, edge| !ended(at) && follows(at, edge));
    // Backwards from every good end: what is not met can't come to one.
    let good = ways.steps_within(&found.order, &ended);
    let leaves = |at: usize| ways.states[at].edges.iter().any(|edge| edge.is_own() && !follows(at, edge));
    let lost = found.order.iter().copied().find(|at| !ended(*at) && (good[*at] == NEVER || leaves(*at)))?;
    let (start, taps) = found.way_to(lost);
    let message = format!("A walk from `{}` ends at `{}`.", ways.name(start), ways.name(lost));
    Some(Broken { message, walk: Some(ways.told(&ways.walk_to(start), start, &taps)) })
}

fn over_budget(ways: &Ways, from: Select, to: Select, taps: u32, screens: Option<u32>) -> Option<Broken> {
    let steps = ways.steps_to(&|state: &State| takes(ways, to, state));
    // A page as it is opened, nothing answered yet.
    let begin = match from {
        Select::Page(page) => ways.opened(page).into_iter().collect(),
        _ => ways.those(from),
    };
    let Some(worst) = begin.iter().copied().max_by_key(|at| (steps[*at], std::cmp::Reverse(*at))) else {
        return Some(Broken { message: String::from("Nothing that this begins with can be come to."), walk: None });
    };
    if steps[worst] == NEVER {
        let message = format!("Nothing of the kind can be come to from `{}`.", ways.name(worst));
        return Some(Broken { message, walk: None });
    }
    let way = ways.way_down(worst, &steps);
    let walk = || Some(ways.told(&ways.walk_to(worst), worst, &way));
    if steps[worst] > taps {
        let message = format!("From `{}` it takes {} taps; the book allows {taps}.", ways.name(worst), steps[worst]);
        return Some(Broken { message, walk: walk() });
    }
    let seen = 1 + way.iter().filter(|(at, via)| !ways.is_tick(*at, *via)).count();
    let most = screens.filter(|most| seen > usize::try_from(*most).unwrap_or(usize::MAX))?;
    let message = format!("From `{}` it takes {seen} screens; the book allows {most}.", ways.name(worst));
    Some(Broken { message, walk: walk() })
}

fn takes(ways: &Ways, select: Select, state: &State) -> bool {
    select.takes(ways.book.node(state.screen.node), &state.screen, &state.reader)
}

/// Taps on the way, each with the screen it was done on.
type Taps = Vec<(usize, Via)>;

/// A screen, the taps to it, and the last of them.
type Met = (usize, u32, Option<(usize, Via)>);

/// What was come to from some screens, in the order of its distance.
struct Spread {
    order: Vec<usize>,
    before: Vec<Option<(usize, Via)>>,
}

impl Spread {
    fn way_to(&self, at: usize) -> (usize, Taps) {
        let mut taps = Vec::new();
        let mut at = at;
        while let Some((before, via)) = self.before[at] {
            taps.push((before, via));
            at = before;
        }
        taps.reverse();
        (at, taps)
    }
}

impl Ways<'_> {
    fn name(&self, at: usize) -> &str {
        self.book.name(self.states[at].screen.node)
    }

    fn is_tick(&self, at: usize, via: Via) -> bool {
        self.states[at].edges.iter().any(|edge| edge.via == via && edge.sort == Sort::Ticks)
    }

    fn those(&self, select: Select) -> Vec<usize> {
        (0..self.states.len()).filter(|at| takes(self, select, &self.states[*at])).collect()
    }

    /// Home, and a new triage, end a path.
    fn ends_path(&self, to: usize) -> bool {
        let node = self.states[to].screen.node;
        node == self.book.home() || Some(node) == self.book.help()
    }

    /// Whether a tap leads on along a path that began at `begin`: a path lives as long as the triage's memory.
    fn goes_on(&self, from: usize, edge: &Edge, begin: &[usize]) -> bool {
        let remembers = |at: usize| self.states[at].screen.trail.visit.is_some();
        let forgets = remembers(from) && !remembers(edge.to);
        !(forgets || edge.sort == Sort::Hides || self.ends_path(edge.to)) || begin.contains(&edge.to)
    }

    /// Along what pages themselves offer, as far as a tap is followed.
    fn spread(&self, begin: &[usize], follows: impl Fn(usize, &Edge) -> bool) -> Spread {
        let mut spread = Spread { order: Vec::new(), before: vec![None; self.states.len()] };
        let mut seen = vec![false; self.states.len()];
        // Nearest first, the way to where a path begins counted with it: so what is shown of a path is the shortest there is.
        let mut begin: Vec<usize> = begin.to_vec();
        begin.sort_by_key(|at| self.states[*at].depth);
        let mut begin = begin.into_iter().peekable();
        let mut queue: VecDeque<Met> = VecDeque::new();
        loop {
            let nearer = |at: &usize| queue.front().is_none_or(|(_, depth, _)| self.states[*at].depth <= *depth);
            let next = begin.next_if(nearer).map(|at| (at, self.states[at].depth, None)).or_else(|| queue.pop_front());
            let Some((at, depth, before)) = next else { break };
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            spread.order.push(at);
            spread.before[at] = before;
            for edge in self.states[at].edges.iter().filter(|edge| edge.is_own() && follows(at, edge)) {
                queue.push_back((edge.to, depth + 1, Some((at, edge.via))));
            }
        }
        spread
    }

    /// Taps from each screen to the nearest that is wanted, by any button.
    fn steps_to(&self, wanted: &dyn Fn(&State) -> bool) -> Vec<u32> {
        let wanted = (0..self.states.len()).filter(|at| wanted(&self.states[*at]));
        self.backwards(wanted.collect(), &|_, _| true)
    }

    /// The same among some screens only, by what the pages themselves offer.
    fn steps_within(&self, among: &[usize], wanted: &dyn Fn(usize) -> bool) -> Vec<u32> {
        let mut is_among = vec![false; self.states.len()];
        for at in among {
            is_among[*at] = true;
        }
        let wanted = among.iter().copied().filter(|at| wanted(*at)).collect();
        self.backwards(wanted, &|from, edge| is_among[from] && edge.is_own())
    }

    /// Steps to each screen, counted backwards from where they end. Where Back may return to one of several pages, the furthest of them
    /// counts.
    fn backwards(&self, ends: VecDeque<usize>, taken: &dyn Fn(usize, &Edge) -> bool) -> Vec<u32> {
        let mut is_returned = vec![false; self.states.len()];
        for at in &self.returned {
            is_returned[*at] = true;
        }
        let mut open = self.returned.len();
        let mut steps = vec![NEVER; self.states.len()];
        let mut queue = ends;
        for at in &queue {
            steps[*at] = 0;
        }
        while let Some(at) = queue.pop_front() {
            let next = steps[at] + 1;
            let mut meet = |from: usize| {
                if steps[from] == NEVER {
                    steps[from] = next;
                    queue.push_back(from);
                }
            };
            for (from, edge) in self.leading_to(at) {
                if edge.sort != Sort::Returns && taken(from, edge) {
                    meet(from);
                }
            }
            if is_returned[at] {
                open -= 1;
                if open == 0 {
                    let edges = self
                        .states
                        .iter()
                        .enumerate()
                        .flat_map(|(from, state)| state.edges.iter().map(move |edge| (from, edge)));
                    edges
                        .filter(|(from, edge)| edge.sort == Sort::Returns && taken(*from, edge))
                        .for_each(|(from, _)| meet(from));
                }
            }
        }
        steps
    }

    /// The questions and lists that a page leads to by answers alone.
    fn asked_from(&self, begin: &dyn Fn(&State) -> bool) -> Vec<bool> {
        let asks = |at: usize| {
            let kind = &self.book.node(self.states[at].screen.node).kind;
            matches!(kind, Kind::Question { .. } | Kind::Weeks { .. } | Kind::Checklist(_))
        };
        let begin: Vec<usize> = (0..self.states.len()).filter(|at| begin(&self.states[*at])).collect();
        let mut asked = vec![false; self.states.len()];
        for at in self.spread(&begin, |at, edge| asks(at) && self.goes_on(at, edge, &begin)).order {
            asked[at] = asks(at);
        }
        asked
    }

    /// The taps from a screen down to where `steps` is 0.
    fn way_down(&self, from: usize, steps: &[u32]) -> Taps {
        let mut taps = Vec::new();
        let mut at = from;
        while steps[at] != 0 && steps[at] != NEVER {
            let next = self.states[at].edges.iter().find(|edge| steps[edge.to] < steps[at]);
            let Some(edge) = next else { break };
            taps.push((at, edge.via));
            at = edge.to;
        }
        taps
    }

    /// A walk: how one comes to a screen, what is done from there, and what the last screen says.
    fn told(&self, before: &[String], at: usize, taps: &[(usize, Via)]) -> String {
        let mut lines = before.to_vec();
        let mut last = at;
        for (from, via) in taps {
            lines.push(self.line(*from, *via));
            let edge = self.states[*from].edges.iter().find(|edge| edge.via == *via);
            last = edge.map_or(last, |edge| edge.to);
        }
        let page = self.page(last);
        lines.extend(page.text.words.lines().next().map(str::to_owned));
        lines.join("\n")
    }
}
