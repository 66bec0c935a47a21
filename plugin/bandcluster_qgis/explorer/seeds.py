"""Seeds: pixels and polygons that are examples of a class.

k-means starts from their means. Plain Python.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count


@dataclass(frozen=True)
class Seeds:
    """Seeds that never change: each change makes new ones.

    `shapes` are pairs of a name and a geometry (WKT, in the scene's reference system). Shapes of
    one name are one seed. With `fix` the centres stay on the means.
    """

    shapes: tuple = ()
    fix: bool = False

    def names(self) -> tuple:
        """The names in the order in which they first occur, as in the library."""
        return tuple(self.counts())

    def counts(self) -> dict:
        """The number of shapes of each name, in the order of `names`."""
        return Counter(name for name, _shape in self.shapes)

    def added(self, shapes) -> "Seeds":
        """With more shapes; a shape that a seed already has is not added again."""
        return replace(self, shapes=tuple(dict.fromkeys([*self.shapes, *shapes])))

    def without(self, names) -> "Seeds":
        """Without the seeds of these names.

        If no seed is left, `fix` is off: there are no means to keep.
        """
        shapes = tuple(one for one in self.shapes if one[0] not in names)
        return replace(self, shapes=shapes, fix=self.fix and bool(shapes))

    def renamed(self, old, new) -> "Seeds":
        """With a seed renamed; a seed that gets the name of another becomes a part of it."""
        return replace(
            self,
            shapes=tuple(
                dict.fromkeys((new if name == old else name, shape) for name, shape in self.shapes)
            ),
        )

    def fixed(self, fix) -> "Seeds":
        return replace(self, fix=fix)

    def new_names(self, pattern):
        """Generates the free names of "seed 1", "seed 2" and so on, without end."""
        names = set(self.names())
        return (name for name in map(pattern.format, count(1)) if name not in names)

    @classmethod
    def from_json(cls, told) -> "Seeds":
        """Raises ValueError, TypeError or KeyError if `told` does not hold seeds."""
        return cls(
            tuple((str(name), str(shape)) for name, shape in told["shapes"]), bool(told["fix"])
        )
