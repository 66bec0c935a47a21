"""The table of classes and their signatures, with the buttons that change them."""

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QMenu, QSplitter, QToolButton, QVBoxLayout, QWidget

from ..failures import FAILURES
from ..translation import tr
from . import writing
from .charts import SignatureChart
from .forms import tool
from .table import ClassesTable

_PALETTES = (
    "okabe-ito",
    "tol-bright",
    "tol-muted",
    "tab10",
    "set2",
    "paired",
    "viridis",
    "cividis",
    "turbo",
)


class ClassesBox(QWidget):
    """The box.

    Signal: `failed` (with a message). The button `pick` is the panel's: it activates a map tool.
    """

    failed = pyqtSignal(str)

    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer = explorer
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(self._tools())
        rows.addWidget(self._parts(), 1)
        explorer.picked_changed.connect(self._show_signatures)

    def _tools(self):
        undo = self._explorer.undo
        self.pick = tool("/mActionIdentify.svg", tr("Pick classes on the map (Ctrl: several)"))
        self.pick.setCheckable(True)
        self.merge = tool("/mActionMergeFeatures.svg", tr("Merge the picked classes"), self._merge)
        self.split = tool(
            "/mActionSplitFeatures.svg", tr("Take the merged class apart"), self._split
        )
        self.solo = tool(
            "/mActionShowSelectedLayers.svg", tr("Show the picked classes only"), self._toggle_solo
        )
        self.solo.setCheckable(True)
        self.undo = tool("/mActionUndo.svg", tr("Undo"), undo.undo)
        self.redo = tool("/mActionRedo.svg", tr("Redo"), undo.redo)
        undo.canUndoChanged.connect(self.undo.setEnabled)
        undo.canRedoChanged.connect(self.redo.setEnabled)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.colors = QToolButton()
        self.colors.setText(tr("Colours"))
        self.colors.setAutoRaise(True)
        self.colors.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.colors)
        menu.addAction(tr("Like the scene"), lambda: self._set_colors(""))
        menu.addSeparator()
        for name in _PALETTES:
            menu.addAction(name, lambda name=name: self._set_colors(f"palette:{name}"))
        self.colors.setMenu(menu)
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in (self.pick, self.merge, self.split, self.solo, self.undo, self.redo):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.colors)
        return line

    def _parts(self):
        self.table = ClassesTable(self._explorer)
        self.table.setMinimumHeight(5 * self.table.verticalHeader().defaultSectionSize())
        self.signatures = SignatureChart()
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(self.signatures)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        return parts

    def has_classes(self) -> bool:
        return bool(self.table.classes.rows)

    def refresh(self) -> None:
        """Shows the present state of the explorer."""
        self.table.show_classes()
        self._show_signatures()
        for button in (self.colors, self.pick):
            button.setEnabled(self.has_classes())
        self.solo.setChecked(self._explorer.solo)

    def _show_signatures(self):
        explorer = self._explorer
        rows = self.table.classes.rows
        chosen = [row for row in rows if row.value in explorer.picked] or rows
        names = [] if explorer.model is None else explorer.model.band_names
        self.signatures.show_rows(chosen, names)
        self.merge.setEnabled(len(explorer.picked) > 1)
        self.split.setEnabled(
            any(len(row.members) > 1 for row in chosen if row.value in explorer.picked)
        )
        self.solo.setEnabled(bool(explorer.picked) or explorer.solo)

    def _merge(self):
        explorer = self._explorer
        if len(explorer.picked) > 1:
            explorer.edit(tr("merge classes"), explorer.edits.merged(explorer.picked))

    def _split(self):
        edits = self._explorer.edits
        for value in self._explorer.picked:
            edits = edits.split(value)
        self._explorer.edit(tr("take a class apart"), edits)

    def _toggle_solo(self):
        self._explorer.set_solo(self.solo.isChecked())

    def _set_colors(self, colors):
        explorer = self._explorer
        try:
            edits = writing.with_colors(explorer.model, explorer.edits, colors)
        except FAILURES as failure:
            self.failed.emit(str(failure))
        else:
            explorer.edit(tr("colour the classes"), edits)
