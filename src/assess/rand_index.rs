//! The similarity of two divisions of the same points.

/// The adjusted Rand index of two labelings (0-based, below `k`) of points; each point stands for a
/// number of pixels. It is 1 if both divide the pixels in the same way, and near 0 if they agree
/// only by chance.
///
/// Hubert and Arabie, "Comparing partitions", Journal of Classification 2, 1985.
pub(super) fn adjusted_rand_index(a: &[u16], b: &[u16], weights: &[f64], k: usize) -> f64 {
    let mut shared = vec![0.0; k * k];
    for ((a, b), weight) in a.iter().zip(b).zip(weights) {
        shared[usize::from(*a) * k + usize::from(*b)] += weight;
    }
    let rows: Vec<f64> = shared.chunks(k).map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> =
        (0..k).map(|column| shared.iter().skip(column).step_by(k).sum()).collect();
    let pairs =
        |counts: &[f64]| counts.iter().map(|count| count * (count - 1.0) / 2.0).sum::<f64>();
    let all = pairs(&[rows.iter().sum()]);
    let (of_a, of_b, of_both) = (pairs(&rows), pairs(&columns), pairs(&shared));
    let (by_chance, most) = (of_a * of_b / all.max(1.0), (of_a + of_b) / 2.0);
    // Two labelings of one class each, or of single pixels, are the same.
    if most - by_chance <= 0.0 {
        1.0
    } else {
        (of_both - by_chance) / (most - by_chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_the_paper_says() {
        // scikit-learn's example: adjusted_rand_score([0, 0, 1, 1], [0, 0, 1, 2]) is 4/7.
        let ones = [1.0; 4];
        let index = |a: &[u16], b: &[u16]| adjusted_rand_index(a, b, &ones, 3);
        assert!((index(&[0, 0, 1, 1], &[0, 0, 1, 2]) - 4.0 / 7.0).abs() < 1e-12);
        assert_eq!(index(&[0, 0, 1, 2], &[2, 2, 0, 1]), 1.0);
        assert!((index(&[0, 0, 1, 1], &[0, 1, 0, 1]) + 0.5).abs() < 1e-12);
        assert_eq!(index(&[1; 4], &[0; 4]), 1.0);
    }

    #[test]
    fn a_point_of_weight_two_is_two_points() {
        let whole = adjusted_rand_index(&[0, 0, 0, 1, 1], &[0, 0, 1, 1, 1], &[1.0; 5], 2);
        assert_eq!(adjusted_rand_index(&[0, 0, 1], &[0, 1, 1], &[2.0, 1.0, 2.0], 2), whole);
    }
}
