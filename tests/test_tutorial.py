"""docs/tutorial.md: its commands, Python code and C program run, and make the same maps.

plugin/tests/qgis/test_qgis_story.py compares the values for QGIS's dialogs with those used in the
desktop.
"""

import shutil

import bandcluster
import pytest
from helpers import DATA, read_bands
from snippets import Page, Reader

PAGE = Page("docs/tutorial.md")
MAPS = ("classes", "land", "neighbour")


@pytest.fixture(scope="module")
def reader(tmp_path_factory, reader_environment, prefix):
    folder = tmp_path_factory.mktemp("tutorial")
    for name in ("s2_train.tif", "s2_predict.tif"):
        shutil.copy(DATA / name, folder)
    [program] = PAGE.codes("c")
    (folder / "tutorial.c").write_text(program)
    return Reader(folder, reader_environment, prefix)


@pytest.fixture(scope="module")
def printed(reader):
    """Runs the Python blocks of the page as one script, then its commands; returns their output."""
    reader.do("python", "".join(PAGE.codes("python")))
    return "".join(reader.do("bash", code) for code in PAGE.codes("bash"))


@pytest.mark.parametrize("name", MAPS)
def test_every_face_makes_the_same_map(name, reader, printed):
    expected = read_bands(reader.folder / f"{name}.tif")
    assert (read_bands(reader.folder / f"python_{name}.tif") == expected).all()
    assert (reader.folder / f"c_{name}.raw").read_bytes() == expected.tobytes()


def test_every_face_makes_the_same_legend(reader, printed):
    legends = [
        bandcluster.Model.load(reader.folder / f"{face}land.json").legend
        for face in ("", "python_", "c_")
    ]
    assert legends[0] == legends[1] == legends[2]
    assert legends[0] == [
        (1, "fields and sand", "#f0e68c"),
        (2, "forest", "#006400"),
        (3, "water and marsh", "#4682b4"),
    ]


@pytest.mark.parametrize("text", PAGE.codes("text"), ids=lambda text: text.split("\n")[0].strip())
def test_the_commands_print_what_the_page_shows(text, printed):
    assert text in printed


def test_the_program_compiles_without_warnings(reader, printed):
    [program] = PAGE.codes("c")
    assert reader.do("c", program) == "recommended: 4 classes\n"


def test_reports_tell_of_the_same_classes(reader, printed):
    for name in ("report", "python_report", "c_report"):
        page = (reader.folder / f"{name}.html").read_text()
        assert "212 094" in page and page.count("data:image/") == 2 and ">1.53<" in page


def test_blocks_are_found():
    assert {language for _where, language, _code in PAGE.blocks} == {"bash", "text", "python", "c"}


@pytest.mark.parametrize("link", PAGE.links)
def test_link_leads_somewhere(link):
    assert PAGE.leads_somewhere(link)
