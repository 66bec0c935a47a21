//! Finding GDAL at run time: the one that the user names, that this process has loaded, or that is
//! installed.
//!
//! A process has one GDAL. QGIS, osgeo and rasterio bring their own, and a second one beside it
//! crashes. So GDAL is not linked, and one that is loaded already is used.

use std::ffi::{c_char, CStr};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use super::functions;
use super::modules::{self, Module};
use crate::error::{Error, Result};
use crate::machine::can_start_threads;

/// The environment variable that names a file of GDAL's library.
const VARIABLE: &str = "BANDCLUSTER_GDAL";

/// The oldest supported version, as GDAL's number and as text.
const OLDEST: (u32, &str) = (3_040_000, "3.4");

/// The GDAL that this process uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// Its version, such as `3.6.2`.
    pub version: String,
    /// Its file; only its name if the system does not say more.
    pub path: PathBuf,
}

static FOUND: OnceLock<Library> = OnceLock::new();

/// Held while GDAL is looked for, so that two threads do not load two.
static LOOKING: Mutex<()> = Mutex::new(());

/// The GDAL of this process, looked for at the first call in this order: the file that the
/// environment variable `BANDCLUSTER_GDAL` names, a GDAL that the process has loaded, the system's.
///
/// # Errors
/// `Io` when there is none, or only one that is too old; a later call looks again.
pub fn find() -> Result<&'static Library> {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    found_or(|| match named {
        Some(named) => open_named(&named, &format!("the environment variable {VARIABLE}")),
        None => open_any(),
    })
}

/// Uses the GDAL in a file. Call it before anything else needs GDAL.
///
/// # Errors
/// `Io` when it does not load, is too old, or the process has another one already.
pub fn choose(file: &Path) -> Result<&'static Library> {
    let library = found_or(|| open_named(file, "the program"))?;
    match is_same(&library.path, file) {
        true => Ok(library),
        false => Err(second(&library.path, file, "the program")),
    }
}

fn found_or(open: impl FnOnce() -> Result<Module>) -> Result<&'static Library> {
    if let Some(library) = FOUND.get() {
        return Ok(library);
    }
    let _looking = LOOKING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if FOUND.get().is_none() {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        if !can_start_threads(cores) {
            spare_threads_of_openblas();
        }
        let module = open()?;
        let (version, number) = version(&module)?;
        let library = Library { version, path: behind_links(module.path()) };
        functions::fill(number, |name| module.function(name));
        let _ = FOUND.set(library);
    }
    Ok(FOUND.get().expect("it was set above, or before"))
}

/// The file itself, for people. Windows gives it without links already, and would turn it into
/// `\\?\C:\...`.
fn behind_links(path: PathBuf) -> PathBuf {
    match cfg!(windows) {
        true => path,
        false => path.canonicalize().unwrap_or(path),
    }
}

/// OpenBLAS, which a GDAL may bring and nothing here uses, starts a thread for each core when it is
/// loaded. If the system cannot make a thread, OpenBLAS interrupts the process (SIGINT); if a
/// thread gets no memory, it tries for ever and ignores signals. This limits it to one thread, if
/// it is not loaded yet.
pub fn spare_threads_of_openblas() {
    const OPENBLAS: &str = "OPENBLAS_NUM_THREADS";
    if std::env::var_os(OPENBLAS).is_none() {
        std::env::set_var(OPENBLAS, "1");
    }
}

fn open_named(file: &Path, by: &str) -> Result<Module> {
    if let Some(loaded) = modules::loaded_gdal() {
        return match is_same(&loaded.path(), file) {
            true => Ok(loaded),
            false => Err(second(&loaded.path(), file, by)),
        };
    }
    Module::open(file).map_err(|why| {
        Error::Io(format!(
            "{by} names {} as the library of GDAL, which does not load: {why}",
            file.display()
        ))
    })
}

fn open_any() -> Result<Module> {
    if let Some(loaded) = modules::loaded_gdal() {
        return Ok(loaded);
    }
    modules::installed_gdal().map_err(|names| {
        Error::Io(format!(
            "raster files need GDAL {} or later, and none was found (looked for one that this \
             process has loaded, and for {names} where the system looks): install GDAL, import \
             osgeo or rasterio before, or set {VARIABLE} to the file of its library",
            OLDEST.1
        ))
    })
}

/// Whether a name (of a file, or known to the system's search) is that of a loaded library.
fn is_same(loaded: &Path, named: &Path) -> bool {
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.into());
    let found = || Module::open_loaded(named).map(|module| module.path());
    canonical(loaded) == canonical(named)
        || found().is_some_and(|found| canonical(&found) == canonical(loaded))
}

fn second(loaded: &Path, named: &Path, by: &str) -> Error {
    Error::Io(format!(
        "{by} names {} as the library of GDAL, but this process uses {} already, and two do not \
         go together: name that one, or none",
        named.display(),
        loaded.display()
    ))
}

/// The version of a GDAL, as text and as GDAL's number; it must not be too old.
fn version(module: &Module) -> Result<(String, u32)> {
    let ask = |what: &CStr| -> Option<String> {
        let address = module.function("GDALVersionInfo")?;
        // SAFETY: GDAL has this function since its first version, with this signature; the text
        // that it returns lives as long as its thread.
        unsafe {
            let info: unsafe extern "C" fn(*const c_char) -> *const c_char =
                std::mem::transmute(address);
            Some(CStr::from_ptr(info(what.as_ptr())).to_string_lossy().into_owned())
        }
    };
    let name = ask(c"RELEASE_NAME");
    let number = ask(c"VERSION_NUM").and_then(|number| number.parse::<u32>().ok());
    match (name, number) {
        (Some(name), Some(number)) if number >= OLDEST.0 => Ok((name, number)),
        (Some(name), _) => Err(Error::Io(format!(
            "{} is GDAL {name}: raster files need GDAL {} or later; install one, or set \
             {VARIABLE} to its file",
            module.path().display(),
            OLDEST.1
        ))),
        (None, _) => Err(Error::Io(format!(
            "{} is not a library of GDAL; set {VARIABLE} to one, or unset it",
            module.path().display()
        ))),
    }
}
