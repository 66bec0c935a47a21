"""The widget for the bands of a scene: typed, or chosen from a list."""

from processing.gui.wrappers import InvalidParameterValue, WidgetWrapper
from qgis.core import QgsProcessingContext, QgsProject, QgsRasterLayer
from qgis.gui import QgsGui, QgsProcessingGui
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..failures import FAILURES
from ..layers.rasters import rasters
from ..parameters import scenes
from ..translation import tr


class BandsWidget(WidgetWrapper):
    """A line for the bands and a button that shows a list of them.

    Batches and the model designer use their own text widgets instead.
    """

    def __new__(cls, parameter, dialog, row=0, col=0):
        gui, kind = QgsGui.processingGuiRegistry(), type(dialog).__name__
        if kind == "ModelerParametersDialog":
            other = gui.createModelerParameterWidget(
                dialog.model, dialog.childId, parameter, dialog.context
            )
        elif kind == "BatchAlgorithmDialog":
            other = gui.createParameterWidgetWrapper(parameter, QgsProcessingGui.WidgetType.Batch)
        else:
            return super().__new__(cls)
        other.setDialog(dialog)
        return other

    def createWidget(self):
        self._scene = None  # the wrapper of the scene's parameter
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("such as 4,3,2 or B04,B03,B02"))
        self._line.textChanged.connect(self._tell_change)
        button = QToolButton()
        button.setText("\N{HORIZONTAL ELLIPSIS}")
        button.clicked.connect(self._choose)
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._line)
        layout.addWidget(button)
        return widget

    def createLabel(self):
        return super(WidgetWrapper, self).createLabel()  # QGIS's own, already translated

    def postInitialize(self, wrappers):
        for wrapper in wrappers:
            if wrapper.parameterDefinition().name() == scenes.INPUT:
                self._scene = wrapper

    def setValue(self, value):
        parts = value if isinstance(value, (list, tuple)) else [value]
        self._line.setText(",".join(str(part) for part in parts if part is not None))

    def value(self):
        return self._line.text().strip()

    def _tell_change(self):
        self.widgetValueHasChanged.emit(self)

    def _choose(self):
        names, problem = self._names()
        chosen = self.value().replace(";", ",").split(",")
        self._dialog = BandsDialog(names, chosen, problem, self.widget)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if names:
            self._dialog.accepted.connect(self._take_chosen)
        self._dialog.open()

    def _take_chosen(self):
        self._line.setText(",".join(map(str, self._dialog.chosen())))

    def _names(self):
        """The bands of the first chosen scene, or why there are none."""
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        definition = self._scene.parameterDefinition()
        try:
            first = rasters(definition, self._scene.parameterValue(), context)[0]
        except (*FAILURES, InvalidParameterValue) as problem:
            return [], str(problem)
        layer = first.layer or QgsRasterLayer(first.name)
        if not layer.isValid():
            # QGIS cannot list the bands of a product.
            return [], tr(
                "QGIS cannot list the bands of {}; type their names, such as B04,B03,B02"
            ).format(first.name)
        return [layer.bandName(number) for number in range(1, layer.bandCount() + 1)], ""


class BandsDialog(QDialog):
    """A list of bands to mark and to drag into order."""

    def __init__(self, names, chosen, problem="", parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("Bands"))
        self.list = QListWidget(self)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        # The chosen bands come first, in their order.
        first = list(
            dict.fromkeys(
                number for number in (_number(part.strip(), names) for part in chosen) if number
            )
        )
        for number in [
            *first,
            *(number for number in range(1, len(names) + 1) if number not in first),
        ]:
            item = QListWidgetItem(names[number - 1], self.list)
            item.setData(Qt.ItemDataRole.UserRole, number)
            item.setCheckState(
                Qt.CheckState.Checked if number in first else Qt.CheckState.Unchecked
            )
        text = problem or tr(
            "Mark the bands to use, and drag them into order. None marked: as if nothing was"
            " chosen."
        )
        told = QLabel(text, self)
        told.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel,
            Qt.Orientation.Horizontal,
            self,
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        self.list.setVisible(bool(names))

    def chosen(self) -> list:
        """The numbers of the marked bands, in the order of the list."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        ]


def _number(part, names) -> int:
    """The number of a band, typed as a number or name; 0 if there is none.

    QGIS shows names as "Band 1: B02".
    """
    if part.isdecimal():
        return int(part) if 0 < int(part) <= len(names) else 0
    own = [name.partition(": ")[2].split(" (")[0].casefold() for name in names]
    return own.index(part.casefold()) + 1 if part and part.casefold() in own else 0
