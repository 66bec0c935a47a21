"""The plugin uses only spellings that QGIS 4 (with Qt 6) keeps: above all, members of enumerations with their scope."""

import ast
import enum
import importlib

import pytest
from scenes import PLUGIN

SOURCES = sorted([*(PLUGIN / "bandcluster_qgis").rglob("*.py"), *(PLUGIN / "tests").rglob("*.py")])
MODULES = ["qgis.core", "qgis.gui", "qgis.PyQt.QtCore", "qgis.PyQt.QtGui", "qgis.PyQt.QtWidgets"]
# Where Qt 6 has them.
MOVED = {"QAction": "QtGui", "QActionGroup": "QtGui", "QShortcut": "QtGui"}


def sip_enums(owner):
    """The types of the enumerations of a class: SIP makes integers of them, and attributes of the class."""
    kinds = (value for value in vars(owner).values() if isinstance(value, type))
    return {kind for kind in kinds if issubclass(kind, (int, enum.Enum))}


def resolve(node, names):
    """What a name or a chain of attributes stands for; None where that is not known before the program runs."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve(node.value, names)
        return None if owner is None else getattr(owner, node.attr, None)
    return None


def is_unscoped(owner, member):
    """Whether a class shows a member of one of its enumerations as its own attribute."""
    if not isinstance(owner, type) or issubclass(owner, (int, enum.Enum)):
        return False
    bases = (kind for base in owner.__mro__ for kind in sip_enums(base))
    return type(getattr(owner, member, None)) in set(bases)


def complaints(source):
    """What QGIS 4 will not understand, each with its line."""
    tree, names, found = ast.parse(source), {}, []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.split(".")[0] in ("PyQt5", "PyQt6", "sip"):
                found.append((node.lineno, f"from {node.module}"))
            if node.module in MODULES:
                module = importlib.import_module(node.module)
                names.update({alias.asname or alias.name: getattr(module, alias.name) for alias in node.names})
                moved = [
                    alias.name for alias in node.names if MOVED.get(alias.name, node.module[12:]) != node.module[12:]
                ]
                found += [(node.lineno, f"{name} from {node.module}") for name in moved]
        if isinstance(node, ast.Import):
            strange = [alias.name for alias in node.names if alias.name.split(".")[0] in ("PyQt5", "PyQt6", "sip")]
            found += [(node.lineno, f"import {name}") for name in strange]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = resolve(node.value, names)
            if node.attr == "exec_" or (owner is not None and is_unscoped(owner, node.attr)):
                found.append((node.lineno, ast.unparse(node)))
    return sorted(found)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_only_spellings_that_qgis_4_keeps(path):
    assert complaints(path.read_text()) == []


NUMBER = "from qgis.core import QgsProcessingParameterNumber as N\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("from qgis.core import Qgis\nQgis.Info", "from qgis.core import Qgis\nQgis.MessageLevel.Info"),
        (NUMBER + "N.Integer", NUMBER + "N.Type.Integer"),
        (
            "from qgis.PyQt.QtCore import Qt\nQt.AlignLeft",
            "from qgis.PyQt.QtCore import Qt\nQt.AlignmentFlag.AlignLeft",
        ),
        ("from qgis.PyQt.QtWidgets import QAction", "from qgis.PyQt.QtGui import QColor"),
        ("from PyQt5.QtCore import Qt", "from qgis.PyQt.QtCore import Qt"),
        ("import PyQt5.QtCore", "import qgis.PyQt.QtCore"),
        ("dialog.exec_()", "dialog.exec()"),
    ],
)
def test_other_spellings_are_found(old, new):
    assert len(complaints(old)) == 1
    assert complaints(new) == []
