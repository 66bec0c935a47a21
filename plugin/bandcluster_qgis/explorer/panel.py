"""The panel beside the map."""

from qgis.core import QgsRasterLayer
from qgis.gui import QgsDockWidget, QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from .. import binding
from ..binding import bandcluster
from ..failures import FAILURES, told
from ..translation import tr
from . import saved
from .canvas import PickTool
from .classes_box import ClassesBox
from .explorer import Explorer
from .number import NumberBox
from .results_box import ResultsBox
from .search_form import SearchForm
from .seeds import Seeds
from .seeds_box import SeedsBox
from .state_box import StateBox
from .view_box import ViewBox


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
        self._tools = {self.classes.pick: self._pick_tool, self.seeds.click: self._seed_tool}
        for button in self._tools:
            button.clicked.connect(lambda *_checked, button=button: self._toggle_tool(button))
        self.search.layer_chosen.connect(self._choose_layer)
        self.search.changed.connect(self.start)
        self.seeds.changed.connect(self.start)
        self._seed_tool.picked.connect(self.seeds.add_at)
        self.number.chosen.connect(self.explorer.set_number)
        self._pick_tool.picked.connect(self.explorer.pick_at)
        self.results.state_chosen.connect(self.open_state)
        iface.mapCanvas().mapToolSet.connect(self._follow_tool)
        self.explorer.changed.connect(self.refresh)
        for part in (self.explorer, self.seeds, self.classes, self.results):
            part.failed.connect(self._complain)
        self.closedStateChanged.connect(self._follow_closing)
        active = iface.activeLayer() if hasattr(iface, "activeLayer") else None
        if isinstance(active, QgsRasterLayer):
            self.search.layer.setLayer(active)
        self.refresh()

    def _build(self):
        explorer = self.explorer
        self.search, self.seeds, self.number = SearchForm(), SeedsBox(explorer), NumberBox(explorer)
        self.state, self.classes = StateBox(explorer), ClassesBox(explorer)
        self.view = ViewBox(explorer, self.search.title)
        self.results = ResultsBox(explorer)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.seeds)
        column.addWidget(self.number)
        column.addWidget(self.state)
        column.addWidget(self.classes, 1)
        column.addWidget(self.view)
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
        rows.addWidget(self.results)  # always visible
        self.setWidget(whole)

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

    def _toggle_tool(self, button):
        """Activates the map tool of a button, or the tool before it."""
        canvas, tools = self._iface.mapCanvas(), self._tools
        if button.isChecked():
            if canvas.mapTool() not in tools.values():
                self._keep_usual_tool(canvas.mapTool())
            canvas.setMapTool(tools[button])
        elif canvas.mapTool() is tools[button]:
            if self._usual_tool is not None:
                canvas.setMapTool(self._usual_tool)
            else:
                canvas.unsetMapTool(tools[button])

    def _keep_usual_tool(self, tool):
        if self._usual_tool is not None:
            self._usual_tool.destroyed.disconnect(self._forget_usual_tool)
        self._usual_tool = tool
        if tool is not None:
            # Tools of dialogs end with them.
            tool.destroyed.connect(self._forget_usual_tool)

    def _forget_usual_tool(self):
        self._usual_tool = None

    def _follow_tool(self, tool, _before=None):
        for button, one in self._tools.items():
            button.setChecked(tool is one)

    # --- from the explorer to the widgets ---------------------------------------------------------

    def refresh(self) -> None:
        self.search.show_bands()
        for part in (self.seeds, self.number, self.state, self.classes):
            part.refresh()
        has_classes = self.classes.has_classes()
        self.view.refresh(has_classes)
        self.results.refresh(has_classes)

    def _show_problem(self, text):
        self.search.show_problem(text)
        self.bar.clearWidgets()
        if text:
            self.bar.pushWarning("", text)

    def _complain(self, text):
        self.bar.clearWidgets()
        self.bar.pushCritical("", text)

    # --- its end ----------------------------------------------------------------------------------

    def _follow_closing(self, is_closed):
        """Clears the map and stops the work when the panel is closed; it reopens as it was."""
        self.explorer.set_shown(not is_closed and self.view.shown.isChecked())
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
