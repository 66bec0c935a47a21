//! System information about this process and its machine.

use std::sync::Mutex;
use std::thread::Builder;

use crate::error::{Error, Result};

/// Checks that the system gives so much memory. Without the check, a job that allocates it in small
/// pieces would abort the process if there is too little.
///
/// # Errors
/// `OutOfMemory`, with what the memory is for.
pub fn check_room(bytes: usize, what: &str) -> Result<()> {
    let mut room: Vec<u8> = Vec::new();
    let found = room.try_reserve_exact(bytes);
    // Nothing is written to it: the compiler must not optimise it away.
    std::hint::black_box(&mut room);
    found.map_err(|_| {
        Error::OutOfMemory(format!(
            "{what} takes up to {} MiB of memory, and the system does not give that much",
            bytes.div_ceil(1 << 20)
        ))
    })
}

/// [`check_room`] for an object that is read from so many bytes. It is larger in memory, because
/// small numbers take one byte in the file. The growth is an estimate.
///
/// # Errors
/// As [`check_room`].
pub(crate) fn check_room_to_read(n_bytes: usize, what: &str) -> Result<()> {
    const GROWTH: usize = 8;
    check_room(n_bytes.saturating_mul(GROWTH), &format!("to read a {what}"))
}

/// The peak memory of this process, in bytes, if the system says.
///
/// On Linux, `/proc` has the peak of the program itself. `getrusage` is the second choice, because
/// its value is at least the memory of the parent process: a small program that a Python process of
/// 500 MB starts shows 500 MB.
pub fn peak_memory() -> Option<u64> {
    peak_of_program().or_else(peak_of_process)
}

/// The memory of the machine, in bytes, if the system says.
#[cfg(unix)]
pub fn total_memory() -> Option<u64> {
    // SAFETY: `sysconf` takes any number, and returns -1 for an unknown one.
    let asked = |name| u64::try_from(unsafe { libc::sysconf(name) }).ok();
    asked(libc::_SC_PHYS_PAGES)?.checked_mul(asked(libc::_SC_PAGESIZE)?)
}

/// The memory of the machine, in bytes, if the system says.
#[cfg(not(unix))]
pub fn total_memory() -> Option<u64> {
    None
}

/// Whether the system makes so many more threads at once. Containers and users have limits.
pub(crate) fn can_start_threads(n: usize) -> bool {
    let gate = Mutex::new(());
    std::thread::scope(|scope| {
        let _closed = gate.lock();
        let start = |_| Builder::new().spawn_scoped(scope, || drop(gate.lock())).is_ok();
        (0..n).all(start)
    })
}

/// How many threads, up to `n`, fit if `bytes` of memory must be left. glibc reserves 64 MiB of
/// addresses for each thread that allocates, and asks for twice as much. If it does not get them,
/// it makes a separate page for each allocation of the thread, which takes much time and more
/// memory.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
pub(crate) fn threads_with_room(n: usize, bytes: usize) -> usize {
    const ADDRESSES: usize = 64 << 20;
    const STACK: usize = 8 << 20;
    let has_room =
        |n: usize| has_addresses(bytes.saturating_add(ADDRESSES + n * (ADDRESSES + STACK)));
    (1..=n).rev().find(|n| has_room(*n)).unwrap_or(0)
}

/// Elsewhere threads share their memory.
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
pub(crate) fn threads_with_room(n: usize, _: usize) -> usize {
    n
}

/// Whether the process may have so many more addresses, with or without memory behind them.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
fn has_addresses(bytes: usize) -> bool {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping at an address that the system chooses; it is never read or written.
    let start = unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_NONE, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        return false;
    }
    // SAFETY: the whole mapping that was just made.
    unsafe { libc::munmap(start, bytes) };
    true
}

/// Locks an open file or folder for this process alone; `false` if another process has it. The lock
/// ends when the file is closed.
#[cfg(unix)]
pub(crate) fn try_lock(file: &std::fs::File) -> std::io::Result<bool> {
    use std::os::fd::AsRawFd;
    // SAFETY: the descriptor is open as long as `file` is borrowed.
    if unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } == 0 {
        return Ok(true);
    }
    match std::io::Error::last_os_error() {
        error if error.kind() == std::io::ErrorKind::WouldBlock => Ok(false),
        error => Err(error),
    }
}

/// Sets a flag when the console asks this process to end: by Ctrl-C, Ctrl-Break, or when it is
/// closed. Only the first flag is ever set. (Signals of the C library are not used: the older one,
/// msvcrt, does not know all that signal-hook asks for, and Ctrl-C then crashed the program.)
///
/// # Errors
/// If Windows refuses.
#[cfg(windows)]
pub fn watch_console(
    interrupted: &std::sync::Arc<std::sync::atomic::AtomicBool>,
) -> std::io::Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};
    use windows_sys::Win32::System::Console::{
        SetConsoleCtrlHandler, CTRL_BREAK_EVENT, CTRL_C_EVENT,
    };

    /// Windows gives a process whose console is closed five seconds.
    const CLOSING: std::time::Duration = std::time::Duration::from_secs(5);
    static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

    unsafe extern "system" fn note(event: u32) -> i32 {
        if let Some(flag) = INTERRUPTED.get() {
            flag.store(true, Ordering::Relaxed);
        }
        // When this returns, Windows ends a process whose console is closed.
        if event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT {
            std::thread::sleep(CLOSING);
        }
        1
    }

    INTERRUPTED.get_or_init(|| Arc::clone(interrupted));
    // SAFETY: the handler is a function, and uses nothing but the flag, which is never freed.
    match unsafe { SetConsoleCtrlHandler(Some(note), 1) } {
        0 => Err(std::io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn peak_of_program() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(unix)]
fn peak_of_process() -> Option<u64> {
    // macOS counts bytes, other systems KiB.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1 << 10 };
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: `getrusage` fills the `rusage` that it points to, and returns 0 if it succeeds.
    let usage = unsafe {
        (libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) == 0).then(|| usage.assume_init())
    };
    u64::try_from(usage?.ru_maxrss).ok().map(|most| most * UNIT)
}

#[cfg(not(unix))]
fn peak_of_process() -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn room_that_is_not_there_is_an_error() {
        assert_eq!(check_room(1 << 20, "a test"), Ok(()));
        let message = check_room(isize::MAX as usize, "a test").unwrap_err().to_string();
        assert!(message.starts_with("a test takes up to 8796093022208 MiB of memory"), "{message}");
        assert!(check_room(usize::MAX, "a test").is_err());
    }

    /// Both sources are in bytes, and include the memory that was written.
    #[test]
    fn the_peak_is_in_bytes() {
        const WRITTEN: u64 = 256 << 20;
        let written = std::hint::black_box(vec![1u8; WRITTEN as usize]);
        for peak in [peak_memory().unwrap(), peak_of_process().unwrap()] {
            assert!((WRITTEN..WRITTEN << 8).contains(&peak), "{peak}");
        }
        drop(written);
        assert!(peak_memory().unwrap() >= WRITTEN);
        assert!(total_memory().unwrap() > WRITTEN);
    }
}
