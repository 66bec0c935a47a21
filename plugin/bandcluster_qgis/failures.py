"""The errors that a user can cause and correct.

Any other error is a bug and keeps its traceback.
"""

import re

from .binding import bandcluster
from .translation import tr, translatable


class Refused(Exception):
    """A choice of the user cannot be used; the message says what was found and what to do."""


FAILURES = (bandcluster.BandclusterError, Refused, OSError)

# The library's most frequent messages about a field of a request; the field comes first.
_SENTENCES = translatable(
    (
        "{} is {}: give a number from {} to {}",
        "{} is {}: give a number",
        "{} is missing: give it",
        "{} and {} cannot both be given: choose one",
        "{} and {} go together: give both, or none",
        "{}: there are {} colours for {} classes: give one for each",
        "{}: band {} is given twice; give each once",
        "{} gives {} numbers for {} bands: give one for each, or one for all",
        "{}: {} band weights are given for {} bands: give one for each band, in the order of the"
        " bands",
        "{} is not an option of {}: leave it out, or choose another algorithm",
    )
)


def told(failure, names) -> str:
    """The failure in one line, with the user's names of the request's fields.

    ``names`` has these names.
    """
    before, field, after = getattr(failure, "parts", ("", "", ""))
    if not field:
        return " ".join(str(failure).split())
    name = names.get(field, field)
    for sentence in () if before else _SENTENCES:
        found = re.fullmatch(re.escape(sentence).replace(r"\{\}", r"(\S+)"), field + after)
        if found:
            return tr(sentence).format(
                name, *(names.get(part, part) for part in found.groups()[1:])
            )
    return " ".join(f"{before}{name}{after}".split())
