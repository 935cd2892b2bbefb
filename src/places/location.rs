//! The time zone of a location: borders of all zones, simplified to 111 metres at most, read where they lie in the program.

use std::sync::LazyLock;

use jiff::tz::TimeZoneDatabase;
use tzf_rs::EmbeddedFinder;

/// Made at the first location that anybody sends. It keeps 0.2 MB; the borders themselves stay in the program's file, whose pages the
/// system loads and drops as it likes.
static BORDERS: LazyLock<EmbeddedFinder> = LazyLock::new(EmbeddedFinder::new);

/// The IANA name of the time zone at a location in degrees. None far from any land, and where the degrees are none.
///
/// On the high seas there are only nautical zones, `Etc/GMT+3` and the like. They know no summer time, and nobody lives there: to ask
/// for a city is kinder.
///
/// The first call takes about 4 ms, every other one microseconds. It doesn't wait for anything, so it may be called from async code;
/// who minds the first 4 ms uses `spawn_blocking`.
pub fn zone_at(latitude: f64, longitude: f64) -> Option<String> {
    // NaN is in no range.
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    let zone = BORDERS.get_tz_name(longitude, latitude);
    let ashore = !zone.is_empty() && !zone.starts_with("Etc/");
    // The borders may be newer than the rules that are built in: a name without rules would be of no use later.
    (ashore && TimeZoneDatabase::bundled().get(zone).is_ok()).then(|| zone.to_owned())
}
