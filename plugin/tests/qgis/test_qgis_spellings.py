"""Plugin and tests use only spellings that QGIS 4 keeps: Qt6, scoped enums."""

import ast
import enum
import functools
import importlib
import inspect

import pytest
from qgis.PyQt.QtCore import Qt
from scenes import PLUGIN

FOLDERS = ("bandcluster", "bandcluster_qgis", "tests")
FILES = sorted(file for folder in FOLDERS for file in (PLUGIN / folder).rglob("*.py"))
QGIS = ("qgis.core", "qgis.gui")
MODULES = (*QGIS, "qgis.PyQt.QtCore", "qgis.PyQt.QtGui", "qgis.PyQt.QtWidgets")
PACKAGES = ("qgis", "qgis.PyQt")

# Qt6 moved them from QtWidgets to QtGui, where Qt5 does not have them.
MOVED = {
    "QAction",
    "QActionGroup",
    "QFileSystemModel",
    "QShortcut",
    "QUndoCommand",
    "QUndoGroup",
    "QUndoStack",
}
GONE = {"QDesktopWidget", "QRegExp", "QRegExpValidator", "QTextCodec"}
# PyQt5's enums have a type of their own; those of Qgis are Python's.
ENUM_TYPES = (enum.EnumMeta, type(Qt.CheckState))
NOWHERE = object()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PLUGIN).as_posix())
def test_only_spellings_that_qgis_4_keeps(qgis_app, file):
    assert complaints(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code, wanted",
    [
        ("from PyQt5.QtCore import Qt", ["1: PyQt5.QtCore is not imported through qgis.PyQt"]),
        ("import PyQt6.QtGui", ["1: PyQt6.QtGui is not imported through qgis.PyQt"]),
        ("from qgis.PyQt.QtWidgets import QAction", ["1: QAction is elsewhere in Qt6"]),
        (
            "from qgis.PyQt import QtWidgets\nQtWidgets.QAction(None)",
            ["2: QAction is elsewhere in Qt6"],
        ),
        ("from qgis.PyQt.QtCore import QRegExp", ["1: QRegExp is not in Qt6"]),
        ("dialog.exec_()", ["1: exec_ is exec in Qt6"]),
        (
            "from qgis.core import Qgis\nQgis.Warning",
            ["2: Qgis.Warning lacks the name of its enum"],
        ),
        ("from qgis.core import Qgis as Q\nQ.Warning", ["2: Q.Warning lacks the name of its enum"]),
        (
            "from qgis.PyQt.QtCore import Qt\nQt.AlignLeft",
            ["2: Qt.AlignLeft lacks the name of its enum"],
        ),
        (
            "from qgis import core\ncore.Qgis.Warning",
            ["2: core.Qgis.Warning lacks the name of its enum"],
        ),
        (
            "import qgis.core\nqgis.core.Qgis.Warning",
            ["2: qgis.core.Qgis.Warning lacks the name of its enum"],
        ),
        ("self.FlagNoThreading", ["1: FlagNoThreading lacks the name of its enum"]),
        ("parameter().FlagAdvanced", ["1: FlagAdvanced lacks the name of its enum"]),
        ("from qgis.core import Qgis\nQgis.Nowhere.Info", ["2: Qgis.Nowhere is not in this QGIS"]),
        ("from qgis.core import Qgis\nQgis.MessageLevel.Warning", []),
        ("from qgis.PyQt.QtCore import Qt\nQt.AlignmentFlag.AlignLeft.name", []),
        ("import qgis.core\nqgis.core.Qgis.MessageLevel.Warning", []),
        (
            (
                "from qgis.PyQt.QtWidgets import"
                " QApplication\nQApplication.primaryScreen().grabWindow(0)"
            ),
            [],
        ),
        ("self.Flag.FlagNoThreading", []),
        ("self.geometry.Transform(there)", []),
        ("import qgis.core as c\nc.Qgis.Warning", ["2: c.Qgis.Warning lacks the name of its enum"]),
        ("from osgeo import gdal\ngdal.Open(name).Create()", []),
        ("from qgis.PyQt.QtGui import QColor\nself.FlagAdvanced = mine.Flagged(QColor)", []),
    ],
)
def test_other_spellings_are_found(qgis_app, code, wanted):
    assert complaints(code) == wanted


def complaints(code):
    tree = ast.parse(code)
    names = imported_names(tree)
    functions = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [
        f"{node.lineno}: {what}"
        for node in ast.walk(tree)
        for what in complaints_about(node, names, functions)
    ]


def imported_names(tree):
    """The objects of imported names; NOWHERE if they are neither QGIS's nor Qt's."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                module = alias.name if alias.asname else name
                names[name] = (
                    importlib.import_module(module)
                    if alias.name in MODULES
                    else names.get(name, NOWHERE)
                )
        elif isinstance(node, ast.ImportFrom):
            module = (
                importlib.import_module(node.module)
                if node.module in {*PACKAGES, *MODULES}
                else NOWHERE
            )
            names.update(
                {
                    alias.asname or alias.name: getattr(module, alias.name, NOWHERE)
                    for alias in node.names
                }
            )
    return names


def complaints_about(node, names, functions):
    if isinstance(node, ast.Import):
        return [what for alias in node.names for what in about_module(alias.name)]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return about_module(module) + [
            what for alias in node.names for what in about_import(module, alias.name)
        ]
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        owner = resolve(node.value, names)
        return (
            about_member_of_unknown(node, functions) if owner is None else about_member(owner, node)
        )
    return []


def about_module(name):
    by_itself = name.split(".")[0] in {"PyQt5", "PyQt6", "PySide2", "PySide6", "sip"}
    return [f"{name} is not imported through qgis.PyQt"] if by_itself else []


def about_import(module, name):
    if module == "qgis.PyQt.QtWidgets" and name in MOVED:
        return [f"{name} is elsewhere in Qt6"]
    if module.startswith("qgis.PyQt") and name in GONE:
        return [f"{name} is not in Qt6"]
    return []


def about_member(owner, node):
    name = node.attr
    if not inspect.ismodule(owner) and not inspect.isclass(owner):
        return []
    if inspect.ismodule(owner) and about_import(owner.__name__, name):
        return about_import(owner.__name__, name)
    if not hasattr(owner, name):
        return [f"{ast.unparse(node)} is not in this QGIS"]
    unscoped = is_unscoped(owner, getattr(owner, name))
    return [f"{ast.unparse(node)} lacks the name of its enum"] if unscoped else []


def about_member_of_unknown(node, functions):
    """Complaints about a member of a value whose class is known only at run time.

    Its name decides: it must not be an unscoped name of QGIS. Qt's names are too common for that.
    """
    if node in functions:  # a member of an enum is not called
        return ["exec_ is exec in Qt6"] if node.attr == "exec_" else []
    unscoped = node.attr in unscoped_members() and last_name(node.value) not in names_of_enums()
    return [f"{node.attr} lacks the name of its enum"] if unscoped else []


def resolve(node, names):
    """The object of a dotted name; None if the name does not begin with an imported one.

    It is NOWHERE for results of functions of other modules than QGIS's and Qt's.
    """
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Call):
        return NOWHERE if resolve(node.func, names) is NOWHERE else None
    if not isinstance(node, ast.Attribute):
        return None
    owner = resolve(node.value, names)
    return None if owner is None else getattr(owner, node.attr, NOWHERE)


def last_name(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def is_unscoped(owner, value):
    return (
        inspect.isclass(owner)
        and not isinstance(owner, ENUM_TYPES)
        and isinstance(type(value), ENUM_TYPES)
    )


def attributes_of_classes():
    for module in map(importlib.import_module, QGIS):
        for owner in filter(inspect.isclass, list(vars(module).values())):
            for name, value in list(vars(owner).items()):
                yield owner, name, value


@functools.cache
def unscoped_members():
    return {name for owner, name, value in attributes_of_classes() if is_unscoped(owner, value)}


@functools.cache
def names_of_enums():
    return {
        name for _owner, name, value in attributes_of_classes() if isinstance(value, ENUM_TYPES)
    }
