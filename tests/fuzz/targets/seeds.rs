//! The seeds: files that the library writes, and examples of its documentation. Every run makes
//! them anew, so none is committed.

use bandcluster::model::{Group, Model, Refinement};
use bandcluster::{Algorithm, Metric, Raster, Run, Sample, Summary};
use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;
use serde_json::{json, Map, Value};

use super::sealed;

/// The seeds of the target of this name.
///
/// # Panics
/// If there is no such target.
pub fn seeds(name: &str) -> Vec<Vec<u8>> {
    match name {
        "model" => models(),
        "summary" => summaries(),
        "refinement" => refinements(),
        "product" => products(),
        "request" => requests(),
        "fit" => random(),
        other => panic!("there are no seeds of {other}"),
    }
}

/// Pixels of four materials, BSQ, as numbers from 0 to 1.
fn scene<T: Sample>(n_bands: usize, n: usize, convert: impl Fn(f64) -> T) -> Vec<T> {
    let mut random = Pcg64Mcg::new(7);
    let mut uniform = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let mean = |band: usize, pixel: usize| ((pixel / 3 % 4) * (band + 1) % 5) as f64 / 6.0;
    let samples = (0..n_bands * n).map(|i| mean(i / n, i % n) + uniform() / 8.0);
    samples.map(convert).collect()
}

/// Models of every algorithm, as text; the first has four classes.
pub fn models() -> Vec<Vec<u8>> {
    let (two, three) = (scene(2, 60, |x| (x * 900.0) as u16), scene(3, 60, |x| x as f32));
    let (two, three) = (Raster::bsq(&two, 2, 12, 5), Raster::bsq(&three, 3, 10, 6));
    let (two, three) = (two.expect("60 pixels"), three.expect("60 pixels"));
    let fit = |name: &str, options: Value, raster: &Raster| {
        let Value::Object(options) = options else { unreachable!("options are an object") };
        let algorithm = Algorithm::new(name, options).expect("the options are right");
        algorithm.fit_raster(raster, 0, &mut Run::silent(1)).expect("the scene can be clustered")
    };
    let kmeans = fit("kmeans", json!({}), &two);
    let mut models = vec![
        kmeans.clone(),
        fit("kmeans", json!({ "n_clusters": 2, "scaling": "zscore" }), &three),
        fit("kmeans", json!({ "n_clusters": 3, "metric": Metric::SpectralAngle }), &three),
        fit("gmm", json!({ "n_components": 2, "n_representatives": 20 }), &three),
    ];
    let n_representatives =
        |name: &str| match Algorithm::new(name, Map::new()).map(serde_json::to_value) {
            Ok(Ok(Value::Object(options))) => options.contains_key("n_representatives"),
            _ => false,
        };
    for name in Algorithm::NAMES {
        let options =
            if n_representatives(name) { json!({ "n_representatives": 20 }) } else { json!({}) };
        models.push(fit(name, options, &two));
    }
    models.extend(changed(&kmeans));
    models.iter().map(|model| model.to_json().into_bytes()).collect()
}

/// A model after merging, aligning, setting radii, and setting colours and names.
fn changed(model: &Model) -> Vec<Model> {
    let groups = [Group { name: "water & \"sea\"".into(), values: vec![1, 3] }];
    let merged = model.merged(&groups).expect("there are these classes").model;
    let aligned = model.aligned(&merged).expect("the bands are the same").model;
    let (mut near, mut quantile) = (model.clone(), model.clone());
    near.set_max_distance(40.0).expect("it is above 0");
    quantile.set_radius_quantile(0.9).expect("it is a fraction");
    near.set_color(1, bandcluster::model::Color { r: 1, g: 2, b: 3 }).expect("there is this class");
    vec![merged, aligned, near, quantile]
}

/// The contents of summaries of every type, without header and checksum.
fn summaries() -> Vec<Vec<u8>> {
    fn contents<T: Sample>(n_bands: usize, convert: impl Fn(f64) -> T) -> Vec<u8> {
        let n = 20;
        let samples = scene(n_bands, n, convert);
        let memory = Summary::least_memory(n_bands, T::TYPE);
        let mut summary = Summary::new(n_bands, T::TYPE, memory).expect("so much is enough");
        let raster = Raster::bsq(&samples, n_bands, n, 1).expect("so many samples");
        summary.add(&raster, &mut Run::silent(1)).expect("the bands are the same");
        sealed::contents(&summary.to_bytes())
    }
    vec![
        contents(1, |x| (x * 250.0) as u8),
        contents(3, |x| (x * 100.0) as i8),
        contents(2, |x| (x * 9000.0) as u16),
        contents(7, |x| (x * 9000.0) as i16),
        contents(1, |x| (x * 4e9) as u32),
        contents(2, |x| (x * 2e9) as i32),
        contents(4, |x| x as f32),
        contents(8, |x| x as f32),
        contents(2, |x| x * 1e6 - 3e5),
    ]
}

/// The contents of refinements of some models, without header and checksum.
fn refinements() -> Vec<Vec<u8>> {
    fn contents<T: Sample>(options: Value, n_bands: usize, convert: impl Fn(f64) -> T) -> Vec<u8> {
        let Value::Object(options) = options else { unreachable!("options are an object") };
        let samples = scene(n_bands, 20, convert);
        let raster = Raster::bsq(&samples, n_bands, 20, 1).expect("so many samples");
        let algorithm = Algorithm::new("kmeans", options).expect("the options are right");
        let model =
            algorithm.fit_raster(&raster, 0, &mut Run::silent(1)).expect("it can be clustered");
        let mut refinement = Refinement::new(&model, T::TYPE);
        refinement.add(&raster, &mut Run::silent(1)).expect("the bands are the model's");
        sealed::contents(&refinement.to_bytes())
    }
    vec![
        contents(json!({ "n_clusters": 2 }), 1, |x| (x * 250.0) as u8),
        contents(json!({ "n_clusters": 3 }), 2, |x| (x * 9000.0) as i16),
        contents(json!({ "n_clusters": 3, "scaling": "zscore" }), 3, |x| x as f32),
        contents(json!({ "n_clusters": 2, "metric": Metric::SpectralAngle }), 3, |x| x + 0.1),
    ]
}

/// Lists of files and metadata, of both levels, with offsets and without, and files of single
/// bands.
fn products() -> Vec<Vec<u8>> {
    let file = |level: &str, folder: &str, band: &str| {
        format!(
            "S2A_{level}.SAFE/GRANULE/L_T18SVG/IMG_DATA/\
             {folder}T18SVG_20220615T155541_{band}.jp2\n"
        )
    };
    let metadata = |tag: &str, body: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<n1:{tag} xmlns:n1=\"https://example.org/{tag}.xsd\">\
             <n1:General_Info>\
             <Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>\
             <SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>{body}\
             </n1:General_Info></n1:{tag}>\n"
        )
    };
    let l1c: String =
        ["B01", "B02", "B03", "B8A", "B12"].map(|band| file("L1C", "", band)).concat();
    let l2a: String = ["B02", "B03", "AOT", "WVP", "SCL"]
        .iter()
        .flat_map(|band| {
            [10, 20]
                .map(|metres| file("L2A", &format!("R{metres}m/"), &format!("{band}_{metres}m")))
        })
        .collect();
    let l1c_says = metadata(
        "Level-1C_User_Product",
        "<QUANTIFICATION_VALUE unit=\"none\">10000</QUANTIFICATION_VALUE>\
         <RADIO_ADD_OFFSET band_id=\"1\">-1000</RADIO_ADD_OFFSET>",
    );
    let l2a_says = metadata(
        "Level-2A_User_Product",
        "<BOA_QUANTIFICATION_VALUE>10000</BOA_QUANTIFICATION_VALUE>\
         <AOT_QUANTIFICATION_VALUE>1000.0</AOT_QUANTIFICATION_VALUE>\
         <WVP_QUANTIFICATION_VALUE>1000.0</WVP_QUANTIFICATION_VALUE>\
         <BOA_ADD_OFFSET band_id=\"2\">-1000</BOA_ADD_OFFSET>",
    );
    let texts = [
        format!("S2A_L1C.SAFE/MTD_MSIL1C.xml\nS2A_L1C.SAFE/manifest.safe\n{l1c}\n{l1c_says}"),
        format!(
            "S2A_L2A.SAFE/MTD_MSIL2A.xml\n__MACOSX/S2A_L2A.SAFE/._MTD_MSIL2A.xml\n\
             {l2a}\n{l2a_says}"
        ),
        "LC08_B4.TIF\nscene_scl.tif\nred.tif\n".to_string(),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// A request of every command, with every kind of field.
fn requests() -> Vec<Vec<u8>> {
    let requests = [
        json!({ "command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 6,
            "seed": 3, "scaling": "zscore", "bands": ["B04", 3, "1-2"], "nodata": [0, null, "nan"],
            "mask_scl": true, "colors": "palette:Set1", "model": "model.json",
            "report": "report.html", "quicklook": "look.png", "polygons": "map.gpkg",
            "confidence": "sure.tif", "majority": 3, "sieve": 10, "memory": "200M", "threads": 2,
            "overwrite": true, "resolution": 20.0 }),
        json!({ "command": "cluster", "input": ["b04.tif", "b08.tif"], "output": "map.tif",
            "algorithm": "hdbscan", "options": { "min_cluster_size": 20, "scaling": "zscore" },
            "like": "old.json", "max_distance": 12.5 }),
        json!({ "command": "fit", "inputs": ["a.tif", ["b.tif", "c.tif"]], "model": "m.json",
            "metric": "spectral_angle", "tol": 1e-3, "max_iter": 20, "n_init": 4,
            "mask": ["mask.tif"], "aoi": "fields.gpkg|layername=fields" }),
        json!({ "command": "predict", "model": "m.json", "input": "a.tif", "output": "b.tif",
            "multiply": [1, 2.5], "add": 3, "radius_quantile": 0.99,
            "colors": ["red", "#00ff00"] }),
        json!({ "command": "predict", "model": "m.json", "inputs": ["a.tif", "b.tif"],
            "labels_dir": "maps", "output": "" }),
        json!({ "command": "choose_k", "input": "a.tif", "k_min": 2, "k_max": 8,
            "report": "k.html", "model": "best.json" }),
        json!({ "command": "merge", "model": "m.json", "into": ["water=1,3", "a=b=2"],
            "output": "merged.json" }),
        json!({ "command": "merge", "model": "m.json", "into": ["water=1"],
            "output": "/dev/stdout", "labels": "map.tif",
            "labels_output": "new.tif", "colors": "red,blue,#123456" }),
        json!({ "command": "info", "path": "scene.tif", "bands": [1], "memory": "1.5G" }),
        json!({ "command": "open_product", "input": "S2A.SAFE", "output": "all.vrt",
            "bands": ["B8A", "B04"], "mask_scl": true }),
        json!({ "command": "stack", "inputs": ["a.tif", "b.tif"], "output": "stack.vrt" }),
    ];
    requests.map(|request| request.to_string().into_bytes()).to_vec()
}

/// Bytes of every kind of algorithm, options and pixels.
fn random() -> Vec<Vec<u8>> {
    let mut random = Pcg64Mcg::new(11);
    let mut bytes = move || {
        let mut bytes = vec![0; 100 + random.next_u32() as usize % 500];
        random.fill_bytes(&mut bytes);
        bytes
    };
    (0..200).map(|_| bytes()).collect()
}
