"""DataArrays and Datasets of xarray: their dimensions by name, their nodata, and maps in their likeness.

xarray is not imported here: who has a DataArray has done so.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from ._types import Nodata
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .model import Model

Function = TypeVar("Function", bound=Callable[..., Any])

# Names that dimensions have in rioxarray, odc-stac, stackstac, satpy, netCDF and Zarr stores; compared without case.
_KINDS = {
    "bands": ("band", "bands", "channel", "channels", "wavelength", "wavelengths", "spectral", "variable", "feature"),
    "rows": ("y", "lat", "latitude", "row", "rows", "northing", "height", "nrows"),
    "columns": ("x", "lon", "long", "longitude", "col", "cols", "column", "columns", "easting", "width", "ncols"),
}
_NODATA = ("_FillValue", "missing_value", "fill_value", "nodata", "nodatavals")


def is_labelled(array: Any) -> bool:
    """Whether this is a DataArray or a Dataset."""
    xarray = sys.modules.get("xarray")
    return xarray is not None and isinstance(array, (xarray.DataArray, xarray.Dataset))


def is_dask(array: Any) -> bool:
    """Whether this is a Dask array, or a DataArray or Dataset over one."""
    if is_labelled(array):
        return array.chunks is not None and len(array.chunks) > 0
    return type(array).__module__.startswith("dask.array")


@dataclass
class Scene:
    """What is understood of a DataArray or a Dataset.

    Attributes
    ----------
    array : DataArray
        Of three dimensions: bands, rows, columns.
    nodata : list of float or None
        The nodata value of each band that says one; None where none does.
    names : list of str
        The name of each band; "" where it has none.
    scaling : list of (float, float), or None
        Scale and offset of each band, where they are told.
    """

    array: Any
    nodata: list[float | None] | None
    names: list[str]
    scaling: list[tuple[float, float]] | None

    @property
    def pixels(self) -> Any:
        """The samples, (bands, height, width): NumPy's or Dask's."""
        return self.array.data

    def describe(self, model: Model, nodata: Nodata) -> None:
        """Put the bands' names, scaling and nodata (those that were used) into a model."""
        values = each_nodata(nodata, len(self.names))
        # A band's own name is kept where the array has none.
        names = [given or kept for given, kept in zip(self.names, model.band_names)]
        for number, (name, value) in enumerate(zip(names, values), start=1):
            model.set_band(number, name, value, self.scaling[number - 1] if self.scaling else None)
        model.pixel_area = self.pixel_area

    @property
    def pixel_area(self) -> float | None:
        """Square metres of a pixel; None where the reference system does not tell (rioxarray reads it)."""
        if "rioxarray" not in sys.modules:
            return None
        crs = self.array.rio.crs
        if crs is None or not crs.is_projected:
            return None
        height, width = (self._step(dimension) for dimension in self.array.dims[1:])
        if height is None or width is None:
            return None
        return abs(height * width) * crs.linear_units_factor[1] ** 2

    def _step(self, dimension: Any) -> float | None:
        if dimension not in self.array.coords or self.array.sizes[dimension] < 2:
            return None
        places = self.array[dimension].values
        return float(places[-1] - places[0]) / (len(places) - 1)

    def map_of(self, labels: Any, model: Model) -> Any:
        """Labels as a DataArray with the scene's coordinates and reference system, and what CF says of classes."""
        plane = self.array.isel({self.array.dims[0]: 0}, drop=True)
        shown = plane.copy(data=labels).rename("class")
        legend = model.legend
        shown.attrs = {
            "long_name": "class",
            "_FillValue": shown.dtype.type(0),
            "flag_values": np.array([value for value, _, _ in legend], shown.dtype),
            "flag_meanings": " ".join("_".join(name.split()) for _, name, _ in legend),
            "flag_colors": " ".join(color for _, _, color in legend),
        }
        mapping = plane.encoding.get("grid_mapping", plane.attrs.get("grid_mapping"))
        shown.encoding = {} if mapping is None else {"grid_mapping": mapping}
        return shown


def each_nodata(nodata: Nodata, n_bands: int) -> list[float | None]:
    """The nodata value of each band, None where it has none."""
    values = [nodata] * n_bands if nodata is None or isinstance(nodata, (int, float, np.number)) else list(nodata)
    return [None if value is None or math.isnan(value) else float(value) for value in values]


def scene(array: Any) -> Scene:
    """What is understood of a DataArray or Dataset.

    Raises InvalidArgument where a dimension is missing or not understood; it says what was.
    """
    xarray = sys.modules["xarray"]
    if isinstance(array, xarray.Dataset):
        return _of_dataset(array)
    found = _dimensions(array)
    names, nodata, scaling = _told(array, found["bands"])
    array = array.squeeze([name for name in array.dims if name not in found.values()])
    if found["bands"] is None:
        array = array.expand_dims("band")
    return Scene(array.transpose(found["bands"] or "band", found["rows"], found["columns"]), nodata, names, scaling)


def _of_dataset(dataset: Any) -> Scene:
    """A Dataset's variables are its bands."""
    variables = [name for name, variable in dataset.data_vars.items() if variable.ndim >= 2]
    if not variables:
        raise InvalidArgument("the Dataset has no variable with rows and columns; give one whose variables are bands")
    told = [_told(dataset[name], None) for name in variables]
    of_all = scene(dataset[variables].to_array("band"))
    # Variables need not be written on the same grid mapping; the first one's is the map's.
    encoding, attributes = dataset[variables[0]].encoding, dataset[variables[0]].attrs
    mapping = encoding.get("grid_mapping", attributes.get("grid_mapping"))
    if mapping is not None:
        of_all.array.encoding["grid_mapping"] = mapping
    nodata = [values[0] if values else None for _, values, _ in told]
    scaling = [pairs[0] if pairs else (1.0, 0.0) for _, _, pairs in told]
    of_all.nodata = nodata if any(value is not None for value in nodata) else None
    of_all.scaling = scaling if any(pairs for _, _, pairs in told) else None
    of_all.names = [str(name) for name in variables]
    return of_all


def _dimensions(array: Any) -> dict[str, str | None]:
    """The dimension of each kind."""
    found: dict[str, str | None] = {}
    for kind, known in _KINDS.items():
        candidates = [name for name in array.dims if str(name).lower() in known]
        if len(candidates) > 1:
            problem = f"both {candidates[0]} and {candidates[1]} could be its {kind}"
            raise InvalidArgument(_not_understood(array, found, problem))
        found[kind] = candidates[0] if candidates else None
    others = [name for name in array.dims if name not in found.values() and array.sizes[name] != 1]
    missing = [kind for kind in ("rows", "columns") if found[kind] is None]
    if missing:
        raise InvalidArgument(_not_understood(array, found, f"none is its {' or '.join(missing)}", others))
    if others:
        raise InvalidArgument(_not_understood(array, found, f"{others[0]} is none of these", others))
    return found


def _not_understood(array: Any, found: dict, problem: str, others: Sequence = ()) -> str:
    shape = ", ".join(f"{name}: {size}" for name, size in array.sizes.items())
    understood = ", ".join(f"{kind} are {name}" for kind, name in found.items() if name is not None)
    understood = f" ({understood})" if understood else ""
    wanted = next((kind for kind in ("rows", "columns", "bands") if found.get(kind) is None), None)
    name = {"rows": "y", "columns": "x"}.get(wanted or "", "band")
    other = others[0] if others else array.dims[0] if array.dims else "dim"
    advice = f"rename it, such as .rename({{{str(other)!r}: {name!r}}})"
    if others and wanted is None:
        advice = f"choose one, such as .isel({other}=0)"
    elif others and wanted == "bands":
        advice = f"choose one, such as .isel({other}=0), or {advice}"
    return f"a DataArray of dimensions ({shape}){understood}: {problem}; {advice}"


def _told(array: Any, bands: Any) -> tuple[list[str], list[float | None] | None, list[tuple[float, float]] | None]:
    """The names, nodata values (or None) and scaling (or None) of the bands of a DataArray."""
    n_bands = 1 if bands is None else array.sizes[bands]
    return _names(array, bands, n_bands), _nodata(array, n_bands), _scaling(array, n_bands)


def _names(array: Any, bands: Any, n_bands: int) -> list[str]:
    for told in (array.attrs.get("long_name"), array.attrs.get("descriptions")):
        if isinstance(told, (list, tuple)) and len(told) == n_bands and all(isinstance(name, str) for name in told):
            return list(told)
    if bands is None:
        return [str(array.name or "")]
    if bands in array.coords and array[bands].dtype.kind in "UO":
        return [str(name) for name in np.atleast_1d(array[bands].values)]
    return [""] * n_bands


def _nodata(array: Any, n_bands: int) -> list[float | None] | None:
    told = None
    if "rioxarray" in sys.modules:
        # What was set by .rio.set_nodata is in no attribute, and is lost with this very object.
        told = array.rio.nodata
    for name in _NODATA:
        told = array.attrs.get(name) if told is None else told
    if told is None:
        return None
    values = [float(value) for value in np.atleast_1d(told)]
    values = values * n_bands if len(values) == 1 else values
    if len(values) != n_bands or all(map(math.isnan, values)):
        return None
    return [None if math.isnan(value) else value for value in values]


def _scaling(array: Any, n_bands: int) -> list[tuple[float, float]] | None:
    pairs = []
    for one, each, otherwise in (("scale_factor", "scales", 1.0), ("add_offset", "offsets", 0.0)):
        told = array.attrs.get(one, array.attrs.get(each, otherwise))
        values = [float(value) for value in np.atleast_1d(told)]
        values = values * n_bands if len(values) == 1 else values
        pairs.append(values if len(values) == n_bands else [otherwise] * n_bands)
    scaling = list(zip(*pairs))
    return None if all(pair == (1.0, 0.0) for pair in scaling) else scaling


def mask_of(mask: Any) -> Any:
    """A mask as an array (rows, columns)."""
    if mask is None or not is_labelled(mask):
        return mask
    found = _dimensions(mask)
    return mask.squeeze().transpose(found["rows"], found["columns"]).data


def fits_labelled(fit: Function) -> Function:
    """Lets a function that fits NumPy arrays take DataArrays and Datasets, and Dask arrays."""

    first = fit.__code__.co_varnames[0]

    @functools.wraps(fit)
    def by_names(*args: Any, nodata: Nodata = None, mask: Any = None, **options: Any) -> Any:
        array, args = (args[0], args[1:]) if args else (options.pop(first), ())
        if is_dask(array):
            from . import dask

            return getattr(dask, fit.__name__)(array, *args, nodata=nodata, mask=mask, **options)
        if not is_labelled(array):
            return fit(array, *args, nodata=nodata, mask=mask, **options)
        known = scene(array)
        used = known.nodata if nodata is None else nodata
        found = fit(list(known.pixels), *args, nodata=used, mask=mask_of(mask), **options)
        if hasattr(found, "set_band"):
            known.describe(found, used)
        return found

    return cast(Function, by_names)


def predicts_labelled(predict: Function) -> Function:
    """Lets a method that labels NumPy arrays take DataArrays and Datasets and Dask arrays."""

    @functools.wraps(predict)
    def by_names(
        model: Model,
        array: Any,
        *,
        nodata: Nodata = None,
        mask: Any = None,
        out: np.ndarray | None = None,
        confidence: np.ndarray | None = None,
        **options: Any,
    ) -> Any:
        if is_dask(array):
            if out is not None or confidence is not None:
                raise InvalidArgument("out and confidence are for arrays in memory: Dask's labels come in blocks")
            from . import dask

            return dask.predict(model, array, nodata=nodata, mask=mask)
        given = {"mask": mask, "out": out, "confidence": confidence, **options}
        if not is_labelled(array):
            return predict(model, array, nodata=nodata, **given)
        known = scene(array)
        given["mask"] = mask_of(mask)
        used = known.nodata if nodata is None else nodata
        return known.map_of(predict(model, list(known.pixels), nodata=used, **given), model)

    return cast(Function, by_names)
