//! GDAL's settings on this thread: for the files that jobs write, and for a system that cannot make
//! threads.

use gdal::config::{
    clear_thread_local_config_option as clear, get_thread_local_config_option as get,
    set_thread_local_config_option as set,
};

/// A map keeps the names of its classes in a side file, and its georeference inside: users may have
/// turned off side files, or GDAL's search for them. From GDAL 3.11 on, an attribute table goes
/// into the pixels' file by default, and is lost if that is open for reading only.
const FOR_OWN_FILES: [(&str, &str); 4] = [
    ("GDAL_PAM_ENABLED", "YES"),
    ("GTIFF_WRITE_RAT_TO_PAM", "YES"),
    ("GDAL_DISABLE_READDIR_ON_OPEN", "NO"),
    ("GDAL_GEOREF_SOURCES", "PAM,INTERNAL,TABFILE,WORLDFILE"),
];

/// Some drivers, and GDAL's pool, wait for ever for threads that the system cannot make.
const WITHOUT_THREADS: [(&str, &str); 2] = [("GDAL_NUM_THREADS", "1"), ("VRT_NUM_THREADS", "1")];

/// Settings of this thread until this is dropped.
pub struct Settings {
    wanted: &'static [(&'static str, &'static str)],
    before: Vec<String>,
}

/// Makes GDAL write and read our own files completely, on this thread. Users' settings hold for
/// their files.
pub(super) fn for_own_files() -> Settings {
    Settings::set(&FOR_OWN_FILES)
}

/// Keeps GDAL from making threads, for calls on this thread.
pub fn without_threads() -> Settings {
    Settings::set(&WITHOUT_THREADS)
}

impl Settings {
    fn set(wanted: &'static [(&'static str, &'static str)]) -> Settings {
        let before = wanted.iter().map(|(name, value)| {
            let before = get(name, "").unwrap_or_default();
            // Names and values are texts without a null, so this does not fail.
            let _ = set(name, value);
            before
        });
        Settings { before: before.collect(), wanted }
    }
}

impl Drop for Settings {
    fn drop(&mut self) {
        for ((name, _), before) in self.wanted.iter().zip(&self.before) {
            let _ = if before.is_empty() { clear(name) } else { set(name, before) };
        }
    }
}
