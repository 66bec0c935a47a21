//! A short form of `make fuzz`: runs the targets on their seeds and on thousands of mutations.
//!
//! The mutations are the same in every run. `BANDCLUSTER_FUZZ=100000` makes more of them.

#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::panic::{catch_unwind, AssertUnwindSafe};

use rand_core::RngCore;
use rand_pcg::Pcg64Mcg;

/// Replacements for numbers and texts.
const ODD: [&str; 22] = [
    "0",
    "-1",
    "1",
    "2",
    "255",
    "65536",
    "4294967296",
    "18446744073709551615",
    "1e150",
    "1e151",
    "1e308",
    "-1e308",
    "1e-320",
    "0.5",
    "-0.0",
    "null",
    "\"\"",
    "[]",
    "{}",
    "true",
    "\"\\u0000\\u001b\"",
    "\"\u{fffe}\u{85}\"",
];

/// Random numbers below `n`.
struct Below(Pcg64Mcg);

impl Below {
    fn next(&mut self, n: usize) -> usize {
        self.0.next_u32() as usize % n.max(1)
    }
}

/// A seed with up to four mutations.
fn mutated(seeds: &[Vec<u8>], random: &mut Below) -> Vec<u8> {
    let mut bytes = seeds[random.next(seeds.len())].clone();
    for _ in 0..=random.next(4) {
        let at = random.next(bytes.len());
        match random.next(9) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.next(8),
            1 if !bytes.is_empty() => bytes[at] = random.next(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + random.next(40)).min(bytes.len()))),
            4 => {
                let other = &seeds[random.next(seeds.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.next(other.len())..]);
            }
            5 => {
                let again = bytes[at..(at + random.next(40)).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            _ => replace_a_value(&mut bytes, at, ODD[random.next(ODD.len())]),
        }
    }
    bytes
}

/// Replaces the number or the quoted text at a position, or the next one after it.
fn replace_a_value(bytes: &mut Vec<u8>, at: usize, value: &str) {
    let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let Some(first) = bytes[at..].iter().position(|byte| byte.is_ascii_digit() || *byte == b'"')
    else {
        return;
    };
    let first = at + first;
    let rest = &bytes[first + 1..];
    let length = match bytes[first] {
        b'"' => rest.iter().position(|byte| *byte == b'"').map_or(rest.len(), |end| end + 1),
        _ => rest.iter().position(|byte| !is_number(byte)).unwrap_or(rest.len()),
    };
    bytes.splice(first..=first + length, value.bytes());
}

/// Runs a target on its seeds and on `n` mutations. Prints the first input that breaks a promise.
fn run(name: &str, n: usize) {
    let (_, target) = targets::TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let more = std::env::var("BANDCLUSTER_FUZZ").ok().and_then(|n| n.parse().ok());
    let seeds = targets::seeds::seeds(name);
    assert!(seeds.len() > 2 && seeds.iter().all(|seed| !seed.is_empty()));
    let mut random = Below(Pcg64Mcg::new(5));
    let mutations = (0..more.unwrap_or(n)).map(|_| mutated(&seeds, &mut random));
    for (index, input) in seeds.iter().cloned().chain(mutations).enumerate() {
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            let file = std::env::temp_dir().join(format!("bandcluster-fuzz-{name}-{index}"));
            std::fs::write(&file, &input).unwrap();
            panic!("input {index} of {name} breaks a promise: it is in {}", file.display());
        }
    }
}

#[test]
fn models() {
    run("model", 4000);
}

#[test]
fn summaries() {
    run("summary", 8000);
}

#[test]
fn refinements() {
    run("refinement", 4000);
}

#[test]
fn products() {
    run("product", 8000);
}

#[test]
fn requests() {
    run("request", 8000);
}

#[test]
fn fits() {
    run("fit", 1500);
}
