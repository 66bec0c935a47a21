//! `--report` of cluster, fit and predict.

#![cfg(feature = "cli")]

mod common;

use common::Folder;

fn scene() -> Folder {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 200);
    folder
}

/// A page, with single spaces between words, as a browser shows them.
fn page(folder: &Folder, name: &str) -> String {
    let text = std::fs::read_to_string(folder.path(name)).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_command_writes_its_page() {
    let folder = scene();
    let told = folder.json("cluster scene.tif map.tif -k 3 --model m.json --report a.html");
    assert_eq!(told["report"], "a.html");
    folder.must("predict m.json scene.tif again.tif --report b.html -q");
    folder.must("fit scene.tif scene.tif --model two.json -k 3 --report c.html -q");
    let (a, b, c) = (page(&folder, "a.html"), page(&folder, "b.html"), page(&folder, "c.html"));
    for page in [&a, &b, &c] {
        assert!(page.contains("Spectral signatures") && page.contains("Sentinel-2A"), "{page}");
        assert!(page.contains("40 000") || page.contains("80 000"), "{page}");
        assert!(!page.contains("NaN"));
    }
    let command =
        "bandcluster cluster scene.tif map.tif -k 3 --model m.json --report a.html --json";
    assert!(a.contains(command));
    assert!(
        b.contains("Labelled with the classes of the model m.json") && !a.contains("Labelled with")
    );
    folder.must("cluster scene.tif map.tif -k 12 --model n.json --report e.html -q");
    assert!(
        page(&folder, "e.html").contains("bandcluster merge --model n.json --into "),
        "a merge is suggested"
    );
    std::fs::create_dir(folder.path("maps")).unwrap();
    folder.must("fit scene.tif --model d.json -k 3 --report d.html --labels-dir maps -q");
    assert_eq!(page(&folder, "d.html").matches("<img").count(), 2);
    assert_eq!([&a, &b, &c].map(|page| page.matches("<img").count()), [2, 2, 4]);
    // The pictures of a scene do not depend on the command.
    let picture =
        |page: &str| page.split("src=\"").nth(2).unwrap().split('"').next().unwrap().to_string();
    assert!(picture(&a) == picture(&b) && picture(&a).len() > 1000);
}

#[test]
fn pages_do_not_change_maps_and_models() {
    let folder = scene();
    folder.must("cluster scene.tif a.tif -k 3 --model a.json -q");
    folder.must("cluster scene.tif b.tif -k 3 --model b.json --report b.html --quicklook b.png -q");
    folder.must("fit scene.tif -k 3 --model c.json -q");
    folder.must("fit scene.tif -k 3 --model d.json --report d.html -q");
    let files = folder.contents();
    assert!(files["a.tif"] == files["b.tif"] && files["a.json"] == files["b.json"]);
    assert!(files["c.json"] == files["d.json"]);
}

#[test]
fn what_was_left_out_is_told() {
    let folder = scene();
    folder.write_u8("mask.tif", 200, |_, y| u8::from(y >= 50));
    folder.must("cluster scene.tif map.tif --nodata 0 --mask mask.tif --report r.html -q");
    let page = page(&folder, "r.html");
    assert!(page.contains("10 000 pixels were not valid"), "{page}");
    assert!(
        page.contains("nodata value, 0.") && page.contains("masked by mask.tif are left out."),
        "{page}"
    );
    assert!(
        page.contains("Its classes; hatched: nodata<")
            && page.contains("stretch; hatched: nodata<")
    );
    folder.must("cluster scene.tif map.tif --report r.html -q");
    let page = self::page(&folder, "r.html");
    assert!(page.contains("<li>Every pixel was valid.</li>"), "{page}");
    assert!(page
        .contains("<li>Pixels with a band that is not a number, or infinite, are left out.</li>"));
}

#[test]
fn representatives_and_noise_are_told() {
    let folder = scene();
    folder.must("cluster scene.tif map.tif --algorithm dbscan --report r.html -q");
    let page = page(&folder, "r.html");
    assert!(page.contains("Representatives") && page.contains("dbscan"), "{page}");
    assert!(!page.contains("NaN"));
}

#[test]
fn components_and_renumbered_centres_are_told_as_what_they_are() {
    let folder = scene();
    let text = folder
        .must("cluster scene.tif map.tif -k 3 --algorithm gmm --model m.json --report gmm.html");
    assert!(text.contains("the class of the likeliest of 3 components"), "{text}");
    let text = folder
        .must("cluster scene.tif map.tif -k 5 --like m.json --model n.json --report like.html");
    assert!(text.contains("the class of the nearest of 5 centres"), "{text}");
    let info = folder.must("info n.json");
    assert!(
        info.contains("n_init")
            && info.contains("; a pixel has the class of the nearest of 5 centres")
    );
    let (gmm, like) = (page(&folder, "gmm.html"), page(&folder, "like.html"));
    let fact = |name: &str, text: &str| format!("{name}</th><td>{text}");
    assert!(
        gmm.contains(&fact("Components", "3; every pixel has the class of the likeliest")),
        "{gmm}"
    );
    assert!(
        like.contains(&fact("Centres", "5; every pixel has the class of the nearest")),
        "{like}"
    );
    assert!(like.contains(&fact("n_clusters", "5")), "{like}");
    assert!(![gmm, like].iter().any(|page| page.contains("Representatives")));
}

#[test]
fn the_place_is_told() {
    let folder = scene();
    folder.must("cluster scene.tif map.tif -k 3 --report a.html -q");
    folder.must("fit scene.tif scene.tif --model two.json -k 3 --report b.html -q");
    let place = "pixels of 10 m; EPSG:32618, WGS 84 / UTM zone 18N";
    let (a, b) = (page(&folder, "a.html"), page(&folder, "b.html"));
    assert!(a.contains(&format!(">200 x 200 {place}; areas in its plane<")), "{a}");
    assert!(b.contains(&format!(">{place}<")), "no map, no areas: {b}");
    assert!(
        a.contains("The scene: B04, B03, B02; 5–95 % stretch<") && !a.contains("hatched"),
        "{a}"
    );
}

#[test]
fn pages_of_predict_tell_how_far_the_scene_is() {
    let folder = scene();
    folder.cut("other.tif", "s2_predict.tif", &[1, 2, 3, 4], 200);
    folder.must("cluster scene.tif map.tif -k 3 --model m.json --report a.html -q");
    let told = folder.json("predict m.json other.tif b.tif --report b.html");
    let (a, b) = (page(&folder, "a.html"), page(&folder, "b.html"));
    let heading = "How far the scene is from the training scenes";
    assert!(b.contains(heading) && !a.contains(heading));
    let drift = &told["drift"];
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let overall =
        format!("moved by {:.2} standard deviations on average", number(&drift["overall"]));
    let beyond = format!("and {:.1} % of the pixels", 100.0 * number(&drift["beyond_radius"]));
    assert!(b.contains(&overall) && b.contains(&beyond), "{overall} {beyond}");
    for band in drift["bands"].as_array().unwrap() {
        let name = format!(">{}</th><td>", band["name"].as_str().unwrap());
        let row = b.split(heading).nth(1).unwrap().split(&name).nth(1).unwrap();
        let sign = if number(&band["shift"]) > 0.0 { "+" } else { "−" };
        let cells: Vec<&str> = row.split("</td>").collect();
        assert!(cells[0].starts_with(sign) && number(&band["shift"]) != 0.0, "{row}");
        assert_eq!(cells[1], format!("<td>{:.2}", number(&band["distance"])));
    }
}

#[test]
fn names_that_will_not_do() {
    let folder = scene();
    assert!(folder.fail("cluster scene.tif map.tif --report page.txt").contains("ends in .html"));
    assert!(folder
        .fail("fit scene.tif --model m.json --report no/page.html")
        .contains("no folder no"));
    assert!(folder
        .fail("cluster scene.tif map.tif --model r.html --report r.html")
        .contains("another output"));
    assert_eq!(folder.names(), ["scene.tif"]);
}
