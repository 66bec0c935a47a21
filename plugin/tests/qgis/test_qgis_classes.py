"""Merging and naming classes, keeping a legend, and reading a legend from a layer."""

import json
import shutil

import bandcluster
import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtGui import QColor
from scenes import read


def categories(path):
    dataset = gdal.Open(str(path))  # a variable, because a band does not keep its dataset open
    dataset.GetMetadata()  # makes GDAL 3.6 read .aux.xml: category names alone do not
    return dataset.GetRasterBand(1).GetCategoryNames()


@pytest.fixture
def classified(run, copied, tmp_path):
    """Paths of a map of six classes, of its model and of the scene."""
    scene, old, model = copied("s2_train.tif"), tmp_path / "old.tif", tmp_path / "old.json"
    run("cluster", INPUT=scene, CLUSTERS=6, OUTPUT=old, MODEL_OUTPUT=model)
    return scene, old, model


def test_a_merged_model_and_the_map_agree(run, classified, folder, copied, labels_of):
    scene, old, model = classified
    groups = "water=1,3; crops=2, 5 ;forest=4"
    results = run(
        "mergeclasses",
        MODEL=model,
        GROUPS=groups,
        LABELS=old,
        MODEL_OUTPUT=folder / "m.json",
        OUTPUT=folder / "new.tif",
    )
    assert results["N_CLUSTERS"] == 4
    pairs = dict(pair.split("=") for pair in results["MAPPING"].split(","))
    table = np.array([0] + [int(pairs[str(value)]) for value in range(1, 7)])
    assert (labels_of(folder / "new.tif") == table[labels_of(old)]).all()
    for name in ("s2_train.tif", "s2_predict.tif"):
        image, merged = copied(name), bandcluster.Model.load(folder / "m.json")
        before = bandcluster.Model.load(model).predict(read(name))
        assert (merged.predict(read(name)) == table[before]).all()
        run("predict", INPUT=image, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
        assert (labels_of(folder / "p.tif") == table[before]).all()
    dataset = gdal.Open(str(folder / "new.tif"))
    band = dataset.GetRasterBand(1)
    assert categories(folder / "new.tif") == ["nodata", *merged.class_names]
    assert band.GetNoDataValue() == 0
    assert dataset.GetGeoTransform() == gdal.Open(scene).GetGeoTransform()
    expected = [(0, 0, 0, 0), *((*bytes.fromhex(color[1:]), 255) for color in merged.class_colors)]
    assert [band.GetColorTable().GetColorEntry(value) for value in range(5)] == expected


def test_names_alone_need_no_map(run, classified, folder):
    _scene, _old, model = classified
    results = run("mergeclasses", MODEL=model, GROUPS="a = b=2", MODEL_OUTPUT=folder / "m.json")
    assert results["MAPPING"] == "1=1,2=2,3=3,4=4,5=5,6=6"
    assert bandcluster.Model.load(folder / "m.json").class_names[1] == "a = b"
    assert [path.name for path in folder.iterdir()] == ["m.json"]


@pytest.mark.parametrize(
    "groups, more, wanted",
    [
        ("water", {}, "'water' is not NAME=VALUES"),
        ("water=1;water=2", {}, "given twice"),
        ("water=1,7", {}, "7.* 1 to 6"),
        (";", {}, "Classes to merge is missing"),
        ("water=1,2", {"LABELS": "old"}, "go together"),
        ("water=1,2", {"OUTPUT": "new"}, "go together"),
        ("water=1,2", {"LABELS": "scene", "OUTPUT": "new"}, "which has one"),
        (
            "water=1,2",
            {"LABELS": "foreign", "OUTPUT": "new"},
            "the label 7 is none of the model's, which are 1 to 6",
        ),
        ("water=1,2", {"LABELS": "old", "OUTPUT": "old"}, "is an input too"),
    ],
)
def test_what_cannot_be_merged(run, classified, folder, write, groups, more, wanted):
    scene, old, model = classified
    foreign = write("foreign.tif", np.arange(12, dtype=np.uint8).reshape(1, 3, 4))
    paths = {"old": old, "scene": scene, "foreign": foreign, "new": folder / "new.tif"}
    with pytest.raises(QgsProcessingException, match=wanted):
        run(
            "mergeclasses",
            MODEL=model,
            GROUPS=groups,
            MODEL_OUTPUT=folder / "m.json",
            **{key: paths[value] for key, value in more.items()},
        )
    assert list(folder.iterdir()) == []


def named(path):
    """Gives the model in a file names and colours, and returns it."""
    model = bandcluster.Model.load(path)
    model.class_names = [f"old {value}" for value in range(1, model.n_clusters + 1)]
    model.class_colors = [f"#0000{value:02x}" for value in range(1, model.n_clusters + 1)]
    model.save(path)
    return model


@pytest.mark.parametrize("clusters", [4, 6, 8])
def test_a_new_fit_keeps_the_legend(run, classified, copied, folder, labels_of, clusters):
    _scene, _old, model = classified
    old, neighbour = named(model), copied("s2_predict.tif")
    settings = {"CLUSTERS": clusters, "SEED": 5, "LIKE": model}
    run(
        "cluster",
        INPUT=neighbour,
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
        **settings,
    )
    found = bandcluster.Model.load(folder / "m.json")
    assert found.class_names[:6] == old.class_names and found.class_colors[:6] == old.class_colors
    labels = labels_of(folder / "c.tif")
    assert (found.predict(read("s2_predict.tif")) == labels).all()
    assert len(np.unique(labels)) == clusters
    assert categories(folder / "c.tif") == ["nodata", *found.class_names]
    run("fit", INPUT=[neighbour], MODEL_OUTPUT=folder / "f.json", **settings)
    assert json.loads((folder / "f.json").read_text()) == json.loads(
        (folder / "m.json").read_text()
    )


def test_a_fit_of_other_bands_cannot_be_like(run, classified, folder):
    scene, _old, model = classified
    for bands, wanted in (
        ([1, 2], "the bands are B02, B03, those of the model to be like are"),
        ([4, 3, 2, 1], "the same bands"),
    ):
        with pytest.raises(QgsProcessingException, match=wanted):
            run("cluster", INPUT=scene, BANDS=bands, LIKE=model, OUTPUT=folder / "c.tif")
        assert list(folder.iterdir()) == []


def styled(path, entries):
    """Adds a layer with these values, colours and labels to the project."""
    layer = QgsRasterLayer(str(path), "styled")
    classes = [
        QgsPalettedRasterRenderer.Class(value, QColor(color), label)
        for value, color, label in entries
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_a_layer_gives_its_names_and_colours(run, classified, folder, copied):
    _scene, old, path = classified
    before = bandcluster.Model.load(path)
    entries = [
        (0, "#ffffff", "nodata"),
        (1, "#010203", "water (23.4 %)"),
        (2, "#0a0b0c", "Äcker (< 0.1 %)"),
        (3, "#00ff00", "wood (old) (0.0 %)"),
        (4, "#ff00ff", "4"),
        (6, "#ffff00", "about (10 %) sand"),
    ]
    layer = styled(old, entries)
    run("stylefromlayer", INPUT=layer, MODEL=path, MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    names = [
        "water",
        "Äcker",
        "wood (old)",
        before.class_names[3],
        before.class_names[4],
        "about (10 %) sand",
    ]
    assert model.class_names == names
    colors = ["#010203", "#0a0b0c", "#00ff00", "#ff00ff", before.class_colors[4], "#ffff00"]
    assert model.class_colors == colors
    assert (model.centers == before.centers).all()
    # A map of another scene has the names, too.
    run("predict", INPUT=copied("s2_predict.tif"), MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    assert categories(folder / "p.tif")[1:] == names


def test_a_map_as_it_is_loaded_changes_no_name(run, classified, folder):
    _scene, old, path = classified
    run("stylefromlayer", INPUT=old, MODEL=path, MODEL_OUTPUT=folder / "m.json")
    before, after = bandcluster.Model.load(path), bandcluster.Model.load(folder / "m.json")
    assert (after.class_names, after.class_colors) == (before.class_names, before.class_colors)


def test_a_file_tells_the_style_that_lies_beside_it(run, classified, folder, tmp_path):
    _scene, old, path = classified
    copy = tmp_path / "edited.tif"
    shutil.copyfile(old, copy)
    layer = styled(old, [(1, "#010203", "water"), (2, "#0a0b0c", "wood")])
    layer.saveNamedStyle(str(copy.with_suffix(".qml")))
    run("stylefromlayer", INPUT=copy, MODEL=path, MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    assert model.class_names[:2] == ["water", "wood"] and model.class_colors[:2] == [
        "#010203",
        "#0a0b0c",
    ]


def test_layers_that_tell_nothing_are_refused(run, classified, folder):
    scene, old, model = classified
    unknown = styled(old, [(1, "#000000", "a"), (7, "#000000", "b")])
    grey = QgsRasterLayer(str(old), "grey")
    grey.setRenderer(QgsSingleBandGrayRenderer(grey.dataProvider(), 1))
    QgsProject.instance().addMapLayer(grey)
    for layer, wanted in (
        (unknown, "has the value 7, and the values of the model are 1 to 6"),
        (grey, "grey is not shown as Paletted"),
        (scene, "not shown as Paletted"),
    ):
        with pytest.raises(QgsProcessingException, match=wanted):
            run("stylefromlayer", INPUT=layer, MODEL=model, MODEL_OUTPUT=folder / "m.json")
        assert list(folder.iterdir()) == []


def test_in_qgis_process(qgis_process, classified, folder, labels_of):
    _scene, old, model = classified
    merged = qgis_process(
        "--json",
        "run",
        "bandcluster:mergeclasses",
        f"--MODEL={model}",
        "--GROUPS=land=1,2,3; sea=4,5",
        f"--LABELS={old}",
        f"--MODEL_OUTPUT={folder / 'm.json'}",
        f"--OUTPUT={folder / 'n.tif'}",
    )
    assert merged.returncode == 0, merged.stderr
    results = json.loads(merged.stdout)["results"]
    assert results["N_CLUSTERS"] == 3 and labels_of(folder / "n.tif").max() == 3
    taken = qgis_process(
        "run",
        "bandcluster:stylefromlayer",
        f"--INPUT={folder / 'n.tif'}",
        f"--MODEL={folder / 'm.json'}",
        f"--MODEL_OUTPUT={folder / 's.json'}",
    )
    assert taken.returncode == 0, taken.stderr
    failed = qgis_process(
        "run",
        "bandcluster:mergeclasses",
        f"--MODEL={model}",
        "--GROUPS=land=1,9",
        f"--MODEL_OUTPUT={folder / 'x.json'}",
    )
    assert (
        failed.returncode != 0 and "class 9" in failed.stderr and "Traceback" not in failed.stderr
    )
