"""The errors that a user can cause and correct.

Any other error is a bug and keeps its traceback.
"""

import re

from .binding import bandcluster
from .translation import tr, translatable


class Refused(Exception):
    """A choice of the user cannot be used; the message says what was found and what to do."""


FAILURES = (bandcluster.BandclusterError, Refused, OSError)

# The library's most frequent messages about a field of a request, or about an option of an
# algorithm; its name comes first.
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
        "{}: a band weight is {}: give numbers above 0 (from 1e-9 to 1e9; to leave a band out, do"
        " not choose it)",
        "{} spectral_angle does not go with {}: angles are those of the spectra as they are; choose"
        " metric euclidean, or give no weights",
        "{} spectral_angle does not go with {} zscore: angles are those of spectra from 0, which"
        " z-scores move; choose scaling none",
        "{} is not an option of {}: leave it out, or choose another algorithm",
        "{} is not an option of {} (a mixture measures each class by its own spread, so weights"
        " change nothing): leave it out, or choose another algorithm",
        "{} is given, and {} does not start from centres: leave it out, or choose kmeans",
    )
)


def told(failure, names) -> str:
    """The failure in one line, with the user's names of the request's fields.

    ``names`` has these names.
    """
    before, field, after = getattr(failure, "parts", ("", "", ""))
    for sentence in _SENTENCES:
        found = re.fullmatch(re.escape(sentence).replace(r"\{\}", r"(\S+)"), str(failure))
        if found and field in ("", found[1]):
            return tr(sentence).format(*(names.get(part, part) for part in found.groups()))
    told = f"{before}{names.get(field, field)}{after}" if field else str(failure)
    return " ".join(told.split())
