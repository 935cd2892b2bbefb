//! Places near a reader: what is known of each, and the screen that lists the nearest.
//!
//! Which are the nearest is looked up before the core hears of it; where the reader is never comes in here.

use std::sync::Arc;

use super::book::{Kind, NodeId};
use super::compose::{Composer, Key, Press};
use super::node::LinkRow;
use super::text::{Mark, MarkKind, Rich, Text};
use super::turn::{Screen, View};

/// A place that helps: a row of the operator's `services.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    pub name: String,
    /// What it is, in a word or two; may be empty.
    pub kind: String,
    /// In millionths of a degree: 11 cm.
    pub latitude: i32,
    pub longitude: i32,
    pub phone: Option<String>,
    pub link: Option<String>,
}

/// A facility and how far it is, in a straight line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub facility: Arc<Facility>,
    pub metres: u32,
}

/// All that is made of a place that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Located {
    /// Its time zone.
    pub zone: Option<String>,
    /// The nearest first.
    pub nearest: Vec<Near>,
}

/// The page that lists what is near, once a place was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services {
    /// Asks for a place.
    pub ask: Rich,
    /// Instead of it, where the operator has no list.
    pub without: Rich,
    pub found: Found,
    /// On the button to the region's official finder.
    pub finder: String,
    pub links: Vec<LinkRow>,
}

/// Words of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub text: Rich,
    pub map: String,
    pub website: String,
    pub km: String,
    pub miles: String,
}

const METRES_IN_A_MILE: f64 = 1609.344;
const METRES_IN_A_KM: f64 = 1000.0;

impl Facility {
    /// The place on a map that every browser shows. A button takes no `geo:` address, and no map of an app that the reader may not have.
    pub fn map(&self) -> String {
        let (latitude, longitude) = (degrees(self.latitude), degrees(self.longitude));
        format!("https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}")
    }
}

/// Millionths as they are written, without the blur of binary fractions.
fn degrees(millionths: i32) -> String {
    let (whole, part) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part:06}")
}

/// A distance as people say it: to a tenth while it is short.
fn told(metres: u32, unit: f64) -> String {
    let far = f64::from(metres) / unit;
    if far < 9.95 { format!("{:.1}", far.max(0.1)) } else { format!("{far:.0}") }
}

impl<'a> Composer<'a> {
    /// What is asked before a place is sent, with the official finder.
    pub(super) fn services(&self, page: &'a Services) -> (Text, Vec<Vec<Key>>) {
        let text = if self.book.lists_services() { &page.ask } else { &page.without };
        (self.fill(text), self.finder_and_links(page))
    }

    /// The nearest that are known, with their numbers in the text, where they can be tapped: buttons dial none.
    pub(super) fn nearest(&self, near: &[Near]) -> (Text, Vec<Vec<Key>>) {
        let Kind::Services(page) = &self.node().kind else { return (Text::default(), Vec::new()) };
        let region = self.book.region(self.reader.region.as_deref());
        let (unit, name) = if region.is_some_and(|region| region.miles) {
            (METRES_IN_A_MILE, &page.found.miles)
        } else {
            (METRES_IN_A_KM, &page.found.km)
        };
        let mut text = self.fill(&page.found.text);
        let mut rows = Vec::new();
        for (number, Near { facility, metres }) in (1..).zip(near) {
            let head = format!("{number}. {}", facility.name);
            let bold = Mark { from: 0, to: head.len(), kind: MarkKind::Bold };
            let distance = format!("{} {name}", told(*metres, unit));
            let about = [facility.kind.as_str(), &distance].into_iter().filter(|part| !part.is_empty());
            let about = about.collect::<Vec<_>>().join(" · ");
            let lines = [Some(head.as_str()), Some(&about), facility.phone.as_deref()];
            let words = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
            text.append(Text { words, marks: vec![bold] });
            let button = |label: &str, url| Key { label: format!("{number}. {label}"), press: Press::Url(url) };
            let website = facility.link.clone().map(|link| button(&page.found.website, link));
            rows.push(std::iter::once(button(&page.found.map, facility.map())).chain(website).collect());
        }
        rows.extend(self.finder_and_links(page));
        rows.extend(self.footer());
        (text, rows)
    }

    fn finder_and_links(&self, page: &'a Services) -> Vec<Vec<Key>> {
        let finder = self.book.region(self.reader.region.as_deref()).and_then(|region| region.finder.clone());
        let finder = finder.map(|url| vec![Key { label: page.finder.clone(), press: Press::Url(url) }]);
        finder.into_iter().chain(self.links(&page.links)).collect()
    }
}

/// The screen of what is near, if there is anything to list.
pub(super) fn screen(page: NodeId, nearest: &[Near]) -> Option<Screen> {
    (!nearest.is_empty()).then(|| Screen { view: View::Nearest(nearest.to_vec()), ..Screen::of(page) })
}

#[cfg(test)]
mod tests {
    use super::{METRES_IN_A_KM, METRES_IN_A_MILE, degrees, told};

    #[test]
    fn distances_are_told_as_people_say_them() {
        let told_in_km = [0, 149, 1_250, 9_949, 9_951, 123_456].map(|metres| told(metres, METRES_IN_A_KM));
        assert_eq!(told_in_km, ["0.1", "0.1", "1.2", "9.9", "10", "123"]);
        assert_eq!(told(16_093, METRES_IN_A_MILE), "10");
    }

    #[test]
    fn degrees_are_written_whole() {
        assert_eq!([51_500_000, -127_600, 0, -5].map(degrees), ["51.500000", "-0.127600", "0.000000", "-0.000005"]);
    }
}
