"""The user's edits of the classes of a model: names, colours, merged, hidden.

Plain Python. Edits never change: each change makes new ones, so undo takes the old ones again.
"""

import json
import weakref
from dataclasses import dataclass, replace

import numpy as np

_TOLD = weakref.WeakKeyDictionary()  # of models that were read; they do not change
_DIMMED = 0x28  # opacity (of 255) of the other classes while one flashes


@dataclass(frozen=True)
class Row:
    """A class in the table; its label is the smallest of its members."""

    value: int
    members: tuple
    name: str
    color: str
    count: int
    mean: tuple
    spread: tuple


@dataclass(frozen=True)
class Edits:
    """The edits, by label.

    `names` and `colors` are pairs; `groups` are tuples of labels that are one class; `hidden` is a
    set.
    """

    names: tuple = ()
    colors: tuple = ()
    groups: tuple = ()
    hidden: frozenset = frozenset()

    def changes_model(self) -> bool:
        """Whether a map made from the settings alone would miss an edit."""
        return bool(self.names or self.groups)

    def named(self, value, name) -> "Edits":
        """With this name; an empty name restores the class's own name."""
        names = {**dict(self.names), value: name.strip()}
        return replace(
            self, names=tuple(sorted((label, text) for label, text in names.items() if text))
        )

    def colored(self, value, color) -> "Edits":
        return replace(self, colors=tuple(sorted({**dict(self.colors), value: color}.items())))

    def merged(self, values) -> "Edits":
        """With these classes as one, which has the name and colour of the first."""
        first, *others = values
        members = sorted({label for value in values for label in self.members(value)})
        names, colors = dict(self.names), dict(self.colors)
        new = replace(
            self,
            groups=tuple(
                sorted(
                    [*(one for one in self.groups if not set(one) & set(members)), tuple(members)]
                )
            ),
            names=tuple((label, text) for label, text in self.names if label not in members),
            colors=tuple((label, color) for label, color in self.colors if label not in members),
            hidden=self.hidden - set(members),
        )
        if first in names:
            new = new.named(members[0], names[first])
        return new.colored(members[0], colors[first]) if first in colors else new

    def split(self, value) -> "Edits":
        """With a merged class split into its members."""
        return replace(self, groups=tuple(one for one in self.groups if value not in one))

    def with_hidden(self, values) -> "Edits":
        return replace(self, hidden=frozenset(values))

    def members(self, value) -> tuple:
        return next((one for one in self.groups if value in one), (value,))

    def relabelled(self, old, new) -> "Edits":
        """The same edits for a better model, which may number the classes otherwise.

        They stay as they are if they have the labels of no model that is known (None).
        """
        if old is None or new is None or old is new or self == Edits():
            return self
        return self.moved(labels_of(old, new))

    def moved(self, to) -> "Edits":
        """The same edits for a model with other labels: `to` maps old labels to new ones."""
        groups = [tuple(sorted(to[label] for label in one if label in to)) for one in self.groups]
        new = Edits(groups=tuple(sorted(one for one in groups if len(one) > 1)))
        # A merged class has the smallest label of its members, which another of them may get.
        values = {
            label: new.members(min(to[one] for one in found))[0]
            for label in {*dict(self.names), *dict(self.colors), *self.hidden}
            if (found := [one for one in self.members(label) if one in to])
        }

        def pairs(old):
            return tuple(sorted((values[label], text) for label, text in old if label in values))

        return replace(
            new,
            names=pairs(self.names),
            colors=pairs(self.colors),
            hidden=frozenset(values[label] for label in self.hidden if label in values),
        )

    def to_json(self) -> dict:
        return {
            "names": [list(pair) for pair in self.names],
            "colors": [list(pair) for pair in self.colors],
            "groups": [list(one) for one in self.groups],
            "hidden": sorted(self.hidden),
        }

    @classmethod
    def from_json(cls, told) -> "Edits":
        """Raises ValueError, TypeError or KeyError if `told` does not hold edits."""
        return cls(
            tuple(sorted((int(label), str(name)) for label, name in told["names"])),
            tuple(sorted((int(label), str(color)) for label, color in told["colors"])),
            tuple(sorted(tuple(sorted(int(label) for label in one)) for one in told["groups"])),
            frozenset(int(label) for label in told["hidden"]),
        )


def rows(model, edits) -> "list[Row]":
    """The classes of a model after the edits, the largest first."""
    told = classes_told(model)
    names, colors = dict(edits.names), dict(edits.colors)
    found = []
    for value in range(1, len(told) + 1):
        members = edits.members(value)
        if members[0] != value:
            continue
        parts = [told[label - 1] for label in members]
        largest = max(parts, key=lambda part: part["count"])
        mean, spread = _pooled(parts)
        name = names.get(value) or largest["name"]
        found.append(
            Row(
                value,
                members,
                name,
                colors.get(value) or largest["color"],
                sum(part["count"] for part in parts),
                mean,
                spread,
            )
        )
    return sorted(found, key=lambda row: (-row.count, row.value))


def classes_told(model) -> list:
    """The classes in a model's file."""
    if model not in _TOLD:
        _TOLD[model] = json.loads(model.to_json())["classes"]
    return _TOLD[model]


def _pooled(parts):
    """Mean and standard deviation of the pixels of several classes in each band."""
    counts = np.array([max(part["count"], 0) for part in parts], float)
    weights = counts / counts.sum() if counts.sum() else np.full(len(parts), 1 / len(parts))
    means = np.array([part["mean"] for part in parts], float)
    spreads = np.array([part["std"] for part in parts], float)
    mean = weights @ means
    variance = weights @ (spreads**2 + (means - mean) ** 2)
    return tuple(mean.tolist()), tuple(np.sqrt(variance).tolist())


def palette(found, hidden=frozenset(), only=frozenset()) -> "list[int]":
    """0xAARRGGBB of each label from 0 on; transparent where a class is missing or hidden.

    If `only` is given, other classes are dimmed.
    """
    table = [0] * 256
    for row in found:
        rgb = int(row.color[1:], 16)
        alpha = 0 if row.value in hidden else 0xFF if not only or row.value in only else _DIMMED
        for label in row.members:
            table[int(index_of(label))] = alpha << 24 | rgb
    return table


def index_of(label):
    """The index of a label, or of an array of labels, in a palette of 256.

    Beyond 256, indices are used again.
    """
    return np.where(np.less(label, 256), label, (np.asarray(label, np.int64) - 1) % 255 + 1)


def labels_of(old, new) -> dict:
    """The new model's label for each label of the old one.

    The nearest pairs of centres are matched first.
    """
    first, second = old.centers, new.centers
    if first.shape[1] != second.shape[1]:
        return {}  # other bands: no class is the same
    spread = np.maximum(np.nan_to_num(np.vstack([first, second])).std(axis=0), 1e-12)
    distances = (((first[:, None] - second[None]) / spread) ** 2).sum(axis=2)
    to = {}
    for place in np.argsort(distances, axis=None, kind="stable"):
        a, b = (int(index) for index in np.unravel_index(place, distances.shape))
        if a + 1 not in to and b + 1 not in to.values():
            to[a + 1] = b + 1
    return to


def edited_model(model, edits):
    """The model with its classes merged, named and coloured.

    To merge classes, the model must have converged.
    """
    shown = {row.members: row for row in rows(model, edits)}
    values = list(range(1, model.n_clusters + 1))
    if edits.groups:
        model, values = model.merge({str(number): one for number, one in enumerate(edits.groups)})
    else:
        model = type(model).from_json(model.to_json())
    names, colors = model.class_names, model.class_colors
    for members, row in shown.items():
        names[values[members[0] - 1] - 1] = row.name
        colors[values[members[0] - 1] - 1] = row.color
    model.class_names, model.class_colors = names, colors
    return model
