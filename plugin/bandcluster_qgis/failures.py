"""What a user can cause or mend. Anything else is a bug, and keeps its traceback."""

import re

from .binding import bandcluster
from .translation import tr, translatable


class Refused(Exception):
    """What was chosen cannot be used; the message says what was found, and what to do."""


FAILURES = (bandcluster.BandclusterError, Refused, OSError)

# What the library says most often of a field of a request, which stands first.
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
        "{} is not an option of {}: leave it out, or choose another algorithm",
    )
)


def told(failure, names) -> str:
    """The failure in one line, where fields of a request have the names that the user knows:
    ``names`` gives them.
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
