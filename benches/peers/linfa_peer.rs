//! linfa's k-means of pixels from standard input: a peer in the comparison, called by
//! linfa_peer.py.
//!
//!     linfa_peer CLUSTERS BANDS < SAMPLES > LABELS
//!
//! Samples are little-endian float64, pixel by pixel; labels are one byte each, followed by the
//! centres as float64. It makes one start, like the other peers, with linfa's other defaults.

use std::io::{Read, Write};

use linfa::traits::{Fit, Predict};
use linfa::DatasetBase;
use linfa_clustering::KMeans;
use linfa_ndarray::Array2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<usize> =
        std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let &[n_clusters, n_bands] = numbers.as_slice() else {
        return Err("give CLUSTERS and BANDS".into());
    };
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let samples: Vec<f64> = bytes
        .chunks_exact(8)
        .map(|sample| f64::from_le_bytes(sample.try_into().expect("eight bytes")))
        .collect();
    drop(bytes);
    let pixels =
        DatasetBase::from(Array2::from_shape_vec((samples.len() / n_bands, n_bands), samples)?);
    let model = KMeans::params(n_clusters).n_runs(1).fit(&pixels)?;
    let labels: Vec<u8> =
        model.predict(pixels.records()).iter().map(|label| *label as u8).collect();
    let centers: Vec<u8> = model.centroids().iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut output = std::io::stdout().lock();
    output.write_all(&labels)?;
    output.write_all(&centers)?;
    Ok(())
}
