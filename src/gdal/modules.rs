//! The shared libraries of a process: which are loaded, and their functions.

use std::ffi::{c_int, c_void, CString};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::wording::without_number;

/// An open library. It stays loaded until the process ends.
pub(super) struct Module {
    library: ManuallyDrop<libloading::Library>,
    /// Where it was found; a bare name if the system's search found it.
    name: PathBuf,
}

/// Whether a file has the name of GDAL's library: `libgdal.so.36`, `libgdal-3c6b5a21.so.36.3.10.3`
/// (in wheels), `libgdal.36.dylib`, `gdal310.dll`, `gdal-0f3b.dll`. Its drivers (`gdal_netCDF.so`)
/// do not.
fn is_gdal(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let rest = match name.strip_prefix("libgdal") {
        Some(rest) => rest,
        None if cfg!(windows) => match name.strip_prefix("gdal") {
            Some(rest) => rest,
            None => return false,
        },
        None => return false,
    };
    let is_library = [".so", ".dylib", ".dll"].iter().any(|suffix| rest.contains(suffix));
    is_library && (rest.starts_with(['.', '-']) || rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The GDAL that this process has loaded, if any.
pub(super) fn loaded_gdal() -> Option<Module> {
    let opened = |path: &PathBuf| Module::open_loaded(path);
    let is_it = |module: &Module| module.function("GDALVersionInfo").is_some();
    platform::loaded().iter().filter(|path| is_gdal(path)).filter_map(opened).find(is_it)
}

/// The installed GDAL; else the names that were tried.
pub(super) fn installed_gdal() -> Result<Module, String> {
    let names = platform::installed();
    let found = names.iter().find_map(|name| Module::open(name).ok());
    let (first, last) = (&names[0], &names[names.len() - 1]);
    found.ok_or_else(|| format!("{} to {}", first.display(), last.display()))
}

impl Module {
    /// Loads a file, or a library by the name that the system's search knows.
    pub(super) fn open(name: &Path) -> Result<Module, String> {
        let name: PathBuf = name.components().collect(); // on Windows: `/` is none for its loader
        match platform_open(&name) {
            Ok(library) => Ok(Module { library: ManuallyDrop::new(library), name }),
            Err(error) => Err(words(&error)),
        }
    }

    /// The address of a function.
    pub(super) fn function(&self, name: &str) -> Option<*mut c_void> {
        let name = CString::new(name).ok()?;
        // SAFETY: the address is taken as such; whoever calls it knows its type. No module is
        // unloaded.
        unsafe { self.library.get::<*mut c_void>(name.as_bytes_with_nul()) }
            .ok()
            .map(|symbol| *symbol)
            .filter(|address| !address.is_null())
    }
}

type SetAuto = unsafe extern "C" fn(i64, *mut c_void, *mut c_void) -> c_int;
type GetAuto = unsafe extern "C" fn(i64, *mut *mut c_void, *mut *mut c_void) -> c_int;

/// The functions of the loaded HDF5, if any, that set and get its printer of errors.
fn hdf5() -> Option<(SetAuto, GetAuto)> {
    let is_hdf5 = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.trim_start_matches("lib").starts_with("hdf5") && !name.contains("_hl")
    };
    let functions = |path: &PathBuf| {
        let module = Module::open_loaded(path)?;
        Some((module.function("H5Eset_auto2")?, module.function("H5Eget_auto2")?))
    };
    let (set, get) = platform::loaded().iter().filter(is_hdf5).find_map(functions)?;
    // SAFETY: HDF5 has these functions with these signatures since 1.8.
    Some(unsafe {
        (
            std::mem::transmute::<*mut c_void, SetAuto>(set),
            std::mem::transmute::<*mut c_void, GetAuto>(get),
        )
    })
}

/// Until this is dropped, HDF5 prints nothing on this thread. It stays on its thread.
pub(super) struct QuietHdf5 {
    set: SetAuto,
    /// The printer before, and its data.
    before: (*mut c_void, *mut c_void),
}

/// Keeps HDF5 quiet on this thread, if the process has it. It prints each failed attempt, even if
/// its caller expects the failure.
pub(super) fn quiet_hdf5() -> Option<QuietHdf5> {
    static FOUND: OnceLock<(SetAuto, GetAuto)> = OnceLock::new();
    // A driver may load it later: it is looked for until it is found.
    let (set, get) = match FOUND.get() {
        Some(found) => *found,
        None => {
            let found = hdf5()?;
            *FOUND.get_or_init(|| found)
        }
    };
    let mut before = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: HDF5 has these functions with these signatures since 1.8 (0 stands for the thread's
    // own stack of errors); addresses are those of variables that outlive the call.
    unsafe {
        (get(0, &mut before.0, &mut before.1) >= 0
            && set(0, std::ptr::null_mut(), std::ptr::null_mut()) >= 0)
            .then_some(QuietHdf5 { set, before })
    }
}

impl Drop for QuietHdf5 {
    fn drop(&mut self) {
        // SAFETY: as above; the values that are set come from HDF5 itself.
        unsafe { (self.set)(0, self.before.0, self.before.1) };
    }
}

/// Loads a library. Its own folder is searched for the libraries that it needs.
fn platform_open(name: &Path) -> Result<libloading::Library, libloading::Error> {
    #[cfg(not(windows))]
    // SAFETY: the initializers of GDAL and of the libraries it needs run here, as in any program
    // that links it. That a named file is GDAL, the user says.
    return unsafe { libloading::Library::new(name) };
    #[cfg(windows)]
    // SAFETY: as above.
    unsafe {
        let flags = if name.is_absolute() {
            libloading::os::windows::LOAD_WITH_ALTERED_SEARCH_PATH
        } else {
            0
        };
        libloading::os::windows::Library::load_with_flags(name, flags).map(Into::into)
    }
}

/// What a loading error says, in one line.
fn words(error: &libloading::Error) -> String {
    let text = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    without_number(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(all(unix, not(target_vendor = "apple")))]
mod platform {
    use std::ffi::{c_int, c_void, CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;
    use std::path::PathBuf;

    /// The numbers in the names of GDAL's library: 30 is 3.4, 39 is 3.13.
    const NUMBERS: std::ops::RangeInclusive<u32> = 30..=60;

    /// The names by which the system may know GDAL, the newest first.
    pub fn installed() -> Vec<PathBuf> {
        let numbered = NUMBERS.rev().map(|number| format!("libgdal.so.{number}"));
        std::iter::once("libgdal.so".to_string()).chain(numbered).map(PathBuf::from).collect()
    }

    /// The files of all libraries that this process has loaded.
    pub fn loaded() -> Vec<PathBuf> {
        unsafe extern "C" fn note(
            info: *mut libc::dl_phdr_info,
            _: usize,
            paths: *mut c_void,
        ) -> c_int {
            // SAFETY: the system passes a library's description, whose name is null or a C string,
            // and what `loaded` handed in.
            let (info, paths) = unsafe { (&*info, &mut *paths.cast::<Vec<PathBuf>>()) };
            if !info.dlpi_name.is_null() {
                // SAFETY: as above.
                let name = unsafe { CStr::from_ptr(info.dlpi_name) };
                paths.push(OsStr::from_bytes(name.to_bytes()).into());
            }
            0
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        // SAFETY: `note` has the wanted signature; the list outlives the call.
        unsafe { libc::dl_iterate_phdr(Some(note), (&raw mut paths).cast()) };
        paths
    }
}

#[cfg(target_vendor = "apple")]
mod platform {
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;
    use std::path::PathBuf;

    /// Where GDAL may be: on the search path, in Homebrew, in MacPorts, in QGIS.
    pub fn installed() -> Vec<PathBuf> {
        let folders = [
            "",
            "/opt/homebrew/lib/",
            "/usr/local/lib/",
            "/opt/local/lib/",
            "/Applications/QGIS.app/Contents/MacOS/lib/",
        ];
        folders.iter().map(|folder| format!("{folder}libgdal.dylib").into()).collect()
    }

    /// The files of all libraries that this process has loaded.
    #[allow(deprecated)] // in favour of another crate, for the same two functions
    pub fn loaded() -> Vec<PathBuf> {
        // SAFETY: the names are C strings that live as long as their libraries; null for a number
        // that is too large, if one was unloaded meanwhile.
        unsafe {
            let names =
                (0..libc::_dyld_image_count()).map(|index| libc::_dyld_get_image_name(index));
            let path = |name: *const std::ffi::c_char| {
                OsStr::from_bytes(CStr::from_ptr(name).to_bytes()).into()
            };
            names.filter(|name| !name.is_null()).map(path).collect()
        }
    }
}

#[cfg(unix)]
impl Module {
    /// Opens a library that is loaded, without loading it.
    pub(super) fn open_loaded(path: &Path) -> Option<Module> {
        let flags = libc::RTLD_LAZY | libc::RTLD_NOLOAD;
        // SAFETY: the library is loaded, so nothing of it is run.
        let library = unsafe { libloading::os::unix::Library::open(Some(path), flags) }.ok()?;
        Some(Module { library: ManuallyDrop::new(library.into()), name: path.into() })
    }

    /// The file it was loaded from.
    pub(super) fn path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStrExt;
        let Some(address) = self.function("GDALVersionInfo") else { return self.name.clone() };
        let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
        // SAFETY: the call fills `info`, whose fields are pointers that may be null; the name is a
        // C string that lives as long as the library.
        unsafe {
            if libc::dladdr(address, info.as_mut_ptr()) == 0 || (*info.as_ptr()).dli_fname.is_null()
            {
                return self.name.clone();
            }
            let name = std::ffi::CStr::from_ptr((*info.as_ptr()).dli_fname);
            std::ffi::OsStr::from_bytes(name.to_bytes()).into()
        }
    }
}

#[cfg(windows)]
mod platform {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStringExt;
    use std::path::PathBuf;

    use windows_sys::Win32::Foundation::HMODULE;
    use windows_sys::Win32::System::LibraryLoader::GetModuleFileNameW;
    use windows_sys::Win32::System::ProcessStatus::EnumProcessModules;
    use windows_sys::Win32::System::Threading::GetCurrentProcess;

    /// The names under which GDAL may be on the search path (conda and vcpkg, MSYS2, OSGeo4W), and
    /// in OSGeo4W's own folder.
    pub fn installed() -> Vec<PathBuf> {
        let numbered = (304..=320).rev().map(|number| format!("gdal{number}.dll"));
        let of_msys = (30..=60).rev().map(|number| format!("libgdal-{number}.dll"));
        let names: Vec<_> =
            std::iter::once("gdal.dll".into()).chain(numbered).chain(of_msys).collect();
        let root = std::env::var_os("OSGEO4W_ROOT").map(|root| PathBuf::from(root).join("bin"));
        let there = root.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
        names.iter().map(PathBuf::from).chain(there).collect()
    }

    /// The files of all libraries that this process has loaded.
    pub fn loaded() -> Vec<PathBuf> {
        let mut modules: Vec<HMODULE> = vec![std::ptr::null_mut(); 4096];
        let (bytes, mut needed) = ((modules.len() * size_of::<HMODULE>()) as u32, 0);
        // SAFETY: the buffer has as many bytes as the call is given.
        if unsafe {
            EnumProcessModules(GetCurrentProcess(), modules.as_mut_ptr(), bytes, &mut needed)
        } == 0
        {
            return Vec::new();
        }
        modules.truncate(needed as usize / size_of::<HMODULE>());
        modules.into_iter().map(file_name).collect()
    }

    fn file_name(module: HMODULE) -> PathBuf {
        let mut name = vec![0; 32768];
        // SAFETY: the buffer has as many places as the call is given; an unloaded module has no
        // name.
        let length = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), name.len() as u32) };
        OsString::from_wide(&name[..length as usize]).into()
    }
}

#[cfg(windows)]
impl Module {
    /// Opens a library that is loaded, without loading it.
    pub(super) fn open_loaded(path: &Path) -> Option<Module> {
        let library = libloading::os::windows::Library::open_already_loaded(path).ok()?;
        Some(Module { library: ManuallyDrop::new(library.into()), name: path.into() })
    }

    /// The file it was loaded from.
    pub(super) fn path(&self) -> PathBuf {
        let is_it = |path: &PathBuf| {
            path.file_name().map(|n| n.to_ascii_lowercase())
                == self.name.file_name().map(|n| n.to_ascii_lowercase())
        };
        platform::loaded().into_iter().find(is_it).unwrap_or_else(|| self.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_known_by_its_name() {
        let names = [
            "libgdal.so.36",
            "libgdal-3c6b5a21.so.36.3.10.3",
            "libgdal.36.dylib",
            "/a/libgdal.so",
            "libgdal-36.dll",
        ];
        names.iter().for_each(|name| assert!(is_gdal(Path::new(name)), "{name}"));
        let others = [
            "gdal_netCDF.so",
            "libgdalalljni.so.36",
            "_gdal.cpython-311.so",
            "libgdal.txt",
            "",
            "libc.so.6",
        ];
        others.iter().for_each(|name| assert!(!is_gdal(Path::new(name)), "{name}"));
    }

    #[test]
    fn what_is_loaded_is_found() {
        let loaded = platform::loaded();
        assert!(loaded.len() > 1, "{loaded:?}");
    }
}
