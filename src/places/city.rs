//! The time zone of a city as people type it: folded, with a country or a state behind it, with a letter wrong.
//!
//! Where two places in different zones could be meant, none is named: the reader is asked again, which is better than a message in the
//! night.

use strsim::osa_distance;

use super::name::fold;
use super::table::{Area, Place, areas, places};

/// How many times larger a place must be than its namesakes in other zones.
const CLEARLY: u32 = 3;
/// Thousands of people from which on a name is guessed from one with a letter wrong: small towns' names are too much alike.
const WELL_KNOWN: u32 = 50;

/// The countries of the region `eu`; every other region is named after its one country, but for Northern Ireland.
const EU: &str = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE";

const BEFORE: &[&str] =
    &["i", "im", "am", "we", "are", "live", "in", "near", "close", "to", "from", "at", "around", "it", "is", "its", "the"];
const BEHIND: &[&str] = &["city", "town", "area", "time", "please", "thanks", "thank", "you", "now"];

/// The IANA name of the zone of a city, a country or a state that somebody typed. None if it is not known, or could be several.
///
/// `region` is the reader's, by its id in the book (`gb`, `us`): a place there goes before its namesakes elsewhere. Without one the
/// larger place is meant, if it is clearly larger.
pub fn zone_of_city(typed: &str, region: Option<&str>) -> Option<String> {
    let atlas = Atlas { places: places(), areas: areas(), home: countries(region) };
    atlas.zone(typed).map(str::to_owned)
}

fn countries(region: Option<&str>) -> String {
    match region {
        None => String::new(),
        Some("nir") => "GB".to_owned(),
        Some("eu") => EU.to_owned(),
        Some(country) => country.to_uppercase(),
    }
}

struct Atlas {
    places: Vec<Place>,
    areas: Vec<Area>,
    /// The reader's countries, a space between them.
    home: String,
}

impl Atlas {
    fn zone(&self, typed: &str) -> Option<&'static str> {
        let typed = typed.trim();
        let named = |zone: &'static str| zone.eq_ignore_ascii_case(typed);
        if let Some(zone) = self.places.iter().filter_map(|place| place.zone).find(|zone| named(zone)) {
            return Some(zone);
        }
        let mut parts = typed.split(',').map(words).filter(|part| !part.is_empty());
        let city = parts.next()?;
        let behind: Vec<String> = parts.take(4).map(|part| part.join(" ")).collect();
        if behind.is_empty() { self.zone_of_words(&city) } else { self.zone_with(&city, &behind) }
    }

    /// "Portland", "portland oregon", "I live in Portland".
    fn zone_of_words(&self, typed: &[String]) -> Option<&'static str> {
        let name = bare(typed);
        let exact = |words: &[String]| self.exact(&words.join(" "), &[]);
        if let Some(found) = some(exact(typed)).or_else(|| some(exact(name))) {
            return self.choose(&found);
        }
        // The longest area first: "new south wales" before "wales".
        let cuts = || (1..name.len()).filter(|cut| name.len() - cut <= 4).map(|cut| name.split_at(cut));
        for (city, area) in cuts() {
            let areas = self.behind_a_city(&area.join(" "));
            if !areas.is_empty()
                && let Some(found) = some(self.exact(&bare(city).join(" "), &[areas]))
            {
                return self.choose(&found);
            }
        }
        if let Some(found) = some(self.nearly(&name.join(" "), &[])) {
            return self.choose(&found);
        }
        for (city, area) in cuts() {
            let area = area.join(" ");
            // A small word at the end of a sentence is not a state.
            let areas: Vec<Area> = self.areas.iter().filter(|one| one.is_named(&area)).copied().collect();
            if !areas.is_empty() {
                return self.within(&bare(city).join(" "), &[areas]);
            }
        }
        None
    }

    /// "Portland, Oregon", "Portland, OR, USA".
    fn zone_with(&self, city: &[String], behind: &[String]) -> Option<&'static str> {
        let known: Vec<_> = behind.iter().map(|area| self.behind_a_city(area)).filter(|areas| !areas.is_empty()).collect();
        if known.is_empty() {
            // A county, perhaps. It could tell namesakes apart if we knew it, so they must agree.
            let found = some(self.exact(&city.join(" "), &[])).or_else(|| some(self.exact(&bare(city).join(" "), &[])));
            let found = self.at_home(&found.unwrap_or_else(|| self.nearly(&bare(city).join(" "), &[])));
            let zone = found.first()?.zone;
            return zone.filter(|_| found.iter().all(|place| place.zone == zone));
        }
        match some(self.exact(&city.join(" "), &known)) {
            Some(found) => self.choose(&found),
            None => self.within(&bare(city).join(" "), &known),
        }
    }

    /// A city in known areas, or the zone of these if they have but one.
    fn within(&self, city: &str, areas: &[Vec<Area>]) -> Option<&'static str> {
        match some(self.exact(city, areas)).or_else(|| some(self.nearly(city, areas))) {
            Some(found) => self.choose(&found),
            None => areas.iter().find_map(|one| one.first().filter(|_| one.len() == 1).and_then(Area::zone)),
        }
    }

    fn behind_a_city(&self, name: &str) -> Vec<Area> {
        self.areas.iter().filter(|area| area.is_named_behind_a_city(name)).copied().collect()
    }

    fn exact(&self, name: &str, areas: &[Vec<Area>]) -> Vec<Place> {
        self.places.iter().filter(|place| place.name == name && lies_in(place, areas)).copied().collect()
    }

    /// Names with a letter wrong, or two in a long one. The first letter is right as a rule.
    fn nearly(&self, name: &str, areas: &[Vec<Area>]) -> Vec<Place> {
        let most = match name.chars().count() {
            ..5 => return Vec::new(),
            5..9 => 1,
            _ => 2,
        };
        let alike = |place: &&Place| {
            place.people >= WELL_KNOWN
                && place.name.len().abs_diff(name.len()) <= most
                && place.name.as_bytes().first() == name.as_bytes().first()
                && lies_in(place, areas)
        };
        let near: Vec<_> = self.places.iter().filter(alike).map(|place| (osa_distance(place.name, name), *place)).collect();
        let least = near.iter().map(|(wrong, _)| *wrong).min().filter(|wrong| *wrong <= most);
        near.into_iter().filter(|(wrong, _)| Some(*wrong) == least).map(|(_, place)| place).collect()
    }

    /// The places in the reader's countries; all of them if there are none.
    fn at_home(&self, found: &[Place]) -> Vec<Place> {
        let home: Vec<Place> =
            found.iter().filter(|place| self.home.split(' ').any(|home| home == place.country)).copied().collect();
        if home.is_empty() { found.to_vec() } else { home }
    }

    fn choose(&self, found: &[Place]) -> Option<&'static str> {
        let found = self.at_home(found);
        let largest = found.iter().max_by_key(|place| place.people)?;
        let rival = |place: &Place| place.zone != largest.zone && place.people.saturating_mul(CLEARLY) > largest.people;
        largest.zone.filter(|_| !found.iter().any(rival))
    }
}

fn some(found: Vec<Place>) -> Option<Vec<Place>> {
    Some(found).filter(|found| !found.is_empty())
}

fn lies_in(place: &Place, areas: &[Vec<Area>]) -> bool {
    let one = |area: &Area| area.country == place.country && place.zone.is_some_and(|zone| area.has(zone));
    areas.iter().all(|areas| areas.iter().any(one))
}

/// Postcodes say nothing here.
fn words(text: &str) -> Vec<String> {
    let mut words = fold(text);
    words.retain(|word| !word.contains(|char: char| char.is_numeric()));
    words
}

/// Without what people say around a name.
fn bare(words: &[String]) -> &[String] {
    let from = words.iter().position(|word| !BEFORE.contains(&word.as_str())).unwrap_or(0);
    let words = &words[from..];
    let to = words.iter().rposition(|word| !BEHIND.contains(&word.as_str())).map_or(words.len(), |last| last + 1);
    &words[..to]
}
