//! What GDAL complains of, turned into this library's errors.

use gdal::errors::GdalError;

use super::ffi;
use crate::error::Error;

/// Keeps GDAL quiet on this thread while it lives: what goes wrong there is told by errors. The host of
/// this library keeps its own handler of errors.
pub struct Quiet {
    _pushed: ffi::Pushed<'static>,
}

/// Keeps GDAL quiet on this thread.
pub fn quiet() -> Quiet {
    Quiet { _pushed: ffi::push_quiet_handler() }
}

/// Does something on this thread, and returns also the failures that GDAL reported meanwhile, in one line
/// each: those of calls that return nothing are seen only here.
pub(super) fn heard<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    listened(work, false)
}

/// The same with warnings, too.
pub(super) fn heard_with_warnings<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
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
        // It has a number alone; what GDAL said is still there.
        GdalError::OgrError { .. } => ffi::last_message(),
        other => other.to_string(),
    };
    match one_line(&words) {
        words if words.is_empty() => "GDAL gives no reason".into(),
        words => words,
    }
}

/// A message in one line, without a closing full stop.
fn one_line(message: &str) -> String {
    let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').to_string()
}
