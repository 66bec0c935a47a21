#!/usr/bin/env python3
"""Bring the translations of the QGIS plugin up to date with its texts.

    plugin/translations.py            all of plugin/bandcluster_qgis/i18n
    plugin/translations.py pt_BR      one language, begun if there is none

Texts are the arguments of tr() and translatable(). New texts are added to the .ts files as
unfinished, and texts that are gone are removed. If a text changed a little, its old translation is
offered as unfinished. Then edit the file, in Qt Linguist or by hand: fill <translation> and delete
type="unfinished".

Qt's own pylupdate5 also reads such sources, but into the context @default. It silently skips what
it does not understand (a list in translatable(), an f-string in tr()); this program stops there.
"""

import argparse
import ast
import difflib
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent / "bandcluster_qgis"
FOLDER = PACKAGE / "i18n"
CONTEXT = "bandcluster"
_MARKS = ("tr", "translatable")


class TextError(Exception):
    """A text that cannot be found by reading the source."""


@dataclass
class Message:
    """A text and its translation; empty and unfinished until somebody translates it."""

    text: str
    translation: str = ""
    finished: bool = False


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language", nargs="?", help="such as zh_CN")
    language = parser.parse_args().language
    files = [file_of(language)] if language else sorted(FOLDER.glob("*.ts"))
    try:
        found = texts()
    except TextError as problem:
        sys.exit(str(problem))
    for file in files:
        messages = updated(read(file) if file.exists() else [], found)
        write(file, messages, found)
        todo = sum(not message.finished for message in messages)
        print(f"{file}: {len(messages)} texts, {todo} to translate")


def file_of(language) -> Path:
    return FOLDER / f"{CONTEXT}_{language}.ts"


def language_of(file) -> str:
    return file.stem[len(CONTEXT) + 1 :]


def texts() -> "dict[str, list[str]]":
    """Every text for the user, with the names of the sources that have it."""
    found = {}
    for source in sorted(PACKAGE.rglob("*.py")):
        name = source.relative_to(PACKAGE).as_posix()
        for text in texts_in(ast.parse(source.read_text(encoding="utf-8")), name):
            if name not in found.setdefault(text, []):
                found[text].append(name)
    return found


def texts_in(tree, name):
    """The texts of one source, in their order."""
    calls = [node for node in ast.walk(tree) if is_mark(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        texts = [
            node.value
            for node in ast.walk(call)
            if isinstance(node, ast.Constant) and type(node.value) is str
        ]
        computed = any(
            isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Call))
            for node in ast.walk(call.args[0])
        )
        if computed or (not texts and call.func.id == "translatable"):
            raise TextError(
                f"{name}, line {call.lineno}: {call.func.id}() takes texts as they are; put values"
                " in afterwards, with tr(...).format(...)"
            )
        yield from texts


def is_mark(node) -> bool:
    """Whether a node is a call of tr() or translatable()."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _MARKS
        and bool(node.args)
    )


def updated(old, found) -> "list[Message]":
    """The updated messages, in the order of the sources."""
    known = {message.text: message for message in old}
    gone = [message.text for message in old if message.text not in found and message.translation]
    return [known.get(text) or Message(text, _offered(text, gone, known)) for text in found]


def _offered(text, gone, known) -> str:
    """The translation of a similar text that is gone."""
    like = difflib.get_close_matches(text, gone, 1, 0.8)
    return known[like[0]].translation if like else ""


def read(file) -> "list[Message]":
    return [
        Message(
            message.findtext("source"),
            message.findtext("translation") or "",
            "type" not in message.find("translation").attrib,
        )
        for message in ElementTree.parse(file).iter("message")
    ]


def write(file, messages, found) -> None:
    root = ElementTree.Element("TS", version="2.1", language=language_of(file), sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for message in messages:
        element = ElementTree.SubElement(context, "message")
        for source in found[message.text]:  # without line numbers, which would change all the time
            ElementTree.SubElement(element, "location", filename=f"../{source}")
        ElementTree.SubElement(element, "source").text = message.text
        translation = ElementTree.SubElement(
            element, "translation", {} if message.finished else {"type": "unfinished"}
        )
        translation.text = message.translation
    ElementTree.indent(root, "    ")
    content = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{content}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
