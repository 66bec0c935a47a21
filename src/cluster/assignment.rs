//! The nearest centre of every point, from step to step of Lloyd's algorithm: only points that may
//! have another centre than before are compared with all centres.

use std::ops::Range;

use super::points::Points;
use crate::error::Result;
use crate::kernel::{gather_points, Bounds, Centers, NearestSearch, Travel, TwoNearest};
use crate::progress::Stop;
use crate::raster::TILE;

/// Approximate number of products of a centre and a point between two checks for a stop: some
/// hundredths of a second.
const PRODUCTS: usize = 1 << 25;

/// The points that are compared side by side.
const LANES: usize = 64;

/// Parts of a tile of `len` points, between which to check for a stop: whole vectors.
fn pieces(len: usize, centers: &Centers) -> impl Iterator<Item = Range<usize>> {
    let of_vector = (LANES * centers.len() * centers.n_bands()).max(1);
    let piece = LANES * (PRODUCTS / of_vector).clamp(1, TILE / LANES);
    (0..len).step_by(piece).map(move |start| start..len.min(start + piece))
}

/// The samples of some of the `len` points of a tile, side by side.
fn gather<'s>(
    samples: &'s [f64],
    len: usize,
    points: &[u16],
    gathered: &'s mut [f64],
) -> &'s [f64] {
    if points.len() == len {
        return samples;
    }
    gather_points(samples, points, gathered);
    gathered
}

/// Buffers to find the nearest centres of a tile's points.
pub(super) struct Search {
    search: NearestSearch,
    labels: [u16; TILE],
    /// The points of a tile that may have another centre than before, and their samples.
    doubtful: Vec<u16>,
    gathered: Vec<f64>,
}

impl Search {
    /// Buffers for points of `n_bands` bands.
    pub fn new(n_bands: usize) -> Search {
        Search {
            search: NearestSearch::new(n_bands),
            labels: [0; TILE],
            doubtful: Vec::with_capacity(TILE),
            gathered: vec![0.0; n_bands * TILE],
        }
    }

    /// The nearest centre (0-based) of every point of a tile.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn nearest(
        &mut self,
        centers: &Centers,
        samples: &[f64],
        len: usize,
        stop: &Stop,
    ) -> Result<&[u16]> {
        for piece in pieces(len, centers) {
            stop.check()?;
            let (labels, _) =
                self.search.search(centers, &samples[piece.start..], &[1; TILE][..piece.len()]);
            self.labels[piece].copy_from_slice(labels);
        }
        Ok(&self.labels[..len])
    }

    /// Brings the bounds of the points of a tile up to date, which lie from `first` on: then their
    /// labels name the nearest centres.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn follow(
        &mut self,
        (bounds, first): (&mut Bounds, usize),
        travel: &Travel,
        centers: &Centers,
        (samples, len): (&[f64], usize),
        stop: &Stop,
    ) -> Result<()> {
        let Search { search, doubtful, gathered, .. } = self;
        bounds.list_doubtful((first, len), travel, 0.0, doubtful);
        let samples = gather(samples, len, doubtful, gathered);
        for piece in pieces(doubtful.len(), centers) {
            stop.check()?;
            let points = &doubtful[piece.clone()];
            search.search(centers, &samples[piece.start..], &[1; TILE][..points.len()]);
            let (labels, farthest, others) = search.found();
            let found = labels.iter().zip(farthest).zip(others);
            for (point, ((label, own), others)) in points.iter().zip(found) {
                let (own, others) = (f64::from(*own), f64::from(*others));
                bounds.keep(first + usize::from(*point), *label, own, others, travel);
            }
        }
        Ok(())
    }
}

/// The nearest centre of every point.
pub(super) struct Assignment {
    bounds: Bounds,
    travel: Travel,
    search: Search,
    /// What is found of the doubtful points of a tile, and what is known of all.
    some: Box<TwoNearest>,
    all: Box<TwoNearest>,
}

impl Assignment {
    /// No centre is known yet.
    pub fn new(points: &Points) -> Assignment {
        Assignment {
            bounds: Bounds::new(points.len()),
            travel: Travel::default(),
            search: Search::new(points.n_bands()),
            some: Box::default(),
            all: Box::default(),
        }
    }

    /// The nearest centre (0-based) of every point, now that the centres are here.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn nearest(&mut self, points: &Points, centers: &Centers, stop: &Stop) -> Result<&[u16]> {
        let Assignment { bounds, travel, search, .. } = self;
        travel.go_to(centers);
        for (tile, (samples, weights)) in points.tiles().enumerate() {
            let tile = (&mut *bounds, tile * TILE);
            search.follow(tile, travel, centers, (samples, weights.len()), stop)?;
        }
        Ok(bounds.labels())
    }

    /// The centres have moved here: then [`Assignment::two_nearest`] tells of each tile.
    pub fn go_to(&mut self, centers: &Centers) {
        self.travel.go_to(centers);
    }

    /// The nearest centre of each point of a tile, and the next one of points that may be nearer to
    /// it than to their own but for less than `margin`. Other points have an infinitely far next
    /// centre.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn two_nearest(
        &mut self,
        tile: usize,
        (samples, len): (&[f64], usize),
        centers: &Centers,
        margin: f64,
        stop: &Stop,
    ) -> Result<&TwoNearest> {
        let Assignment { bounds, travel, some, all, .. } = self;
        let Search { doubtful, gathered, .. } = &mut self.search;
        let first = tile * TILE;
        bounds.list_doubtful((first, len), travel, margin, doubtful);
        let samples = gather(samples, len, doubtful, gathered);
        all.nearest[..len].copy_from_slice(&bounds.labels()[first..first + len]);
        all.next_distance[..len].fill(f64::INFINITY);
        for piece in pieces(doubtful.len(), centers) {
            stop.check()?;
            some.find(centers, &samples[piece.start..], piece.len());
            for (from, point) in doubtful[piece].iter().enumerate() {
                let to = usize::from(*point);
                (all.nearest[to], all.distance[to]) = (some.nearest[from], some.distance[from]);
                (all.next[to], all.next_distance[to]) = (some.next[from], some.next_distance[from]);
                let (own, others) = (some.distance[from], some.next_distance[from]);
                bounds.keep(first + to, some.nearest[from], own, others, travel);
            }
        }
        Ok(all)
    }
}
