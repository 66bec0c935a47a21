//! Hypotheses: what may have happened to a scene, and can be undone.

use super::warning::{Finding, Warning};
use crate::model::{Model, Quantiles};

/// What Sentinel-2 products add to each sample since processing baseline 04.00 (January 2022):
/// `BOA_ADD_OFFSET` and `RADIO_ADD_OFFSET` are -1000 in their metadata.
const SENTINEL2_OFFSET: f64 = 1000.0;

/// The factor of reflectance that is stored as integers.
const REFLECTANCE: f64 = 10_000.0;

/// The same offset in reflectances of 0 to 1.
const REFLECTANCE_OFFSET: f64 = SENTINEL2_OFFSET / REFLECTANCE;

/// How the model's bands are made from those of the scene.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis {
    /// For each of the model's bands: its band of the scene, and the correction of its samples.
    pub bands: Vec<BandMapping>,
    /// What is undone; may be empty.
    pub causes: Vec<Cause>,
}

/// A band of the scene, and its correction: multiplied, then added to.
#[derive(Debug, Clone, Copy)]
pub(super) struct BandMapping {
    pub band: usize,
    pub scale: f64,
    pub offset: f64,
}

/// What happened to a scene.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cause {
    /// Its samples are this much higher.
    Offset(f64),
    /// Its samples must be multiplied by this.
    Scale(f64),
    /// Its bands are in another order: for each of the model's bands, its band of the scene
    /// (0-based).
    BandOrder(Vec<usize>),
}

impl Hypothesis {
    /// Nothing happened.
    pub fn none(n_bands: usize) -> Hypothesis {
        Hypothesis::brighter(n_bands, 1.0)
    }

    /// The whole scene is this many times as bright, as on another day. This is not undone.
    pub fn brighter(n_bands: usize, times: f64) -> Hypothesis {
        let bands = (0..n_bands)
            .map(|band| BandMapping { band, scale: 1.0 / times, offset: 0.0 })
            .collect();
        Hypothesis { bands, causes: Vec::new() }
    }

    /// The offset that is undone, if there is one: what is to be added.
    pub fn offset(&self) -> Option<f64> {
        self.causes.iter().find_map(|cause| match cause {
            Cause::Offset(offset) => Some(*offset),
            _ => None,
        })
    }

    /// The same hypothesis with another cause. An order must come last: it moves bands, but not the
    /// corrections of their samples.
    fn and(mut self, cause: Cause) -> Hypothesis {
        for (index, from) in self.bands.iter_mut().enumerate() {
            match &cause {
                Cause::Offset(offset) => from.offset = -offset,
                Cause::Scale(scale) => from.scale = *scale,
                Cause::BandOrder(order) => from.band = order[index],
            }
        }
        self.causes.push(cause);
        self
    }
}

/// All hypotheses, given the distributions of the bands of the training pixels and of the scene.
/// Each has one cause or two: other numbers and another order of the bands, or scale and offset.
/// Single causes come first.
pub(super) fn hypotheses(trained: &[Quantiles], found: &[Quantiles]) -> Vec<Hypothesis> {
    let nothing = Hypothesis::none(trained.len());
    let offsets = [SENTINEL2_OFFSET, -SENTINEL2_OFFSET, REFLECTANCE_OFFSET, -REFLECTANCE_OFFSET]
        .map(Cause::Offset);
    let scales = [REFLECTANCE, 1.0 / REFLECTANCE].map(Cause::Scale);
    let numbers: Vec<_> =
        offsets.iter().chain(&scales).map(|cause| nothing.clone().and(cause.clone())).collect();
    let both = scales
        .iter()
        .flat_map(|scale| offsets.iter().map(move |offset| (scale.clone(), offset.clone())));
    let both = both.map(|(scale, offset)| nothing.clone().and(scale).and(offset));
    let reordered = |hypothesis: &Hypothesis| {
        let orders = orders(trained, found, hypothesis).into_iter();
        Vec::from_iter(orders.map(|order| hypothesis.clone().and(Cause::BandOrder(order))))
    };
    let pairs: Vec<_> = numbers.iter().flat_map(reordered).chain(both).collect();
    numbers.into_iter().chain(reordered(&nothing)).chain(pairs).collect()
}

/// Other possible orders of the bands, after something else is undone; none if the present order is
/// the likeliest.
fn orders(trained: &[Quantiles], found: &[Quantiles], undone: &Hypothesis) -> Vec<Vec<usize>> {
    let order = likeliest_order(trained, found, undone);
    if order.iter().enumerate().all(|(index, band)| index == *band) {
        return Vec::new();
    }
    vec![(0..order.len()).rev().collect(), order]
}

/// For each of the model's bands, the band of the scene with the most similar values after
/// something else is undone; each band is used once. Pairs of bands are exchanged as long as this
/// reduces the total distance.
fn likeliest_order(trained: &[Quantiles], found: &[Quantiles], undone: &Hypothesis) -> Vec<usize> {
    let unlike = |band: usize, other: usize| {
        let BandMapping { scale, offset, .. } = undone.bands[other];
        let pairs = trained[band].values().iter().zip(found[other].values());
        pairs.map(|(a, b)| (a - (b * scale + offset)).abs()).sum::<f64>()
    };
    let mut order: Vec<usize> = (0..trained.len()).collect();
    let mut is_better = true;
    while is_better {
        is_better = false;
        for a in 0..order.len() {
            for b in a + 1..order.len() {
                let now = unlike(a, order[a]) + unlike(b, order[b]);
                let then = unlike(a, order[b]) + unlike(b, order[a]);
                // By more than rounding errors, so that this ends.
                if then < now * (1.0 - 1e-9) {
                    order.swap(a, b);
                    is_better = true;
                }
            }
        }
    }
    order
}

/// The warnings of all causes. If there are several, each says that it is not the only one.
pub(super) fn warnings(causes: &[Cause], model: &Model) -> Vec<Warning> {
    let together = causes.len() > 1;
    causes.iter().map(|cause| cause.finding(model, together).warning(None)).collect()
}

impl Cause {
    fn finding(&self, model: &Model, together: bool) -> Finding {
        match self {
            Cause::Offset(offset) => Finding::Offset { add: -offset, together },
            Cause::Scale(scale) => Finding::Scale { multiply: *scale, together },
            Cause::BandOrder(order) => Finding::BandOrder {
                order: order.iter().map(|from| from + 1).collect(),
                names: model.bands.iter().map(|band| band.name.clone()).collect(),
                together,
            },
        }
    }
}
