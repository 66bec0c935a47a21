"""Every failure is a QgsProcessingException of one clear line, and leaves nothing behind."""

import os
import resource

import bandcluster
import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from scenes import read


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.json"
    bandcluster.fit(read("s2_train.tif")[:, :50, :50]).save(path)
    return path


@pytest.fixture
def fails(run, folder):
    """Runs an algorithm that must fail; returns its message of one line."""

    def fails(name, **parameters):
        with pytest.raises(QgsProcessingException) as failure:
            run(name, **parameters)
        assert list(folder.iterdir()) == []
        said = str(failure.value).replace("Unable to execute algorithm\n", "").strip()
        assert said and "\n" not in said and "Traceback" not in said
        return said

    return fails


def test_missing_file(fails, folder, tmp_path):
    missing = tmp_path / "none.tif"
    for name, given in (("cluster", missing), ("fit", [str(missing)])):
        output = (
            {"OUTPUT": folder / "c.tif"}
            if name == "cluster"
            else {"MODEL_OUTPUT": folder / "m.json"}
        )
        assert (
            fails(name, INPUT=given, **output)
            == f"there is no file or layer {missing}; choose an existing raster"
        )


def test_one_of_several_scenes_is_missing(fails, copied, folder, tmp_path):
    said = fails(
        "fit",
        INPUT=[copied("s2_train.tif"), str(tmp_path / "none.tif")],
        MODEL_OUTPUT=folder / "m.json",
    )
    assert "there is no file or layer" in said and "none.tif" in said


def test_not_a_raster(fails, folder, tmp_path):
    (tmp_path / "text.tif").write_text("this is no raster")
    said = fails("cluster", INPUT=tmp_path / "text.tif", OUTPUT=folder / "c.tif")
    assert "text.tif cannot be read as a raster" in said
    assert "not recognized" in said


def truncated(path):
    os.truncate(path, os.path.getsize(path) // 2)
    return path


def test_truncated_tiff(fails, copied, folder):
    """This file's directory is at its end, so that a truncated file does not even open."""
    said = fails("cluster", INPUT=truncated(copied("s2_train.tif")), OUTPUT=folder / "c.tif")
    assert "s2_train.tif cannot be read as a raster" in said


@pytest.fixture
def half_a_scene(write):
    """A truncated TIFF that opens, because its directory is at its beginning."""
    return truncated(write("half.tif", read("s2_train.tif")))


def test_truncated_tiff_that_opens(fails, half_a_scene, folder):
    said = fails(
        "cluster", INPUT=half_a_scene, OUTPUT=folder / "c.tif", MODEL_OUTPUT=folder / "m.json"
    )
    assert "half.tif: its pixels cannot be read, the file may be truncated" in said


def test_nothing_chosen(fails, folder):
    assert "nothing is chosen" in fails("cluster", INPUT=None, OUTPUT=folder / "c.tif")
    assert "nothing is chosen" in fails("fit", INPUT=[], MODEL_OUTPUT=folder / "m.json")


def test_band_9_of_4(fails, copied, folder):
    said = fails("cluster", INPUT=copied("s2_train.tif"), BANDS=[1, 9], OUTPUT=folder / "c.tif")
    assert "band 9 was asked for" in said and "has 4: give bands from 1 to 4" in said


@pytest.mark.parametrize("clusters", [0, -3, 65536])
def test_number_of_classes_out_of_range(clusters, fails, copied, folder):
    said = fails(
        "cluster", INPUT=copied("s2_train.tif"), CLUSTERS=clusters, OUTPUT=folder / "c.tif"
    )
    assert said == f"The number of classes is {clusters}; choose one from 1 to 65535"


def test_more_classes_than_distinct_pixels(fails, write, folder):
    pixels = np.repeat(np.arange(3, dtype=np.uint8), 4).reshape(1, 3, 4)
    said = fails("cluster", INPUT=write("few.tif", pixels), CLUSTERS=4, OUTPUT=folder / "c.tif")
    assert "3" in said and "4" in said


def test_all_nodata(fails, write, folder):
    said = fails(
        "cluster",
        INPUT=write("empty.tif", np.zeros((2, 9, 9), np.uint8), nodata=0),
        OUTPUT=folder / "c.tif",
    )
    assert "valid" in said


def test_nan_everywhere(fails, write, folder):
    pixels = np.full((2, 9, 9), np.nan, np.float32)
    assert "valid" in fails("cluster", INPUT=write("nan.tif", pixels), OUTPUT=folder / "c.tif")


def test_constant_band_with_zscore(fails, write, folder):
    pixels = np.stack([np.arange(81).reshape(9, 9), np.full((9, 9), 7)]).astype(np.uint8)
    said = fails("cluster", INPUT=write("flat.tif", pixels), SCALING=1, OUTPUT=folder / "c.tif")
    assert "band 2" in said


def test_mask_of_another_size(fails, copied, write, folder):
    mask = write("mask.tif", np.ones((1, 20, 30), np.uint8))
    said = fails("cluster", INPUT=copied("s2_train.tif"), MASK=mask, OUTPUT=folder / "c.tif")
    assert (
        "mask.tif is 30 x 20 pixels" in said
        and "832 x 832: a scene and its mask must be of one size" in said
    )


def test_a_missing_mask(fails, copied, folder, tmp_path):
    said = fails(
        "cluster", INPUT=copied("s2_train.tif"), MASK=tmp_path / "none.tif", OUTPUT=folder / "c.tif"
    )
    assert "there is no file or layer" in said


def test_masks_that_do_not_pair(fails, copied, write, folder):
    mask = write("mask.tif", np.ones((1, 832, 832), np.uint8))
    said = fails(
        "fit",
        INPUT=[copied("s2_train.tif"), copied("s2_predict.tif")],
        MASK=[mask],
        MODEL_OUTPUT=folder / "m.json",
    )
    assert "1 masks for 2 scenes" in said


def test_scenes_of_different_bands(fails, copied, folder):
    said = fails(
        "fit",
        INPUT=[copied("s2_train.tif"), copied("s2_13band.tif")],
        MODEL_OUTPUT=folder / "m.json",
    )
    assert "s2_train.tif has 4 bands" in said and "s2_13band.tif has 13" in said


def test_output_folder_missing(fails, copied, folder):
    said = fails("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / "none" / "c.tif")
    assert said.endswith(f"there is no folder {folder / 'none'}; make it first")


def test_output_equal_to_input(fails, copied, model, folder):
    source = copied("s2_train.tif")
    linked = folder.parent / "linked.tif"
    linked.symlink_to(source)
    before = open(source, "rb").read()
    for output in (source, linked):
        assert "is an input too" in fails("cluster", INPUT=source, OUTPUT=output)
        assert "is an input too" in fails("fit", INPUT=[source], MODEL_OUTPUT=output)
        assert "is an input too" in fails("predict", INPUT=source, MODEL=model, OUTPUT=output)
    assert open(source, "rb").read() == before


def test_output_that_cannot_be_written(fails, copied, folder):
    (folder.parent / "taken.tif").mkdir()
    assert fails("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder.parent / "taken.tif")
    assert not [path for path in folder.parent.iterdir() if "part" in path.name]


@pytest.mark.parametrize("missing", [0.5, 1e-4], ids=["for the labels", "for their colours"])
def test_no_space_left(missing, run, fails, copied, folder):
    """A limit on the size of files simulates a full disk: a part of the map does not fit."""
    given = {"INPUT": copied("s2_train.tif"), "CLUSTERS": 20, "OUTPUT": folder / "c.tif"}
    run("cluster", **given)
    size = given["OUTPUT"].stat().st_size
    for file in folder.iterdir():
        file.unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size * (1 - missing)), limits[1]))
    try:
        said = fails("cluster", **given)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (
        said.startswith(f"cannot write {folder / 'c.tif'}: ")
        and "check the space and permissions" in said
    )


def test_model_of_another_number_of_bands(fails, copied, model, folder):
    said = fails("predict", INPUT=copied("l7_uint8.tif"), MODEL=model, OUTPUT=folder / "p.tif")
    assert "l7_uint8.tif has 6 bands" in said and "the model was fitted on 4" in said


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: "garbage",
        lambda text: text[:99],
        lambda text: text.replace('n": 1', 'n": 9'),
    ],
    ids=["empty", "garbage", "truncated", "newer version"],
)
def test_model_that_is_none(damage, fails, copied, model, folder):
    damaged = damage(model.read_text())
    assert damaged != model.read_text()
    model.write_text(damaged)
    assert "model.json" in fails(
        "predict", INPUT=copied("s2_train.tif"), MODEL=model, OUTPUT=folder / "p.tif"
    )


def test_missing_model(fails, copied, folder):
    said = fails(
        "predict", INPUT=copied("s2_train.tif"), MODEL="/none/m.json", OUTPUT=folder / "p.tif"
    )
    assert "there is no file /none/m.json" in said


def test_a_model_s_names_that_the_scene_does_not_have(
    fails, copied, model, write, folder, tmp_path
):
    content = bandcluster.Model.load(model)
    for number, name in enumerate(["B02", "B03", "B04", "B08"], start=1):
        content.set_band(number, name)
    content.save(model)
    pixels = read("s2_train.tif")[:, :50, :50]
    for names in (["B05", "B06", "B07", "B8A"], ["B02", "B03", "B04", "B8A"]):
        scene = write("other.tif", pixels, descriptions=names)
        said = fails("predict", INPUT=scene, MODEL=model, OUTPUT=folder / "p.tif")
        assert said.startswith(
            f"{scene} has the bands {', '.join(names)}, and B02, B03, B04, B08 are wanted"
        )


@pytest.mark.parametrize("name", ["q5.gpkg", "q5.png", "q5"])
def test_an_output_that_is_no_geotiff(name, fails, copied, model, folder):
    for algorithm, more in (("cluster", {}), ("predict", {"MODEL": model})):
        said = fails(algorithm, INPUT=copied("s2_train.tif"), OUTPUT=folder / name, **more)
        assert name in said and "GeoTIFF; give a name that ends in .tif" in said


def test_complex_numbers(fails, write, folder):
    pixels = np.ones((1, 9, 9), np.complex64)
    assert "band 1 holds complex" in fails(
        "cluster", INPUT=write("slc.tif", pixels), OUTPUT=folder / "c.tif"
    )


def test_a_layer_that_gdal_does_not_read(fails, folder, qgis_new_project):
    from qgis.core import QgsProject, QgsRasterLayer

    layer = QgsRasterLayer("type=xyz&url=file:///none/{z}/{x}/{y}.png&zmax=1", "tiles", "wms")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    assert "comes from 'wms'" in fails("cluster", INPUT=layer, OUTPUT=folder / "c.tif")


def test_a_vector_layer(fails, folder):
    from qgis.core import QgsVectorLayer

    said = fails(
        "cluster", INPUT=QgsVectorLayer("Point", "points", "memory"), OUTPUT=folder / "c.tif"
    )
    assert "points is not a raster layer" in said


def test_cancelled_before_it_begins(fails, copied, folder):
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    assert (
        fails("cluster", INPUT=copied("s2_train.tif"), feedback=feedback, OUTPUT=folder / "c.tif")
        == "cancelled"
    )


def test_the_library_is_missing(provider, monkeypatch, tmp_path):
    from bandcluster_qgis import binding

    monkeypatch.setattr(binding, "_loaded", False)
    monkeypatch.setenv("BANDCLUSTER_LIBRARY", str(tmp_path / "none.so"))
    assert "names" in binding.problem() and "none.so" in binding.problem()
    possible, why = provider.algorithm("cluster").canExecute()
    assert not possible and why == binding.problem()
    monkeypatch.delenv("BANDCLUSTER_LIBRARY")
    assert provider.algorithm("cluster").canExecute() == (True, "")


def test_gdal_exceptions_on_and_off_say_the_same(fails, half_a_scene, folder):
    """Other code may set the switch. The message has the reason in both cases."""
    from osgeo import gdal

    for switch in (gdal.DontUseExceptions, gdal.UseExceptions):
        switch()
        said = fails("cluster", INPUT=half_a_scene, OUTPUT=folder / "c.tif")
        assert "half.tif: its pixels cannot be read" in said and "TIFF" in said
