"""Seeds: k-means starts from points and polygons of a layer, and classes take their names."""

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from scenes import read

# Columns and rows: left, top, right, bottom.
BOXES = {"wood": [(100, 50, 160, 90), (300, 300, 310, 340)], "Lac d'été": [(500, 600, 560, 640)]}


def layer_of(scene, boxes, system="EPSG:32618", kind="Polygon", field="cover"):
    """A layer with boxes given in pixels of a scene, or with points at their centres."""
    x, width, _, y, _, height = gdal.Open(scene).GetGeoTransform()
    own, other = QgsCoordinateReferenceSystem("EPSG:32618"), QgsCoordinateReferenceSystem(system)
    layer = QgsVectorLayer(
        f"{kind}?crs={system}&field=other:integer&field={field}:string", "my seeds", "memory"
    )
    for name, several in boxes.items():
        for left, top, right, bottom in several:
            ground = QgsRectangle(
                x + left * width, y + bottom * height, x + right * width, y + top * height
            )
            center = QgsPointXY(ground.center())
            geometry = (
                QgsGeometry.fromRect(ground)
                if kind == "Polygon"
                else QgsGeometry.fromPointXY(center)
            )
            geometry.transform(QgsCoordinateTransform(own, other, QgsProject.instance()))
            feature = QgsFeature(layer.fields())
            feature.setGeometry(geometry)
            feature.setAttributes([5, name])
            assert layer.dataProvider().addFeature(feature)
    return layer


@pytest.fixture
def scene(copied):
    return copied("s2_train.tif")


def starts(folder, name="m.json"):
    return json.loads((folder / name).read_text())["parameters"]["init"]


def means():
    pixels = read("s2_train.tif").astype(float)
    parts = {
        name: [
            pixels[:, top:bottom, left:right].reshape(4, -1) for left, top, right, bottom in several
        ]
        for name, several in BOXES.items()
    }
    return {name: np.concatenate(several, axis=1).mean(axis=1) for name, several in parts.items()}


@pytest.mark.parametrize("field", ["cover", "fid"])
def test_classes_begin_at_the_means_of_polygons(run, scene, folder, field):
    layer = layer_of(scene, BOXES, field=field)
    told = {"INPUT": scene, "SEEDS": layer, "SEED_FIELD": field, "MODEL_OUTPUT": folder / "m.json"}
    run("cluster", **told, OUTPUT=folder / "a.tif")
    found = starts(folder)
    assert found.keys() == BOXES.keys()
    for name, mean in means().items():
        assert np.allclose(found[name], mean, rtol=1e-9)
    classes = json.loads((folder / "m.json").read_text())["classes"]
    assert {one["name"] for one in classes} == BOXES.keys()
    fitted = (folder / "m.json").read_text()
    run("fit", **{**told, "INPUT": [scene]})
    assert (folder / "m.json").read_text() == fitted


def test_centres_that_stay(run, scene, folder):
    layer = layer_of(scene, BOXES)
    told = {"INPUT": [scene], "SEEDS": layer, "SEED_FIELD": "cover", "FIX_SEEDS": True}
    run("fit", **told, MODEL_OUTPUT=folder / "m.json")
    model = json.loads((folder / "m.json").read_text())
    for one, center in zip(model["classes"], model["centers"]):
        assert np.allclose(center, means()[one["name"]], rtol=1e-9)


def test_more_classes_than_seeds(run, scene, folder):
    layer = layer_of(scene, BOXES)
    told = {"INPUT": [scene], "SEEDS": layer, "SEED_FIELD": "cover", "OPTIONS": "n_clusters=5"}
    run("fit", **told, MODEL_OUTPUT=folder / "m.json")
    names = [one["name"] for one in json.loads((folder / "m.json").read_text())["classes"]]
    assert len(names) == 5 and BOXES.keys() < set(names)


def test_only_selected_points_in_another_system(run, scene, folder):
    layer = layer_of(scene, BOXES, system="EPSG:4326", kind="Point")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByIds([1, 3])
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    run("fit", INPUT=[scene], SEEDS=chosen, MODEL_OUTPUT=folder / "m.json")
    found = starts(folder)
    pixels = read("s2_train.tif")
    near = {"seed 1": pixels[:, 69:72, 129:132], "seed 2": pixels[:, 619:622, 529:532]}
    assert found.keys() == near.keys()
    for name, values in near.items():
        assert any(np.array_equal(found[name], pixel) for pixel in values.reshape(4, -1).T)
    layer.removeSelection()
    with pytest.raises(
        QgsProcessingException, match="layer of seeds, my seeds, has no features.*select some"
    ):
        run("fit", INPUT=[scene], SEEDS=chosen, MODEL_OUTPUT=folder / "n.json")


def test_seeds_that_cannot_be_used(run, scene, folder):
    layer = layer_of(scene, BOXES)
    told = {"INPUT": scene, "SEEDS": layer, "OUTPUT": folder / "a.tif"}
    with pytest.raises(
        QgsProcessingException, match="has no field klass; choose one of other, cover"
    ):
        run("cluster", **told, SEED_FIELD="klass")
    with pytest.raises(
        QgsProcessingException, match="Seeds is given, and gmm does not start from centres"
    ):
        run("cluster", **told, ALGORITHM=3)
    far = layer_of(scene, {"far": [(2000, 2000, 2100, 2100)]})
    with pytest.raises(
        QgsProcessingException, match="seed far of .*my_seeds.gpkg has no valid pixel"
    ):
        run("cluster", **{**told, "SEEDS": far}, SEED_FIELD="cover")
    assert not list(folder.iterdir())


def test_a_field_without_seeds_is_left_alone(run, scene, folder):
    run("cluster", INPUT=scene, SEED_FIELD="cover", FIX_SEEDS=True, OUTPUT=folder / "a.tif")
    assert (folder / "a.tif").exists()
