"""From file to file in Python: the maps of the command line, with any GDAL."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import bandcluster
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def scene(copied):
    return copied("s2_train.tif")


def test_cluster_predict_fit_choose_and_info(scene, copied, tmp_path):
    told = []
    outcome = bandcluster.cluster_file(
        scene,
        tmp_path / "map.tif",
        n_clusters=3,
        model=tmp_path / "model.json",
        report=tmp_path / "page.html",
        bands=["B04", "B08"],
        progress=lambda fraction, message: told.append(message),
    )
    assert outcome.paths == {
        kind: tmp_path / name
        for kind, name in (("output", "map.tif"), ("model", "model.json"), ("report", "page.html"))
    }
    assert all(path.is_file() for path in outcome.paths.values())
    assert list(outcome.model.band_names) == ["B04", "B08"] and outcome.warnings == []
    assert told[-1] == "writing"
    assert (
        list(outcome.areas) == [found["name"] for found in outcome.classes]
        and len(outcome.areas) == 3
    )
    assert sum(outcome.areas.values()) == pytest.approx(832 * 832 / 100)  # pixels of 10 m

    again = bandcluster.predict_file(outcome.paths["model"], scene, tmp_path / "again.tif")
    assert [found["count"] for found in again.classes] == [
        found["count"] for found in outcome.classes
    ]
    both = [scene, copied("s2_predict.tif")]
    (tmp_path / "maps").mkdir()
    many = bandcluster.predict_files(outcome.paths["model"], both, tmp_path / "maps")
    first, second = many.facts["labels"]
    assert (
        first["counts"] == [found["count"] for found in outcome.classes]
        and Path(second["output"]).is_file()
    )
    assert first["drift"]["overall"] < second["drift"]["overall"] and "output" not in many.paths
    fitted = bandcluster.fit_files(both, tmp_path / "both.json", n_clusters=3, n_init=2)
    assert (
        fitted.facts["inputs"] == [str(source) for source in both] and fitted.model.n_clusters == 3
    )
    assert bandcluster.choose_k_file(scene, max=3).facts["recommended_k"] in (2, 3)
    assert bandcluster.info(scene)["width"] == 832
    one = bandcluster.fit_files(
        scene, tmp_path / "one.json", n_clusters=np.int64(3), n_init=2, bands=np.array([3, 4])
    )
    assert list(one.model.band_names) == ["B04", "B08"]


def test_progress_only_goes_forward(scene, tmp_path):
    fractions = []
    bandcluster.cluster_file(
        scene,
        tmp_path / "map.tif",
        n_clusters=4,
        majority=3,
        sieve=4,
        polygons=tmp_path / "map.gpkg",
        progress=lambda fraction, message: fractions.append(fraction),
    )
    assert fractions == sorted(fractions) and fractions[-1] == 1


def test_an_input_is_no_output_whatever_stands_behind_its_name(scene, tmp_path):
    area = tmp_path / "area.gpkg"
    bandcluster.cluster_file(scene, tmp_path / "map.tif", n_clusters=2, n_init=1, polygons=area)
    before = area.read_bytes()
    with pytest.raises(bandcluster.InvalidArgument, match="area.gpkg is an input too"):
        bandcluster.cluster_file(
            scene,
            tmp_path / "other.tif",
            aoi=f"{area}|layername=classes",
            polygons=area,
            overwrite=True,
        )
    assert area.read_bytes() == before


def test_a_file_that_exists_is_replaced_on_request_only(scene, tmp_path):
    target = tmp_path / "map.tif"
    target.write_text("mine")
    with pytest.raises(
        bandcluster.InvalidArgument, match="map.tif exists: .* overwrite=True to replace it"
    ):
        bandcluster.cluster_file(scene, target)
    assert target.read_text() == "mine"
    cog = {"format": "COG", "creation_options": ["BLOCKSIZE=128"]}
    assert bandcluster.cluster_file(scene, target, overwrite=True, **cog).paths["output"] == target
    assert b"LAYOUT=IFDS_BEFORE_DATA" in target.read_bytes()[:1000]
    with pytest.raises(
        bandcluster.InvalidArgument, match="creation_options: NBITS changes the values"
    ):
        bandcluster.cluster_file(scene, tmp_path / "other.tif", creation_options=["NBITS=4"])
    with pytest.raises(bandcluster.InvalidArgument, match="colour is not a field of cluster"):
        bandcluster.cluster_file(scene, tmp_path / "other.tif", colour="red")


def test_several_jobs_at_once_and_errors_reach_their_callers(scene, tmp_path):
    found = {}

    def work(number):
        source = scene if number % 2 else tmp_path / f"missing{number}.tif"
        try:
            outcome = bandcluster.cluster_file(
                source, tmp_path / f"map{number}.tif", n_clusters=3, n_init=1
            )
            found[number] = [classes["count"] for classes in outcome.classes]
        except bandcluster.IOFailure as failure:
            found[number] = str(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(f"missing{number}.tif" in found[number] for number in range(0, 8, 2))
    assert all(found[number] == found[1] for number in range(1, 8, 2))
    maps = {(tmp_path / f"map{number}.tif").read_bytes() for number in range(1, 8, 2)}
    assert len(maps) == 1


def test_the_host_keeps_its_gdal_as_it_was(scene, tmp_path):
    pytest.importorskip("osgeo")
    program = (
        "import bandcluster, sys\n"
        "from osgeo import gdal\n"
        "gdal.UseExceptions()\n"
        "cache, heard = gdal.GetCacheMax(), []\n"
        "gdal.PushErrorHandler(lambda *error: heard.append(error))\n"
        "try:\n    bandcluster.cluster_file(sys.argv[1] + '.missing', sys.argv[2])\n"
        "except bandcluster.IOFailure:\n    pass\n"
        "assert heard == [], heard\n"
        "bandcluster.cluster_file(sys.argv[1], sys.argv[2], n_clusters=2)\n"
        "gdal.Error(gdal.CE_Warning, 1, 'mine')\n"
        "assert [error[2] for error in heard] == ['mine'], heard\n"
        "assert gdal.GetCacheMax() == cache\n"
        "assert gdal.Open(sys.argv[2]).ReadAsArray().max() == 2\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugin")}
    done = subprocess.run(
        [sys.executable, "-c", program, scene, tmp_path / "map.tif"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_little_of_a_scene_stays_in_the_cache_of_the_host(tmp_path):
    """A job leaves at most 64 of 128 MiB of samples in GDAL's cache, if the host set no limit."""
    pytest.importorskip("osgeo")
    program = (
        "import bandcluster, numpy, sys\nfrom osgeo import"
        " gdal\ngdal.UseExceptions()\ngdal.SetCacheMax(1 << 30)\nsize = 4096\noptions ="
        " ['TILED=YES', 'COMPRESS=DEFLATE', 'ZLEVEL=1', 'INTERLEAVE=BAND']\nfile ="
        " gdal.GetDriverByName('GTiff').Create(sys.argv[1], size, size, 4, gdal.GDT_UInt16,"
        " options)\nfor band in range(4):\n    file.GetRasterBand(band +"
        " 1).WriteArray(numpy.arange(size * size).reshape(size, size) // 4096 % 700)\nfile ="
        " None\nbefore, used = gdal.GetCacheUsed(), []\ndef progress(fraction, message):\n   "
        " used.append(gdal.GetCacheUsed())\nbandcluster.cluster_file(sys.argv[1], sys.argv[2],"
        " n_clusters=2, n_init=1, progress=progress)\nassert len(used) > 5\nassert max(used) -"
        " before <= 80 << 20, max(used) - before\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugin")}
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "scene.tif", tmp_path / "map.tif"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


FIELD = ROOT / "tests" / "data" / "field"


@pytest.mark.parametrize(
    ("scene", "options", "valid"),
    [
        (["mr_ten.tif", "mr_pair.vrt"], {}, 14000),
        (["rgba_feathered_nodata255.tif"], {}, 2700),
        (["rgba_feathered_nodata255.tif"], {"nodata": "none"}, 2700),
        (["gt_-3.402823e+38.tif"], {}, 2800),
        (["gt_-3.402823e+38.tif"], {"nodata": -3.4e38}, 2800),
        (["rgba_intmask.tif"], {}, 2500),
        (["pc_no_nodata.tif"], {"nodata": 0}, 2400),
    ],
)
def test_which_pixels_are_valid(tmp_path, scene, options, valid):
    files = [FIELD / name for name in scene]
    assert (
        bandcluster.cluster_file(files, tmp_path / "map.tif", **options).facts["n_valid"] == valid
    )


def test_predict_takes_the_model_s_nodata_where_the_file_tells_none(tmp_path):
    scene, model = FIELD / "pc_no_nodata.tif", tmp_path / "m.json"
    bandcluster.fit_files([scene], model, nodata=0)
    for options, valid in (({}, 2400), ({"nodata": "none"}, 3000), ({"nodata": [None] * 4}, 3000)):
        outcome = bandcluster.predict_file(
            model, scene, tmp_path / "map.tif", overwrite=True, **options
        )
        assert outcome.facts["n_valid"] == valid
        assert ("model_nodata" in [found["code"] for found in outcome.warnings]) == (not options)


def test_files_of_the_field(tmp_path):
    """Files that once went wrong, with the right values."""
    area = FIELD / "aoi_collection.geojson"
    assert (
        bandcluster.cluster_file(FIELD / "base60.tif", tmp_path / "area.tif", aoi=area).facts[
            "n_valid"
        ]
        == 900
    )

    hyperspectral = FIELD / "hyperspectral_bad_bands.tif"
    with pytest.raises(
        bandcluster.InvalidArgument,
        match=r"band 101.*leave them out.*bands \(1-100,105-150,152-224\)",
    ):
        bandcluster.cluster_file(hyperspectral, tmp_path / "never.tif")
    left = ["1-100", "105-150", "152-224"]
    assert (
        bandcluster.cluster_file(hyperspectral, tmp_path / "left.tif", bands=left).facts["n_bands"]
        == 219
    )
    with pytest.raises(bandcluster.InvalidArgument, match="twice"):
        bandcluster.cluster_file(hyperspectral, tmp_path / "never.tif", bands=["1-3", 2])

    variables = [f'NETCDF:"{FIELD / "bands_as_variables.nc"}":Band{band}' for band in (1, 2)]
    bandcluster.cluster_file(variables, tmp_path / "netcdf.tif", model=tmp_path / "model.json")
    assert list(bandcluster.Model.load(tmp_path / "model.json").band_names) == ["Band1", "Band2"]
    assert not (tmp_path / "never.tif").exists()


def test_rational_polynomials_go_into_the_map(tmp_path):
    gdal = pytest.importorskip("osgeo.gdal")
    bandcluster.cluster_file(FIELD / "rpc_only.tif", tmp_path / "rpc.tif")
    given, made = gdal.Open(str(FIELD / "rpc_only.tif")), gdal.Open(str(tmp_path / "rpc.tif"))
    assert made.GetMetadata("RPC") == given.GetMetadata("RPC") != {}
    assert made.GetMetadataItem("AREA_OR_POINT") == given.GetMetadataItem("AREA_OR_POINT") == "Area"
