"""The model of a fit."""

from __future__ import annotations

import ctypes
import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from . import _arrays, _html, _labelled, _merge, _native
from . import report as _report
from ._merge import Match
from ._types import Nodata, PathLike, Progress
from .dendrogram import Dendrogram
from .drift import Drift, drift
from .errors import InvalidArgument

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .summary import Summary


class Model(_native.NativeObject):
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

    _free = "model_free"
    _handle_type = _native.Shared
    _handle: _native.Shared
    _nodata: list[float | None] | None = None  # read from the library on first use
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

    def to_json(self) -> str:
        """The model as JSON text, as `save` writes it.

        Returns
        -------
        str

        Examples
        --------
        >>> import json
        >>> json.loads(model.to_json())["algorithm"]
        'kmeans'
        """
        return self._text("model_json")

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
        told = json.loads(self.to_json())
        bands = ", ".join(_html.escaped(name) for name in self.band_names[:20]) + (
            ", ..." if self.n_bands > 20 else ""
        )
        state = "" if self.converged else "; not refined yet"
        algorithm = _html.escaped(told["algorithm"])
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
        from ._plot import signatures

        return signatures(self, axes)

    @property
    def n_clusters(self) -> int:
        """Number of classes."""
        return _native.ask("model_n_clusters", self._handle)

    @property
    def n_bands(self) -> int:
        """Number of bands."""
        return _native.ask("model_n_bands", self._handle)

    @property
    def n_iter(self) -> int:
        """Number of iterations of the fit."""
        return _native.ask("model_n_iter", self._handle)

    @property
    def converged(self) -> bool:
        """False after `Summary.fit` until the centres are refined over the pixels."""
        return bool(_native.ask("model_converged", self._handle))

    @property
    def inertia(self) -> float:
        """Sum of the squared distances of the pixels to their centres.

        If the fit scaled, the distances are of scaled values.
        """
        return _native.ask("model_inertia", self._handle)

    @property
    def centers(self) -> np.ndarray:
        """Class centres in the units of the bands: float64 (n_clusters, n_bands)."""
        centers = np.empty((self.n_clusters, self.n_bands))
        _native.call("model_centers", self._handle, centers.ctypes.data, centers.size)
        return centers

    @property
    def dendrogram(self) -> Dendrogram | None:
        """How agglomerative clustering joined the regions of the classes; None for other models."""
        return Dendrogram.of(json.loads(self.to_json()))

    @property
    def counts(self) -> np.ndarray:
        """Pixels of each class in the fitted image: int64 (n_clusters,)."""
        counts = np.empty(self.n_clusters, np.uint64)
        _native.call("model_counts", self._handle, counts.ctypes.data, counts.size)
        return counts.astype(np.int64)

    @property
    def label_dtype(self) -> np.dtype:
        """The type of labels: uint8 for up to 255 labels, uint16 above."""
        return np.dtype(np.uint8 if self.n_labels <= 255 else np.uint16)

    @property
    def n_labels(self) -> int:
        """The largest label.

        It is the number of classes, or one more (unclassified) if classes have radii.
        """
        return _native.ask("model_n_labels", self._handle)

    @property
    def legend(self) -> list[tuple[int, str, str]]:
        """Label, name and ``"#rrggbb"`` of the classes, and of unclassified pixels if any."""
        values = range(1, self.n_labels + 1)
        return [
            (value, self._text("model_class_name", value), f"#{self._color(value):06x}")
            for value in values
        ]

    def set_max_distance(self, distance: float) -> None:
        """Leave pixels unclassified that are farther than this from their class.

        `predict` gives them the label ``n_clusters + 1``. The model file keeps it.

        Parameters
        ----------
        distance : float
            In band units, scaled if the fit scaled.

        Raises
        ------
        InvalidArgument
            For a distance that is not positive.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_max_distance(500)
        >>> model.n_labels
        4
        """
        self._change("model_set_max_distance", distance)

    def set_radius_quantile(self, fraction: float) -> None:
        """Leave pixels unclassified that are farther from their class than most training pixels.

        Parameters
        ----------
        fraction : float
            The share of the training pixels that lie within the radius of their class, such as
            0.99.

        Raises
        ------
        InvalidArgument
            For a fraction that is not between 0 and 1.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_radius_quantile(0.99)
        >>> model.legend[-1][1]
        'unclassified'
        """
        self._change("model_set_radius_quantile", fraction)

    def clear_radii(self) -> None:
        """Remove the radii: every pixel gets its nearest class again, however far.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_max_distance(500)
        >>> model.clear_radii()
        >>> model.n_labels
        3
        """
        self._change("model_clear_radii")

    @property
    def class_names(self) -> list[str]:
        """Names of the classes, class 1 first. May be set, to one name for each class."""
        return [self._text("model_class_name", value) for value in self._values()]

    @class_names.setter
    def class_names(self, names: Sequence[str]) -> None:
        for value, name in self._for_each_class("class_names", names):
            self._change("model_set_class_name", value, _native.name(name))

    @property
    def class_colors(self) -> list[str]:
        """Colours of the classes as ``"#rrggbb"``, class 1 first.

        May be set, also to (red, green, blue).
        """
        return [f"#{self._color(value):06x}" for value in self._values()]

    @class_colors.setter
    def class_colors(self, colors: Sequence[Any]) -> None:
        numbers = [_color_number(color) for color in colors]
        for value, number in self._for_each_class("class_colors", numbers):
            self._change("model_set_class_color", value, number)

    @property
    def band_names(self) -> list[str]:
        """Names of the bands, as set by `set_band`; otherwise such as ``"band 2"``."""
        return [band.get("name") or "" for band in json.loads(self.to_json())["bands"]]

    @property
    def nodata(self) -> list[float | None]:
        """The nodata values of the bands, from `fit` or `set_band`; None for a band without one.

        `predict` leaves out the pixels that have them, unless it is given other values.
        """
        if self._nodata is None:
            self._nodata = [band.get("nodata") for band in json.loads(self.to_json())["bands"]]
        return list(self._nodata)

    @property
    def scaling(self) -> list[tuple[float, float]]:
        """Scale and offset of each band, as set by `set_band`; (1, 0) if they are unknown."""
        return [
            (band.get("scale", 1.0), band.get("offset", 0.0))
            for band in json.loads(self.to_json())["bands"]
        ]

    def set_band(
        self,
        band: int,
        name: str,
        nodata: float | None = None,
        scaling: tuple[float, float] | None = None,
    ) -> None:
        """Keep the name and nodata value of a band in the model.

        A model of `Summary.fit` knows no nodata values until they are set here.

        Parameters
        ----------
        band : int
            Number of the band, 1 to `n_bands`.
        name : str
            Its name; if all bands have names, they are found by name in other scenes.
        nodata : float, optional
            Its nodata value; None: the band has none.
        scaling : (float, float), optional
            Its scale and offset: the physical value is sample x scale + offset. None: those of the
            model.

        Raises
        ------
        InvalidArgument
            For a band that does not exist, or an invalid name.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_band(1, "B02", nodata=0)
        >>> model.band_names, model.nodata
        (['B02', 'band 2', 'band 3', 'band 4'], [0.0, None, None, None])
        """
        self._nodata = None
        band = _native.whole("band", band, 1, self.n_bands)
        if scaling is not None:
            self._change("model_set_band_scaling", band, *scaling)
        self._change(
            "model_set_band", band, _native.name(name), math.nan if nodata is None else nodata
        )

    def natural_colors(self, red: int, green: int, blue: int) -> None:
        """Colour the classes like the scene.

        Parameters
        ----------
        red, green, blue : int
            The bands, 1 to `n_bands`, that are shown as red, green and blue.

        Raises
        ------
        InvalidArgument
            For a band that does not exist.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.natural_colors(3, 2, 1)
        """
        bands = [_native.whole("band", band, 1, self.n_bands) for band in (red, green, blue)]
        self._change("model_natural_colors", *bands)

    def set_colors(self, colors: str) -> None:
        """Colour the classes by a list of colours, or by the name of a palette.

        Parameters
        ----------
        colors : str
            ``"black,#00ff00,red"``: one for each class by its CSS name or as #rrggbb; or
            ``"palette:NAME"`` for any number of classes: okabe-ito, tol-bright, tol-muted, tab10,
            set2, paired, viridis, plasma, cividis or turbo.

        Raises
        ------
        InvalidArgument
            For an unknown name, or a wrong number of colours.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_colors("navy,darkgreen,#f0e68c")
        >>> model.class_colors
        ['#000080', '#006400', '#f0e68c']
        """
        self._change("model_set_colors", _native.text("list of colours", colors))

    def save_qml(self, path: PathLike, counts: Sequence[int] | None = None) -> None:
        """Write the legend of a map for QGIS.

        QGIS loads it by itself if it lies beside the raster (map.qml beside map.tif).

        Parameters
        ----------
        path : path
            The file to write.
        counts : list of int, optional
            Number of pixels of each label in the map, from 0 (nodata) on; None: the training
            pixels.

        Raises
        ------
        IOFailure
            For a file that cannot be written.

        Examples
        --------
        >>> model.save_qml("map.qml")
        """
        numbers = np.asarray(() if counts is None else counts, np.uint64)
        data = None if counts is None else numbers.ctypes.data
        _native.call("model_save_qml", self._handle, data, numbers.size, os.fsencode(path))

    def save_polygons_qml(self, path: PathLike) -> None:
        """Write the style of a map's polygons for QGIS.

        QGIS loads it by itself (map.qml beside map.geojson).

        Polygons are styled by the class in their field ``value``: with its colour and name.

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
        >>> model.save_polygons_qml("polygons.qml")
        """
        _native.call("model_save_polygons_qml", self._handle, os.fsencode(path))

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

    def separability(self) -> tuple[np.ndarray, np.ndarray]:
        """The separability of each pair of classes.

        Classes are modelled as normal distributions with the means and covariances of their pixels.
        At most 1000 classes can be compared.

        Returns
        -------
        jeffries_matusita, transformed_divergence : array of float64
            (n_clusters, n_clusters), from 0 (the same) to 2 (apart), NaN for a class without
            pixels.

        Raises
        ------
        InvalidArgument
            For more than 1000 classes, or a model of a version without covariances.

        Examples
        --------
        >>> jeffries_matusita, transformed_divergence = bandcluster.fit(image, 3).separability()
        >>> jeffries_matusita.shape
        (3, 3)
        """
        measures = np.empty((2, self.n_clusters, self.n_clusters))
        first, second = (measure.ctypes.data for measure in measures)
        _native.call("model_separability", self._handle, first, second, self.n_clusters**2)
        return measures[0], measures[1]

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

    def _change(self, name: str, *arguments: object) -> None:
        _native.change(self._handle, name, self._handle, *arguments)

    def _values(self) -> range:
        return range(1, self.n_clusters + 1)

    def _color(self, value: int) -> int:
        color = ctypes.c_uint32()
        _native.call("model_class_color", self._handle, value, ctypes.byref(color))
        return color.value

    def _for_each_class(self, what: str, items: Sequence[Any]) -> Iterable[tuple[int, Any]]:
        if len(items) != self.n_clusters:
            raise InvalidArgument(
                f"{what} needs {self.n_clusters} entries, one for each class; found {len(items)}"
            )
        return zip(self._values(), items)


def _color_number(color: Any) -> int:
    """0xRRGGBB of "#rrggbb" or (red, green, blue)."""
    if isinstance(color, str):
        if re.fullmatch("#[0-9a-fA-F]{6}", color):
            return int(color[1:], 16)
        raise InvalidArgument(f"a colour must be '#rrggbb' or (red, green, blue), found {color!r}")
    red, green, blue = (
        _native.whole("a colour's component", component, 0, 255) for component in color
    )
    return red << 16 | green << 8 | blue
