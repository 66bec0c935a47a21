//! GDAL's settings for the files that jobs write: users may have turned off side files, or that GDAL looks for them.

use gdal::config::{
    clear_thread_local_config_option as clear, get_thread_local_config_option as get,
    set_thread_local_config_option as set,
};

/// A map keeps the names of its classes in a side file, and is located by what is in it.
const WANTED: [(&str, &str); 3] = [
    ("GDAL_PAM_ENABLED", "YES"),
    ("GDAL_DISABLE_READDIR_ON_OPEN", "NO"),
    ("GDAL_GEOREF_SOURCES", "PAM,INTERNAL,TABFILE,WORLDFILE"),
];

/// What holds on this thread for files of our own, until it is dropped.
pub(super) struct ForOwnFiles {
    before: [String; WANTED.len()],
}

/// Has GDAL write and read files of our own whole, on this thread. What users have set holds for their files.
pub(super) fn for_own_files() -> ForOwnFiles {
    let before = WANTED.map(|(name, value)| {
        let before = get(name, "").unwrap_or_default();
        // Names and values are texts without a null, so this does not fail.
        let _ = set(name, value);
        before
    });
    ForOwnFiles { before }
}

impl Drop for ForOwnFiles {
    fn drop(&mut self) {
        for ((name, _), before) in WANTED.iter().zip(&self.before) {
            let _ = if before.is_empty() { clear(name) } else { set(name, before) };
        }
    }
}
