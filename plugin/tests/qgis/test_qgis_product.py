"""Sentinel-2 products: opened as one layer, and used as scenes."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from products import OFFSET, SIZE, samples, scl, write_product
from qgis.core import QgsProcessingException, QgsRasterLayer
from scenes import read


@pytest.fixture
def product(tmp_path):
    return write_product(tmp_path)


@pytest.fixture
def opened(run, product, folder):
    """Opens the product; returns the path of the layer."""

    def opened(**given):
        path = folder / "scene.vrt"
        assert run("openproduct", INPUT=product, OUTPUT=path, **given) == {"OUTPUT": str(path)}
        return path

    return opened


def test_a_product_is_opened_as_one_layer_in_natural_colours(opened):
    from bandcluster_qgis.layers.styling import SceneStyler

    path = opened()
    layer = QgsRasterLayer(str(path))
    assert layer.isValid() and layer.crs().authid() == "EPSG:32618"
    SceneStyler().style(layer)  # QGIS calls it when the layer is loaded
    provider, renderer = layer.dataProvider(), layer.renderer()
    assert renderer.redContrastEnhancement().maximumValue() < samples("B04").max()
    shown = [provider.generateBandName(band) for band in (1, 2, 3, 4)]
    assert [name.split(": ")[1] for name in map(str, shown)] == ["B02", "B03", "B04", "B08"]
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)
    dataset = gdal.Open(str(path))
    for number, name in enumerate(("B02", "B03", "B04", "B08"), start=1):
        band = dataset.GetRasterBand(number)
        assert np.array_equal(band.ReadAsArray(), samples(name))
        assert (band.GetNoDataValue(), band.GetScale(), band.GetOffset()) == (0, 1e-4, -0.1)


def test_folder_metadata_file_and_zip_are_the_same_scene(run, product, folder, write, labels_of):
    stack = np.stack([samples(name) for name in ("B02", "B03", "B04", "B08")])
    run("cluster", INPUT=write("stack.tif", stack, nodata=0), OUTPUT=folder / "expected.tif")
    expected = labels_of(folder / "expected.tif")
    zipped = shutil.make_archive(str(folder / "product"), "zip", product.parent, product.name)
    for scene in (product, product / "MTD_MSIL2A.xml", Path(zipped)):
        run("cluster", INPUT=scene, OUTPUT=folder / "map.tif")
        assert np.array_equal(labels_of(folder / "map.tif"), expected), scene


def test_the_layer_is_that_of_the_same_files_wherever_it_is_read(run, product, folder, monkeypatch):
    monkeypatch.chdir(product.parent)
    for given in (product.name, f"{product.name}/MTD_MSIL2A.xml", f"{product.name}/"):
        run("openproduct", INPUT=given, BANDS="B02,B8A", OUTPUT=folder / "scene.vrt")
        monkeypatch.chdir(folder)
        assert np.array_equal(
            gdal.Open(str(folder / "scene.vrt")).GetRasterBand(1).ReadAsArray(), samples("B02")
        )
        monkeypatch.chdir(product.parent)


def test_clouds_are_left_out_of_scenes_and_of_the_layer(run, product, opened, folder, labels_of):
    cloudy = scl().repeat(2, 0).repeat(2, 1) == 9
    run(
        "cluster",
        INPUT=product,
        MASK_SCL=True,
        OUTPUT=folder / "direct.tif",
        REPORT=folder / "r.html",
    )
    assert "the SCL band" in (folder / "r.html").read_text()
    direct = labels_of(folder / "direct.tif")
    assert np.array_equal(direct == 0, cloudy)
    # The mask is a part of the layer, so all work on it leaves the clouds out.
    run("cluster", INPUT=opened(MASK_SCL=True), OUTPUT=folder / "layer.tif")
    assert np.array_equal(labels_of(folder / "layer.tif"), direct)


def test_bands_of_other_resolutions_are_resampled(run, opened):
    names = ["B8A", "B02"]
    fine = gdal.Open(str(opened(BANDS=",".join(names))))
    assert (fine.RasterXSize, fine.GetGeoTransform()[1]) == (2 * SIZE, 10)
    # A pixel of 10 m is a quarter of a 20 m pixel away from its centre: weights 3/4 and 1/4.
    b8a, found = samples("B8A", 20).astype(float), fine.GetRasterBand(1).ReadAsArray()
    assert found[101, 102] == round(
        (b8a[50, 51] * 3 + b8a[50, 50]) / 4 * 0.75 + (b8a[51, 51] * 3 + b8a[51, 50]) / 4 * 0.25
    )
    assert np.array_equal(fine.GetRasterBand(2).ReadAsArray(), samples("B02"))
    coarse = gdal.Open(str(opened(BANDS=",".join(names), RESOLUTION=40, MASK_SCL=True)))
    assert (coarse.RasterXSize, coarse.GetGeoTransform()[1]) == (SIZE // 2, 40)
    for number, name in enumerate(names, start=1):
        blocks = samples(name, 20).reshape(SIZE // 2, 2, SIZE // 2, 2).mean((1, 3))
        assert np.abs(coarse.GetRasterBand(number).ReadAsArray() - blocks).max() <= 0.5
    masked = coarse.GetRasterBand(1).GetMaskBand().ReadAsArray() == 0
    assert np.array_equal(masked, scl()[::2, ::2] == 9)


def test_a_model_finds_its_bands_in_a_product(run, product, opened, folder, labels_of):
    run(
        "cluster",
        INPUT=opened(BANDS="B11,B8A,B04"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    run("predict", INPUT=product, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    # B04 gives both the pixel size of 10 m, so the pixels are the same.
    assert np.array_equal(labels_of(folder / "p.tif"), labels_of(folder / "c.tif"))


def test_scale_and_offset_of_scene_and_model_are_honoured(run, product, folder, write, labels_of):
    """The product of an older baseline has no offset, but the same reflectances."""
    names = ("B02", "B03", "B04", "B08")
    old = write(
        "old.tif",
        np.stack([samples(name) - OFFSET for name in names]),
        nodata=0,
        descriptions=names,
    )
    scaled(old, 1e-4, 0)
    run("cluster", INPUT=old, OUTPUT=folder / "old_map.tif", MODEL_OUTPUT=folder / "m.json")
    results = run("predict", INPUT=product, MODEL=folder / "m.json", OUTPUT=folder / "new_map.tif")
    assert np.array_equal(labels_of(folder / "new_map.tif"), labels_of(folder / "old_map.tif"))
    assert results["DRIFT"] < 0.05
    # The user's values replace those of the files.
    run(
        "predict",
        INPUT=product,
        MODEL=folder / "m.json",
        OFFSET="0",
        OUTPUT=folder / "as_it_is.tif",
    )
    assert not np.array_equal(labels_of(folder / "as_it_is.tif"), labels_of(folder / "old_map.tif"))


def test_a_scale_that_means_nothing_is_none(run, folder, write, labels_of):
    pixels = np.stack([samples(name) for name in ("B02", "B03")])
    plain, odd = write("plain.tif", pixels), write("odd.tif", pixels)
    scaled(plain, 1e-4, -0.1)
    run("cluster", INPUT=plain, OUTPUT=folder / "plain_map.tif", MODEL_OUTPUT=folder / "m.json")
    for scale, offset in ((0, -0.1), (float("nan"), 0), (1, float("inf"))):
        scaled(odd, scale, offset)
        run("cluster", INPUT=odd, OUTPUT=folder / "odd_map.tif")
        run("predict", INPUT=odd, MODEL=folder / "m.json", OUTPUT=folder / "predicted.tif")
        for name in ("odd_map.tif", "predicted.tif"):
            assert np.array_equal(labels_of(folder / name), labels_of(folder / "plain_map.tif")), (
                name,
                scale,
            )


def scaled(path, scale, offset):
    """Marks the bands of a file with a scale and an offset."""
    dataset = gdal.Open(path, gdal.GA_Update)
    for number in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(number).SetScale(scale)
        dataset.GetRasterBand(number).SetOffset(offset)


def test_what_is_refused_is_told(run, product, copied, folder):
    for name, given, message in (
        ("openproduct", {"INPUT": copied("s2_train.tif")}, "is not a Sentinel-2 product"),
        (
            "openproduct",
            {"INPUT": product, "BANDS": "B04,B99"},
            "the band 'B99' was asked for, .* has B02, B03, B04, B08, B8A",
        ),
        ("openproduct", {"INPUT": product, "BANDS": "B04,b04"}, "asked for twice"),
        ("openproduct", {"INPUT": product, "RESOLUTION": 1e6}, "Pixel size is 1000000"),
        ("openproduct", {"INPUT": product, "OUTPUT": folder / "scene.tif"}, "ends in .vrt"),
        (
            "openproduct",
            {"INPUT": product, "RESOLUTION": float("nan")},
            "is not a finite number; give a number",
        ),
        (
            "cluster",
            {"INPUT": copied("s2_train.tif"), "MASK_SCL": True},
            "no SCL: give a Sentinel-2 L2A product",
        ),
        ("cluster", {"INPUT": product, "BANDS": [3, 2, 1]}, "the bands of a product have names"),
        ("cluster", {"INPUT": copied("s2_train.tif"), "MASK": product}, "S2A_MSIL2A"),
    ):
        given = {"OUTPUT": folder / ("scene.vrt" if name == "openproduct" else "map.tif"), **given}
        with pytest.raises(QgsProcessingException, match=message):
            run(name, **given)
        assert not list(folder.iterdir())
    (product / "MTD_MSIL2A.xml").write_text("<a/>")
    with pytest.raises(QgsProcessingException, match="QUANTIFICATION_VALUE"):
        run("openproduct", INPUT=product, OUTPUT=folder / "scene.vrt")


def test_a_product_is_no_map_of_classes(run, product, copied, folder):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
    with pytest.raises(QgsProcessingException, match="S2A_MSIL2A"):
        run(
            "stylefromlayer",
            INPUT=product,
            MODEL=folder / "m.json",
            MODEL_OUTPUT=folder / "m2.json",
        )


def test_a_product_is_a_scene_on_the_command_line_of_qgis(qgis_process, product, folder):
    done = qgis_process(
        "run", "bandcluster:cluster", f"--INPUT={product}", f"--OUTPUT={folder / 'map.tif'}"
    )
    assert done.returncode == 0, done.stderr
    assert read(folder / "map.tif").max() == 4
