//! `bandcluster generate`: the manual and the completions of shells, for packages and
//! `make install`.

use std::path::{Path, PathBuf};

use bandcluster::wording::why;
use bandcluster::{Error, Result};
use clap::{Args, Command};
use clap_complete::Shell;

/// Write the manual pages and the completions of shells
#[derive(Args)]
pub struct Generate {
    /// Folder to write into, such as /usr/share
    folder: PathBuf,
}

/// Where each shell looks for the completions of a program, below the folder of shared files.
const COMPLETIONS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions/bandcluster"),
    (Shell::Zsh, "zsh/site-functions/_bandcluster"),
    (Shell::Fish, "fish/vendor_completions.d/bandcluster.fish"),
];

impl Generate {
    /// Writes the files.
    pub fn run(&self, mut command: Command) -> Result<()> {
        let manual = self.folder.join("man/man1");
        made(&manual)?;
        clap_mangen::generate_to(command.clone(), &manual)
            .map_err(|error| unwritten(&manual, &error))?;
        for (shell, name) in COMPLETIONS {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "bandcluster", &mut script);
            let path = self.folder.join(name);
            made(path.parent().unwrap_or(&self.folder))?;
            std::fs::write(&path, script).map_err(|error| unwritten(&path, &error))?;
        }
        Ok(())
    }
}

fn made(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::Io(format!("cannot write {}: {}", path.display(), why(error)))
}
