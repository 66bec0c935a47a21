//! Images made from arbitrary bytes.

use arbitrary::{Result, Unstructured};
use bandcluster::raster::Layout;
use bandcluster::{Raster, SampleType};

pub const SAMPLE_TYPES: [SampleType; 8] = [
    SampleType::U8,
    SampleType::I8,
    SampleType::U16,
    SampleType::I16,
    SampleType::U32,
    SampleType::I32,
    SampleType::F32,
    SampleType::F64,
];

/// Samples as they lie in memory, band after band.
#[derive(Debug)]
pub struct Pixels {
    pub sample_type: SampleType,
    pub n_bands: usize,
    pub width: usize,
    pub height: usize,
    pub nodata: Option<f64>,
    pub bytes: Vec<u8>,
}

impl Pixels {
    /// 1 to 13 bands and at most 400 pixels: arbitrary bytes, or few values, or similar numbers.
    pub fn take(u: &mut Unstructured) -> Result<Pixels> {
        let sample_type = *u.choose(&SAMPLE_TYPES)?;
        let (n_bands, width, height) =
            (u.int_in_range(1..=13)?, u.int_in_range(1..=20)?, u.int_in_range(1..=20)?);
        let n = n_bands * width * height;
        let sample = |number: f64| bytes_of(sample_type, number);
        let bytes: Vec<u8> = match u.int_in_range(0..=3)? {
            0 => repeated(u, 40 * sample_type.size())?
                .into_iter()
                .cycle()
                .take(n * sample_type.size())
                .collect(),
            1 => {
                let values = repeated(u, 8 * sample_type.size())?;
                let values: Vec<&[u8]> = values.chunks_exact(sample_type.size()).collect();
                let which = repeated(u, 64)?;
                let value = |at: u8| values[usize::from(at) % values.len()];
                which.into_iter().cycle().take(n).flat_map(|at| value(at).to_vec()).collect()
            }
            2 => {
                let (first, step) = (number(u)?, number(u)?);
                let which = repeated(u, 64)?;
                which
                    .into_iter()
                    .cycle()
                    .take(n)
                    .flat_map(|at| sample(first + f64::from(at) * step))
                    .collect()
            }
            // Separate bands, all constant except for a few pixels.
            _ => {
                let (first, other) = (number(u)?, number(u)?);
                let period = u.int_in_range(1..=50)?;
                let value = |i: usize| {
                    if i % period == 0 {
                        other
                    } else {
                        first + (i / (width * height)) as f64
                    }
                };
                (0..n).flat_map(|i| sample(value(i))).collect()
            }
        };
        // GDAL's tolerance is only for floats.
        let at = u.int_in_range(0..=n - 1)?;
        let nodata =
            (!sample_type.is_float() && u.arbitrary()?).then(|| value(sample_type, &bytes, at));
        Ok(Pixels { sample_type, n_bands, width, height, nodata, bytes })
    }

    pub fn raster(&self) -> Raster<'_> {
        let size = self.sample_type.size();
        let layout = Layout::packed(self.width, self.height, size).expect("it is small");
        let bands = self.bytes.chunks_exact(self.n_pixels() * size).map(<[u8]>::as_ptr).collect();
        // SAFETY: each band has as many bytes as the layout reaches, and samples need not be
        // aligned.
        let raster = unsafe { Raster::from_raw(bands, self.sample_type, layout) };
        raster
            .and_then(|raster| raster.with_nodata(vec![self.nodata; self.n_bands]))
            .expect("there are pixels")
    }

    pub fn n_pixels(&self) -> usize {
        self.width * self.height
    }

    pub fn value(&self, band: usize, pixel: usize) -> f64 {
        value(self.sample_type, &self.bytes, band * self.n_pixels() + pixel)
    }

    /// As documented: no value is nodata, and the square of every value is finite.
    pub fn is_valid(&self, pixel: usize) -> bool {
        let is_valid = |value: f64| value.abs() <= 1e150 && Some(value) != self.nodata;
        (0..self.n_bands).all(|band| is_valid(self.value(band, pixel)))
    }
}

/// Some bytes: at least one, at most `most`.
fn repeated(u: &mut Unstructured, most: usize) -> Result<Vec<u8>> {
    let n = u.int_in_range(most / 8..=most)?.clamp(1, most);
    let mut bytes = vec![0; n.max(8).next_multiple_of(8)];
    u.fill_buffer(&mut bytes)?;
    Ok(bytes)
}

/// A number of any kind.
fn number(u: &mut Unstructured) -> Result<f64> {
    Ok(match u.int_in_range(0..=4)? {
        0 => f64::from(u.arbitrary::<i16>()?),
        1 => f64::from(u.arbitrary::<i8>()?) / 100.0,
        2 => *u.choose(&[
            0.0,
            -0.0,
            1e-300,
            1e-40,
            1e30,
            1e100,
            1e152,
            1e300,
            f64::MAX,
            f64::NAN,
            f64::INFINITY,
        ])?,
        3 => 10f64.powi(u.int_in_range(-20..=20)?),
        _ => u.arbitrary()?,
    })
}

/// The sample of a type that is nearest to a number.
pub fn bytes_of(sample_type: SampleType, number: f64) -> Vec<u8> {
    match sample_type {
        SampleType::U8 => (number as u8).to_ne_bytes().to_vec(),
        SampleType::I8 => (number as i8).to_ne_bytes().to_vec(),
        SampleType::U16 => (number as u16).to_ne_bytes().to_vec(),
        SampleType::I16 => (number as i16).to_ne_bytes().to_vec(),
        SampleType::U32 => (number as u32).to_ne_bytes().to_vec(),
        SampleType::I32 => (number as i32).to_ne_bytes().to_vec(),
        SampleType::F32 => (number as f32).to_ne_bytes().to_vec(),
        SampleType::F64 => number.to_ne_bytes().to_vec(),
    }
}

/// The sample at an index, as a number.
fn value(sample_type: SampleType, bytes: &[u8], at: usize) -> f64 {
    fn of<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
        bytes[at * N..][..N].try_into().expect("so many")
    }
    match sample_type {
        SampleType::U8 => f64::from(u8::from_ne_bytes(of(bytes, at))),
        SampleType::I8 => f64::from(i8::from_ne_bytes(of(bytes, at))),
        SampleType::U16 => f64::from(u16::from_ne_bytes(of(bytes, at))),
        SampleType::I16 => f64::from(i16::from_ne_bytes(of(bytes, at))),
        SampleType::U32 => f64::from(u32::from_ne_bytes(of(bytes, at))),
        SampleType::I32 => f64::from(i32::from_ne_bytes(of(bytes, at))),
        SampleType::F32 => f64::from(f32::from_ne_bytes(of(bytes, at))),
        SampleType::F64 => f64::from_ne_bytes(of(bytes, at)),
    }
}
