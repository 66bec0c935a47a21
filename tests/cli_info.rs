//! `bandcluster info`: the classes of maps.

mod common;

use common::Folder;
use serde_json::json;

#[test]
fn a_map_tells_its_classes() {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 128);
    let made =
        folder.json("cluster scene.tif map.tif -k 3 --colors red,#00ff00,blue --model m.json");
    folder.must(
        "merge --model m.json --into water=1 -o n.json --labels map.tif --labels-output named.tif \
         -q",
    );
    let told = folder.json("info named.tif");
    let (made, told) = (made["classes"].as_array().unwrap(), told["classes"].as_array().unwrap());
    assert_eq!(told.len(), 3);
    for (made, told) in made.iter().zip(told) {
        for field in ["value", "color", "count", "area_ha"] {
            assert_eq!(made[field], told[field], "{field}");
        }
        let share = told["count"].as_f64().unwrap() / (128.0 * 128.0);
        assert!((told["share"].as_f64().unwrap() - share).abs() < 1e-12);
    }
    assert_eq!(told[0]["name"], "water");
    let text = folder.must("info named.tif");
    let heading = "value  name     colour   pixels   share  hectares";
    assert!(text.contains(&format!("classes\n  {heading}\n      1  water    #ff0000")), "{text}");
    assert_eq!(folder.json("info scene.tif")["classes"], json!([]));
    assert!(!folder.must("info scene.tif").contains("classes"));
}

#[test]
fn names_of_values_are_classes_where_there_is_no_table() {
    let folder = Folder::new();
    folder.write_u8("map.tif", 8, |x, _| (x % 3) as u8);
    let names = "<PAMDataset><PAMRasterBand \
                 band=\"1\"><CategoryNames><Category>nothing</Category><Category></\
                 Category><Category>forest</Category></CategoryNames></PAMRasterBand></PAMDataset>";
    std::fs::write(folder.path("map.tif.aux.xml"), names).unwrap();
    let class = |value, name: &str| {
        json!({
            "value": value, "name": name, "color": null, "count": null, "share": null,
            "area_ha": null
        })
    };
    assert_eq!(
        folder.json("info map.tif")["classes"],
        json!([class(0, "nothing"), class(2, "forest")])
    );
    let text = folder.must("info map.tif");
    assert!(text.contains("classes\n  value  name\n      0  nothing\n      2  forest\n"), "{text}");
}
