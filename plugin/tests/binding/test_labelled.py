"""DataArrays and Datasets: dimensions by name, and maps with their coordinates."""

import subprocess
import sys

import bandcluster
import bandcluster.dask
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
    opened = rioxarray.open_rasterio(DATA / "s2_train.tif").isel(
        x=slice(300, 450), y=slice(100, 220)
    )
    return opened.load()


@pytest.fixture(scope="module")
def model(scene):
    return bandcluster.fit(scene, 4)


def described(pixels, nodata=None, **options):
    """The model of an array, with the attributes of the DataArray set by hand."""
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
    "names",
    [("Wavelength", "lat", "lon"), ("channel", "row", "col"), ("bands", "northing", "easting")],
)
def test_usual_synonyms_are_known(scene, model, names):
    other = scene.rename(dict(zip(("band", "y", "x"), names)))
    assert bandcluster.fit(other, 4).to_json() == model.to_json()
    assert model.predict(other).dims == names[1:]


def test_dimensions_that_are_not_understood_are_told(scene):
    for wrong, message in [
        (
            scene.rename(band="what"),
            "(what: 4, y: 120, x: 150) (rows are y, columns are x): what is none of these; "
            "choose one, such as .isel(what=0), or rename it, such as .rename({'what': 'band'})",
        ),
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


def test_the_reference_system_comes_along_however_it_is_told(scene, model, tmp_path):
    # As in Zarr and netCDF: a variable beside the bands, named by attributes.
    stored = scene.to_dataset(name="reflectance").reset_coords("spatial_ref")
    stored.reflectance.attrs["grid_mapping"] = stored.reflectance.encoding.pop("grid_mapping")
    several = scene.assign_coords(band=NAMES).to_dataset(dim="band").reset_coords("spatial_ref")
    for name in NAMES:
        several[name].attrs["grid_mapping"] = "spatial_ref"
    # As in stackstac.
    attribute = scene.drop_vars("spatial_ref").assign_attrs(crs="epsg:32618")
    attribute.encoding.pop("grid_mapping")
    for told in (stored, several, attribute, attribute.chunk({"x": 70})):
        found = bandcluster.fit(told, 4)
        assert found.to_json() == model.to_json() and found.pixel_area == 100.0
        classes = found.predict(told)
        assert classes.rio.crs == scene.rio.crs and classes.rio.nodata == 0
        classes.rio.to_raster(tmp_path / "map.tif")
        with rasterio.open(tmp_path / "map.tif") as written:
            assert (written.crs, written.transform) == (scene.rio.crs, scene.rio.transform())


def test_masks_go_by_names_too(scene):
    mask = xarray.ones_like(scene.isel(band=0, drop=True))
    mask[:50] = 0
    expected = bandcluster.fit(scene.values, 4, mask=mask.values)
    assert list(bandcluster.fit(scene, 4, mask=mask.transpose("x", "y")).counts) == list(
        expected.counts
    )


def test_what_is_lazy_stays_so(scene, model):
    lazy = scene.chunk({"x": 90, "y": 70})
    classes = model.predict(lazy)
    assert isinstance(classes.data, dask.array.Array) and classes.rio.crs == scene.rio.crs
    assert classes.compute().equals(model.predict(scene))
    assert bandcluster.fit(lazy, 4).to_json() == described(scene.values)
    fitted, classes = bandcluster.dask.fit_predict(lazy, 4, memory=3)
    assert isinstance(classes.data, dask.array.Array)
    xarray.testing.assert_identical(classes.compute(), fitted.predict(scene))
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


def test_what_is_told_of_a_files_bands_follows_those_that_were_chosen(scene):
    scales = {"scales": (1e-1, 1e-2, 1e-3, 1e-4), "offsets": (1.0, 2.0, 3.0, 4.0)}
    told = scene.drop_attrs().assign_attrs(
        long_name=tuple(NAMES), nodatavals=(1, 2, 3, np.nan), **scales
    )
    model = bandcluster.fit(told.sel(band=[4, 2]), 3)
    assert model.band_names == ["B08", "B03"] and model.nodata == [None, 2.0]
    assert model.scaling == [(1e-4, 4.0), (1e-2, 2.0)]
    assert bandcluster.fit(told.sel(band=3), 3).band_names == ["B04"]
    named = scene.drop_attrs().assign_coords(band=NAMES)
    assert bandcluster.fit(named.sel(band="B04"), 3).band_names == ["B04"]
    assert bandcluster.fit(scene[:1].assign_attrs(long_name="B02"), 3).band_names == ["B02"]


def test_a_models_bands_are_found_by_name_in_another_scene(scene, model, tmp_path):
    expected = model.predict(scene)
    turned = scene.sel(band=[4, 3, 2, 1])
    assert expected.equals(model.predict(turned)) and expected.equals(
        model.predict(turned.chunk({"x": 70})).compute()
    )
    dataset = xarray.Dataset({name: scene.isel(band=i, drop=True) for i, name in enumerate(NAMES)})
    dataset["B03"] = dataset.B03.assign_attrs(_FillValue=int(scene[1, 0, 0]))
    for order in (["B04", "B03"], ["B03", "B04"]):
        two = bandcluster.fit(dataset[order], 3)
        classes = two.predict(dataset)
        assert np.array_equal(classes, two.predict(dataset[["B03", "B04"]])) and classes[0, 0] == 0
    for name, image in (("a", scene), ("b", turned)):
        model.report(tmp_path / name, image)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nodata_that_an_array_tells_is_not_the_models(scene):
    model = bandcluster.fit(scene, 4, nodata=0)
    reflectance = scene.astype("float32").assign_attrs(_FillValue=np.nan)
    reflectance[:, :20] = 0
    assert model.predict(reflectance)[:20].all()
    assert not model.predict(reflectance.drop_attrs())[:20].any()
    # No pixel can have a nodata value that its type cannot hold.
    assert bandcluster.fit(scene.assign_attrs(_FillValue=-9999), 4).nodata == [-9999.0] * 4
    assert bandcluster.fit(scene.assign_attrs(_FillValue=np.nan), 4).nodata == [None] * 4
    for wrong, message in [
        ({"_FillValue": "none"}, "_FillValue is 'none', which is no number"),
        ({"nodatavals": (0, 1)}, "nodatavals has 2 values for 4 bands"),
    ]:
        with pytest.raises(bandcluster.InvalidArgument, match=message):
            bandcluster.fit(scene.drop_attrs().drop_vars("band").assign_attrs(wrong), 4)


def test_datasets_of_files_that_were_opened_one_by_one(scene, model):
    each = {name: scene[[i]].assign_coords(band=[1]).drop_attrs() for i, name in enumerate(NAMES)}
    assert bandcluster.fit(xarray.Dataset(each), 4).to_json() == model.to_json()
    one = scene.to_dataset(name="reflectance")
    assert bandcluster.fit(one, 4).to_json() == model.to_json()
    assert bandcluster.fit(scene.isel(band=0).to_dataset(name="B02"), 4).band_names == ["B02"]
    with pytest.raises(bandcluster.InvalidArgument, match="such as dataset\\['reflectance'\\]"):
        bandcluster.fit(one.assign(more=one.reflectance), 4)


def test_a_list_of_data_arrays_is_refused_since_its_nodata_would_be_lost(scene):
    with pytest.raises(bandcluster.InvalidArgument, match="xarray.concat"):
        bandcluster.fit([scene[0], scene[1]], 4)


def test_blocks_go_by_names_with_their_nodata(scene, model, tmp_path):
    with_zeros = scene.assign_attrs(_FillValue=0)
    with_zeros[:, :20] = 0
    turned = with_zeros.transpose("y", "x", "band")
    summary = bandcluster.Summary(4, scene.dtype)
    summary.add(turned)
    assert summary.info().n_valid == 100 * 150
    refinement = bandcluster.Refinement(model, scene.dtype)
    labels = refinement.add_and_label(turned)
    assert np.array_equal(labels, model.predict(with_zeros))
    zonal = bandcluster.ZonalMeans(4, 4, scene.dtype)
    zonal.add(turned, labels)
    assert zonal.counts.sum() == 100 * 150
    for call in (
        model.predict,
        summary.add,
        lambda array, **axis: model.report(tmp_path / "a", array, **axis),
    ):
        with pytest.raises(bandcluster.InvalidArgument, match="go by their dimension's name"):
            call(scene, channel_axis=0)


def test_a_mask_lies_where_the_scene_does(scene, model):
    mask = xarray.ones_like(scene.isel(band=0, drop=True))
    mask[:50] = 0
    for array in (scene, scene.chunk({"x": 70})):
        with pytest.raises(
            bandcluster.InvalidArgument, match="the mask lies elsewhere: its y is from"
        ):
            model.predict(array, mask=mask[::-1])
    with pytest.raises(bandcluster.InvalidArgument, match="the mask has 4 bands: choose one"):
        model.predict(scene, mask=scene)
    expected = model.predict(scene, mask=mask)
    assert not expected[:50].any() and expected[50:].all()
    for same in (
        mask.expand_dims("band"),
        mask.T,
        mask.to_dataset(name="mask"),
        mask.assign_coords(y=mask.y + 1e-6),
    ):
        assert expected.equals(model.predict(scene, mask=same))
    square = scene.isel(x=slice(0, 120))
    assert not model.predict(square.values, mask=mask.isel(x=slice(0, 120)).T)[:50].any()
    assert model.predict(scene[:, :1], mask=mask[60:61].assign_coords(y=scene.y[:1])).all()


def test_options_are_not_dropped_over_dask(scene, model):
    with pytest.raises(TypeError, match="no_data"):
        model.predict(scene.chunk({"x": 70}), no_data=0)
    assert model.predict(scene.chunk({"x": 70}), threads=1, progress=print).shape == (120, 150)


def test_variables_that_only_count_have_their_bands_names(model):
    opened = rioxarray.open_rasterio(DATA / "s2_train.tif", band_as_variable=True)
    dataset = opened.isel(x=slice(300, 450), y=slice(100, 220)).load()
    assert list(dataset) == ["band_1", "band_2", "band_3", "band_4"]
    assert bandcluster.fit(dataset, 4).to_json() == model.to_json()
    turned = dataset[["band_4", "band_3", "band_2", "band_1"]]
    assert model.predict(turned).equals(model.predict(dataset))
    # In CF a long name is a description, so the variable keeps its own name.
    named = dataset.rename({f"band_{number}": name for number, name in enumerate("rgbn", start=1)})
    assert bandcluster.fit(named, 4).band_names == list("rgbn")


def test_names_that_contradict_the_models_are_refused(scene, model):
    def named(*names):
        return scene.drop_attrs().assign_coords(band=list(names))

    said = "the scene has the bands B02, B03, B05, B08, and B02, B03, B04, B08 are wanted: if"
    one_more = named("B02", "B03", "B05", "B08")
    for other in (one_more, one_more.chunk({"x": 70})):
        with pytest.raises(bandcluster.InvalidArgument, match=said):
            model.predict(other)
    wrong = named("red", "green", "blue", "nir")
    with pytest.raises(bandcluster.InvalidArgument, match="the scene has the bands red, green"):
        bandcluster.plot(wrong, model.predict(scene), model)
    expected = model.predict(scene)
    assert np.array_equal(model.predict(wrong.assign_attrs(long_name=model.band_names)), expected)
    # Names that only count do not change the order.
    assert np.array_equal(model.predict(named("band_1", "band_2", "band_3", "band_4")), expected)
    assert np.array_equal(model.predict(scene.drop_attrs()), expected)
