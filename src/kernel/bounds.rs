//! Bounds of the distances between points and centres: they tell which points keep their centre
//! when centres move, without comparing distances.
//!
//! The distance of a point from its own centre grows at most by the way that this centre goes; its
//! distance from any other centre shrinks at most by the longest way that any centre goes.
//! (Hamerly, "Making k-means even faster", SDM 2010.) What the bounds decide is what a comparison
//! in double precision decides: they leave room for its rounding.

use macro_rules_attribute::apply;
use ndarray::Array2;

use super::best::SLACK;
use super::Centers;
use crate::raster::TILE;

/// Rounding errors of the ways are below this part of their sum.
const ROUNDING: f64 = 1e-12;

/// Distances below this have squares with fewer digits.
const TINY: f64 = 1e-140;

/// The way that centres went, from step to step.
#[derive(Debug, Default)]
pub struct Travel {
    /// The centres now.
    values: Option<Array2<f64>>,
    /// For each centre, the way it went since the first step, and its distance from the nearest
    /// other one. Their length is a power of two, so that lookups need no check.
    ways: Vec<f64>,
    apart: Vec<f64>,
    /// The sum of the longest way of each step.
    longest: f64,
}

impl Travel {
    /// The centres have moved here. Their number stays.
    pub fn go_to(&mut self, centers: &Centers) {
        let k = centers.len();
        let distance = |center, other: &[f64]| {
            SLACK * centers.squared_distance(center, |band| other[band]).sqrt()
        };
        self.ways.resize(k.next_power_of_two(), 0.0);
        if let Some(values) = &self.values {
            let mut longest = 0.0f64;
            for (center, before) in values.rows().into_iter().enumerate() {
                let way = distance(center, &before.to_vec());
                self.ways[center] += way;
                // A way that is not a number makes all bounds so: they then decide nothing.
                let is_longer = !longest.is_nan() && (way > longest || way.is_nan());
                longest = if is_longer { way } else { longest };
            }
            self.longest += longest;
        }
        self.values = Some(centers.values().to_owned());
        let nearest_other = |center: usize| {
            let others = (0..k).filter(|other| *other != center);
            let distances = others.map(|other| distance(center, centers.row(other)));
            distances.fold(f64::INFINITY, f64::min) / (SLACK * SLACK)
        };
        // Among many centres this would take longer than what it spares.
        let measured = if centers.grouped.is_some() { 0 } else { k };
        self.apart = (0..measured).map(nearest_other).collect();
        self.apart.resize(k.next_power_of_two(), 0.0);
    }
}

/// The centre of each of some points, and bounds of distances.
#[derive(Debug)]
pub struct Bounds {
    labels: Vec<u16>,
    /// An upper bound of the distance from the own centre, less the way of that centre until then.
    own: Vec<f64>,
    /// A lower bound of the distance from all other centres, plus the longest way until then.
    others: Vec<f64>,
}

impl Bounds {
    /// Nothing is known yet of so many points.
    pub fn new(n_points: usize) -> Bounds {
        Bounds {
            labels: vec![0; n_points],
            own: vec![f64::INFINITY; n_points],
            others: vec![0.0; n_points],
        }
    }

    /// The centre (0-based) of each point, as far as it is known.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Lists those of `len` points from `first` on, at most a tile, that may have another centre
    /// than before, or may be nearer to their own than to another by less than `margin`. If they
    /// are most of the points, lists all: a search of all is then as quick.
    pub fn list_doubtful(
        &self,
        (first, len): (usize, usize),
        travel: &Travel,
        margin: f64,
        doubtful: &mut Vec<u16>,
    ) {
        let mut are_safe = [0; TILE];
        let points = first..first + len;
        find_safe(
            (&self.labels[points.clone()], &self.own[points.clone()], &self.others[points]),
            travel,
            margin,
            &mut are_safe,
        );
        let mut n = 0;
        doubtful.resize(len, 0);
        for (point, is_safe) in (0..len as u16).zip(are_safe) {
            doubtful[n] = point;
            n += usize::from(1 - is_safe);
        }
        if 4 * n > 3 * len {
            doubtful.iter_mut().zip(0..).for_each(|(listed, point)| *listed = point);
        } else {
            doubtful.truncate(n);
        }
    }

    /// Keeps the centre of a point, an upper bound of its squared distance from it, and a lower
    /// bound of its squared distance from all others.
    #[inline]
    pub fn keep(&mut self, point: usize, label: u16, own: f64, others: f64, travel: &Travel) {
        self.labels[point] = label;
        self.own[point] = own.sqrt() - travel.ways[usize::from(label)];
        self.others[point] = others.max(0.0).sqrt() + travel.longest;
    }
}

/// Marks the points that are not doubtful by 1, given their labels and bounds.
#[apply(vectors)]
fn find_safe(
    (labels, own, others): (&[u16], &[f64], &[f64]),
    travel: &Travel,
    margin: f64,
    are_safe: &mut [u8; TILE],
) {
    let last = travel.ways.len() - 1;
    let (ways, apart) = (&travel.ways[..=last], &travel.apart[..=last]);
    let margin = margin * SLACK + ROUNDING * travel.longest + TINY;
    let points = labels.iter().zip(own).zip(others);
    for (is_safe, ((label, own), others)) in are_safe.iter_mut().zip(points) {
        let label = usize::from(*label) & last;
        let own = (own + ways[label]) * SLACK;
        let others = f64::max(others - travel.longest, apart[label] - own);
        // A bound that is not a number decides nothing.
        *is_safe = u8::from(own + margin < others);
    }
}

/// Copies some points of a tile side by side. Both hold points band by band, [`TILE`] apart.
#[apply(vectors)]
pub fn gather_points(samples: &[f64], points: &[u16], gathered: &mut [f64]) {
    for (samples, gathered) in samples.chunks_exact(TILE).zip(gathered.chunks_exact_mut(TILE)) {
        for (to, point) in gathered.iter_mut().zip(points) {
            *to = samples[usize::from(*point) % TILE];
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_core::RngCore;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    /// Points that are not doubtful keep their centre, whether steps are long or short; and the
    /// shorter they are, the fewer are doubtful.
    #[test]
    fn points_that_are_not_doubtful_keep_their_centre() {
        let mut random = Pcg64Mcg::new(5);
        let mut number = || f64::from(random.next_u32() % 1000) - 500.0;
        for (n_bands, k) in [(1, 1), (3, 4), (13, 20)] {
            let points = Array2::from_shape_fn((300, n_bands), |_| number());
            let mut values = Array2::from_shape_fn((k, n_bands), |_| number());
            let (mut bounds, mut travel, mut doubtful) =
                (Bounds::new(300), Travel::default(), Vec::new());
            let mut listed = Vec::new();
            for length in [0.0, 3.0, 300.0, 0.1, 1e-9, 0.0] {
                values.mapv_inplace(|value| value + length * number() / 500.0);
                let centers = Centers::new(values.clone(), vec![0.5; n_bands]);
                travel.go_to(&centers);
                bounds.list_doubtful((0, 300), &travel, 0.0, &mut doubtful);
                listed.push(doubtful.len());
                for (point, row) in points.rows().into_iter().enumerate() {
                    let label = centers.nearest(|band| row[band]);
                    let distance = |center| centers.squared_distance(center, |band| row[band]);
                    let others = (0..k).filter(|center| *center != usize::from(label));
                    let next = others.map(distance).fold(f64::INFINITY, f64::min);
                    if doubtful.contains(&(point as u16)) {
                        bounds.keep(point, label, distance(usize::from(label)), next, &travel);
                    }
                    assert_eq!(bounds.labels()[point], label, "a way of {length}");
                }
            }
            let expected_to_be_few = [3, 4, 5].map(|step| listed[step]);
            assert_eq!(listed[0], 300);
            assert!(expected_to_be_few.iter().all(|n| *n < 60), "{listed:?}");
            assert!(k == 1 || listed[2] > 60, "{listed:?}");
        }
    }

    #[test]
    fn points_nearer_to_the_border_than_the_margin_are_doubtful() {
        let centers = Centers::new(ndarray::array![[0.0], [10.0]], vec![1.0]);
        let (mut bounds, mut travel, mut doubtful) =
            (Bounds::new(3), Travel::default(), Vec::new());
        travel.go_to(&centers);
        for (point, place) in [(0, 1.0), (1, 4.0), (2, 4.6)] {
            bounds.keep(point, 0, place * place, (10.0 - place).powi(2), &travel);
        }
        for (margin, expected) in [(0.0, vec![]), (1.0, vec![2]), (3.0, vec![1, 2])] {
            bounds.list_doubtful((0, 3), &travel, margin, &mut doubtful);
            assert_eq!(doubtful, expected);
        }
    }
}
