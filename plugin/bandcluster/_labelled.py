"""Reads DataArrays and Datasets of xarray, and makes maps like them.

xarray is not imported here: a caller with a DataArray has imported it.
"""

from __future__ import annotations

import contextlib
import functools
import math
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from ._names import bands_named, number_in, without_meaningless
from ._types import Nodata
from .errors import InvalidArgument

if TYPE_CHECKING:
    from .model import Model

Function = TypeVar("Function", bound=Callable[..., Any])

# Names of dimensions in rioxarray, odc-stac, stackstac, satpy, netCDF and Zarr stores; upper and
# lower case do not matter.
_KINDS = {
    "bands": (
        "band",
        "bands",
        "channel",
        "channels",
        "wavelength",
        "wavelengths",
        "spectral",
        "variable",
        "feature",
    ),
    "rows": ("y", "lat", "latitude", "row", "rows", "northing", "height", "nrows"),
    "columns": (
        "x",
        "lon",
        "long",
        "longitude",
        "col",
        "cols",
        "column",
        "columns",
        "easting",
        "width",
        "ncols",
    ),
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
    """The scene in a DataArray or Dataset.

    Attributes
    ----------
    array : DataArray
        Its dimensions are bands, rows and columns.
    nodata : list of float or None
        The nodata value of each band that has one; None if no band has one.
    names : list of str
        The name of each band; "" for a band without a name.
    scaling : list of (float, float), or None
        Scale and offset of each band, if they are given.
    """

    array: Any
    nodata: list[float | None] | None
    names: list[str]
    scaling: list[tuple[float, float]] | None

    @property
    def pixels(self) -> Any:
        """The samples (bands, height, width), an array of NumPy or Dask."""
        return self.array.data

    def in_bands_of(self, model: Model) -> Scene:
        """The scene with the model's bands in their order, if all are found by name.

        Raises InvalidArgument if both have names and these contradict each other.
        """
        order = bands_named(self.names, model.band_names)
        if order is None:
            return self
        nodata = self.nodata and [self.nodata[place] for place in order]
        scaling = self.scaling and [self.scaling[place] for place in order]
        array = self.array.isel({self.array.dims[0]: order})
        return Scene(array, nodata, [self.names[place] for place in order], scaling)

    def describe(self, model: Model, nodata: Nodata) -> None:
        """Put the bands' names, scaling and used nodata values into a model."""
        values = each_nodata(nodata, len(self.names))
        # A band keeps its own name if the array has none.
        names = [given or kept for given, kept in zip(self.names, model.band_names)]
        for number, (name, value) in enumerate(zip(names, values), start=1):
            model.set_band(number, name, value, self.scaling[number - 1] if self.scaling else None)
        model.pixel_area = self.pixel_area

    @property
    def pixel_area(self) -> float | None:
        """The area of a pixel in square metres.

        None if the reference system does not tell it; rioxarray reads the reference system.
        """
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
        """Labels as a DataArray with the scene's coordinates and reference system.

        Its attributes describe the classes by the CF conventions.
        """
        plane = self.array.isel({self.array.dims[0]: 0}, drop=True)
        shown = plane.copy(data=labels).rename("class")
        legend = model.legend
        # stackstac stores the reference system as an attribute; rioxarray reads it.
        place = {"crs": plane.attrs["crs"]} if "crs" in plane.attrs else {}
        shown.attrs = {
            **place,
            "long_name": "class",
            "_FillValue": shown.dtype.type(0),
            "flag_values": np.array([value for value, _, _ in legend], shown.dtype),
            "flag_meanings": " ".join("_".join(name.split()) for _, name, _ in legend),
            "flag_colors": " ".join(color for _, _, color in legend),
        }
        mapping = _grid_mapping(plane)
        shown.encoding = {} if mapping is None else {"grid_mapping": mapping}
        return shown


def _grid_mapping(array: Any) -> Any:
    """The name of the coordinate with the reference system, or None."""
    return array.encoding.get("grid_mapping", array.attrs.get("grid_mapping"))


def each_nodata(nodata: Nodata, n_bands: int) -> list[float | None]:
    """The nodata value of each band; None for a band without one."""
    told: Any = nodata
    values = [told] * n_bands if told is None or np.ndim(told) == 0 else told
    return [None if value is None or math.isnan(value) else float(value) for value in values]


def scene(array: Any, channel_axis: int | None = None) -> Scene:
    """The scene in a DataArray or Dataset.

    Raises InvalidArgument if a dimension is missing or not understood; its message lists those that
    were.
    """
    if channel_axis is not None:
        raise InvalidArgument(
            "channel_axis is for arrays without names: a DataArray's bands go by their dimension's"
            " name"
        )
    xarray = sys.modules["xarray"]
    if isinstance(array, xarray.Dataset):
        return _of_dataset(array)
    found = _dimensions(array)
    names, nodata, scaling = _told(array, found["bands"])
    array = array.squeeze([name for name in array.dims if name not in found.values()])
    if found["bands"] is None:
        array = array.expand_dims("band")
    return Scene(
        array.transpose(found["bands"] or "band", found["rows"], found["columns"]),
        nodata,
        names,
        scaling,
    )


def _of_dataset(dataset: Any) -> Scene:
    """A Dataset's variables are its bands."""
    # Without decode_coords="all", Zarr and netCDF give the reference system as a variable.
    mappings = {_grid_mapping(variable) for variable in dataset.data_vars.values()}
    dataset = dataset.set_coords([name for name in dataset.data_vars if name in mappings])
    variables = [name for name, variable in dataset.data_vars.items() if variable.ndim >= 2]
    if not variables:
        raise InvalidArgument(
            "the Dataset has no variable with rows and columns; give one whose variables are bands"
        )
    bands = {
        name for variable in variables for name in dataset[variable].dims if _is_kind("bands", name)
    }
    several = [name for name in bands if dataset.sizes[name] > 1]
    if several and len(variables) == 1:
        return scene(dataset[variables[0]])
    if several:
        raise InvalidArgument(
            f"a Dataset's variables are its bands, and there are bands along {several[0]} besides:"
            f" choose one variable, such as dataset[{str(variables[0])!r}]"
        )
    dataset = dataset.squeeze(bands, drop=True)
    dataset = dataset.drop_vars([name for name in dataset.coords if _is_kind("bands", name)])
    told = [_told(dataset[name], None) for name in variables]
    of_all = scene(dataset[variables].to_array("band"))
    # Variables may name different grid mappings; the map gets that of the first one.
    mapping = _grid_mapping(dataset[variables[0]])
    if mapping is not None:
        of_all.array.encoding["grid_mapping"] = mapping
    nodata = [values for _, values, _ in told]
    scaling = [pairs[0] if pairs else (1.0, 0.0) for _, _, pairs in told]
    of_all.nodata = [values[0] if values else None for values in nodata] if any(nodata) else None
    of_all.scaling = scaling if any(pairs for _, _, pairs in told) else None
    of_all.names = _variable_names(dataset, variables)
    return of_all


def _variable_names(dataset: Any, variables: Sequence) -> list[str]:
    """The names of variables; if they only count, the ``long_name`` of each."""
    names = [str(name) for name in variables]
    told = [dataset[name].attrs.get("long_name") for name in variables]
    if all(map(_counts, names)) and all(isinstance(name, str) for name in told):
        described = without_meaningless(told)
        if all(described) and not all(map(_counts, described)):
            return described
    return _numbered(names)


def _counts(name: str) -> bool:
    return number_in(name) is not None


def _numbered(names: list[str]) -> list[str]:
    """Names that rioxarray makes up (``band_4``), as the library calls such bands: ``band 4``.

    Other names of variables and coordinates stay, even if they only count: who chose them may also
    have turned their order.
    """
    found = [re.fullmatch("band_([1-9][0-9]*)", name) for name in names]
    return [f"band {match[1]}" for match in found if match] if all(found) else names


def _is_kind(kind: str, name: Any) -> bool:
    return str(name).lower() in _KINDS[kind]


def _dimensions(array: Any) -> dict[str, str | None]:
    """The dimension of each kind."""
    found: dict[str, str | None] = {}
    for kind in _KINDS:
        candidates = [name for name in array.dims if _is_kind(kind, name)]
        if len(candidates) > 1:
            problem = f"both {candidates[0]} and {candidates[1]} could be its {kind}"
            raise InvalidArgument(_not_understood(array, found, problem))
        found[kind] = candidates[0] if candidates else None
    others = [name for name in array.dims if name not in found.values() and array.sizes[name] != 1]
    missing = [kind for kind in ("rows", "columns") if found[kind] is None]
    if missing:
        raise InvalidArgument(
            _not_understood(array, found, f"none is its {' or '.join(missing)}", others)
        )
    if others:
        raise InvalidArgument(
            _not_understood(array, found, f"{others[0]} is none of these", others)
        )
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


def _told(
    array: Any, bands: Any
) -> tuple[list[str], list[float | None] | None, list[tuple[float, float]] | None]:
    """The names, nodata values (or None) and scaling (or None) of a DataArray's bands."""
    places = _places(array, bands)
    return _names(array, bands, places), _nodata(array, places), _scaling(array, places)


def _places(array: Any, bands: Any) -> np.ndarray:
    """The coordinate of the bands or of the chosen band.

    It holds their names, or their numbers in the file.
    """
    names = [name for name in array.coords if _is_kind("bands", name)] if bands is None else [bands]
    known = [np.atleast_1d(array.coords[name].values) for name in names if name in array.coords]
    return known[0] if known else np.zeros(1 if bands is None else array.sizes[bands], np.uint8)


def _of_bands(told: Sequence, places: np.ndarray) -> list | None:
    """The values of an attribute for the chosen bands of a file.

    None if the attribute is about other bands.
    """
    if places.dtype.kind in "iu" and all(1 <= place <= len(told) for place in places):
        return [told[place - 1] for place in places]
    return list(told) if len(told) == len(places) else None


def _names(array: Any, bands: Any, places: np.ndarray) -> list[str]:
    told = array.attrs.get("long_name")
    stem = Path(str(array.encoding.get("source", ""))).stem
    for each in (told, array.attrs.get("descriptions")):
        # rioxarray has None for a band without a description.
        if isinstance(each, (list, tuple)) and all(isinstance(name or "", str) for name in each):
            names = _of_bands(without_meaningless([name or "" for name in each], stem), places)
            if names is not None and any(names):
                return names
    if places.dtype.kind in "UO":
        return _numbered([str(name) for name in places])
    one = array.name if bands is None and array.name else told
    if len(places) == 1 and isinstance(one, (str, int)):
        return without_meaningless([str(one)], stem)
    return [""] * len(places)


def _nodata(array: Any, places: np.ndarray) -> list[float | None] | None:
    name = next((name for name in _NODATA if array.attrs.get(name) is not None), "")
    told = array.attrs.get(name)
    if "rioxarray" in sys.modules and np.ndim(told) == 0:
        # .rio.set_nodata sets no attribute. It refuses numbers that the samples cannot hold.
        with contextlib.suppress(ValueError, OverflowError):
            told = told if array.rio.nodata is None else array.rio.nodata
    if told is None:
        return None
    try:
        # NaN means that no other value is nodata.
        values = [
            None if math.isnan(float(value)) else float(value) for value in np.atleast_1d(told)
        ]
    except (TypeError, ValueError):
        raise InvalidArgument(
            f"{name} is {told!r}, which is no number: correct it, or remove the attribute"
        ) from None
    found = values[:1] * len(places) if len(set(values)) == 1 else _of_bands(values, places)
    if found is None:
        wanted = "give one, or one for each, or remove the attribute and say nodata="
        raise InvalidArgument(f"{name} has {len(values)} values for {len(places)} bands: {wanted}")
    return found


def _scaling(array: Any, places: np.ndarray) -> list[tuple[float, float]] | None:
    pairs = []
    for one, each, otherwise in (("scale_factor", "scales", 1.0), ("add_offset", "offsets", 0.0)):
        told = array.attrs.get(one, array.attrs.get(each, otherwise))
        values = [float(value) for value in np.atleast_1d(told)]
        values = values * len(places) if len(values) == 1 else values
        pairs.append(_of_bands(values, places) or [otherwise] * len(places))
    scaling = list(zip(*pairs))
    return None if all(pair == (1.0, 0.0) for pair in scaling) else scaling


def plane_of(what: str, plane: Any, array: Any = None) -> Any:
    """A mask or map as an array (rows, columns).

    It is refused if its coordinates differ from those of ``array``, a DataArray.
    """
    if not is_labelled(plane):
        return plane
    plane = scene(plane).array
    if len(plane) != 1:
        raise InvalidArgument(
            f"the {what} has {len(plane)} bands: choose one, such as .isel({plane.dims[0]}=0)"
        )
    for own, other in zip(plane.dims[1:], () if array is None else array.dims[1:]):
        if (
            own in plane.coords
            and other in array.coords
            and plane.sizes[own] == array.sizes[other] > 1
        ):
            found, wanted = plane.coords[own].values, array.coords[other].values
            numbers = found.dtype.kind in "iuf" and wanted.dtype.kind in "iuf"
            if numbers and abs(found * 1.0 - wanted).max() > 0.51 * abs(
                wanted[1] * 1.0 - wanted[0]
            ):
                raise InvalidArgument(
                    f"the {what} lies elsewhere: its {own} is from {found[0]} to {found[-1]}, the"
                    f" scene's from {wanted[0]} to {wanted[-1]}; bring it there, such as by"
                    " .reindex_like(scene, method='nearest')"
                )
    return plane.data[0]


def fits_labelled(fit: Function) -> Function:
    """Lets a function that fits NumPy arrays also take DataArrays, Datasets and Dask arrays."""

    first = fit.__code__.co_varnames[0]

    @functools.wraps(fit)
    def by_names(*args: Any, nodata: Nodata = None, mask: Any = None, **options: Any) -> Any:
        array, args = (args[0], args[1:]) if args else (options.pop(first), ())
        if is_dask(array):
            from . import dask

            return getattr(dask, fit.__name__)(array, *args, nodata=nodata, mask=mask, **options)
        if not is_labelled(array):
            return fit(array, *args, nodata=nodata, mask=mask, **options)
        known = scene(array, options.pop("channel_axis", None))
        used, mask = known.nodata if nodata is None else nodata, plane_of("mask", mask, known.array)
        found = fit(list(known.pixels), *args, nodata=used, mask=mask, **options)
        if hasattr(found, "set_band"):
            known.describe(found, used)
        return found

    return cast(Function, by_names)


def predicts_labelled(predict: Function) -> Function:
    """Lets a method that labels NumPy arrays also take DataArrays, Datasets and Dask arrays."""

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
                raise InvalidArgument(
                    "out and confidence are for arrays in memory: Dask's labels come in blocks"
                )
            from . import dask

            # The scheduler decides how a task runs.
            others = {
                name: value
                for name, value in options.items()
                if name not in ("threads", "progress")
            }
            return dask.predict(model, array, nodata=nodata, mask=mask, **others)
        given = {"mask": mask, "out": out, "confidence": confidence, **options}
        if not is_labelled(array):
            return predict(model, array, nodata=nodata, **given)
        known = scene(array, given.pop("channel_axis", None)).in_bands_of(model)
        given["mask"] = plane_of("mask", mask, known.array)
        used = known.nodata if nodata is None else nodata
        return known.map_of(predict(model, list(known.pixels), nodata=used, **given), model)

    return cast(Function, by_names)
