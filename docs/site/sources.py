#!/usr/bin/env python3
"""The sources of the documentation site: `make docs` runs it, then Sphinx.

Pages are the documents of docs/, and references that are made of what the project itself says: the
help of the command line, the docstrings, the C header, the schemas of jobs. The first page begins
as README.md does.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMMANDS = ("cluster", "fit", "predict", "choose-k", "merge", "info")
DOCUMENTS = sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))
OTHERS = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--command", type=Path, required=True, help="the command line, whose help is shown"
    )
    parser.add_argument("folder", type=Path, help="where the sources go; what is there is removed")
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "images", given.folder / "docs" / "images")
    shutil.copytree(HERE / "pages", given.folder, dirs_exist_ok=True)
    for name, text in {**documents(), **references(given.command)}.items():
        (given.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (given.folder / name).write_text(text, encoding="utf-8")
    for name in ("job-request.schema.json", "job-outcome.schema.json"):
        shutil.copy(ROOT / "docs" / name, given.folder / "reference")
    (given.folder / "bandcluster.h").write_text(documented_header(), encoding="utf-8")


# Documents and their links


def documents():
    pages = {name: read(name) for name in (*DOCUMENTS, *OTHERS)}
    pages["index.md"] = first_page()
    return {name: relinked(text, name, name) for name, text in pages.items()}


def first_page():
    """How README.md begins, up to its first section, and what there is beside it in
    pages/index.md.
    """
    begins, sections, _ = read("README.md").partition("\n## ")
    if not sections:
        sys.exit(
            "README.md has no section: the site's first page begins with what is before the"
            " first one"
        )
    return f"{begins}\n{(HERE / 'pages' / 'index.md').read_text(encoding='utf-8')}"


def relinked(text, source, page):
    """Links of a document of the repository as the site has them: to its pages, or to the
    repository.
    """

    def link(found):
        target, _, anchor = found[2].partition("#")
        if not target or "://" in target or target.startswith("mailto:"):
            return found[0]
        path = os.path.normpath(os.path.join(os.path.dirname(source), target))
        if not (ROOT / path).exists():
            sys.exit(f"{source} links to {target}, which is not there")
        return f"{found[1]}{on_site(path, anchor, page)}{found[3]}"

    code = re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if number % 2 else LINK.sub(link, part) for number, part in enumerate(code))


def on_site(path, anchor, page):
    if path == "README.md":
        path, anchor = "index.md", ""
    if path not in ("index.md", *DOCUMENTS, *OTHERS) and not path.startswith("docs/images/"):
        return f"{repository()}/blob/main/{path}"
    return os.path.relpath(path, os.path.dirname(page)) + (f"#{anchor}" if anchor else "")


def repository():
    return re.search(r'^repository = "(.+)"', read("Cargo.toml"), re.MULTILINE)[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


# References


def references(command):
    return {
        "reference/cli.md": command_line(command),
        "reference/jobs.md": jobs(),
        "reference/c.md": c_reference(),
    }


def command_line(command):
    parts = [
        "# The command line\n",
        (
            "What `bandcluster help` prints, of this version. `bandcluster COMMAND -h` lists the"
            " options, a line each.\n"
        ),
        code(helped(command, "--help")),
    ]
    for name in COMMANDS:
        parts += [f"## bandcluster {name}\n", code(helped(command, "help", name))]
    return "\n".join(parts)


def helped(command, *words):
    narrow = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(
        [command.resolve(), *words], env=narrow, check=True, capture_output=True, text=True
    ).stdout


def code(text):
    return f"```text\n{text.rstrip()}\n```\n"


def jobs():
    schema = json.loads(read("docs/job-request.schema.json"))
    outcome = json.loads(read("docs/job-outcome.schema.json"))
    parts = [
        "# Jobs\n",
        (
            "A request is a JSON object. `bandcluster_run_job` in C, `bandcluster.run_job` in"
            " Python and `bandcluster::jobs::run` in Rust do what it asks for, and return an"
            " outcome, which the command line prints with `--json`. The schemas: {download}`request"
            " <job-request.schema.json>`, {download}`outcome <job-outcome.schema.json>`.\n"
        ),
        "## Requests\n",
    ]
    for one in schema["oneOf"]:
        command = one["properties"]["command"]["const"]
        kind = schema["$defs"][one["$ref"].rpartition("/")[2]]
        parts += [
            f"### {command}\n",
            f'{text_of(one)} `"command": "{command}"`, and:\n',
            table(kind),
        ]
    parts += ["## Outcomes\n", "What they are made of:\n"]
    for name, kind in sorted(outcome["$defs"].items()):
        parts += [f"### {name}\n", f"{text_of(kind)}\n", table(kind)]
    return "\n".join(parts)


def table(kind):
    rows = [
        f"| `{name}` | {type_of(field)} | {text_of(field)}{default_of(field)} |"
        for name, field in kind.get("properties", {}).items()
    ]
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows, ""]) if rows else ""


def text_of(one):
    return " ".join(one.get("description", "").split()).replace("|", "\\|")


def default_of(field):
    default = field.get("default")
    told = default in (None, "", [], {}) or "Default" in field.get("description", "")
    return "" if told else f" Default `{json.dumps(default)}`."


def type_of(field):
    if "$ref" in field:
        return f"`{field['$ref'].rpartition('/')[2]}`"
    for key in ("anyOf", "oneOf"):
        if key in field:
            return " or ".join(dict.fromkeys(type_of(one) for one in field[key]))
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return " or ".join(f"`{json.dumps(one)}`" for one in field["enum"])
    kinds = field.get("type", "any")
    names = [kinds] if isinstance(kinds, str) else kinds
    told = [
        f"list of {type_of(field['items'])}" if name == "array" and "items" in field else name
        for name in names
    ]
    return " or ".join(told)


# The C header: Doxygen reads comments with three strokes, and groups that are marked as such


GROUP = re.compile(r"^/\* (.+?) -{3,} \*/$", re.MULTILINE)


def documented_header():
    text, number = read("include/bandcluster.h"), 0

    def group(found):
        nonlocal number
        number += 1
        ended = "/** @} */\n" if number > 1 else ""
        return f"{ended}/** @defgroup group{number} {found[1]}\n * @{{ */"

    text = GROUP.sub(group, text)
    text = re.sub(r"^( *)// ?", r"\1/// ", text, flags=re.MULTILINE)
    last = text.rindex("#ifdef __cplusplus")
    return f"{text[:last]}/** @}} */\n{text[last:]}"


def c_reference():
    header = read("include/bandcluster.h")
    parts = ["# The C API\n", *introduction_of(header)]
    for number, found in enumerate(GROUP.finditer(header), start=1):
        title = found[1][0].upper() + found[1][1:]
        parts += [
            f"## {title}\n",
            f"```{{doxygengroup}} group{number}\n:content-only:\n:members:\n```\n",
        ]
    return "\n".join(parts)


def introduction_of(header):
    """The comment at the top of the header: paragraphs, and rules that begin with a name ("Safety.

    A pointer").
    """
    comment = re.match(r"/\*(.*?)\*/", header, re.DOTALL)[1]
    lines = [re.sub(r"^ \* ?", "", line) for line in comment.splitlines()]
    parts = [""]
    for line in lines:
        begins = re.match(r"(\w[\w ]*[.:])\s{2,}(.+)", line)
        if begins:
            parts.append(f"**{begins[1]}** {begins[2]}")
        elif line.strip():
            parts[-1] += f" {line.strip()}"
        else:
            parts.append("")
    left_out = ("SPDX", "This file is generated")
    return [
        f"{part.strip()}\n"
        for part in parts
        if part.strip() and not part.strip().startswith(left_out)
    ]


if __name__ == "__main__":
    main()
