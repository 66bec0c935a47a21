"""DataArrays and Datasets: by the names of their dimensions, and maps in their likeness."""

import subprocess
import sys

import bandcluster
import dask.array
import numpy as np
import pytest
import rasterio
import rioxarray
import xarray
from scenes import DATA, PLUGIN, cut, read

NAMES = ["B02", "B03", "B04", "B08"]


@pytest.fixture(scope="module")
def scene():
    opened = rioxarray.open_rasterio(DATA / "s2_train.tif").isel(x=slice(300, 450), y=slice(100, 220))
    return opened.load()


@pytest.fixture(scope="module")
def model(scene):
    return bandcluster.fit(scene, 4)


def described(pixels, nodata=None, **options):
    """The model of an array, told what the DataArray tells by itself."""
    model = bandcluster.fit(pixels, 4, nodata=nodata, **options)
    for band, name in enumerate(NAMES, start=1):
        model.set_band(band, name, nodata)
    return model.to_json()


def test_the_package_is_imported_without_any_of_them():
    code = "import sys, bandcluster; print([name for name in sys.modules if name in sys.argv])"
    names = ["xarray", "dask", "distributed", "rioxarray", "matplotlib", "tqdm", "pandas"]
    command = [sys.executable, "-c", code, *names]
    found = subprocess.run(command, cwd=PLUGIN, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("order", [("band", "y", "x"), ("y", "x", "band"), ("x", "band", "y")])
def test_dimensions_go_by_their_names(scene, model, order):
    turned = scene.transpose(*order)
    assert bandcluster.fit(turned, 4).to_json() == model.to_json() == described(scene.values)
    assert model.band_names == NAMES and model.pixel_area == 100.0
    assert model.predict(turned).equals(model.predict(scene))


@pytest.mark.parametrize(
    "names", [("Wavelength", "lat", "lon"), ("channel", "row", "col"), ("bands", "northing", "easting")]
)
def test_usual_synonyms_are_known(scene, model, names):
    other = scene.rename(dict(zip(("band", "y", "x"), names)))
    assert bandcluster.fit(other, 4).to_json() == model.to_json()
    assert model.predict(other).dims == names[1:]


def test_dimensions_that_are_not_understood_are_told(scene):
    for wrong, message in [
        (scene.rename(band="what"), "(what: 4, y: 120, x: 150) (rows are y, columns are x): what is none of these; "
         "choose one, such as .isel(what=0), or rename it, such as .rename({'what': 'band'})"),
        (scene.rename(y="z"), "none is its rows; rename it, such as .rename({'z': 'y'})"),
        (scene.expand_dims(time=3), "time is none of these; choose one, such as .isel(time=0)"),
        (scene.rename(band="lat"), "both lat and y could be its rows"),
    ]:
        with pytest.raises(bandcluster.InvalidArgument) as error:
            bandcluster.fit(wrong, 4)
        assert message in str(error.value)
    assert bandcluster.fit(scene.expand_dims(time=1), 4).band_names == NAMES
    assert bandcluster.fit(scene.isel(band=0), 4).n_bands == 1


def test_nodata_is_taken_from_the_array_and_kept(scene):
    with_zeros = scene.copy()
    with_zeros[:, :20] = 0
    expected = described(with_zeros.values, nodata=0)
    of_rio = with_zeros.copy()
    of_rio.rio.set_nodata(0, inplace=True)
    for told in [with_zeros.assign_attrs(_FillValue=0), with_zeros.assign_attrs(nodata=0), of_rio]:
        model = bandcluster.fit(told, 4)
        assert model.to_json() == expected and model.nodata == [0.0] * 4
        assert not model.predict(told)[:20].any() and model.predict(told)[20:].all()
    assert bandcluster.fit(with_zeros.assign_attrs(_FillValue=7), 4, nodata=0).to_json() == expected
    # Masked when it was read: NaN is nodata in any case.
    masked = with_zeros.where(with_zeros != 0)
    model = bandcluster.fit(masked, 4)
    assert model.nodata == [None] * 4 and not model.predict(masked)[:20].any()


def test_a_map_has_coordinates_legend_and_reference_system(scene, model, tmp_path):
    model = bandcluster.Model.from_json(model.to_json())
    model.class_names = ["deep water", "b", "c", "d"]
    classes = model.predict(scene)
    assert classes.dims == ("y", "x") and classes.dtype == np.uint8 and classes.name == "class"
    assert np.array_equal(classes.x, scene.x) and np.array_equal(classes.y, scene.y)
    assert classes.rio.crs == scene.rio.crs and classes.rio.nodata == 0
    assert list(classes.flag_values) == [1, 2, 3, 4] and classes.flag_values.dtype == np.uint8
    assert classes.flag_meanings == "deep_water b c d"
    assert np.array_equal(classes, model.predict(scene.values))
    classes.rio.to_raster(tmp_path / "map.tif")
    with rasterio.open(tmp_path / "map.tif") as written:
        assert (written.nodata, written.crs, written.dtypes) == (0, scene.rio.crs, ("uint8",))
        assert written.transform == scene.rio.transform()
        assert np.array_equal(written.read(1), classes)


def test_variables_of_a_dataset_are_its_bands(scene, model):
    dataset = xarray.Dataset({name: scene.isel(band=i, drop=True) for i, name in enumerate(NAMES)})
    found = bandcluster.fit(dataset, 4)
    assert found.to_json() == model.to_json()
    classes = found.predict(dataset)
    assert classes.rio.crs == scene.rio.crs and np.array_equal(classes, found.predict(scene.values))
    dataset["B03"].attrs["_FillValue"] = 9
    assert bandcluster.fit(dataset, 4).nodata == [None, 9.0, None, None]


def test_masks_go_by_names_too(scene):
    mask = xarray.ones_like(scene.isel(band=0, drop=True))
    mask[:50] = 0
    expected = bandcluster.fit(scene.values, 4, mask=mask.values)
    assert list(bandcluster.fit(scene, 4, mask=mask.transpose("x", "y")).counts) == list(expected.counts)


def test_what_is_lazy_stays_so(scene, model):
    lazy = scene.chunk({"x": 90, "y": 70})
    classes = model.predict(lazy)
    assert isinstance(classes.data, dask.array.Array) and classes.rio.crs == scene.rio.crs
    assert classes.compute().equals(model.predict(scene))
    assert bandcluster.fit(lazy, 4).to_json() == described(scene.values)
    with pytest.raises(bandcluster.InvalidArgument, match="Dask"):
        model.predict(lazy, out=np.empty((120, 150), np.uint8))


def test_choose_k_takes_them_by_keyword_as_well(scene):
    expected = bandcluster.choose_k(scene.values, 2, 4)
    assert bandcluster.choose_k(data=scene.transpose("y", "x", "band"), min=2, max=4) == expected
    assert bandcluster.choose_k(scene.chunk({"x": 100}), 2, 4) == expected


def test_numbers_that_mean_something_else_are_told(scene):
    scaled = scene.assign_attrs(scale_factor=1e-4, add_offset=-0.1)
    assert bandcluster.fit(scaled, 4).scaling == [(1e-4, -0.1)] * 4
    assert bandcluster.fit(cut(read("s2_train.tif")), 4).scaling == [(1.0, 0.0)] * 4
