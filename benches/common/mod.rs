//! The scene that benches run on.

use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;

/// Pixels with spatial structure, like those of a scene: a few materials, mixed, with noise. Band
/// after band.
pub fn scene(n_bands: usize, n_pixels: usize) -> Vec<u16> {
    let mut random = Pcg64Mcg::new(7);
    let mut uniform = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let materials: Vec<f64> = (0..8 * n_bands).map(|_| 300.0 + 3000.0 * uniform()).collect();
    let mut samples = vec![0; n_bands * n_pixels];
    for pixel in 0..n_pixels {
        let (a, b, share) = (pixel / 700 % 8, pixel / 1900 % 8, uniform());
        for band in 0..n_bands {
            let mean = share * materials[a * n_bands + band]
                + (1.0 - share) * materials[b * n_bands + band];
            samples[band * n_pixels + pixel] = (mean + 60.0 * uniform()) as u16;
        }
    }
    samples
}
