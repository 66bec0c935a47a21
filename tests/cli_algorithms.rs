//! `--algorithm` and `--option`: what they print, and what they refuse.

#![cfg(feature = "cli")]

mod common;

use common::Folder;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3], 200);
    folder
}

#[test]
fn the_report_and_the_model_say_how_a_pixel_gets_its_class() {
    let folder = scene();
    let birch = "cluster scene.tif map.tif -k 3 --algorithm birch --option n_representatives=300 \
                 --model m.json";
    let told = folder.json(birch);
    assert_eq!((told["algorithm"].as_str(), told["n_clusters"].as_u64()), (Some("birch"), Some(3)));
    assert!(told["n_representatives"].as_u64().unwrap() <= 300, "{told}");
    let text = folder.must(
        "fit scene.tif --model n.json -k 3 --algorithm agglomerative --option linkage=complete",
    );
    assert!(text.contains("agglomerative: every pixel has the class of the nearest of"), "{text}");
    let model = folder.must("info n.json");
    assert!(
        model.contains("agglomerative, 3 classes") && model.contains("linkage complete"),
        "{model}"
    );
    folder.must("predict m.json scene.tif again.tif -q");
    assert_eq!(folder.labels("map.tif"), folder.labels("again.tif"));
}

#[test]
fn minibatch_is_k_means_and_says_so() {
    let folder = scene();
    let text = folder.must("fit scene.tif --model m.json --algorithm minibatch");
    assert!(text.contains("minibatch: this is kmeans"), "{text}");
    folder.must("fit scene.tif --model k.json -q");
    let contents = folder.contents();
    assert_eq!(contents["m.json"], contents["k.json"]);
}

#[test]
fn bands_have_weights() {
    let folder = scene();
    folder.must("cluster scene.tif plain.tif -k 4 --model plain.json -q");
    folder.must("cluster scene.tif map.tif -k 4 --model m.json --band-weights 1,4,0.5 -q");
    folder.must("predict m.json scene.tif again.tif -q");
    assert_ne!(folder.labels("map.tif"), folder.labels("plain.tif"));
    assert_eq!(folder.labels("map.tif"), folder.labels("again.tif"));
    let told = folder.must("info m.json");
    assert!(told.contains("scaling none, band weights 1, 4, 0.5"), "{told}");
    folder.must("cluster scene.tif one.tif -k 4 --model one.json --band-weights 1,1,1 -q");
    let contents = folder.contents();
    assert_eq!(contents["one.json"], contents["plain.json"]);
    let weighted = folder.json("choose-k scene.tif --max 4 --band-weights 1,4,0.5");
    let plain = folder.json("choose-k scene.tif --max 4");
    assert_ne!(weighted["candidates"], plain["candidates"]);
    for command in
        ["cluster scene.tif no.tif", "fit scene.tif --model n.json", "choose-k scene.tif"]
    {
        let error = folder.fail(&format!("{command} --band-weights 1,2"));
        let message = "--band-weights: 2 band weights are given for 3 bands: give one for each";
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn wrong_options_are_refused_before_anything_is_read() {
    let folder = Folder::new();
    for (arguments, message) in [
        (
            "--algorithm dbscan -k 3",
            "--clusters is 3, but dbscan finds the number of classes itself: leave it out",
        ),
        ("--algorithm hdbscan --n-init 3", "--n-init is not an option of hdbscan"),
        ("--algorithm gmm --metric spectral_angle", "--metric is not an option of gmm"),
        ("--algorithm gmm --band-weights 1,2", "--band-weights is not an option of gmm (a mixture"),
        ("--band-weights 1,0,2", "--band-weights: a band weight is 0: give numbers above 0"),
        ("--band-weights 1,-1", "--band-weights: a band weight is -1: give numbers above 0"),
        ("--band-weights 1,nan", "--band-weights: a band weight is NaN: give numbers above 0"),
        ("--band-weights 1,2 --metric spectral_angle", "does not go with band_weights"),
        (
            "--algorithm dbscan --option n_clusters=3",
            "has no option n_clusters (it finds the number",
        ),
        ("--algorithm dbscan --option epss=3", "has no option epss (did you mean eps?)"),
        ("-k 3 --option n_clusters=4", "--option gives n_clusters, which is given already"),
        ("--algorithm birch --option threshold=-", "option threshold is \"-\": give a number"),
        ("--algorithm dbscan --option eps=-1", "eps is -1"),
        ("--algorithm dbscan --option eps=far", "option eps is \"far\": give a number"),
        ("--algorithm dbscan --option eps", "is not NAME=VALUE"),
        ("--option eps=3", "kmeans has no option eps: its options are n_clusters, n_init"),
    ] {
        let error = folder.fail(&format!("fit none.tif --model m.json {arguments}"));
        assert!(error.contains(message), "{arguments}: {error}");
    }
}
