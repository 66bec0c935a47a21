//! The nearest of many centres: groups of centres that are too far away are skipped.
//!
//! Each group of centres has a middle and a radius. By the triangle inequality, no member of a
//! group is nearer to a pixel than the distance of the middle less the radius. If that is farther
//! than the best centre so far, the whole group is skipped. Of 2000 centres, about a hundred are
//! compared. (The idea is that of Elkan, "Using the triangle inequality to accelerate k-means",
//! ICML 2003.)

use std::sync::Arc;

use macro_rules_attribute::apply;
use ndarray::Array2;

use super::best::{squares, Best, LANES, SLACK, TINY};
use super::neighbours::Neighbours;
use crate::error::Result;
use crate::progress::Stop;
use crate::raster::{Sample, TILE};

/// Iterations of Lloyd's algorithm that form the groups.
const ROUNDS: usize = 4;

/// Centres in groups.
#[derive(Debug, Clone)]
pub(super) struct GroupedCenters {
    weights: Vec<f64>,
    groups: Vec<Group>,
    /// The groups' middles in band units, [`LANES`] side by side, band by band.
    middles: Vec<[f64; LANES]>,
    radii: Vec<f64>,
    /// The members in band units, in the same layout. Each group begins with a new batch; its last
    /// batch is filled up with its first member.
    members: Vec<[f64; LANES]>,
    /// The indices of the members.
    indices: Vec<[u16; LANES]>,
    /// The neighbours of each centre, if there are many pixels.
    neighbours: Option<Arc<Neighbours>>,
}

/// A group's batches of members.
#[derive(Debug, Clone)]
struct Group {
    first: usize,
    end: usize,
}

impl GroupedCenters {
    /// Groups centres: about as many groups as a group has centres.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn new(values: &Array2<f64>, weights: &[f64], stop: &Stop) -> Result<GroupedCenters> {
        let mut scaled = values.clone();
        for (mut column, weight) in scaled.columns_mut().into_iter().zip(weights) {
            column *= *weight;
        }
        let n_groups = (values.nrows() as f64).sqrt().ceil() as usize;
        let (mut middles, group_of) = gather(&scaled, n_groups, stop)?;
        for (mut column, weight) in middles.columns_mut().into_iter().zip(weights) {
            column /= *weight;
        }
        let square = |i: usize, group: usize| {
            let bands = values.row(i).into_iter().zip(middles.row(group)).zip(weights);
            bands.map(|((value, middle), weight)| ((value - middle) * weight).powi(2)).sum::<f64>()
        };
        let mut grouped = GroupedCenters {
            weights: weights.to_vec(),
            groups: Vec::new(),
            middles: batches(&middles, &(0..middles.nrows()).collect::<Vec<_>>()),
            radii: Vec::new(),
            members: Vec::new(),
            indices: Vec::new(),
            neighbours: None,
        };
        for group in 0..middles.nrows() {
            stop.check()?;
            let members: Vec<usize> =
                (0..values.nrows()).filter(|&i| group_of[i] == group).collect();
            let farthest = members.iter().map(|&i| square(i, group)).fold(0.0, f64::max);
            let first = grouped.indices.len();
            grouped
                .indices
                .extend(members.chunks(LANES).map(|chunk| filled(chunk).map(|i| i as u16)));
            grouped.members.extend(batches(values, &members));
            grouped.groups.push(Group { first, end: grouped.indices.len() });
            grouped.radii.push(farthest.sqrt() * SLACK);
        }
        // Lanes without a group are never near.
        grouped.radii.resize(middles.nrows().next_multiple_of(LANES), f64::NEG_INFINITY);
        Ok(grouped)
    }

    /// The nearest centre of each valid pixel (band by band, [`TILE`] apart), the lower one if two
    /// are equally near, and an upper bound of its squared distance. Distances are those of
    /// [`Centers::squared_distance`], bit for bit.
    ///
    /// [`Centers::squared_distance`]: super::Centers::squared_distance
    pub fn search<T: Sample>(
        &self,
        samples: &[T],
        valid: &[u8],
        labels: &mut [u16],
        farthest: &mut [f32],
    ) {
        search(self, samples, valid, labels, farthest);
    }

    /// Prepares for the pixels of a scene, if their class is wanted: finds the neighbours of each
    /// centre.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn prepare(&mut self, values: &Array2<f64>, class_of: &[u16], stop: &Stop) -> Result<()> {
        self.neighbours = Neighbours::new(values, &self.weights, class_of, stop)?.map(Arc::new);
        Ok(())
    }
}

#[apply(vectors)]
fn search<T: Sample>(
    centers: &GroupedCenters,
    samples: &[T],
    valid: &[u8],
    labels: &mut [u16],
    farthest: &mut [f32],
) {
    // A number of bands known at compile time is twice as fast: loops over three or four bands are
    // unrolled.
    match centers.weights.len() {
        3 => search_bands::<T, 3>(centers, samples, valid, labels, farthest),
        4 => search_bands::<T, 4>(centers, samples, valid, labels, farthest),
        _ => search_bands::<T, 0>(centers, samples, valid, labels, farthest),
    }
}

/// `BANDS` is the number of bands, or 0.
#[inline(always)]
fn search_bands<T: Sample, const BANDS: usize>(
    centers: &GroupedCenters,
    samples: &[T],
    valid: &[u8],
    labels: &mut [u16],
    farthest: &mut [f32],
) {
    let neighbours = centers.neighbours.as_ref();
    let n_bands = if BANDS == 0 { centers.weights.len() } else { BANDS };
    let weights = &centers.weights[..n_bands];
    let mut pixel = vec![f64::NAN; n_bands];
    let pixel = &mut pixel[..n_bands];
    let mut distances = vec![0.0; centers.radii.len()];
    let mut best = Best { square: f64::INFINITY, index: 0 };
    let mut cells = [0; TILE];
    if let Some(about) = neighbours {
        about.find_cells(samples, &mut cells[..labels.len()]);
    }
    for (i, (label, farthest)) in labels.iter_mut().zip(farthest).enumerate() {
        if valid[i] == 0 {
            (*label, *farthest) = (0, 0.0);
            continue;
        }
        let sample = |band: usize| samples[band * TILE + i].to_f64();
        // Runs of equal pixels are common: frames, water, float rasters that were enlarged.
        if (0..n_bands).any(|band| pixel[band] != sample(band)) {
            pixel.iter_mut().enumerate().for_each(|(band, to)| *to = sample(band));
            let about = neighbours.and_then(|about| about.nearest(weights, pixel, cells[i]));
            best = about.unwrap_or_else(|| {
                let found = nearest(centers, weights, pixel, &mut distances);
                neighbours.iter().for_each(|about| about.keep(cells[i], found.index));
                found
            });
        }
        *label = best.index;
        // Single precision may have lost the last digits, or all digits of a tiny number.
        *farthest = best.square as f32 * (1.0 + f32::EPSILON) + f32::MIN_POSITIVE;
    }
}

#[inline(always)]
fn nearest(
    centers: &GroupedCenters,
    weights: &[f64],
    pixel: &[f64],
    distances: &mut [f64],
) -> Best {
    for (batch, distances) in
        centers.middles.chunks_exact(pixel.len()).zip(distances.chunks_exact_mut(LANES))
    {
        distances.copy_from_slice(&squares(batch, weights, pixel));
    }
    let first =
        (0..centers.groups.len()).fold(0, |best, group| match distances[group] < distances[best] {
            true => group,
            false => best,
        });
    let mut best = scan(centers, first, weights, pixel, Best { square: f64::INFINITY, index: 0 });
    let mut best_distance = best.square.sqrt() * SLACK;
    for (group, (distance, radius)) in
        distances.iter().zip(&centers.radii).enumerate().take(centers.groups.len())
    {
        let least = radius + best_distance;
        // Written so that NaN is not skipped.
        let is_beyond = *distance > least * least * SLACK + TINY;
        if !is_beyond && group != first {
            best = scan(centers, group, weights, pixel, best);
            best_distance = best.square.sqrt() * SLACK;
        }
    }
    best
}

/// The best of a group's members and the best so far.
#[inline(always)]
fn scan(
    centers: &GroupedCenters,
    group: usize,
    weights: &[f64],
    pixel: &[f64],
    mut best: Best,
) -> Best {
    let Group { first, end } = centers.groups[group];
    for batch in first..end {
        let values = &centers.members[batch * pixel.len()..][..pixel.len()];
        best = best.or_of(values, &centers.indices[batch], weights, pixel);
    }
    best
}

/// Middles of groups, and the group of each point: a few iterations of Lloyd's algorithm, which
/// start from points in even steps.
fn gather(points: &Array2<f64>, n_groups: usize, stop: &Stop) -> Result<(Array2<f64>, Vec<usize>)> {
    let n = points.nrows();
    let mut middles = Array2::from_shape_fn((n_groups, points.ncols()), |(group, band)| {
        points[(group * n / n_groups, band)]
    });
    let mut group_of = vec![0; n];
    let regroup = |middles: &Array2<f64>, group_of: &mut Vec<usize>| {
        for (i, group_of) in group_of.iter_mut().enumerate() {
            stop.check()?;
            let square = |group| squared(points, i, middles, group);
            let nearest = (0..n_groups).map(|group| (square(group), group));
            *group_of = nearest.fold((f64::INFINITY, 0), |a, b| if b.0 < a.0 { b } else { a }).1;
        }
        Ok(())
    };
    regroup(&middles, &mut group_of)?;
    for _ in 0..ROUNDS {
        let mut counts = vec![0.0; n_groups];
        let mut sums = Array2::zeros(middles.raw_dim());
        for (point, &group) in points.rows().into_iter().zip(&group_of) {
            counts[group] += 1.0;
            let mut sum = sums.row_mut(group);
            sum += &point;
        }
        for (group, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            middles.row_mut(group).assign(&(&sums.row(group) / *count));
        }
        regroup(&middles, &mut group_of)?;
    }
    Ok((middles, group_of))
}

fn squared(points: &Array2<f64>, point: usize, others: &Array2<f64>, other: usize) -> f64 {
    let pairs = points.row(point).into_iter().zip(others.row(other));
    pairs.map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Some rows side by side, band by band.
fn batches(values: &Array2<f64>, rows: &[usize]) -> Vec<[f64; LANES]> {
    let batch = |rows: &[usize]| {
        let rows: [usize; LANES] = filled(rows);
        (0..values.ncols()).map(move |band| rows.map(|row| values[(row, band)]))
    };
    rows.chunks(LANES).flat_map(batch).collect()
}

/// A batch of rows, filled up with its first row.
fn filled(rows: &[usize]) -> [usize; LANES] {
    std::array::from_fn(|lane| rows.get(lane).copied().unwrap_or(rows[0]))
}
