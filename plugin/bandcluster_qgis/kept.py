"""Decoded pixels that are kept in memory, so that the next pass over the scenes need not decode them again."""

_MOST_BYTES = 256 * 2**20  # as much as the summary may take


class Kept:
    """Blocks of scenes, as many as the memory set aside for them holds: the first that are read."""

    def __init__(self, most_bytes=_MOST_BYTES):
        self._left = most_bytes
        self._blocks = {}

    def read(self, scene, window, samples, progress):
        """The block of a window: the one that is kept, or else as :meth:`Scene.read`. By one thread at a time."""
        found = self._blocks.get((id(scene), window))
        if found is None:
            found = scene.read(window, samples, progress)
            if found.n_bytes <= self._left:
                self._left -= found.n_bytes
                self._blocks[id(scene), window] = found
        return found
