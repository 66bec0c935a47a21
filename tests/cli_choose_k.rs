//! `bandcluster choose-k`: what it prints, and what it refuses.

#![cfg(feature = "cli")]

mod common;

use common::Folder;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3], 200);
    folder
}

#[test]
fn candidates_and_a_recommendation() {
    let folder = scene();
    let before = folder.names();
    let choice = folder.json("choose-k scene.tif --min 3 --max 6 --n-init 4");
    let candidates = choice["candidates"].as_array().unwrap();
    let numbers: Vec<u64> =
        candidates.iter().map(|candidate| candidate["k"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 4, 5, 6]);
    for name in ["inertia", "silhouette", "calinski_harabasz", "davies_bouldin", "stability"] {
        assert!(candidates.iter().all(|candidate| candidate[name].is_f64()), "{name}: {choice}");
    }
    let recommended = choice["recommended_k"].as_u64().unwrap();
    assert!(numbers.contains(&recommended));
    assert!(["low", "medium", "high"].contains(&choice["certainty"].as_str().unwrap()));
    assert_eq!(
        (choice["n_pixels"].as_u64(), choice["command"].as_str()),
        (Some(40_000), Some("choose-k"))
    );

    let text = folder.must("choose-k scene.tif --min 3 --max 6 --n-init 4");
    assert!(text.contains(&format!("recommended: {recommended} classes")), "{text}");
    assert!(text.contains(choice["reason"].as_str().unwrap()), "{text}");
    assert_eq!(text.lines().filter(|line| line.trim_start().starts_with('*')).count(), 1, "{text}");
    assert_eq!(folder.must("choose-k scene.tif --max 3 --n-init 1 -q"), "");
    assert_eq!(folder.names(), before);
}

#[test]
fn a_single_restart_has_no_stability() {
    let folder = scene();
    let choice = folder.json("choose-k scene.tif --max 3 --n-init 1");
    assert!(choice["candidates"][0]["stability"].is_null(), "{choice}");
    assert!(choice["reason"].as_str().unwrap().contains("not known"), "{choice}");
}

#[test]
fn a_page_with_charts() {
    let folder = scene();
    let choice = folder.json("choose-k scene.tif --max 4 --n-init 3 --report page.html");
    assert_eq!(choice["report"], "page.html");
    let page = std::fs::read_to_string(folder.path("page.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 5);
    assert!(
        page.contains("scene.tif") && page.contains(choice["certainty"].as_str().unwrap()),
        "{page}"
    );
    assert!(folder.fail("choose-k scene.tif --max 3 --report page.txt").contains("ends in .html"));
    assert!(folder
        .fail("choose-k scene.tif --max 3 --report none/page.html")
        .contains("no folder none"));
    std::fs::rename(folder.path("scene.tif"), folder.path("scene.html")).unwrap();
    assert!(folder.fail("choose-k scene.html --report scene.html").contains("is an input too"));
}

#[test]
fn ranges_that_cannot_be() {
    let folder = scene();
    assert!(folder
        .fail("choose-k scene.tif --min 5 --max 4")
        .contains("5, is above the largest, 4"));
    assert!(folder.fail("choose-k scene.tif --min 1").contains("2 to 255"));
    assert!(folder.fail("choose-k scene.tif --max 256").contains("--max is 256"));
    folder.write_u8("few.tif", 50, |x, _| (x % 3) as u8 + 1);
    let line = folder.fail("choose-k few.tif");
    assert!(
        line.contains("few.tif: 12 clusters were asked for") && line.contains("at most 3"),
        "{line}"
    );
}
