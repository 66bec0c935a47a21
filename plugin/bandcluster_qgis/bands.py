"""Which bands of a scene are meant: by their names, where these tell."""

import re


def bands_by_name(scene, wanted):
    """Numbers of the bands with the wanted names, in their order; None when they do not tell.

    A model of bands 3, 2, 1 must not meet bands 1, 2, 3. Names that only count ("band 1") say nothing about a file
    with another number of bands.
    """
    there = [name.casefold() for name in scene.band_names]
    wanted = [name.casefold() for name in wanted]
    counted = not all(map(is_name, wanted))
    if len(names(wanted)) < len(wanted) or (counted and len(wanted) != len(there)):
        return None
    if any(there.count(name) != 1 for name in wanted):
        return None
    return [scene.bands[there.index(name)] for name in wanted]


def contradict(scene, wanted) -> bool:
    """Whether the scene's bands and those wanted are all called something, and some of these are not there."""
    return all(map(is_name, [*wanted, *scene.band_names])) and not names(scene.band_names) >= names(wanted)


def is_name(name) -> bool:
    """Whether a band is called something; "band 1" only counts."""
    return bool(name) and not re.fullmatch(r"band \d+", name, re.IGNORECASE)


def names(of_bands) -> set:
    return {name.casefold() for name in of_bands}
