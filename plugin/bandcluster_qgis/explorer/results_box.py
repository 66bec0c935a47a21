"""What is made of the classes: the map, by an algorithm, and files of the model and the state."""

from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from .. import dialogs
from ..failures import FAILURES
from ..layers.seeds import write_seeds
from ..parameters.outputs import model_filter
from ..translation import tr
from . import saved, writing


class ResultsBox(QWidget):
    """The box.

    Signals: `failed` (with a message), `state_chosen` (the file of a saved state to open).
    """

    failed = pyqtSignal(str)
    state_chosen = pyqtSignal(str)

    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer = explorer
        self.write = QPushButton(tr("Write the map…"))
        self.write.setToolTip(
            tr(
                "Opens the algorithm that writes the map of the whole scene, with its settings"
                " filled in"
            )
        )
        self.write.clicked.connect(self._write)
        self.more = QToolButton()
        self.more.setText(tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
        menu = QMenu(self.more)
        menu.addAction(tr("Apply the classes to another scene…"), self._apply)
        menu.addSeparator()
        menu.addAction(tr("Save the explorer's state…"), self.save_state)
        menu.addAction(tr("Open a saved state…"), self._open_state)
        self.more.setMenu(menu)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 6, 8, 8)
        line.setSpacing(0)
        line.addWidget(self.write, 1)
        line.addWidget(self.more)

    def refresh(self, has_classes) -> None:
        self.write.setEnabled(has_classes)

    def save_seeds(self) -> str:
        """Saves the seeds; returns the file's name, or nothing."""
        path = self._file_to_save(tr("Save the seeds"), tr("GeoPackages (*.gpkg)"), ".gpkg")
        explorer = self._explorer
        return self._saved(
            path,
            lambda: write_seeds(path, explorer.settings.seeds.shapes, explorer.scene.file_crs),
        )

    def save_state(self) -> None:
        path = self._file_to_save(
            tr("Save the explorer's state"), saved.file_filter(), saved.SUFFIX
        )
        self._saved(path, lambda: saved.save(self._explorer, path))

    def _write(self):
        explorer = self._explorer
        if explorer.edits.changes_model():
            path = self._save_model()
            if path:
                self._open_dialog("predict", {**writing.predict_values(explorer), "MODEL": path})
            return
        seeds = self.save_seeds() if explorer.settings.seeds.shapes else None
        if seeds != "":
            self._open_dialog("cluster", writing.cluster_values(explorer, seeds))

    def _apply(self):
        path = self._save_model()
        if path:
            self._open_dialog("predict", {"MODEL": path})

    def _save_model(self):
        """Saves the model that is shown; returns the file's name, or nothing."""
        path = self._file_to_save(tr("Save the model of the classes"), model_filter(), ".json")
        return self._saved(path, lambda: writing.edited(self._explorer).save(path))

    def _open_dialog(self, name, values):
        dialogs.show_algorithm(f"bandcluster:{name}", values)

    def _open_state(self):
        path, _filter = QFileDialog.getOpenFileName(
            self, tr("Open a saved state"), "", saved.file_filter()
        )
        if path:
            self.state_chosen.emit(path)

    def _file_to_save(self, title, file_filter, suffix):
        path, _filter = QFileDialog.getSaveFileName(self, title, "", file_filter)
        return path if not path or Path(path).suffix else path + suffix

    def _saved(self, path, save):
        """Calls `save` if a file is chosen; returns its name, or nothing if there is no file."""
        if not path:
            return ""
        try:
            save()
        except FAILURES as failure:
            self.failed.emit(str(failure))
            return ""
        return path
