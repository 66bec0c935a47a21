"""Which lines .ci/wrap reports: those that are too long and could be shorter."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from helpers import ROOT

WORDS = "word " * 20  # as long as a line may be
URL = "https://example.org/" + 90 * "x"


@pytest.fixture(scope="module")
def wrap():
    loader = SourceFileLoader("wrap", str(ROOT / ".ci" / "wrap"))
    module = module_from_spec(spec_from_loader("wrap", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("begin", ["", "# ", "    // ", "/// ", " * ", "    let x = "])
def test_long_lines_of_code_are_found(wrap, begin):
    assert list(wrap.uncut(f"a = 1\n{begin}{WORDS}more\n")) == [f"2: {len(begin) + 104} columns"]


@pytest.mark.parametrize("begin", ["", "# ", "    // ", "/// ", " * "])
def test_a_word_longer_than_a_line_stays(wrap, begin):
    assert not list(wrap.uncut(f"{begin}{URL}\n"))


def test_columns_are_characters_and_not_bytes(wrap):
    assert not list(wrap.uncut("# " + 49 * "µ "))


def test_all_kinds_of_code_are_read(wrap):
    found = {path.relative_to(ROOT).as_posix() for path in wrap.sources()}
    some = {".ci/wrap", "Makefile", "build.rs", "src/lib.rs", "include/bandcluster.hpp"}
    assert some <= found
    assert not any(path.startswith("target/") for path in found)
