"""Scenes that are fitted together: a map of each, in a folder."""

import numpy as np
import pytest
from osgeo import gdal
from products import write_product
from qgis.core import QgsProcessingException
from scenes import read


def test_each_scene_has_a_map_with_the_classes_of_all(run, copied, folder, labels_of):
    scenes = [copied("s2_train.tif"), copied("s2_predict.tif")]
    maps = folder / "maps"
    results = run(
        "fit",
        INPUT=scenes,
        CLUSTERS=5,
        MODEL_OUTPUT=folder / "m.json",
        REPORT=folder / "r.html",
        LABELS_DIR=maps,
    )
    assert results["LABELS_DIR"] == str(maps)
    assert sorted(file.name for file in maps.iterdir() if file.suffix == ".tif") == [
        "s2_predict.tif",
        "s2_train.tif",
    ]
    for name in ("s2_train", "s2_predict"):
        run(
            "predict",
            INPUT=copied(f"{name}.tif"),
            MODEL=folder / "m.json",
            OUTPUT=folder / "alone.tif",
        )
        assert np.array_equal(labels_of(maps / f"{name}.tif"), labels_of(folder / "alone.tif"))
        assert (maps / f"{name}.qml").exists() and (maps / f"{name}.tif.aux.xml").exists()


def test_bands_are_matched_by_name(run, copied, write, folder, labels_of):
    pixels = read("s2_train.tif")
    turned = write("turned.tif", pixels[::-1], descriptions=["b08", "b04", "b03", "b02"])
    given = {
        "INPUT": [copied("s2_train.tif"), turned],
        "MODEL_OUTPUT": folder / "m.json",
        "LABELS_DIR": folder,
    }
    run("fit", **given)
    assert np.array_equal(labels_of(folder / "turned.tif"), labels_of(folder / "s2_train.tif"))
    run("fit", **given, BANDS=[1, 2, 3, 4])
    assert not np.array_equal(labels_of(folder / "turned.tif"), labels_of(folder / "s2_train.tif"))
    other = write("other.tif", pixels, descriptions=["red", "green", "blue", "infrared"])
    with pytest.raises(QgsProcessingException, match="other.tif has the bands red, .* are wanted"):
        run("fit", INPUT=[turned, other], MODEL_OUTPUT=folder / "m.json")


def test_samples_are_brought_to_those_of_the_first_scene(run, write, folder, labels_of):
    pixels = read("s2_train.tif").astype(np.int32)
    scenes = []
    for name, offset, more in (("old.tif", 0.0, 0), ("new.tif", -0.1, 1000)):
        scenes.append(write(name, pixels + more))
        dataset = gdal.Open(scenes[-1], gdal.GA_Update)
        for number in range(1, 5):
            dataset.GetRasterBand(number).SetScale(0.0001)
            dataset.GetRasterBand(number).SetOffset(offset)
        dataset.FlushCache()
    run("fit", INPUT=scenes, MODEL_OUTPUT=folder / "m.json", LABELS_DIR=folder)
    assert np.array_equal(labels_of(folder / "new.tif"), labels_of(folder / "old.tif"))


def test_a_product_gives_its_map_the_name_of_its_folder(run, tmp_path, folder):
    metadata = write_product(tmp_path) / "MTD_MSIL2A.xml"
    run("fit", INPUT=[str(metadata)], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=folder)
    assert (folder / f"{metadata.parent.stem}.tif").exists()


def test_no_scene_is_replaced_and_no_map_twice(run, copied, tmp_path, folder):
    scene = copied("s2_train.tif")
    before = read(scene)
    with pytest.raises(QgsProcessingException, match="s2_train.tif is an input too"):
        run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=tmp_path)
    assert np.array_equal(read(scene), before)
    with pytest.raises(QgsProcessingException, match="would both be"):
        run("fit", INPUT=[scene, scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=folder)
    assert not list(folder.iterdir())
    with pytest.raises(QgsProcessingException, match="there is no folder .*l7_uint8.tif"):
        run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=copied("l7_uint8.tif"))
