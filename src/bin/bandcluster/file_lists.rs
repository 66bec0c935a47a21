//! Files that one argument names: with commas between them, or in a text file.

use std::path::{Path, PathBuf};

use bandcluster::gdal::is_there;
use bandcluster::jobs::OneOrMany;
use bandcluster::{Error, Result};

/// A list of files is a short text: a larger file is something else.
const MOST_BYTES: u64 = 16 << 20;

/// The files that an input names: one file, several with commas between them, or those in the text
/// file `@list.txt`, one on each line. If a file with the whole name exists, the input is that
/// file. Commas after a backslash or between quotation marks belong to the name.
///
/// # Errors
/// `InvalidArgument` when a name between commas is empty; `Io` for a list that cannot be read.
pub fn scene(input: &Path) -> Result<OneOrMany<PathBuf>> {
    let is_plain =
        |text: &&str| !text.contains(',') && !text.starts_with('@') || text.starts_with('<');
    match input.to_str().filter(|text| !is_plain(text)) {
        Some(_) if is_there(input) => Ok(OneOrMany::One(input.into())),
        Some(text) => match text.strip_prefix('@') {
            Some(list) => read_list(Path::new(list)).map(OneOrMany::Many),
            None => parts(text),
        },
        None => Ok(OneOrMany::One(input.into())),
    }
}

/// The scenes that some arguments name. An argument is a scene, as [`scene`] reads it, or
/// `@list.txt`: each line of that file is read as an argument is.
///
/// # Errors
/// Those of [`scene`].
pub fn scenes(inputs: &[PathBuf]) -> Result<Vec<OneOrMany<PathBuf>>> {
    let mut scenes = Vec::new();
    for input in inputs {
        let list =
            input.to_str().and_then(|text| text.strip_prefix('@')).filter(|_| !is_there(input));
        match list {
            Some(list) => {
                let lines = read_list(Path::new(list))?;
                scenes.extend(lines.iter().map(|line| scene(line)).collect::<Result<Vec<_>>>()?);
            }
            None => scenes.push(scene(input)?),
        }
    }
    Ok(scenes)
}

/// The names between commas.
fn parts(text: &str) -> Result<OneOrMany<PathBuf>> {
    let (mut names, mut name, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&',') => name.extend(characters.next()),
            ',' if !is_quoted => names.push(std::mem::take(&mut name)),
            _ => {
                is_quoted ^= character == '"';
                name.push(character);
            }
        }
    }
    names.push(name);
    let names: Vec<PathBuf> =
        names.iter().map(|name| PathBuf::from(unquoted(name.trim()))).collect();
    if names.iter().any(|name| name.as_os_str().is_empty()) {
        return fail(format!("'{text}': a file name is missing beside a comma"));
    }
    Ok(match <[PathBuf; 1]>::try_from(names) {
        Ok([only]) => OneOrMany::One(only),
        Err(names) => OneOrMany::Many(names),
    })
}

/// A name without the quotation marks around it. Those inside belong to GDAL:
/// `NETCDF:"file.nc":variable`.
fn unquoted(name: &str) -> &str {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(name)
}

/// The names in a text file: one on each line, relative to the current folder. Empty lines and
/// lines that begin with # are skipped.
fn read_list(list: &Path) -> Result<Vec<PathBuf>> {
    let shown = list.display();
    let failed = |why: &str| {
        Error::Io(format!(
            "the list {shown} {why}: give a text file with the name of a file on each line"
        ))
    };
    let size = std::fs::metadata(list).map_err(|_| failed("is not there"))?.len();
    if size > MOST_BYTES {
        return Err(failed("is too large"));
    }
    let bytes = std::fs::read(list).map_err(|_| failed("cannot be read"))?;
    let text = String::from_utf8(bytes).map_err(|_| failed("is not UTF-8 text"))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let names: Vec<PathBuf> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(PathBuf::from)
        .collect();
    if names.is_empty() || text.contains('\0') {
        return Err(failed("names no file"));
    }
    Ok(names)
}

fn fail<T>(message: String) -> Result<T> {
    Err(Error::InvalidArgument(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let shown = |path: &PathBuf| path.to_string_lossy().into_owned();
        scene(Path::new(text)).unwrap().values().iter().map(shown).collect()
    }

    #[test]
    fn a_file_with_a_comma_in_its_name_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("a,b.tif");
        assert_eq!(scene(&odd).unwrap().values().len(), 2);
        std::fs::write(&odd, "").unwrap();
        assert_eq!(scene(&odd).unwrap().values(), [odd]);
        assert!(scene(Path::new("a.tif,")).is_err());
    }

    #[test]
    fn commas_of_names_are_marked() {
        assert_eq!(names("a\\,b/c.tif, d.tif"), ["a,b/c.tif", "d.tif"]);
        assert_eq!(names("a\\,b/c.tif"), ["a,b/c.tif"]);
        assert_eq!(names("\"a,b/c.tif\",d.tif"), ["a,b/c.tif", "d.tif"]);
        assert_eq!(
            names("NETCDF:\"a,b.nc\":x,NETCDF:\"a,b.nc\":y"),
            ["NETCDF:\"a,b.nc\":x", "NETCDF:\"a,b.nc\":y"]
        );
        assert_eq!(names("C:\\a\\b.tif,c.tif"), ["C:\\a\\b.tif", "c.tif"]);
        assert_eq!(names("<VRTDataset a=\"1,2\"/>"), ["<VRTDataset a=\"1,2\"/>"]);
    }

    #[test]
    fn lists_are_text_files() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            format!("@{}", path.display())
        };
        let list = write("bands.txt", "\u{feff}# bands\r\n\r\n a,b.tif \r\nc.tif".as_bytes());
        assert_eq!(names(&list), ["a,b.tif", "c.tif"]);
        let all = write("scenes.txt", format!("a.tif,b.tif\n{list}\nc.tif\n").as_bytes());
        let found = scenes(&[all.into(), "d.tif".into()]).unwrap();
        assert_eq!(
            found.iter().map(|scene| scene.values().len()).collect::<Vec<_>>(),
            [2, 2, 1, 1]
        );
        for bad in [
            write("empty.txt", b"# none\n"),
            write("bytes.txt", b"II*\0\xff\xfe"),
            "@none.txt".into(),
        ] {
            let error = scene(Path::new(&bad)).unwrap_err().to_string();
            assert!(error.contains("the list") && error.contains("text file"), "{error}");
        }
    }
}
