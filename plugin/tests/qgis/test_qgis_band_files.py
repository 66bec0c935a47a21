"""Files of bands, stacked as one layer."""

import os
import shutil

import numpy as np
import pytest
from osgeo import gdal
from products import SIZE, samples, scl, write_band_files, write_product
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsRasterLayer


@pytest.fixture
def files(tmp_path):
    return {name: str(path) for name, path in write_band_files(tmp_path).items()}


@pytest.fixture
def stack(run, folder):
    """Stacks layers or files; returns the opened result."""

    def stack(*inputs, **given):
        path = folder / "scene.vrt"
        assert run("stackbands", INPUT=list(inputs), OUTPUT=path, **given) == {"OUTPUT": str(path)}
        return gdal.Open(str(path))

    return stack


def names_of(dataset):
    return [
        dataset.GetRasterBand(number).GetDescription()
        for number in range(1, dataset.RasterCount + 1)
    ]


def test_files_of_10_20_and_60_m_are_one_layer(stack, files):
    found = stack(files["B09"], files["B8A"], files["B04"])
    assert names_of(found) == ["B09", "B8A", "B04"]
    assert (found.RasterXSize, found.RasterYSize, found.GetGeoTransform()[1]) == (
        2 * SIZE,
        2 * SIZE,
        10,
    )
    assert np.array_equal(found.GetRasterBand(3).ReadAsArray(), samples("B04"))
    # The means of the blocks are near the values of the coarse pixels.
    b8a = found.GetRasterBand(2).ReadAsArray().reshape(SIZE, 2, SIZE, 2).mean((1, 3))[1:-1, 1:-1]
    assert np.corrcoef(b8a.ravel(), samples("B8A", 20)[1:-1, 1:-1].ravel())[0, 1] > 0.95


def test_layers_of_the_project_keep_their_order(stack, files):
    layers = [QgsRasterLayer(files[name], f"my {name}") for name in ("B08", "B02", "B03")]
    QgsProject.instance().addMapLayers(layers)
    found = stack(layers[0], layers[1].id(), files["B03"])
    assert names_of(found) == ["B08", "B02", "B03"]
    assert np.array_equal(
        found.ReadAsArray(), np.stack([samples(name) for name in names_of(found)])
    )


def test_clouds_are_left_out_by_the_classification_among_the_files(
    stack, run, files, folder, labels_of
):
    found = stack(files["SCL"], files["B04"], files["B02"], MASK_SCL=True)
    assert names_of(found) == ["B04", "B02"]
    run("cluster", INPUT=folder / "scene.vrt", OUTPUT=folder / "map.tif")
    assert np.array_equal(labels_of(folder / "map.tif") == 0, scl().repeat(2, 0).repeat(2, 1) == 9)
    # Without MASK_SCL it is a band like others, but its classes are not mixed.
    plain = stack(files["SCL"], files["B04"])
    assert names_of(plain) == ["SCL", "B04"]
    assert np.array_equal(plain.GetRasterBand(1).ReadAsArray(), scl().repeat(2, 0).repeat(2, 1))


def test_bands_of_classes_are_told_once(stack, run, files, folder):
    def told(algorithm, **given):
        feedback = QgsProcessingFeedback()
        run(algorithm, **given, feedback=feedback)
        return feedback.textLog()

    stack(files["SCL"], files["B04"], files["B02"])
    scene, model, labels = folder / "scene.vrt", folder / "m.json", folder / "map.tif"
    log = told("cluster", INPUT=scene, BANDS=[2, 3], OUTPUT=labels, MODEL_OUTPUT=model)
    assert "classes, which" not in log
    # The model's bands are found by their names: SCL is not read.
    log = told("predict", INPUT=scene, MODEL=model, OUTPUT=folder / "p.tif")
    assert "classes, which" not in log
    log = told("fit", INPUT=[str(scene)] * 2, MODEL_OUTPUT=folder / "of_classes.json")
    assert log.count("the values of SCL are classes") == 2
    log = told("cluster", INPUT=labels, CLUSTERS=2, OUTPUT=folder / "of_classes.tif")
    assert log.count("band 1 has a palette") == 1
    merged = {"MODEL_OUTPUT": folder / "merged.json", "OUTPUT": folder / "merged.tif"}
    log = told("mergeclasses", MODEL=model, GROUPS="a=1,2", LABELS=labels, **merged)
    assert "palette" not in log


def test_a_product_brings_its_own_classification(stack, tmp_path, files):
    product = str(write_product(tmp_path))
    names = names_of(stack(product, files["B09"]))
    assert "SCL" not in names and names[-1] == "B09" and "B04" in names
    found = stack(product, files["B09"], MASK_SCL=True)
    assert names_of(found) == names
    mask = found.GetRasterBand(1).GetMaskBand().ReadAsArray()
    assert np.array_equal(mask == 0, scl().repeat(2, 0).repeat(2, 1) == 9)


def test_classes_called_in_small_letters_are_not_mixed_either(stack, write):
    classes = scl()[None].astype(np.uint8)
    small, fine = (
        write("classes.tif", classes, descriptions=("scl",)),
        write("fine.tif", samples("B02")[None]),
    )
    gdal.Open(small, gdal.GA_Update).SetGeoTransform((400000, 20, 0, 4100000, 0, -20))
    found = stack(fine, small)
    assert set(np.unique(found.GetRasterBand(2).ReadAsArray())) == {6, 9}


def test_what_the_files_say_of_their_bands_is_kept(stack, write):
    pixels = np.stack([samples(name) for name in ("B02", "B03", "B04")])
    several = write("several.tif", pixels[:2], nodata=7, descriptions=("blue", ""))
    dataset = gdal.Open(several, gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(1e-4)
    dataset.GetRasterBand(1).SetOffset(-0.1)
    dataset = None
    found = stack(several, write("LC08_one.tif", pixels[2:]))
    assert names_of(found) == ["blue", "several band 2", "LC08_one"]
    first, second, third = (found.GetRasterBand(number) for number in (1, 2, 3))
    assert (first.GetNoDataValue(), first.GetScale(), first.GetOffset()) == (7, 1e-4, -0.1)
    assert second.GetNoDataValue() == 7
    assert third.GetNoDataValue() is None
    assert np.array_equal(found.ReadAsArray(), pixels)


def test_open_options_of_a_layer_hold_in_the_stack(stack, write):
    """If a layer was opened on its overview, the overview is stacked."""
    pixels = samples("B02")[None]
    path = write("b.tif", pixels)
    gdal.Open(path, gdal.GA_Update).BuildOverviews("AVERAGE", [2])
    layer = QgsRasterLayer(f"{path}|option:OVERVIEW_LEVEL=0", "overview")
    assert layer.isValid() and layer.width() == SIZE
    QgsProject.instance().addMapLayer(layer)
    expected = gdal.OpenEx(path, open_options=["OVERVIEW_LEVEL=0"]).ReadAsArray()
    assert np.array_equal(stack(layer).ReadAsArray(), expected)


def test_files_without_a_place_are_stacked_where_their_pixels_fit(stack, folder, tmp_path):
    paths = []
    for name, pixels in (("a.png", samples("B02")), ("b.png", samples("B03"))):
        memory = gdal.GetDriverByName("MEM").Create("", 2 * SIZE, 2 * SIZE, 1, gdal.GDT_UInt16)
        memory.GetRasterBand(1).WriteArray(pixels)
        gdal.GetDriverByName("PNG").CreateCopy(str(tmp_path / name), memory)
        paths.append(str(tmp_path / name))
    assert np.array_equal(stack(*paths).ReadAsArray(), np.stack([samples("B02"), samples("B03")]))
    with pytest.raises(QgsProcessingException, match="has no georeference"):
        stack(*paths, RESOLUTION=20)


def test_a_rotated_file_is_not_resampled(stack, files, write):
    rotated = write("rotated.tif", samples("B02")[None])
    gdal.Open(rotated, gdal.GA_Update).SetGeoTransform((440000, 9, 2, 4180000, 2, -9))
    also = write("also.tif", samples("B02")[None])
    gdal.Open(also, gdal.GA_Update).SetGeoTransform((440000, 9, 2, 4180000, 2, -9))
    assert np.array_equal(stack(rotated, also).ReadAsArray()[1], samples("B02"))
    with pytest.raises(QgsProcessingException, match="rotated.tif .* not north-up"):
        stack(rotated, files["B8A"])


def test_the_files_are_found_from_anywhere(run, files, folder, monkeypatch):
    monkeypatch.chdir(os.path.dirname(files["B02"]))
    run("stackbands", INPUT=[os.path.basename(files["B02"])], OUTPUT=folder / "scene.vrt")
    monkeypatch.chdir(folder)
    assert np.array_equal(gdal.Open("scene.vrt").ReadAsArray(), samples("B02"))


def test_what_is_refused_is_told(run, files, write, folder):
    alpha = write("alpha.tif", np.stack([samples("B02")] * 2))
    dataset = gdal.Open(alpha, gdal.GA_Update)
    dataset.GetRasterBand(2).SetColorInterpretation(gdal.GCI_AlphaBand)
    dataset = None
    masked = write("masked.tif", samples("B02")[None])
    gdal.Open(masked, gdal.GA_Update).CreateMaskBand(gdal.GMF_PER_DATASET)
    b04 = files["B04"]
    for given, message in (
        ({"INPUT": []}, "choose a raster"),
        ({"INPUT": [b04, "missing.jp2"]}, "there is no file or layer missing.jp2"),
        ({"INPUT": [b04, alpha]}, "has a mask or an alpha band"),
        ({"INPUT": [b04, masked]}, "has a mask or an alpha band"),
        ({"INPUT": [b04], "MASK_SCL": True}, "has band 1 and no SCL"),
        ({"INPUT": [files["SCL"]], "MASK_SCL": True}, "is the scene classification .SCL. alone"),
        (
            {"INPUT": [b04, write("elsewhere.tif", samples("B02")[None])]},
            "coordinate reference systems|same ground",
        ),
        ({"INPUT": [b04], "RESOLUTION": 0}, "Pixel size is 0: give the size of a pixel"),
        ({"INPUT": [b04], "RESOLUTION": 1e-9}, "Pixel size is 0.000000001"),
        ({"INPUT": [b04], "OUTPUT": folder / "scene.tif"}, "ends in .vrt"),
    ):
        with pytest.raises(QgsProcessingException, match=message):
            run("stackbands", **{"OUTPUT": folder / "scene.vrt", **given})
        assert not list(folder.iterdir())


def test_the_layer_does_not_replace_what_it_draws_on(run, files, folder):
    first = str(folder / "first.vrt")
    run("stackbands", INPUT=[files["B02"], files["B03"]], OUTPUT=first)
    before = open(first).read()
    with pytest.raises(QgsProcessingException, match="is an input too"):
        run("stackbands", INPUT=[first, files["B04"]], OUTPUT=first)
    assert open(first).read() == before
    run("stackbands", INPUT=[first, files["B04"]], OUTPUT=folder / "second.vrt")
    assert names_of(gdal.Open(str(folder / "second.vrt"))) == ["B02", "B03", "B04"]


def test_commas_and_semicolons_in_paths_are_the_files_own(run, copied, folder, labels_of):
    source = copied("l7_uint8.tif")
    run("cluster", INPUT=source, OUTPUT=folder / "plain.tif")
    for name in ("a,b", "a;b"):
        (folder / name).mkdir()
        odd = str(shutil.copy(source, folder / name))
        run("cluster", INPUT=odd, OUTPUT=folder / "odd.tif")
        assert np.array_equal(labels_of(folder / "odd.tif"), labels_of(folder / "plain.tif"))
        two = run("fit", INPUT=[odd, source], MODEL_OUTPUT=folder / "two.json")
        assert two["N_VALID"] == 2 * 349 * 352
        one = run("fit", INPUT=odd, MODEL_OUTPUT=folder / "one.json")
        assert one["N_VALID"] == 349 * 352
