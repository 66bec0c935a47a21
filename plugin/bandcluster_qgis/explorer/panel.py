"""The panel beside the map."""

import math
from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsRasterLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsDockWidget, QgsMapLayerComboBox, QgsMessageBar
from qgis.PyQt.QtCore import QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import binding
from ..algorithms.given import own_options
from ..binding import bandcluster
from ..failures import FAILURES, told
from ..layers.nodata import nodata_of
from ..layers.rasters import raster_of
from ..parameters import search
from ..parameters.outputs import model_filter
from ..translation import tr, translatable
from ..widgets.bands import BandsDialog
from . import fitting, saved, writing
from .canvas import PickTool
from .charts import MeasureChart, SignatureChart
from .explorer import Explorer
from .settings import FEWEST, MOST, Settings
from .table import ClassesTable

_FIRST = 4  # classes, until somebody moves the slider
_TYPING = 600  # milliseconds after the last letter before options count
_MEASURES = (
    ("silhouette", translatable("Silhouette")),
    ("davies_bouldin", translatable("Davies-Bouldin (lower is better)")),
    ("stability", translatable("Stability")),
    ("calinski_harabasz", translatable("Calinski-Harabasz")),
)
_MEASURES_OF_MIXTURES = (("bic", translatable("BIC (lower is better)")), *_MEASURES[:2])
_PALETTES = ("okabe-ito", "tol-bright", "tol-muted", "tab10", "set2", "paired", "viridis", "cividis", "turbo")
_CERTAINTIES = {"low": translatable("low"), "medium": translatable("medium"), "high": translatable("high")}
_PHASES = {
    fitting.READING: translatable("Reading all pixels"),
    fitting.FITTING: translatable("Fitting every number of classes"),
    fitting.MEASURING: translatable("Measuring every number of classes"),
    fitting.REFINING: translatable("Refining the classes over all pixels"),
}


class Panel(QgsDockWidget):
    """Everything that it shows is the explorer's; what is done in it, the explorer does."""

    def __init__(self, iface, parent=None):
        super().__init__(tr("bandcluster explorer"), parent)
        self.setObjectName("BandclusterExplorer")
        self._iface, self._is_filling = iface, False
        self.explorer = Explorer(iface.mapCanvas(), self)
        self._pick_tool = PickTool(iface.mapCanvas())
        self._usual_tool = None
        self._bands = ()
        self._build()
        self._pick_tool.picked.connect(self.explorer.pick_at)
        iface.mapCanvas().mapToolSet.connect(self._follow_tool)
        self.explorer.changed.connect(self.refresh)
        self.explorer.picked_changed.connect(self._show_signatures)
        self.explorer.failed.connect(self._complain)
        self.explorer.progressed.connect(self._show_progress)
        self.closedStateChanged.connect(self._follow_closing)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPING)
        self._typed.timeout.connect(self.start)
        active = iface.activeLayer() if hasattr(iface, "activeLayer") else None
        if isinstance(active, QgsRasterLayer):
            self.layer.setLayer(active)
        self.refresh()

    # --- how it is built ----------------------------------------------------------------------------------------------

    def _build(self):
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(self._scene_rows())
        column.addWidget(self._search_box())
        column.addLayout(self._number_rows())
        column.addLayout(self._state_rows())
        column.addLayout(self._class_tools())
        column.addWidget(self._classes(), 1)
        column.addLayout(self._seeing_rows())
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QWidget(self)
        # Nothing is cut off at the right, however large the letters are.
        self.number.setMinimumWidth(
            self.number.fontMetrics().horizontalAdvance(tr("{number} classes").format(number=MOST))
        )
        bar = area.verticalScrollBar().sizeHint().width()
        whole.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        self.bar = QgsMessageBar(whole)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addWidget(area, 1)
        rows.addLayout(self._result_rows())  # always in sight
        self.setWidget(whole)

    def _scene_rows(self):
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layer.setAllowEmptyLayer(True)
        _fill_row(self.layer)
        self.layer.setCurrentIndex(0)
        self.layer.layerChanged.connect(self._choose_layer)
        self.bands = QPushButton()
        _fill_row(self.bands)
        self.bands.setToolTip(tr("The bands by which pixels are compared"))
        self.bands.clicked.connect(self._choose_bands)
        self.algorithm = _combo([(name, tr(title)) for name, title, _takes in search.ALGORITHMS])
        self.algorithm.currentIndexChanged.connect(self.start)
        form = _form()
        form.addRow(tr("Scene"), self.layer)
        form.addRow(tr("Bands"), self.bands)
        form.addRow(tr("Algorithm"), self.algorithm)
        return form

    def _search_box(self):
        self.scaling = _combo([("none", tr("None")), ("zscore", tr("Z-score"))])
        self.metric = _combo([("euclidean", tr("Euclidean")), ("spectral_angle", tr("Spectral angle"))])
        self.options = QLineEdit()
        self.options.setPlaceholderText(tr("such as linkage=average"))
        self.options.setToolTip(tr("Further options of the algorithm, by scikit-learn's names, separated by commas"))
        self.options.textEdited.connect(lambda: self._typed.start())
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.starts, self.seed = QSpinBox(), QSpinBox()
        self.starts.setRange(1, 1000)
        self.starts.setValue(10)
        self.seed.setRange(0, 2**31 - 1)
        for box in (self.scaling, self.metric):
            box.currentIndexChanged.connect(self.start)
        for box in (self.starts, self.seed):
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self.start)
        form = _form()
        form.addRow(tr("Scaling"), self.scaling)
        form.addRow(tr("Metric"), self.metric)
        form.addRow(tr("Starts"), self.starts)
        form.addRow(tr("Seed"), self.seed)
        form.addRow(tr("Options"), self.options)
        form.addRow(self.problem)
        box = QgsCollapsibleGroupBox(tr("How classes are found"))
        box.setLayout(form)
        box.setCollapsed(True)
        return box

    def _number_rows(self):
        self.number = QLabel()
        font = self.number.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        self.number.setFont(font)
        self.measure = QComboBox()
        _fill_row(self.measure)
        self.measure.setToolTip(tr("The measure that the curve shows"))
        self.measure.currentIndexChanged.connect(self._show_measure)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(FEWEST, MOST)
        self.slider.setValue(_FIRST)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.valueChanged.connect(self._choose_number)
        self.chart = MeasureChart(self.slider)
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.advice.setOpenExternalLinks(False)
        self.advice.linkActivated.connect(lambda k: self.slider.setValue(int(k)))
        ends = QHBoxLayout()
        ends.setContentsMargins(0, 0, 0, 4)
        ends.addWidget(_small(QLabel(str(FEWEST))))
        ends.addStretch(1)
        ends.addWidget(_small(QLabel(str(MOST))))
        head = QHBoxLayout()
        head.addWidget(self.number)
        head.addWidget(self.measure, 1)
        rows = QVBoxLayout()
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self.chart)
        rows.addWidget(self.slider)
        rows.addLayout(ends)
        rows.addWidget(self.advice)
        return rows

    def _state_rows(self):
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(5)
        self.stop = _tool("/mActionStop.svg", tr("Stop"), self._stop_or_go_on)
        line = QHBoxLayout()
        line.addWidget(self.state, 1)
        line.addWidget(self.stop)
        rows = QVBoxLayout()
        rows.setSpacing(2)
        rows.addLayout(line)
        rows.addWidget(self.progress)
        return rows

    def _class_tools(self):
        explorer = self.explorer
        self.pick = _tool("/mActionIdentify.svg", tr("Pick classes on the map (Ctrl: several)"), self._toggle_pick)
        self.pick.setCheckable(True)
        self.merge = _tool("/mActionMergeFeatures.svg", tr("Merge the picked classes"), self._merge)
        self.split = _tool("/mActionSplitFeatures.svg", tr("Take the merged class apart"), self._split)
        self.solo = _tool("/mActionShowSelectedLayers.svg", tr("Show the picked classes only"), self._toggle_solo)
        self.solo.setCheckable(True)
        self.undo = _tool("/mActionUndo.svg", tr("Undo"), explorer.undo.undo)
        self.redo = _tool("/mActionRedo.svg", tr("Redo"), explorer.undo.redo)
        explorer.undo.canUndoChanged.connect(self.undo.setEnabled)
        explorer.undo.canRedoChanged.connect(self.redo.setEnabled)
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

    def _classes(self):
        self.table = ClassesTable(self.explorer)
        self.table.setMinimumHeight(5 * self.table.verticalHeader().defaultSectionSize())
        self.signatures = SignatureChart()
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(self.signatures)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        return parts

    def _seeing_rows(self):
        self.shown = _tool("/mActionShowAllLayers.svg", tr("Show the classes on the map"), self._toggle_shown)
        self.shown.setCheckable(True)
        self.shown.setChecked(True)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setValue(100)
        self.opacity.setToolTip(tr("Opacity of the classes"))
        self.opacity.valueChanged.connect(lambda share: self.explorer.set_opacity(share / 100))
        self.neighbour = QgsMapLayerComboBox()
        self.neighbour.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.neighbour.setAllowEmptyLayer(True)
        _fill_row(self.neighbour)
        self.neighbour.setCurrentIndex(0)
        self.neighbour.setToolTip(tr("Another scene with the same bands, which shows the same classes"))
        self.neighbour.layerChanged.connect(self._choose_neighbour)
        self.compared = QComboBox()
        _fill_row(self.compared)
        self.compared.setToolTip(
            tr("Drag the line on the map: left of it are the classes, right of it what is chosen here")
        )
        self.compared.activated.connect(self._compare)
        self.keep = _tool("/mActionAdd.svg", tr("Keep these classes to compare others with them"), self._keep)
        see = QHBoxLayout()
        see.addWidget(self.shown)
        see.addWidget(self.opacity, 1)
        compare = QHBoxLayout()
        compare.addWidget(self.compared, 1)
        compare.addWidget(self.keep)
        form = _form()
        form.addRow(tr("Opacity"), see)
        form.addRow(tr("Compare with"), compare)
        form.addRow(tr("Show also on"), self.neighbour)
        return form

    def _result_rows(self):
        self.write = QPushButton(tr("Write the map…"))
        self.write.setToolTip(
            tr("Opens the algorithm that writes the map of the whole scene, with its settings filled in")
        )
        self.write.clicked.connect(self._write)
        self.more = QToolButton()
        self.more.setText(tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
        menu = QMenu(self.more)
        menu.addAction(tr("Apply the classes to another scene…"), self._apply)
        menu.addSeparator()
        menu.addAction(tr("Save the explorer's state…"), self._save)
        menu.addAction(tr("Open a saved state…"), self._open)
        self.more.setMenu(menu)
        line = QHBoxLayout()
        line.setContentsMargins(8, 6, 8, 8)
        line.addWidget(self.write, 1)
        line.addWidget(self.more)
        return line

    # --- from the widgets to the explorer -----------------------------------------------------------------------------

    def _choose_layer(self, layer):
        self._bands = ()
        if not self._is_filling:
            if layer is None:
                self.explorer.clear()
            else:
                self.start()

    def start(self, *_change) -> None:
        """Explores what the widgets say."""
        layer = self.layer.currentLayer()
        if self._is_filling or layer is None:
            return
        self._typed.stop()
        try:
            binding.ensure_loaded()
            settings = self._settings(layer)
            bandcluster.check_job({**settings.request(self.slider.value()), "output": "map.tif", "overwrite": True})
        except FAILURES as failure:
            self._show_problem(told(failure, self._titles()))
            return
        self._show_problem("")
        self.explorer.explore(layer, settings, self.slider.value())

    def _settings(self, layer):
        raster = raster_of(layer)
        return Settings(
            raster.name,
            tuple(self._bands),
            tuple(nodata_of([raster]) or ()),
            self.algorithm.currentData(),
            tuple(sorted(own_options(self.options.text()).items())),
            self.scaling.currentData(),
            self.metric.currentData(),
            self.starts.value(),
            self.seed.value(),
        )

    def _titles(self):
        return {
            "algorithm": tr("Algorithm"),
            "options": tr("Options"),
            "scaling": tr("Scaling"),
            "metric": tr("Metric"),
            "n_init": tr("Starts"),
            "seed": tr("Seed"),
            "input": tr("Scene"),
            "bands": tr("Bands"),
        }

    def _choose_bands(self):
        layer = self.layer.currentLayer()
        if layer is None:
            return
        names = [layer.bandName(number) for number in range(1, layer.bandCount() + 1)]
        dialog = BandsDialog(names, [str(number) for number in self._bands], "", self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take():
            self._bands = tuple(dialog.chosen())
            self.start()

        dialog.accepted.connect(take)
        dialog.open()

    def _choose_number(self, k):
        self.explorer.set_number(k)
        self._show_number()

    def _choose_neighbour(self, layer):
        if not self._is_filling and self.explorer.scene is not None:
            self.explorer.show_on([] if layer is None else [layer])

    def _stop_or_go_on(self):
        if self.explorer.is_working():
            self.explorer.cancel()
        else:
            self.explorer.go_on()

    def _toggle_pick(self):
        canvas = self._iface.mapCanvas()
        if self.pick.isChecked():
            self._usual_tool = canvas.mapTool()
            canvas.setMapTool(self._pick_tool)
        elif canvas.mapTool() is self._pick_tool:
            if self._usual_tool is not None:
                canvas.setMapTool(self._usual_tool)
            else:
                canvas.unsetMapTool(self._pick_tool)

    def _follow_tool(self, tool, _before=None):
        self.pick.setChecked(tool is self._pick_tool)

    def _merge(self):
        if len(self.explorer.picked) > 1:
            self.explorer.edit(tr("merge classes"), self.explorer.edits.merged(self.explorer.picked))

    def _split(self):
        edits = self.explorer.edits
        for value in self.explorer.picked:
            edits = edits.split(value)
        self.explorer.edit(tr("take a class apart"), edits)

    def _toggle_solo(self):
        self.explorer.set_solo(self.solo.isChecked())

    def _toggle_shown(self):
        self.explorer.set_shown(self.shown.isChecked())

    def _set_colors(self, colors):
        try:
            edits = writing.with_colors(self.explorer.model, self.explorer.edits, colors)
        except FAILURES as failure:
            self._complain(str(failure))
        else:
            self.explorer.edit(tr("colour the classes"), edits)

    def _keep(self):
        self.explorer.keep(self._title())

    def _title(self):
        """What a user calls the settings of now."""
        parts = [self.algorithm.currentText()]
        if self.scaling.currentData() != "none":
            parts.append(self.scaling.currentText())
        if self.metric.currentData() != "euclidean":
            parts.append(self.metric.currentText())
        classes = tr("{number} classes").format(number=len(self.explorer.rows()))
        return ", ".join([*parts, classes])

    def _compare(self, number):
        self.explorer.compare(self._others()[number][1])

    # --- from the explorer to the widgets -----------------------------------------------------------------------------

    def refresh(self) -> None:
        explorer = self.explorer
        self._is_filling = True
        try:
            self._show_bands()
            self._show_number()
            self._show_measures()
            self._show_measure()
            self._show_state()
            self._show_compared()
        finally:
            self._is_filling = False
        self.table.show_classes()
        self._show_signatures()
        has_classes = bool(self.table.classes.rows)
        for button in (self.colors, self.keep, self.write, self.more, self.pick):
            button.setEnabled(has_classes)
        self.more.setEnabled(True)
        self.solo.setChecked(explorer.solo)

    def _show_bands(self):
        layer = self.layer.currentLayer()
        self.bands.setEnabled(layer is not None)
        if layer is None:
            self.bands.setText(tr("All"))
        elif self._bands:
            self.bands.setText(", ".join(map(str, self._bands)))
        else:
            self.bands.setText(tr("All {}").format(layer.bandCount()))

    def _show_number(self):
        settings = self.explorer.settings
        takes = settings is None or settings.takes_number()
        self.slider.setEnabled(takes)
        if takes and settings is not None and self.explorer.k != self.slider.value():
            before = self.slider.blockSignals(True)
            self.slider.setValue(self.explorer.k)
            self.slider.blockSignals(before)
        model = self.explorer.model
        count = self.slider.value() if takes else model.n_clusters if model is not None else None
        self.number.setText(tr("{number} classes").format(number="–" if count is None else count))
        self.chart.update()

    def _show_measures(self):
        settings = self.explorer.settings
        measures = _MEASURES_OF_MIXTURES if settings is not None and settings.algorithm == "gmm" else _MEASURES
        names = [name for name, _title in measures]
        if [self.measure.itemData(number) for number in range(self.measure.count())] != names:
            self.measure.clear()
            for name, title in measures:
                self.measure.addItem(tr(title), name)

    def _show_measure(self, *_change):
        choice = None if self.explorer.fitting is None else self.explorer.fitting.plan.choice
        name = self.measure.currentData()
        values = {} if choice is None else {one.k: getattr(one, name, math.nan) for one in choice.candidates}
        self.chart.show_values(values, 0 if choice is None else choice.recommended)
        self.advice.setText(self._advice(choice))
        self.advice.setToolTip("" if choice is None else choice.reason)

    def _advice(self, choice):
        settings = self.explorer.settings
        if choice is not None:
            link = f'<a href="{choice.recommended}">{choice.recommended}</a>'
            certainty = tr(_CERTAINTIES[choice.certainty])
            return tr("Recommended: {number} classes (certainty: {certainty})").format(number=link, certainty=certainty)
        if settings is None:
            return ""
        if not settings.takes_number():
            return tr("This algorithm finds the number of classes itself.")
        if not settings.is_measured():
            return tr("Numbers are compared for K-means and mixtures without options of their own.")
        return tr("The numbers of classes are compared when all are fitted.")

    def _show_state(self):
        explorer = self.explorer
        self.state.setText(self._state_told())
        can_go_on = explorer.fitting is not None and not explorer.is_working() and not explorer.fitting.is_done()
        self.stop.setVisible(explorer.is_working() or can_go_on)
        icon = "/mActionPlay.svg" if can_go_on else "/mActionStop.svg"
        self.stop.setIcon(QgsApplication.getThemeIcon(icon))
        self.stop.setToolTip(tr("Go on") if can_go_on else tr("Stop"))

    def _state_told(self):
        explorer = self.explorer
        if explorer.fitting is None:
            return tr("Choose a raster layer. Its classes are shown over the map; they are no layer of the project.")
        why = explorer.fitting.plan.why_not(explorer.k)
        if why:
            return " ".join(str(why).split())
        share = explorer.fitting.pixels.coarse_share
        states = {
            "": tr("Reading the scene…"),
            fitting.COARSE: tr("A first look, at {} of the pixels.").format(_percent(share)),
            fitting.SUMMARY: tr("Classes of all pixels; they are still being refined."),
            fitting.EXACT: tr("Classes of all pixels, as the map will have them."),
        }
        return states[explorer.state]

    def _show_progress(self, percent, phase):
        self.progress.setValue(int(percent) if phase else 0)
        self.progress.setToolTip(tr(_PHASES[phase]) if phase in _PHASES else "")
        self._show_state()

    def _others(self):
        """What the classes can be compared with: its title, and what the explorer calls it."""
        kept = [(kept.title, kept) for kept in self.explorer.kept]
        return [(tr("Nothing"), None), (tr("The scene"), "scene"), *kept]

    def _show_compared(self):
        others = self._others()
        self.compared.clear()
        self.compared.addItems([title for title, _what in others])
        found = [number for number, (_title, what) in enumerate(others) if what == self.explorer.compared]
        self.compared.setCurrentIndex(found[0] if found else 0)

    def _show_signatures(self):
        explorer = self.explorer
        rows = self.table.classes.rows
        chosen = [row for row in rows if row.value in explorer.picked] or rows
        names = [] if explorer.model is None else explorer.model.band_names
        self.signatures.show_rows(chosen, names)
        self.merge.setEnabled(len(explorer.picked) > 1)
        self.split.setEnabled(any(len(row.members) > 1 for row in chosen if row.value in explorer.picked))
        self.solo.setEnabled(bool(explorer.picked) or explorer.solo)

    def _show_problem(self, text):
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            self.bar.clearWidgets()
            self.bar.pushWarning("", text)
        else:
            self.bar.clearWidgets()

    def _complain(self, text):
        self.bar.clearWidgets()
        self.bar.pushCritical("", text)

    # --- what is made of the classes ----------------------------------------------------------------------------------

    def _write(self):
        explorer = self.explorer
        if not explorer.edits.changes_model():
            self._open_dialog("cluster", writing.cluster_values(explorer))
            return
        path = self._save_model()
        if path:
            self._open_dialog("predict", {**writing.predict_values(explorer), "MODEL": path})

    def _apply(self):
        path = self._save_model()
        if path:
            self._open_dialog("predict", {"MODEL": path})

    def _save_model(self):
        """The model that is shown, in a file; the file's name, or nothing."""
        path = self._file_to_save(tr("Save the model of the classes"), model_filter(), ".json")
        if not path:
            return ""
        try:
            writing.edited(self.explorer).save(path)
        except FAILURES as failure:
            self._complain(str(failure))
            return ""
        return path

    def _open_dialog(self, name, values):
        dialog = processing.createAlgorithmDialog(f"bandcluster:{name}", values)
        dialog.show()
        return dialog

    def _save(self):
        path = self._file_to_save(tr("Save the explorer's state"), saved.file_filter(), saved.SUFFIX)
        if path:
            try:
                saved.save(self.explorer, path)
            except FAILURES as failure:
                self._complain(str(failure))

    def _open(self):
        path, _filter = QFileDialog.getOpenFileName(self, tr("Open a saved state"), "", saved.file_filter())
        if path:
            self.open_state(path)

    def open_state(self, path) -> None:
        """Shows what was saved; its scene must be a layer of the project."""
        try:
            state = saved.load(path)
            layer = saved.layer_of(state)
        except FAILURES as failure:
            self._complain(str(failure))
            return
        settings = state.settings
        self._is_filling = True
        self.layer.setLayer(layer)
        self._bands = settings.bands
        for box, value in (
            (self.algorithm, settings.algorithm),
            (self.scaling, settings.scaling),
            (self.metric, settings.metric),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        self.options.setText(",".join(f"{name}={value}" for name, value in settings.options))
        self.starts.setValue(settings.n_init)
        self.seed.setValue(settings.seed)
        self.slider.setValue(state.k or _FIRST)
        self._is_filling = False
        self.start()
        self.explorer.take_edits(state.edits)

    def _file_to_save(self, title, file_filter, suffix):
        path, _filter = QFileDialog.getSaveFileName(self, title, "", file_filter)
        return path if not path or Path(path).suffix else path + suffix

    # --- its end ------------------------------------------------------------------------------------------------------

    def _follow_closing(self, is_closed):
        """A panel that is closed shows nothing on the map and works on nothing; it comes back as it was."""
        self.explorer.set_shown(not is_closed and self.shown.isChecked())
        if is_closed:
            self.explorer.cancel()
            self.pick.setChecked(False)
            self._toggle_pick()
        else:
            self.explorer.go_on()

    def end(self) -> None:
        """Leaves the canvas as it was. The panel cannot be used afterwards."""
        canvas = self._iface.mapCanvas()
        canvas.mapToolSet.disconnect(self._follow_tool)
        if canvas.mapTool() is self._pick_tool:
            canvas.unsetMapTool(self._pick_tool)
        self._typed.stop()
        self.explorer.end()


def _form():
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def _combo(items):
    box = QComboBox()
    _fill_row(box)
    for name, title in items:
        box.addItem(title, name)
    return box


def _fill_row(widget):
    """As wide as there is room, and as narrow as the panel."""
    if isinstance(widget, QComboBox):
        widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        widget.setMinimumContentsLength(8)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def _small(label):
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.85)
    label.setFont(font)
    return label


def _tool(icon, tip, action):
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.clicked.connect(lambda *_checked: action())
    return button


def _percent(share):
    return f"{100 * share:.2g} %"
