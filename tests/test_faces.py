"""All faces, layouts, thread counts and block sizes give the same labels.

The scene, options and seed are the same.
"""

import json
import os
import shutil

import bandcluster
import numpy as np
import pytest
from helpers import (
    CLI,
    DATA,
    INTERLEAVES,
    must,
    raw_arguments,
    read_bands,
    run,
    write_bands,
    write_raw,
)
from osgeo import gdal
from products import write_band_files, write_product

N_CLUSTERS = 5
TRAIN = DATA / "s2_train.tif"


@pytest.fixture(scope="module")
def labels(scene):
    """The expected labels of the training scene, fitted in Python in one call."""
    return bandcluster.fit(scene, N_CLUSTERS).predict(scene)


@pytest.fixture
def cli(tmp_path):
    """Runs `bandcluster cluster`; returns the labels it wrote."""

    def cli(source, *options, n_clusters=N_CLUSTERS):
        output = tmp_path / "labels.tif"
        must(CLI, "cluster", source, output, "-k", n_clusters, "--quiet", "--overwrite", *options)
        return read_bands(output)[0]

    return cli


@pytest.fixture(scope="module")
def qgis(qgis_environment):
    """Runs an algorithm of the plugin from its ZIP by qgis_process."""

    def qgis(algorithm, **parameters):
        arguments = [f"--{key}={value}" for key, value in parameters.items()]
        done = must("qgis_process", "--json", "run", algorithm, *arguments, env=qgis_environment)
        return json.loads(done)["results"]

    return qgis


def same(one, other):
    return (
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    )


# --- the faces (C and C++ are compared in test_c_api.py too) --------------------------------------


def test_command_line(cli, labels):
    assert same(cli(TRAIN), labels)


ANOTHER = {"algorithm": "agglomerative", "linkage": "average"}


def test_another_algorithm(cli, scene, qgis, tmp_path):
    expected = bandcluster.fit(scene, N_CLUSTERS, **ANOTHER).predict(scene)
    assert same(cli(TRAIN, "--algorithm", "agglomerative", "--option", "linkage=average"), expected)
    output = tmp_path / "qgis.tif"
    parameters = {
        "INPUT": TRAIN,
        "CLUSTERS": N_CLUSTERS,
        "ALGORITHM": 4,
        "OPTIONS": "linkage=average",
    }
    qgis("bandcluster:cluster", **parameters, OUTPUT=output)
    assert same(read_bands(output)[0], expected)


def test_band_weights(cli, scene, qgis, tmp_path, labels):
    weights = [1, 2, 0.5, 4]
    expected = bandcluster.fit(scene, N_CLUSTERS, band_weights=weights).predict(scene)
    assert not same(expected, labels)
    assert same(cli(TRAIN, "--band-weights", "1,2,0.5,4"), expected)
    files = {"n_clusters": N_CLUSTERS, "band_weights": weights}
    bandcluster.cluster_file(TRAIN, tmp_path / "python.tif", **files)
    assert same(read_bands(tmp_path / "python.tif")[0], expected)
    parameters = {"INPUT": TRAIN, "CLUSTERS": N_CLUSTERS, "BAND_WEIGHTS": "1, 2, 0.5, 4"}
    qgis("bandcluster:cluster", **parameters, OUTPUT=tmp_path / "qgis.tif")
    assert same(read_bands(tmp_path / "qgis.tif")[0], expected)


SEEDS = {"water": (600, 700, 40, 30), "b\u00e9ton": (100, 50, 30, 30), "field": (300, 400, 7, 90)}


def write_seeds(path):
    """Rectangles given in pixels of the training scene: column, row, width and height."""
    x, size, _, y, _, _ = gdal.Open(os.fspath(TRAIN)).GetGeoTransform()
    shapes = {
        name: [
            [x + size * a, y - size * b]
            for a, b in [(c, r), (c + w, r), (c + w, r + h), (c, r + h), (c, r)]
        ]
        for name, (c, r, w, h) in SEEDS.items()
    }
    features = [
        {
            "type": "Feature",
            "properties": {"cover": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for name, ring in shapes.items()
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32618"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


@pytest.mark.parametrize("fix", [False, True])
def test_seeds(cli, scene, qgis, tmp_path, fix):
    means = {
        name: scene[:, r : r + h, c : c + w].reshape(4, -1).mean(axis=1)
        for name, (c, r, w, h) in SEEDS.items()
    }
    expected = bandcluster.fit(scene, init=means, fix=fix).predict(scene)
    layer = write_seeds(tmp_path / "seeds.geojson")
    options = ["--seeds", layer, "--seed-field", "cover", *(["--fix-seeds"] if fix else [])]
    assert same(cli(TRAIN, *options, n_clusters=3), expected)
    files = {"seeds": layer, "seed_field": "cover", "fix_seeds": fix}
    bandcluster.cluster_file(TRAIN, tmp_path / "python.tif", **files)
    assert same(read_bands(tmp_path / "python.tif")[0], expected)
    seeds = {"SEEDS": layer, "SEED_FIELD": "cover", "FIX_SEEDS": str(fix).lower()}
    qgis("bandcluster:cluster", INPUT=TRAIN, **seeds, OUTPUT=tmp_path / "qgis.tif")
    assert same(read_bands(tmp_path / "qgis.tif")[0], expected)


def test_command_line_fits_and_predicts_in_two_steps(labels, tmp_path):
    must(CLI, "fit", TRAIN, "--model", tmp_path / "model.json", "-k", N_CLUSTERS, "--quiet")
    must(CLI, "predict", tmp_path / "model.json", TRAIN, tmp_path / "labels.tif", "--quiet")
    assert same(read_bands(tmp_path / "labels.tif")[0], labels)


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize("interleave", INTERLEAVES)
def test_c_and_cpp_in_every_interleaving(
    cluster_raw, language, interleave, scene, labels, tmp_path
):
    raw = write_raw(tmp_path / "scene.raw", scene, interleave)
    cluster_raw(
        language, *raw_arguments(raw, scene, N_CLUSTERS), interleave, tmp_path / "labels.raw"
    )
    assert (tmp_path / "labels.raw").read_bytes() == labels.tobytes()


def test_qgis(qgis, labels, tmp_path):
    results = qgis(
        "bandcluster:cluster", INPUT=TRAIN, CLUSTERS=N_CLUSTERS, OUTPUT=tmp_path / "labels.tif"
    )
    assert same(read_bands(results["OUTPUT"])[0], labels)


def test_qgis_fits_and_the_command_line_predicts(qgis, labels, tmp_path):
    qgis("bandcluster:fit", INPUT=TRAIN, CLUSTERS=N_CLUSTERS, MODEL_OUTPUT=tmp_path / "model.json")
    must(CLI, "predict", tmp_path / "model.json", TRAIN, tmp_path / "labels.tif", "--quiet")
    assert same(read_bands(tmp_path / "labels.tif")[0], labels)


@pytest.mark.parametrize(
    ("opened", "options"),
    [
        ({}, ()),
        ({"MASK_SCL": "true"}, ("--mask-scl",)),
        ({"BANDS": "B8A,B02", "MASK_SCL": "true"}, ("--bands", "B8A,B02", "--mask-scl")),
        ({"BANDS": "B11,B04", "RESOLUTION": 50}, ("--bands", "B11,B04", "--resolution", "50")),
    ],
)
def test_a_sentinel_2_product(cli, qgis, tmp_path, opened, options):
    """A product opened in QGIS as one layer gives the map of the command line."""
    product = write_product(tmp_path)
    expected = cli(product, *options)
    qgis("bandcluster:openproduct", INPUT=product, **opened, OUTPUT=tmp_path / "scene.vrt")
    qgis(
        "bandcluster:cluster",
        INPUT=tmp_path / "scene.vrt",
        CLUSTERS=N_CLUSTERS,
        OUTPUT=tmp_path / "qgis.tif",
    )
    assert same(read_bands(tmp_path / "qgis.tif")[0], expected)
    assert same(cli(tmp_path / "scene.vrt"), expected)


@pytest.mark.parametrize(
    ("names", "stacked", "options"),
    [
        ("B04,B8A,B09", {}, ()),
        ("B09,B02,B11,SCL", {"MASK_SCL": "true"}, ("--mask-scl",)),
        ("B8A,B09,SCL", {"RESOLUTION": 40}, ("--resolution", "40")),
    ],
)
def test_files_of_single_bands(cli, qgis, tmp_path, names, stacked, options):
    """Files of 10, 20 and 60 m, stacked in QGIS, give the map of the command line."""
    files = write_band_files(tmp_path)
    paths = [str(files[name]) for name in names.split(",")]
    expected = cli(",".join(paths), *options)
    qgis("bandcluster:stackbands", INPUT=";".join(paths), **stacked, OUTPUT=tmp_path / "scene.vrt")
    qgis(
        "bandcluster:cluster",
        INPUT=tmp_path / "scene.vrt",
        CLUSTERS=N_CLUSTERS,
        OUTPUT=tmp_path / "qgis.tif",
    )
    assert same(read_bands(tmp_path / "qgis.tif")[0], expected)
    assert same(cli(tmp_path / "scene.vrt"), expected)


def test_nodata_scene_and_options(cli, qgis, tmp_path):
    source = DATA / "l8_nodata_a.tif"
    bands = read_bands(source)
    expected = bandcluster.fit(bands, 3, nodata=0, seed=7, scaling="zscore").predict(
        bands, nodata=0
    )
    assert (expected == 0).sum() == (bands == 0).any(axis=0).sum()
    assert same(cli(source, "--seed", 7, "--scaling", "zscore", n_clusters=3), expected)
    scaling = {"SEED": 7, "SCALING": 1}
    results = qgis(
        "bandcluster:cluster", INPUT=source, CLUSTERS=3, OUTPUT=tmp_path / "qgis.tif", **scaling
    )
    assert same(read_bands(results["OUTPUT"])[0], expected)


def test_models_are_the_same_wherever_they_come_from(qgis, tmp_path):
    must(CLI, "fit", TRAIN, "--model", tmp_path / "cli.json", "-k", N_CLUSTERS, "--quiet")
    qgis("bandcluster:fit", INPUT=TRAIN, CLUSTERS=N_CLUSTERS, MODEL_OUTPUT=tmp_path / "qgis.json")
    model = bandcluster.fit(read_bands(TRAIN), N_CLUSTERS)
    for path in (tmp_path / "cli.json", tmp_path / "qgis.json"):
        found = json.loads(path.read_text())
        assert found["centers"] == model.centers.tolist()
        assert [entry["count"] for entry in found["classes"]] == model.counts.tolist()
        assert found["inertia"] == model.inertia


def write_odd(path, scene, alpha=None, signed=False):
    """Writes two bands of the scene, as signed bytes or with an alpha band.

    The alpha band has number ``alpha``, from 1, and is opaque in the right half.
    """
    bands = (scene[:2, :200, :200] // 24).clip(0, 255).astype(np.uint8)
    if alpha:
        opaque = np.zeros_like(bands[:1])
        opaque[:, :, 100:] = 255
        bands = np.insert(bands, alpha - 1, opaque, axis=0)
    write_bands(path, bands, creation=["PIXELTYPE=SIGNEDBYTE"] if signed else ["ALPHA=NO"])
    if alpha:
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.GetRasterBand(alpha).SetColorInterpretation(gdal.GCI_AlphaBand)
    return path


@pytest.mark.parametrize("odd", [{"signed": True}, {"alpha": 1}, {"alpha": 2}, {"alpha": 3}])
def test_odd_files_are_read_alike(cli, qgis, scene, odd, tmp_path):
    """The command line and QGIS agree. C and Python on arrays read no files."""
    path = write_odd(tmp_path / "odd.tif", scene, **odd)
    found = cli(path)
    results = qgis(
        "bandcluster:cluster", INPUT=path, CLUSTERS=N_CLUSTERS, OUTPUT=tmp_path / "qgis.tif"
    )
    assert same(read_bands(results["OUTPUT"])[0], found)
    assert (found[:, :100] == 0).all() == ("alpha" in odd)
    assert (found[:, 100:] > 0).all()


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("rgba_feathered_nodata255.tif", 2700),
        ("gt_-3.402823e+38.tif", 2800),
        ("rgba_intmask.tif", 2500),
        ("mr_pair.vrt", 3500),
    ],
)
def test_the_same_pixels_are_valid(cli, qgis, tmp_path, name, valid):
    path = DATA / "field" / name
    found = cli(path)
    assert (found > 0).sum() == valid
    bandcluster.cluster_file(path, tmp_path / "python.tif", n_clusters=N_CLUSTERS)
    assert same(read_bands(tmp_path / "python.tif")[0], found)
    qgis("bandcluster:cluster", INPUT=path, CLUSTERS=N_CLUSTERS, OUTPUT=tmp_path / "qgis.tif")
    assert same(read_bands(tmp_path / "qgis.tif")[0], found)


def test_an_alpha_band_that_is_chosen_is_data(cli, qgis, scene, tmp_path):
    path = write_odd(tmp_path / "odd.tif", scene, alpha=3)
    found = cli(path, "--bands", "1,2,3")
    results = qgis(
        "bandcluster:cluster", INPUT=path, BANDS="1;2;3", CLUSTERS=5, OUTPUT=tmp_path / "qgis.tif"
    )
    assert same(read_bands(results["OUTPUT"])[0], found)
    assert (found > 0).all()


def test_the_source_of_a_mosaic_is_not_overwritten(qgis_environment, tmp_path):
    source, mosaic = shutil.copy(TRAIN, tmp_path / "source.tif"), tmp_path / "mosaic.vrt"
    gdal.Translate(str(mosaic), str(source), format="VRT").FlushCache()
    before = source.read_bytes()
    arguments = [f"--INPUT={mosaic}", f"--OUTPUT={source}"]
    for done in (
        run(CLI, "cluster", mosaic, source),
        run("qgis_process", "run", "bandcluster:cluster", *arguments, env=qgis_environment),
    ):
        assert done.returncode == 1
        assert "input" in done.stderr
        assert source.read_bytes() == before


# --- threads, blocks, layouts ---------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads(cli, threads, scene, labels):
    assert same(cli(TRAIN, "--threads", threads), labels)
    assert same(
        bandcluster.fit(scene, N_CLUSTERS, threads=threads).predict(scene, threads=threads), labels
    )


@pytest.mark.parametrize("rows, columns", [(1, 832), (64, 64), (832, 832)])
def test_blocks(scene, labels, rows, columns):
    places = [
        np.s_[:, row : row + rows, column : column + columns]
        for row in range(0, scene.shape[1], rows)
        for column in range(0, scene.shape[2], columns)
    ]
    summary = bandcluster.Summary(4, scene.dtype)
    for place in reversed(places):  # the order of blocks does not matter
        summary.add(scene[place])
    model = summary.fit(N_CLUSTERS)
    while not model.converged:
        refinement = bandcluster.Refinement(model, scene.dtype)
        for place in places:
            refinement.add(scene[place])
        refinement.apply(model)
    found = np.empty_like(labels)
    for place in places:
        found[place[1:]] = model.predict(scene[place])
    assert same(found, labels)


@pytest.mark.parametrize("axes", INTERLEAVES.values(), ids=INTERLEAVES)
def test_python_in_every_interleaving(axes, scene, labels):
    laid_out = np.ascontiguousarray(scene.transpose(axes)).transpose(np.argsort(axes))
    assert laid_out.shape == scene.shape
    assert same(bandcluster.fit(laid_out, N_CLUSTERS).predict(laid_out), labels)


def test_python_bottom_up(scene, labels):
    flipped = scene[:, ::-1, ::-1]  # negative strides
    assert same(bandcluster.fit(flipped, N_CLUSTERS).predict(flipped), labels[::-1, ::-1])


@pytest.mark.parametrize(
    "driver, creation",
    [
        ("ENVI", ["INTERLEAVE=BSQ"]),
        ("ENVI", ["INTERLEAVE=BIL"]),
        ("ENVI", ["INTERLEAVE=BIP"]),
        ("GTiff", ["INTERLEAVE=BAND"]),
        ("GTiff", ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "INTERLEAVE=PIXEL"]),
    ],
)
def test_files_in_every_layout(cli, driver, creation, scene, labels, tmp_path):
    assert same(cli(write_bands(tmp_path / "scene.img", scene, driver, creation=creation)), labels)


def test_single_band_files_and_band_order(cli, scene, tmp_path):
    order = [3, 0, 2]
    expected = bandcluster.fit(scene[order], N_CLUSTERS).predict(scene[order])
    assert same(cli(TRAIN, "--bands", "4,1,3"), expected)
    files = [write_bands(tmp_path / f"B{index}.tif", scene[index : index + 1]) for index in order]
    assert same(cli(",".join(os.fspath(file) for file in files)), expected)
