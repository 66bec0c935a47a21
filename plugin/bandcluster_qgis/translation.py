"""Texts the user reads, through Qt's translator."""

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    return QCoreApplication.translate("bandcluster", text)
