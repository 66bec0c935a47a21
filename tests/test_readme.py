"""Every fenced block of README.md and the how-to pages runs and does what the page says."""

import re
import shutil

import pytest
from helpers import CLI, DATA, ROOT, must, read_bands
from snippets import COMPILERS, Page, Reader, has_target

README = Page("README.md")
C = Page("docs/c.md")

PAGES = [
    README,
    C,
    *map(Page, ("docs/command-line.md", "docs/classes.md", "docs/python.md", "docs/qgis.md")),
]
BLOCKS = [
    pytest.param(page, *block[1:], id=f"{page.name}, {block[0]}")
    for page in PAGES
    for block in page.blocks
]


@pytest.fixture(scope="module")
def readers(tmp_path_factory, reader_environment, prefix):
    """A reader of each page, in a folder that has the files of tests/ and takes the outputs."""

    def reader(page):
        folder = tmp_path_factory.mktemp(page.name)
        shutil.copytree(
            ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__")
        )
        return Reader(folder, reader_environment, prefix)

    return {page.name: reader(page) for page in PAGES}


@pytest.mark.parametrize("page, language, code", BLOCKS)
def test_block(page, language, code, readers):
    printed = readers[page.name].do(language, code)
    if page is C and language in COMPILERS:
        # C and C++ print the same, and the page shows it for both.
        assert page.text.count(f"`{printed.strip()}`") == 2


def test_snippets_give_the_same_classes(readers):
    """The snippets for the command line, Python and C use the same scene and number of classes."""
    folder = readers[README.name].folder
    must(CLI, "cluster", DATA / "s2_train.tif", folder / "expected.tif", "-k", 6, "-q")
    expected = read_bands(folder / "expected.tif").tobytes()
    for name in ("map.tif", "classes.tif", "from_c.tif"):  # written by test_block
        assert read_bands(folder / name).tobytes() == expected, name
    assert (readers[C.name].folder / "labels.raw").read_bytes() == expected


def test_figures_of_the_readme_are_those_of_the_benchmarks():
    benchmarks = (ROOT / "docs" / "benchmarks.md").read_text()
    tile = benchmarks[benchmarks.index("## Tile: a Sentinel-2 tile, 10 classes") :]
    figures = re.findall(
        r"^\| \**(bandcluster|rasterio).*?([\d.]+ s)\W+([\d.]+ [MG]B)", README.text, flags=re.M
    )
    assert len(figures) == 2
    for program, seconds, memory in figures:
        [row] = re.findall(
            rf"^\| \**{program}(?:\*\*| \+ scikit-learn) \|.*$",
            tile.partition("\n\n|  | inertia")[0],
            flags=re.M,
        )
        assert f"| {seconds} |" in row and f"| {memory} |" in row


def test_the_readme_is_short():
    assert len(README.text.splitlines()) <= 200


def test_blocks_are_found():
    assert {language for _where, language, _code in README.blocks} == {"bash", "python", "c"}
    assert {language for _where, language, _code in C.blocks} == {"bash", "c", "cpp"}
    assert all(page.blocks for page in PAGES)


@pytest.mark.parametrize(
    "page, target", [(page.name, target) for page in PAGES for target in page.targets]
)
def test_target_named_in_the_text_exists(page, target):
    assert has_target(target)


@pytest.mark.parametrize(
    "page, link",
    [pytest.param(page, link, id=f"{page.name}, {link}") for page in PAGES for link in page.links],
)
def test_link_leads_somewhere(page, link):
    assert page.leads_somewhere(link)


def test_demo_has_left_what_it_names():
    for name in (
        "classes.tif",
        "quicklook.png",
        "model.json",
        "neighbour.tif",
        "neighbour.png",
        "cluster.json",
    ):
        assert (ROOT / "demo" / name).stat().st_size > 0
