"""Names of bands: which descriptions are names, and where a model's bands are in another scene.

For files the library has the same rules (src/gdal/scene/names.rs and open.rs), which no function of
C offers for names alone. A test compares both.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Sequence

from .errors import InvalidArgument

# Words that drivers and programs put before the number of a band without a name.
_COUNTED = ("band", "layer", "lyr", "channel", "")

# What drivers write if there is no name.
_NO_NAME = "contents not specified"

# Separators of the words of a name, of one character each.
_BETWEEN = "_-. :#"
_WORDS = re.compile(f"([{re.escape(_BETWEEN)}])")

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def number_in(name: str, stem: str = "") -> int | None:
    """The number in a name that only counts; a file's own name (``stem``) may stand before it."""
    text = name.lower()
    for word in (*_COUNTED, stem.lower()):
        if text.startswith(word):
            rest = text[len(word) :].lstrip(_BETWEEN)
            if rest.isascii() and rest.isdigit():
                return int(rest)
    return None


def without_meaningless(descriptions: Sequence[str], stem: str = "") -> list[str]:
    """The descriptions of a file's bands; those that are no names become "".

    These are numbers of the bands, one description that all bands share, and what drivers write.
    """
    descriptions = [text.strip() for text in descriptions]

    def count_from(first: int) -> bool:
        counted = enumerate(descriptions, start=first)
        return all(number_in(text, stem) == place for place, text in counted if text)

    is_one = len(descriptions) > 1 and len(set(descriptions)) == 1
    if count_from(1) or count_from(0) or is_one:
        return [""] * len(descriptions)
    return ["" if text.lower() == _NO_NAME else text for text in descriptions]


def bands_named(own: Sequence[str], wanted: Sequence[str]) -> list[int] | None:
    """The places of the wanted bands among a scene's own; None if names do not decide.

    Names that only count ("band 1") say nothing about a scene with another number of bands. Parts
    of names that belong to the scene (a date, an orbit) do not count. Raises InvalidArgument if
    both have names and these contradict each other.
    """
    # A band without a name is called by its number.
    own = [name or f"band {number}" for number, name in enumerate(own, start=1)]
    exact = [_folded(own), _folded(wanted)]
    keys = [_keys(own), _keys(wanted)]
    if any(ours == theirs for ours, theirs in (exact, keys)):
        return None
    counting = any(map(_only_counts, wanted))
    if counting and len(wanted) != len(own):
        return None
    found = _found(*exact) or _found(*keys)
    if found is None:
        contradict = not counting and not any(map(_only_counts, own))
    else:
        contradict = len(set(found)) < len(found)  # one band would be taken twice
    if contradict:
        raise InvalidArgument(
            f"the scene has the bands {', '.join(own)}, and {', '.join(wanted)} are wanted: if they"
            " are the same, give them these names: .assign_attrs(long_name=model.band_names), or"
            " .rename of a Dataset's variables"
        )
    return found


def _found(own: list[str], wanted: list[str]) -> list[int] | None:
    """Where each wanted name is, if each is there once."""
    if all(own.count(name) == 1 for name in wanted):
        return [own.index(name) for name in wanted]
    return None


def _only_counts(name: str) -> bool:
    return re.fullmatch("band [0-9]+", name, re.IGNORECASE | re.ASCII) is not None


def _folded(names: Sequence[str]) -> list[str]:
    """Names in which the case of ASCII letters does not count."""
    return [name.translate(_LOWER) for name in names]


def _keys(names: Sequence[str]) -> list[str]:
    """Names for comparing two scenes.

    The band in a product file's name; else the name without the part that all share, if that
    belongs to one scene.
    """

    def is_of_scene(shared: str) -> bool:
        return any(len(re.findall("[0-9]", word)) >= 4 for word in _WORDS.split(shared))

    parts = _apart(names, is_of_scene)
    return [(_band_token(name) or part).lower() for name, part in zip(names, parts)]


def _band_token(name: str) -> str | None:
    """The only word that names a band of Sentinel-2, such as B04 or SCL."""
    tokens = [
        word
        for word in re.split("[_. -]", name)
        if re.fullmatch("B[0-9]{1,2}A?", word) or word.lower() == "scl"
    ]
    return tokens[0] if len(tokens) == 1 else None


def _apart(names: Sequence[str], drop: Callable[[str], bool]) -> list[str]:
    """Each name without the words that all begin or end with, if ``drop`` is true for them.

    At least one word of each is left.
    """
    pieces = [_WORDS.split(name) for name in names]  # words, and the separators between them
    words = [own[::2] for own in pieces]

    def is_shared(place: int) -> bool:
        return len(set(_folded([own[place] for own in words]))) == 1 < len(words)

    most = min(map(len, words), default=1) - 1
    start = 2 * len(list(itertools.takewhile(is_shared, range(most))))
    end = 2 * len(list(itertools.takewhile(is_shared, range(-1, start // 2 - most - 1, -1))))
    if start and not drop("".join(pieces[0][:start])):
        start = 0
    if end and not drop("".join(pieces[0][-end:])):
        end = 0
    return ["".join(own[start : len(own) - end]) for own in pieces]
