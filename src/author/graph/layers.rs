//! Where boxes and lines go: which row a page stands in, and where in its row. Knows nothing of colours and letters.
//!
//! Rows are ours: a page stands below every page that leads to it, but for ways that lead back. Where in its row is found by
//! rust-sugiyama. Every long way gets a place in each row that it passes, so that it runs around the boxes.

use std::collections::{HashMap, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rust_sugiyama::configure::{Config, RankingType};

/// Places along long ways that are looked after; with more, a picture is too large to be followed by eye, and they run straight.
const MOST_PLACES: usize = 1_500;
/// Between neighbours of a row.
const SIDE: f64 = 22.0;
/// Between a row of boxes and the labels below it.
const GAP: f64 = 27.0;

/// A thing to be placed: how long it is along the way down, and across.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Size {
    pub along: f64,
    pub across: f64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spot {
    pub along: f64,
    pub across: f64,
}

/// From box to box, by number; the size of its label.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub from: usize,
    pub to: usize,
    pub label: Size,
}

#[derive(Debug, Default)]
pub struct Plan {
    /// The middle of each box.
    pub boxes: Vec<Spot>,
    /// The places that each line passes, between its boxes; none for a line that runs straight.
    pub passes: Vec<Vec<Spot>>,
    /// The middle of each line's label.
    pub labels: Vec<Spot>,
    pub whole: Size,
    /// The row of each box.
    pub rows: Vec<usize>,
}

/// The row of each box: from the first box, and from every box that none of those reaches.
pub fn rows(count: usize, lines: &[Line]) -> Vec<usize> {
    let out = outgoing(count, lines);
    let taps = taps(count, &out);
    let mut graph = DiGraph::<(), ()>::with_capacity(count, lines.len());
    let nodes: Vec<NodeIndex> = (0..count).map(|_| graph.add_node(())).collect();
    for line in lines {
        graph.add_edge(nodes[line.from], nodes[line.to], ());
    }
    let mut ring = vec![0; count];
    for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for member in members {
            ring[member.index()] = number;
        }
    }
    // Among pages that lead to one another, down is what takes more taps.
    let is_down = |from: usize, to: usize| ring[from] != ring[to] || taps[from] < taps[to];
    let mut open = vec![0usize; count];
    for line in lines.iter().filter(|line| is_down(line.from, line.to)) {
        open[line.to] += 1;
    }
    let mut rows = vec![0; count];
    let mut queue: VecDeque<usize> = (0..count).filter(|at| open[*at] == 0).collect();
    while let Some(at) = queue.pop_front() {
        for to in out[at].iter().copied().filter(|to| is_down(at, *to)) {
            rows[to] = rows[to].max(rows[at] + 1);
            open[to] -= 1;
            if open[to] == 0 {
                queue.push_back(to);
            }
        }
    }
    rows
}

fn outgoing(count: usize, lines: &[Line]) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); count];
    for line in lines {
        out[line.from].push(line.to);
    }
    out
}

fn taps(count: usize, out: &[Vec<usize>]) -> Vec<usize> {
    let mut taps = vec![usize::MAX; count];
    for start in 0..count {
        if taps[start] != usize::MAX {
            continue;
        }
        taps[start] = 0;
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for to in out[at].iter().copied() {
                if taps[to] == usize::MAX {
                    taps[to] = taps[at] + 1;
                    queue.push_back(to);
                }
            }
        }
    }
    taps
}

pub fn plan(boxes: &[Size], lines: &[Line]) -> Plan {
    let rows = rows(boxes.len(), lines);
    let mut draft = Draft::new(boxes, &rows);
    let places: usize = lines.iter().map(|line| (2 * rows[line.from].abs_diff(rows[line.to])).saturating_sub(1)).sum();
    let is_large = places > MOST_PLACES;
    let mut is_hung = vec![false; boxes.len()];
    let chains: Vec<Vec<usize>> = lines
        .iter()
        .map(|line| {
            // In a large picture each box hangs on one box of the row above it, and nothing else has a say.
            let hangs = rows[line.to] == rows[line.from] + 1 && !std::mem::replace(&mut is_hung[line.to], true);
            if is_large && !hangs { Vec::new() } else { draft.chain(line, &rows) }
        })
        .collect();
    let spots = draft.place();
    let passes: Vec<Vec<Spot>> = chains.iter().map(|chain| chain.iter().map(|at| spots[*at]).collect()).collect();
    let labels = lines.iter().zip(&chains).map(|(line, chain)| match chain.first() {
        Some(first) => spots[*first],
        None => between(spots[line.from], spots[line.to]),
    });
    Plan { labels: labels.collect(), passes, whole: draft.whole(&spots), boxes: spots[..boxes.len()].to_vec(), rows }
}

/// The middle of a line that runs straight; within a row, below it.
fn between(from: Spot, to: Spot) -> Spot {
    let dip = if (from.along - to.along).abs() < 1.0 { 46.0 } else { 0.0 };
    Spot { along: f64::midpoint(from.along, to.along) + dip, across: f64::midpoint(from.across, to.across) }
}

/// Boxes, and behind them the places of lines, in slots: rows of boxes are even, rows of labels odd.
struct Draft {
    sizes: Vec<Size>,
    slots: Vec<usize>,
    links: Vec<(u32, u32)>,
}

impl Draft {
    fn new(boxes: &[Size], rows: &[usize]) -> Draft {
        Draft { sizes: boxes.to_vec(), slots: rows.iter().map(|row| 2 * row).collect(), links: Vec::new() }
    }

    /// The places of one line, from its beginning to its end; the first has room for its label.
    fn chain(&mut self, line: &Line, rows: &[usize]) -> Vec<usize> {
        let (from, to) = (2 * rows[line.from], 2 * rows[line.to]);
        let slots: Vec<usize> = if from < to { (from + 1..to).collect() } else { (to + 1..from).rev().collect() };
        let mut chain = Vec::with_capacity(slots.len());
        for slot in slots {
            let room = if chain.is_empty() { line.label } else { Size::default() };
            chain.push(self.sizes.len());
            self.sizes.push(room);
            self.slots.push(slot);
        }
        if chain.is_empty() {
            return chain;
        }
        let all: Vec<usize> = std::iter::once(line.from).chain(chain.iter().copied()).chain([line.to]).collect();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for pair in all.windows(2) {
            let [a, b] = [number(pair[0]), number(pair[1])];
            self.links.push(if from < to { (a, b) } else { (b, a) });
        }
        chain
    }

    fn place(&self) -> Vec<Spot> {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let vertices: Vec<(u32, (f64, f64))> =
            (0..).zip(&self.sizes).map(|(at, size)| (number(at), (size.across.max(1.0), 1.0))).collect();
        let config = Config { vertex_spacing: SIDE, ranking_type: RankingType::Up, ..Config::default() };
        let mut across = vec![0.0; self.sizes.len()];
        let mut edge = 0.0;
        let mut parts = rust_sugiyama::from_vertices_and_edges(&vertices, &self.links, &config);
        for (part, ..) in &mut parts {
            part.sort_by_key(|(at, _)| *at);
        }
        // The parts of a book that no way joins stand side by side, in the book's order.
        parts.sort_by_key(|(part, ..)| part.first().map(|(at, _)| *at));
        for (part, ..) in &parts {
            let half = |at: usize| self.sizes[at].across / 2.0;
            let left = part.iter().map(|(at, (x, _))| x - half(*at)).fold(f64::INFINITY, f64::min);
            for (at, (x, _)) in part {
                across[*at] = edge + x - left;
            }
            edge = part.iter().map(|(at, _)| across[*at] + half(*at)).fold(edge, f64::max) + SIDE;
        }
        let along = self.along();
        (0..self.sizes.len()).map(|at| Spot { along: along[&self.slots[at]], across: across[at] }).collect()
    }

    /// The middle of each slot.
    fn along(&self) -> HashMap<usize, f64> {
        let last = self.slots.iter().copied().max().unwrap_or(0);
        let mut thick = vec![0.0_f64; last + 1];
        for (slot, size) in self.slots.iter().zip(&self.sizes) {
            thick[*slot] = thick[*slot].max(size.along);
        }
        let mut along = HashMap::new();
        let mut edge = 0.0;
        for (slot, thick) in thick.into_iter().enumerate() {
            along.insert(slot, edge + thick / 2.0);
            edge += thick + GAP;
        }
        along
    }

    fn whole(&self, spots: &[Spot]) -> Size {
        let far = |of: &dyn Fn(&Spot, &Size) -> f64| spots.iter().zip(&self.sizes).map(|(a, b)| of(a, b)).fold(0.0, f64::max);
        Size {
            along: far(&|spot, size| spot.along + size.along / 2.0),
            across: far(&|spot, size| spot.across + size.across / 2.0),
        }
    }
}
