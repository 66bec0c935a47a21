"""Seeds: pixels and polygons that show what a class is; k-means starts from their means.

Plain Python.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count


@dataclass(frozen=True)
class Seeds:
    """`shapes` are pairs of a name and a geometry (WKT, in the scene's system).

    Those of one name are one seed. With `fix` the centres stay on the means. Seeds never change:
    each change gives new ones.
    """

    shapes: tuple = ()
    fix: bool = False

    def names(self) -> tuple:
        """In the order in which they first come, which is the library's."""
        return tuple(self.counts())

    def counts(self) -> dict:
        """How many shapes each name has, in the order of `names`."""
        return Counter(name for name, _shape in self.shapes)

    def added(self, shapes) -> "Seeds":
        """With more of them; a shape that a seed has already is no other one."""
        return replace(self, shapes=tuple(dict.fromkeys([*self.shapes, *shapes])))

    def without(self, names) -> "Seeds":
        """Where none is left, there are no means to keep."""
        shapes = tuple(one for one in self.shapes if one[0] not in names)
        return replace(self, shapes=shapes, fix=self.fix and bool(shapes))

    def renamed(self, old, new) -> "Seeds":
        """A seed that gets the name of another becomes a part of it."""
        return replace(
            self,
            shapes=tuple(
                dict.fromkeys((new if name == old else name, shape) for name, shape in self.shapes)
            ),
        )

    def fixed(self, fix) -> "Seeds":
        return replace(self, fix=fix)

    def new_names(self, pattern):
        """Those of "seed 1", "seed 2" and so on that are free, without end."""
        names = set(self.names())
        return (name for name in map(pattern.format, count(1)) if name not in names)

    @classmethod
    def from_json(cls, told) -> "Seeds":
        """Raises ValueError, TypeError or KeyError for what is none."""
        return cls(
            tuple((str(name), str(shape)) for name, shape in told["shapes"]), bool(told["fix"])
        )
