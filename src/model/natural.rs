//! Natural colours: the colours of classes in the scene, changed just enough to be distinguishable.
//!
//! Lightness comes first, because the eye reads a picture by it: classes keep their order of
//! lightness, and are spread between nearly black and nearly white, with a gap between them. A
//! class that still looks like an earlier one then changes its hue and chroma, by the smallest step
//! that makes a difference (CIEDE2000).

use super::lab::Lab;
use super::{Band, Color};

/// The range of the classes' lightness, of 0 to 100: white is nodata, and black shows no hue.
const LIGHTNESS: [f64; 2] = [10.0, 91.0];

/// The gap of lightness between two classes, and the share of the range that all gaps may take.
const GAP: f64 = 4.5;
const GAPS: f64 = 0.6;

/// The difference (CIEDE2000) between distinguishable patches of a map, and the factor by which it
/// is reduced if there is no room.
const APART: f64 = 10.0;
const LESS: f64 = 0.9;

/// The size and number of steps by which a colour may move in CIELAB, so that it still resembles
/// the scene.
const STEP: f64 = 1.5;
const STEPS: i32 = 10;

/// The largest number of classes that are moved apart: no eye distinguishes hundreds, and trying
/// takes time.
const MANY: usize = 100;

/// The colours of classes, the largest first: the means of their pixels through the contrast
/// stretch of three bands, moved apart from each other and from colours that are taken. Smaller
/// classes are moved, larger ones are not.
pub(super) fn natural(
    means: &[&[f64]],
    bands: &[Band],
    rgb: [usize; 3],
    taken: &[Color],
) -> Vec<Color> {
    let seen: Vec<[f64; 3]> = means.iter().map(|mean| stretched(mean, bands, rgb)).collect();
    let lightness = laid_out(&seen.iter().map(|rgb| Lab::of_srgb(*rgb).l).collect::<Vec<_>>());
    let toned = seen.iter().zip(lightness).map(|(rgb, l)| toned(*rgb, l)).collect::<Vec<_>>();
    let (first, rest) = toned.split_at(toned.len().min(MANY.saturating_sub(taken.len())));
    [&make_distinct(first, taken), rest].concat()
}

/// Red, green and blue of a mean, 0 to 1 within the stretch. They may go beyond, far enough to
/// distinguish snow from sand.
fn stretched(mean: &[f64], bands: &[Band], rgb: [usize; 3]) -> [f64; 3] {
    rgb.map(|band| {
        let [low, high] = bands[band].percentiles;
        let fraction = (mean[band] - low) / (high - low);
        if high > low && fraction.is_finite() {
            fraction.clamp(-10.0, 10.0)
        } else {
            0.5
        }
    })
}

/// The lightness of each class: in the order of `wanted`, within bounds, and with a gap between any
/// two.
fn laid_out(wanted: &[f64]) -> Vec<f64> {
    let [low, high] = LIGHTNESS;
    let gap = GAP.min(GAPS * (high - low) / wanted.len() as f64);
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut lightness = vec![0.0; wanted.len()];
    // Upwards from the darkest class, each at least a gap above the one before; then downwards from
    // the brightest.
    let mut least = low;
    for class in &order {
        lightness[*class] = wanted[*class].max(least);
        least = lightness[*class] + gap;
    }
    let mut most = high;
    for class in order.iter().rev() {
        lightness[*class] = lightness[*class].min(most);
        most = lightness[*class] - gap;
    }
    lightness
}

/// A colour with another lightness, and as much of its chroma as screens can show.
fn toned(rgb: [f64; 3], l: f64) -> Color {
    let Lab { a, b, .. } = Lab::of_srgb(rgb.map(|channel| channel.clamp(0.0, 1.0)));
    let parts = (0..=10).rev().map(|tenths| f64::from(tenths) / 10.0);
    let mut shown = parts.filter_map(|part| Lab { l, a: a * part, b: b * part }.color());
    shown.next().unwrap_or(Color { r: 128, g: 128, b: 128 })
}

/// The colours, moved if they look like an earlier or a taken one: by the full difference if there
/// is room.
fn make_distinct(colors: &[Color], taken: &[Color]) -> Vec<Color> {
    let differences = std::iter::successors(Some(APART), |apart| Some(apart * LESS))
        .take_while(|apart| *apart > 1.0);
    let moves = moves();
    let mut found = differences.filter_map(|apart| all_apart(colors, taken, apart, &moves));
    found.next().unwrap_or_else(|| colors.to_vec())
}

/// Steps in hue and chroma, the smallest first. Steps between green and red count more: scenes vary
/// from blue to yellow, as daylight does, and only vegetation is green, or red.
fn moves() -> Vec<(f64, f64)> {
    let steps = -STEPS..=STEPS;
    let mut moves: Vec<_> =
        steps.clone().flat_map(|a| steps.clone().map(move |b| (a, b))).collect();
    moves.sort_by_key(|(a, b)| (2 * a * a + b * b, -b, *a));
    moves.into_iter().map(|(a, b)| (f64::from(a) * STEP, f64::from(b) * STEP)).collect()
}

/// The colours, each with the smallest move that makes it so different from all before; `None` if
/// one has no such move.
fn all_apart(
    colors: &[Color],
    taken: &[Color],
    apart: f64,
    moves: &[(f64, f64)],
) -> Option<Vec<Color>> {
    let mut before: Vec<Lab> = taken.iter().copied().map(Lab::from).collect();
    let mut place = |color: &Color| {
        let Lab { l, a, b } = Lab::from(*color);
        let moved = moves
            .iter()
            .filter_map(|(to_red, to_yellow)| Lab { l, a: a + to_red, b: b + to_yellow }.color());
        let found = moved.map(|color| (color, Lab::from(color)));
        let (color, lab) = { found }
            .find(|(_, lab)| before.iter().all(|other| lab.difference(*other) >= apart))?;
        before.push(lab);
        Some(color)
    };
    colors.iter().map(&mut place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands() -> [Band; 3] {
        let band = Band {
            name: "b".into(),
            nodata: None,
            scale: 1.0,
            offset: 0.0,
            percentiles: [0.0, 100.0],
            distribution: None,
        };
        [band.clone(), band.clone(), band]
    }

    fn natural_of(means: &[[f64; 3]], taken: &[Color]) -> Vec<Color> {
        let means: Vec<&[f64]> = means.iter().map(|mean| &mean[..]).collect();
        natural(&means, &bands(), [0, 1, 2], taken)
    }

    fn least_difference(colors: &[Color]) -> f64 {
        let labs: Vec<Lab> = colors.iter().copied().map(Lab::from).collect();
        let pairs = (0..labs.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        pairs.map(|(i, j)| labs[i].difference(labs[j])).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn one_class_has_the_colour_of_the_scene() {
        assert_eq!(natural_of(&[[40.0, 60.0, 20.0]], &[]), [Color { r: 102, g: 153, b: 51 }]);
    }

    #[test]
    fn clipped_classes_are_told_apart_in_their_order_of_lightness() {
        let grey = |value: f64| [value; 3];
        let means = [-20.0, 0.0, 3.0, 4.0, 5.0, 50.0, 98.0, 105.0, 120.0, 300.0].map(grey);
        let colors = natural_of(&means, &[]);
        assert!(least_difference(&colors) >= APART, "{colors:?}");
        let lightness: Vec<f64> = colors.iter().map(|color| Lab::from(*color).l).collect();
        assert!(lightness.is_sorted(), "{lightness:?}");
        assert!(
            lightness[0] > LIGHTNESS[0] - 0.5 && lightness[9] < LIGHTNESS[1] + 0.5,
            "{lightness:?}"
        );
        let mut backwards = means;
        backwards.reverse();
        let lightness: Vec<f64> =
            natural_of(&backwards, &[]).iter().map(|color| Lab::from(*color).l).collect();
        assert!(lightness.iter().rev().is_sorted(), "{lightness:?}");
    }

    #[test]
    fn the_largest_class_keeps_its_hue_and_taken_colours_are_kept_away_from() {
        let alike = [[30.0, 50.0, 20.0]; 6];
        let colors = natural_of(&alike, &[]);
        let hue = |color: Color| (Lab::from(color).a, Lab::from(color).b);
        let (a, b) = hue(colors[0]);
        let (seen_a, seen_b) = hue(natural_of(&alike[..1], &[])[0]);
        assert!((a - seen_a).abs() < 1.0 && (b - seen_b).abs() < 1.0, "{colors:?}");
        let added = natural_of(&alike, &colors);
        assert!(least_difference(&[colors, added].concat()) >= APART / 2.0, "twelve of one colour");
    }

    #[test]
    fn any_number_of_any_classes_has_colours() {
        assert!(natural_of(&[], &[]).is_empty());
        let odd = [[f64::NAN; 3], [f64::INFINITY; 3], [-f64::MAX, f64::MAX, 0.0]];
        assert!(least_difference(&natural_of(&odd, &[])) >= APART);
        let same = natural_of(&[[0.0; 3]; 200], &[]);
        assert_eq!(same.len(), 200);
        assert!(least_difference(&same[..MANY]) > 1.0, "{}", least_difference(&same[..MANY]));
        let taken: Vec<Color> = natural_of(&[[70.0; 3]; 150], &[]);
        assert_eq!(natural_of(&[[70.0; 3]; 5], &taken).len(), 5);
    }
}
