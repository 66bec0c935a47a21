//! The command line's own names for what jobs name otherwise, and its advice.

use std::path::Path;

use bandcluster::assess::{Finding, Warning};
use bandcluster::jobs::Face;
use bandcluster::model::Group;
use bandcluster::wording::plain_lines;
use bandcluster::Error;

use super::console::say;

/// The words of the command line.
pub struct Words {
    /// Whether only errors are printed.
    pub quiet: bool,
}

impl Face for Words {
    fn advice(&self, finding: &Finding) -> Option<String> {
        match finding {
            Finding::Offset { add, .. } => Some(format!("label it again with --add {add}")),
            Finding::Scale { multiply, .. } => {
                Some(format!("label it again with --multiply {multiply}"))
            }
            _ => None,
        }
    }

    fn merge_command(&self, groups: &[Group], model: Option<&Path>) -> Option<String> {
        let model = model.map_or("MODEL.json".into(), |model| model.display().to_string());
        let mut words = vec!["bandcluster".to_string(), "merge".into(), "--model".into(), model];
        for Group { name, values } in groups {
            let values: Vec<String> = values.iter().map(u32::to_string).collect();
            words.extend(["--into".to_string(), format!("{name}={}", values.join(","))]);
        }
        words.extend(["-o".to_string(), "merged.json".into()]);
        Some(command_line(words.iter().map(String::as_str)))
    }

    fn warn(&self, warning: &Warning) {
        if !self.quiet {
            say(&format!("bandcluster: {}", plain_lines(&self.line(warning))));
        }
    }
}

impl Words {
    /// The warnings, one per line, except those that were printed before the work began.
    pub fn lines(&self, warnings: &[Warning]) -> String {
        let is_new = |warning: &&Warning| {
            !matches!(warning.finding, Finding::Memory { .. } | Finding::MachineMemory { .. })
        };
        warnings.iter().filter(is_new).map(|warning| self.line(warning)).collect()
    }

    fn line(&self, warning: &Warning) -> String {
        let line = self.sentence(warning);
        match (&warning.scene, line.split_once(": ")) {
            (Some(scene), Some((kind, rest))) => format!("{kind}: {scene}: {rest}"),
            _ => line,
        }
    }

    fn sentence(&self, Warning { finding, band, message, .. }: &Warning) -> String {
        let band = band.as_deref().unwrap_or_default();
        match finding {
            Finding::Offset { .. } => self.warning("offset", finding),
            Finding::Scale { .. } => self.warning("scale", finding),
            Finding::BandOrder { .. } => self.warning("band_order", finding),
            Finding::Drift { .. } => self.warning("drift", finding),
            Finding::MaxIter { max_iter } => format!(
                "warning (max_iter): the centres still moved when --max-iter {max_iter} was \
                 reached; give more\n"
            ),
            Finding::AlphaMask { file } => format!(
                "note: {file}: band {band} is an alpha band and is used as a mask; choose the \
                 bands (--bands) if it holds data\n"
            ),
            Finding::SclBand { .. } => {
                format!(
                    "note: {message}: choose the other bands (--bands), or mask clouds by it \
                     (--mask-scl)\n"
                )
            }
            Finding::Palette { .. }
            | Finding::BandScales { .. }
            | Finding::SceneScales { .. }
            | Finding::NoValidPixel { .. } => format!("note: {message}\n"),
            Finding::ModelNodata { .. } => {
                format!("note: {message} (--nodata none: no value is)\n")
            }
            Finding::Minibatch => format!("{message}\n"),
            Finding::Memory { memory, needed } => format!(
                "note: --memory is {memory}, and this takes up to {needed} MiB: give that much, \
                 or use fewer threads (--threads) or a file with smaller blocks\n"
            ),
            Finding::MachineMemory { memory, total } => format!(
                "note: --memory is {memory}, and this machine has {total} MiB: give less, \
                 so that other programs have memory too\n"
            ),
        }
    }

    fn warning(&self, code: &str, finding: &Finding) -> String {
        format!("warning ({code}): {}\n", finding.sentence(self.advice(finding).as_deref()))
    }
}

/// The message of an error, with options in place of the fields of requests.
pub fn message(error: &Error) -> String {
    match error {
        // A switch has no value.
        Error::Option { before, field, after } if field == "overwrite" => {
            format!("{before}{}{}", option(field), after.trim_start_matches("=true"))
        }
        Error::Option { before, field, after } => format!("{before}{}{after}", option(field)),
        other => other.to_string(),
    }
}

/// The option for a field of a request.
fn option(field: &str) -> String {
    match field {
        "n_clusters" => "--clusters".into(),
        "options" => "--option".into(),
        "format" => "--of".into(),
        "creation_options" => "--co".into(),
        other => format!("--{}", other.replace('_', "-")),
    }
}

/// The command that runs, as a shell would read it.
pub fn this_command() -> String {
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    command_line(std::iter::once("bandcluster").chain(words.iter().map(String::as_str)))
}

/// Words as a shell reads them.
fn command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    // No word of a command can hold a NUL.
    let quoted = |word: &str| {
        shlex::try_quote(&word.replace('\0', " "))
            .map_or_else(|_| String::new(), |word| word.into_owned())
    };
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_shell() {
        let words = ["bandcluster", "my scene.tif", "it's", "a=1,3", "--json"];
        assert_eq!(shlex::split(&command_line(words)).unwrap(), words);
        assert_eq!(
            shlex::split(&command_line(["--into", "a;\0rm x=1"])).unwrap(),
            ["--into", "a; rm x=1"]
        );
        let merged: Group = "forest, a = b=1,3".parse().unwrap();
        assert_eq!((merged.name.as_str(), merged.values), ("forest, a = b", vec![1, 3]));
    }

    #[test]
    fn fields_are_called_by_their_options() {
        let error = Error::Option {
            before: String::new(),
            field: "n_clusters".into(),
            after: " is 0".into(),
        };
        assert_eq!(
            (error.to_string(), message(&error)),
            ("n_clusters is 0".into(), "--clusters is 0".into())
        );
        assert_eq!(option("radius_quantile"), "--radius-quantile");
    }
}
