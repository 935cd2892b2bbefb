//! Which facilities are nearest to a location, by great-circle distance.
//!
//! They lie in an index as points on a sphere: there, whoever is nearer in a straight line through the earth is nearer on its surface
//! too, at the poles and across the date line as anywhere.

use std::sync::Arc;

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::dialogue::{Facility, Near};

/// So many are shown.
pub const NEAREST: usize = 5;

/// The mean radius of the earth in metres, as the IUGG gives it.
const RADIUS: f64 = 6_371_008.8;
/// Facilities keep their degrees in millionths.
const MILLIONTHS: f64 = 1e6;

type Point = [f64; 3];

/// All facilities that an operator knows of.
#[derive(Debug, Default)]
pub struct Facilities {
    tree: RTree<GeomWithData<Point, Arc<Facility>>>,
}

impl Facilities {
    pub fn new(all: Vec<Facility>) -> Facilities {
        let place = |facility: Facility| {
            let (latitude, longitude) = (f64::from(facility.latitude), f64::from(facility.longitude));
            GeomWithData::new(on_sphere(latitude / MILLIONTHS, longitude / MILLIONTHS), Arc::new(facility))
        };
        Facilities { tree: RTree::bulk_load(all.into_iter().map(place).collect()) }
    }

    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The nearest to a location in degrees, the nearest first, at most so many; none where the degrees are none.
    pub fn nearest(&self, latitude: f64, longitude: f64, most: usize) -> Vec<Near> {
        // NaN is in no range.
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Vec::new();
        }
        let here = on_sphere(latitude, longitude);
        let nearest = self.tree.nearest_neighbor_iter_with_distance_2(here).take(most);
        let near = |facility: &Arc<Facility>, chord: f64| Near { facility: Arc::clone(facility), metres: along(chord) };
        nearest.map(|(found, squared)| near(&found.data, squared.sqrt())).collect()
    }
}

/// A location as a point on a sphere of radius 1.
fn on_sphere(latitude: f64, longitude: f64) -> Point {
    let (up, around) = (latitude.to_radians(), longitude.to_radians());
    [up.cos() * around.cos(), up.cos() * around.sin(), up.sin()]
}

/// Metres along the surface between two points that lie so far apart through the sphere.
#[allow(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // half the earth around at most
fn along(chord: f64) -> u32 {
    (2.0 * (chord / 2.0).min(1.0).asin() * RADIUS).round() as u32
}
