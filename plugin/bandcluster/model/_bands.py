"""The bands of a model: names, nodata values, scale and offset."""

from __future__ import annotations

import math

from .. import _native
from ._facts import Facts


class Bands(Facts):
    """The part of `Model` that describes its bands."""

    _nodata: list[float | None] | None = None  # read from the library on first use

    @property
    def band_names(self) -> list[str]:
        """Names of the bands, as set by `set_band`; otherwise such as ``"band 2"``."""
        return [band.get("name") or "" for band in self._told()["bands"]]

    @property
    def nodata(self) -> list[float | None]:
        """The nodata values of the bands, from `fit` or `set_band`; None for a band without one.

        `predict` leaves out the pixels that have them, unless it is given other values.
        """
        if self._nodata is None:
            self._nodata = [band.get("nodata") for band in self._told()["bands"]]
        return list(self._nodata)

    @property
    def scaling(self) -> list[tuple[float, float]]:
        """Scale and offset of each band, as set by `set_band`; (1, 0) if they are unknown."""
        return [(band.get("scale", 1.0), band.get("offset", 0.0)) for band in self._told()["bands"]]

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
