"""The classes of a model as the user has edited and picked them, without widgets."""

from qgis.PyQt.QtCore import QObject, pyqtSignal

from .edits import Edits, labels_of, palette, rows
from .undo import UndoStack


class Classes(QObject):
    """The base of the explorer, which gives `settings`, `k` and `model`, and shows the classes.

    Signals: `changed` (anything that the panel shows), `picked_changed`.
    """

    changed = pyqtSignal()
    picked_changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.undo = UndoStack(self)
        self.k, self.picked, self.solo = 0, (), False
        # Edits with the model whose labels they have (None: the refined model), by `_key`.
        self._edits = {}
        self._told = None  # the model that the panel shows

    @property
    def settings(self):
        """The settings of the search; None before the first scene."""
        raise NotImplementedError

    @property
    def model(self):
        """The model that is shown; None while there is none."""
        raise NotImplementedError

    @property
    def edits(self) -> Edits:
        return self.edits_of(self.model)

    def edits_of(self, model) -> Edits:
        """The edits, with the labels of a model."""
        made_at, edits = self._edits.get(self._key(), (None, Edits()))
        return edits.relabelled(made_at, model)

    def rows(self) -> list:
        model = self.model
        return [] if model is None else rows(model, self.edits_of(model))

    def edit(self, title, edits) -> None:
        """Makes a change that can be undone."""
        if edits != self.edits:
            key = self._key()
            before = self._edits.get(key, (None, Edits()))
            self.undo.do(title, lambda now: self.set_edits(key, now), before, (self.model, edits))

    def set_edits(self, key, edits) -> None:
        """Takes edits, and shows the number of classes they were made at, so undo is visible.

        They come with the model whose labels they have.
        """
        self._edits[key] = edits
        if key == self._key():
            members = self.edits.members
            self.picked = tuple(value for value in self.picked if members(value)[0] == value)
            self.recolor()
            self._tell_changed()
        elif self.settings is not None and key[0] == self.settings:
            self.set_number(key[1])

    def take_edits(self, edits) -> None:
        """Takes the edits of another session."""
        if self.settings is not None:
            self._edits[self._key()] = None, edits
            self.undo.clear()
            self.recolor()
            self._tell_changed()

    def pick(self, values, flashes=True) -> None:
        self.picked = tuple(values)
        if self.solo:
            self.recolor()
        if flashes and self.picked:
            self.flash()
        self.picked_changed.emit()

    def set_solo(self, is_solo) -> None:
        self.solo = is_solo
        self.recolor()
        self._tell_changed()

    def palette(self, model, flashes=False) -> "list[int]":
        """The colours of a model's labels; the picked classes may flash."""
        edits = self.edits_of(model)
        found, hidden = rows(model, edits), edits.hidden
        if self.solo and self.picked:
            hidden = frozenset(row.value for row in found) - frozenset(self.picked)
        return palette(found, hidden, frozenset(self.picked) if flashes else frozenset())

    def set_number(self, k) -> None:
        """Shows another number of classes."""
        raise NotImplementedError

    def recolor(self) -> None:
        """Paints the classes with their present colours."""
        raise NotImplementedError

    def flash(self) -> None:
        """Lets the picked classes flash on the map."""
        raise NotImplementedError

    def _tell_changed(self):
        model = self.model
        if self.picked and model is not None and self._told not in (None, model):
            to, members = labels_of(self._told, model), self.edits_of(model).members
            self.picked = tuple(
                dict.fromkeys(members(to[value])[0] for value in self.picked if value in to)
            )
        self._told = model
        self.changed.emit()

    def _key(self):
        return self.settings, self.k
