"""Which libraries `make dist` publishes, with a Cargo that only writes files."""

import importlib
import os
import sys

import pytest
from helpers import ROOT


@pytest.fixture
def dist(tmp_path, monkeypatch):
    """The modules native and targets of .ci/dist, with folders of their own."""
    for name in ("native", "shell", "targets"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(ROOT / ".ci" / "dist")
    native, targets = importlib.import_module("native"), importlib.import_module("targets")
    monkeypatch.setattr(targets, "ROOT", tmp_path)
    monkeypatch.setattr(native, "CARGO_TARGET", tmp_path / "target" / "dist")
    yield native, targets.TARGETS[0]
    for name in ("native", "shell", "targets"):
        sys.modules.pop(name, None)


class Cargo:
    """Compiles if the source is new or a file is missing.

    Building the program writes the shared library, too.
    """

    def __init__(self, folder):
        self.folder, self.source, self.compiled, self.now = folder, "one", None, 0

    def __call__(self, target, kind, *_words):
        deps = self.folder / "deps"
        deps.mkdir(parents=True, exist_ok=True)
        if kind == "--bin":
            (deps / target.library).write_text("without link-time optimisation")
            (self.folder / target.program).write_text(self.source)
        elif self.compiled != self.source or not (deps / target.library).exists():
            (deps / target.library).write_text(f"optimised {self.source}")
            static = self.folder / "libbandcluster.a"
            static.write_text(f"static {self.source}")
            self.now += 1  # a clock that moves between two builds
            os.utime(static, (self.now, self.now))
            self.compiled = self.source
        (self.folder / target.library).write_bytes((deps / target.library).read_bytes())


@pytest.fixture
def cargo(dist, monkeypatch):
    native, target = dist
    cargo = Cargo(native.CARGO_TARGET / target.triple / "dist")
    monkeypatch.setattr(native, "cargo", cargo)
    return cargo


def test_the_published_library_is_the_optimised_one_of_the_newest_source(dist, cargo):
    native, target = dist
    for source in ("one", "one", "two"):
        cargo.source = source
        native.build(target)
        assert (target.folder / target.library).read_text() == f"optimised {source}"
        assert (target.folder / "libbandcluster.a").read_text() == f"static {source}"
        assert (target.folder / target.program).read_text() == source


def test_what_is_as_it_was_is_not_compiled_again(dist, cargo):
    native, target = dist
    native.build(target)
    first = (target.folder / "libbandcluster.a").stat().st_mtime_ns
    native.build(target)
    assert (cargo.folder / "libbandcluster.a").stat().st_mtime_ns == first


def test_a_build_that_was_ended_before_the_copy_is_repeated(dist, cargo):
    native, target = dist
    native.build(target)
    cargo.source = "two"
    cargo(target, "--lib")
    cargo(target, "--bin")
    native.build(target)
    assert (target.folder / target.library).read_text() == "optimised two"
