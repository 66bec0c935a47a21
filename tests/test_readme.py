"""README.md: every block does what it says, every target and link is there."""

import re
import shutil

import pytest
from helpers import CLI, DATA, ROOT, must, read_bands
from snippets import Document, has_target

README = Document("README.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where a reader of the README would be, with what its commands name, and room for what they write."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("language, code", README.blocks)
def test_block(language, code, folder, environment, prefix):
    README.run(language, code, folder, environment, prefix)


def test_snippets_give_the_same_classes(folder, environment):
    """Those of the command line and of the program in C, for one scene and number of classes."""
    for block in README.blocks:
        language, code = block.values
        if language == "bash" and ("bandcluster cluster" in code or "./cluster_raw" in code):
            README.run_shell(code, folder, environment)
    must(CLI, "cluster", DATA / "s2_train.tif", folder / "expected.tif", "-k", 6, "-q")
    expected = read_bands(folder / "expected.tif").tobytes()
    assert (folder / "labels.raw").read_bytes() == expected
    assert read_bands(folder / "classes.tif").tobytes() == expected


def test_blocks_are_found():
    assert set(README.languages) == {"bash", "python", "c", "cpp"}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`(?:sudo )?make ([a-z-]+)", README.text))))
def test_target_named_in_the_text_exists(target):
    assert has_target(target)


@pytest.mark.parametrize("link", README.links)
def test_link_leads_somewhere(link):
    assert README.leads_somewhere(link)


def test_demo_has_left_what_it_names():
    for name in ("classes.tif", "quicklook.png", "model.json", "neighbour.tif", "neighbour.png"):
        assert (ROOT / "demo" / name).stat().st_size > 0
