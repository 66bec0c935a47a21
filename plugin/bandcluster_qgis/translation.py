"""The user's texts in the language of QGIS.

Translations are read from Qt's .ts files, not from .qm files by a QTranslator. So they also work in
the source tree, nothing has to be built, and nothing stays in QGIS when the plugin is removed.
"""

from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QLocale, QXmlStreamReader

FOLDER = Path(__file__).parent / "i18n"
_PREFIX = "bandcluster_"


def tr(text: str) -> str:
    """The text in QGIS's language; unchanged if there is no translation.

    Put values in afterwards, with format().
    """
    return _translations().get(text, text)


def translatable(text):
    """Marks texts of constants for translation.

    tr() translates them where they are used, because the language is not known at import.
    """
    return text


@lru_cache(maxsize=1)  # QGIS's language does not change while it runs
def _translations() -> "dict[str, str]":
    file = translation_file(qgis_language())
    return read_translations(file) if file else {}


def qgis_language() -> str:
    """The language of QGIS's own texts, such as zh_CN, zh-Hans or de."""
    application = QgsApplication.instance()
    # Only the desktop sets it. In qgis_process and scripts it is found as the desktop finds it.
    told = application.translation() if isinstance(application, QgsApplication) else ""
    settings = QgsSettings()
    if not told and settings.value("locale/overrideFlag", False, type=bool):
        told = settings.value("locale/userLocale", "")
    return told or QLocale().name()


def translation_file(language) -> "Path | None":
    """The translation file for a language and script.

    Singapore reads that of zh_CN; Taiwan and Hong Kong do not.
    """
    wanted = QLocale(language)
    for file in sorted(FOLDER.glob(f"{_PREFIX}*.ts")):
        found = QLocale(file.stem[len(_PREFIX) :])
        if (found.language(), found.script()) == (wanted.language(), wanted.script()):
            return file
    return None


def read_translations(file) -> "dict[str, str]":
    """The finished translations in a .ts file, by English text."""
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
