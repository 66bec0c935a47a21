//! The command line of bandcluster: raster files in, label files, models and pictures out.
//!
//! Exit codes: 0 done; 1 failed, with one line on stderr; 2 wrong usage; 130 interrupted.

mod after;
mod args;
mod choose_k;
mod cluster;
mod console;
mod correction;
mod fit;
mod info;
mod labels_dir;
mod like;
mod maps;
mod merge;
mod notes;
mod outcome;
mod outputs;
mod passes;
mod place;
mod plan;
mod predict;
mod reach;
mod report;
mod scene_args;
mod table;
mod trust;

use std::process::ExitCode;

use bandcluster::{Error, Result};
use clap::{Parser, Subcommand};

/// Group the pixels of multi-band satellite images into classes, and apply those classes to other images.
#[derive(Parser)]
#[command(version, long_version = long_version(), propagate_version = true, arg_required_else_help = true)]
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
}

/// What `--version` tells: which GDAL is used as well. `-V` tells the version alone.
fn long_version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    if std::env::args_os().all(|argument| argument != "--version") {
        return version.into(); // Nobody asks: GDAL need not be found.
    }
    match bandcluster::gdal::library() {
        Ok(gdal) => format!("{version}\nGDAL {} ({})", gdal.version, gdal.path.display()),
        Err(error) => format!("{version}\nno GDAL: {error}"),
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Cancelled) => {
            eprintln!("bandcluster: interrupted; nothing was written");
            ExitCode::from(130)
        }
        Err(error) => {
            let message = error.to_string();
            eprintln!("bandcluster: {}", message.split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Cluster(command) => command.run(),
        Command::Fit(command) => command.run(),
        Command::Predict(command) => command.run(),
        Command::ChooseK(command) => command.run(),
        Command::Merge(command) => command.run(),
        Command::Info(command) => command.run(),
    }
}
