//! GDAL's messages, turned into this library's errors.

use gdal::errors::GdalError;

use super::ffi;
use crate::error::Error;
use crate::wording::plain;

/// The largest number of characters of GDAL's message.
const MOST: usize = 240;

/// How SQLite says that the disk is full, after the whole text of its statement.
const DISK_FULL: [&str; 2] = ["database or disk is full", "No space left on device"];

/// Keeps GDAL quiet on this thread while it lives: failures become errors. The host of this library
/// keeps its own handler of errors.
pub struct Quiet {
    _pushed: ffi::Pushed<'static>,
}

/// Keeps GDAL quiet on this thread.
pub fn quiet() -> Quiet {
    Quiet { _pushed: ffi::push_quiet_handler() }
}

/// Does something on this thread, and also returns the failures that GDAL reported meanwhile, one
/// line each. Failures of calls that return nothing are visible only here.
pub(super) fn with_failures<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    listened(work, false)
}

/// The same, with warnings too.
pub(super) fn with_failures_and_warnings<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    listened(work, true)
}

fn listened<T>(work: impl FnOnce() -> T, warnings: bool) -> (T, Vec<String>) {
    let mut list = Vec::new();
    let outcome = {
        let _pushed = ffi::push_handler(&mut list, warnings);
        work()
    };
    (outcome, list.iter().map(|message| one_line(message)).collect())
}

/// An error about a file: what could not be done with it, and what GDAL says.
pub(super) fn io(name: &str, what: &str, error: &GdalError) -> Error {
    Error::Io(format!("{name}: {what}: {}", text(error)))
}

/// GDAL's own words, in one line.
pub(super) fn text(error: &GdalError) -> String {
    let words = match error {
        GdalError::CplError { msg, .. } | GdalError::NullPointer { msg, .. } => msg.clone(),
        // It has only a number; GDAL's message can still be read.
        GdalError::OgrError { .. } => ffi::last_message(),
        other => other.to_string(),
    };
    match one_line(&words) {
        words if words.is_empty() => "GDAL gives no reason".into(),
        words => words,
    }
}

/// A message in one line that can be shown, without a full stop at the end. A long one, such as a
/// failed statement of SQLite, is reduced to its beginning and end: either may hold the reason.
fn one_line(message: &str) -> String {
    if DISK_FULL.iter().any(|full| message.contains(full)) {
        return "the disk is full".into();
    }
    let words = plain(message).split_whitespace().collect::<Vec<_>>().join(" ");
    let words: Vec<char> = words.trim_end_matches('.').chars().collect();
    let half = MOST / 2;
    match words.len() {
        n if n > MOST => words[..half]
            .iter()
            .chain(&[' ', '.', '.', '.', ' '])
            .chain(&words[n - half..])
            .collect(),
        _ => words.iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_one_short_line() {
        assert_eq!(one_line("a \n \u{1b}[31mb.\n"), "a [31mb");
        let sql = format!(
            "sqlite3_exec(INSERT INTO t VALUES ('{}')) failed: disk I/O error",
            "x".repeat(9999)
        );
        let line = one_line(&sql);
        assert!(line.len() < 250 && line.starts_with("sqlite3_exec(INSERT"), "{line}");
        assert!(line.ends_with(" failed: disk I/O error"), "{line}");
        assert_eq!(one_line(&sql.replace("disk I/O error", DISK_FULL[0])), "the disk is full");
        let number = GdalError::OgrError { err: 6, method_name: "OGR_L_CreateFeature" };
        assert!(!text(&number).contains('6'));
    }
}
