"""An area of interest leaves out the pixels outside, like a mask, in any reference system."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from scenes import DATA

SIZE = 832
SQUARE = (100, 50, 400, 300)  # columns and rows: left, top, right, bottom
CORNER = (500, 600, 700.4, 800)


def inside(*rectangles):
    rows, columns = np.mgrid[:SIZE, :SIZE] + 0.5
    return np.logical_or.reduce(
        [
            (columns > left) & (columns < right) & (rows > top) & (rows < bottom)
            for left, top, right, bottom in rectangles
        ]
    )


def layer_of(scene, *rectangles, system="EPSG:32618"):
    """A layer with rectangles given in pixels of a scene."""
    x, width, _, y, _, height = gdal.Open(scene).GetGeoTransform()
    own, other = QgsCoordinateReferenceSystem("EPSG:32618"), QgsCoordinateReferenceSystem(system)
    layer = QgsVectorLayer(f"Polygon?crs={system}", "area", "memory")
    for left, top, right, bottom in rectangles:
        ground = QgsRectangle(
            x + left * width, y + bottom * height, x + right * width, y + top * height
        )
        feature = QgsFeature()
        geometry = QgsGeometry.fromRect(ground).densifyByCount(50)
        geometry.transform(QgsCoordinateTransform(own, other, QgsProject.instance()))
        feature.setGeometry(geometry)
        layer.dataProvider().addFeature(feature)
    return layer


@pytest.fixture
def scene(copied):
    return copied("s2_train.tif")


@pytest.fixture
def masked(run, scene, write, folder):
    """Model and labels of the pixels that a mask leaves."""

    def masked(valid):
        mask = write("mask.tif", valid[np.newaxis].astype(np.uint8), place=scene)
        run(
            "cluster",
            INPUT=scene,
            MASK=mask,
            OUTPUT=folder / "m.tif",
            MODEL_OUTPUT=folder / "m.json",
        )
        return (folder / "m.json").read_text()

    return masked


def test_an_area_is_a_mask(run, scene, folder, labels_of, masked):
    area = layer_of(scene, SQUARE, CORNER)
    results = run(
        "cluster", INPUT=scene, AOI=area, OUTPUT=folder / "a.tif", MODEL_OUTPUT=folder / "a.json"
    )
    valid = inside(SQUARE, CORNER)
    assert (folder / "a.json").read_text() == masked(valid)
    labels = labels_of(folder / "a.tif")
    assert np.array_equal(labels != 0, valid) and np.array_equal(
        labels, labels_of(folder / "m.tif")
    )
    assert results["N_VALID"] == valid.sum()
    run("predict", INPUT=scene, AOI=area, MODEL=folder / "a.json", OUTPUT=folder / "p.tif")
    assert np.array_equal(labels_of(folder / "p.tif"), labels)
    assert run("choosek", INPUT=scene, AOI=area, MAX=3)["N_VALID"] == valid.sum()
    two = run("fit", INPUT=[scene, scene], AOI=area, MODEL_OUTPUT=folder / "two.json")
    assert two["N_VALID"] == 2 * valid.sum()


def test_only_what_is_selected(run, scene, folder, labels_of):
    area = layer_of(scene, SQUARE, CORNER)
    QgsProject.instance().addMapLayer(area)
    area.selectByIds([2])
    chosen = QgsProcessingFeatureSourceDefinition(area.id(), True)
    run("cluster", INPUT=scene, AOI=chosen, OUTPUT=folder / "a.tif")
    assert np.array_equal(labels_of(folder / "a.tif") != 0, inside(CORNER))
    area.removeSelection()
    with pytest.raises(QgsProcessingException, match="no polygons.*select some"):
        run("cluster", INPUT=scene, AOI=chosen, OUTPUT=folder / "b.tif")


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:3857"])
def test_another_reference_system(run, scene, folder, labels_of, system):
    area = layer_of(scene, SQUARE, CORNER, system=system)
    run("cluster", INPUT=scene, AOI=area, OUTPUT=folder / "a.tif")
    assert ((labels_of(folder / "a.tif") != 0) != inside(SQUARE, CORNER)).sum() < 40


def test_a_polygon_round_the_world(run, scene, folder, labels_of):
    world = QgsVectorLayer("Polygon?crs=EPSG:4326", "world", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(-180, -90, 180, 37.71)))
    world.dataProvider().addFeature(feature)
    run("cluster", INPUT=scene, AOI=world, OUTPUT=folder / "a.tif")
    rows = (labels_of(folder / "a.tif") != 0).mean(axis=1)
    assert rows[0] == 0 and rows[-1] == 1


def test_areas_that_cannot_be_used(run, scene, folder):
    far = layer_of(scene, (2000, 2000, 2100, 2100))
    with pytest.raises(
        QgsProcessingException, match="no polygon of .*area.gpkg touches .*s2_train.tif"
    ):
        run("cluster", INPUT=scene, AOI=far, OUTPUT=folder / "a.tif")
    plain = str(folder.parent / "plain.tif")
    gdal.GetDriverByName("GTiff").Create(plain, 20, 20, 1)
    with pytest.raises(QgsProcessingException, match="plain.tif has no georeference"):
        run("cluster", INPUT=plain, AOI=far, OUTPUT=folder / "a.tif")
    assert not list(folder.iterdir())


def test_a_collection_of_geometries(run, folder):
    """A polygon beside a point, which is ignored, as a file and as a layer."""
    scene, area = str(DATA / "field" / "base60.tif"), str(DATA / "field" / "aoi_collection.geojson")
    assert run("cluster", INPUT=scene, AOI=area, OUTPUT=folder / "a.tif")["N_VALID"] == 900
    layer = QgsVectorLayer(area, "area", "ogr")
    QgsProject.instance().addMapLayer(layer)
    assert run("cluster", INPUT=scene, AOI=layer, OUTPUT=folder / "b.tif")["N_VALID"] == 900
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), False)
    assert run("cluster", INPUT=scene, AOI=chosen, OUTPUT=folder / "c.tif")["N_VALID"] == 900


def test_an_area_without_a_reference_system_has_the_scenes(run, scene, folder):
    area = layer_of(scene, SQUARE)
    area.setCrs(QgsCoordinateReferenceSystem())
    found = run("cluster", INPUT=scene, AOI=area, OUTPUT=folder / "a.tif")["N_VALID"]
    assert found == inside(SQUARE).sum()


def test_an_area_between_the_centres_of_pixels(run, scene, folder):
    tiny = layer_of(scene, (10.1, 10.1, 10.4, 10.4))
    with pytest.raises(
        QgsProcessingException, match="no polygon of .*area.gpkg holds the centre of a pixel"
    ):
        run("cluster", INPUT=scene, AOI=tiny, OUTPUT=folder / "a.tif")
    assert not list(folder.iterdir())
