//! Places: which zone a location has and which a typed city, and that nothing typed and no coordinates bring it down.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use backcare::dialogue::Facility;
use backcare::places::{Facilities, NEAREST, zone_at, zone_of_city};
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

/// Where, what people type, the zone of both.
const PLACES: &[(f64, f64, &str, &str)] = &[
    // The United Kingdom and Ireland
    (51.507, -0.128, "London", "Europe/London"),
    (53.480, -2.242, "Manchester", "Europe/London"),
    (55.953, -3.189, "Edinburgh", "Europe/London"),
    (51.481, -3.179, "Cardiff", "Europe/London"),
    (54.597, -5.930, "Belfast", "Europe/London"),
    (60.154, -1.145, "Lerwick, Shetland, UK", "Europe/London"),
    (49.186, -2.107, "St Helier", "Europe/Jersey"),
    (53.350, -6.260, "Dublin", "Europe/Dublin"),
    (53.271, -9.057, "Galway", "Europe/Dublin"),
    (51.897, -8.470, "Cork", "Europe/Dublin"),
    // The European Union, and near it
    (52.520, 13.405, "Berlin", "Europe/Berlin"),
    (48.137, 11.575, "München", "Europe/Berlin"),
    (48.857, 2.352, "Paris", "Europe/Paris"),
    (40.417, -3.704, "Madrid", "Europe/Madrid"),
    (28.124, -15.430, "Las Palmas", "Atlantic/Canary"),
    (38.722, -9.139, "Lisboa", "Europe/Lisbon"),
    (37.741, -25.676, "Ponta Delgada", "Atlantic/Azores"),
    (41.903, 12.496, "Roma", "Europe/Rome"),
    (52.368, 4.904, "Amsterdam", "Europe/Amsterdam"),
    (52.230, 21.012, "Warszawa", "Europe/Warsaw"),
    (37.984, 23.728, "Athens, Greece", "Europe/Athens"),
    (60.170, 24.938, "Helsinki", "Europe/Helsinki"),
    (44.427, 26.103, "Bucharest", "Europe/Bucharest"),
    (35.899, 14.514, "Valletta", "Europe/Malta"),
    (47.377, 8.541, "Zürich", "Europe/Zurich"),
    (50.450, 30.523, "Kyiv", "Europe/Kyiv"),
    // The United States
    (40.713, -74.006, "new york", "America/New_York"),
    (25.762, -80.192, "Miami", "America/New_York"),
    (42.331, -83.046, "detroit", "America/Detroit"),
    (39.768, -86.158, "Indianapolis", "America/Indiana/Indianapolis"),
    (41.878, -87.630, "chicago", "America/Chicago"),
    (29.760, -95.370, "Houston TX", "America/Chicago"),
    (31.762, -106.485, "El Paso, Texas", "America/Denver"),
    (39.739, -104.990, "Denver", "America/Denver"),
    (33.448, -112.074, "phoenix", "America/Phoenix"),
    (43.615, -116.202, "Boise", "America/Boise"),
    (34.052, -118.244, "los angeles", "America/Los_Angeles"),
    (47.606, -122.332, "Seattle", "America/Los_Angeles"),
    (61.218, -149.900, "Anchorage", "America/Anchorage"),
    (21.307, -157.858, "Honolulu", "Pacific/Honolulu"),
    // Canada
    (47.561, -52.713, "St. John's, Newfoundland", "America/St_Johns"),
    (44.649, -63.575, "Halifax, Nova Scotia", "America/Halifax"),
    (43.653, -79.383, "toronto", "America/Toronto"),
    (45.502, -73.567, "Montréal", "America/Toronto"),
    (49.895, -97.138, "Winnipeg", "America/Winnipeg"),
    (50.445, -104.619, "Regina", "America/Regina"),
    (51.045, -114.057, "Calgary", "America/Edmonton"),
    (49.283, -123.121, "Vancouver BC", "America/Vancouver"),
    // Australia and New Zealand
    (-33.869, 151.209, "Sydney", "Australia/Sydney"),
    (-37.814, 144.963, "Melbourne, Victoria", "Australia/Melbourne"),
    (-27.470, 153.025, "Brisbane", "Australia/Brisbane"),
    (-34.929, 138.601, "Adelaide", "Australia/Adelaide"),
    (-31.952, 115.861, "perth", "Australia/Perth"),
    (-12.464, 130.844, "Darwin", "Australia/Darwin"),
    (-31.556, 159.084, "Lord Howe", "Australia/Lord_Howe"),
    (-36.848, 174.763, "Auckland", "Pacific/Auckland"),
    (-43.954, -176.561, "Chatham, New Zealand", "Pacific/Chatham"),
    // India
    (19.076, 72.878, "mumbai", "Asia/Kolkata"),
    (28.614, 77.209, "New Delhi", "Asia/Kolkata"),
    (12.972, 77.595, "Bangalore", "Asia/Kolkata"),
    // Elsewhere
    (-23.550, -46.633, "são paulo", "America/Sao_Paulo"),
    (35.676, 139.650, "Tokyo", "Asia/Tokyo"),
    (27.717, 85.324, "Kathmandu", "Asia/Kathmandu"),
    (33.573, -7.590, "Casablanca", "Africa/Casablanca"),
    (-13.834, -171.763, "Apia", "Pacific/Apia"),
    (1.352, 103.820, "Singapore", "Asia/Singapore"),
];

#[test]
fn a_location_has_its_zone() {
    for (latitude, longitude, name, zone) in PLACES {
        assert_eq!(zone_at(*latitude, *longitude).as_deref(), Some(*zone), "{name}");
    }
}

#[test]
fn a_city_has_its_zone() {
    let wrong: Vec<_> = PLACES
        .iter()
        .map(|(_, _, typed, zone)| (typed, *zone, zone_of_city(typed, None)))
        .filter(|(_, zone, got)| got.as_deref() != Some(*zone))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_zones_of_neighbours_are_told_apart() {
    for (latitude, longitude, zone) in [
        (54.997, -7.309, "Europe/London"),         // Derry, and across the border
        (54.951, -7.720, "Europe/Dublin"),         // Letterkenny
        (54.185, -6.360, "Europe/London"),         // Newry
        (54.004, -6.405, "Europe/Dublin"),         // Dundalk
        (36.141, -5.353, "Europe/Gibraltar"),      // one street
        (36.168, -5.348, "Europe/Madrid"),         // from the other
        (47.558, 7.588, "Europe/Zurich"),          // Basel
        (42.882, -8.545, "Europe/Madrid"),         // Santiago de Compostela
        (42.029, -8.645, "Europe/Lisbon"),         // Valença, behind the river
        (32.715, -117.161, "America/Los_Angeles"), // San Diego
        (32.515, -117.038, "America/Tijuana"),     // Tijuana
        (30.438, -84.281, "America/New_York"),     // Tallahassee
        (30.421, -87.217, "America/Chicago"),      // Pensacola
        (-28.177, 153.542, "Australia/Sydney"),    // Tweed Heads
        (-28.165, 153.536, "Australia/Brisbane"),  // Coolangatta
        (65.838, 24.135, "Europe/Stockholm"),      // Haparanda
        (65.848, 24.147, "Europe/Helsinki"),       // Tornio
    ] {
        assert_eq!(zone_at(latitude, longitude).as_deref(), Some(zone), "{latitude} {longitude}");
    }
}

#[test]
fn off_the_coast_is_still_the_coast_and_the_high_seas_are_nowhere() {
    assert_eq!(zone_at(50.70, -0.50).as_deref(), Some("Europe/London")); // ten kilometres into the Channel
    assert_eq!(zone_at(0.0, 0.0), None);
    assert_eq!(zone_at(45.0, -30.0), None);
    assert_eq!(zone_at(-40.0, -120.0), None);
}

#[test]
fn the_edges_of_the_map_are_answered() {
    assert_eq!(zone_at(-90.0, 0.0).as_deref(), Some("Antarctica/McMurdo"));
    assert_eq!(zone_at(90.0, 0.0), None);
    // Both sides of the date line are the same land here: Taveuni.
    assert_eq!(zone_at(-16.82, 180.0).as_deref(), Some("Pacific/Fiji"));
    assert_eq!(zone_at(-16.82, -180.0).as_deref(), Some("Pacific/Fiji"));
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 90.000_001, -90.000_001];
    for latitude in odd {
        assert_eq!(zone_at(latitude, 0.0), None);
        assert_eq!(zone_at(51.5, if latitude.abs() < 91.0 { 180.000_001 } else { latitude }), None);
    }
}

#[test]
fn a_city_is_known_however_it_is_typed() {
    for (typed, zone) in [
        ("NEW YORK CITY", "America/New_York"),
        ("nyc", "America/New_York"),
        ("N.Y.C.", "America/New_York"),
        ("Washington, D.C.", "America/New_York"),
        ("New York, NY 10001", "America/New_York"),
        ("  i live in Los  Angeles ", "America/Los_Angeles"),
        ("near Leeds please", "Europe/London"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("SÃO PAULO", "America/Sao_Paulo"),
        ("Sa\u{303}o Paulo", "America/Sao_Paulo"),
        ("Ko\u{308}ln", "Europe/Berlin"),
        ("Cologne", "Europe/Berlin"),
        ("Łódź", "Europe/Warsaw"),
        ("Saint Louis", "America/Chicago"),
        ("st louis", "America/Chicago"),
        ("Stoke-on-Trent", "Europe/London"),
        ("the hague", "Europe/Amsterdam"),
        ("Washington DC", "America/New_York"),
        ("Kansas City", "America/Chicago"),
        ("Mexico City", "America/Mexico_City"),
        ("Bombay", "Asia/Kolkata"),
        // A letter wrong, doubled, left out, exchanged
        ("torono", "America/Toronto"),
        ("chigago", "America/Chicago"),
        ("Birmingam", "Europe/London"),
        ("manchestre", "Europe/London"),
        ("los angelos", "America/Los_Angeles"),
        ("melborne", "Australia/Melbourne"),
        ("philadelpia", "America/New_York"),
        ("edinbrugh", "Europe/London"),
        // Countries and states, where nearly everybody there has one zone
        ("Scotland", "Europe/London"),
        ("Ireland", "Europe/Dublin"),
        ("germany", "Europe/Berlin"),
        ("California", "America/Los_Angeles"),
        ("Texas", "America/Chicago"),
        ("Ontario", "America/Toronto"),
        ("Some Small Town, Texas", "America/Chicago"),
        // As the zones themselves are written
        ("Europe/Dublin", "Europe/Dublin"),
        ("america/new_york", "America/New_York"),
    ] {
        assert_eq!(zone_of_city(typed, None).as_deref(), Some(zone), "{typed}");
    }
}

#[test]
fn namesakes_are_told_apart_by_what_is_typed_behind_them() {
    for (typed, zone) in [
        ("Perth, Scotland", "Europe/London"),
        ("perth scotland", "Europe/London"),
        ("Perth, Western Australia", "Australia/Perth"),
        ("Perth, Ontario", "America/Toronto"),
        ("London, Ontario", "America/Toronto"),
        ("london ontario", "America/Toronto"),
        ("London, UK", "Europe/London"),
        ("Portland, Maine", "America/New_York"),
        ("portland or", "America/Los_Angeles"),
        ("Springfield, IL", "America/Chicago"),
        ("Springfield, Massachusetts, USA", "America/New_York"),
        ("Birmingham, Alabama", "America/Chicago"),
        ("Vancouver, WA", "America/Los_Angeles"),
        ("Newcastle, New South Wales", "Australia/Sydney"),
        ("Newcastle upon Tyne", "Europe/London"),
        ("Paris, Texas", "America/Chicago"),
        ("Hamilton, New Zealand", "Pacific/Auckland"),
        ("Pensacola, Florida", "America/Chicago"),
    ] {
        assert_eq!(zone_of_city(typed, None).as_deref(), Some(zone), "{typed}");
    }
}

#[test]
fn namesakes_in_the_readers_region_go_first() {
    for (typed, region, zone) in [
        ("Perth", "gb", Some("Europe/London")),
        ("Perth", "au", Some("Australia/Perth")),
        ("Perth", "us", Some("Australia/Perth")),
        ("London", "gb", Some("Europe/London")),
        ("London", "nir", Some("Europe/London")),
        ("London", "ca", Some("America/Toronto")),
        ("Birmingham", "us", Some("America/Chicago")),
        ("Birmingham", "gb", Some("Europe/London")),
        ("Newcastle", "gb", Some("Europe/London")),
        ("Newcastle", "au", Some("Australia/Sydney")),
        ("Hamilton", "nz", Some("Pacific/Auckland")),
        ("Hamilton", "ca", Some("America/Toronto")),
        ("Hyderabad", "in", Some("Asia/Kolkata")),
        ("Georgia", "us", Some("America/New_York")),
        ("Valencia", "eu", Some("Europe/Madrid")),
        // Two zones, two towns of about a size: better asked again than an hour off.
        ("Aurora", "us", None),
        ("Springfield", "us", None),
        ("Washington", "us", None),
        // What nobody has heard of is no region, and does no harm.
        ("London", "", Some("Europe/London")),
        ("London", "atlantis", Some("Europe/London")),
    ] {
        assert_eq!(zone_of_city(typed, Some(region)).as_deref(), zone, "{typed} in {region}");
    }
}

#[test]
fn what_is_no_place_or_several_has_no_zone() {
    for typed in [
        "",
        " ",
        ",",
        ",,,",
        "in",
        "city",
        "yes",
        "no",
        "or",
        "me",
        "hello",
        "my back hurts",
        "monday",
        "9",
        "10001",
        "🌍",
        "USA",
        "america",
        "Tennessee",
        "xqzzyv",
        "what is this, please",
        "Etc/GMT+3",
        "東京",
        "Springfeld, nowhere",
    ] {
        assert_eq!(zone_of_city(typed, None), None, "{typed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(typed in ".{0,80}", region in proptest::option::of(".{0,4}")) {
        if let Some(zone) = zone_of_city(&typed, region.as_deref()) {
            prop_assert!(TimeZoneDatabase::bundled().get(&zone).is_ok());
        }
    }

    #[test]
    fn any_words_are_answered(words in proptest::collection::vec("(new|york|in|or|wa|london|city|st|,|the|texas|[a-z]{1,7})", 0..9)) {
        zone_of_city(&words.join(" "), Some("us"));
    }

    #[test]
    fn any_numbers_are_answered(latitude in any::<f64>(), longitude in any::<f64>()) {
        zone_at(latitude, longitude);
    }

    #[test]
    fn any_location_has_rules_or_no_zone(latitude in -91.0..91.0f64, longitude in -181.0..181.0f64) {
        if let Some(zone) = zone_at(latitude, longitude) {
            prop_assert!(TimeZoneDatabase::bundled().get(&zone).is_ok());
            prop_assert!(!zone.starts_with("Etc/"));
        }
    }

    #[test]
    fn case_accents_and_spaces_make_no_difference(place in proptest::sample::select(PLACES), upper in any::<bool>(), marks in any::<bool>()) {
        let (_, _, typed, zone) = place;
        let typed = if upper { typed.to_uppercase() } else { typed.to_lowercase() };
        let typed = if marks { typed.replace('a', "a\u{301}").replace('A', "A\u{301}") } else { typed };
        prop_assert_eq!(zone_of_city(&format!("  {typed}  "), None), Some(zone.to_string()));
    }
}

#[test]
fn a_megabyte_is_answered() {
    for typed in ["a".repeat(1 << 20), "a ".repeat(1 << 19), "a,".repeat(1 << 19), "🌍".repeat(1 << 18)] {
        assert_eq!(zone_of_city(&typed, None), None);
    }
}

/// Metres between two places by the haversine formula: another way than the index takes.
fn apart(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (up, around) = ((to.0 - from.0).to_radians() / 2.0, (to.1 - from.1).to_radians() / 2.0);
    let square = up.sin().powi(2) + from.0.to_radians().cos() * to.0.to_radians().cos() * around.sin().powi(2);
    2.0 * 6_371_008.8 * square.min(1.0).sqrt().asin()
}

fn facility(number: usize, (latitude, longitude): (i32, i32)) -> Facility {
    Facility { name: number.to_string(), kind: String::new(), latitude, longitude, phone: None, link: None }
}

fn degrees(millionths: (i32, i32)) -> (f64, f64) {
    (f64::from(millionths.0) / 1e6, f64::from(millionths.1) / 1e6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_nearest_five_are_those_that_a_look_at_all_finds(
        all in proptest::collection::vec((-90_000_000..=90_000_000, -180_000_000..=180_000_000), 0..200),
        here in (-90_000_000..=90_000_000, -180_000_000..=180_000_000),
    ) {
        let here = degrees(here);
        let facilities = Facilities::new(all.iter().copied().enumerate().map(|(number, at)| facility(number, at)).collect());
        let found = facilities.nearest(here.0, here.1, NEAREST);
        let mut far: Vec<f64> = all.iter().map(|at| apart(here, degrees(*at))).collect();
        far.sort_by(f64::total_cmp);
        prop_assert_eq!(found.len(), all.len().min(NEAREST));
        for (near, far) in found.iter().zip(far) {
            prop_assert!((f64::from(near.metres) - far).abs() < 2.0, "{} m, not {far}", near.metres);
            let at = all[near.facility.name.parse::<usize>().unwrap()];
            prop_assert!((apart(here, degrees(at)) - far).abs() < 2.0);
        }
    }
}

#[test]
fn what_is_near_is_near_over_the_date_line_and_at_the_pole() {
    let facilities =
        Facilities::new(vec![facility(0, (0, -179_990_000)), facility(1, (0, 170_000_000)), facility(2, (89_990_000, 0))]);
    let first = |latitude, longitude| facilities.nearest(latitude, longitude, 1)[0].facility.name.clone();
    assert_eq!(first(0.0, 179.99), "0");
    assert_eq!(first(89.99, 180.0), "2");
}

#[test]
fn no_degrees_are_near_nothing() {
    let facilities = Facilities::new(vec![facility(0, (0, 0))]);
    for (latitude, longitude) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (90.1, 0.0), (0.0, -180.1)] {
        assert!(facilities.nearest(latitude, longitude, NEAREST).is_empty());
    }
    assert!(Facilities::default().nearest(0.0, 0.0, NEAREST).is_empty());
}
