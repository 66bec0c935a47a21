//! Affinity propagation: pixels choose exemplars among them, which stand for all, by messages
//! between all pairs.

use ndarray::{Array1, Array2, ArrayView1, Axis, Zip};
use rand_core::RngCore;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::options::{check_representatives_up_to, method, ScalingMethod};
use super::representatives::{sample, Representatives};
use crate::error::{invalid_argument, invalid_data, Result};
use crate::model::{BandWeights, Model};
use crate::progress::{Run, Stop};
use crate::summary::Summary;

/// The dampings that are tried if none is given.
const DAMPINGS: [f64; 3] = [0.5, 0.7, 0.9];

/// The most representatives: the messages between all pairs of them take 220 MB.
const MOST: u32 = 3000;

/// The options, with the names of scikit-learn's `AffinityPropagation`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Affinity {
    /// The share of the last message that is kept in each new one, from 0.5 to less than 1. A
    /// larger share is slower, and settles more surely. Default: 0.5, as in scikit-learn; if the
    /// exemplars do not settle, 0.7, and then 0.9.
    pub damping: Option<f64>,
    /// Most rounds of messages, at least 1. Default 200.
    pub max_iter: u32,
    /// The fit ends after so many rounds without a change of the exemplars, at least 1. Default 15.
    pub convergence_iter: u32,
    /// How readily a pixel becomes an exemplar, in squared (scaled) band units: the further below
    /// 0, the fewer classes. Default: the median of the similarities (negative squared distances)
    /// of all pairs.
    pub preference: Option<f64>,
    /// Size of the sample of the pixels that is clustered: 2 to 3000. Time and memory grow with its
    /// square; the number of classes grows with it, too. Default 1000.
    pub n_representatives: u32,
    /// Scaling of the bands. Default none.
    pub scaling: ScalingMethod,
    /// How much each band counts in distances. Default: all bands equally.
    pub band_weights: BandWeights,
    /// Seed of the random numbers that break ties. Default 0.
    pub seed: u64,
}

impl Default for Affinity {
    fn default() -> Affinity {
        Affinity {
            damping: None,
            max_iter: 200,
            convergence_iter: 15,
            preference: None,
            n_representatives: 1000,
            scaling: ScalingMethod::default(),
            band_weights: BandWeights::default(),
            seed: 0,
        }
    }
}

impl Affinity {
    /// Checks the options alone.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the option, what it is and what it may be.
    pub fn check(&self) -> Result<()> {
        if let Some(damping) = self.damping.filter(|damping| !(0.5..1.0).contains(damping)) {
            return invalid_argument(format!(
                "damping is {damping}: give a number from 0.5 to less than 1"
            ));
        }
        if self.max_iter == 0 || self.convergence_iter == 0 {
            return invalid_argument(format!(
                "max_iter is {} and convergence_iter {}: both must be at least 1",
                self.max_iter, self.convergence_iter
            ));
        }
        if let Some(preference) = self.preference.filter(|preference| !preference.is_finite()) {
            return invalid_argument(format!(
                "preference is {preference}: give a number, such as -1000"
            ));
        }
        check_representatives_up_to(MOST, self.n_representatives, 2)
    }
}

/// Finds exemplars among the pixels of a sample of the summary (drawn in even steps along its
/// cells), and gives every pixel the class of the nearest sampled pixel.
///
/// Frey and Dueck, "Clustering by passing messages between data points", Science 315, 2007. It
/// maximises the sum of the similarities of all pixels to their exemplars and of the exemplars'
/// preferences. So the similarities of a cell that was drawn several times count as often, as if it
/// were as many pixels. It works on a sample, not on weighted means, because the number of
/// exemplars depends on the number of pixels: it is the number that scikit-learn finds in as many.
///
/// # Errors
/// As [`Algorithm::fit`](super::Algorithm::fit); `InvalidData` when the exemplars still change
/// after `max_iter` rounds (scikit-learn: a warning, and classes that may be anything).
pub(crate) fn fit(summary: &Summary, options: &Affinity, run: &mut Run) -> Result<Model> {
    let n = options.n_representatives as usize;
    let drawn = Representatives::new(
        summary,
        (options.scaling, &options.band_weights),
        options.seed,
        1,
        &mut run.stage(0.0, 0.2),
        |cells, _, _| Ok(sample(cells, n)),
    )?;
    let (converged, preference, classes) = run.stage(0.2, 0.9).with_stop("fitting", |stop| {
        let preference = match options.preference {
            Some(preference) => preference,
            None => median_similarity(&drawn, stop)?,
        };
        let similarities = similarities(&drawn, preference, options.seed);
        let converged = converge(&similarities, options, stop)?;
        let classes = assign(&similarities, &converged.exemplars);
        let middles = middles(&similarities, &converged.exemplars, &classes);
        Ok((converged, preference, assign(&similarities, &middles)))
    })?;
    let damping = Some(converged.damping);
    let used = Affinity { damping, preference: Some(preference), ..options.clone() };
    let classes: Vec<_> = classes.into_iter().map(Some).collect();
    Ok(drawn.model(method("affinity", &used), &classes, run)?.with_n_iter(converged.rounds))
}

/// The median similarity of all pairs of pixels, including each with itself, as in scikit-learn.
fn median_similarity(points: &Representatives, stop: &Stop) -> Result<f64> {
    let n = points.len();
    let mut pairs = Vec::with_capacity(n * n);
    for a in 0..n {
        stop.check()?;
        let weight = |b: usize| points.weights[a] * points.weights[b];
        pairs.extend((0..n).map(|b| (-points.squared_distance(a, b), weight(b))));
    }
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = pairs.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    // Draws are integers, so their sums are exact. If the number of pairs is even, the median is
    // the mean of the two in the middle.
    let first = value_at(&pairs, |below| below >= half);
    let second = value_at(&pairs, |below| below > half);
    Ok((first + second) / 2.0)
}

/// The first value at which the sum of the weights is enough.
fn value_at(values: &[(f64, f64)], is_enough: impl Fn(f64) -> bool) -> f64 {
    let mut below = 0.0;
    let reached = values.iter().find(|(_, weight)| {
        below += weight;
        is_enough(below)
    });
    reached.or(values.last()).map_or(0.0, |(value, _)| *value)
}

/// The similarity of each point (row) to each possible exemplar, times the point's draws; the
/// preferences are on the diagonal. Tiny random terms keep equal points from oscillating.
fn similarities(points: &Representatives, preference: f64, seed: u64) -> Array2<f64> {
    let mut random = Pcg64::new(u128::from(seed), 0);
    let n = points.len();
    Array2::from_shape_fn((n, n), |(point, exemplar)| {
        let similarity = match point == exemplar {
            true => preference,
            false => -points.squared_distance(point, exemplar) * points.weights[point],
        };
        // From -1 to just below 1.
        let chance = (random.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
        similarity + (f64::EPSILON * similarity.abs() + 100.0 * f64::MIN_POSITIVE) * chance
    })
}

/// The exemplars once messages do not change them any more.
struct Converged {
    exemplars: Vec<usize>,
    damping: f64,
    /// Rounds of messages with this damping.
    rounds: u32,
}

/// Sends messages until the exemplars settle. If no damping is given, tries one after another.
fn converge(similarities: &Array2<f64>, options: &Affinity, stop: &Stop) -> Result<Converged> {
    let dampings = options.damping.map_or(DAMPINGS.to_vec(), |damping| vec![damping]);
    for damping in &dampings {
        if let Some(converged) = converge_with(*damping, similarities, options, stop)? {
            return Ok(converged);
        }
    }
    invalid_data(format!(
        "the exemplars still change after {} rounds with a damping of {}: raise damping or \
         max_iter, or give another preference",
        options.max_iter,
        dampings[dampings.len() - 1]
    ))
}

/// `None` when the exemplars do not settle.
fn converge_with(
    damping: f64,
    similarities: &Array2<f64>,
    options: &Affinity,
    stop: &Stop,
) -> Result<Option<Converged>> {
    if similarities.nrows() == 1 {
        return Ok(Some(Converged { exemplars: vec![0], damping, rounds: 0 }));
    }
    let mut availability = Array2::zeros(similarities.raw_dim());
    let mut responsibility = Array2::zeros(similarities.raw_dim());
    let (mut exemplars, mut unchanged) = (Vec::new(), 0);
    for rounds in 1..=options.max_iter {
        update_responsibilities(&mut responsibility, similarities, &availability, damping, stop)?;
        become_available(&mut availability, &responsibility, damping, stop)?;
        let diagonals = availability.diag().to_owned() + responsibility.diag();
        let now: Vec<usize> =
            (0..diagonals.len()).filter(|&point| diagonals[point] > 0.0).collect();
        unchanged = if now == exemplars { unchanged + 1 } else { 1 };
        exemplars = now;
        if unchanged >= options.convergence_iter && !exemplars.is_empty() {
            return Ok(Some(Converged { exemplars, damping, rounds }));
        }
    }
    Ok(None)
}

/// How well each exemplar (column) suits each point (row), compared with the best other one.
fn update_responsibilities(
    responsibility: &mut Array2<f64>,
    similarities: &Array2<f64>,
    availability: &Array2<f64>,
    damping: f64,
    stop: &Stop,
) -> Result<()> {
    let rows = similarities.rows().into_iter().zip(availability.rows());
    for (mut to, (similarity, availability)) in responsibility.rows_mut().into_iter().zip(rows) {
        stop.check()?;
        let (mut best, mut first, mut second) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (exemplar, (similarity, availability)) in
            similarity.iter().zip(availability).enumerate()
        {
            let value = similarity + availability;
            if value > first {
                (best, first, second) = (exemplar, value, first);
            } else if value > second {
                second = value;
            }
        }
        let others_best = |exemplar: usize| if exemplar == best { second } else { first };
        for (exemplar, (to, similarity)) in to.iter_mut().zip(similarity).enumerate() {
            *to = damping * *to + (1.0 - damping) * (similarity - others_best(exemplar));
        }
    }
    Ok(())
}

/// How much support each exemplar (column) has from points other than the receiver (row).
fn become_available(
    availability: &mut Array2<f64>,
    responsibility: &Array2<f64>,
    damping: f64,
    stop: &Stop,
) -> Result<()> {
    let own = responsibility.diag();
    let mut support: Array1<f64> = Array1::zeros(own.len());
    for (point, row) in responsibility.rows().into_iter().enumerate() {
        stop.check()?;
        support.zip_mut_with(&row, |sum, value| *sum += value.max(0.0));
        support[point] -= row[point].max(0.0);
    }
    for (point, (mut to, row)) in
        availability.rows_mut().into_iter().zip(responsibility.rows()).enumerate()
    {
        stop.check()?;
        let own_support = support[point];
        let kept = damping * to[point];
        Zip::from(&mut to).and(&row).and(&support).and(&own).for_each(|to, value, support, own| {
            let others = own + support - value.max(0.0);
            *to = damping * *to + (1.0 - damping) * others.min(0.0);
        });
        to[point] = kept + (1.0 - damping) * own_support;
    }
    Ok(())
}

/// For each point, the place of the most similar exemplar among the exemplars. Exemplars choose
/// themselves.
fn assign(similarities: &Array2<f64>, exemplars: &[usize]) -> Vec<usize> {
    let most_similar = |row: ArrayView1<f64>| {
        let places = 0..exemplars.len();
        places
            .max_by(|&a, &b| row[exemplars[a]].total_cmp(&row[exemplars[b]]).then(b.cmp(&a)))
            .unwrap_or(0)
    };
    let mut classes: Vec<usize> = similarities.rows().into_iter().map(most_similar).collect();
    exemplars.iter().enumerate().for_each(|(class, exemplar)| classes[*exemplar] = class);
    classes
}

/// The member of each class to which the other members are most similar.
fn middles(similarities: &Array2<f64>, exemplars: &[usize], classes: &[usize]) -> Vec<usize> {
    let middle = |class: usize| {
        let members: Vec<usize> =
            (0..classes.len()).filter(|&point| classes[point] == class).collect();
        let among = similarities.select(Axis(0), &members);
        let sum = |exemplar: usize| among.column(exemplar).sum();
        let best = members.iter().max_by(|&&a, &&b| sum(a).total_cmp(&sum(b)).then(b.cmp(&a)));
        best.map_or(exemplars[class], |best| *best)
    };
    (0..exemplars.len()).map(middle).collect()
}

#[cfg(test)]
mod tests {
    use super::super::test_scenes::{refusal, Scene};
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_blobs() {
        for n_bands in [2, 4] {
            let scene = Scene::new(&[700, 120, 80, 40], 0, n_bands);
            let options = json!({"preference": -2e7, "n_representatives": 300, "damping": 0.8});
            let (model, labels) = scene.classify("affinity", options.clone()).unwrap();
            scene.check(&model, &labels, 0);
            // A fit ends after 15 rounds without a change.
            assert!((15..=200).contains(&model.n_iter()), "{}", model.n_iter());
            scene.check_repeats("affinity", options);
        }
    }

    #[test]
    fn draws_count_as_pixels() {
        // Two values of four draws each: half of the 64 similarities are 0.
        let scene = Scene::new(&[1, 1], 0, 2);
        let (model, _) = scene.classify("affinity", json!({"n_representatives": 8})).unwrap();
        let (a, b) = (&model.classes[0].mean, &model.classes[model.n_classes() - 1].mean);
        let squared: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
        assert_eq!(model.n_classes(), 2);
        assert_eq!(model.method.parameters["preference"], json!(-squared / 2.0));
        assert_eq!(value_at(&[(-3.0, 2.0), (-1.0, 1.0), (0.0, 3.0)], |below| below >= 3.0), -1.0);
        assert_eq!(value_at(&[(-3.0, 2.0), (-1.0, 1.0), (0.0, 3.0)], |below| below > 3.0), 0.0);
    }

    #[test]
    fn one_pixel_is_one_class() {
        let (model, labels) = Scene::new(&[1], 0, 2).classify("affinity", json!({})).unwrap();
        assert_eq!((model.n_classes(), labels), (1, vec![1]));
    }

    #[test]
    fn tells_when_it_has_not_settled() {
        let scene = Scene::new(&[300, 200], 0, 2);
        let error = scene.classify("affinity", json!({"max_iter": 5})).unwrap_err();
        assert!(
            error.to_string().contains("after 5 rounds with a damping of 0.9: raise damping"),
            "{error}"
        );
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let refused = |options| refusal("affinity", options);
        assert_eq!(
            refused(json!({"damping": 1})),
            "damping is 1: give a number from 0.5 to less than 1"
        );
        assert_eq!(
            refused(json!({"damping": 0.4})),
            "damping is 0.4: give a number from 0.5 to less than 1"
        );
        assert!(refused(json!({"max_iter": 0})).ends_with("both must be at least 1"));
        assert!(refused(json!({"convergence_iter": 0})).ends_with("both must be at least 1"));
        let too_many = "n_representatives is 3001: give a number from 2 to 3000";
        assert_eq!(refused(json!({"n_representatives": 3001})), too_many);
    }
}
