//! The separability of pairs of classes, if each class is taken for a normal distribution of its
//! pixels.
//!
//! Jeffries-Matusita distance and transformed divergence after Swain and Davis, "Remote Sensing:
//! The Quantitative Approach", 1978, and Richards, "Remote Sensing Digital Image Analysis", chapter
//! on feature reduction. Both are scaled to run from 0 (the same) to 2 (separate); some programs
//! give the square root of the first (0 to 1.41) and a thousand times the second (0 to 2000).

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::error::Result;
use crate::model::Class;
use crate::progress::Stop;

/// Two classes with a Jeffries-Matusita distance below this may well be one class. If a normal
/// distribution is cut in the middle, its halves have a distance of 1.17. Two classes that k-means
/// makes of one cloud of pixels have this distance, or a little more. The rule of thumb in manuals,
/// below 1, is for classes that overlap; the classes of a clustering never do.
pub const JOIN_BELOW: f64 = 1.4;
/// From this Jeffries-Matusita distance on, two classes are well separated: the rule of thumb in
/// ENVI's manual.
pub const APART_FROM: f64 = 1.9;

/// Variances are raised by this fraction of the variance of all pixels in the band, so that every
/// covariance has an inverse, even if a class is a single value.
const RIDGE: f64 = 1e-8;
/// If a covariance still has no inverse, because of rounding or of a model edited by hand, its
/// variances are raised this many times more.
const RIDGE_GROWTH: f64 = 100.0;

/// The separability of two classes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The values (labels) of the classes, the lower first.
    pub values: (u32, u32),
    /// Jeffries-Matusita distance: `2 (1 - exp(-B))`, where B is Bhattacharyya's distance. From 0
    /// to 2.
    pub jeffries_matusita: f64,
    /// Transformed divergence: `2 (1 - exp(-D / 8))`. From 0 to 2.
    pub transformed_divergence: f64,
}

/// A suggestion to merge classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The values (labels) of the classes, ascending; at least two.
    pub values: Vec<u32>,
}

/// The separability of each pair of classes, in the order of the first class, then of the second.
/// Classes without pixels are left out.
///
/// # Errors
/// `Cancelled`: with many bands or classes, it takes seconds.
pub fn separability(classes: &[Class], stop: &Stop) -> Result<Vec<Pair>> {
    let groups = Group::all(classes, stop)?;
    let mut inverses = Vec::with_capacity(groups.len());
    for group in &groups {
        stop.check()?;
        inverses.push(group.factor.inverse());
    }
    let with_inverse: Vec<_> = groups.iter().zip(&inverses).collect();
    let mut pairs = Vec::new();
    for (i, a) in with_inverse.iter().enumerate() {
        for b in &with_inverse[i + 1..] {
            stop.check()?;
            pairs.push(Pair {
                values: (a.0.values[0], b.0.values[0]),
                jeffries_matusita: jeffries_matusita(a.0, b.0),
                transformed_divergence: transformed_divergence(*a, *b),
            });
        }
    }
    Ok(pairs)
}

/// Suggests which classes to merge. The least separable pair below [`JOIN_BELOW`] is merged, as one
/// class of the pixels of both, and so on until no pair is below.
///
/// # Errors
/// As [`separability`].
pub fn merges(classes: &[Class], stop: &Stop) -> Result<Vec<Merge>> {
    let mut groups = Group::all(classes, stop)?;
    loop {
        let mut nearest: Option<(f64, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                stop.check()?;
                let distance = jeffries_matusita(&groups[a], &groups[b]);
                if distance < nearest.map_or(JOIN_BELOW, |(least, ..)| least) {
                    nearest = Some((distance, a, b));
                }
            }
        }
        let Some((_, a, b)) = nearest else { break };
        let other = groups.remove(b);
        groups[a] = groups[a].with(&other);
    }
    let joined = groups.into_iter().filter(|group| group.values.len() > 1);
    Ok(joined.map(|group| Merge { values: group.values }).collect())
}

/// Classes taken together, in units of the standard deviation of all pixels.
struct Group {
    values: Vec<u32>,
    count: f64,
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
    factor: Cholesky<f64, Dyn>,
}

impl Group {
    /// A group for each class with pixels.
    ///
    /// # Errors
    /// `Cancelled`.
    fn all(classes: &[Class], stop: &Stop) -> Result<Vec<Group>> {
        let classes: Vec<&Class> = classes.iter().filter(|class| class.count > 0).collect();
        let units = units(&classes);
        let group = |class: &&Class| {
            let covariance = class.covariance();
            let scaled = |a: usize, b: usize| covariance[(a, b)] / (units[a] * units[b]);
            let mean = class.mean.iter().zip(&units).map(|(mean, unit)| mean / unit);
            let mean = DVector::from_iterator(units.len(), mean);
            let covariance = DMatrix::from_fn(units.len(), units.len(), scaled);
            stop.check()?;
            Ok(Group::new(vec![class.value], class.count as f64, mean, covariance))
        };
        classes.iter().map(group).collect()
    }

    fn new(values: Vec<u32>, count: f64, mean: DVector<f64>, covariance: DMatrix<f64>) -> Group {
        let factor = factor(&covariance);
        Group { values, count, mean, covariance, factor }
    }

    /// The group of the pixels of both.
    fn with(&self, other: &Group) -> Group {
        let count = self.count + other.count;
        let (own, its) = (self.count / count, other.count / count);
        let offset = &other.mean - &self.mean;
        let mean = &self.mean + &offset * its;
        let covariance = &self.covariance * own
            + &other.covariance * its
            + &offset * offset.transpose() * (own * its);
        let mut values = [self.values.as_slice(), &other.values].concat();
        values.sort_unstable();
        Group::new(values, count, mean, covariance)
    }

    /// The logarithm of the covariance's determinant.
    fn log_determinant(&self) -> f64 {
        log_determinant(&self.factor)
    }
}

/// The standard deviation of all pixels of the classes, per band; 1 if the band is constant.
fn units(classes: &[&Class]) -> Vec<f64> {
    let n: f64 = classes.iter().map(|class| class.count as f64).sum();
    let n_bands = classes.first().map_or(0, |class| class.mean.len());
    let unit = |band: usize| {
        let mean = |of: &dyn Fn(&Class) -> f64| {
            classes.iter().map(|class| class.count as f64 * of(class)).sum::<f64>() / n
        };
        let center = mean(&|class| class.mean[band]);
        let variance = mean(&|class| class.std[band].powi(2) + (class.mean[band] - center).powi(2));
        if variance > 0.0 && variance.is_finite() {
            variance.sqrt()
        } else {
            1.0
        }
    };
    (0..n_bands).map(unit).collect()
}

/// The Cholesky factor of a covariance, which is raised until it has an inverse.
fn factor(covariance: &DMatrix<f64>) -> Cholesky<f64, Dyn> {
    let identity = DMatrix::identity(covariance.nrows(), covariance.ncols());
    let mut ridge = RIDGE;
    while ridge <= 1.0 {
        if let Some(factor) = Cholesky::new(covariance + &identity * ridge) {
            return factor;
        }
        ridge *= RIDGE_GROWTH;
    }
    // Not a usable covariance: only the variances are used.
    let variances = covariance.diagonal().map(|variance| variance.max(0.0) + RIDGE);
    Cholesky::new(DMatrix::from_diagonal(&variances))
        .unwrap_or_else(|| Cholesky::new(identity).expect("1 has a root"))
}

fn log_determinant(factor: &Cholesky<f64, Dyn>) -> f64 {
    2.0 * factor.l_dirty().diagonal().iter().map(|root| root.ln()).sum::<f64>()
}

fn jeffries_matusita(a: &Group, b: &Group) -> f64 {
    let between = factor(&((&a.covariance + &b.covariance) * 0.5));
    let offset = &a.mean - &b.mean;
    let spread = log_determinant(&between) - 0.5 * (a.log_determinant() + b.log_determinant());
    saturated(offset.dot(&between.solve(&offset)) / 8.0 + spread / 2.0)
}

/// For two classes, each with the inverse of its covariance.
fn transformed_divergence(a: (&Group, &DMatrix<f64>), b: (&Group, &DMatrix<f64>)) -> f64 {
    let ((a, inverse_a), (b, inverse_b)) = (a, b);
    let offset = &a.mean - &b.mean;
    let spread = ((&a.covariance - &b.covariance) * (inverse_b - inverse_a)).trace();
    let apart = offset.dot(&((inverse_a + inverse_b) * &offset));
    saturated((spread + apart) / 16.0)
}

/// `2 (1 - exp(-distance))`; rounding may make a distance slightly negative.
fn saturated(distance: f64) -> f64 {
    if distance.is_nan() {
        return 2.0; // infinite less infinite: as far apart as can be
    }
    -2.0 * (-distance.max(0.0)).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Color;

    fn separability(classes: &[Class]) -> Vec<Pair> {
        super::separability(classes, &Stop::default()).unwrap()
    }

    fn merges(classes: &[Class]) -> Vec<Merge> {
        super::merges(classes, &Stop::default()).unwrap()
    }

    fn class(value: u32, count: u64, mean: &[f64], std: &[f64]) -> Class {
        let color = Color { r: 0, g: 0, b: 0 };
        let (mean, std) = (mean.to_vec(), std.to_vec());
        Class {
            value,
            name: format!("class {value}"),
            color,
            count,
            mean,
            std,
            profile: None,
            radius: None,
        }
    }

    #[test]
    fn of_one_band_it_is_what_the_formulas_say() {
        let pairs = separability(&[class(1, 9, &[10.0], &[2.0]), class(2, 5, &[13.0], &[3.0])]);
        let between = (4.0f64 + 9.0) / 2.0;
        let bhattacharyya = 9.0 / between / 8.0 + 0.5 * (between / (2.0f64 * 3.0)).ln();
        let divergence =
            0.5 * (4.0 - 9.0) * (1.0 / 9.0 - 1.0 / 4.0) + 0.5 * (1.0 / 4.0 + 1.0 / 9.0) * 9.0;
        assert_eq!((pairs.len(), pairs[0].values), (1, (1, 2)));
        assert!((pairs[0].jeffries_matusita - 2.0 * (1.0 - (-bhattacharyya).exp())).abs() < 1e-7);
        assert!(
            (pairs[0].transformed_divergence - 2.0 * (1.0 - (-divergence / 8.0f64).exp())).abs()
                < 1e-7
        );
    }

    #[test]
    fn classes_without_spread_are_apart_and_the_same_ones_are_not() {
        let classes = [
            class(1, 4, &[1.0, 5.0], &[0.0, 0.0]),
            class(2, 3, &[2.0, 5.0], &[0.0, 0.0]),
            class(3, 2, &[2.0, 5.0], &[0.0, 0.0]),
            class(4, 0, &[9.0, 9.0], &[0.0, 0.0]),
        ];
        let pairs = separability(&classes);
        let distances = |get: fn(&Pair) -> f64| pairs.iter().map(get).collect::<Vec<_>>();
        assert_eq!(distances(|pair| pair.jeffries_matusita), [2.0, 2.0, 0.0]);
        assert_eq!(distances(|pair| pair.transformed_divergence), [2.0, 2.0, 0.0]);
        assert_eq!(merges(&classes), [Merge { values: vec![2, 3] }]);
        assert!(separability(&[]).is_empty() && merges(&classes[..1]).is_empty());
    }

    /// The reason for [`JOIN_BELOW`].
    #[test]
    fn halves_of_a_normal_distribution_are_to_be_joined() {
        let (offset, std) =
            ((2.0 / std::f64::consts::PI).sqrt(), (1.0 - 2.0 / std::f64::consts::PI).sqrt());
        let halves =
            [class(1, 5, &[-offset, 0.0], &[std, 1.0]), class(2, 5, &[offset, 0.0], &[std, 1.0])];
        let distance = separability(&halves)[0].jeffries_matusita;
        assert!((distance - 1.17).abs() < 0.005, "{distance}");
        assert_eq!(merges(&halves).len(), 1);
    }

    #[test]
    fn it_stops_between_two_pairs() {
        let classes = [class(1, 9, &[10.0], &[2.0]), class(2, 5, &[13.0], &[3.0])];
        let stop = Stop::default();
        stop.flag().store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(
            super::separability(&classes, &stop).is_err()
                && super::merges(&classes, &stop).is_err()
        );
    }

    #[test]
    fn what_is_no_covariance_is_made_one() {
        let broken = DMatrix::from_row_slice(2, 2, &[1.0, 3.0, 3.0, 1.0]);
        assert!(log_determinant(&factor(&broken)).is_finite());
        assert!(log_determinant(&factor(&DMatrix::zeros(3, 3))).is_finite());
    }

    /// Three classes in a row, each near its neighbour. The nearest two are joined; the third is
    /// then far from the joined class.
    #[test]
    fn joined_classes_are_measured_anew() {
        let row = [
            class(1, 100, &[0.0], &[1.0]),
            class(2, 100, &[1.0], &[1.0]),
            class(3, 100, &[3.8], &[0.5]),
        ];
        assert_eq!(merges(&row), [Merge { values: vec![1, 2] }]);
    }
}
