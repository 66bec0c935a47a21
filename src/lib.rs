//! Unsupervised classification of multi-band images, in bounded memory.
//!
//! ```text
//! bands  ->  Summary  ->  fit  ->  Model  ->  predict  ->  labels
//! (streamed once)         (small)             (streamed once)
//! ```
//!
//! An image that is in memory is a [`Raster`]: a borrowed view of its bands. An [`Algorithm`] finds
//! classes in it, and the [`Model`] gives them to the pixels of any image with the same bands:
//!
//! ```
//! use bandcluster::{Algorithm, KMeans, LabelsMut, Model, Raster, Run};
//!
//! // Two bands of an image of 4 x 2 pixels, one band after the other: water, and less of land.
//! // 0 is nodata.
//! let red = [410u16, 400, 390, 1500, 405, 395, 1510, 0];
//! let infrared = [200u16, 210, 190, 3000, 205, 195, 3010, 0];
//! let samples = [red, infrared].concat();
//! let image = Raster::bsq(&samples, 2, 4, 2)?.with_nodata(vec![Some(0.0); 2])?;
//!
//! let kmeans = Algorithm::KMeans(KMeans { n_clusters: 2, ..KMeans::default() });
//! let run = &mut Run::silent(0); // on all cores
//! let model = kmeans.fit_raster(&image, 0, run)?;
//!
//! // Labels: 0 for nodata, classes from 1 up, the largest first.
//! let mut labels = [0u8; 8];
//! model.predict(&image, &mut LabelsMut::from_u8(&mut labels, 4, 2)?, run)?;
//! assert_eq!(labels, [1, 1, 1, 2, 1, 1, 2, 0]);
//! assert_eq!(model.classes[0].mean, [400.0, 200.0]);
//!
//! // A model is one JSON text.
//! assert_eq!(Model::from_json(&model.to_json())?, model);
//! # Ok::<(), bandcluster::Error>(())
//! ```
//!
//! An image that does not fit in memory comes in blocks, in any order. Each block is added to a
//! [`Summary`]; the model is fitted on the summary, and refined by passes over the blocks until its
//! centres have converged on the pixels.
//!
//! ```
//! use bandcluster::{Algorithm, Raster, Refinement, Run, Summary};
//!
//! let pixels: Vec<f32> = (0..3000).map(|i| (i % 3) as f32 + (i % 7) as f32 / 100.0).collect();
//! let blocks = || pixels.chunks(1000).map(|block| Raster::bsq(block, 1, 100, 10));
//!
//! let run = &mut Run::silent(0);
//! let mut summary = Summary::new(1, bandcluster::SampleType::F32, 0)?;
//! for block in blocks() {
//!     summary.add(&block?, run)?;
//! }
//! let options = [("n_clusters".to_string(), 3.into())].into_iter().collect();
//! let mut model = Algorithm::new("kmeans", options)?.fit(&summary, run)?;
//! while !model.converged() {
//!     let mut refinement = Refinement::new(&model, summary.sample_type());
//!     for block in blocks() {
//!         refinement.add(&block?, run)?;
//!     }
//!     refinement.apply(&mut model)?;
//! }
//! assert_eq!(model.n_classes(), 3);
//! # Ok::<(), bandcluster::Error>(())
//! ```
//!
//! Summaries and refinements can be saved, sent and merged. The same pixels, options and seed give
//! the same model, whatever the number of threads, the blocks and their order.
//!
//! The module [`jobs`] handles raster files, and finds GDAL when it needs it:
//!
//! ```no_run
//! use bandcluster::jobs::{self, Request};
//! use bandcluster::Run;
//!
//! let request = r#"{
//!     "command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 6
//! }"#;
//! let outcome = jobs::run(&Request::from_json(request)?, &mut Run::silent(0))?;
//! println!("{}", outcome.to_json());
//! # Ok::<(), bandcluster::Error>(())
//! ```
//!
//! # The rooms
//!
//! In the order of imports: each room imports only from rooms that stand before it here.
//!
//! - [`error`], [`progress`]: errors; progress and cancellation
//! - `wording`: why the system failed, what is wrong with JSON, which name was meant
//! - `file`: small files, read and written as a whole
//! - `product`: which files of a Sentinel-2 product hold its bands, and what their samples mean
//! - `machine`: the memory of the process and of the machine
//! - [`raster`]: sample types, borrowed band views, labels
//! - `kernel`: the hot loops over tiles of pixels
//! - [`summary`]: the bounded, mergeable digest of an image
//! - [`model`]: classes, refinement, predict, the JSON format
//! - [`cluster`]: the algorithms, from a summary to a model
//! - [`assess`]: the number of classes; the separability of classes; whether a model fits a scene
//! - [`report`]: pages about a model and about a choice of the number of classes; pictures
//! - `gdal`: raster files
//! - [`jobs`]: what the faces do with raster files: typed requests in, typed outcomes out
//! - `capi`: the C API, which imports everything and which nothing imports

pub mod assess;
#[doc(hidden)]
pub mod capi;
pub mod cluster;
pub mod error;
mod file;
#[doc(hidden)]
pub mod gdal;
pub mod jobs;
#[doc(hidden)]
pub mod kernel;
#[doc(hidden)]
pub mod machine;
pub mod model;
#[doc(hidden)]
pub mod product;
pub mod progress;
pub mod raster;
pub mod report;
pub mod summary;
#[doc(hidden)]
pub mod wording;

pub use assess::{choose_k, choose_mixture, drift, Choice, ChooseK, ChooseMixture, Drift};
pub use cluster::{
    Affinity, Agglomerative, Algorithm, Birch, Bisecting, Dbscan, Gmm, Hdbscan, Isodata, KMeans,
    MeanShift, Optics, ScalingMethod, Spectral,
};
pub use error::{Error, Result};
pub use model::{Class, Init, Metric, Model, Refinement};
pub use progress::Run;
pub use raster::{LabelsMut, Layout, Raster, Sample, SampleType};
pub use report::{report_page, Report};
pub use summary::Summary;
