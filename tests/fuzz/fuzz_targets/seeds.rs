//! Writes the seeds of every target to `FOLDER/TARGET/seed-N`, and the words in them to
//! `FOLDER/TARGET.dict`.

#[path = "../targets/mod.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).expect("usage: seeds FOLDER");
    for (name, _) in targets::TARGETS {
        let corpus = Path::new(&folder).join(name);
        fs::create_dir_all(&corpus)?;
        let seeds = targets::seeds::seeds(name);
        for (index, seed) in seeds.iter().enumerate() {
            fs::write(corpus.join(format!("seed-{index}")), seed)?;
        }
        let words: BTreeSet<&str> = seeds
            .iter()
            .filter_map(|seed| std::str::from_utf8(seed).ok())
            .flat_map(words)
            .collect();
        let lines: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
        fs::write(Path::new(&folder).join(format!("{name}.dict")), lines)?;
    }
    Ok(())
}

/// The words of a text: of letters, digits and underscores.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |word: &&str| {
        (2..40).contains(&word.len()) && word.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(is_word)
}
