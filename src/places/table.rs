//! The tables of cities and areas, as `data/make.py` writes them. They are read anew for each lookup, which takes less than a
//! millisecond and is rare, so that nothing of them stays in memory.

const CITIES: &str = include_str!("data/cities.txt");
const AREAS: &str = include_str!("data/areas.txt");

/// An area weighs as much as a city of a million: "Washington" then is neither the state nor the capital without a second word.
const AREA: u32 = 1000;

/// A name and what it may stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub name: &'static str,
    /// As ISO 3166 writes it: `GB`.
    pub country: &'static str,
    /// None for an area that has several zones with many people in each.
    pub zone: Option<&'static str>,
    /// Thousands of people.
    pub people: u32,
}

/// A country or a state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub country: &'static str,
    /// Its zones, most people first; `~` stands before those in which few live.
    zones: &'static str,
    names: &'static str,
    /// Names that mean it behind a city's alone: "Portland OR", but not "or".
    short: &'static str,
}

impl Area {
    pub fn has(&self, zone: &str) -> bool {
        self.zones.split(' ').any(|one| one.trim_start_matches('~') == zone)
    }

    /// The zone in which nearly everybody lives, if there is one.
    pub fn zone(&self) -> Option<&'static str> {
        let mut many = self.zones.split(' ').filter(|zone| !zone.starts_with('~'));
        many.next().filter(|_| many.next().is_none())
    }

    pub fn is_named(&self, name: &str) -> bool {
        self.names.split('|').any(|one| one == name)
    }

    pub fn is_named_behind_a_city(&self, name: &str) -> bool {
        self.is_named(name) || self.short.split('|').any(|one| one == name)
    }
}

/// All that has a name of its own: cities, and areas by their full names.
pub(super) fn places() -> Vec<Place> {
    let mut places = Vec::new();
    let (mut country, mut zone) = ("", "");
    for line in lines(CITIES) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(next) = first.strip_prefix('@') {
            (country, zone) = (next, rest);
        } else {
            let people = first.parse().unwrap_or(0);
            places.extend(rest.split('|').map(|name| Place { name, country, zone: Some(zone), people }));
        }
    }
    for area in areas() {
        let (country, zone) = (area.country, area.zone());
        places.extend(area.names.split('|').map(|name| Place { name, country, zone, people: AREA }));
    }
    places
}

pub(super) fn areas() -> Vec<Area> {
    let read = |line: &'static str| {
        let (head, names) = line.split_once(" = ")?;
        let (country, zones) = head.split_once(' ')?;
        let (names, short) = names.split_once('/').unwrap_or((names, ""));
        Some(Area { country, zones, names, short })
    };
    lines(AREAS).filter_map(read).collect()
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test that cannot go on fails
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::super::name::fold;
    use super::*;

    #[test]
    fn every_zone_of_the_tables_has_rules() {
        let rules = TimeZoneDatabase::bundled();
        let zones = areas()
            .into_iter()
            .flat_map(|area| area.zones.split(' '))
            .chain(places().into_iter().filter_map(|place| place.zone));
        for zone in zones {
            assert!(rules.get(zone.trim_start_matches('~')).is_ok(), "{zone}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared() {
        for place in places() {
            assert_eq!(fold(place.name).join(" "), place.name);
        }
    }

    #[test]
    fn every_line_is_understood() {
        assert_eq!(lines(AREAS).count(), areas().len());
        assert!(
            lines(CITIES).all(|line| line
                .split_once(' ')
                .is_some_and(|(first, _)| first.starts_with('@') || first.parse::<u32>().is_ok()))
        );
        assert!(CITIES.len() + AREAS.len() < 100_000, "the tables have grown");
    }
}
