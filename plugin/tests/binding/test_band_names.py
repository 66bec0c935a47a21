"""Names of bands: DataArrays follow the rules that the library has for files."""

import bandcluster
import numpy as np
import pytest
import rasterio
import rioxarray
import xarray

# What the file scene.tif says of its bands, and the bands of a model: (descriptions, names).
PAIRS = [
    (["B03", "B02"], ["B02", "B03"]),
    (["b03", "B02", "B04"], ["B02", "B03"]),
    (["red", "nir"], ["B02", "B03"]),
    (["red", "green"], ["red", "nir"]),
    (["red", "nir"], ["red"]),
    (["nir", ""], ["red", "nir"]),
    (["a", "a"], ["a", "a"]),
    (["a", "a", "b"], ["a", "b"]),
    (["a", "b"], ["a", "a"]),
    # Names that only count, and what is no name.
    (["", ""], ["band 1", "band 2"]),
    (["", "", ""], ["band 1", "band 2"]),
    (["B02", "B03"], ["band 1", "band 2"]),
    (["B02", "B03", "B04"], ["band 1", "band 2"]),
    (["", ""], ["B02", "B03"]),
    (["Band 1", "Band 2"], ["B02", "B03"]),
    (["Band 2", "Band 1"], ["B02", "B03"]),
    (["Band 2", "Band 1"], ["Band 1", "Band 2"]),
    (["Layer_1", "Layer_2"], ["B02", "B03"]),
    (["Layer_2", "Layer_1"], ["B02", "B03"]),
    (["Layer_2", "Layer_1"], ["Layer_1", "Layer_2"]),
    (["B1", "B2"], ["Layer_1", "Layer_2"]),
    (["band_0", "band_1"], ["red", "nir"]),
    (["scene_1", "scene_2"], ["red", "nir"]),
    (["lyr.2", "lyr.3"], ["red", "nir"]),
    (["1", "2"], ["red", "nir"]),
    (["490", "560"], ["490", "665"]),
    (["560", "490"], ["490", "560"]),
    (["reflectance", "reflectance"], ["B02", "B03"]),
    (["reflectance"], ["red"]),
    (["Contents Not Specified", "nir"], ["B02", "B03"]),
    (["contents not specified", "contents not specified"], ["B02", "B03"]),
    (["red", "nir"], ["red", "band 2"]),
    (["Band 1 (blue)", "Band 2 (green)"], ["band 2 (green)", "band 1 (blue)"]),
    # Parts of names that belong to one scene.
    (["LC08_20210703_nir", "LC08_20210703_red"], ["LC08_20200601_red", "LC08_20200601_nir"]),
    (["nir.2021001", "red.2021001"], ["red.2020153", "nir.2020153"]),
    (["T18SVG_20210101_B08_10m", "T18SVG_20210101_B04_10m"], ["B04", "B08"]),
    (["LC08_B_SR_B5", "LC08_B_SR_B4"], ["LC08_A_SR_B4", "LC08_A_SR_B5"]),
    (["x_scl", "x_B8A"], ["B8A", "SCL"]),
    (["B04_B08", "B08_B04"], ["B08_B04", "B04_B08"]),
    (["B2_20230506", "B1_20230506"], ["B1_20220101", "B2_20220101"]),
    (["B1_20230506", "B2_20230506"], ["B02", "B03"]),
    (["std_nir", "std_red"], ["mean_red", "mean_nir"]),
    (["2021", "2022"], ["2019", "2020"]),
    (["ndvi_2021", "ndvi_2020"], ["ndvi_2020", "ndvi_2021"]),
    (["evi_2020", "evi_2021"], ["ndvi_2020", "ndvi_2021"]),
    (["NIR 2", "NIR 1"], ["SWIR 1", "SWIR 2"]),
    (["SWIR 2", "SWIR 1"], ["SWIR 1", "SWIR 2"]),
    (["S 2020: red", "S 2020: nir"], ["S 2021: nir", "S 2021: red"]),
    (["grün_2020", "ROT_2020"], ["rot_2021", "GRÜN_2021"]),
    (["grün", "rot"], ["rot", "GRÜN"]),
    (["grün B04"], ["GRÜN B04"]),
    (["rot ", " Band 2"], ["rot", "nir"]),
]

IMAGE = np.zeros((3, 20, 30), np.uint16)
IMAGE[:, :, :10], IMAGE[:, :, 10:20], IMAGE[:, :, 20:] = (
    np.array(levels)[:, np.newaxis, np.newaxis]
    for levels in ([100, 1500, 700], [2000, 200, 900], [900, 2500, 100])
)


@pytest.fixture
def scene(tmp_path):
    """Writes scene.tif, whose bands have these descriptions; returns its path."""

    def write(descriptions):
        path = tmp_path / "scene.tif"
        profile = {"driver": "GTiff", "width": 30, "height": 20, "dtype": "uint16"}
        profile["transform"] = rasterio.Affine(10, 0, 500000, 0, -10, 4100000)
        with rasterio.open(path, "w", **profile, count=len(descriptions)) as file:
            file.write(IMAGE[: len(descriptions)])
            for band, description in enumerate(descriptions, start=1):
                file.set_band_description(band, description)
        return path

    return write


@pytest.mark.parametrize(("descriptions", "names"), PAIRS, ids=str)
def test_bands_are_found_as_in_files(descriptions, names, scene, tmp_path):
    path = scene(descriptions)
    model = bandcluster.fit(IMAGE[: len(names)] + np.arange(30, dtype=np.uint16), 3)
    for band, name in enumerate(names, start=1):
        model.set_band(band, name)
    model.save(tmp_path / "model.json")
    array = rioxarray.open_rasterio(path)
    try:
        bandcluster.predict_file(tmp_path / "model.json", path, tmp_path / "map.tif")
    except bandcluster.InvalidArgument as refused:
        with pytest.raises(bandcluster.InvalidArgument) as error:
            model.predict(array)
        about_names = [
            "are wanted: if they are the same" in said or "given twice" in said
            for said in (str(error.value), str(refused))
        ]
        assert about_names[0] == about_names[1]
        return
    with rasterio.open(tmp_path / "map.tif") as map:
        assert np.array_equal(model.predict(array), map.read(1))


@pytest.mark.parametrize("descriptions", [descriptions for descriptions, _ in PAIRS], ids=str)
def test_a_model_has_the_names_that_it_has_from_the_file(descriptions, scene, tmp_path):
    path = scene(descriptions)
    bandcluster.fit_files([path], tmp_path / "model.json", n_clusters=3)
    expected = bandcluster.Model.load(tmp_path / "model.json").band_names
    array = rioxarray.open_rasterio(path)
    assert bandcluster.fit(array, 3).band_names == expected
    assert bandcluster.fit(array.load()[:, :10], 3).band_names == expected


def test_variables_that_rioxarray_counts_are_called_as_in_files(scene):
    path = scene(["", "", ""])
    dataset = rioxarray.open_rasterio(path, band_as_variable=True).load()
    assert list(dataset) == ["band_1", "band_2", "band_3"]
    model = bandcluster.fit(dataset, 3)
    assert model.band_names == ["band 1", "band 2", "band 3"]
    labels = model.predict(dataset)
    assert labels.equals(model.predict(dataset[["band_3", "band_1", "band_2"]]))
    assert np.array_equal(labels, model.predict(rioxarray.open_rasterio(path)))
    assert bandcluster.fit(dataset[["band_3", "band_1"]], 3).band_names == ["band 3", "band 1"]


@pytest.mark.parametrize("names", [["2019", "2020", "2021"], ["1", "2", "3"], ["b0", "b1", "b2"]])
def test_names_that_somebody_chose_are_names_even_if_they_count(names):
    array = xarray.DataArray(IMAGE, {"band": names}, ("band", "y", "x"))
    dataset = array.to_dataset("band")
    for scene, turned in ((array, array[::-1]), (dataset, dataset[names[::-1]])):
        model = bandcluster.fit(scene, 3)
        assert model.band_names == names
        assert model.predict(turned).equals(model.predict(scene))
