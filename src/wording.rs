//! Wording that the messages of all rooms share: displayable characters, why the system failed,
//! what is wrong with JSON, and which name was meant.

use std::io::{Error, ErrorKind};

/// A name or a message in characters that terminals, XML and shells accept: each other character
/// becomes a space. Names are cleaned on input, and file names on output.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect()
}

/// The same for a text of several lines.
#[must_use]
pub fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// The same for JSON: its texts keep other characters, as escapes.
#[must_use]
pub fn plain_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => text.push(c),
            c if is_plain(c) => text.push(c),
            c => c
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| text += &format!("\\u{unit:04x}")),
        }
    }
    text
}

/// Not plain are control characters, which move the cursor or end a text; noncharacters, which XML
/// does not accept; line separators; and characters that change the direction of the text.
fn is_plain(c: char) -> bool {
    let code = u32::from(c);
    let is_noncharacter = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    let breaks_lines = matches!(c, '\u{2028}' | '\u{2029}');
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || is_noncharacter || breaks_lines || turns)
}

/// Why the system refused something, in plain words.
#[must_use]
pub fn why(error: &Error) -> String {
    // Windows: a program has the file open, or a part of it. In QGIS this may be QGIS itself.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
        return "it is open, here or in another program; close it there".into();
    }
    // Windows says so of a file to be replaced that is open, too.
    if cfg!(windows) && error.raw_os_error() == Some(5) {
        return "permission is denied, or it is open, here or in another program".into();
    }
    let known = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::AlreadyExists => "it exists already",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::NotADirectory => "a part of the path is not a folder",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::FileTooLarge => "the file would become too large",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "it is in use",
        ErrorKind::UnexpectedEof => "it ends too early",
        ErrorKind::OutOfMemory => "there is not enough memory",
        ErrorKind::BrokenPipe => "nobody reads it",
        ErrorKind::TimedOut => "it took too long",
        _ => return without_number(&error.to_string()),
    };
    known.into()
}

/// The system's own message, without its error number and without the name of a temporary file.
pub(crate) fn without_number(text: &str) -> String {
    text.split(" (os error ").next().unwrap_or_default().to_string()
}

/// The error in a text that should be JSON, or in a value in it.
pub(crate) fn of_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => format!("it ends too early, in line {}", error.line()),
        Category::Syntax | Category::Io => {
            format!("line {}, column {} is not JSON", error.line(), error.column())
        }
        Category::Data => of_value(&error.to_string()),
    }
}

/// The error in a value, from serde's message: `missing field`, `unknown field`, `unknown variant`,
/// `invalid type: X, expected Y` and the like.
fn of_value(error: &str) -> String {
    let error = error.split(" at line ").next().unwrap_or_default();
    let quoted = || error.split('`').nth(1).unwrap_or_default();
    if error.starts_with("missing field") {
        return format!("{} is missing", quoted());
    }
    if error.starts_with("unknown field") {
        return format!("{} is not known", quoted());
    }
    if error.starts_with("duplicate field") {
        return format!("{} is there twice", quoted());
    }
    if let Some((n, _)) =
        error.strip_prefix("invalid length ").and_then(|rest| rest.split_once(','))
    {
        return format!("a list of {n} was found, {} is wanted", wanted_in(error));
    }
    if error.starts_with("unknown variant") {
        return format!("\"{}\" was found, {} is wanted", quoted(), wanted_in(error));
    }
    match error.split_once(": ").and_then(|(_, rest)| rest.split_once(", expected ")) {
        Some((found, _)) => {
            format!("{} was found, {} is wanted", plain_type(found), wanted_in(error))
        }
        None => error.replace('`', ""),
    }
}

/// The expected value.
pub(crate) fn wanted(error: &serde_json::Error) -> String {
    wanted_in(&error.to_string())
}

/// The same from serde's message: of `invalid type: string "x", expected i64`.
fn wanted_in(error: &str) -> String {
    let wanted = error.rsplit_once("expected ").map_or(error, |(_, wanted)| wanted);
    let wanted = wanted.split(" at line ").next().unwrap_or_default();
    match wanted {
        "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 up",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "path string" | "variant identifier" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other.strip_prefix("struct ").map_or(other, |_| "an object"),
    }
    .replace('`', "")
}

/// A value in serde's message, in plain words: of `string "x"`.
fn plain_type(found: &str) -> String {
    for (theirs, ours) in [
        ("string ", "the text "),
        ("integer `", "the number "),
        ("floating point `", "the number "),
        ("boolean `", "the value "),
        ("map", "an object"),
        ("sequence", "a list"),
    ] {
        if let Some(rest) = found.strip_prefix(theirs) {
            return format!("{ours}{}", rest.trim_end_matches('`'));
        }
    }
    found.to_string()
}

/// The known name with the most similar spelling, if it is similar enough.
pub(crate) fn near_miss<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let most = (name.chars().count() / 3).clamp(1, 3);
    let distance = |known: &&str| edits(&name.to_lowercase(), known);
    known.into_iter().min_by_key(distance).filter(|nearest| distance(nearest) <= most)
}

/// The number of letters to insert, delete or replace to turn one word into the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let exchanged = corner + usize::from(from != *to);
            corner = row[j + 1];
            row[j + 1] = exchanged.min(row[j].min(row[j + 1]) + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    #[test]
    fn what_cannot_be_shown_becomes_a_space() {
        let bad = "\0\u{1b}\n\t\u{7f}\u{9b}\u{fffe}\u{ffff}\u{fdd0}\u{fdef}\u{1fffe}\u{10ffff}\
                   \u{2028}\u{202e}\u{2066}";
        assert_eq!(plain(bad), " ".repeat(bad.chars().count()));
        for good in
            ["water, lake (1) <&>", "Łąka mokra", "水田", "שדה\u{200f}", "🌲", "\u{fdf0}\u{fffd}"]
        {
            assert_eq!(plain(good), good);
        }
        assert_eq!(plain_lines("a\tb\nc\n"), "a b\nc\n");
        let json = json!({"name": format!("a{bad}b")});
        let printed = plain_json(&json.to_string());
        assert!(printed.chars().all(is_plain), "{printed}");
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), json);
    }

    #[test]
    fn the_system_speaks_without_numbers() {
        let missing = std::fs::read("/no/such/file").unwrap_err();
        assert_eq!(why(&missing), "there is no such file or folder");
        #[cfg(unix)]
        for number in 1..134 {
            let text = why(&Error::from_raw_os_error(number));
            assert!(!text.contains("os error") && !text.is_empty(), "{number}: {text}");
        }
    }

    #[test]
    fn json_is_told_in_words() {
        let syntax = |text: &str| of_json(&serde_json::from_str::<Value>(text).unwrap_err());
        assert_eq!(syntax("{\"a\": 1,\n"), "it ends too early, in line 2");
        assert_eq!(syntax("{a}"), "line 1, column 2 is not JSON");
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "it is only read")]
        struct Two {
            a: f64,
            b: Option<u32>,
        }
        let data = |value| of_json(&serde_json::from_value::<Two>(value).unwrap_err());
        assert_eq!(data(json!({})), "a is missing");
        assert_eq!(data(json!({"a": 1, "c": 2})), "c is not known");
        assert_eq!(data(json!({"a": "x"})), "the text \"x\" was found, a number is wanted");
        assert_eq!(
            data(json!({"a": 1, "b": -1})),
            "the number -1 was found, a whole number from 0 up is wanted"
        );
        assert_eq!(data(json!([])), "a list of 0 was found, an object is wanted");
        assert_eq!(data(json!("x")), "the text \"x\" was found, an object is wanted");
    }

    #[test]
    fn a_name_that_was_misspelt_is_found() {
        let known = ["eps", "min_samples", "n_representatives"];
        assert_eq!(near_miss("epss", known), Some("eps"));
        assert_eq!(near_miss("min_sample", known), Some("min_samples"));
        assert_eq!(near_miss("MIN_SAMPLES", known), Some("min_samples"));
        assert_eq!(near_miss("linkage", known), None);
        assert_eq!((edits("", "abc"), edits("abc", ""), edits("kitten", "sitting")), (3, 3, 3));
    }
}
