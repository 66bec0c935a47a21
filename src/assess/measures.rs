//! Measures of the separation of classes, over all pixels: Euclidean distances in scaled band
//! units, weighted by the pixels of the cells.

use super::partition::Partition;

/// Sum of the squared distances of the pixels from the nearest centre, in squared scaled units. It
/// never grows with the number of classes, so it cannot choose a number by itself.
pub(super) fn inertia(partition: &Partition) -> f64 {
    let cells = partition.weights().iter().zip(&partition.distances).enumerate();
    cells.map(|(cell, (weight, [nearest, _]))| weight * partition.mean_square(cell, *nearest)).sum()
}

/// The simplified silhouette, -1 to 1, higher is better: the mean over the pixels of
/// `(b - a) / max(a, b)`, where `a` is the distance from the pixel's own centre and `b` the
/// distance from the next one. (Rousseeuw's silhouette uses mean distances from all pixels of a
/// class, which takes time with the square of their number.)
///
/// Hruschka, Campello and de Castro, "Evolving clusters in gene-expression data", Information
/// Sciences 176, 2006; Vendramin, Campello and Hruschka, "Relative clustering validity criteria: a
/// comparative overview", Statistical Analysis and Data Mining 3, 2010.
pub(super) fn silhouette(partition: &Partition) -> f64 {
    let of_cell = |(cell, (weight, distances)): (usize, (&f64, &[f64; 2]))| {
        let [own, next] = distances.map(|squared| partition.mean_distance(cell, squared));
        // If classes are not those of the nearest centre, another centre may be nearer.
        if own > next {
            weight * (next / own - 1.0)
        } else if next > 0.0 {
            weight * (1.0 - own / next)
        } else {
            0.0
        }
    };
    let cells = partition.weights().iter().zip(&partition.distances).enumerate();
    cells.map(of_cell).sum::<f64>() / partition.n_pixels()
}

/// The Calinski-Harabasz index, higher is better: the variance between classes divided by the
/// variance within them, each divided by its degrees of freedom. It is infinite if every class is a
/// single value.
///
/// Caliński and Harabasz, "A dendrite method for cluster analysis", Communications in Statistics
/// 3, 1974.
pub(super) fn calinski_harabasz(partition: &Partition) -> f64 {
    let cells = partition.weights().iter().zip(partition.squares_from_means()).enumerate();
    let within: f64 =
        cells.map(|(cell, (weight, squared))| weight * partition.mean_square(cell, squared)).sum();
    let between = partition.total_scatter() - within;
    let (n, k) = (partition.n_pixels(), partition.n_classes() as f64);
    match within > 0.0 {
        true => (between / (k - 1.0)) / (within / (n - k)),
        false => f64::INFINITY,
    }
}

/// The Davies-Bouldin index, from 0 up, lower is better: the mean over the classes of the largest
/// `(s_i + s_j) / d_ij` with another class, where `s` is the mean distance of a class's pixels from
/// their mean, and `d` the distance between the means (as in scikit-learn).
///
/// Davies and Bouldin, "A cluster separation measure", IEEE Transactions on Pattern Analysis and
/// Machine Intelligence 1, 1979.
pub(super) fn davies_bouldin(partition: &Partition) -> f64 {
    let mut sums = vec![0.0; partition.n_classes()];
    let cells =
        partition.labels.iter().zip(partition.weights()).zip(partition.squares_from_means());
    for (cell, ((label, weight), squared)) in cells.enumerate() {
        sums[usize::from(*label)] += weight * partition.mean_distance(cell, squared);
    }
    let sizes: Vec<f64> = sums
        .iter()
        .zip(&partition.counts)
        .map(|(sum, count)| if *count > 0.0 { sum / count } else { 0.0 })
        .collect();
    let means = &partition.means;
    let likeness = |a: usize, b: usize| {
        let apart = means.squared_distance(a, |band| means.row(b)[band]).sqrt();
        if apart > 0.0 {
            (sizes[a] + sizes[b]) / apart
        } else {
            0.0
        }
    };
    let worst =
        |a: usize| (0..sizes.len()).filter(|b| *b != a).map(|b| likeness(a, b)).fold(0.0, f64::max);
    (0..sizes.len()).map(worst).sum::<f64>() / sizes.len() as f64
}
