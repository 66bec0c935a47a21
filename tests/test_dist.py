"""Which libraries `make dist` publishes, with a Cargo that only writes files."""

import importlib
import sys

import pytest
from helpers import ROOT


@pytest.fixture
def dist(tmp_path, monkeypatch):
    """The module native of .ci/dist and a platform, with folders of their own."""
    for name in ("native", "shell", "targets"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(ROOT / ".ci" / "dist")
    native, targets = importlib.import_module("native"), importlib.import_module("targets")
    for module in (native, targets):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(native, "CARGO_TARGET", tmp_path / "target" / "dist")
    monkeypatch.setattr(native, "run", lambda *_command: "rustc 1.96.0")
    for name in (*native.SOURCES, "src/lib.rs"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    yield native, targets.TARGETS[0]
    for name in ("native", "shell", "targets"):
        sys.modules.pop(name, None)


class Cargo:
    """Compiles each time. Building the program writes the shared library, too."""

    def __init__(self, root, folder):
        self.root, self.folder, self.n_runs, self.ends_before = root, folder, 0, ""

    def __call__(self, target, kind, *_words):
        if kind == self.ends_before:
            raise KeyboardInterrupt
        self.n_runs += 1
        source = (self.root / "src" / "lib.rs").read_text()
        deps = self.folder / "deps"
        deps.mkdir(parents=True, exist_ok=True)
        if kind == "--bin":
            (deps / target.library).write_text("without link-time optimisation")
            (self.folder / target.program).write_text(source)
        else:
            assert not (deps / target.library).exists()  # else Cargo might take it for its own
            (deps / target.library).write_text(f"optimised {source}")
            (self.folder / "libbandcluster.a").write_text(f"static {source}")
        (self.folder / target.library).write_bytes((deps / target.library).read_bytes())


@pytest.fixture
def cargo(dist, tmp_path, monkeypatch):
    native, target = dist
    cargo = Cargo(tmp_path, native.CARGO_TARGET / target.triple / "dist")
    monkeypatch.setattr(native, "cargo", cargo)
    return cargo


def assert_made_from(source, target):
    assert (target.folder / target.library).read_text() == f"optimised {source}"
    assert (target.folder / "libbandcluster.a").read_text() == f"static {source}"
    assert (target.folder / target.program).read_text() == source


def test_the_published_library_is_the_optimised_one_of_the_newest_source(dist, cargo, tmp_path):
    native, target = dist
    for source, n_runs in (("one", 2), ("one", 2), ("two", 4)):
        (tmp_path / "src" / "lib.rs").write_text(source)
        native.build(target)
        assert_made_from(source, target)
        assert cargo.n_runs == n_runs  # library and program, if anything has changed


@pytest.mark.parametrize("changed", ["Cargo.lock", ".ci/dist/requirements.txt", "src/a/new.rs"])
def test_whatever_it_is_made_from_counts(changed, dist, cargo, tmp_path):
    native, target = dist
    native.build(target)
    (tmp_path / changed).parent.mkdir(exist_ok=True)
    (tmp_path / changed).write_text("two")
    native.build(target)
    assert cargo.n_runs == 4


@pytest.mark.parametrize("step", ["--lib", "--bin"])
def test_a_build_that_was_ended_in_the_middle_is_repeated(step, dist, cargo, tmp_path):
    native, target = dist
    native.build(target)
    (tmp_path / "src" / "lib.rs").write_text("two")
    cargo.ends_before = step
    with pytest.raises(KeyboardInterrupt):
        native.build(target)
    cargo.ends_before = ""
    (tmp_path / "src" / "lib.rs").write_text("one")
    native.build(target)
    assert_made_from("one", target)
