"""Compares numbers of classes, and recommends one."""

from __future__ import annotations

import ctypes
import math
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from numpy.typing import ArrayLike

from . import _abi, _arrays, _html, _native
from ._fit import check_bands
from ._labelled import fits_labelled
from ._options import choose_k_options, options_json, weights_option
from ._progress import part, reporting
from ._types import Nodata, PathLike, Progress
from .jobs import check_job
from .summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CERTAINTIES = ("low", "medium", "high")


class Candidate(NamedTuple):
    """A number of classes and its measures.

    Distances are Euclidean, of scaled values if the fit scales. With the spectral angle they are
    chords of the unit sphere.
    """

    k: int
    inertia: float
    """Sum of the squared distances of the pixels from their centres."""
    silhouette: float
    """Simplified silhouette, -1 to 1; the higher the better."""
    calinski_harabasz: float
    """Calinski-Harabasz index; the higher the better.

    Infinite if every class is a single value.
    """
    davies_bouldin: float
    """Davies-Bouldin index, from 0 up; the lower the better."""
    stability: float
    """Mean adjusted Rand index between the best start and each other; NaN for one start."""
    bic: float = math.nan
    """Bayesian information criterion, of mixtures; the lower the better. NaN for k-means."""


class Choice(NamedTuple):
    """The measures of each number of classes, and the recommended number: see `choose_k`."""

    recommended: int
    certainty: str
    """``"low"``, ``"medium"`` or ``"high"``."""
    reason: str
    """The reason, in one or two sentences."""
    candidates: tuple[Candidate, ...]
    """One for each number of classes, in ascending order."""

    def plot(self) -> Figure:
        """Draw the measures against the number of classes.

        Returns
        -------
        matplotlib.figure.Figure
            A notebook shows it.

        Examples
        --------
        >>> bandcluster.choose_k(image, min=2, max=4).plot().savefig("choice.png")
        """
        from ._plot import choice

        return choice(self)

    def _repr_html_(self) -> str:
        """The HTML that a notebook shows: the recommendation and a table of the measures."""
        fields = [
            name
            for name in Candidate._fields
            if not all(math.isnan(getattr(one, name)) for one in self.candidates)
        ]
        rows = []
        for one in self.candidates:
            cells = [f"{getattr(one, name):.4g}" for name in fields]
            rows.append(
                [f"<b>{cell}</b>" for cell in cells] if one.k == self.recommended else cells
            )
        caption = (
            f"<b>{self.recommended} classes</b> (certainty: {self.certainty})."
            f" {_html.escaped(self.reason)}"
        )
        head = [name.replace("_", " ") for name in fields]
        return _html.table(caption, ["number of classes", *head[1:]], rows)


@fits_labelled
def choose_k(
    data: ArrayLike | Summary,
    min: int = 2,
    max: int = 12,
    *,
    algorithm: str = "kmeans",
    n_init: int | None = None,
    max_iter: int | None = None,
    tol: float | None = None,
    seed: int = 0,
    scaling: str = "none",
    metric: str = "euclidean",
    band_weights: ArrayLike | None = None,
    nodata: Nodata = None,
    mask: ArrayLike | None = None,
    channel_axis: int | None = None,
    memory: float = 256,
    report: PathLike | None = None,
    title: str = "scene",
    threads: int = 0,
    progress: Progress | None = None,
) -> Choice:
    """Recommend a number of classes: fit each number, and measure the separation.

    Every number from ``min`` to ``max`` is fitted. The measures show how well the classes are
    separated. They are computed from the summary, so they are estimates if its cells are wider than
    single values.

    Parameters
    ----------
    data : array, list of arrays, or Summary
        Pixels as `bandcluster.fit` takes them, or a summary of them (then ``nodata``, ``mask``,
        ``channel_axis`` and ``memory`` are not used).
    min : int
        Minimum number of classes, at least 2.
    max : int
        Maximum number of classes, at most 255.
    algorithm : str
        ``"kmeans"``, or ``"gmm"``: Gaussian mixtures, which are compared by the Bayesian
        information criterion (``n_init`` is then 1, ``max_iter`` 1000 and ``tol`` 1e-5, unless
        given).
    n_init, max_iter, tol, seed, scaling, metric, band_weights
        As `bandcluster.fit` takes them.
    nodata, mask, channel_axis, memory, threads, progress
        As `bandcluster.fit` takes them.
    report : path, optional
        An HTML page to write, with charts of the measures.
    title : str
        The name of the scene on the page.

    Returns
    -------
    Choice

    Raises
    ------
    InvalidArgument, InvalidData, Cancelled, TypeError
        As from `bandcluster.fit`, for ``max`` classes.
    IOFailure
        For a report that cannot be written.

    Examples
    --------
    >>> choice = bandcluster.choose_k(image, min=2, max=5)
    >>> choice.recommended
    3
    >>> [candidate.k for candidate in choice.candidates]
    [2, 3, 4, 5]
    """
    options = choose_k_options(algorithm, min, max, n_init, max_iter, tol, seed, scaling, metric)
    weights = weights_option(band_weights).get("band_weights", [])
    given = (ctypes.c_double * len(weights))(*weights) if weights else None
    page = None if report is None else _checked_page(report, title)
    with reporting(progress) as tell:
        if isinstance(data, Summary):
            summary, rest = data, tell
        else:
            raster = _arrays.pixels(data, nodata, mask, channel_axis).raster
            dtype = _arrays.sample_dtype(raster.sample_type)
            summary, rest = Summary(raster.n_bands, dtype, memory), part(tell, 0.5, 1)
        if weights:
            wanted = options_json(algorithm, metric=metric, band_weights=weights)
            check_bands(wanted, summary._n_bands)
        if not isinstance(data, Summary):
            summary.add(
                data,
                nodata=nodata,
                mask=mask,
                channel_axis=channel_axis,
                threads=threads,
                progress=part(tell, 0, 0.5),
            )
        with _native.running(threads, rest) as run:
            choice = _NativeChoice._create(
                "choose_k_weighted",
                summary._handle,
                ctypes.byref(options),
                given,
                len(weights),
                run,
            )
    if page is not None:
        _native.call("choice_save_report", choice._handle, *page)
    return choice.read()


def _checked_page(report: PathLike, title: str) -> tuple[bytes, bytes]:
    """Title and path of the report for the library; it says at once if it cannot be written."""
    page = _native.text("title", title), os.fsencode(report)
    # The job's input is not looked at; only its name must be another.
    other = f"{os.fsdecode(report)}.tif"
    check_job({"command": "choose_k", "input": other, "report": report, "overwrite": True})
    return page


class _NativeChoice(_native.NativeObject):
    _free = "choice_free"

    def read(self) -> Choice:
        return Choice(
            _native.ask("choice_recommended_k", self._handle),
            _CERTAINTIES[_native.ask("choice_certainty", self._handle)],
            self._text("choice_reason"),
            tuple(map(self._candidate, range(_native.ask("choice_n_candidates", self._handle)))),
        )

    def _candidate(self, index: int) -> Candidate:
        found = _abi.Candidate()
        _native.call("choice_candidate", self._handle, index, ctypes.byref(found))
        values: list[Any] = [getattr(found, name) for name in Candidate._fields]
        # The same NaN object for all, so that equal choices compare equal.
        return Candidate._make(math.nan if value != value else value for value in values)
