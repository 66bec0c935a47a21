"""The box of the seeds, clicked on the map or taken from a layer.

Changes can be undone.
"""

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ..failures import FAILURES
from ..layers.seeds import seeds_of
from ..translation import tr
from .canvas import SeedMarks
from .forms import fill_row, form, tool
from .seeds import Seeds

_NAME, _COUNT = range(2)
_MOST_ROWS = 5  # of the list before it scrolls


class SeedsBox(QgsCollapsibleGroupBox):
    """The box.

    Signals: `changed` (other seeds; with the number of classes at the change), `failed` (with a
    message that tells the user what to do).
    """

    changed = pyqtSignal(int)
    failed = pyqtSignal(str)

    def __init__(self, explorer, parent=None):
        super().__init__(tr("Seeds"), parent)
        self._explorer, self.seeds = explorer, Seeds()
        self._is_filling = False
        self.marks = SeedMarks(explorer.canvas)
        self.name = QComboBox()
        self.name.setEditable(True)
        fill_row(self.name)
        self.name.setToolTip(tr("The class of the next seeds that you click on the map"))
        self.click = tool("/mActionCapturePoint.svg", tr("Click pixels of this class on the map"))
        self.click.setCheckable(True)
        self.more = tool("/mActionAdd.svg", tr("Seeds of another class"), self._begin_another)
        self.list = _List(self)
        self.remove = tool(
            "/mActionDeleteSelected.svg", tr("Remove the chosen seeds"), self._remove
        )
        self.layer = QPushButton(tr("From a layer…"))
        self.layer.setToolTip(
            tr("Use the points or polygons of a layer as seeds; a field can give their names")
        )
        self.layer.clicked.connect(self._choose_layer)
        self.fix = QCheckBox(tr("Keep the means of the seeds"))
        self.fix.setToolTip(
            tr("Centres do not move: each pixel gets the class of the nearest seed")
        )
        self.fix.toggled.connect(self._fix)
        self.list.itemChanged.connect(self._rename)
        self.list.itemSelectionChanged.connect(self._follow_selection)
        self._lay_out()
        self.setCollapsed(True)
        self._show()
        self.refresh()

    def _lay_out(self):
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.more)
        top.addWidget(self.click)
        bottom = QHBoxLayout()
        bottom.addWidget(self.layer)
        bottom.addStretch(1)
        bottom.addWidget(self.remove)
        rows = QVBoxLayout(self)
        rows.addLayout(top)
        rows.addWidget(self.list)
        rows.addLayout(bottom)
        rows.addWidget(self.fix)

    def show_seeds(self, seeds) -> None:
        """Shows other seeds, without a signal."""
        self.seeds = seeds
        self._show()

    def add_at(self, point, _is_more=False) -> None:
        """Makes the pixel at a point of the map a seed of the named class."""
        center = self._explorer.center_at(point)
        if center is None:
            self.failed.emit(tr("there is no pixel of the scene at this point; click on the scene"))
            return
        name = self.name.currentText().strip() or self._new_name()
        x, y = center
        self._change(tr("add a seed"), self.seeds.added([(name, f"POINT({x!r} {y!r})")]))
        self.name.setEditText(name)

    def take_layer(self, layer, field, only_selected=False) -> None:
        """Takes points and polygons of a layer; without a name each is a seed of its own."""
        try:
            found = seeds_of(layer, field, self._explorer.scene.crs, only_selected)
        except FAILURES as failure:
            self.failed.emit(str(failure))
            return
        names = self.seeds.new_names(_pattern())
        shapes = [(name or next(names), shape) for name, shape in found]
        self._change(tr("take the seeds of a layer"), self.seeds.added(shapes))

    def refresh(self) -> None:
        """Shows the present state: without a scene there are no seeds."""
        scene = self._explorer.scene
        if scene is None and self.seeds != Seeds():
            self.show_seeds(Seeds())
        for widget in (self.name, self.click, self.more, self.layer):
            widget.setEnabled(scene is not None)
        self.marks.show_shapes(tuple(shape for _name, shape in self.seeds.shapes), scene)

    def end(self) -> None:
        self.marks.end()

    def _change(self, title, seeds):
        if seeds != self.seeds:
            k = self._explorer.k
            self._explorer.undo.do(title, self._take, (self.seeds, k), (seeds, k))

    def _take(self, state):
        """Takes a state, with its number of classes: other seeds may allow other numbers."""
        seeds, k = state
        self.show_seeds(seeds)
        self.changed.emit(k)

    def _show(self):
        names = self.seeds.names()
        self._is_filling = True
        chosen = self.list.chosen()
        self.list.clear()
        for name, count in self.seeds.counts().items():
            item = QTreeWidgetItem([name, str(count)])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(_NAME, Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(_NAME, QSize(0, self.fontMetrics().height() + 6))
            item.setTextAlignment(
                _COUNT, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
            self.list.addTopLevelItem(item)
            item.setSelected(name in chosen)
        self.list.fit_height()
        self.list.setVisible(bool(names))
        text = self.name.currentText()
        self.name.clear()
        self.name.addItems(names)
        self.name.setEditText(text if text.strip() else self._new_name())
        self.fix.setChecked(self.seeds.fix)
        self.fix.setEnabled(bool(names))
        self._is_filling = False
        self.setTitle(tr("Seeds ({})").format(len(names)) if names else tr("Seeds"))
        self._follow_selection()

    def _begin_another(self):
        self.name.setEditText(self._new_name())
        self.name.lineEdit().selectAll()
        self.name.setFocus()

    def _new_name(self):
        return next(self.seeds.new_names(_pattern()))

    def _remove(self):
        self._change(tr("remove seeds"), self.seeds.without(self.list.chosen()))

    def _fix(self, fix):
        if not self._is_filling:
            self._change(tr("keep the means of the seeds"), self.seeds.fixed(fix))

    def _rename(self, item, _column):
        if self._is_filling:
            return
        old, new = item.data(_NAME, Qt.ItemDataRole.UserRole), item.text(_NAME).strip()
        if new and new != old:
            self._change(tr("rename a seed"), self.seeds.renamed(old, new))
        else:
            self._show()

    def _follow_selection(self):
        if self._is_filling:
            return
        chosen = self.list.chosen()
        self.remove.setEnabled(bool(chosen))
        if len(chosen) == 1:
            self.name.setEditText(chosen[0])

    def _choose_layer(self):
        dialog = LayerDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.take_layer(*dialog.chosen()))
        dialog.open()


class _List(QTreeWidget):
    """The list of seeds: names can be edited, numbers of shapes cannot."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setHeaderLabels([tr("Class"), tr("Points, polygons")])
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_COUNT, QHeaderView.ResizeMode.ResizeToContents)

    def fit_height(self) -> None:
        """Makes the list as high as its rows, up to a limit."""
        n_rows = min(max(self.topLevelItemCount(), 1), _MOST_ROWS)
        rows = n_rows * max(self.sizeHintForRow(0), self.fontMetrics().height())
        self.setFixedHeight(self.header().sizeHint().height() + rows + 2 * self.frameWidth())

    def edit(self, index, *how):
        return index.column() == _NAME and super().edit(index, *how)

    def chosen(self) -> list:
        return [item.data(_NAME, Qt.ItemDataRole.UserRole) for item in self.selectedItems()]


class LayerDialog(QDialog):
    """Asks for the layer of the seeds, and for the field with their names."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("Seeds from a layer"))
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(
            QgsMapLayerProxyModel.Filter.PointLayer | QgsMapLayerProxyModel.Filter.PolygonLayer
        )
        self.field = QgsFieldComboBox()
        self.field.setAllowEmptyFieldName(True)
        self.only_selected = QCheckBox(tr("Selected features only"))
        hint = QLabel(
            tr(
                "Features with the same value in this field are one seed, with this name. Empty:"
                " each feature is one."
            )
        )
        hint.setWordWrap(True)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        fields = form()
        fields.addRow(tr("Layer"), self.layer)
        fields.addRow(tr("Field with the names"), self.field)
        rows = QVBoxLayout(self)
        rows.addLayout(fields)
        rows.addWidget(hint)
        rows.addWidget(self.only_selected)
        rows.addWidget(self.buttons)
        self.layer.layerChanged.connect(self._follow_layer)
        self._follow_layer(self.layer.currentLayer())
        self.resize(380, self.sizeHint().height())

    def chosen(self) -> tuple:
        only_selected = self.only_selected.isEnabled() and self.only_selected.isChecked()
        return self.layer.currentLayer(), self.field.currentField(), only_selected

    def _follow_layer(self, layer):
        self.field.setLayer(layer)
        self.only_selected.setEnabled(layer is not None and layer.selectedFeatureCount() > 0)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(layer is not None)


def _pattern() -> str:
    return tr("seed {}")
