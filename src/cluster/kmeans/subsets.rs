//! Every set of points as a start of Lloyd's algorithm, if there are few such sets. Among few
//! points chance misses the best start too often.

use ndarray::{Array2, Axis};

use crate::cluster::lloyd::LloydResult;
use crate::cluster::points::Points;
use crate::error::Result;
use crate::progress::Stop;

/// The most sets that are tried: less than a tenth of a second.
const MOST_SETS: usize = 4000;

/// Whether there are few sets of `k` points: then all of them are tried.
pub(super) fn are_few(points: &Points, k: usize) -> bool {
    let (mut sets, n) = (1, points.len());
    for chosen in 0..k.min(n.saturating_sub(k)) {
        sets = sets * (n - chosen) / (chosen + 1);
        if sets > MOST_SETS {
            return false;
        }
    }
    k <= n
}

/// The best result of `descent`, which is Lloyd's algorithm, from the sets of `k` points, of which
/// every `n_shares`-th is tried, from number `share` on. None if there are not so many sets.
///
/// # Errors
/// `Cancelled`.
pub(super) fn best_start(
    points: &Points,
    k: usize,
    (share, n_shares): (usize, usize),
    descent: impl Fn(Array2<f64>, &Stop) -> Result<LloydResult>,
    stop: &Stop,
) -> Result<Option<LloydResult>> {
    let all = points.all();
    let mut best: Option<LloydResult> = None;
    let mut set: Vec<usize> = (0..k).collect();
    for number in 0.. {
        if number % n_shares == share {
            let start: Array2<f64> = all.select(Axis(0), &set);
            let result = descent(start, stop)?;
            if best.as_ref().is_none_or(|best| result.inertia < best.inertia) {
                best = Some(result);
            }
        }
        if !advance(&mut set, points.len()) {
            break;
        }
    }
    Ok(best)
}

/// Goes on to the next set of numbers below `n`, in lexicographic order; false after the last.
fn advance(set: &mut [usize], n: usize) -> bool {
    let k = set.len();
    let Some(place) = (0..k).rev().find(|place| set[*place] < n - k + place) else { return false };
    set[place] += 1;
    for next in place + 1..k {
        set[next] = set[next - 1] + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_comes_once() {
        let mut set = vec![0, 1, 2];
        let mut seen = vec![set.clone()];
        while advance(&mut set, 6) {
            seen.push(set.clone());
        }
        assert_eq!(seen.len(), 20);
        assert_eq!(seen.last(), Some(&vec![3, 4, 5]));
        assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(seen.iter().all(|set| set.windows(2).all(|pair| pair[0] < pair[1])));
    }

    #[test]
    fn sets_are_few_if_all_can_be_tried() {
        let points = |n: usize| Points::weighted(&Array2::zeros((n, 1)), vec![1.0; n]);
        assert!(are_few(&points(89), 2) && !are_few(&points(90), 2));
        assert!(are_few(&points(19), 4) && !are_few(&points(20), 4));
        assert!(are_few(&points(400), 400) && are_few(&points(400), 399));
        assert!(!are_few(&points(100_000), 50_000) && !are_few(&points(3), 4));
    }
}
