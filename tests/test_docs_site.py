"""The sources of the documentation site are complete; `make docs` runs Sphinx's checks."""

import importlib.util
import re
import subprocess
import sys

import pytest
from helpers import CLI, ROOT

SITE = ROOT / "docs" / "site"


@pytest.fixture
def sources():
    spec = importlib.util.spec_from_file_location("sources", SITE / "sources.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "sources"
    subprocess.run([sys.executable, SITE / "sources.py", "--command", CLI, folder], check=True)
    return folder


def test_every_page_is_in_the_contents_and_there(made):
    contents = set(re.findall(r"^([\w/-]+)$", (made / "index.md").read_text(), re.MULTILINE))
    pages = {
        file.relative_to(made).with_suffix("").as_posix()
        for file in made.rglob("*")
        if file.suffix in (".md", ".rst")
    }
    assert contents == pages - {"index"}


def test_links_lead_somewhere(made):
    for file in made.rglob("*.md"):
        text = re.sub(
            r"^```.*?^```|`[^`\n]+`", "", file.read_text(), flags=re.MULTILINE | re.DOTALL
        )
        for target in re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text):
            assert "://" in target or (file.parent / target).is_file(), f"{file}: {target}"


def test_the_first_page_begins_as_the_readme_does(made):
    first = (made / "index.md").read_text()
    assert first.startswith("# bandcluster\n\n![") and "scikit-learn" in first
    assert "## Where to begin" in first


def test_a_link_to_nothing_is_refused(sources):
    with pytest.raises(SystemExit, match="links to nothing.md, which is not there"):
        sources.relinked("[words](nothing.md)", "docs/design.md", "docs/design.md")


def test_links_to_other_files_lead_to_the_repository(sources):
    found = sources.relinked(
        "[a](../src/lib.rs) `[b](c)` [d](python.md#install)", "docs/design.md", "docs/design.md"
    )
    assert (
        found == f"[a]({sources.repository()}/blob/main/src/lib.rs) `[b](c)` [d](python.md#install)"
    )


def test_the_reference_of_python_has_every_public_name():
    package = (ROOT / "plugin" / "bandcluster" / "__init__.py").read_text()
    names = set(re.findall(r'^    "(\w+)",$', package, re.MULTILINE))
    page = (SITE / "pages" / "reference" / "python.rst").read_text()
    errors = set(
        re.findall(
            r"^class (\w+)",
            (ROOT / "plugin" / "bandcluster" / "errors.py").read_text(),
            re.MULTILINE,
        )
    )
    assert names - errors == set(re.findall(r"auto(?:function|class):: bandcluster\.(\w+)", page))


def test_the_references_are_whole(made):
    commands = (made / "reference" / "cli.md").read_text()
    for option in ("--clusters <K>", "--radius-quantile", "## bandcluster merge"):
        assert option in commands
    header = (made / "bandcluster.h").read_text()
    groups = header.count("@defgroup")
    assert groups > 10 and header.count("@{") == header.count("@}") == groups
    assert (made / "reference" / "c.md").read_text().count("{doxygengroup}") == groups
    jobs = (made / "reference" / "jobs.md").read_text()
    assert "| `n_clusters` | integer or null |" in jobs and "### open_product" in jobs
