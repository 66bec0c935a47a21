"""What a user can cause or mend. Anything else is a bug, and keeps its traceback."""

import re

from .binding import bandcluster
from .translation import tr, translatable


class Refused(Exception):
    """What was chosen cannot be used; the message says what was found, and what to do."""


FAILURES = (bandcluster.BandclusterError, Refused, OSError)

# What the library says most often of a field of a request, behind its name: how it is known, and how it is told.
_SAID = (
    (r" is (\S+): give a number from (\S+) to (\S+)", translatable("{} is {}: give a number from {} to {}")),
    (r" is (\S+): give a number", translatable("{} is {}: give a number")),
    (r" is missing: give it", translatable("{} is missing: give it")),
    (r" and (\w+) cannot both be given: choose one", translatable("{} and {} cannot both be given: choose one")),
    (r" and (\w+) go together: give both, or none", translatable("{} and {} go together: give both, or none")),
    (
        r": there are (\d+) colours for (\d+) classes.*",
        translatable("{}: there are {} colours for {} classes; give one for each, or palette:NAME"),
    ),
    (r": band (.+) is given twice; give each once", translatable("{}: band {} is given twice; give each once")),
    (
        r" gives (\d+) numbers for (\d+) bands: give one for each, or one for all",
        translatable("{} gives {} numbers for {} bands: give one for each, or one for all"),
    ),
    (
        r" is not an option of (\w+): leave it out, or choose another algorithm",
        translatable("{} is not an option of {}: leave it as it is, or choose another algorithm"),
    ),
)


def told(failure, names) -> str:
    """The failure in one line, where fields of a request have the names that the user knows: ``names`` gives them."""
    before, field, after = getattr(failure, "parts", ("", "", ""))
    if not field:
        return " ".join(str(failure).split())
    name = names.get(field, field)
    for pattern, text in () if before else _SAID:
        found = re.fullmatch(pattern, after)
        if found:
            return tr(text).format(name, *(names.get(part, part) for part in found.groups()))
    return " ".join(f"{before}{name}{after}".split())
