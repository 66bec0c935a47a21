"""The table of classes: visibility, colour, name, share and area.

Changes can be undone.
"""

from qgis.core import QgsApplication
from qgis.gui import QgsColorDialog
from qgis.PyQt.QtCore import QAbstractTableModel, QItemSelectionModel, QLocale, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QTableView,
)

from ..translation import tr, translatable

SHOWN, COLOR, NAME, SHARE, AREA = range(5)
_TITLES = ("", "", translatable("Class"), translatable("Share"), translatable("Area"))
_LARGE = 1e5  # hectares of a scene: from here on areas are in square kilometres
_VALUE_ROLE = Qt.ItemDataRole.UserRole


class ClassesModel(QAbstractTableModel):
    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer = explorer
        self.rows, self._hidden, self._unit = [], frozenset(), (1.0, "")

    def show(self) -> None:
        """Shows the present state of the explorer.

        If only the content of rows has changed, the rows are kept.
        """
        rows = self._explorer.rows()
        is_same = [row.value for row in rows] == [row.value for row in self.rows]
        if not is_same:
            self.beginResetModel()
        self.rows, self._hidden = rows, self._explorer.edits.hidden
        self._unit = _unit(rows, self._explorer.scene)
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, AREA))

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_TITLES[section]) if _TITLES[section] else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if section in (SHARE, AREA)
                else Qt.AlignmentFlag.AlignLeft
            )
            return _alignment(side)
        return None

    def flags(self, index):
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == SHOWN:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.rows[index.row()], index.column()
        if role == _VALUE_ROLE:
            return row.value
        if role == Qt.ItemDataRole.CheckStateRole and column == SHOWN:
            return Qt.CheckState.Unchecked if row.value in self._hidden else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.BackgroundRole and column == COLOR:
            return QColor(row.color)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (SHARE, AREA):
            return _alignment(Qt.AlignmentFlag.AlignRight)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(row, column)
        return None

    def setData(self, index, value, role=Qt.ItemDataRole.EditRole):
        row, edits = self.rows[index.row()], self._explorer.edits
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == SHOWN:
            is_shown = Qt.CheckState(value) == Qt.CheckState.Checked
            hidden = edits.hidden - {row.value} if is_shown else edits.hidden | {row.value}
            self._explorer.edit(
                tr("show a class") if is_shown else tr("hide a class"), edits.with_hidden(hidden)
            )
            return True
        if role == Qt.ItemDataRole.EditRole and index.column() == NAME:
            if value.strip() != row.name:
                self._explorer.edit(tr("rename a class"), edits.named(row.value, value))
            return True
        return False

    def _text(self, row, column):
        if column == NAME:
            return row.name
        total = sum(one.count for one in self.rows)
        if column == SHARE and total:
            share = 100 * row.count / total
            return (
                tr("< 0.1 %")
                if 0 < share < 0.1
                else tr("{} %").format(QLocale().toString(share, "f", 1))
            )
        if column == AREA and self._unit[1]:
            size, name = self._unit
            area = row.count * size
            return f"{QLocale().toString(area, 'f', 0 if area >= 100 else 1)} {name}"
        return ""

    def _tip(self, row, column):
        if column == COLOR:
            return tr("Click to choose a colour")
        if len(row.members) > 1:
            return tr("Merged from {} classes").format(len(row.members))
        return None


def _unit(rows, scene):
    """Pixel area and its unit; no unit if the units of the reference system are unknown."""
    if scene is None or scene.pixel_area is None:
        return 1.0, ""
    hectares = scene.pixel_area / 1e4
    total = sum(row.count for row in rows) * hectares
    return (hectares / 100, "km²") if total >= _LARGE else (hectares, "ha")


class Swatch(QStyledItemDelegate):
    """A colour as a round patch, visible on any background, also on a selected row."""

    def paint(self, painter, option, index):
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.brush(QPalette.ColorRole.Highlight))
        side = min(option.rect.width(), option.rect.height()) - 8
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(option.rect).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(128, 128, 128), 1))
        painter.setBrush(index.data(Qt.ItemDataRole.BackgroundRole))
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()

    def sizeHint(self, option, index):
        return QSize(option.fontMetrics.height() + 8, option.fontMetrics.height() + 8)


class ClassesTable(QTableView):
    """The table. Several rows can be picked; their classes flash on the map."""

    def __init__(self, explorer, parent=None):
        super().__init__(parent)
        self._explorer, self._is_following = explorer, False
        self.classes = ClassesModel(explorer, self)
        self.setModel(self.classes)
        self.setItemDelegateForColumn(COLOR, Swatch(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(self.fontMetrics().height() + 8)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.clicked.connect(self._choose_color)
        self.selectionModel().selectionChanged.connect(self._pick)
        explorer.picked_changed.connect(self.follow)

    def sizeHint(self):
        return QSize(
            240,
            self.horizontalHeader().sizeHint().height()
            + 5 * self.verticalHeader().defaultSectionSize(),
        )

    def show_classes(self) -> None:
        self.classes.show()
        self.follow()

    def follow(self) -> None:
        """Selects the rows of the picked classes."""
        if self._is_following:
            return
        self._is_following = True
        selection = self.selectionModel()
        selection.clearSelection()
        for number, row in enumerate(self.classes.rows):
            if row.value in self._explorer.picked:
                both = (
                    QItemSelectionModel.SelectionFlag.Select
                    | QItemSelectionModel.SelectionFlag.Rows
                )
                selection.select(self.classes.index(number, 0), both)
                self.scrollTo(self.classes.index(number, NAME))
        self._is_following = False

    def _pick(self, *_change):
        if self._is_following:
            return
        self._is_following = True
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        values = [self.classes.rows[number].value for number in sorted(chosen)]
        first = [value for value in self._explorer.picked if value in values]
        self._explorer.pick([*first, *(value for value in values if value not in first)])
        self._is_following = False

    def _choose_color(self, index):
        if index.column() == COLOR:
            row = self.classes.rows[index.row()]
            color = QgsColorDialog.getColor(QColor(row.color), self.window(), row.name)
            if color.isValid():
                self._explorer.edit(
                    tr("recolour a class"), self._explorer.edits.colored(row.value, color.name())
                )

    def _show_menu(self, place):
        index = self.indexAt(place)
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.addAction(tr("Rename"), lambda: self.edit(self.classes.index(index.row(), NAME)))
        menu.addAction(
            tr("Colour…"), lambda: self._choose_color(self.classes.index(index.row(), COLOR))
        )
        menu.addSeparator()
        menu.addAction(
            QgsApplication.getThemeIcon("/mActionShowAllLayers.svg"), tr("Show all"), self._show_all
        )
        menu.popup(self.viewport().mapToGlobal(place))

    def _show_all(self):
        self._explorer.edit(tr("show all classes"), self._explorer.edits.with_hidden(()))


def _alignment(side):
    both = side | Qt.AlignmentFlag.AlignVCenter
    return getattr(both, "value", None) or int(both)  # Qt5 needs a number
