//! Wavelengths of bands, by their names.
//!
//! Sentinel-2: central wavelengths of Sentinel-2A, "Sentinel-2 MSI: spectral bands" (ESA,
//! SentiWiki). Landsat 8 and 9: middles of the bands of OLI, "Landsat 8-9 OLI/TIRS Collection 2
//! Level 2 Science Product Guide" (USGS).

/// A band's name and its central wavelength in nanometres.
type Table = &'static [(&'static str, f64)];

const SENTINEL_2: Table = &[
    ("B01", 442.7),
    ("B02", 492.4),
    ("B03", 559.8),
    ("B04", 664.6),
    ("B05", 704.1),
    ("B06", 740.5),
    ("B07", 782.8),
    ("B08", 832.8),
    ("B8A", 864.7),
    ("B09", 945.1),
    ("B10", 1373.5),
    ("B11", 1613.7),
    ("B12", 2202.4),
];

/// Collection 2 has the same names for the bands of Landsat 4 to 7, but these have no SR_B6: this
/// band shows that it is Landsat 8 or 9.
const LANDSAT_OLI: Table = &[
    ("SR_B1", 443.0),
    ("SR_B2", 482.0),
    ("SR_B3", 561.5),
    ("SR_B4", 654.5),
    ("SR_B5", 865.0),
    ("SR_B6", 1608.5),
    ("SR_B7", 2200.5),
];
const LANDSAT_OLI_SIGN: &str = "SR_B6";

/// Where the wavelengths come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Sentinel2,
    Landsat,
    Names,
}

impl Source {
    /// The source in words.
    pub fn text(self) -> &'static str {
        match self {
            Source::Sentinel2 => {
                "central wavelengths of Sentinel-2A (ESA, SentiWiki), by the bands' names"
            }
            Source::Landsat => {
                "middles of the bands of Landsat 8 and 9's OLI (USGS, Collection 2 product guide), \
                 by the bands' names"
            }
            Source::Names => "wavelengths from the bands' names",
        }
    }
}

/// The central wavelength of each band in nanometres; `None` unless all are known and different.
pub(super) fn wavelengths(names: &[&str]) -> Option<(Vec<f64>, Source)> {
    let of =
        |table: Table| names.iter().map(|name| find(table, name)).collect::<Option<Vec<f64>>>();
    let landsat = || names.contains(&LANDSAT_OLI_SIGN).then(|| of(LANDSAT_OLI)).flatten();
    let told = || names.iter().map(|name| told(name)).collect::<Option<Vec<f64>>>();
    let found = of(SENTINEL_2).map(|found| (found, Source::Sentinel2));
    let found = found.or_else(|| Some((landsat()?, Source::Landsat)));
    let (found, source) = found.or_else(|| Some((told()?, Source::Names)))?;
    let mut sorted = found.clone();
    sorted.sort_by(f64::total_cmp);
    let different = sorted.windows(2).all(|pair| pair[0] < pair[1]);
    (different && !found.is_empty()).then_some((found, source))
}

fn find(table: Table, name: &str) -> Option<f64> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, found)| *found)
}

/// The wavelength in a name such as "B4, central wavelength 665 nm".
fn told(name: &str) -> Option<f64> {
    let before = name.split_once("nm").map(|(before, _)| before.trim_end())?;
    let number = before.rsplit(|c: char| !(c.is_ascii_digit() || c == '.')).next()?;
    number.parse().ok().filter(|wavelength| (100.0..100_000.0).contains(wavelength))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        let (found, source) = wavelengths(&["B02", "b8a", "B12"]).unwrap();
        assert_eq!((found, source), (vec![492.4, 864.7, 2202.4], Source::Sentinel2));
        assert_eq!(wavelengths(&["SR_B4", "SR_B6"]).unwrap().1, Source::Landsat);
        let names = ["B4, central wavelength 665 nm", "B8 (842nm)"];
        assert_eq!(wavelengths(&names).unwrap(), (vec![665.0, 842.0], Source::Names));
    }

    #[test]
    fn what_may_be_another_sensor_stays_unknown() {
        for names in [
            &["SR_B3", "SR_B4"][..],
            &["B1", "B2"],
            &["B02", "ndvi"],
            &["B02", "B02"],
            &["nm"],
            &[],
        ] {
            assert_eq!(wavelengths(names), None, "{names:?}");
        }
    }
}
