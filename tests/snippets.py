"""Pages of documentation, and a reader who runs their shell, C, C++ and Python blocks."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers import C99, CPP17, ROOT, linked, must, run

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.S | re.M)
COMPILERS = {"c": C99, "cpp": CPP17}


class Page:
    """A page of the documentation, by its path in the repository."""

    def __init__(self, path):
        self.path = ROOT / path
        self.name = self.path.stem
        self.text = self.path.read_text()
        # (where, language, code) of every fenced block
        self.blocks = [
            (
                f"line {self.text[: match.start()].count(chr(10)) + 1}, {match[1]}",
                match[1],
                match[2],
            )
            for match in FENCED.finditer(self.text)
        ]
        assert self.text.count("```") == 2 * len(self.blocks), (
            "a block is of no language, or not closed"
        )
        prose = FENCED.sub("", self.text)
        self.links = sorted(set(re.findall(r"\]\(([^)]+)\)", prose)))
        self.anchors = {anchor(title) for title in re.findall(r"^#+ (.+)$", prose, flags=re.M)}
        self.targets = sorted(set(re.findall(r"`(?:sudo )?make ([a-z-]+)", prose)))

    def codes(self, language):
        return [code for _where, of, code in self.blocks if of == language]

    def leads_somewhere(self, link):
        if link.startswith("http"):
            return True
        path, _, part = link.partition("#")
        target = self.path.parent / path if path else self.path
        return target.exists() and (not part or part in Page(target).anchors)


def anchor(title):
    """The anchor of a heading, as links write it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def has_target(target):
    return run("make", "--dry-run", target, cwd=ROOT).returncode == 0


@dataclass(frozen=True)
class Reader:
    """Runs the blocks of a page in a folder, with library, command line and plugin installed."""

    folder: Path
    environment: dict
    prefix: Path

    def do(self, language, code):
        """Runs a block; returns what it prints."""
        if language in COMPILERS:
            return self._compile_and_run(language, code)
        if language == "py":
            return ""  # for engines that are not installed: plugin/tests/binding/test_engines.py
        return {"bash": self._shell, "python": self._python}[language](code)

    def _shell(self, code):
        # `make demo` has run before these tests, and `make test` runs them: only check that the
        # targets exist.
        for target in re.findall(r"^make ([a-z-]+)", code, flags=re.M):
            assert has_target(target), target
        # The package is on the path, so `pip install` is skipped. tests/test_wheel.py runs it.
        elsewhere = ("make ", "pip install ", "python -m pip install ")
        others = "".join(
            line for line in code.splitlines(keepends=True) if not line.startswith(elsewhere)
        )
        return must("bash", "-euo", "pipefail", "-c", others, cwd=self.folder, env=self.environment)

    def _python(self, code):
        return must(sys.executable, "-c", code, cwd=self.folder, env=self.environment)

    def _compile_and_run(self, language, code):
        source = self.folder / f"snippet.{language}"
        source.write_text(code)
        must(*COMPILERS[language], source, *linked(self.prefix), "-o", self.folder / "snippet")
        return must(self.folder / "snippet", cwd=self.folder, env=self.environment)
