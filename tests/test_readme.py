"""Every fenced block of README.md and docs/python.md does what it says."""

import shutil

import pytest
from helpers import CLI, DATA, ROOT, must, read_bands
from snippets import COMPILERS, Page, Reader, has_target

README = Page("README.md")
PYTHON = Page("docs/python.md")


@pytest.fixture(scope="module")
def new_reader(tmp_path_factory, reader_environment, prefix):
    """Makes a place where a reader of a page would be, with what it names, and room for what it writes."""

    def new(name):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        return Reader(folder, reader_environment, prefix)

    return new


@pytest.fixture(scope="module")
def reader(new_reader):
    return new_reader("readme")


@pytest.fixture(scope="module")
def python_reader(new_reader):
    return new_reader("python")


@pytest.mark.parametrize("where, language, code", [pytest.param(*block, id=block[0]) for block in PYTHON.blocks])
def test_block_of_the_page_about_python(where, language, code, python_reader):
    python_reader.do(language, code)


@pytest.mark.parametrize("where, language, code", [pytest.param(*block, id=block[0]) for block in README.blocks])
def test_block(where, language, code, reader):
    printed = reader.do(language, code)
    if language in COMPILERS:
        # The same pixels in both languages, and the README says of both what they print.
        assert README.text.count(f"`{printed.strip()}`") == 2


def test_snippets_give_the_same_classes(reader):
    """Those of the command line and of the program in C, for one scene and number of classes."""
    # The tests of single blocks have written them.
    for kind in ("*.tif", "*.qml", "*.json", "*.html", "*.png", "*.gpkg"):
        for written in reader.folder.glob(kind):
            written.unlink()
    for code in README.codes("bash"):
        if "bandcluster cluster" in code or "./cluster_raw" in code:
            reader.do("bash", code)
    must(CLI, "cluster", DATA / "s2_train.tif", reader.folder / "expected.tif", "-k", 6, "-q")
    expected = read_bands(reader.folder / "expected.tif").tobytes()
    assert (reader.folder / "labels.raw").read_bytes() == expected
    assert read_bands(reader.folder / "classes.tif").tobytes() == expected


def test_blocks_are_found():
    assert {language for _where, language, _code in README.blocks} == {"bash", "python", "c", "cpp"}


@pytest.mark.parametrize("target", README.targets)
def test_target_named_in_the_text_exists(target):
    assert has_target(target)


@pytest.mark.parametrize("page, link", [(page, link) for page in (README, PYTHON) for link in page.links])
def test_link_leads_somewhere(page, link):
    assert page.leads_somewhere(link)


def test_demo_has_left_what_it_names():
    for name in ("classes.tif", "quicklook.png", "model.json", "neighbour.tif", "neighbour.png"):
        assert (ROOT / "demo" / name).stat().st_size > 0
