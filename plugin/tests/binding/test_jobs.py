"""Jobs on raster files: the library must have found a GDAL."""

import json
import threading

import bandcluster
import pytest


@pytest.fixture
def scene(copied):
    return copied("s2_train.tif")


def test_a_map_and_its_model(scene, tmp_path):
    request = {
        "command": "cluster",
        "input": scene,
        "output": tmp_path / "map.tif",
        "model": tmp_path / "model.json",
        "n_clusters": 3,
        "colors": ["red", "green", "blue"],
        "report": tmp_path / "report.html",
    }
    told, threads = [], set()

    def progress(fraction, message):
        told.append((fraction, message))
        threads.add(threading.get_ident())

    outcome = bandcluster.run_job(request, progress=progress)
    assert outcome["command"] == "cluster" and outcome["warnings"] == []
    assert [found["color"] for found in outcome["classes"]] == ["#ff0000", "#008000", "#0000ff"]
    assert sum(found["count"] for found in outcome["classes"]) == outcome["n_valid"] == 832 * 832
    assert bandcluster.Model.load(tmp_path / "model.json").counts.tolist() == [
        f["count"] for f in outcome["classes"]
    ]
    assert told[-1] == (1.0, "writing") and threads == {threading.get_ident()}
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    page = (tmp_path / "report.html").read_text()
    assert (
        "To repeat this" not in page
        and "bandcluster cluster" not in page
        and "bandcluster merge" not in page
    )

    with pytest.raises(
        bandcluster.InvalidArgument, match="map.tif exists: .* overwrite=True to replace it"
    ):
        bandcluster.run_job(request)
    request |= {"overwrite": True, "note": "my own words"}
    assert bandcluster.run_job(request, threads=1)["classes"] == outcome["classes"]
    assert "my own words" in (tmp_path / "report.html").read_text()


def test_what_is_to_be_known_is_told_by_values(scene, tmp_path):
    model = tmp_path / "model.json"
    bandcluster.run_job({"command": "fit", "inputs": [scene], "model": model, "max_iter": 1})
    request = {
        "command": "predict",
        "input": scene,
        "model": model,
        "output": tmp_path / "map.tif",
        "add": 1000,
    }
    [found] = bandcluster.run_job(request)["warnings"]
    assert (found["code"], found["add"], found["band"]) == ("offset", -1000, None)
    assert "look 1000 higher" in found["message"] and "--" not in found["message"]
    chosen = bandcluster.run_job({"command": "choose_k", "input": scene, "max": 3})
    assert chosen["recommended_k"] in (2, 3)
    info = bandcluster.run_job({"command": "info", "path": scene})
    assert (info["width"], [band["name"] for band in info["bands"]]) == (
        832,
        ["B02", "B03", "B04", "B08"],
    )
    assert bandcluster.run_job({"command": "info", "path": model}) == json.loads(model.read_text())


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_clusters": 0}, "n_clusters is 0: give a number from 1 to 65535"),
        ({"n_clusters": "four"}, 'n_clusters is "four": give a whole number'),
        ({"clusters": 0}, "n_clusters is 0"),
        (
            {"algorithm": "dbscan", "n_clusters": 4},
            "n_clusters is 4, but dbscan finds the number of classes itself",
        ),
        ({"algorithm": "dbscan", "n_init": 4}, "n_init is not an option of dbscan"),
        ({"tol": -1}, "tol is -1: give a number from 0 up"),
        (
            {"colour": "red"},
            "colour is not a field of cluster: did you mean colors. It has .*colors",
        ),
        ({"colors": ["reddish"]}, "colors: 'reddish' is not a colour"),
        ({"colors": "palette:none"}, "colors: there is no palette 'none'"),
        ({"algorithm": "magic"}, "algorithm .magic. is unknown"),
        ({"algorithm": "gmm", "options": {"eps": 3}}, "gmm has no option eps"),
        ({"bands": [0]}, "bands: '0' is not a band"),
        ({"max_distance": -1}, "max_distance: the largest distance is -1"),
        (
            {"radius_quantile": 0.9, "max_distance": 1},
            "radius_quantile and max_distance cannot both",
        ),
        ({"majority": 4}, "majority: .* is 4: give an odd number"),
        ({"sieve": 0}, "sieve is 0"),
        ({"memory": 0}, "memory is 0: give a number from 1"),
        ({"nodata": [1, 2]}, "2 nodata values were given for 4 bands"),
        ({"mask_scl": True}, "mask_scl was asked for"),
        ({"output": ""}, "output is missing"),
        ({"report": "page.txt"}, "ends in .html"),
    ],
)
def test_a_field_that_cannot_be_is_named_before_the_work_begins(scene, tmp_path, fields, message):
    request = {"command": "cluster", "input": scene, "output": str(tmp_path / "map.tif"), **fields}
    told = []
    with pytest.raises(bandcluster.InvalidArgument, match=message) as error:
        bandcluster.run_job(request, progress=lambda *args: told.append(args))
    assert "--" not in str(error.value)
    assert told == [] and not (tmp_path / "map.tif").exists()


def test_a_cancelled_job_leaves_no_file(scene, tmp_path):
    request = {"command": "cluster", "input": scene, "output": tmp_path / "out" / "map.tif"}
    (tmp_path / "out").mkdir()
    with pytest.raises(bandcluster.Cancelled):
        bandcluster.run_job(request, progress=lambda fraction, message: message != "writing")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_scene_classification_alone_is_told_so(scene, tmp_path):
    alone = tmp_path / "T18SVG_20200101T000000_SCL_20m.tif"
    gdal = pytest.importorskip("osgeo.gdal")
    gdal.Translate(str(alone), str(scene), bandList=[1])
    request = {
        "command": "stack",
        "inputs": [alone],
        "output": tmp_path / "stack.vrt",
        "mask_scl": True,
    }
    with pytest.raises(
        bandcluster.InvalidData, match=r"is the scene classification \(SCL\) alone: give the files"
    ):
        bandcluster.run_job(request)


def test_what_is_no_request():
    with pytest.raises(bandcluster.InvalidArgument, match="of type object: give .* paths of files"):
        bandcluster.run_job({"command": "info", "path": object()})
    with pytest.raises(bandcluster.InvalidArgument, match="NaN or infinite .* nodata='none'"):
        bandcluster.cluster_file("scene.tif", "map.tif", nodata=float("nan"))
    with pytest.raises(bandcluster.InvalidArgument, match="command is null: give"):
        bandcluster.run_job({})


def test_a_request_is_checked_without_running_it(scene, tmp_path):
    request = {
        "command": "cluster",
        "input": scene,
        "output": tmp_path / "map.tif",
        "n_clusters": 3,
    }
    before = sorted(tmp_path.iterdir())
    assert bandcluster.check_job(request) is None
    assert sorted(tmp_path.iterdir()) == before
    for fields, parts in (
        (
            {"colors": ["red"]},
            ("", "colors", ": there are 1 colours for 3 classes: give one for each"),
        ),
        ({"n_clusters": 0}, ("", "n_clusters", " is 0: give a number from 1 to 65535")),
        ({"report": tmp_path / "page.txt"}, ("", "", "")),
    ):
        with pytest.raises(bandcluster.InvalidArgument) as error:
            bandcluster.check_job({**request, **fields})
        if parts[1]:
            assert error.value.parts == parts and str(error.value) == "".join(parts)
        else:
            assert error.value.parts[1] == ""


def test_an_error_names_its_field_where_it_stands_in_the_middle(scene, tmp_path):
    model = tmp_path / "model.json"
    bandcluster.run_job({"command": "fit", "inputs": [scene], "bands": [1, 2], "model": model})
    request = {
        "command": "predict",
        "input": scene,
        "bands": [1, 2, 3],
        "model": model,
        "output": tmp_path / "map.tif",
    }
    with pytest.raises(bandcluster.InvalidArgument) as error:
        bandcluster.run_job(request)
    before, field, after = error.value.parts
    assert before.endswith("choose those with ") and "bands" in before
    assert (field, after) == ("bands", ", in that order")
