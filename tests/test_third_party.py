"""THIRD_PARTY.txt names the crates that are compiled in, and is shipped with the library."""

import re
import zipfile

from helpers import ROOT, must

PAGE = ROOT / "THIRD_PARTY.txt"


def test_it_names_the_crates_that_are_compiled_in_on_any_platform():
    tree = must(
        "cargo",
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--target",
        "all",
        "--prefix",
        "none",
        cwd=ROOT,
    )
    wanted = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    wanted = {(name, version[1:]) for name, version in wanted if name != "bandcluster"}
    listed = re.findall(r"^([\w-]+) (\d\S*)  ", PAGE.read_text().split("====")[0], re.M)
    assert set(listed) == wanted and len(listed) == len(wanted), (
        "run `make third-party`, and commit what it writes"
    )


def test_every_crate_has_a_text():
    crates, *texts = re.split(r"^={100}$", PAGE.read_text(), flags=re.M)
    holders = " ".join(texts[0::2])
    for name, version in re.findall(r"^([\w-]+) (\d\S*)  ", crates, re.M):
        assert re.search(rf"(^|\s){re.escape(f'{name} {version}')}(,|\s|$)", holders), name
    assert len(texts) > 40 and min(map(len, texts[1::2])) > 200


def test_the_fonts_licences_are_in_it():
    text = PAGE.read_text()
    hack, emoji = "Source Foundry", "John Slegers"
    for part in (
        "SIL OPEN FONT LICENSE Version 1.1",
        "UBUNTU FONT LICENCE Version 1.0",
        hack,
        emoji,
    ):
        assert part in text, part


def test_what_compilers_add_is_in_it():
    text = PAGE.read_text()
    for part in ("The Rust Project Contributors", "Zope Public License", "winpthreads"):
        assert part in text, part


def test_it_goes_with_the_library(prefix):
    assert (prefix / "share/doc/bandcluster/THIRD_PARTY.txt").read_bytes() == PAGE.read_bytes()
    assert (prefix / "share/doc/bandcluster/LICENSE-MIT").is_file()
    with zipfile.ZipFile(ROOT / "dist/bandcluster_qgis.zip") as plugin:
        assert plugin.read("bandcluster_qgis/THIRD_PARTY.txt") == PAGE.read_bytes()
