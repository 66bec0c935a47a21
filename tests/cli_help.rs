//! The help of the command line: at several widths, with true defaults, and with old and new names
//! of options.

mod common;

use std::process::Stdio;

use bandcluster::cluster::{Algorithm, Gmm, Isodata, KMeans};
use bandcluster::ChooseMixture;
use common::{data, Folder};

const COMMANDS: [&str; 6] = ["cluster", "fit", "predict", "choose-k", "merge", "info"];

/// The output of a command on a terminal of `columns` columns.
fn printed(words: &str, columns: usize) -> String {
    let mut command = Folder::new().command(words);
    // Help needs no folder: the command's is deleted already.
    let output = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", columns.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn short_help_is_a_line_for_each_option_in_80_columns() {
    for command in COMMANDS {
        let help = printed(&format!("{command} -h"), 80);
        let options = help.lines().skip_while(|line| *line != "Options:");
        let (mut n_options, mut headings) = (0, Vec::new());
        for line in options.filter(|line| !line.is_empty()) {
            let text = line.trim_start();
            if text.starts_with('-') {
                n_options += 1;
                // The text stands beside the option, and is not empty.
                assert!(text.contains("  "), "{command}: {line}");
            } else {
                assert!(!line.starts_with(' ') && line.ends_with(':'), "{command} wraps: {line}");
                headings.push(line);
            }
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        assert!(n_options > 6 && headings.contains(&"Running:"), "{command}: {headings:?}");
    }
}

#[test]
fn long_help_fits_the_terminal_and_is_at_most_100_columns_wide() {
    for command in COMMANDS {
        for (columns, most) in [(60, 60), (80, 80), (200, 100)] {
            let help = printed(&format!("help {command}"), columns);
            let options = help.lines().skip_while(|line| *line != "Options:");
            let widest = options.map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= most && widest > most * 9 / 10, "{command} at {columns}: {widest}");
        }
    }
}

/// The text of an option in long help, in one line.
fn told(help: &str, option: &str) -> String {
    let start = help.find(&format!("{option} <")).unwrap_or_else(|| panic!("{option}: {help}"));
    let lines: Vec<&str> = help[start..].lines().skip(1).map(str::trim).collect();
    let end = lines.iter().position(|line| line.starts_with('-') || line.ends_with("classes:"));
    lines[..end.unwrap_or(lines.len())].join(" ")
}

#[test]
fn defaults_are_those_of_the_algorithms() {
    let (kmeans, gmm, isodata) = (KMeans::default(), Gmm::default(), Isodata::default());
    let help = printed("help fit", 100);
    let number = format!("its default is {}.", isodata.initial_clusters);
    let passes = format!("gmm is {}, for isodata {}.", gmm.max_iter, isodata.max_iter);
    for (option, default, others) in [
        ("--clusters", kmeans.n_clusters.to_string(), number),
        ("--n-init", kmeans.n_init.to_string(), format!("gmm is {}.", gmm.n_init)),
        ("--max-iter", kmeans.max_iter.to_string(), passes),
        ("--tol", format!("{:e}", kmeans.tol), format!("its default is {:e}.", gmm.tol)),
    ] {
        let text = told(&help, option);
        assert!(text.contains(&format!("[default: {default}]")), "{text}");
        assert!(text.contains(&others), "{text}: {others}");
    }
    let algorithms = told(&help, "--algorithm");
    assert!(Algorithm::NAMES.iter().all(|name| algorithms.contains(name)), "{algorithms}");

    let (compared, help) = (ChooseMixture::fits(), printed("help choose-k", 100));
    for (option, default, others) in [
        ("--n-init", kmeans.n_init.to_string(), format!("gmm is {}.", compared.n_init)),
        ("--max-iter", kmeans.max_iter.to_string(), format!("gmm is {}.", compared.max_iter)),
        ("--tol", format!("{:e}", kmeans.tol), format!("its default is {:e}.", compared.tol)),
    ] {
        let text = told(&help, option);
        assert!(text.contains(&format!("[default: {default}]")), "{text}");
        assert!(text.contains(&others), "{text}: {others}");
    }
    assert!(!help.contains("isodata"));
}

#[test]
fn no_option_has_its_default_twice() {
    for command in COMMANDS {
        let help = printed(&format!("help {command}"), 100).replace("\n      --", "\n  --");
        for option in help.split("\n  -") {
            assert!(option.matches("[default:").count() <= 1, "{command}: {option}");
        }
    }
}

#[test]
fn options_have_one_name_each_and_the_old_ones_still_work() {
    let folder = Folder::new();
    folder.cut("scene.tif", "s2_train.tif", &[1, 2, 3, 4], 96);
    folder.must("cluster scene.tif old.tif -k 3 --scale zscore --model old.json -q");
    folder.must("cluster scene.tif new.tif -k 3 --scaling zscore --model new.json -q");
    assert_eq!(
        std::fs::read(folder.path("old.json")).unwrap(),
        std::fs::read(folder.path("new.json")).unwrap()
    );
    for options in ["--multiply 2 --add -5", "--scale 2 --offset -5"] {
        folder.must(&format!("predict --model new.json scene.tif a.tif {options} -q"));
        folder.must(&format!("predict new.json scene.tif b.tif {options} -q"));
        assert_eq!(folder.labels("a.tif"), folder.labels("b.tif"));
        for map in ["a.tif", "b.tif"] {
            std::fs::rename(folder.path(map), folder.path("seen.tif")).unwrap();
        }
    }
    folder.must("merge --model new.json --into a=1,2 -o merged.json -q");
    folder.must("merge new.json --into a=1,2 -o again.json -q");
    assert_eq!(folder.must("info --model new.json"), folder.must("info new.json"));
    let merged = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert_eq!(merged("merged.json"), merged("again.json"));
    for command in COMMANDS {
        let help = printed(&format!("{command} --help"), 100);
        assert!(!help.contains("--scale ") && !help.contains("--offset "), "{command}: {help}");
    }
}

#[test]
fn files_that_do_not_go_together_are_wrong_usage() {
    let folder = Folder::new();
    for (words, message) in [
        ("predict scene.tif map.tif", "the model is missing: give --model"),
        ("predict scene.tif --labels-dir maps", "the model is missing: give --model"),
        ("predict --model m.json scene.tif", "the map to write is missing"),
        ("predict --model m.json a.tif b.tif map.tif", "for several images give --labels-dir"),
        ("info", "required arguments were not provided"),
        ("merge --into a=1,2 -o n.json", "the model is missing: give --model"),
        ("merge m.json --model m.json --into a=1,2 -o n.json", "cannot be used with"),
    ] {
        let output = folder.run(words);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {errors}");
        assert!(
            errors.contains(message) && errors.contains("Usage: bandcluster "),
            "{words}: {errors}"
        );
    }
    assert!(folder.names().is_empty());
}

#[test]
fn configuration_options_reach_gdal_before_it_opens_anything() {
    let folder = Folder::new();
    let scene = data("s2_train.tif");
    let info = |options: &str| folder.run(&format!("info {} {options}", scene.display()));
    assert!(info("").status.success());
    let refused = info("--config GDAL_SKIP=GTiff --config NO_SUCH_OPTION=1");
    let errors = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(1) && errors.contains("cannot be read as a raster"),
        "{errors}"
    );
    for bad in ["GDAL_SKIP", "=GTiff"] {
        let error = folder.fail(&format!("info {} --config {bad}", scene.display()));
        assert!(error.contains("is not NAME=VALUE"), "{error}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = Folder::new();
    assert!(folder.run(&format!("generate {}", folder.path("share").display())).status.success());
    let mut pages: Vec<_> = std::fs::read_dir(folder.path("share/man/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut wanted: Vec<_> =
        COMMANDS.iter().map(|command| format!("bandcluster-{command}.1")).collect();
    wanted.push("bandcluster.1".into());
    wanted.sort();
    assert_eq!(pages, wanted);
    let bash =
        std::fs::read_to_string(folder.path("share/bash-completion/completions/bandcluster"))
            .unwrap();
    assert!(bash.contains("--scaling") && !bash.contains("--scale "), "old names are not offered");
}
