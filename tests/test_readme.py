"""Every fenced block of README.md does what it says: shell lines run, C and C++ compile and run, Python runs."""

import re
import shutil
import sys

import pytest
from helpers import C99, CLI, CPP17, DATA, ROOT, installed, linked, must, read_bands, run

README = (ROOT / "README.md").read_text()
BLOCKS = [
    pytest.param(language, code, id=f"line {README[: match.start()].count(chr(10)) + 1}, {language}")
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", README, flags=re.S | re.M)
    for language, code in [match.groups()]
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where a reader of the README would be, with what its commands name, and room for what they write."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def environment(prefix, qgis_environment):
    """The library, the command line and the plugin are installed, and the binding is on PYTHONPATH."""
    path = f"{prefix / 'bin'}:{qgis_environment['PATH']}"
    return {**qgis_environment, **installed(prefix), "PATH": path, "PYTHONPATH": str(ROOT / "plugin")}


def has_target(target):
    return run("make", "--dry-run", target, cwd=ROOT).returncode == 0


def run_shell(code, folder, environment, prefix):
    # `make demo` has run before these tests and `make test` is what runs them: the targets must be there.
    for target in re.findall(r"^make ([a-z-]+)", code, flags=re.M):
        assert has_target(target), target
    others = "".join(line for line in code.splitlines(keepends=True) if not line.startswith("make "))
    must("bash", "-euo", "pipefail", "-c", others, cwd=folder, env=environment)


def run_python(code, folder, environment, prefix):
    must(sys.executable, "-c", code, cwd=folder, env=environment)


def compile_and_run(compiler, suffix):
    def compile_and_run(code, folder, environment, prefix):
        source = folder / f"snippet{suffix}"
        source.write_text(code)
        must(*compiler, source, *linked(prefix), "-o", folder / "snippet")
        # The same pixels in both languages, and the README says of both what they print.
        printed = must(folder / "snippet", cwd=folder, env=environment).strip()
        assert README.count(f"`{printed}`") == 2

    return compile_and_run


RUNNERS = {
    "bash": run_shell,
    "python": run_python,
    "c": compile_and_run(C99, ".c"),
    "cpp": compile_and_run(CPP17, ".cpp"),
}


@pytest.mark.parametrize("language, code", BLOCKS)
def test_block(language, code, folder, environment, prefix):
    RUNNERS[language](code, folder, environment, prefix)


def test_snippets_give_the_same_classes(folder, environment, prefix):
    """Those of the command line and of the program in C, for one scene and number of classes."""
    for param in BLOCKS:
        language, code = param.values
        if language == "bash" and ("bandcluster cluster" in code or "./cluster_raw" in code):
            run_shell(code, folder, environment, prefix)
    must(CLI, "cluster", DATA / "s2_train.tif", folder / "expected.tif", "-k", 6, "-q")
    expected = read_bands(folder / "expected.tif").tobytes()
    assert (folder / "labels.raw").read_bytes() == expected
    assert read_bands(folder / "classes.tif").tobytes() == expected


def test_blocks_are_found():
    assert {block.values[0] for block in BLOCKS} == set(RUNNERS)
    assert README.count("```") == 2 * len(BLOCKS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`(?:sudo )?make ([a-z-]+)", README))))
def test_target_named_in_the_text_exists(target):
    assert has_target(target)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\w\]\(([^)#]+)\)", README))))
def test_link_leads_somewhere(link):
    assert link.startswith("http") or (ROOT / link).exists()


def test_demo_has_left_what_it_names():
    for name in ("classes.tif", "quicklook.png", "model.json", "neighbour.tif", "neighbour.png"):
        assert (ROOT / "demo" / name).stat().st_size > 0
