"""The window that offers to fetch the native library.

Nothing is fetched before its button is pressed.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QProcess, QProcessEnvironment, Qt, QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
)

from .. import binding, wheels
from ..failures import FAILURES
from ..translation import tr


class LibraryDialog(QDialog):
    """Fetches the wheel with pip, or uses the one that the user chooses.

    It is accepted once the library is loaded.
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("bandcluster: get the library"))
        self.setMinimumWidth(640)
        self.parameters = {}
        self._process = None
        self._target = None
        self.text = _label(self)
        self.busy = QProgressBar(self)
        self.busy.setRange(0, 0)
        self.failure = _label(self)
        self.log = QPlainTextEdit(self)  # the output of pip
        self.log.setReadOnly(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.fetch = buttons.addButton(
            tr("Fetch the library"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.choose = buttons.addButton(
            tr("Choose a file…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.fetch.setDefault(True)
        self.fetch.clicked.connect(self._fetch)
        self.choose.clicked.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.text, self.busy, self.failure, self.log, buttons):
            layout.addWidget(widget)
        for widget in (self.busy, self.failure, self.log):
            widget.hide()
        self._explain()

    def setParameters(self, parameters):
        """Takes the values that Processing gives to every dialog, for the dialog that follows."""
        self.parameters = parameters

    def done(self, result):
        self._stop()
        super().done(result)

    def _explain(self):
        try:
            name = wheels.name_for_here()
            nothing = (
                ""
                if binding.problem()
                else tr("The library is on this computer. There is nothing to fetch.")
            )
        except wheels.NoLibrary as problem:
            nothing = str(problem)
        if nothing:
            self.text.setText(nothing)
            self.fetch.setEnabled(False)
            self.choose.setEnabled(False)
            return
        parts = [
            tr(
                "The algorithms need bandcluster's library. This plugin came without it, because"
                " QGIS's plugin repository accepts no compiled files."
            ),
            tr(
                "“Fetch the library” asks pip for {name}, from the package index that pip is set up"
                " for, into the folder {folder}. The plugin knows the file's SHA-256, and takes no"
                " other file. Nothing is installed into QGIS's Python."
            ).format(name=name, folder=wheels.folder()),
            _proxy_told(),
        ]
        self.text.setText("\n\n".join(part for part in parts if part))

    def _fetch(self):
        python = interpreter()
        if not python:
            self._fail(tr("No Python was found that could run pip."))
            return
        proxy = QgsNetworkAccessManager.instance().fallbackProxy()
        if proxy.type() == QNetworkProxy.ProxyType.Socks5Proxy:
            self._fail(tr("QGIS's network settings name a SOCKS proxy, which pip cannot use."))
            return
        self._target = tempfile.mkdtemp(prefix="bandcluster-")
        process = self._process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.setProcessEnvironment(_environment(python))
        process.readyReadStandardOutput.connect(self._read)
        process.errorOccurred.connect(self._did_not_start)
        process.finished.connect(self._finished)
        self.log.clear()
        self.failure.hide()
        self._set_busy(True)
        process.start(python, wheels.arguments(self._target))

    def _choose(self):
        file, _filter = QFileDialog.getOpenFileName(
            self,
            tr("The wheel of bandcluster {}").format(wheels.version()),
            "",
            tr("Wheels (*.whl)"),
        )
        if file:
            self.take(file)

    def take(self, file):
        """Stores a wheel and loads the library in it."""
        try:
            wheels.keep(file)
            binding.ensure_loaded()
        except (wheels.NoLibrary, *FAILURES) as problem:
            self._fail(str(problem))
            return
        self.accept()

    def _read(self):
        said = bytes(self._process.readAllStandardOutput()).decode("utf-8", "replace")
        self.log.appendPlainText(said.rstrip())

    def _did_not_start(self, error):
        if error == QProcess.ProcessError.FailedToStart:
            why = self._process.errorString()
            self._stop()
            self._fail(why)

    def _finished(self, code, status):
        self._read()
        fetched = sorted(Path(self._target).glob("*.whl"))
        if status == QProcess.ExitStatus.NormalExit and code == 0 and fetched:
            self.take(fetched[0])
        else:
            self.log.show()
            self._fail(_why(self.log.toPlainText()))
        self._stop()

    def _stop(self):
        self._set_busy(False)
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(5000)
            self._process.deleteLater()
            self._process = None
            shutil.rmtree(self._target, ignore_errors=True)

    def _fail(self, why):
        """Shows what happened, and how to get the library without a network here."""
        elsewhere = tr(
            "Without a network on this computer: type the following on another one, bring the file"
            " here, and choose it with “Choose a file…”; or install the ZIP of bandcluster that has"
            " the libraries in it."
        )
        self.failure.setText(f"{why}\n\n{elsewhere}\n\n{wheels.command('.')}")
        self.failure.show()
        self.adjustSize()

    def _set_busy(self, is_busy):
        self.busy.setVisible(is_busy)
        self.fetch.setEnabled(not is_busy)
        self.choose.setEnabled(not is_busy)


def interpreter() -> str:
    """A Python that can run pip: QGIS's own, or another one.

    In the desktop, `sys.executable` may be QGIS itself.
    """
    own = Path(sys.executable or "")
    if own.stem.lower().startswith("python"):
        return str(own)
    names = ("python.exe", "python3.exe") if sys.platform == "win32" else ("bin/python3", "python3")
    beside = [folder / name for folder in (Path(sys.exec_prefix), own.parent) for name in names]
    found = next((str(file) for file in beside if file.is_file()), None)
    return found or shutil.which("python3") or shutil.which("python") or ""


def _environment(python) -> QProcessEnvironment:
    """QGIS's environment, with the proxy of its network settings.

    The proxy is in variables, because other users can read a command.
    """
    environment = QProcessEnvironment.systemEnvironment()
    if not Path(python).is_relative_to(
        sys.exec_prefix
    ):  # not QGIS's Python: QGIS's modules do not fit it
        environment.remove("PYTHONHOME")
        environment.remove("PYTHONPATH")
    given = {
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUTF8": "1",
        **proxy_variables(),
    }
    for name, value in given.items():
        environment.insert(name, value)
    return environment


def proxy_variables() -> "dict[str, str]":
    """QGIS's proxy as environment variables for pip; empty if there is none."""
    manager = QgsNetworkAccessManager.instance()
    proxy = manager.fallbackProxy()
    if not _is_http(proxy):
        return {}
    user = (
        f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@"
        if proxy.user()
        else ""
    )
    url = f"http://{user}{_address(proxy)}"
    hosts = [
        QUrl(address).host() or address
        for address in [*manager.excludeList(), *manager.noProxyList()]
    ]
    return {"HTTP_PROXY": url, "HTTPS_PROXY": url, "NO_PROXY": ",".join(filter(None, hosts))}


def _proxy_told() -> str:
    proxy = QgsNetworkAccessManager.instance().fallbackProxy()
    told = tr("The proxy of QGIS's network settings is used: {}.")
    return told.format(_address(proxy)) if _is_http(proxy) else ""


def _is_http(proxy) -> bool:
    kinds = (QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy)
    return proxy.type() in kinds and bool(proxy.hostName())


def _address(proxy) -> str:
    return f"{proxy.hostName()}:{proxy.port()}" if proxy.port() else proxy.hostName()


def _why(said) -> str:
    """What pip's failure means, in a sentence; pip's own output is below it."""
    if "No module named pip" in said:
        return tr(
            "QGIS's Python has no pip. On Debian and Ubuntu, install the package python3-pip, then"
            " try again."
        )
    if "No matching distribution" in said:
        return tr(
            "pip has not found the library: the package index is out of reach, or does not have"
            " this version."
        )
    return tr("pip has failed.")


def _label(parent) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
