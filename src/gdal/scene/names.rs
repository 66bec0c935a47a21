//! Band names: the description in the file, if it is a name; else the part by which the file names
//! differ.

use crate::product::band_token;

/// Words that drivers and programs put before the number of a band without a name: `Band 1` (ENVI),
/// `Layer_1` (HFA), `lyr.1` (terra).
const COUNTED: [&str; 5] = ["band", "layer", "lyr", "channel", ""];

/// What drivers write if there is no name.
const NO_NAME: &str = "Contents Not Specified";

/// Separators of the words of a name.
const BETWEEN: [char; 6] = ['_', '-', '.', ' ', ':', '#'];

/// Empties descriptions that are no names: those that only count the bands, also with the file's
/// own name before the number, and one that all bands share.
pub(in crate::gdal) fn drop_meaningless_names(descriptions: &mut [String], stem: &str) {
    let counts_from = |first: usize| {
        let mut given = (first..).zip(descriptions.iter()).filter(|(_, text)| !text.is_empty());
        given.all(|(place, text)| number_in(text, stem) == Some(place))
    };
    let is_one = descriptions.len() > 1 && descriptions.iter().all(|text| *text == descriptions[0]);
    if counts_from(1) || counts_from(0) || is_one {
        descriptions.iter_mut().for_each(String::clear);
    }
    descriptions
        .iter_mut()
        .filter(|text| text.eq_ignore_ascii_case(NO_NAME))
        .for_each(String::clear);
}

/// The number in a description that is only a number, with one of the usual words or the file's
/// name before it.
fn number_in(description: &str, stem: &str) -> Option<usize> {
    let text = description.to_lowercase();
    let stem = stem.to_lowercase();
    let rest = |word: &&str| text.strip_prefix(*word).map(|rest| rest.trim_start_matches(BETWEEN));
    let is_number = |rest: &&str| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit());
    let mut rests = COUNTED.into_iter().chain([stem.as_str()]).filter_map(|word| rest(&word));
    let number = rests.find(is_number)?;
    number.parse().ok()
}

/// Whether a band's name only counts: it says nothing about a scene with another number of bands.
pub(in crate::gdal) fn only_counts(name: &str) -> bool {
    let rest =
        name.get(..5).filter(|start| start.eq_ignore_ascii_case("band ")).map(|_| &name[5..]);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit()))
}

/// Names of single-band files: the band in their names, else the part by which they differ. The
/// shared part is the scene's name, and differs in another scene.
pub(in crate::gdal) fn of_files(stems: &[&str]) -> Vec<String> {
    let apart = apart(stems, |_| true);
    let name = |(stem, part): (&&str, &str)| match band_token(stem) {
        Some(band) => band.to_string(),
        // Plain numbers choose bands by position, so they cannot be names.
        None if is_short_number(part) => format!("band {}", part.trim_start_matches('0')),
        None => part.to_string(),
    };
    stems.iter().zip(apart).map(name).collect()
}

fn is_short_number(text: &str) -> bool {
    text.len() <= 2 && text.bytes().all(|c| c.is_ascii_digit()) && text.bytes().any(|c| c != b'0')
}

/// Names for comparing two scenes, in lower case: the band in a product file's name; else the name
/// without the part that all share, if that belongs to one scene (a date, an orbit, a tile number).
pub(in crate::gdal) fn keys<S: AsRef<str>>(names: &[S]) -> Vec<String> {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let is_of_scene = |shared: &str| {
        shared.split(BETWEEN).any(|word| word.bytes().filter(u8::is_ascii_digit).count() >= 4)
    };
    let apart = apart(&names, is_of_scene);
    let key = |(name, part): (&&str, &str)| band_token(name).unwrap_or(part).to_lowercase();
    names.iter().zip(apart).map(key).collect()
}

/// Each name without the words that all begin or end with, if `drop` returns true for them. At
/// least one word of each is left.
fn apart<'n>(names: &[&'n str], drop: impl Fn(&str) -> bool) -> Vec<&'n str> {
    let words: Vec<Vec<&str>> = names.iter().map(|name| name.split(BETWEEN).collect()).collect();
    let least = words.iter().map(Vec::len).min().unwrap_or(0);
    let all_have = |word: &dyn Fn(&[&'n str]) -> &'n str| {
        words.len() > 1 && words.iter().all(|own| word(own).eq_ignore_ascii_case(word(&words[0])))
    };
    let is_shared_start = |n: &usize| all_have(&|own| own[*n]);
    let mut start = (0..least.saturating_sub(1)).take_while(is_shared_start).count();
    let is_shared_end = |n: &usize| all_have(&|own| own[own.len() - 1 - *n]);
    let mut end = (0..least.saturating_sub(1 + start)).take_while(is_shared_end).count();
    // Separators are one byte each.
    let length = |words: &[&str]| words.iter().map(|word| word.len() + 1).sum::<usize>();
    let own = |i: usize, start: usize, end: usize| {
        let last = names[i].len() - length(&words[i][words[i].len() - end..]);
        (length(&words[i][..start]), last)
    };
    if let Some(first) = names.first() {
        let (from, to) = own(0, start, end);
        start = if drop(&first[..from]) { start } else { 0 };
        end = if drop(&first[to..]) { end } else { 0 };
    }
    (0..names.len())
        .map(|i| {
            let (from, to) = own(i, start, end);
            &names[i][from..to]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaningful(descriptions: &[&str], stem: &str) -> Vec<String> {
        let mut descriptions: Vec<String> =
            descriptions.iter().map(|text| text.to_string()).collect();
        drop_meaningless_names(&mut descriptions, stem);
        descriptions
    }

    #[test]
    fn descriptions_that_count_are_no_names() {
        for made_up in [
            &["Band 1", "Band 2", "Band 3"][..],
            &["", "Band 2", "Band 3"],
            &["Layer_1", "Layer_2"],
            &["band_0", "band_1"],
            &["lyr.1", "lyr.2"],
            &["a b_1", "a b_2"],
            &["1", "2"],
            &["Channel 01", "Channel 02"],
            &["Band 1"],
            &["reflectance", "reflectance"],
            &["Contents Not Specified", "Contents Not Specified"],
        ] {
            assert!(meaningful(made_up, "a b").iter().all(String::is_empty), "{made_up:?}");
        }
        for names in [
            &["B1", "B2", "B3"][..],
            &["Band 4", "Band 3", "Band 2"],
            &["Band 1", "Band 2", "NIR"],
            &["SWIR 1", "SWIR 2"],
            &["reflectance"],
            &["Band 1 (blue)", "Band 2 (green)"],
        ] {
            assert_eq!(meaningful(names, "scene"), names);
        }
        assert!(only_counts("band 12") && only_counts("Band 1"));
        for name in ["band ", "Band1", "band 1 surface reflectance", "B1", "bänd 1"] {
            assert!(!only_counts(name), "{name}");
        }
    }

    #[test]
    fn files_are_called_by_what_tells_them_apart() {
        for (stems, names) in [
            (&["LC08_017034_SR_B2", "LC08_017034_SR_B3"][..], &["B2", "B3"][..]),
            (&["LC08_017034_SR_B2", "LC08_017034_QA_PIXEL"], &["B2", "QA_PIXEL"]),
            (&["x_red_10m", "x_near_infrared_10m"], &["red", "near_infrared"]),
            (&["red", "nir"], &["red", "nir"]),
            (&["scene_1", "scene_02"], &["band 1", "band 2"]),
            (&["ndvi_2020", "ndvi_2021"], &["2020", "2021"]),
            (&["a", "a_b"], &["a", "a_b"]),
            (&["same", "same"], &["same", "same"]),
            (&["2020_B04", "2021_B04"], &["B04", "B04"]),
            (&["alone"], &["alone"]),
        ] {
            assert_eq!(of_files(stems), names, "{stems:?}");
        }
        assert!(of_files(&[]).is_empty());
    }

    #[test]
    fn scenes_are_compared_without_their_own_names() {
        let same = |a: &[&str], b: &[&str]| keys(a) == keys(b);
        assert!(same(
            &["LC08_20200601_red", "LC08_20200601_nir"],
            &["lc08_20210703_Red", "lc08_20210703_nir"]
        ));
        assert!(same(&["red.2020153", "nir.2020153"], &["red.2021001", "nir.2021001"]));
        assert!(same(&["LC08_A_SR_B4"], &["LC08_B_SR_B4"]));
        assert!(!same(&["mean_red", "mean_nir"], &["std_red", "std_nir"]));
        assert!(!same(&["SWIR 1", "SWIR 2"], &["NIR 1", "NIR 2"]));
    }
}
