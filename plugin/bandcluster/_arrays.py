"""NumPy arrays as the library's structs, without copies where strides allow."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import _abi, _labelled
from ._native import whole
from ._types import Nodata
from .errors import InvalidArgument

SAMPLE_TYPES = {
    np.dtype(name): code
    for code, name in enumerate(("u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"), start=1)
}


def sample_type(dtype: DTypeLike) -> int:
    """The library's number for a NumPy type; raises TypeError for unsupported types."""
    dtype = np.dtype(dtype)
    code = SAMPLE_TYPES.get(dtype.newbyteorder("="))
    if code is None:
        known = ", ".join(str(known) for known in SAMPLE_TYPES)
        raise TypeError(
            f"samples of type {dtype} are not supported; cast the array first, to one of {known}, "
            "for example array.astype('float64')"
        )
    return code


def sample_dtype(code: int) -> np.dtype:
    """The NumPy type of a sample type of the library."""
    return next(dtype for dtype, known in SAMPLE_TYPES.items() if known == code)


# With more bands than this, an array (bands, n) may be a single band (rows, columns).
_PLAUSIBLE_BANDS = 100


@dataclass
class Pixels:
    """Borrowed pixels.

    They hold the library's struct, the shape of the labels, and the arrays that must outlive the
    call.
    """

    raster: _abi.Raster
    shape: tuple[int, ...]
    arrays: tuple

    def set_nodata(self, nodata: Nodata) -> None:
        self.raster.nodata = nodata_values(nodata, self.raster.n_bands)

    def may_overlap(self, other: np.ndarray) -> bool:
        return any(
            isinstance(array, np.ndarray) and np.may_share_memory(array, other)
            for array in self.arrays
        )


def pixels(
    array: ArrayLike,
    nodata: Nodata = None,
    mask: ArrayLike | None = None,
    channel_axis: int | None = None,
    n_bands: int | None = None,
) -> Pixels:
    """The pixels of ``array``: (bands, rows, columns), (bands, n), or a list of bands of one shape.

    ``channel_axis`` is the axis of the bands; it is needed if it is not the first, or if the shape
    is ambiguous. ``n_bands`` is the wanted number of bands, if it is known. A DataArray is read by
    the names of its dimensions, and has its own nodata.
    """
    if _labelled.is_labelled(array):
        known = _labelled.scene(array, channel_axis)
        array, channel_axis = list(np.asanyarray(known.pixels)), None
        mask = _labelled.plane_of("mask", mask, known.array)
        nodata = known.nodata if nodata is None else nodata
    bands, hidden = _split(array, channel_axis, n_bands)
    if 0 in bands[0].shape:
        raise InvalidArgument(f"the image has no pixels: its bands have shape {bands[0].shape}")
    bands = _alike(bands)
    height, width, line_stride, pixel_stride = _layout(bands[0])
    valid = _valid(mask, hidden, bands[0].shape)
    raster = _abi.Raster(
        n_bands=len(bands),
        bands=(ctypes.c_void_p * len(bands))(*(band.ctypes.data for band in bands)),
        width=width,
        height=height,
        pixel_stride=pixel_stride,
        line_stride=line_stride,
        sample_type=sample_type(bands[0].dtype),
        nodata=nodata_values(nodata, len(bands)),
    )
    if valid is not None:
        _, _, raster.mask_line_stride, raster.mask_pixel_stride = _layout(valid)
        raster.mask = valid.ctypes.data
    return Pixels(raster, bands[0].shape, (*bands, valid))


def labels(
    out: np.ndarray, shape: tuple[int, ...], confidence: np.ndarray | None = None
) -> _abi.Labels:
    """The struct with which the library writes into ``out``, and into ``confidence``.

    ``confidence`` may be None.
    """
    _check_out("out", out, (np.uint8, np.uint16), shape)
    height, width, line_stride, pixel_stride = _layout(out)
    struct = _abi.Labels(
        label_type=sample_type(out.dtype),
        data=out.ctypes.data,
        width=width,
        height=height,
        pixel_stride=pixel_stride,
        line_stride=line_stride,
    )
    if confidence is not None:
        _check_out("confidence", confidence, (np.float32,), shape)
        struct.confidence = confidence.ctypes.data
        _height, _width, struct.confidence_line_stride, struct.confidence_pixel_stride = _layout(
            confidence
        )
    return struct


def _check_out(name: str, out: Any, dtypes: tuple, shape: tuple[int, ...]) -> None:
    if not isinstance(out, np.ndarray) or out.dtype not in dtypes or not out.dtype.isnative:
        raise TypeError(
            f"{name} must be a NumPy array of"
            f" {' or '.join(np.dtype(dtype).name for dtype in dtypes)}"
        )
    if out.shape != shape:
        raise InvalidArgument(f"{name} has shape {out.shape}; the labels have shape {shape}")
    if not out.flags.writeable or not _plain(out):
        raise InvalidArgument(f"{name} must be writeable and aligned, with no element repeated")


def labels_to_read(array: np.ndarray) -> tuple[_abi.Labels, np.ndarray]:
    """The struct with which the library reads labels, and an array that must outlive the call."""
    if not isinstance(array, np.ndarray) or array.dtype.newbyteorder("=") not in (
        np.uint8,
        np.uint16,
    ):
        raise TypeError("labels must be a NumPy array of uint8 or uint16")
    if array.ndim not in (1, 2) or array.size == 0:
        raise InvalidArgument(f"labels must be (height, width) or (n,); found {array.shape}")
    if not _plain(array) or not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="), order="C")
    height, width, line_stride, pixel_stride = _layout(array)
    return (
        _abi.Labels(
            label_type=sample_type(array.dtype),
            data=array.ctypes.data,
            width=width,
            height=height,
            pixel_stride=pixel_stride,
            line_stride=line_stride,
        ),
        array,
    )


def _split(
    array: ArrayLike, channel_axis: int | None, n_bands: int | None
) -> tuple[list[np.ndarray], np.ndarray | None]:
    """The bands of ``array``, and the pixels that NumPy's own mask hides.

    rasterio makes such masks with ``masked=True``.
    """
    if isinstance(array, (list, tuple)):
        if channel_axis is not None:
            raise InvalidArgument("channel_axis is for an array; a list holds bands already")
        if any(map(_labelled.is_labelled, array)):
            raise InvalidArgument(
                "a list of DataArrays has no nodata and no coordinates of its own: give one"
                " DataArray, such as xarray.concat(bands, 'band'), or a Dataset whose variables are"
                " the bands"
            )
        bands = [np.asanyarray(band) for band in array]
        fits = (
            bool(bands)
            and bands[0].ndim in (1, 2)
            and all(band.shape == bands[0].shape for band in bands)
        )
        found: object = [band.shape for band in bands]
    elif isinstance(array, (str, os.PathLike)):
        raise InvalidArgument(
            f"pixels must be an array, found the path {array!s}: open it, or call cluster_file"
        )
    else:
        cube = np.asanyarray(array)
        fits, found = cube.ndim in (2, 3) and len(cube) > 0, cube.shape or type(array)
        bands = list(bands_first(cube, channel_axis, n_bands)) if fits else []
    if not fits:
        raise InvalidArgument(
            "pixels must be an array (bands, rows, columns) or (bands, n), or a list of bands of"
            f" one shape; found {found}"
        )
    if not any(isinstance(band, np.ma.MaskedArray) for band in bands):
        return bands, None
    hidden = np.logical_or.reduce([np.ma.getmaskarray(band) for band in bands])
    return [np.ma.getdata(band) for band in bands], hidden


def bands_first(array: Any, channel_axis: int | None, n_bands: int | None) -> Any:
    """The array (of NumPy or Dask) with its bands along the first axis."""
    if channel_axis is None:
        _refuse_doubt(array.shape, n_bands)
        return array
    axis = whole("channel_axis", channel_axis, -array.ndim, array.ndim - 1)
    return np.moveaxis(array, axis, 0)


def _refuse_doubt(shape: tuple[int, ...], n_bands: int | None) -> None:
    """Raises an error if the axis of the bands is ambiguous and the caller has not given it."""
    bands, *others = shape
    if bands == n_bands or 0 in others:
        return
    if n_bands is not None:
        if n_bands in others:
            axis = shape.index(n_bands)
            raise InvalidArgument(
                f"an array of shape {shape} has {bands} bands, and {n_bands} are wanted; if they"
                f" are along axis {axis}, say channel_axis={axis}"
            )
        return  # the library tells how many are wanted
    one_row = others[:-1] in ([], [1])
    if one_row and (bands > others[-1] or bands > _PLAUSIBLE_BANDS):
        raise InvalidArgument(
            f"an array of shape {shape} would be {bands} bands of {others[-1]} pixels: say"
            " channel_axis=0 if it is; for a table (pixels, bands) take the estimators of"
            " bandcluster.sklearn, or channel_axis=1; a single band is image[np.newaxis]"
        )
    if not one_row and bands > min(others):
        axis = shape.index(min(others))
        raise InvalidArgument(
            f"an array of shape {shape} would be {bands} bands of {others[0]} rows and {others[1]}"
            f" columns: say channel_axis=0 if it is, or channel_axis={axis} if the bands are along"
            f" axis {axis}"
        )


def _alike(bands: list[np.ndarray]) -> list[np.ndarray]:
    """The bands unchanged if they have the same strides, else a packed copy of them."""
    dtype = np.result_type(*bands).newbyteorder("=")
    if dtype == np.bool_:
        dtype = np.dtype(np.uint8)
        bands = [band.view(np.uint8) for band in bands]
    elif dtype == np.float16:
        dtype = np.dtype(np.float32)
    sample_type(dtype)  # before the copy: a TypeError should come before any work
    if all(
        band.dtype == dtype and band.strides == bands[0].strides and _plain(band) for band in bands
    ):
        return bands
    copy = np.empty((len(bands), *bands[0].shape), dtype)
    for target, band in zip(copy, bands):
        target[...] = band
    return list(copy)


def _plain(array: np.ndarray) -> bool:
    """Whether the library can read the array: it is aligned and has no stride of 0.

    A broadcast array has strides of 0, which the library takes for packed.
    """
    return array.flags.aligned and all(
        stride or length < 2 for stride, length in zip(array.strides, array.shape)
    )


def _layout(band: np.ndarray) -> tuple[int, int, int, int]:
    """Height, width, line stride and pixel stride; a band of one dimension is one line."""
    if band.ndim == 1:
        return 1, band.shape[0], 0, band.strides[0]
    (height, width), (line_stride, pixel_stride) = band.shape, band.strides
    return height, width, line_stride, pixel_stride


def _valid(mask: Any, hidden: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray | None:
    """The mask as bytes (0 leaves a pixel out), combined with NumPy's own mask.

    Pixels that are missing in the mask are left out.
    """
    if mask is None:
        return None if hidden is None else (~hidden).view(np.uint8)
    mask = np.ma.filled(_labelled.plane_of("mask", mask), 0)
    if mask.shape != shape:
        raise InvalidArgument(f"the mask has shape {mask.shape}; the bands have shape {shape}")
    if mask.dtype.kind == "f":
        mask = (mask != 0) & ~np.isnan(mask)
    if hidden is not None:
        mask = (mask != 0) & ~hidden
    if mask.dtype == np.bool_:
        mask = mask.view(np.uint8)
    elif mask.dtype != np.uint8:
        mask = (mask != 0).view(np.uint8)
    return mask if _plain(mask) else mask.copy()


def nodata_values(nodata: Any, n_bands: int) -> ctypes.Array | None:
    """One double for each band, NaN for a band without nodata; None if no band has any."""
    if nodata is None:
        return None
    values: list[Any] = [nodata] * n_bands if np.ndim(nodata) == 0 else list(nodata)
    if len(values) != n_bands:
        raise InvalidArgument(
            f"nodata has {len(values)} values for {n_bands} bands; give one number, or one per band"
        )
    try:
        return (ctypes.c_double * n_bands)(
            *(float("nan") if value is None else float(value) for value in values)
        )
    except (TypeError, ValueError):
        raise InvalidArgument(
            f"nodata must be a number, or one for each band, found {nodata!r}"
        ) from None
