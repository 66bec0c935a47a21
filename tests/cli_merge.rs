//! `bandcluster merge`, and fits that are aligned to an old model, on real scenes: what is written,
//! printed and refused.

#![cfg(feature = "cli")]

mod common;

use common::{data, Folder};
use gdal::{Dataset, Metadata};
use serde_json::Value;

const SIZE: usize = 320;
const BANDS: [usize; 4] = [1, 2, 3, 4];

/// A real scene, its map and its model of six classes.
fn classified() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &BANDS, SIZE);
    folder.must("cluster scene.tif old.tif --model old.json -k 6 -q");
    folder
}

fn model(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path(name)).unwrap()).unwrap()
}

fn of_classes<'a>(object: &'a Value, key: &str) -> Vec<&'a Value> {
    object["classes"].as_array().unwrap().iter().map(|class| &class[key]).collect()
}

/// The new value of each old one, from 0.
fn mapping(told: &Value) -> Vec<f64> {
    let pairs = told["mapping"].as_array().unwrap();
    assert!(pairs.iter().zip(1..).all(|(pair, value)| pair["from"] == value));
    std::iter::once(0.0).chain(pairs.iter().map(|pair| pair["to"].as_f64().unwrap())).collect()
}

#[test]
fn predicting_with_the_merged_model_is_remapping() {
    let folder = classified();
    folder.cut("neighbour.tif", "s2_predict.tif", &BANDS, SIZE);
    folder.must("predict old.json neighbour.tif neighbour_old.tif -q");
    let merge = "merge old.json --into water=1,3 --into crops=2,5 --into forest=4 -o new.json \
                 --labels old.tif --labels-output new.tif";
    let told = folder.json(merge);
    let new_of = mapping(&told);
    for (scene, old) in [("scene.tif", "old.tif"), ("neighbour.tif", "neighbour_old.tif")] {
        folder.must(&format!("predict new.json {scene} predicted.tif -q"));
        let expected: Vec<f64> =
            folder.labels(old).iter().map(|label| new_of[*label as usize]).collect();
        assert!(folder.labels("predicted.tif") == expected, "{scene}");
    }
    folder.must("predict new.json scene.tif predicted.tif -q");
    let files = folder.contents();
    assert!(
        files["new.tif"] == files["predicted.tif"]
            && files["new.tif.aux.xml"] == files["predicted.tif.aux.xml"]
    );
    let saved = model(&folder, "new.json");
    assert_eq!((&saved["algorithm"], &saved["version"]), (&"kmeans".into(), &1.into()));
    assert_eq!(told["n_clusters"], 4);
    for key in ["value", "name", "color", "count"] {
        assert_eq!(
            of_classes(&told, key),
            of_classes(&saved, key),
            "the map is of the training scene"
        );
    }
    let counts: Vec<u64> =
        of_classes(&saved, "count").iter().map(|count| count.as_u64().unwrap()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b));
    assert_eq!(
        (&told["n_pixels"], told["n_valid"].as_u64()),
        (&(SIZE * SIZE).into(), Some(counts.iter().sum()))
    );
    assert_eq!((&told["input"], &told["model"]), (&"old.json".into(), &"new.json".into()));
    assert_eq!((&told["labels"], &told["output"]), (&"old.tif".into(), &"new.tif".into()));
}

/// A class of the older model that the new fit did not find has no pixels and no profile.
#[test]
fn a_class_that_was_not_found_can_be_merged() {
    let folder = classified();
    folder.must("fit scene.tif --model few.json --like old.json -k 3 -q");
    let counts: Vec<u64> = of_classes(&model(&folder, "few.json"), "count")
        .iter()
        .map(|count| count.as_u64().unwrap())
        .collect();
    let value_of =
        |wanted: &dyn Fn(u64) -> bool| 1 + counts.iter().position(|count| wanted(*count)).unwrap();
    let (found, missing) = (value_of(&|count| count > 0), value_of(&|count| count == 0));
    folder.must("predict few.json scene.tif few.tif -q");
    let told = folder.json(&format!("merge few.json --into both={found},{missing} -o new.json"));
    let new_of = mapping(&told);
    folder.must("predict new.json scene.tif new.tif -q");
    let expected: Vec<f64> =
        folder.labels("few.tif").iter().map(|label| new_of[*label as usize]).collect();
    assert!(folder.labels("new.tif") == expected);
}

#[test]
fn a_relabelled_map_keeps_its_place_nodata_and_names() {
    let folder = Folder::new();
    let scene = data("l8_nodata_a.tif");
    folder.must(&format!("cluster {} old.tif --model old.json -k 5 -q", scene.display()));
    let text = folder
        .must("merge old.json --into ice=2,4 -o new.json --labels old.tif --labels-output new.tif");
    for word in ["5 classes, now 4", "ice", "model: new.json", "output: new.tif"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let (old, new) =
        ["old.tif", "new.tif"].map(|name| Dataset::open(folder.path(name)).unwrap()).into();
    assert_eq!(new.geo_transform().unwrap(), old.geo_transform().unwrap());
    assert!(new.spatial_ref().unwrap() == old.spatial_ref().unwrap());
    let band = new.rasterband(1).unwrap();
    assert_eq!((band.block_size(), band.no_data_value()), ((512, 512), Some(0.0)));
    assert_eq!(new.metadata_item("COMPRESSION", "IMAGE_STRUCTURE").as_deref(), Some("DEFLATE"));
    let colors = band.color_table().unwrap();
    for class in model(&folder, "new.json")["classes"].as_array().unwrap() {
        let entry = colors.entry_as_rgb(class["value"].as_u64().unwrap() as usize).unwrap();
        assert_eq!(format!("#{:02x}{:02x}{:02x}", entry.r, entry.g, entry.b), class["color"]);
    }
    assert!(std::fs::read_to_string(folder.path("new.tif.aux.xml"))
        .unwrap()
        .contains("<Category>ice</Category>"));
    let holes = |name: &str| -> Vec<bool> {
        folder.labels(name).iter().map(|label| *label == 0.0).collect()
    };
    assert!(holes("old.tif") == holes("new.tif") && holes("new.tif").contains(&true));
}

#[test]
fn names_alone_and_colors() {
    let folder = classified();
    folder.must("merge old.json --into deep=2 -o named.json -q");
    let (old, named) = (model(&folder, "old.json"), model(&folder, "named.json"));
    assert_eq!(old["centers"], named["centers"]);
    assert_eq!(named["classes"][1]["name"], "deep");
    folder.must("merge old.json --into a=1,2 --into b=3,4,5,6 --colors red,#010203 -o two.json -q");
    assert_eq!(of_classes(&model(&folder, "two.json"), "color"), ["#ff0000", "#010203"]);
    let message = folder.fail("merge old.json --into a=1,2 --colors red,blue -o two.json");
    assert!(message.contains("2 colours for 5 classes"), "{message}");
}

#[test]
fn what_cannot_be_merged_is_refused_and_nothing_is_left_behind() {
    let folder = classified();
    folder.cut("scene4.tif", "s2_train.tif", &BANDS, 64);
    folder.write_u8("foreign.tif", 64, |x, _| x as u8);
    let before = folder.contents();
    for (words, wanted) in [
        ("--into a=1,7 -o new.json", "no class 7: the classes are 1 to 6"),
        ("--into a=1,2 --into b=2,3 -o new.json", "both a and b"),
        ("--into a:1,2 -o new.json", "NAME=VALUES"),
        ("--into a=1,2 -o old.json", "old.json is an input too"),
        ("--into a=1,2 -o no/new.json", "no folder"),
        (
            "--into a=1,2 -o new.json --labels foreign.tif --labels-output new.tif",
            "label 7 is none of",
        ),
        ("--into a=1,2 -o new.json --labels scene4.tif --labels-output new.tif", "has 4 bands"),
        (
            "--into a=1,2 -o new.json --labels old.tif --labels-output old.tif",
            "old.tif is an input too",
        ),
        ("--into a=1,2 -o new.json --labels none.tif --labels-output new.tif", "none.tif"),
        ("--into a=1,2 -o new.json --labels old.tif --labels-output new.png", ".tif"),
    ] {
        let message = folder.fail(&format!("merge old.json {words}"));
        assert!(message.contains(wanted), "{words}: {message}");
        assert!(folder.contents() == before, "{words}");
    }
    for words in ["-o new.json", "--into a=1,2", "--into a=1,2 -o new.json --labels old.tif"] {
        assert_eq!(
            folder.run(&format!("merge old.json {words}")).status.code(),
            Some(2),
            "{words}"
        );
    }
}

/// Names and colours that only the old model has.
fn give_names(folder: &Folder) {
    let text = std::fs::read_to_string(folder.path("old.json")).unwrap();
    let mut model: Value = serde_json::from_str(&text).unwrap();
    for (class, number) in model["classes"].as_array_mut().unwrap().iter_mut().zip(1..) {
        class["name"] = format!("old {number}").into();
        class["color"] = format!("#0000{number:02x}").into();
    }
    std::fs::write(folder.path("old.json"), model.to_string()).unwrap();
}

#[test]
fn a_fit_with_another_seed_keeps_the_legend() {
    let folder = classified();
    give_names(&folder);
    folder.must("cluster scene.tif plain.tif -k 6 --seed 3 --model plain.json -q");
    let told =
        folder.json("cluster scene.tif like.tif -k 6 --seed 3 --like old.json --model like.json");
    let (old, like) = (model(&folder, "old.json"), model(&folder, "like.json"));
    for key in ["value", "name", "color"] {
        assert_eq!(of_classes(&like, key), of_classes(&old, key));
        assert_eq!(of_classes(&told, key), of_classes(&old, key));
    }
    for aligned in told["aligned"].as_array().unwrap() {
        assert_eq!(aligned["value"], aligned["like"]);
        assert!(aligned["distance"].as_f64().unwrap() < 20.0, "{aligned}");
    }
    // Both fits find the same clusters.
    let (plain, again) = (folder.labels("plain.tif"), folder.labels("like.tif"));
    let mut pairs: Vec<_> = plain.iter().zip(&again).map(|(a, b)| (*a as u8, *b as u8)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(pairs.len(), 6);
    let same = again.iter().zip(&folder.labels("old.tif")).filter(|(a, b)| a == b).count();
    assert!(same > SIZE * SIZE * 99 / 100, "{same}");
    folder.must("predict like.json scene.tif predicted.tif -q");
    assert!(folder.contents()["predicted.tif"] == folder.contents()["like.tif"]);
    let passes = |name: &str| folder.json(&format!("cluster scene.tif {name}"))["n_passes"].clone();
    assert_eq!(passes("again.tif -k 6 --seed 3"), told["n_passes"]);
    folder.must("fit scene.tif -k 6 --seed 3 --like old.json --model fitted.json -q");
    assert!(folder.contents()["fitted.json"] == folder.contents()["like.json"]);
}

#[test]
fn the_neighbour_keeps_the_legend_with_more_classes_and_with_fewer() {
    let folder = classified();
    give_names(&folder);
    folder.cut("neighbour.tif", "s2_predict.tif", &BANDS, SIZE);
    let old = model(&folder, "old.json");
    for k in [4, 8] {
        let command = format!(
            "cluster neighbour.tif like.tif -k {k} --scaling zscore --like old.json --model \
             like.json"
        );
        let told = folder.json(&command);
        let like = model(&folder, "like.json");
        let names = of_classes(&like, "name");
        assert_eq!(names[..6], of_classes(&old, "name"));
        assert_eq!(of_classes(&like, "color")[..6], of_classes(&old, "color"));
        let used: std::collections::BTreeSet<u8> =
            folder.labels("like.tif").iter().map(|label| *label as u8).collect();
        assert_eq!(used.len(), k, "as many classes as were asked for");
        for aligned in told["aligned"].as_array().unwrap() {
            let value = aligned["value"].as_u64().unwrap();
            assert_eq!(aligned["like"].is_null(), value > 6);
            assert_eq!(
                aligned["distance"].is_number(),
                value <= 6 && used.contains(&(value as u8)),
                "{aligned}"
            );
        }
        if k == 8 {
            assert_eq!(names[6..], ["class 7 (new)", "class 8 (new)"]);
        }
        folder.must("predict like.json neighbour.tif predicted.tif -q");
        assert!(folder.contents()["predicted.tif"] == folder.contents()["like.tif"]);
    }
}

#[test]
fn another_algorithm_can_be_like_kmeans() {
    let folder = classified();
    give_names(&folder);
    let command = "cluster scene.tif like.tif -k 6 --algorithm agglomerative --like old.json \
                   --model like.json -q";
    folder.must(command);
    let (old, like) = (model(&folder, "old.json"), model(&folder, "like.json"));
    assert_eq!(of_classes(&like, "name"), of_classes(&old, "name"));
    assert_eq!(like["algorithm"], "agglomerative");
    folder.must("predict like.json scene.tif predicted.tif -q");
    assert!(folder.contents()["predicted.tif"] == folder.contents()["like.tif"]);
}

#[test]
fn what_a_fit_cannot_be_like_is_refused() {
    let folder = classified();
    let before = folder.contents();
    for (words, wanted) in [
        ("--bands 1,2,3", "choose the same bands"),
        ("--bands 4,3,2,1", "choose the same bands"),
        ("--model old.json", "old.json is an input too"),
    ] {
        let message = folder.fail(&format!("cluster scene.tif new.tif --like old.json {words}"));
        assert!(message.contains(wanted), "{words}: {message}");
        assert!(folder.contents() == before, "{words}");
    }
    let message = folder.fail("fit scene.tif --model new.json --like none.json");
    assert!(message.contains("none.json"), "{message}");
    assert_eq!(
        folder.run("cluster scene.tif n.tif --like old.json --colors red").status.code(),
        Some(2)
    );
}
