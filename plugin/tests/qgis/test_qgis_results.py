"""The algorithms give the same labels and models as the Python package, for all rasters."""

import json

import bandcluster
import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingFeedback
from scenes import DATA, read


def fitted(pixels, names, nodata=None, natural=None, **options):
    """The model that the plugin should fit to these pixels."""
    model = bandcluster.fit(pixels, nodata=nodata, **options)
    for number, name in enumerate(names, start=1):
        model.set_band(number, name, nodata)
    if natural:
        model.natural_colors(*natural)
    return model


S2_NAMES = ["B02", "B03", "B04", "B08"]


def test_cluster_gives_the_binding_s_labels_and_model(run, copied, folder, labels_of):
    results = run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        CLUSTERS=6,
        SEED=3,
        OUTPUT=folder / "classes.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    pixels = read("s2_train.tif")
    expected = fitted(pixels, S2_NAMES, natural=(3, 2, 1), n_clusters=6, seed=3)
    assert (folder / "m.json").read_text() == expected.to_json()
    assert np.array_equal(labels_of(folder / "classes.tif"), expected.predict(pixels))
    assert results["INERTIA"] == expected.inertia
    assert results["N_ITER"] == expected.n_iter
    assert results["N_VALID"] == pixels[0].size
    assert results["OUTPUT"] == str(folder / "classes.tif")
    assert results["MODEL_OUTPUT"] == str(folder / "m.json")


def test_the_output_is_a_georeferenced_class_map(run, copied, folder):
    source = copied("s2_train.tif")
    run("cluster", INPUT=source, OUTPUT=folder / "classes.tif", MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    written, scene = gdal.Open(str(folder / "classes.tif")), gdal.Open(source)
    band = written.GetRasterBand(1)
    assert written.GetGeoTransform() == scene.GetGeoTransform()
    assert written.GetSpatialRef().IsSame(scene.GetSpatialRef())
    assert band.DataType == gdal.GDT_Byte
    assert band.GetNoDataValue() == 0
    assert band.GetBlockSize() == [512, 512]
    assert written.GetMetadata("IMAGE_STRUCTURE")["COMPRESSION"] == "DEFLATE"
    assert band.GetCategoryNames() == ["nodata", *model.class_names]
    table = band.GetColorTable()
    colors = ["#" + bytes(table.GetColorEntry(value)[:3]).hex() for value in range(1, 5)]
    assert colors == model.class_colors
    assert sorted(path.name for path in folder.iterdir()) == [
        "classes.qml",
        "classes.tif",
        "classes.tif.aux.xml",
        "m.json",
    ]


def test_predict_on_the_neighbour(run, copied, folder, labels_of):
    run("fit", INPUT=[copied("s2_train.tif")], CLUSTERS=7, MODEL_OUTPUT=folder / "m.json")
    results = run(
        "predict", INPUT=copied("s2_predict.tif"), MODEL=folder / "m.json", OUTPUT=folder / "p.tif"
    )
    expected = bandcluster.Model.load(folder / "m.json").predict(read("s2_predict.tif"))
    assert np.array_equal(labels_of(folder / "p.tif"), expected)
    assert results["N_VALID"] == expected.size


def test_fit_on_two_scenes_with_nodata(run, copied, folder):
    """The scenes have different sizes, so they do not fit into one array."""
    names = ["l8_nodata_a.tif", "l8_nodata_b.tif"]
    results = run(
        "fit", INPUT=[copied(name) for name in names], CLUSTERS=5, MODEL_OUTPUT=folder / "m.json"
    )
    rows = [read(name).reshape(3, -1) for name in names]
    expected = fitted(
        np.concatenate(rows, axis=1), ["band 1", "band 2", "band 3"], nodata=0, n_clusters=5
    )
    assert (folder / "m.json").read_text() == expected.to_json()
    assert results["N_VALID"] == expected.counts.sum()


def test_nodata_is_label_zero(run, copied, folder, labels_of):
    results = run("cluster", INPUT=copied("l8_nodata_a.tif"), OUTPUT=folder / "c.tif")
    empty = (read("l8_nodata_a.tif") == 0).any(axis=0)
    assert np.array_equal(labels_of(folder / "c.tif") == 0, empty)
    assert results["N_VALID"] == (~empty).sum()


@pytest.mark.parametrize("bands", [[4, 3, 2], [2], [1, 4]])
def test_chosen_bands_keep_their_order(bands, run, copied, folder, labels_of):
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        BANDS=bands,
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    model = bandcluster.Model.load(folder / "m.json")
    assert model.band_names == [S2_NAMES[band - 1] for band in bands]
    pixels = read("s2_train.tif")[[band - 1 for band in bands]]
    assert np.array_equal(model.centers, bandcluster.fit(pixels).centers)
    assert np.array_equal(labels_of(folder / "c.tif"), model.predict(pixels))


@pytest.mark.parametrize("bands", ["4;3", "4,3", [4, 3], "4, 3"])
def test_bands_as_text(run, copied, folder, bands):
    run("fit", INPUT=[copied("s2_train.tif")], BANDS=bands, MODEL_OUTPUT=folder / "m.json")
    assert bandcluster.Model.load(folder / "m.json").band_names == ["B08", "B04"]


def test_predict_finds_the_model_s_bands_by_name(run, copied, folder, labels_of):
    """A model of B08 and B04 finds them by name in a file of 13 bands, without a choice."""
    run("fit", INPUT=[copied("s2_train.tif")], BANDS=[4, 3], MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    for name, bands in (("s2_predict.tif", [3, 2]), ("s2_13band.tif", [7, 3])):
        run("predict", INPUT=copied(name), MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
        assert np.array_equal(labels_of(folder / "p.tif"), model.predict(read(name)[bands]))


def test_predict_keeps_the_order_of_bands_without_names(run, copied, folder, labels_of):
    source = copied("l8_nodata_a.tif")
    run("fit", INPUT=[source], BANDS=[3, 1, 2], MODEL_OUTPUT=folder / "m.json")
    run("predict", INPUT=source, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    expected = bandcluster.Model.load(folder / "m.json").predict(
        read("l8_nodata_a.tif")[[2, 0, 1]], nodata=0
    )
    assert np.array_equal(labels_of(folder / "p.tif"), expected)


def paired_by_position(run, scene, model, output, **more):
    """The text that predict logs about pairs of bands, or an empty one."""
    feedback = QgsProcessingFeedback()
    run("predict", INPUT=scene, MODEL=model, OUTPUT=output, feedback=feedback, **more)
    return next((line for line in feedback.textLog().splitlines() if "<-" in line), "")


def test_predict_compares_names_without_case(run, copied, write, folder, labels_of):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
    pixels = read("s2_predict.tif")[:, :99, :99]
    scene = write("lower.tif", pixels[::-1], descriptions=["b08", "b04", "b03", "b02"])
    assert paired_by_position(run, scene, folder / "m.json", folder / "p.tif") == ""
    expected = bandcluster.Model.load(folder / "m.json").predict(pixels)
    assert np.array_equal(labels_of(folder / "p.tif"), expected)


def test_predict_tells_the_pairs_where_names_are_absent(run, copied, write, folder, labels_of):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    pixels = read("s2_predict.tif")[:, :99, :99]
    for names, told in (
        ((), "B02 <- band 1, B03 <- band 2, B04 <- band 3, B08 <- band 4."),
        (("red", "B03"), "B02 <- red, B03 <- B03, B04 <- band 3, B08 <- band 4."),
    ):
        scene = write("scene.tif", pixels, descriptions=names)
        assert told in paired_by_position(run, scene, folder / "m.json", folder / "p.tif")
        assert np.array_equal(labels_of(folder / "p.tif"), model.predict(pixels))


def test_chosen_bands_are_not_compared_by_name(run, copied, write, folder, labels_of):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
    pixels = read("s2_predict.tif")[:, :99, :99]
    scene = write("other.tif", pixels[::-1], descriptions=["B8A", "B07", "B06", "B05"])
    assert (
        paired_by_position(run, scene, folder / "m.json", folder / "p.tif", BANDS=[4, 3, 2, 1])
        == ""
    )
    expected = bandcluster.Model.load(folder / "m.json").predict(pixels)
    assert np.array_equal(labels_of(folder / "p.tif"), expected)


def test_predict_takes_the_model_s_nodata_where_the_scene_tells_none(
    run, copied, write, folder, labels_of
):
    """If the user sets NODATA to none, pixels of 0 have classes, too."""
    run("fit", INPUT=[copied("l8_nodata_a.tif")], MODEL_OUTPUT=folder / "m.json")
    model = bandcluster.Model.load(folder / "m.json")
    assert model.nodata == [0, 0, 0]
    pixels = read("l8_nodata_a.tif")
    plain = write("plain.tif", pixels)
    run("predict", INPUT=plain, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    assert np.array_equal(labels_of(folder / "p.tif"), model.predict(pixels))
    run("predict", INPUT=plain, MODEL=folder / "m.json", OUTPUT=folder / "p.tif", NODATA="none")
    assert labels_of(folder / "p.tif").all()
    assert np.array_equal(labels_of(folder / "p.tif"), model.predict(pixels, nodata=np.nan))


@pytest.mark.parametrize("name", ["c.tiff", "C.TIF"])
def test_names_of_a_geotiff(name, run, copied, folder):
    run("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / name)
    assert gdal.Open(str(folder / name)).GetDriver().ShortName == "GTiff"


def test_zscore(run, copied, folder, labels_of):
    run("cluster", INPUT=copied("s2_13band.tif"), SCALING=1, N_INIT=3, OUTPUT=folder / "c.tif")
    pixels = read("s2_13band.tif")
    expected = bandcluster.fit(pixels, scaling="zscore", n_init=3).predict(pixels)
    assert np.array_equal(labels_of(folder / "c.tif"), expected)
    assert not np.array_equal(expected, bandcluster.fit(pixels, n_init=3).predict(pixels))


def test_band_weights(run, copied, folder, labels_of):
    weights = {"BAND_WEIGHTS": "1, 2, 0.5, 4", "CLUSTERS": 5}
    run("cluster", INPUT=copied("s2_train.tif"), **weights, OUTPUT=folder / "c.tif")
    pixels = read("s2_train.tif")
    expected = bandcluster.fit(pixels, 5, band_weights=[1, 2, 0.5, 4]).predict(pixels)
    assert np.array_equal(labels_of(folder / "c.tif"), expected)
    assert not np.array_equal(expected, bandcluster.fit(pixels, 5).predict(pixels))


def test_mask_raster(run, copied, write, folder, labels_of):
    pixels = read("s2_train.tif")
    values = np.zeros((1, *pixels.shape[1:]), np.float32)
    values[0, 100:300] = 0.25
    values[0, 200:300, 400:] = -1
    scene = copied("s2_train.tif")
    mask = write("mask.tif", values, nodata=-1, place=scene)
    results = run("cluster", INPUT=scene, MASK=mask, OUTPUT=folder / "c.tif")
    wanted = values[0] > 0
    expected = bandcluster.fit(pixels, mask=wanted).predict(pixels, mask=wanted)
    assert np.array_equal(labels_of(folder / "c.tif"), expected)
    assert results["N_VALID"] == wanted.sum()


def test_one_mask_for_each_scene(run, copied, write, folder):
    masks = [np.zeros((1, 832, 832), np.uint8) for _ in range(2)]
    masks[0][0, :100] = masks[1][0, 500:] = 1
    scenes = [copied("s2_train.tif"), copied("s2_predict.tif")]
    results = run(
        "fit",
        INPUT=scenes,
        MASK=[
            write(f"mask{i}.tif", mask, place=scene)
            for i, (mask, scene) in enumerate(zip(masks, scenes))
        ],
        MODEL_OUTPUT=folder / "m.json",
    )
    assert results["N_VALID"] == (100 + 332) * 832


def test_mask_and_alpha_bands_of_the_file(run, write, folder, labels_of):
    pixels = read("l7_uint8.tif")[:3]
    alpha = np.full((1, *pixels.shape[1:]), 255, np.uint8)
    alpha[0, :50] = 0
    with_alpha = write(
        "alpha.tif", np.concatenate([pixels, alpha]), options=["PHOTOMETRIC=RGB", "ALPHA=YES"]
    )
    with_mask = write("masked.tif", pixels)
    dataset = gdal.Open(with_mask, gdal.GA_Update)
    dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
    dataset.GetRasterBand(1).GetMaskBand().WriteArray(alpha[0])
    del dataset
    expected = bandcluster.fit(pixels, mask=alpha[0]).predict(pixels, mask=alpha[0])
    for name in (with_alpha, with_mask):
        run("cluster", INPUT=name, OUTPUT=folder / "c.tif")
        assert np.array_equal(labels_of(folder / "c.tif"), expected)


def test_an_alpha_band_that_is_chosen_is_data(run, write, folder, labels_of):
    """In some files, the near infrared band is marked as alpha."""
    pixels = read("l7_uint8.tif")[:4].copy()
    pixels[3, :50] = 0
    scene = write("nir.tif", pixels, options=["PHOTOMETRIC=RGB", "ALPHA=YES"])
    feedback = QgsProcessingFeedback()
    run("cluster", INPUT=scene, OUTPUT=folder / "c.tif", feedback=feedback)
    assert "band 4 is an alpha band and is used as a mask" in feedback.textLog()
    assert not labels_of(folder / "c.tif")[:50].any()
    for bands in ([1, 2, 3, 4], [4, 3, 2, 1]):
        run("cluster", INPUT=scene, BANDS=bands, OUTPUT=folder / "c.tif")
        used = pixels[[band - 1 for band in bands]]
        assert np.array_equal(labels_of(folder / "c.tif"), bandcluster.fit(used).predict(used))


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "u4", "i4", "f4", "f8"])
def test_sample_types(dtype, run, write, folder, labels_of):
    pixels = (read("s2_train.tif")[:, :100, :100] // 20).astype(dtype)
    run(
        "cluster",
        INPUT=write("scene.tif", pixels, options=["ALPHA=NO"]),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    expected = bandcluster.fit(pixels)
    assert np.array_equal(bandcluster.Model.load(folder / "m.json").centers, expected.centers)
    assert np.array_equal(labels_of(folder / "c.tif"), expected.predict(pixels))


def test_bands_of_different_types_in_a_vrt(run, write, copied, folder, labels_of, tmp_path):
    """Unsigned and signed 16 bits together need 32."""
    unsigned = read("s2_train.tif")[:1]
    signed = unsigned.astype(np.int16)[:, ::-1] - 3000
    vrt = gdal.BuildVRT(
        str(tmp_path / "both.vrt"),
        [write("u.tif", unsigned), write("i.tif", signed)],
        separate=True,
    )
    assert {vrt.GetRasterBand(number).DataType for number in (1, 2)} == {
        gdal.GDT_UInt16,
        gdal.GDT_Int16,
    }
    del vrt
    run("cluster", INPUT=tmp_path / "both.vrt", OUTPUT=folder / "c.tif")
    pixels = np.concatenate([unsigned, signed]).astype(np.int32)
    assert np.array_equal(labels_of(folder / "c.tif"), bandcluster.fit(pixels).predict(pixels))


def test_64_bit_integers_are_read_as_float64(run, write, folder, labels_of):
    pixels = read("s2_train.tif")[:, :100, :100]
    run("cluster", INPUT=write("wide.tif", pixels.astype(np.int64)), OUTPUT=folder / "c.tif")
    floats = pixels.astype(np.float64)
    assert np.array_equal(labels_of(folder / "c.tif"), bandcluster.fit(floats).predict(floats))


def test_nan_and_a_float_nodata_written_in_decimals(run, write, folder, labels_of):
    pixels = read("s2_train.tif")[:, :100, :100].astype(np.float32)
    pixels[0, :10] = np.nan
    pixels[1, 10:20] = -3.4028235e38
    run("cluster", INPUT=write("f.tif", pixels, nodata=-3.4028235e38), OUTPUT=folder / "c.tif")
    labels = labels_of(folder / "c.tif")
    assert not labels[:20].any() and labels[20:].all()


@pytest.mark.parametrize(
    "options",
    [
        ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"],
        ["BLOCKYSIZE=1"],
        ["INTERLEAVE=PIXEL", "COMPRESS=DEFLATE", "PREDICTOR=2"],
    ],
    ids=str,
)
def test_any_block_layout_of_the_file(options, run, folder, labels_of, tmp_path):
    gdal.Translate(str(tmp_path / "scene.tif"), str(DATA / "s2_train.tif"), creationOptions=options)
    run("cluster", INPUT=tmp_path / "scene.tif", OUTPUT=folder / "c.tif")
    pixels = read("s2_train.tif")
    assert np.array_equal(labels_of(folder / "c.tif"), bandcluster.fit(pixels).predict(pixels))


def test_other_formats(run, copied, folder, labels_of, tmp_path):
    pixels = read("s2_train.tif")
    expected = bandcluster.fit(pixels).predict(pixels)
    for name, format in (("scene.jp2", "JP2OpenJPEG"), ("scene.vrt", "VRT"), ("scene.img", "HFA")):
        options = ["QUALITY=100", "REVERSIBLE=YES"] if format == "JP2OpenJPEG" else []
        gdal.Translate(
            str(tmp_path / name), copied("s2_train.tif"), format=format, creationOptions=options
        )
        run("cluster", INPUT=tmp_path / name, OUTPUT=folder / f"{name}.tif")
        assert np.array_equal(labels_of(folder / f"{name}.tif"), expected)


def test_more_than_255_classes(run, write, folder, labels_of):
    pixels = np.arange(400, dtype=np.uint16).reshape(1, 20, 20)
    run("cluster", INPUT=write("ramp.tif", pixels), CLUSTERS=300, OUTPUT=folder / "c.tif")
    assert labels_of(folder / "c.tif").dtype == np.uint16
    assert len(np.unique(labels_of(folder / "c.tif"))) == 300


def test_an_older_output_is_replaced_with_all_that_is_beside_it(run, copied, folder):
    (folder / "c.tif").write_text("old")
    (folder / "c.tif.ovr").write_text("old overviews")
    (folder / "c.tif.aux.xml").write_text("<PAMDataset/>")
    run("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / "c.tif")
    assert sorted(path.name for path in folder.iterdir()) == ["c.qml", "c.tif", "c.tif.aux.xml"]
    written = gdal.Open(str(folder / "c.tif"))
    written.GetMetadata()  # makes GDAL 3.6 read .aux.xml: category names alone do not
    assert len(written.GetRasterBand(1).GetCategoryNames()) == 5


def test_layers_of_the_project(run, copied, folder, qgis_new_project):
    """The dialog and scripts give layers as objects or by name."""
    from qgis.core import QgsProject, QgsRasterLayer

    layer = QgsRasterLayer(copied("s2_train.tif"), "my scene")
    QgsProject.instance().addMapLayer(layer)
    for given in (layer, layer.id(), "my scene"):
        run("cluster", INPUT=given, OUTPUT=folder / "c.tif", MODEL_OUTPUT=folder / "m.json")
        run("fit", INPUT=[given], MODEL_OUTPUT=folder / "f.json")
        assert (folder / "f.json").read_text() == (folder / "m.json").read_text()


def test_temporary_outputs(run, copied):
    results = run("cluster", INPUT=copied("s2_train.tif"), OUTPUT="TEMPORARY_OUTPUT")
    assert read(results["OUTPUT"]).any()
    assert "MODEL_OUTPUT" not in results
    results = run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT="TEMPORARY_OUTPUT")
    with open(results["MODEL_OUTPUT"]) as file:
        assert json.load(file)["format"] == "bandcluster-model"
