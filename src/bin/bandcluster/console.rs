//! What a person sees while a command works, and how they stop it.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use bandcluster::wording::why;
use bandcluster::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};

/// Steps of the bar.
const STEPS: f64 = 1000.0;

/// A progress bar on a terminal, and the flag that an interrupt sets.
pub struct Console {
    bar: ProgressBar,
    interrupted: Arc<AtomicBool>,
}

impl Console {
    /// Shows a bar if standard error is a terminal, unless asked to be quiet; from now on, an
    /// interrupt is noted instead of ending the process.
    pub fn new(quiet: bool) -> Result<Console> {
        let interrupted = Arc::new(AtomicBool::new(false));
        watch(&interrupted)
            .map_err(|error| Error::Io(format!("cannot listen for interrupts: {}", why(&error))))?;
        let shown = !quiet && io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(STEPS as u64) } else { ProgressBar::hidden() };
        if let Ok(style) =
            ProgressStyle::with_template("{msg:12} [{bar:40}] {percent:>3} %  {elapsed}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        Ok(Console { bar, interrupted })
    }

    /// Shows how far the work is; `false` after an interrupt. This is the run's callback.
    pub fn tell(&self, fraction: f64, message: &str) -> bool {
        if self.bar.message() != message {
            self.bar.set_message(message.to_string());
        }
        self.bar.set_position((fraction * STEPS) as u64);
        !self.interrupted.load(Ordering::Relaxed)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Sets the flag when the command is to end in an orderly way: by signals.
#[cfg(unix)]
fn watch(interrupted: &Arc<AtomicBool>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(interrupted))?;
    }
    // If a file grows beyond its limit, the command fails with a message: the signal must not end
    // the process.
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    Ok(())
}

/// Sets the flag when the command is to end in an orderly way: by the console.
#[cfg(windows)]
fn watch(interrupted: &Arc<AtomicBool>) -> io::Result<()> {
    bandcluster::machine::watch_console(interrupted)
}

/// Prints to standard error. If that fails, there is nobody to tell.
pub fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints to standard output. A reader that stops early (`| head`) is not a failure.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io(format!(
            "the result cannot be written to standard output: {}; files that were asked for are \
             complete",
            why(&error)
        ))),
        _ => Ok(()),
    }
}
