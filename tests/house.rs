//! The rules of the house: imports run downwards only and never in a circle, `unsafe` stays in its
//! rooms, and the oldest supported Rust is the one that is documented.

#[path = "house/picture.rs"]
mod picture;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rooms of src, from the ground up: each may import the rooms before it. Rooms on one line are
/// on one level and do not import each other.
const ROOMS: [&[&str]; 13] = [
    &["error"],
    &["wording", "machine"],
    &["file", "product", "progress"],
    &["raster"],
    &["kernel"],
    &["summary"],
    &["model"],
    &["cluster"],
    &["assess"],
    &["report"],
    &["gdal"],
    &["jobs"],
    &["capi", "bin"],
];

/// Where `unsafe` may be used: reading and writing raw memory, vectors, C's callers, and calls of
/// GDAL that have no safe wrapper.
const UNSAFE: [&str; 8] = [
    "src/raster/",
    "src/kernel/",
    "src/capi/",
    "src/gdal/ffi/",
    "src/gdal/functions.rs",
    "src/gdal/library.rs",
    "src/gdal/modules.rs",
    "src/machine.rs",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// A file's path below the root, and its lines of code without comments.
fn code(path: &Path) -> (String, Vec<String>) {
    let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(path).unwrap();
    (name, text.lines().map(|line| line.split("//").next().unwrap().to_string()).collect())
}

/// The room of a file: `src/kernel/nearest.rs` is in `kernel`, `src/error.rs` in `error`.
fn room(name: &str) -> &str {
    name["src/".len()..].split('/').next().unwrap().trim_end_matches(".rs")
}

fn level(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a line of code names through `crate::` or, in the command line, `bandcluster::`.
fn named_rooms(line: &str) -> Vec<String> {
    let paths = ["crate::", "bandcluster::"].into_iter().flat_map(|root| line.split(root).skip(1));
    let first = |path: &str| {
        path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_string()
    };
    paths.map(first).filter(|name| level(name).is_some()).collect()
}

/// An import of one room from another: the importing file, its room, and the imported room.
struct Import {
    file: String,
    from: String,
    to: String,
}

/// Every import of one room from another.
fn imports_of_rooms() -> Vec<Import> {
    let mut found = Vec::new();
    for path in sources(&root().join("src")) {
        let (file, lines) = code(&path);
        if file == "src/lib.rs" {
            continue;
        }
        let from = room(&file).to_string();
        assert!(level(&from).is_some(), "{file} is in no room of this test's list");
        let named = lines.iter().flat_map(|line| named_rooms(line)).filter(|to| *to != from);
        found.extend(named.map(|to| Import { file: file.clone(), from: from.clone(), to }));
    }
    assert!(found.len() > 50, "only {} imports were found: are they read right?", found.len());
    found
}

#[test]
fn imports_run_downwards_only() {
    for Import { file, from, to } in imports_of_rooms() {
        assert!(level(&to) < level(&from), "{file} imports {to}, which is not below {from}");
    }
}

/// The first sentence of a room's documentation, shortened if it does not fit.
fn about(room: &str) -> String {
    let names = ["mod.rs", "bandcluster/main.rs"].map(|name| format!("src/{room}/{name}"));
    let files = names.into_iter().chain([format!("src/{room}.rs")]).map(|name| root().join(name));
    let text = fs::read_to_string(files.into_iter().find(|file| file.exists()).unwrap()).unwrap();
    let words = text.trim_start_matches("//! ").replace("\n//! ", " ");
    let mut words = words.split(['.', '\n']).next().unwrap();
    while words.len() > 54 || words.contains('`') {
        let end = words.rfind(':').or(words.rfind(','));
        words = end.map_or("", |end| &words[..end]);
    }
    words.to_string()
}

/// `make house` writes the picture anew.
#[test]
fn the_picture_shows_the_imports() {
    let imports = imports_of_rooms().into_iter().map(|import| (import.from, import.to)).collect();
    let file = root().join("docs/images/house.svg");
    if std::env::var_os("BANDCLUSTER_BLESS").is_some() {
        let floor = |rooms: &&[&str]| {
            let room = |name: &&str| picture::Room { name: name.to_string(), about: about(name) };
            rooms.iter().map(room).collect()
        };
        let floors: Vec<_> = ROOMS.iter().rev().map(floor).collect();
        fs::write(&file, picture::draw(&floors, &imports)).unwrap();
    }
    let shown = picture::shown(&fs::read_to_string(&file).unwrap());
    assert_eq!(shown, imports, "docs/images/house.svg shows other imports: run `make house`");
}

#[test]
fn unsafe_stays_in_its_rooms() {
    for path in sources(&root().join("src")) {
        let (name, lines) = code(&path);
        let allowed = UNSAFE.iter().any(|place| name.starts_with(place));
        let found = lines.iter().any(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
        });
        assert!(allowed || !found, "{name} has an unsafe block: move it to one of {UNSAFE:?}");
    }
}

/// A version's first three numbers: [1, 85, 0] of "1.85".
fn version(text: &str) -> [u32; 3] {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

#[test]
fn the_oldest_rust_builds_the_locked_crates() {
    // Crates of other platforms may not have been fetched.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1", "--filter-platform", &platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let mut seen = 0;
    for found in metadata["packages"].as_array().unwrap() {
        let Some(wanted) = found["rust_version"].as_str() else { continue };
        seen += 1;
        assert!(
            version(wanted) <= version(oldest),
            "{} {} wants Rust {wanted}, and Cargo.toml tells {oldest}: take an older one (cargo \
             update --precise)",
            found["name"],
            found["version"],
        );
    }
    assert!(
        seen > 50,
        "only {seen} crates tell a version of Rust: does this test still read them right?"
    );
}

/// Imports that close a circle, each with the reason why it may. If its circle is gone, remove the
/// entry.
const MAY_CLOSE_A_CIRCLE: [(&str, &str, &str); 1] = [(
    "gdal/functions",
    "gdal/library",
    "a function of GDAL that is called before GDAL was found has it found",
)];

/// A module of src by its path: `src/cluster/kmeans/fit.rs` is `["cluster", "kmeans", "fit"]`, a
/// `mod.rs` its folder.
type Module = Vec<String>;

/// The code of each module, without comments and tests.
fn modules() -> BTreeMap<Module, String> {
    let mut modules = BTreeMap::new();
    for path in sources(&root().join("src")) {
        let (name, lines) = code(&path);
        let text = lines.join("\n");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_string();
        let name = name["src/".len()..].trim_end_matches(".rs").to_string();
        let mut module: Module = name.split('/').map(String::from).collect();
        if ["mod", "lib", "main"].contains(&module.last().unwrap().as_str()) {
            module.pop();
        }
        modules.insert(module, text);
    }
    let for_tests = |(folder, text): (&Module, &String)| {
        let declared =
            text.split("#[cfg(test)]\nmod ").skip(1).map(|rest| rest.split(';').next().unwrap());
        declared.map(|name| [folder.as_slice(), &[name.to_string()]].concat()).collect::<Vec<_>>()
    };
    for module in modules.iter().flat_map(for_tests).collect::<Vec<_>>() {
        modules.remove(&module);
    }
    modules
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The paths that begin here: one, or several in `{...}`. `super::{a, b::c}` gives `super::a` and
/// `super::b::c`.
fn paths(text: &str) -> Vec<Module> {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        let (mut depth, mut start, mut found) = (0, 0, Vec::new());
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                ',' if depth == 0 => {
                    found.extend(paths(&group[start..at]));
                    start = at + 1;
                }
                '}' if depth == 0 => {
                    found.extend(paths(&group[start..at]));
                    break;
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
        return found;
    }
    let name = text.split(|c| !is_name(c)).next().unwrap();
    if name.is_empty() {
        return Vec::new();
    }
    let Some(rest) = text[name.len()..].strip_prefix("::") else {
        return vec![vec![name.to_string()]];
    };
    let more = paths(rest);
    let more = if more.is_empty() { vec![Vec::new()] } else { more };
    more.into_iter().map(|more| [vec![name.to_string()], more].concat()).collect()
}

/// The paths in a text that begin with this name.
fn paths_from(text: &str, name: &str) -> Vec<Module> {
    let start = format!("{name}::");
    let is_first = |at: &usize| !text[..*at].ends_with(|c| is_name(c) || c == ':');
    let places = text.match_indices(&start).map(|(at, _)| at).filter(is_first);
    places.flat_map(|at| paths(&text[at..])).collect()
}

/// The files of a folder, and its folders.
fn children<'m>(
    modules: &'m BTreeMap<Module, String>,
    folder: &'m [String],
) -> impl Iterator<Item = &'m Module> {
    modules
        .keys()
        .filter(move |module| module.len() == folder.len() + 1 && module.starts_with(folder))
}

/// What a module re-exports: paths below it.
fn exports(modules: &BTreeMap<Module, String>, module: &Module) -> Vec<Module> {
    let uses =
        modules[module].split("pub use ").chain(modules[module].split("pub(crate) use ")).skip(1);
    uses.flat_map(paths).map(|path| [module.as_slice(), &path].concat()).collect()
}

/// The module that holds what a path from the root of the crate names. Names that a `mod.rs`
/// re-exports are in the module that they come from.
fn holder(modules: &BTreeMap<Module, String>, path: &[String]) -> Module {
    let n = (0..=path.len()).rev().find(|n| modules.contains_key(&path[..*n])).unwrap_or(0);
    let module = path[..n].to_vec();
    let item = path.get(n);
    match exports(modules, &module)
        .into_iter()
        .find(|export| export.len() > n + 1 && export.last() == item)
    {
        Some(export) => holder(modules, &export),
        None => module,
    }
}

/// The modules that a module imports from, without those that it re-exports.
fn imports(modules: &BTreeMap<Module, String>, module: &Module) -> BTreeSet<Module> {
    let text = &modules[module];
    let is_export =
        |line: &&str| line.starts_with("pub use ") || line.starts_with("pub(crate) use ");
    let own =
        text.split_inclusive(';').filter(|line| !is_export(&line.trim_start())).collect::<String>();
    let program: Module = vec!["bin".into(), "bandcluster".into()];
    let crate_root = if module.starts_with(&program) { program } else { Vec::new() };
    let mut found = BTreeSet::new();
    for path in paths_from(&own, "crate") {
        found.insert(holder(modules, &[crate_root.as_slice(), &path[1..]].concat()));
    }
    for path in paths_from(&own, "super") {
        let up = path.iter().take_while(|name| *name == "super").count();
        found.insert(holder(modules, &[&module[..module.len() - up], &path[up..]].concat()));
    }
    let below = children(modules, module).flat_map(|child| paths_from(&own, child.last().unwrap()));
    let from_self = paths_from(&own, "self").into_iter().map(|path| path[1..].to_vec());
    for path in below.chain(from_self) {
        found.insert(holder(modules, &[module.as_slice(), &path].concat()));
    }
    found
}

/// A circle of imports among the children of a folder, if there is one. A child folder stands for
/// everything in it; `mod.rs` stands for its own code, without what it declares and re-exports.
fn circle(folder: &Module, imports: &BTreeMap<Module, BTreeSet<Module>>) -> Option<Vec<String>> {
    let entry = |module: &Module| {
        module
            .starts_with(folder)
            .then(|| module.get(folder.len()).cloned().unwrap_or("mod.rs".into()))
    };
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, imported) in imports {
        let Some(from) = entry(module) else { continue };
        let others = imported.iter().filter_map(entry).filter(|to| *to != from);
        edges.entry(from.clone()).or_default().extend(others);
    }
    // A child that imports no other is in no circle.
    let mut left = edges;
    loop {
        let before = left.len();
        let still: BTreeSet<String> = left.keys().cloned().collect();
        left.retain(|_, others| others.iter().any(|other| still.contains(other)));
        if left.is_empty() {
            return None;
        }
        if left.len() == before {
            break;
        }
    }
    let mut way = vec![left.keys().next().unwrap().clone()];
    loop {
        let next = left[way.last().unwrap()]
            .iter()
            .find(|other| left.contains_key(*other))
            .unwrap()
            .clone();
        if let Some(start) = way.iter().position(|name| *name == next) {
            way.push(next);
            return Some(way.split_off(start));
        }
        way.push(next);
    }
}

#[test]
fn imports_make_no_circle() {
    let modules = modules();
    let mut imports: BTreeMap<Module, BTreeSet<Module>> =
        modules.keys().map(|module| (module.clone(), imports(&modules, module))).collect();
    let n_imports: usize = imports.values().map(BTreeSet::len).sum();
    assert!(
        n_imports > 500,
        "only {n_imports} imports were found: does this test still read them right?"
    );
    let module = |path: &str| path.split('/').map(String::from).collect::<Module>();
    for (from, to, reason) in MAY_CLOSE_A_CIRCLE {
        let folder = module(from)[..1].to_vec();
        assert!(
            circle(&folder, &imports).is_some()
                && imports.get_mut(&module(from)).unwrap().remove(&module(to)),
            "{from} and {to} make no circle any more ({reason}): take them off the list"
        );
    }
    let folders = modules.keys().filter(|folder| children(&modules, folder).next().is_some());
    let circles: Vec<String> = folders
        .filter_map(|folder| {
            Some(format!("src/{}: {}", folder.join("/"), circle(folder, &imports)?.join(" -> ")))
        })
        .collect();
    assert!(circles.is_empty(), "files import each other in circles: {circles:#?}");
}
