"""How the classes lie over the map: opacity, comparison, and another scene that shows them."""

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from ..translation import tr
from .forms import fill_row, form, tool


class ViewBox(QWidget):
    """The box. `title_of(settings)` returns the user's title of settings."""

    def __init__(self, explorer, title_of, parent=None):
        super().__init__(parent)
        self._explorer, self._title_of = explorer, title_of
        self.shown = tool(
            "/mActionShowAllLayers.svg", tr("Show the classes on the map"), self._toggle_shown
        )
        self.shown.setCheckable(True)
        self.shown.setChecked(True)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setValue(100)
        self.opacity.setToolTip(tr("Opacity of the classes"))
        self.opacity.valueChanged.connect(lambda share: explorer.overlay.set_opacity(share / 100))
        self.neighbour = QgsMapLayerComboBox()
        self.neighbour.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.neighbour.setAllowEmptyLayer(True)
        fill_row(self.neighbour)
        self.neighbour.setCurrentIndex(0)
        self.neighbour.setToolTip(
            tr("Another scene with the same bands, shown with the same classes")
        )
        self.neighbour.layerChanged.connect(self._choose_neighbour)
        self.compared = QComboBox()
        fill_row(self.compared)
        self.compared.setToolTip(
            tr(
                "Drag the line on the map: the classes are on its left, what you choose here is on"
                " its right"
            )
        )
        self.compared.activated.connect(self._compare)
        self.keep = tool(
            "/mActionAdd.svg", tr("Keep these classes to compare others with them"), self._keep
        )
        self._lay_out()

    def _lay_out(self):
        see = QHBoxLayout()
        see.addWidget(self.shown)
        see.addWidget(self.opacity, 1)
        compare = QHBoxLayout()
        compare.addWidget(self.compared, 1)
        compare.addWidget(self.keep)
        rows = form()
        rows.addRow(tr("Opacity"), see)
        rows.addRow(tr("Compare with"), compare)
        rows.addRow(tr("Show also on"), self.neighbour)
        self.setLayout(rows)

    def refresh(self, has_classes) -> None:
        """Shows the present state of the explorer."""
        others = self._others()
        self.compared.clear()
        self.compared.addItems([title for title, _what in others])
        found = [
            number
            for number, (_title, what) in enumerate(others)
            if what == self._explorer.compared
        ]
        self.compared.setCurrentIndex(found[0] if found else 0)
        self.keep.setEnabled(has_classes)

    def _others(self):
        """The choices of a comparison: title, and the argument of `Explorer.compare`."""
        kept = [(kept.title, kept) for kept in self._explorer.kept]
        return [(tr("Nothing"), None), (tr("The scene"), "scene"), *kept]

    def _toggle_shown(self):
        self._explorer.set_shown(self.shown.isChecked())

    def _choose_neighbour(self, layer):
        if self._explorer.scene is not None:
            self._explorer.show_on([] if layer is None else [layer])

    def _keep(self):
        classes = tr("{number} classes").format(number=len(self._explorer.rows()))
        self._explorer.keep(f"{self._title_of(self._explorer.settings)}, {classes}")

    def _compare(self, number):
        self._explorer.compare(self._others()[number][1])
