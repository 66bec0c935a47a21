//! The eigenvectors of a symmetric matrix with the largest eigenvalues, in steps between which the
//! computation can be stopped.
//!
//! Householder reflections make the matrix tridiagonal: Martin, Reinsch and Wilkinson,
//! "Householder's tridiagonalization of a symmetric matrix", Numerische Mathematik 11, 1968.
//! Rotations of the implicit QL method make it diagonal: Dubrulle, Martin and Wilkinson, "The
//! implicit QL algorithm", Numerische Mathematik 12, 1968. Reflections and rotations are kept, and
//! applied backwards to the wanted unit vectors only. So all vectors are orthogonal up to rounding,
//! however close their eigenvalues are.

use macro_rules_attribute::apply;
use ndarray::Array2;

use crate::error::{invalid_data, Error, Result};
use crate::kernel::vectors;
use crate::progress::Stop;

/// Vectors that are computed side by side; also terms that are summed side by side.
const LANES: usize = 8;

/// Most sweeps of rotations for one eigenvalue. Two are usual; 30 is the limit of EISPACK.
const MOST_SWEEPS: usize = 60;

/// One component of each of several vectors.
type Lanes = [f64; LANES];

/// The `k` eigenvectors (columns) of a symmetric matrix with the largest eigenvalues, the largest
/// first. They have length 1, and an arbitrary sign. If `k` is larger than the matrix, the other
/// columns are 0. Only the lower triangle of the matrix is read.
///
/// # Errors
/// `Cancelled`; `OutOfMemory`; `InvalidData` when the matrix has numbers that are not finite.
pub(super) fn leading_eigenvectors(
    mut matrix: Array2<f64>,
    k: usize,
    stop: &Stop,
) -> Result<Array2<f64>> {
    let n = matrix.nrows();
    let tridiagonal = Tridiagonal::of(&mut matrix, stop)?;
    let scales = tridiagonal.scales.clone();
    let rotated = tridiagonal.diagonalised(stop)?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| rotated.eigenvalues[b].total_cmp(&rotated.eigenvalues[a]));
    let mut found = Array2::zeros((n, k));
    let mut lanes = vec![[0.0; LANES]; n];
    for (group, wanted) in order[..k.min(n)].chunks(LANES).enumerate() {
        lanes.fill([0.0; LANES]);
        wanted.iter().enumerate().for_each(|(lane, &index)| lanes[index][lane] = 1.0);
        rotated.rotate_back(&mut lanes, stop)?;
        reflect_back(&matrix, &scales, &mut lanes, stop)?;
        for (mut row, values) in found.rows_mut().into_iter().zip(&lanes) {
            (0..wanted.len()).for_each(|lane| row[group * LANES + lane] = values[lane]);
        }
    }
    Ok(found)
}

/// A symmetric tridiagonal matrix, and the reflections `1 - scale * v v'` that produced it.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// The elements below the diagonal; the last is 0.
    below: Vec<f64>,
    /// The scale of each reflection. Its vector is in the matrix: in one row each, to the right of
    /// the diagonal.
    scales: Vec<f64>,
}

impl Tridiagonal {
    /// Makes a matrix tridiagonal, and puts the vectors of the reflections into its upper triangle.
    fn of(matrix: &mut Array2<f64>, stop: &Stop) -> Result<Tridiagonal> {
        let n = matrix.nrows();
        let values = matrix.as_slice_mut().expect("the matrix is laid out row by row");
        let zeros = vec![0.0; n];
        let mut found =
            Tridiagonal { diagonal: zeros.clone(), below: zeros.clone(), scales: zeros.clone() };
        // What is still to be subtracted for the last reflection: `v w' + w v'`.
        let (mut v, mut w) = (zeros.clone(), zeros.clone());
        let mut product = zeros;
        for column in 0..n {
            stop.check()?;
            found.diagonal[column] = values[column * n + column] - 2.0 * v[column] * w[column];
            let next = column + 1;
            if next == n {
                break;
            }
            // The column after the last reflection, copied to the row of the upper triangle that
            // will hold its own reflection.
            for row in next..n {
                values[column * n + row] =
                    values[row * n + column] - v[row] * w[column] - w[row] * v[column];
            }
            let (scale, below) = reflection(&mut values[column * n + next..][..n - next]);
            (found.scales[column], found.below[column]) = (scale, below);
            let (above, rows) = values.split_at_mut(next * n);
            let reflected = &above[column * n + next..];
            product.fill(0.0);
            subtract_and_multiply(rows, n, &v[next..], &w[next..], reflected, &mut product[next..]);
            let along = dot(reflected, &product[next..]);
            v[next..].copy_from_slice(reflected);
            for ((w, product), v) in w[next..].iter_mut().zip(&product[next..]).zip(reflected) {
                *w = scale * (product - scale / 2.0 * along * v);
            }
        }
        Ok(found)
    }

    /// Makes the matrix diagonal.
    fn diagonalised(self, stop: &Stop) -> Result<Diagonalised> {
        let Tridiagonal { mut diagonal, mut below, .. } = self;
        let n = diagonal.len();
        let norm =
            diagonal.iter().zip(&below).fold(0.0, |most: f64, (a, b)| most.max(a.abs() + b.abs()));
        let negligible = f64::EPSILON * norm;
        let mut sweeps = Vec::new();
        for first in 0..n {
            for n_sweeps in 0.. {
                stop.check()?;
                let last =
                    (first..n - 1).find(|&at| below[at].abs() <= negligible).unwrap_or(n - 1);
                if last == first {
                    break;
                }
                if n_sweeps == MOST_SWEEPS {
                    return invalid_data(
                        "the eigenvectors of the graph were not found: divide the bands by a \
                         constant",
                    );
                }
                sweeps.push(Sweep::over(&mut diagonal, &mut below, first, last)?);
            }
        }
        Ok(Diagonalised { eigenvalues: diagonal, sweeps })
    }
}

/// The scale of the reflection that maps a vector to the first axis, and the first component after
/// it. The vector of the reflection replaces `vector`.
fn reflection(vector: &mut [f64]) -> (f64, f64) {
    let largest = vector.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if vector[1..].iter().all(|value| *value == 0.0) {
        return (0.0, vector[0]);
    }
    // Avoids squares that are too small or too large.
    vector.iter_mut().for_each(|value| *value /= largest);
    let first = vector[0];
    let length = dot(vector, vector).sqrt();
    let becomes = if first > 0.0 { -length } else { length };
    vector[1..].iter_mut().for_each(|value| *value /= first - becomes);
    vector[0] = 1.0;
    ((becomes - first) / becomes, becomes * largest)
}

/// Subtracts `v w' + w v'` from the last rows and columns of a matrix with `n` columns, and adds
/// the product of the result with a vector to `product`. One pass over the lower triangle does
/// both, as memory is the bottleneck.
#[apply(vectors)]
fn subtract_and_multiply(
    rows: &mut [f64],
    n: usize,
    v: &[f64],
    w: &[f64],
    vector: &[f64],
    product: &mut [f64],
) {
    let first = n - v.len();
    for (row, values) in rows.chunks_exact_mut(n).enumerate() {
        let (left, diagonal) = values[first..=first + row].split_at_mut(row);
        let (own_v, own_w, own) = (v[row], w[row], vector[row]);
        diagonal[0] -= 2.0 * own_v * own_w;
        let (to_own, others) = product[..=row].split_last_mut().expect("there is one");
        let mut sums = [0.0; LANES];
        let each = left.chunks_mut(LANES).zip(v.chunks(LANES)).zip(w.chunks(LANES));
        let each = each.zip(vector.chunks(LANES)).zip(others.chunks_mut(LANES));
        for ((((left, v), w), vector), others) in each {
            let lanes = left.iter_mut().zip(v).zip(w).zip(vector).zip(others).zip(&mut sums);
            for (((((value, v), w), factor), other), sum) in lanes {
                *value -= own_v * w + own_w * v;
                *other += *value * own;
                *sum += *value * factor;
            }
        }
        *to_own += sums.iter().sum::<f64>() + diagonal[0] * own;
    }
}

/// The sum of the products of two vectors' components.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A diagonal matrix, and the rotations that produced it.
struct Diagonalised {
    eigenvalues: Vec<f64>,
    sweeps: Vec<Sweep>,
}

/// Rotations of neighbouring axes.
struct Sweep {
    /// The first axis of the last rotation.
    first: usize,
    /// The cosine and the sine of each rotation, from the last axis to the first.
    rotations: Vec<[f64; 2]>,
}

impl Sweep {
    /// One step of the implicit QL method on a part of a tridiagonal matrix.
    fn over(diagonal: &mut [f64], below: &mut [f64], first: usize, last: usize) -> Result<Sweep> {
        let mut rotations = Vec::new();
        rotations.try_reserve_exact(last - first).map_err(|_| {
            Error::OutOfMemory(
                "the system does not give the memory for the eigenvectors of the graph: lower \
                 n_representatives"
                    .into(),
            )
        })?;
        // Wilkinson's shift, and the axis of the first rotation.
        let half = (diagonal[first + 1] - diagonal[first]) / (2.0 * below[first]);
        let shift = diagonal[first] - below[first] / (half + libm::hypot(half, 1.0).copysign(half));
        let mut bulge = diagonal[last] - shift;
        let (mut cosine, mut sine, mut moved) = (1.0, 1.0, 0.0);
        for at in (first..last).rev() {
            let (off, next) = (sine * below[at], cosine * below[at]);
            let length = libm::hypot(off, bulge);
            below[at + 1] = length;
            if length == 0.0 {
                // The matrix splits into two parts here.
                diagonal[at + 1] -= moved;
                below[last] = 0.0;
                return Ok(Sweep { first: at + 1, rotations });
            }
            (sine, cosine) = (off / length, bulge / length);
            let shifted = diagonal[at + 1] - moved;
            let turned = (diagonal[at] - shifted) * sine + 2.0 * cosine * next;
            moved = sine * turned;
            diagonal[at + 1] = shifted + moved;
            bulge = cosine * turned - next;
            rotations.push([cosine, sine]);
        }
        diagonal[first] -= moved;
        below[first] = bulge;
        below[last] = 0.0;
        Ok(Sweep { first, rotations })
    }
}

impl Diagonalised {
    /// Turns vectors from the axes of the diagonal matrix to those of the tridiagonal one.
    fn rotate_back(&self, vectors: &mut [Lanes], stop: &Stop) -> Result<()> {
        for sweep in self.sweeps.iter().rev() {
            stop.check()?;
            rotate_back(&sweep.rotations, &mut vectors[sweep.first..]);
        }
        Ok(())
    }
}

#[apply(vectors)]
fn rotate_back(rotations: &[[f64; 2]], vectors: &mut [Lanes]) {
    for (at, [cosine, sine]) in rotations.iter().rev().enumerate() {
        let (here, next) = (vectors[at], vectors[at + 1]);
        for lane in 0..LANES {
            vectors[at][lane] = cosine * here[lane] + sine * next[lane];
            vectors[at + 1][lane] = cosine * next[lane] - sine * here[lane];
        }
    }
}

/// Turns vectors from the axes of the tridiagonal matrix to those of the original matrix.
fn reflect_back(
    matrix: &Array2<f64>,
    scales: &[f64],
    vectors: &mut [Lanes],
    stop: &Stop,
) -> Result<()> {
    for (column, row) in matrix.rows().into_iter().enumerate().rev() {
        stop.check()?;
        let row = row.to_slice().expect("rows are whole");
        reflect(&row[column + 1..], scales[column], &mut vectors[column + 1..]);
    }
    Ok(())
}

#[apply(vectors)]
fn reflect(reflected: &[f64], scale: f64, vectors: &mut [Lanes]) {
    let mut sums = [0.0; LANES];
    for (factor, vector) in reflected.iter().zip(&*vectors) {
        (0..LANES).for_each(|lane| sums[lane] += factor * vector[lane]);
    }
    for (factor, vector) in reflected.iter().zip(vectors) {
        (0..LANES).for_each(|lane| vector[lane] -= scale * sums[lane] * factor);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use nalgebra::{DMatrix, SymmetricEigen};
    use rand_core::RngCore;
    use rand_pcg::Pcg64;

    use super::*;

    fn random_symmetric(n: usize, seed: u128) -> Array2<f64> {
        let mut random = Pcg64::new(seed, 0);
        let number = |_| (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let half = Array2::from_shape_simple_fn((n, n), || 0.0).mapv(number);
        &half + &half.t()
    }

    /// A symmetric matrix with these eigenvalues: a diagonal matrix turned by random reflections.
    fn with_eigenvalues(values: &[f64]) -> Array2<f64> {
        let n = values.len();
        let axes =
            SymmetricEigen::new(DMatrix::from_fn(n, n, |a, b| random_symmetric(n, 5)[(a, b)]))
                .eigenvectors;
        let of = |a: usize, b: usize| {
            (0..n).map(|i| axes[(a, i)] * values[i] * axes[(b, i)]).sum::<f64>()
        };
        Array2::from_shape_fn((n, n), |(a, b)| of(a.max(b), a.min(b)))
    }

    /// Affinities of points on a line, by the Gaussian of their distances: high within a blob,
    /// hardly any between blobs.
    fn blobs(n: usize, n_blobs: usize) -> Array2<f64> {
        let place = |i: usize| (i % n_blobs * 100 + i / n_blobs) as f64 / 3.0;
        Array2::from_shape_fn((n, n), |(a, b)| libm::exp(-(place(a) - place(b)).powi(2)).max(1e-9))
    }

    /// Eigenvalues agree with nalgebra's, vectors are orthogonal, and each vector belongs to its
    /// value, within a few rounding errors of the largest eigenvalue.
    fn check(matrix: &Array2<f64>, k: usize) {
        let n = matrix.nrows();
        let found = leading_eigenvectors(matrix.clone(), k, &Stop::default()).unwrap();
        let eigen = SymmetricEigen::new(DMatrix::from_fn(n, n, |a, b| matrix[(a, b)]));
        let mut expected: Vec<f64> = eigen.eigenvalues.iter().copied().collect();
        expected.sort_by(|a, b| b.total_cmp(a));
        let largest = expected.iter().fold(f64::MIN_POSITIVE, |most, value| most.max(value.abs()));
        let rounding = 1e-15 * (n + 10) as f64;
        for (a, vector) in found.columns().into_iter().enumerate() {
            let image = matrix.dot(&vector);
            let value = vector.dot(&image);
            assert!(
                (value - expected[a]).abs() <= rounding * largest,
                "{n}: {value} for {}",
                expected[a]
            );
            let error =
                (&image - &(&vector * value)).iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            assert!(error <= rounding * largest, "{n}: {error} of {largest}");
            for (b, other) in found.columns().into_iter().enumerate() {
                let wanted = f64::from(u8::from(a == b));
                assert!((vector.dot(&other) - wanted).abs() <= rounding, "{n}: {a} and {b}");
            }
        }
    }

    #[test]
    fn equals_nalgebra() {
        for n in [1, 2, 3, 8, 9, 50, 131] {
            let matrix = random_symmetric(n, 1);
            for matrix in [&matrix * 1e-170, &matrix * 1e100, matrix] {
                check(&matrix, n);
                check(&matrix, n.min(3));
            }
        }
    }

    #[test]
    fn close_and_equal_eigenvalues_have_orthogonal_vectors() {
        let tiny = |i: usize| 1.0 - 1e-13 * i as f64;
        check(&with_eigenvalues(&(0..40).map(tiny).collect::<Vec<_>>()), 40);
        check(&with_eigenvalues(&(0..40).map(|i| f64::from(i / 10)).collect::<Vec<_>>()), 25);
        check(&with_eigenvalues(&(0..40).map(|i| 10f64.powi(-i)).collect::<Vec<_>>()), 40);
        for n_blobs in [2, 20, 100] {
            check(&blobs(200, n_blobs), 30);
        }
        for matrix in [Array2::zeros((20, 20)), Array2::eye(20), Array2::from_elem((20, 20), 1.0)] {
            check(&matrix, 20);
        }
    }

    #[test]
    fn what_is_no_number_ends() {
        let matrix = Array2::from_elem((5, 5), f64::NAN);
        assert!(leading_eigenvectors(matrix, 2, &Stop::default()).is_err());
    }

    /// Between two checks for a stop there is at most one column, sweep or reflection: with 3000
    /// points, at most 40 million additions and multiplications.
    #[test]
    fn looks_for_each_column_and_sweep() {
        for (n, k) in [(50, 5), (100, 5), (100, 20)] {
            let stop = Stop::default();
            leading_eigenvectors(blobs(n, 4), k, &stop).unwrap();
            let looks = stop.looks.load(Ordering::Relaxed);
            // A check for each column, at least one for each value, and one for each reflection of
            // every eight vectors.
            assert!(
                looks >= 2 * n + k.div_ceil(LANES) * n,
                "{looks} looks of {n} points, {k} vectors"
            );
        }
    }
}
