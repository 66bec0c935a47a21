"""The panel beside the map."""

from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsRasterLayer
from qgis.gui import QgsDockWidget, QgsMapLayerComboBox, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import binding
from ..binding import bandcluster
from ..failures import FAILURES, told
from ..layers.seeds import write_seeds
from ..parameters.outputs import model_filter
from ..translation import tr, translatable
from . import fitting, saved, writing
from .canvas import PickTool
from .charts import SignatureChart
from .explorer import Explorer
from .forms import fill_row, form, tool
from .number import NumberBox
from .search_form import SearchForm
from .seeds import Seeds
from .seeds_box import SeedsBox
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
_PHASES = {
    fitting.READING: translatable("Reading all pixels"),
    fitting.FITTING: translatable("Fitting every number of classes"),
    fitting.MEASURING: translatable("Measuring every number of classes"),
    fitting.REFINING: translatable("Refining the classes over all pixels"),
}


class Panel(QgsDockWidget):
    """The panel: it shows the state of the explorer, and passes it what the user does."""

    def __init__(self, iface, parent=None):
        super().__init__(tr("bandcluster explorer"), parent)
        self.setObjectName("BandclusterExplorer")
        self._iface = iface
        self.explorer = Explorer(iface.mapCanvas(), self)
        self._usual_tool = None
        self._build()
        self._pick_tool, self._seed_tool = PickTool(iface.mapCanvas()), PickTool(iface.mapCanvas())
        self._tools = {self.pick: self._pick_tool, self.seeds.click: self._seed_tool}
        self.search.layer_chosen.connect(self._choose_layer)
        self.search.changed.connect(self.start)
        self.seeds.changed.connect(self.start)
        self.seeds.failed.connect(self._complain)
        self.seeds.click.clicked.connect(lambda *_checked: self._toggle_tool(self.seeds.click))
        self._seed_tool.picked.connect(self.seeds.add_at)
        self.number.chosen.connect(self.explorer.set_number)
        self._pick_tool.picked.connect(self.explorer.pick_at)
        iface.mapCanvas().mapToolSet.connect(self._follow_tool)
        self.explorer.changed.connect(self.refresh)
        self.explorer.picked_changed.connect(self._show_signatures)
        self.explorer.failed.connect(self._complain)
        self.explorer.progressed.connect(self._show_progress)
        self.explorer.painted.connect(self._show_state)
        self.closedStateChanged.connect(self._follow_closing)
        active = iface.activeLayer() if hasattr(iface, "activeLayer") else None
        if isinstance(active, QgsRasterLayer):
            self.search.layer.setLayer(active)
        self.refresh()

    # --- how it is built --------------------------------------------------------------------------

    def _build(self):
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.search, self.seeds, self.number = (
            SearchForm(),
            SeedsBox(self.explorer),
            NumberBox(self.explorer),
        )
        column.addWidget(self.search)
        column.addWidget(self.seeds)
        column.addWidget(self.number)
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
        bar = area.verticalScrollBar().sizeHint().width()
        whole.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        self.bar = QgsMessageBar(whole)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addWidget(area, 1)
        rows.addLayout(self._result_rows())  # always visible
        self.setWidget(whole)

    def _state_rows(self):
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(5)
        self.stop = tool("/mActionStop.svg", tr("Stop"), self._stop_or_go_on)
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
        self.pick = tool("/mActionIdentify.svg", tr("Pick classes on the map (Ctrl: several)"))
        self.pick.clicked.connect(lambda *_checked: self._toggle_tool(self.pick))
        self.pick.setCheckable(True)
        self.merge = tool("/mActionMergeFeatures.svg", tr("Merge the picked classes"), self._merge)
        self.split = tool(
            "/mActionSplitFeatures.svg", tr("Take the merged class apart"), self._split
        )
        self.solo = tool(
            "/mActionShowSelectedLayers.svg", tr("Show the picked classes only"), self._toggle_solo
        )
        self.solo.setCheckable(True)
        self.undo = tool("/mActionUndo.svg", tr("Undo"), explorer.undo.undo)
        self.redo = tool("/mActionRedo.svg", tr("Redo"), explorer.undo.redo)
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
        self.shown = tool(
            "/mActionShowAllLayers.svg", tr("Show the classes on the map"), self._toggle_shown
        )
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
        return rows

    def _result_rows(self):
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
        menu.addAction(tr("Save the explorer's state…"), self._save)
        menu.addAction(tr("Open a saved state…"), self._open)
        self.more.setMenu(menu)
        line = QHBoxLayout()
        line.setContentsMargins(8, 6, 8, 8)
        line.addWidget(self.write, 1)
        line.addWidget(self.more)
        return line

    # --- from the widgets to the explorer ---------------------------------------------------------

    def _choose_layer(self, layer):
        self.explorer.undo.clear()  # an undo must be visible, and this scene is gone
        self.seeds.show_seeds(Seeds())
        if layer is None:
            self.explorer.clear()
        else:
            self.start()

    def start(self, k=0) -> None:
        """Explores with the settings of the widgets.

        `k`, unless it is 0, replaces the slider's number.
        """
        layer = self.search.layer.currentLayer()
        if layer is None:
            return
        try:
            binding.ensure_loaded()
            settings = self.search.settings(self.seeds.seeds)
            k = settings.nearest(k or self.number.value())
            bandcluster.check_job({**settings.request(k), "output": "map.tif", "overwrite": True})
        except FAILURES as failure:
            self._show_problem(told(failure, self.search.titles()))
            return
        self._show_problem("")
        self.explorer.explore(layer, settings, k)

    def _choose_neighbour(self, layer):
        if self.explorer.scene is not None:
            self.explorer.show_on([] if layer is None else [layer])

    def _stop_or_go_on(self):
        if self.explorer.is_working():
            self.explorer.cancel()
        else:
            self.explorer.go_on()

    def _toggle_tool(self, button):
        """Activates the map tool of a button, or the tool before it."""
        canvas, tools = self._iface.mapCanvas(), self._tools
        if button.isChecked():
            if canvas.mapTool() not in tools.values():
                self._usual_tool = canvas.mapTool()
            canvas.setMapTool(tools[button])
        elif canvas.mapTool() is tools[button]:
            if self._usual_tool is not None:
                canvas.setMapTool(self._usual_tool)
            else:
                canvas.unsetMapTool(tools[button])

    def _follow_tool(self, tool, _before=None):
        for button, one in self._tools.items():
            button.setChecked(tool is one)

    def _merge(self):
        if len(self.explorer.picked) > 1:
            self.explorer.edit(
                tr("merge classes"), self.explorer.edits.merged(self.explorer.picked)
            )

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
        classes = tr("{number} classes").format(number=len(self.explorer.rows()))
        self.explorer.keep(f"{self.search.title(self.explorer.settings)}, {classes}")

    def _compare(self, number):
        self.explorer.compare(self._others()[number][1])

    # --- from the explorer to the widgets ---------------------------------------------------------

    def refresh(self) -> None:
        explorer = self.explorer
        self.search.show_bands()
        self.seeds.refresh()
        self.number.refresh()
        self._show_state()
        self._show_compared()
        self.table.show_classes()
        self._show_signatures()
        has_classes = bool(self.table.classes.rows)
        for button in (self.colors, self.keep, self.write, self.more, self.pick):
            button.setEnabled(has_classes)
        self.more.setEnabled(True)
        self.solo.setChecked(explorer.solo)

    def _show_state(self):
        explorer = self.explorer
        self.state.setText(self._state_told())
        can_go_on = (
            explorer.fitting is not None
            and not explorer.is_working()
            and not explorer.fitting.is_done()
        )
        self.stop.setVisible(explorer.is_working() or can_go_on)
        icon = "/mActionPlay.svg" if can_go_on else "/mActionStop.svg"
        self.stop.setIcon(QgsApplication.getThemeIcon(icon))
        self.stop.setToolTip(tr("Go on") if can_go_on else tr("Stop"))

    def _state_told(self):
        explorer = self.explorer
        if explorer.fitting is None:
            return tr(
                "Choose a raster layer. Its classes are shown over the map; they are not a layer of"
                " the project."
            )
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
        told = states[explorer.state]
        if explorer.share_shown < 1:
            filled = _percent(explorer.share_shown)
            told += " " + tr("The map is filled as its pixels are read: {}.").format(filled)
        return told

    def _show_progress(self, percent, phase):
        self.progress.setValue(int(percent) if phase else 0)
        self.progress.setToolTip(tr(_PHASES[phase]) if phase in _PHASES else "")
        self._show_state()

    def _others(self):
        """The choices of a comparison: title, and the argument of `Explorer.compare`."""
        kept = [(kept.title, kept) for kept in self.explorer.kept]
        return [(tr("Nothing"), None), (tr("The scene"), "scene"), *kept]

    def _show_compared(self):
        others = self._others()
        self.compared.clear()
        self.compared.addItems([title for title, _what in others])
        found = [
            number for number, (_title, what) in enumerate(others) if what == self.explorer.compared
        ]
        self.compared.setCurrentIndex(found[0] if found else 0)

    def _show_signatures(self):
        explorer = self.explorer
        rows = self.table.classes.rows
        chosen = [row for row in rows if row.value in explorer.picked] or rows
        names = [] if explorer.model is None else explorer.model.band_names
        self.signatures.show_rows(chosen, names)
        self.merge.setEnabled(len(explorer.picked) > 1)
        self.split.setEnabled(
            any(len(row.members) > 1 for row in chosen if row.value in explorer.picked)
        )
        self.solo.setEnabled(bool(explorer.picked) or explorer.solo)

    def _show_problem(self, text):
        self.search.show_problem(text)
        self.bar.clearWidgets()
        if text:
            self.bar.pushWarning("", text)

    def _complain(self, text):
        self.bar.clearWidgets()
        self.bar.pushCritical("", text)

    # --- what is made of the classes --------------------------------------------------------------

    def _write(self):
        explorer = self.explorer
        if explorer.edits.changes_model():
            path = self._save_model()
            if path:
                self._open_dialog("predict", {**writing.predict_values(explorer), "MODEL": path})
            return
        seeds = self._save_seeds() if explorer.settings.seeds.shapes else None
        if seeds != "":
            self._open_dialog("cluster", writing.cluster_values(explorer, seeds))

    def _apply(self):
        path = self._save_model()
        if path:
            self._open_dialog("predict", {"MODEL": path})

    def _save_model(self):
        """Saves the model that is shown; returns the file's name, or nothing."""
        path = self._file_to_save(tr("Save the model of the classes"), model_filter(), ".json")
        if not path:
            return ""
        try:
            writing.edited(self.explorer).save(path)
        except FAILURES as failure:
            self._complain(str(failure))
            return ""
        return path

    def _save_seeds(self):
        """Saves the seeds; returns the file's name, or nothing."""
        path = self._file_to_save(tr("Save the seeds"), tr("GeoPackages (*.gpkg)"), ".gpkg")
        if not path:
            return ""
        try:
            write_seeds(path, self.explorer.settings.seeds.shapes, self.explorer.scene.file_crs)
        except FAILURES as failure:
            self._complain(str(failure))
            return ""
        return path

    def _open_dialog(self, name, values):
        dialog = processing.createAlgorithmDialog(f"bandcluster:{name}", values)
        dialog.show()
        return dialog

    def _save(self):
        path = self._file_to_save(
            tr("Save the explorer's state"), saved.file_filter(), saved.SUFFIX
        )
        if path:
            try:
                saved.save(self.explorer, path)
            except FAILURES as failure:
                self._complain(str(failure))

    def _open(self):
        path, _filter = QFileDialog.getOpenFileName(
            self, tr("Open a saved state"), "", saved.file_filter()
        )
        if path:
            self.open_state(path)

    def open_state(self, path) -> None:
        """Shows a saved state; its scene is added to the project if it is not there."""
        try:
            state = saved.load(path)
            layer = saved.layer_of(state)
        except FAILURES as failure:
            self._complain(str(failure))
            return
        self.explorer.undo.clear()
        self.search.show_settings(layer, state.settings)
        self.seeds.show_seeds(state.settings.seeds)
        self.number.show_number(state.settings, state.k)
        self.start()
        self.explorer.take_edits(state.edits)

    def _file_to_save(self, title, file_filter, suffix):
        path, _filter = QFileDialog.getSaveFileName(self, title, "", file_filter)
        return path if not path or Path(path).suffix else path + suffix

    # --- its end ----------------------------------------------------------------------------------

    def _follow_closing(self, is_closed):
        """Clears the map and stops the work when the panel is closed; it reopens as it was."""
        self.explorer.set_shown(not is_closed and self.shown.isChecked())
        self.seeds.marks.set_visible(not is_closed)
        if is_closed:
            self.explorer.cancel()
            for button in self._tools:
                button.setChecked(False)
                self._toggle_tool(button)
        else:
            self.explorer.go_on()

    def end(self) -> None:
        """Restores the canvas. The panel cannot be used afterwards."""
        canvas = self._iface.mapCanvas()
        canvas.mapToolSet.disconnect(self._follow_tool)
        if canvas.mapTool() in self._tools.values():
            canvas.unsetMapTool(canvas.mapTool())
        self.search.end()
        self.seeds.end()
        self.explorer.end()


def _percent(share):
    return f"{100 * share:.2g} %"
