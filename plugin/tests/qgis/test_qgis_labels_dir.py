"""Scenes that are fitted as one: a map of each, in a folder."""

import numpy as np
import pytest
from products import write_product
from qgis.core import QgsProcessingException
from scenes import read


def test_each_scene_has_a_map_with_the_classes_of_all(run, copied, folder, labels_of):
    scenes = [copied("s2_train.tif"), copied("s2_predict.tif")]
    maps = folder / "maps"
    results = run(
        "fit", INPUT=scenes, CLUSTERS=5, MODEL_OUTPUT=folder / "m.json", REPORT=folder / "r.html", LABELS_DIR=maps
    )
    assert results["LABELS_DIR"] == str(maps)
    assert sorted(file.name for file in maps.iterdir() if file.suffix == ".tif") == ["s2_predict.tif", "s2_train.tif"]
    for name in ("s2_train", "s2_predict"):
        run("predict", INPUT=copied(f"{name}.tif"), MODEL=folder / "m.json", OUTPUT=folder / "alone.tif")
        assert np.array_equal(labels_of(maps / f"{name}.tif"), labels_of(folder / "alone.tif"))
        assert (maps / f"{name}.qml").exists() and (maps / f"{name}.tif.aux.xml").exists()


def test_a_product_gives_its_map_the_name_of_its_folder(run, tmp_path, folder):
    metadata = write_product(tmp_path) / "MTD_MSIL2A.xml"
    run("fit", INPUT=[str(metadata)], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=folder)
    assert (folder / f"{metadata.parent.stem}.tif").exists()


def test_no_scene_is_replaced_and_no_map_twice(run, copied, tmp_path, folder):
    scene = copied("s2_train.tif")
    before = read(scene)
    with pytest.raises(QgsProcessingException, match="would replace an input"):
        run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=tmp_path)
    assert np.array_equal(read(scene), before)
    with pytest.raises(QgsProcessingException, match="would both be"):
        run("fit", INPUT=[scene, scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=folder)
    assert not list(folder.iterdir())
    with pytest.raises(QgsProcessingException, match="is a file, and a folder is wanted"):
        run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "m.json", LABELS_DIR=copied("l7_uint8.tif"))
