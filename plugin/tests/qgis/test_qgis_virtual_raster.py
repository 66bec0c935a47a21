"""Bands of several files as one virtual raster, through the algorithm."""

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingException

SAMPLES = np.arange(48, dtype=np.uint16).reshape(6, 8)


@pytest.fixture
def band(tmp_path):
    """Writes a file of one band at a place on the ground; returns its path."""

    def band(name, pixels=SAMPLES, metres=10, left=440000, epsg=32618):
        path = str(tmp_path / f"{name}.tif")
        height, width = pixels.shape
        dataset = gdal.GetDriverByName("GTiff").Create(path, width, height, 1, gdal.GDT_UInt16)
        if left is not None:
            dataset.SetGeoTransform((left, metres, 0, 4180000, 0, -metres))
        system = osr.SpatialReference()
        system.ImportFromEPSG(epsg)
        dataset.SetSpatialRef(system)
        dataset.GetRasterBand(1).WriteArray(pixels)
        return path

    return band


@pytest.fixture
def stacked(run, folder):
    """Stacks files as one scene; returns the opened scene."""

    def stacked(*files, **given):
        run("stackbands", INPUT=list(files), OUTPUT=folder / "scene.vrt", **given)
        return gdal.Open(str(folder / "scene.vrt"))

    return stacked


def test_files_that_fit_are_left_as_they_are(band, stacked):
    found = stacked(band("B04"), band("nir", SAMPLES + 100))
    assert np.array_equal(found.ReadAsArray(), np.stack([SAMPLES, SAMPLES + 100]))
    assert [found.GetRasterBand(i).GetDescription() for i in (1, 2)] == ["B04", "nir"]


def test_red_green_and_blue_are_marked_where_all_are_there(band, stacked):
    names = ["nir", "B02", "B04", "B03"]
    colors = [gdal.GCI_Undefined, gdal.GCI_BlueBand, gdal.GCI_RedBand, gdal.GCI_GreenBand]
    found = stacked(*(band(name) for name in names))
    assert [found.GetRasterBand(i).GetColorInterpretation() for i in (1, 2, 3, 4)] == colors


def test_a_file_without_a_place_takes_that_of_the_others(band, stacked):
    unplaced = band("unplaced", left=None)
    assert stacked(unplaced, band("placed")).GetGeoTransform() == (440000, 10, 0, 4180000, 0, -10)


def test_a_shorter_file_of_the_same_pixels_wants_a_resolution(band, stacked):
    found = stacked(band("whole"), band("shorter", SAMPLES[:4]), RESOLUTION=10)
    assert np.array_equal(found.ReadAsArray(), np.stack([SAMPLES[:4]] * 2))


def test_only_the_ground_that_all_show_is_kept(band, stacked):
    found = stacked(band("fine"), band("coarse", SAMPLES[:3, :3] * 0 + 7, metres=20))
    assert (found.RasterXSize, found.RasterYSize) == (6, 6)
    assert np.array_equal(found.GetRasterBand(1).ReadAsArray(), SAMPLES[:, :6])
    assert (found.GetRasterBand(2).ReadAsArray() == 7).all()


def test_classes_are_not_mixed_and_make_no_pixels(band, stacked):
    classes = np.array([[4, 9], [9, 4]], np.uint16).repeat(6, 0).repeat(8, 1)
    found = stacked(band("data"), band("SCL", classes, metres=5))
    assert found.GetGeoTransform()[1] == 10
    assert set(np.unique(found.GetRasterBand(2).ReadAsArray())) == {4, 9}


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"epsg": 32617}, "different coordinate reference systems"),
        ({"left": 440010}, "do not cover the same ground"),
        ({"left": 440060, "metres": 20}, "less than half of the ground"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(band, stacked, other, message):
    with pytest.raises(QgsProcessingException, match=message):
        stacked(band("one"), band("other", **other))
