//! Made-up scenes for the tests of algorithms, with the expected classes.

use rand_core::RngCore;
use rand_pcg::Pcg64;
use serde_json::{Map, Value};

use super::Algorithm;
use crate::error::Result;
use crate::model::Model;
use crate::progress::Run;
use crate::raster::{LabelsMut, Raster};

/// Pixels in blobs, band by band, and the blob of each pixel; the last `n_noise` pixels are noise.
pub(super) struct Scene {
    samples: Vec<u16>,
    n_bands: usize,
    blobs: Vec<usize>,
    n_noise: usize,
}

impl Scene {
    /// Round blobs with these numbers of pixels, hundreds of units wide and some thousands apart,
    /// and scattered pixels far from all of them.
    pub fn new(sizes: &[usize], n_noise: usize, n_bands: usize) -> Scene {
        let mut random = Pcg64::new(7, 0);
        let mut below = |n: u32| (random.next_u64() % u64::from(n)) as u32;
        let blobs: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(blob, size)| vec![blob; *size]).collect();
        let mut pixels: Vec<Vec<u32>> = Vec::new();
        for blob in &blobs {
            let center =
                |band: usize| 1000 + 3000 * ((*blob as u32 * (band as u32 + 1) + band as u32) % 5);
            pixels.push(
                (0..n_bands)
                    .map(|band| center(band) + (0..4).map(|_| below(150)).sum::<u32>())
                    .collect(),
            );
        }
        pixels.extend((0..n_noise).map(|_| (0..n_bands).map(|_| 25_000 + below(40_000)).collect()));
        let samples =
            (0..n_bands).flat_map(|band| pixels.iter().map(move |pixel| pixel[band] as u16));
        Scene { samples: samples.collect(), n_bands, blobs, n_noise }
    }

    /// The model that an algorithm finds, and the labels that it gives.
    pub fn classify(&self, name: &str, options: Value) -> Result<(Model, Vec<u16>)> {
        let n_pixels = self.blobs.len() + self.n_noise;
        let raster = Raster::bsq(&self.samples, self.n_bands, n_pixels, 1)?;
        let run = &mut Run::silent(2);
        let model = Algorithm::new(name, object(options))?.fit_raster(&raster, 0, run)?;
        let mut labels = vec![0; n_pixels];
        model.predict(&raster, &mut LabelsMut::from_u16(&mut labels, n_pixels, 1)?, run)?;
        Ok((model, labels))
    }

    /// Checks that the blobs are the classes. Of each blob, at most `per_mille` in a thousand
    /// pixels may be noise.
    pub fn check(&self, model: &Model, labels: &[u16], per_mille: usize) {
        let n_blobs = self.blobs.last().map_or(0, |last| last + 1);
        let noise = model
            .classes
            .iter()
            .find(|class| class.name == "noise")
            .map(|class| class.value as u16);
        assert_eq!(model.n_classes() - usize::from(noise.is_some()), n_blobs, "classes");
        let mut seen = Vec::new();
        for blob in 0..n_blobs {
            let of_blob = self.blobs.iter().zip(labels).filter(|(other, _)| **other == blob);
            let (lost, mut found): (Vec<u16>, Vec<u16>) =
                of_blob.map(|(_, label)| *label).partition(|label| Some(*label) == noise);
            assert!(
                lost.len() * 1000 <= per_mille * (lost.len() + found.len()),
                "{} of blob {blob} are noise",
                lost.len()
            );
            found.dedup();
            assert_eq!(found.len(), 1, "blob {blob} is of one class");
            assert!(!seen.contains(&found[0]), "blob {blob} is a class of its own");
            seen.push(found[0]);
        }
        for label in &labels[self.blobs.len()..] {
            assert_eq!(Some(*label), noise, "what is scattered is noise");
        }
    }

    /// Checks that an algorithm finds the same again, with other numbers of threads.
    pub fn check_repeats(&self, name: &str, options: Value) {
        let n_pixels = self.blobs.len() + self.n_noise;
        let raster = Raster::bsq(&self.samples, self.n_bands, n_pixels, 1).unwrap();
        let fit = |threads: usize| {
            let algorithm = Algorithm::new(name, object(options.clone())).unwrap();
            algorithm.fit_raster(&raster, 0, &mut Run::silent(threads)).unwrap().to_json()
        };
        assert_eq!(fit(1), fit(3));
    }
}

/// The error message of an algorithm for options that it refuses.
pub(super) fn refusal(name: &str, options: Value) -> String {
    Algorithm::new(name, object(options)).expect_err("these options are wrong").to_string()
}

fn object(options: Value) -> Map<String, Value> {
    match options {
        Value::Object(options) => options,
        other => panic!("{other} is no object"),
    }
}
