"""The model of a fit."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _arrays, _html, _labelled, _merge, _native
from .. import report as _report
from .._merge import Match
from .._types import Nodata, PathLike, Progress
from ..drift import Drift, drift
from ..errors import InvalidArgument
from ._bands import Bands
from ._legend import Legend
from ._radii import Radii

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..summary import Summary


class Model(Bands, Legend, Radii):
    """Classes found in an image, to be applied to it or to others.

    Models come from `fit`, `Summary.fit`, `Model.load` and `Model.from_json`. Class values are 1 to
    `n_clusters`, the largest class first; 0 is nodata. A model can be pickled. Any number of
    threads may use it; a call that changes it waits until the calls of other threads have returned.

    Examples
    --------
    >>> model = bandcluster.fit(image, 3)
    >>> model
    <bandcluster.Model: 3 classes, 4 bands>
    """

    pixel_area: float | None = None
    """Pixel area of the fitted scene in square metres; None if it is unknown.

    A DataArray in a projected reference system has it. It may be set. It is not in the model's
    file.
    """

    def __init__(self) -> None:
        raise TypeError(
            "a Model comes from bandcluster.fit, Summary.fit, Model.load or Model.from_json"
        )

    @classmethod
    def load(cls, path: PathLike) -> Model:
        """The model in a file of `save`, the command line or QGIS.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        Model

        Raises
        ------
        IOFailure
            For a file that cannot be read.
        InvalidModel
            For a file that is not a model, is damaged, or comes from a newer version.

        Examples
        --------
        >>> model.save("model.json")
        >>> bandcluster.Model.load("model.json").n_clusters
        3
        """
        return cls._create("model_load", _native.existing_file(path))

    @classmethod
    def from_json(cls, text: str) -> Model:
        """The model in a JSON text.

        Parameters
        ----------
        text : str
            The text, such as `to_json` returns.

        Returns
        -------
        Model

        Raises
        ------
        InvalidModel
            For a text that is not a model, or comes from a newer version.

        Examples
        --------
        >>> bandcluster.Model.from_json(model.to_json()).n_clusters
        3
        """
        data = text.encode()
        return cls._create("model_from_json", data, len(data))

    def save(self, path: PathLike) -> None:
        """Write the model to a file, as JSON; an existing file is replaced.

        Parameters
        ----------
        path : path
            The file to write.

        Raises
        ------
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> model.save("model.json")
        """
        _native.call("model_save", self._handle, os.fsencode(path))

    def __reduce__(self) -> tuple:
        return Model.from_json, (self.to_json(),), {"pixel_area": self.pixel_area}

    def __repr__(self) -> str:
        return f"<bandcluster.Model: {self.n_clusters} classes, {self.n_bands} bands>"

    def _repr_html_(self) -> str:
        """The HTML that a notebook shows: the classes with their colours, shares and areas."""
        hectares = None if self.pixel_area is None else self.pixel_area / 1e4
        rows = [
            (value, name, color, int(count), None if hectares is None else count * hectares)
            for (value, name, color), count in zip(self.legend, self.counts)
        ]
        bands = ", ".join(_html.escaped(name) for name in self.band_names[:20]) + (
            ", ..." if self.n_bands > 20 else ""
        )
        state = "" if self.converged else "; not refined yet"
        algorithm = _html.escaped(self._told()["algorithm"])
        caption = (
            f"{self.n_clusters} classes by {algorithm}, in {self.n_bands} bands ({bands}){state}"
        )
        return _html.classes(caption, rows)

    def plot_signatures(self, axes: Axes | None = None) -> Figure:
        """Draw the mean of each class in each band, with one standard deviation about it.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; None: in a figure of its own.

        Returns
        -------
        matplotlib.figure.Figure
            A notebook shows it.

        Examples
        --------
        >>> model.plot_signatures().savefig("signatures.png")
        """
        from .._plot import signatures

        return signatures(self, axes)

    @_labelled.predicts_labelled
    def predict(
        self,
        array: ArrayLike,
        *,
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
        out: np.ndarray | None = None,
        confidence: np.ndarray | None = None,
        threads: int = 0,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """The class of each pixel: that of the nearest centre.

        Parameters
        ----------
        array : array, or list of arrays
            Pixels with the model's number of bands, as `fit` takes them with ``mask`` and
            ``channel_axis``. If a DataArray or Dataset names all bands of the model, these are
            used, in any order.
        nodata : float, or list of float, optional
            As `fit` takes it, but None means the model's own values (`nodata`): after ``fit(image,
            nodata=0)`` zeros get label 0 here, too. For an image without nodata give NaN
            (``nodata=numpy.nan``); for a band without it, NaN or None in the list, in the order of
            the model's bands.
        mask, channel_axis, threads, progress
            As `fit` takes them.
        out : array of uint8 or uint16, optional
            The array for the labels, which is returned; uint16 is always possible. None: a new
            array.
        confidence : array of float32, optional
            An array for the confidence of each label: 1 minus the ratio of the distances to the
            nearest and the second nearest class. It is 1 at a centre, 0 on a border and for
            unclassified pixels, and NaN for pixels that are not valid.

        Returns
        -------
        array of uint8 or uint16
            Labels in the shape of one band: uint8 up to 255 classes, uint16 above; 0 for pixels
            that are not valid. For a DataArray or Dataset of xarray they are a DataArray: with its
            coordinates and reference system, nodata 0 (``_FillValue``), and the classes as
            ``flag_values``, ``flag_meanings`` and ``flag_colors``; the array's own nodata is used
            if it has any. Arrays backed by Dask stay lazy: nothing is computed yet.

        Raises
        ------
        InvalidArgument
            For an invalid shape, or another number of bands than the model's.
        Cancelled
            When ``progress`` returned False.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> labels = model.predict(image)
        >>> labels.shape, str(labels.dtype)
        ((60, 80), 'uint8')
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self.n_bands)
        if (
            nodata is None and pixels.raster.n_bands == self.n_bands
        ):  # the library reports a wrong number
            pixels.set_nodata(self.nodata)
        if out is None:
            out = np.empty(pixels.shape, self.label_dtype)
        labels = _arrays.labels(out, pixels.shape, confidence)
        for name, written in (("out", out), ("confidence", confidence)):
            if written is not None and pixels.may_overlap(written):
                raise InvalidArgument(
                    f"{name} shares memory with the pixels or the mask; give an array of its own"
                )
        with _native.running(threads, progress) as run:
            _native.call(
                "predict", self._handle, ctypes.byref(pixels.raster), ctypes.byref(labels), run
            )
        return out

    def drift(self, sample: Summary) -> Drift:
        """The drift of a scene from the training pixels, and warnings with likely causes.

        Parameters
        ----------
        sample : Summary
            Some of the scene's pixels, in the model's bands and units; every eighth pixel of every
            eighth row is plenty.

        Returns
        -------
        Drift

        Raises
        ------
        InvalidArgument
            For another number of bands, or a model of a version without these statistics.

        Examples
        --------
        >>> sample = bandcluster.Summary(4, "uint16")
        >>> sample.add(image[:, ::8, ::8] + 1000)
        >>> [warning.code for warning in bandcluster.fit(image, 3).drift(sample).warnings]
        ['offset']
        """
        return drift(self, sample)

    def merge(self, groups: Mapping[str, Sequence[int]]) -> tuple[Model, list[int]]:
        """A model in which classes are merged and named.

        The merged model gives a pixel the new class of its class in this model. Classes are
        numbered anew, largest first, unless they are only named.

        Parameters
        ----------
        groups : dict
            For each name, the values of the classes to merge: ``{"water": [1, 3], "crops": [2,
            5]}``. A single value is only named; other classes do not change.

        Returns
        -------
        merged : Model
        values : list of int
            The value in the merged model of each label of this model, label 1 first.

        Raises
        ------
        InvalidArgument
            Also for noise, which is not a class, and for a model that has not converged.

        Examples
        --------
        >>> merged, values = bandcluster.fit(image, 3).merge({"land": [1, 2]})
        >>> merged.n_clusters, values
        (2, [1, 1, 2])
        >>> relabelled = np.array([0, *values])[labels]  # of a map that is there
        """
        return _merge.merged(self, groups)

    def align(self, like: Model) -> tuple[Model, list[Match]]:
        """The same classes, numbered, named and coloured like those of another model.

        So maps of a new fit keep the legend of the old one. Classes are paired so that the sum of
        the squared distances of their means is smallest, in the scaling of ``like``. New classes
        follow after those of ``like``, largest first, and are named "class N (new)". Classes of
        ``like`` that are not found again stay, without pixels, so that a value means the same in
        all maps. Refine the model first: if numbers change, its centres cannot move afterwards.

        Parameters
        ----------
        like : Model
            The model whose legend is kept.

        Returns
        -------
        aligned : Model
        matches : list of Match
            The new value of each label, class 1 first; the last one is that of unclassified pixels,
            if there are any.

        Raises
        ------
        InvalidArgument
            If the bands differ in number or name.

        Examples
        --------
        >>> old, new = bandcluster.fit(image, 3), bandcluster.fit(image[:, :30], 3)
        >>> aligned, matches = new.align(old)
        >>> sorted(match.like for match in matches)
        [1, 2, 3]
        """
        return _merge.aligned(self, like)

    def report(
        self,
        path: PathLike,
        array: ArrayLike | None = None,
        *,
        title: str = "a scene",
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
        bands: Sequence[int] | None = None,
        threads: int = 0,
        **told: Any,
    ) -> _report.Page:
        """Write an HTML page about the classes, which needs no other file.

        A notebook shows the returned page inline.

        Parameters
        ----------
        path : path
            The file to write.
        array : array, or list of arrays, optional
            An image; the page shows it beside its classes. None: the page has no picture.
        title : str
            What the image is called.
        nodata, mask, channel_axis, threads
            As `predict` takes them.
        bands : list of int, optional
            Three bands, 1 to `n_bands`, that are shown as red, green and blue.
        **told
            Further content of the page: see `bandcluster.save_report`.

        Returns
        -------
        Page
            The path of the file.

        Raises
        ------
        InvalidArgument
            For an image that `predict` does not take.
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> bandcluster.fit(image, 3).report("report.html", image, title="A small scene")
        <bandcluster.Page: report.html>
        """
        if array is not None:
            if _labelled.is_labelled(array):
                known = _labelled.scene(array, channel_axis).in_bands_of(self)
                nodata, mask = (
                    known.nodata if nodata is None else nodata,
                    _labelled.plane_of("mask", mask, known.array),
                )
                array, channel_axis = list(np.asanyarray(known.pixels)), None
            labels = self.predict(
                array, nodata=nodata, mask=mask, channel_axis=channel_axis, threads=threads
            )
            height, width = labels.shape if labels.ndim == 2 else (1, labels.size)
            picture = _report.Picture(self, title, width, height, bands)
            picture.add(array, labels, nodata=nodata, mask=mask, channel_axis=channel_axis)
            told["pictures"] = [picture, *told.get("pictures", ())]
        return _report.save_report(self, path, title=title, **told)
