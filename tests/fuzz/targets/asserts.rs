//! What must hold for every error and every model, wherever they come from.

use bandcluster::model::{Group, Refinement};
use bandcluster::{Error, LabelsMut, Model, Raster, Result, Run};

/// Foreign models with more numbers than this are only read, not used.
const MOST_NUMBERS: usize = 4000;

/// An error has a message. (It quotes its input unchanged: faces show it in one line of plain
/// characters.)
pub fn check_message(error: &Error) {
    assert!(!error.to_string().trim().is_empty(), "an error without a message: {error:?}");
}

/// The value, if there is one. The message of an error is checked.
pub fn looked_at<T>(result: Result<T>) -> Option<T> {
    result.map_err(|error| check_message(&error)).ok()
}

/// A model that is written and read is the same model.
pub fn check_model(model: &Model) {
    let json = model.to_json();
    let again = Model::from_json(&json)
        .unwrap_or_else(|error| panic!("{error}, of a model that was saved: {json}"));
    assert_eq!(again.to_json(), json, "a model that was loaded saves to other bytes");
    let inertia = model.inertia();
    assert!(inertia.is_finite() && inertia >= 0.0, "inertia {inertia}");
    assert_eq!(model.classes.len(), model.n_classes());
    assert!(model.classes.iter().zip(1..).all(|(class, value)| class.value == value));
    let numbers = model.classes.iter().flat_map(|class| class.mean.iter().chain(&class.std));
    assert!(
        numbers.chain(model.centers()).all(|number| number.is_finite()),
        "a number that is none: {json}"
    );
}

/// Labels are in range, and 0 exactly if `is_valid` returns false; confidence is a fraction.
pub fn check_labels(model: &Model, raster: &Raster, is_valid: impl Fn(usize) -> bool) -> Vec<u16> {
    let n = raster.n_pixels();
    let (mut labels, mut confidence) = (vec![u16::MAX; n], vec![-1.0; n]);
    let view = LabelsMut::from_u16(&mut labels, raster.width(), raster.height());
    let mut view = view
        .and_then(|view| view.with_confidence(&mut confidence))
        .expect("a label for each pixel");
    model.predict(raster, &mut view, &mut Run::silent(1)).expect("the bands are the model's");
    for (pixel, (label, sure)) in labels.iter().zip(&confidence).enumerate() {
        assert!(usize::from(*label) <= model.n_labels(), "label {label} of {}", model.n_labels());
        assert_eq!(*label != 0, is_valid(pixel), "pixel {pixel} has label {label}");
        assert!(
            sure.is_nan() && *label == 0 || (0.0..=1.0).contains(sure),
            "confidence {sure} of label {label}"
        );
    }
    labels
}

/// Everything that can be done with a model keeps its promises.
pub fn use_model(model: &Model) {
    let n_points = model.regions().map_or(model.n_classes(), |regions| regions.classes.len());
    if n_points * model.n_bands() * model.n_bands() > MOST_NUMBERS {
        return;
    }
    let pixels = near_means(model);
    let raster = Raster::bsq(&pixels, model.n_bands(), pixels.len() / model.n_bands(), 1)
        .expect("as many bands");
    let labels = check_labels(model, &raster, |pixel| pixel > 0);
    check_merged(model, &raster, &labels);
    check_refined(model, &raster);
    if let Some(aligned) = looked_at(model.aligned(model)) {
        check_model(&aligned.model);
    }
    for n in 0..3 {
        looked_at(model.cut(n));
    }
    check_pages(model);
}

/// An invalid pixel, and some near the classes' means, as bands one after the other.
fn near_means(model: &Model) -> Vec<f64> {
    let band = |band: usize| {
        let means = model.classes.iter().map(move |class| class.mean[band]);
        std::iter::once(f64::NAN)
            .chain(means.flat_map(|mean| [mean, (mean * 1.5 + 1.0).clamp(-1e150, 1e150)]))
            .chain([0.0])
    };
    (0..model.n_bands()).flat_map(band).collect()
}

/// Merged classes label a pixel with the new number of its old class.
fn check_merged(model: &Model, raster: &Raster, labels: &[u16]) {
    let last = model.n_classes() as u32;
    let group = |name: &str, values: &[u32]| Group { name: name.into(), values: values.to_vec() };
    for groups in [
        vec![group("both", &[1, last])],
        vec![group("one", &[last])],
        vec![group("none", &[last + 1])],
    ] {
        let Some(merged) = looked_at(model.merged(&groups)) else { continue };
        check_model(&merged.model);
        let after = check_labels(&merged.model, raster, |pixel| labels[pixel] > 0);
        for (before, after) in labels.iter().zip(after).filter(|(before, _)| **before > 0) {
            assert_eq!(
                merged.values[usize::from(*before) - 1],
                u32::from(after),
                "label {before} was merged"
            );
        }
    }
}

/// A pass over pixels gives a model that can be saved, or an error.
fn check_refined(model: &Model, raster: &Raster) {
    let mut refinement = Refinement::new(model, raster.sample_type());
    refinement.add(raster, &mut Run::silent(1)).expect("the bands are the model's");
    let mut refined = model.clone();
    if looked_at(refinement.apply(&mut refined)).is_some() && refined.converged() {
        check_model(&refined);
    }
}

/// Pages and styles can be made from any model, and styles are XML.
fn check_pages(model: &Model) {
    let counts: Vec<u64> = (0..=model.n_labels() as u64).collect();
    let style = bandcluster::report::map_qml(model, &counts);
    roxmltree::Document::parse_with_options(
        &style,
        roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
    )
    .unwrap_or_else(|error| panic!("{error}, in the style {style}"));
    let page = bandcluster::report_page(model, &bandcluster::Report::default());
    assert!(page.contains("</html>"));
}
