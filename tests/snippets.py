"""The fenced blocks of a document, and how each does what it says: all of them run, C and C++ are compiled before."""

import re
import sys

import pytest
from helpers import C99, CPP17, ROOT, linked, must, run


class Document:
    """A document of the project with its blocks, in their order."""

    def __init__(self, name):
        self.path = ROOT / name
        self.text = self.path.read_text()
        found = re.finditer(r"^```(\w+)\n(.*?)^```$", self.text, flags=re.S | re.M)
        self.blocks = [
            pytest.param(*match.groups(), id=f"line {self.text[: match.start()].count(chr(10)) + 1}, {match.group(1)}")
            for match in found
        ]
        self.links = sorted(set(re.findall(r"\w\]\(([^)#]+)\)", self.text)))
        assert self.text.count("```") == 2 * len(self.blocks), "every fence belongs to a block"

    @property
    def languages(self):
        return [block.values[0] for block in self.blocks]

    def run(self, language, code, folder, environment, prefix):
        """Run a block as a reader would, in a folder; `environment` is the fixture."""
        if language == "bash":
            self.run_shell(code, folder, environment)
        elif language == "python":
            must(sys.executable, "-c", code, cwd=folder, env=environment)
        else:
            self.compile_and_run(language, code, folder, environment, prefix)

    def run_shell(self, code, folder, environment):
        # `make demo` has run before these tests and `make test` is what runs them: the targets must be there.
        for target in re.findall(r"^make ([a-z-]+)", code, flags=re.M):
            assert has_target(target), target
        others = "".join(line for line in code.splitlines(keepends=True) if not line.startswith("make "))
        must("bash", "-euo", "pipefail", "-c", others, cwd=folder, env=environment)

    def compile_and_run(self, language, code, folder, environment, prefix):
        compiler, suffix = {"c": (C99, ".c"), "cpp": (CPP17, ".cpp")}[language]
        source = folder / f"snippet{suffix}"
        source.write_text(code)
        must(*compiler, source, *linked(prefix), "-o", folder / "snippet")
        printed = must(folder / "snippet", cwd=folder, env=environment).strip()
        # Programs of one document do the same, and it says of each what it prints.
        assert self.text.count(f"`{printed}`") == sum(language in ("c", "cpp") for language in self.languages)

    def leads_somewhere(self, link):
        return link.startswith("http") or (self.path.parent / link).exists()


def has_target(target):
    return run("make", "--dry-run", target, cwd=ROOT).returncode == 0
