"""The widgets for the settings: what is clustered, and how."""

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ..algorithms.given import numbers_in, own_options
from ..failures import Refused
from ..layers.nodata import nodata_of
from ..layers.rasters import raster_of
from ..parameters import search
from ..translation import tr
from ..widgets.bands import BandsDialog
from .forms import combo, fill_row, form
from .scene import measured_bands
from .settings import Settings

_TYPING = 600  # milliseconds after the last key before the text is read


class SearchForm(QWidget):
    """The form.

    Signals: `layer_chosen` (another scene, or none), `changed` (any other setting).
    """

    layer_chosen = pyqtSignal(object)
    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._bands, self._is_filling = (), False
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPING)
        self._typed.timeout.connect(self._tell)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(self._scene_rows())
        rows.addWidget(self._search_box())

    def _scene_rows(self):
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layer.setAllowEmptyLayer(True)
        fill_row(self.layer)
        self.layer.setCurrentIndex(0)
        self.layer.layerChanged.connect(self._choose_layer)
        self.bands = QPushButton()
        fill_row(self.bands)
        self.bands.setToolTip(tr("The bands by which pixels are compared"))
        self.bands.clicked.connect(self._choose_bands)
        self.algorithm = combo([(name, tr(title)) for name, title, _takes in search.ALGORITHMS])
        self.algorithm.currentIndexChanged.connect(self._tell)
        rows = form()
        rows.addRow(tr("Scene"), self.layer)
        rows.addRow(tr("Bands"), self.bands)
        rows.addRow(tr("Algorithm"), self.algorithm)
        return rows

    def _search_box(self):
        self.scaling = combo([("none", tr("None")), ("zscore", tr("Z-score"))])
        self.metrics = combo(
            [("euclidean", tr("Euclidean")), ("spectral_angle", tr("Spectral angle"))]
        )
        self.weights = QLineEdit()
        self.weights.setPlaceholderText(tr("such as 1, 2, 1, 1"))
        self.weights.setToolTip(
            tr(
                "How much each band counts in distances: a number above 0 for each chosen band,"
                " separated by commas; empty: all count equally"
            )
        )
        self.options = QLineEdit()
        self.options.setPlaceholderText(tr("such as linkage=average"))
        self.options.setToolTip(
            tr("Further options of the algorithm, by scikit-learn's names, separated by commas")
        )
        for line in (self.weights, self.options):
            line.textEdited.connect(lambda: self._typed.start())
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.starts, self.seed = QSpinBox(), QSpinBox()
        self.starts.setRange(1, 1000)
        self.starts.setValue(10)
        self.seed.setRange(0, 2**31 - 1)
        for box in (self.scaling, self.metrics):
            box.currentIndexChanged.connect(self._tell)
        for box in (self.starts, self.seed):
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._tell)
        rows = form()
        rows.addRow(tr("Scaling"), self.scaling)
        rows.addRow(tr("Metric"), self.metrics)
        rows.addRow(tr("Band weights"), self.weights)
        rows.addRow(tr("Starts"), self.starts)
        rows.addRow(tr("Seed"), self.seed)
        rows.addRow(tr("Options"), self.options)
        rows.addRow(self.problem)
        box = QgsCollapsibleGroupBox(tr("How classes are found"))
        box.setLayout(rows)
        box.setCollapsed(True)
        return box

    def settings(self, seeds) -> Settings:
        """The settings for the chosen layer and these seeds.

        Raises Refused, and the library's errors.
        """
        self._typed.stop()
        layer = self.layer.currentLayer()
        raster = raster_of(layer)
        return Settings(
            raster.name,
            tuple(self._bands),
            tuple(nodata_of([raster]) or ()),
            self.algorithm.currentData(),
            tuple(sorted(own_options(self.options.text()).items())),
            self.scaling.currentData(),
            self.metrics.currentData(),
            self._weights(self._bands or measured_bands(layer.dataProvider())),
            self.starts.value(),
            self.seed.value(),
            seeds,
        )

    def _weights(self, bands) -> tuple:
        """The weights of these bands; empty if all count equally."""
        weights = numbers_in(self.weights.text(), tr("Band weights")) or ()
        if weights and len(weights) != len(bands):
            raise Refused(
                tr(
                    "{}: {} band weights are given for {} bands: give one for each band, in the"
                    " order of the bands"
                ).format(tr("Band weights"), len(weights), len(bands))
            )
        return tuple(weights)

    def show_settings(self, layer, settings) -> None:
        """Fills in saved settings, without signals."""
        self._is_filling = True
        self.layer.setLayer(layer)
        self._bands = settings.bands
        for box, value in (
            (self.algorithm, settings.algorithm),
            (self.scaling, settings.scaling),
            (self.metrics, settings.metric),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        self.weights.setText(settings.weights_told())
        self.options.setText(",".join(f"{name}={value}" for name, value in settings.options))
        self.starts.setValue(settings.n_init)
        self.seed.setValue(settings.seed)
        self._is_filling = False

    def title(self, settings) -> str:
        """The title of settings for the user."""
        parts = [_title(self.algorithm, settings.algorithm)]
        if settings.scaling != "none":
            parts.append(_title(self.scaling, settings.scaling))
        if settings.metric != "euclidean":
            parts.append(_title(self.metrics, settings.metric))
        if settings.band_weights:
            parts.append(tr("band weights {}").format(settings.weights_told()))
        return ", ".join(parts)

    def titles(self) -> dict:
        """The labels of the fields of a request."""
        return {
            "algorithm": tr("Algorithm"),
            "options": tr("Options"),
            "scaling": tr("Scaling"),
            "metric": tr("Metric"),
            "band_weights": tr("Band weights"),
            "n_init": tr("Starts"),
            "seed": tr("Seed"),
            "seeds": tr("Seeds"),
            "fix_seeds": tr("Keep the means of the seeds"),
            "input": tr("Scene"),
            "bands": tr("Bands"),
        }

    def show_problem(self, text) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def show_bands(self) -> None:
        layer = self.layer.currentLayer()
        self.bands.setEnabled(layer is not None)
        if layer is None:
            self.bands.setText(tr("All"))
        elif self._bands:
            self.bands.setText(", ".join(map(str, self._bands)))
        else:
            self.bands.setText(tr("All {}").format(layer.bandCount()))

    def end(self) -> None:
        self._typed.stop()

    def _tell(self, *_change):
        if not self._is_filling:
            self.changed.emit()

    def _choose_layer(self, layer):
        self._bands = ()
        self.weights.clear()  # they are those of the bands
        if not self._is_filling:
            self.layer_chosen.emit(layer)

    def _choose_bands(self):
        layer = self.layer.currentLayer()
        if layer is None:
            return
        names = [layer.bandName(number) for number in range(1, layer.bandCount() + 1)]
        dialog = BandsDialog(names, [str(number) for number in self._bands], "", self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take():
            self._bands = tuple(dialog.chosen())
            self._tell()

        dialog.accepted.connect(take)
        dialog.open()


def _title(box, name):
    """The title of a name in a list made by `combo`."""
    return box.itemText(box.findData(name))
