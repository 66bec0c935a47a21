//! What GDAL complains of, turned into this library's errors.

use std::sync::{Mutex, Once};

use gdal::errors::{CplErrType, GdalError};

use crate::error::Error;

/// Failures that GDAL reported since they were last forgotten, oldest first.
static FAILURES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// More than this many are not kept: the first is the one that tells.
const KEPT: usize = 16;

/// Stops GDAL from printing; what it reports as a failure is kept instead.
pub(super) fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        gdal::config::set_error_handler(|class, _, message| {
            if matches!(class, CplErrType::Failure | CplErrType::Fatal) {
                let mut failures = FAILURES.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                if failures.len() < KEPT {
                    failures.push(one_line(message));
                }
            }
        });
    });
}

/// Takes what was kept. Failures in GDAL's own threads, and those of calls that return nothing (closing a
/// file), are seen only here.
pub(super) fn take_failures() -> Vec<String> {
    std::mem::take(&mut FAILURES.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

/// An error about a file: what could not be done with it, and what GDAL says.
pub(super) fn io(name: &str, what: &str, error: &GdalError) -> Error {
    Error::Io(format!("{name}: {what}: {}", text(error)))
}

/// GDAL's own words, in one line.
pub(super) fn text(error: &GdalError) -> String {
    let words = match error {
        GdalError::CplError { msg, .. } | GdalError::NullPointer { msg, .. } => msg.clone(),
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
