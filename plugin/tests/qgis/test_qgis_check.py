"""Invalid values are reported before pixels are read, in the words of the dialog."""

import bandcluster
import pytest
from qgis.core import QgsProcessingContext
from scenes import read


@pytest.fixture
def refused(provider, qgis_new_project, copied, folder):
    """Checks parameters like a dialog; returns why it refuses them, or an empty text.

    No file may be written.
    """

    def refused(name, **parameters):
        given = {
            key: str(value) if hasattr(value, "__fspath__") else value
            for key, value in parameters.items()
        }
        given.setdefault("INPUT", copied("s2_train.tif"))
        if name == "cluster":
            given.setdefault("OUTPUT", str(folder / "c.tif"))
        before = sorted(folder.iterdir())
        context = QgsProcessingContext()
        fits, why = provider.algorithm(name).create().checkParameterValues(given, context)
        assert sorted(folder.iterdir()) == before
        assert not context.layersToLoadOnCompletion()
        assert fits == (not why)
        return why

    return refused


@pytest.mark.parametrize(
    "given, why",
    [
        ({}, ""),
        (
            {"COLORS": "red,blue"},
            "Colours of the classes: there are 2 colours for 4 classes: give one for each",
        ),
        ({"COLORS": "red,blue,green,reddish"}, "Colours of the classes: "),
        ({"COLORS": "palette:none"}, "Colours of the classes: there is no palette 'none'"),
        ({"REPORT": "r.pdf"}, "reports are written as HTML"),
        ({"POLYGONS": "p.xyz"}, "p.xyz"),
        ({"CONFIDENCE": "c.png"}, "c.png"),
        (
            {"MAJORITY": 4},
            "Majority filter window: the window of the majority filter is 4: give an odd number",
        ),
        (
            {"MAX_DISTANCE": 1.0, "RADIUS_QUANTILE": 0.5},
            "Unclassified beyond quantile and Maximum distance from the class cannot both be given",
        ),
        ({"RADIUS_QUANTILE": 0.0}, "Unclassified beyond quantile: "),
        ({"OPTIONS": "nonsense=1"}, "nonsense"),
        ({"OPTIONS": "max_iter"}, "is not name=value"),
        ({"ALGORITHM": 6, "METRIC": 1}, "metric"),
        ({"BAND_WEIGHTS": "1, many"}, "Band weights: '1, many' is not a number"),
        ({"BAND_WEIGHTS": "1, nan"}, "Band weights: '1, nan' is not a number"),
        ({"BAND_WEIGHTS": "1, 0"}, "Band weights: a band weight is 0"),
        ({"ALGORITHM": 3, "BAND_WEIGHTS": "1, 2"}, "weights change nothing"),
        (
            {"METRIC": 1, "BAND_WEIGHTS": "1, 2, 1, 1"},
            "Metric spectral_angle does not go with Band weights: angles are those of the spectra",
        ),
        (
            {"METRIC": 1, "SCALING": 1},
            "Metric spectral_angle does not go with Scaling of the bands",
        ),
    ],
    ids=str,
)
def test_cluster(refused, folder, given, why):
    for key in ("REPORT", "POLYGONS", "CONFIDENCE"):
        if key in given:
            given = {**given, key: str(folder / given[key])}
    said = refused("cluster", **given)
    assert (why.casefold() in said.casefold()) if why else said == ""
    assert "n_clusters" not in said or "OPTIONS" in given
    assert "_quantile" not in said and "max_distance" not in said


def test_other_algorithms(refused, folder, copied, tmp_path):
    model = tmp_path / "m.json"
    bandcluster.fit(read("s2_train.tif")[:, :50, :50], n_clusters=3).save(model)
    predict = {"MODEL": model, "OUTPUT": folder / "p.tif"}
    assert refused("predict", **predict) == ""
    assert "there are 2 colours for 3 classes" in refused("predict", **predict, COLORS="red,blue")
    assert refused("predict", **predict, SCALE="0").startswith("Scale is 0: give another factor")
    fit = {"INPUT": [copied("s2_train.tif")], "MODEL_OUTPUT": folder / "m.json"}
    assert refused("fit", **fit) == refused("fit", **fit, LABELS_DIR=folder / "maps") == ""
    assert "reports are written as HTML" in refused("fit", **fit, REPORT=folder / "r.pdf")
    assert "reports are written as HTML" in refused("choosek", REPORT=folder / "r.pdf")
    assert "is above the maximum" in refused("choosek", MIN=5, MAX=4)
    merge = {"MODEL": model, "MODEL_OUTPUT": folder / "n.json"}
    assert refused("mergeclasses", **merge, GROUPS="water=1,2") == ""
    assert refused("mergeclasses", **merge, GROUPS="water").startswith("Classes to merge: ")
    assert "there is no class 9" in refused("mergeclasses", **merge, GROUPS="water=9")
    assert "is not a Sentinel-2 product" in refused("openproduct", OUTPUT=folder / "s.vrt")
    assert refused(
        "stackbands", INPUT=[copied("s2_train.tif")], OUTPUT=folder / "s.tif"
    ).startswith("New scene is ")


def test_an_area_is_not_written_to_a_file_for_a_check(refused, write, monkeypatch):
    from bandcluster_qgis.algorithms import given
    from qgis.core import QgsVectorLayer

    monkeypatch.setattr(given, "area_file", None)  # calling it fails
    assert refused("cluster", AOI=QgsVectorLayer("Polygon?crs=EPSG:32618", "area", "memory")) == ""


def test_seeds_are_not_written_to_a_file_for_a_check(refused, monkeypatch):
    from bandcluster_qgis.algorithms import given
    from qgis.core import QgsVectorLayer

    monkeypatch.setattr(given, "seed_file", None)  # calling it fails
    layer = QgsVectorLayer("Point?crs=EPSG:32618&field=cover:string", "seeds", "memory")
    assert refused("cluster", SEEDS=layer, SEED_FIELD="cover", FIX_SEEDS=True) == ""
    assert refused("cluster", SEEDS=layer, ALGORITHM=3).startswith(
        "Seeds is given, and gmm does not start from"
    )


def test_a_failure_names_the_parameter_in_the_language_of_qgis(monkeypatch):
    from bandcluster_qgis import failures

    monkeypatch.setattr(
        failures, "tr", lambda text: text.replace("give a number from", "choose from")
    )
    problem = bandcluster.InvalidArgument("n_clusters is 0: give a number from 1 to 65535")
    problem.parts = ("", "n_clusters", " is 0: give a number from 1 to 65535")
    said = failures.told(problem, {"n_clusters": "Number of classes"})
    assert said == "Number of classes is 0: choose from 1 to 65535"
    problem.parts = ("the scene has 4 bands: choose them with ", "bands", ", in that order")
    assert (
        failures.told(problem, {"bands": "Bands"})
        == "the scene has 4 bands: choose them with Bands, in that order"
    )
