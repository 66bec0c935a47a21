"""A report on a model and its map: one page about the classes and how to find them again."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from . import _abi, _arrays, _html, _native
from ._types import Nodata, PathLike
from .drift import Drift
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .model import Model


class Picture(_native.NativeObject):
    """A small copy of a scene and of its labels, for a report.

    It is collected block by block, for any size of the scene.

    Parameters
    ----------
    model : Model
        The model of the labels.
    name : str
        The name of the scene in the report.
    width, height : int
        Size of the scene in pixels.
    bands : list of int, optional
        Three bands (1 to ``model.n_bands``) that are shown as red, green and blue; None: the first
        three, in the usual order for their number.

    Examples
    --------
    >>> picture = bandcluster.Picture(model, "A small scene", width=80, height=60)
    >>> for row in (0, 30):
    ...     block = image[:, row : row + 30]
    ...     picture.add(block, model.predict(block), y=row)
    >>> page = bandcluster.save_report(model, "report.html", pictures=[picture])
    """

    _free = "picture_free"
    _handle_type = _native.OneAtATime

    def __init__(
        self, model: Model, name: str, width: int, height: int, bands: Sequence[int] | None = None
    ) -> None:
        rgb = (
            (0, 0, 0)
            if bands is None
            else [_native.whole("band", band, 1, model.n_bands) for band in bands]
        )
        if len(rgb) != 3:
            raise InvalidArgument(
                f"bands are {len(rgb)} numbers; give three, for red, green and blue"
            )
        size = [_native.whole("the size", side, 1, 2**63 - 1) for side in (width, height)]
        self._open("picture_new", model._handle, _native.text("name", name), *size, *rgb)
        self._n_bands = model.n_bands
        self._nodata = model.nodata

    def add(
        self,
        array: ArrayLike,
        labels: np.ndarray,
        x: int = 0,
        y: int = 0,
        *,
        nodata: Nodata = None,
        mask: ArrayLike | None = None,
        channel_axis: int | None = None,
    ) -> None:
        """Add a block of the scene. Each pixel of the scene is added once, in any order.

        Parameters
        ----------
        array : array, or list of arrays
            The block's pixels.
        labels : array of uint8 or uint16
            The labels that `Model.predict` returned for them.
        x, y : int
            Column and row (from 0) of the block's first pixel in the scene.
        nodata, mask, channel_axis
            As `Model.predict` takes them.

        Raises
        ------
        InvalidArgument
            For a block beyond the scene, or of another shape than its labels.

        Examples
        --------
        >>> picture = bandcluster.Picture(model, "A small scene", 80, 60)
        >>> picture.add(image, labels)
        """
        pixels = _arrays.pixels(array, nodata, mask, channel_axis, self._n_bands)
        if nodata is None and pixels.raster.n_bands == self._n_bands:
            pixels.set_nodata(self._nodata)
        struct, _labels = _arrays.labels_to_read(labels)
        place = [_native.whole(axis, at, 0, 2**63 - 1) for axis, at in (("x", x), ("y", y))]
        _native.call(
            "picture_add", self._handle, ctypes.byref(pixels.raster), ctypes.byref(struct), *place
        )

    def relabel(self, labels: np.ndarray, y: int = 0) -> None:
        """Replace the labels of the blocks, for example by filtered ones.

        Each row of the scene is given once, in any order, after all blocks were added.

        Parameters
        ----------
        labels : array of uint8 or uint16
            Whole rows of the scene.
        y : int
            Row (from 0) of the first.

        Raises
        ------
        InvalidArgument
            For rows beyond the scene, or not as wide as it.

        Examples
        --------
        >>> picture = bandcluster.Picture(model, "A small scene", 80, 60)
        >>> picture.add(image, labels)
        >>> picture.relabel(bandcluster.majority(labels, 3))
        """
        struct, _labels = _arrays.labels_to_read(labels)
        row = _native.whole("y", y, 0, 2**63 - 1)
        _native.call("picture_relabel", self._handle, ctypes.byref(struct), row)


class Page(os.PathLike):
    """The path of a page, which a notebook shows inline."""

    def __init__(self, path: PathLike) -> None:
        self.path = os.fspath(path)

    def __fspath__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<bandcluster.Page: {self.path}>"

    def _repr_html_(self) -> str:
        with open(self.path, encoding="utf-8") as file:
            return _html.frame(file.read())


def save_report(
    model: Model,
    path: PathLike,
    *,
    title: str = "a scene",
    pictures: Sequence[Picture] = (),
    counts: Sequence[int] | None = None,
    hectares: Sequence[float] | None = None,
    warnings: Sequence[str] = (),
    command: str | None = None,
    model_file: str | None = None,
    mask_name: str | None = None,
    nodata: Nodata = None,
    predicted: bool = False,
    place: str | None = None,
    drift: Drift | None = None,
) -> Page:
    """Write a report: an HTML page that needs no other file.

    A notebook shows the returned page inline.

    Parameters
    ----------
    model : Model
        The model to report on.
    path : path
        The file to write.
    title : str
        The name of the scene.
    pictures : list of Picture
        Pictures of the scenes and their classes.
    counts : list of int, optional
        Pixels of each label: 0 (not valid) first, then the classes, then unclassified pixels if
        there may be any. None: the counts of the pictures, or else of the fit.
    hectares : list of float, optional
        Area of each class; None: the report has no areas.
    warnings : list of str
        Sentences on what may make the result wrong.
    command : str, optional
        The command that repeats the run.
    model_file : str, optional
        The name of the model's file in commands.
    mask_name : str, optional
        What left pixels out besides nodata values, such as the file of a mask.
    nodata : float, or list of float, optional
        Nodata value of each band (None in the list: the band has none); None: those of the model.
    predicted : bool
        Whether the classes were found in another scene.
    place : str, optional
        The scene's georeference in words: size, pixel size, reference system, unit of areas.
    drift : Drift, optional
        The drift of the scene from the training pixels: see `Model.drift`. It must not have been
        pickled or copied.

    Returns
    -------
    Page
        The path of the file.

    Raises
    ------
    InvalidArgument
        For lists whose length is not the model's number of classes, or invalid texts.
    IOFailure
        For a file that cannot be written.

    Examples
    --------
    >>> bandcluster.save_report(model, "report.html", title="A small scene", hectares=[12, 20, 16])
    <bandcluster.Page: report.html>
    """
    warned = [_native.text("warning", warning) for warning in warnings]
    report = _abi.Report(
        predicted=int(bool(predicted)),
        title=_native.text("title", title),
        command=_optional("command", command),
        model_file=_optional("model_file", model_file),
        mask=_optional("mask_name", mask_name),
        warnings=(ctypes.c_char_p * len(warned))(*warned),
        pictures=(ctypes.c_void_p * len(pictures))(
            *(picture._handle.value for picture in pictures)
        ),
        n_warnings=len(warned),
        n_pictures=len(pictures),
        n_counts=0 if counts is None else len(counts),
        counts=None if counts is None else (ctypes.c_uint64 * len(counts))(*map(int, counts)),
        hectares=_hectares(model, hectares),
        nodata=_arrays.nodata_values(nodata, model.n_bands),
        place=_optional("place", place),
        drift=None if drift is None else _comparison(drift)._handle,
    )
    with _native.held(picture._handle for picture in pictures):
        _native.call("report_save", model._handle, ctypes.byref(report), os.fsencode(path))
    return Page(path)


def _optional(what: str, text: str | None) -> bytes | None:
    return None if text is None else _native.text(what, text)


def _comparison(drift: Drift) -> _native.NativeObject:
    if drift._comparison is None:
        raise InvalidArgument(
            "a report cannot show a Drift that was pickled or copied: call Model.drift again"
        )
    return drift._comparison


def _hectares(model: Model, hectares: Sequence[float] | None) -> ctypes.Array | None:
    if hectares is None:
        return None
    if len(hectares) != model.n_clusters:
        raise InvalidArgument(f"hectares needs {model.n_clusters} numbers; found {len(hectares)}")
    return (ctypes.c_double * len(hectares))(*hectares)
