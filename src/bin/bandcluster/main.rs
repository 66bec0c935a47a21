//! The command line of bandcluster: raster files in, label files, models and pictures out.
//!
//! Exit codes: 0 done; 1 failed, with one line on stderr (also if a number cannot be read or is out
//! of range); 2 a command line that is not understood; 130 interrupted.

mod args;
mod choose_k;
mod cluster;
mod console;
mod file_lists;
mod fit;
mod generate;
mod info;
mod merge;
mod outcome;
mod predict;
mod scene_args;
mod table;
mod usage;
mod words;

use std::process::ExitCode;

use bandcluster::gdal::{configure, spare_threads_of_openblas};
use bandcluster::jobs::{cache_bytes, run_for, Request};
use bandcluster::progress::Run;
use bandcluster::wording::{plain, plain_json, plain_lines};
use bandcluster::{Error, Result};
use clap::{CommandFactory, Parser, Subcommand};

use self::args::RunArgs;
use self::console::{print, say, Console};
use self::words::{message, Words};

/// Group the pixels of multi-band satellite images into classes, and apply those classes to other
/// images.
#[derive(Parser)]
#[command(
    version,
    long_version = long_version(),
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_long_help = EXIT_CODES
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Cluster(cluster::Cluster),
    Fit(fit::Fit),
    Predict(predict::Predict),
    ChooseK(choose_k::ChooseK),
    Merge(merge::Merge),
    Info(info::Info),
    #[command(hide = true)]
    Generate(generate::Generate),
}

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 failed, with one line that says what went wrong and \
                          what to do; 2 the command line is not understood; 130 interrupted. A run \
                          that fails or is interrupted leaves every file as it was.";

/// What `--version` prints: the version and which GDAL is used. `-V` prints only the version.
fn long_version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    if std::env::args_os().all(|argument| argument != "--version") {
        return version.into(); // No `--version`: do not look for GDAL.
    }
    match bandcluster::gdal::library() {
        Ok(gdal) => format!("{version}\nGDAL {} ({})", gdal.version, gdal.path.display()),
        Err(error) => format!("{version}\nno GDAL: {error}"),
    }
}

fn main() -> ExitCode {
    // Its threads make nothing here faster, and may hang if there is little memory.
    spare_threads_of_openblas();
    match run(usage::parse::<Cli>().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Cancelled) => {
            say("bandcluster: interrupted; nothing was written\n");
            ExitCode::from(130)
        }
        Err(error) => {
            let line = plain(&message(&error)).split_whitespace().collect::<Vec<_>>().join(" ");
            say(&format!("bandcluster: {line}\n"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Cluster(command) => run_job(&command.request()?, &command.writing.run),
        Command::Fit(command) => run_job(&command.request()?, &command.writing.run),
        Command::Predict(command) => run_job(&command.request::<Cli>()?, &command.writing.run),
        Command::ChooseK(command) => run_job(&command.request()?, &command.writing.run),
        Command::Merge(command) => run_job(&command.request::<Cli>(), &command.writing.run),
        Command::Info(command) => run_job(&command.request()?, &command.run),
        Command::Generate(command) => command.run(Cli::command()),
    }
}

/// Runs a job, and prints what the user asked for: an object or a text.
fn run_job(request: &Request, args: &RunArgs) -> Result<()> {
    let is_piped = request.model_to_stdout();
    if is_piped && args.json {
        return Err(Error::InvalidArgument(
            "--json and the model would both be printed: give the model a file, or leave out \
             --json"
                .into(),
        ));
    }
    let words = Words { quiet: args.quiet };
    // Listen for interrupts first: loading GDAL takes a moment.
    let console = Console::new(args.quiet)?;
    configure(cache_bytes(args.options(false).memory_bytes()?), &args.config()?);
    let mut callback = |fraction: f64, message: &str| console.tell(fraction, message);
    let outcome = run_for(request, &words, &mut Run::new(args.threads()?, &mut callback))?;
    drop(console);
    if args.json {
        print(&format!("{}\n", plain_json(outcome.to_json().trim_end())))
    } else if is_piped && !args.quiet {
        say(&plain_lines(&outcome::text(&outcome, &words)));
        Ok(())
    } else if !args.quiet && !is_piped || matches!(request, Request::Info(_)) {
        print(&plain_lines(&outcome::text(&outcome, &words)))
    } else {
        Ok(())
    }
}
