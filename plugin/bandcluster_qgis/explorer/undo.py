"""The list of changes that can be undone."""

from qgis.PyQt import QtGui, QtWidgets

# Qt6 moved them from QtWidgets to QtGui.
_QUndoStack, _QUndoCommand = (
    next(getattr(module, name) for module in (QtGui, QtWidgets) if hasattr(module, name))
    for name in ("QUndoStack", "QUndoCommand")
)


class UndoStack(_QUndoStack):
    def do(self, title, take, before, after) -> None:
        """Calls `take` with the state after a change; undo calls it with the one before."""
        self.push(_Change(title, take, before, after))


class _Change(_QUndoCommand):
    def __init__(self, title, take, before, after):
        super().__init__(title)
        self._take, self._before, self._after = take, before, after

    def redo(self):
        self._take(self._after)

    def undo(self):
        self._take(self._before)
