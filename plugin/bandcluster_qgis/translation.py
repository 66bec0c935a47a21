"""Texts the user reads, in the language of QGIS.

Translations are read from Qt's .ts files as translators edit them, not from .qm files through a
QTranslator: a tree of sources is translated as well as a ZIP, nothing is built, and nothing stays
behind in QGIS when the plugin goes.
"""

from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QLocale, QXmlStreamReader

FOLDER = Path(__file__).parent / "i18n"
_PREFIX = "bandcluster_"


def tr(text: str) -> str:
    """The text in QGIS's language; as it is where there is no translation.

    Put values in afterwards, with format().
    """
    return _translations().get(text, text)


def translatable(text):
    """Marks texts of constants, which tr() translates where they are used: the language is not
    known at import.
    """
    return text


@lru_cache(maxsize=1)  # QGIS keeps its language until it ends
def _translations() -> "dict[str, str]":
    file = translation_file(qgis_language())
    return read_translations(file) if file else {}


def qgis_language() -> str:
    """The language of QGIS's own texts, such as zh_CN, zh-Hans or de."""
    application = QgsApplication.instance()
    # The desktop knows it. qgis_process and scripts do not: there it is found as the desktop finds
    # it.
    told = application.translation() if isinstance(application, QgsApplication) else ""
    settings = QgsSettings()
    if not told and settings.value("locale/overrideFlag", False, type=bool):
        told = settings.value("locale/userLocale", "")
    return told or QLocale().name()


def translation_file(language) -> "Path | None":
    """The file in the same language and script: Singapore reads that of zh_CN, Taiwan and Hong Kong
    do not.
    """
    wanted = QLocale(language)
    for file in sorted(FOLDER.glob(f"{_PREFIX}*.ts")):
        found = QLocale(file.stem[len(_PREFIX) :])
        if (found.language(), found.script()) == (wanted.language(), wanted.script()):
            return file
    return None


def read_translations(file) -> "dict[str, str]":
    """The finished translations of a .ts file, by the English text."""
    found, text = {}, ""
    reader = QXmlStreamReader(file.read_bytes())
    while not reader.atEnd():
        reader.readNext()
        if reader.isStartElement() and reader.name() == "source":
            text = reader.readElementText()
        elif reader.isStartElement() and reader.name() == "translation":
            finished = not reader.attributes().hasAttribute("type")
            translated = reader.readElementText()
            if finished and translated:
                found[text] = translated
    return found
