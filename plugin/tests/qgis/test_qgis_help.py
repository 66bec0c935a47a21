"""Help texts: every parameter and output is explained, and the frozen keys exist."""

import configparser
import re

import pytest
from qgis.core import QgsProcessingParameterDefinition
from qgis.PyQt.QtCore import QModelIndex
from qgis.PyQt.QtSvg import QSvgRenderer
from scenes import PLUGIN

KEYS = {
    "openproduct": "INPUT BANDS RESOLUTION MASK_SCL OUTPUT",
    "stackbands": "INPUT RESOLUTION MASK_SCL OUTPUT",
    "cluster": (
        "INPUT BANDS CLUSTERS ALGORITHM SCALING METRIC BAND_WEIGHTS N_INIT SEED SEEDS"
        " SEED_FIELD FIX_SEEDS"
        " OPTIONS LIKE NODATA MASK MASK_SCL AOI MAX_DISTANCE RADIUS_QUANTILE COLORS MAJORITY SIEVE"
        " CREATE_OPTIONS MEMORY OUTPUT CONFIDENCE MODEL_OUTPUT REPORT POLYGONS"
    ),
    "fit": (
        "INPUT BANDS CLUSTERS ALGORITHM SCALING METRIC BAND_WEIGHTS N_INIT SEED SEEDS"
        " SEED_FIELD FIX_SEEDS"
        " OPTIONS LIKE NODATA MASK MASK_SCL AOI MAX_DISTANCE RADIUS_QUANTILE LOAD_MAPS MEMORY"
        " MODEL_OUTPUT REPORT LABELS_DIR"
    ),
    "predict": (
        "INPUT MODEL BANDS NODATA MASK MASK_SCL AOI SCALE OFFSET MAX_DISTANCE RADIUS_QUANTILE"
        " COLORS MAJORITY SIEVE CREATE_OPTIONS MEMORY OUTPUT CONFIDENCE REPORT POLYGONS"
    ),
    "choosek": (
        "INPUT BANDS MIN MAX ALGORITHM SCALING METRIC BAND_WEIGHTS N_INIT SEED NODATA MASK"
        " MASK_SCL AOI MEMORY"
        " REPORT"
    ),
    "mergeclasses": "MODEL GROUPS LABELS MODEL_OUTPUT OUTPUT",
    "stylefromlayer": "INPUT MODEL MODEL_OUTPUT",
}
RESULTS = {
    "openproduct": {"OUTPUT"},
    "stackbands": {"OUTPUT"},
    "cluster": {
        "OUTPUT",
        "CONFIDENCE",
        "MODEL_OUTPUT",
        "REPORT",
        "POLYGONS",
        "INERTIA",
        "N_ITER",
        "N_VALID",
    },
    "fit": {"MODEL_OUTPUT", "REPORT", "LABELS_DIR", "INERTIA", "N_ITER", "N_VALID", "MAPS"},
    "predict": {"OUTPUT", "CONFIDENCE", "REPORT", "POLYGONS", "N_VALID", "DRIFT"},
    "choosek": {"REPORT", "RECOMMENDED_K", "N_VALID"},
    "mergeclasses": {"MODEL_OUTPUT", "OUTPUT", "N_CLUSTERS", "MAPPING"},
    "stylefromlayer": {"MODEL_OUTPUT"},
}

GROUPS = {"cluster": "Cluster", "classes": "Classes", "quality": "Quality"}
ADVANCED = set(
    "SEED N_INIT OPTIONS METRIC BAND_WEIGHTS LIKE MAX_DISTANCE RADIUS_QUANTILE SCALE OFFSET"
    " MAJORITY SIEVE"
    " NODATA MEMORY CREATE_OPTIONS SEEDS SEED_FIELD FIX_SEEDS".split()
)


@pytest.fixture(params=KEYS)
def algorithm(request, provider):
    return provider.algorithm(request.param)


def test_the_provider_has_these_algorithms(provider):
    assert {algorithm.name() for algorithm in provider.algorithms()} == set(KEYS)
    assert provider.id() == "bandcluster"
    assert not provider.icon().isNull()


def test_keys_are_frozen(algorithm):
    assert [parameter.name() for parameter in algorithm.parameterDefinitions()] == KEYS[
        algorithm.name()
    ].split()
    assert {output.name() for output in algorithm.outputDefinitions()} == RESULTS[algorithm.name()]


def test_every_parameter_and_output_is_explained(algorithm):
    for parameter in algorithm.parameterDefinitions():
        assert parameter.description(), parameter.name()
        assert parameter.help().endswith("."), parameter.name()
        assert parameter.help() in algorithm.shortHelpString()
    for output in algorithm.outputDefinitions():
        assert output.description(), output.name()
        assert output.description() in algorithm.shortHelpString()


def test_names_tags_and_icon(algorithm):
    assert re.fullmatch("[a-z0-9]+", algorithm.name())
    assert algorithm.displayName()[0].isupper()
    assert algorithm.shortDescription().endswith(".")
    assert GROUPS[algorithm.groupId()] == algorithm.group()
    assert not algorithm.icon().isNull()
    assert QSvgRenderer(algorithm.svgIconPath()).isValid()


@pytest.mark.parametrize(
    "wanted, names",
    [
        ("kmeans", {"cluster"}),
        ("k-means", {"cluster"}),
        ("dbscan", {"cluster"}),
        ("gaussian", {"cluster"}),
        ("unsupervised", {"cluster"}),
        ("segmentation", {"cluster"}),
        ("color", {"stylefromlayer"}),
        ("symbology", {"stylefromlayer"}),
        ("silhouette", {"choosek"}),
        ("mosaic", {"fit"}),
        ("classification", {"cluster", "fit", "predict"}),
    ],
)
def test_the_toolbox_finds_the_algorithm_and_only_it(provider, wanted, names):
    from qgis.core import QgsApplication
    from qgis.gui import QgsProcessingToolboxProxyModel

    toolbox = QgsProcessingToolboxProxyModel(None, QgsApplication.processingRegistry())
    toolbox.setFilterString(wanted)

    def algorithms(parent):
        for row in range(toolbox.rowCount(parent)):
            index = toolbox.index(row, 0, parent)
            found = toolbox.toolboxModel().algorithmForIndex(toolbox.mapToSource(index))
            yield from [found.id()] if found else algorithms(index)

    found = {name for name in algorithms(QModelIndex()) if name.startswith("bandcluster:")}
    assert found == {f"bandcluster:{name}" for name in names}


def test_the_help_has_headings_and_a_page(algorithm, monkeypatch):
    for parameter in algorithm.parameterDefinitions():
        assert f"<b>{parameter.description()}</b>" in algorithm.shortHelpString()
    assert re.fullmatch("https://.+/bandcluster/blob/main/docs/.+", algorithm.helpUrl())
    assert (PLUGIN.parent / algorithm.helpUrl().partition("/main/")[2]).is_file()
    monkeypatch.setattr("qgis.core.QgsApplication.platform", lambda: "qgis_process")
    assert "<" not in algorithm.shortHelpString(), "a terminal shows the letters"


def test_what_is_read_and_what_is_written_have_names_of_their_own(algorithm):
    names = [parameter.description() for parameter in algorithm.parameterDefinitions()]
    assert len(set(names)) == len(names)
    for key, name in (("MODEL", "Model"), ("MODEL_OUTPUT", "New model")):
        definition = algorithm.parameterDefinition(key)
        assert definition is None or definition.description() == name


def test_every_algorithm_has_an_icon_of_its_own_and_every_group_an_algorithm(provider):
    algorithms = provider.algorithms()
    assert len({algorithm.svgIconPath() for algorithm in algorithms}) == len(algorithms)
    assert {algorithm.groupId() for algorithm in algorithms} == set(GROUPS)


def test_what_few_need_is_advanced(algorithm):
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    found = {
        parameter.name()
        for parameter in algorithm.parameterDefinitions()
        if parameter.flags() & advanced
    }
    assert found == ADVANCED & set(KEYS[algorithm.name()].split())


def test_what_no_chosen_band_means(algorithm):
    bands = algorithm.parameterDefinition("BANDS")
    if bands is None:
        pytest.skip("it reads no scene")
    assert "(none chosen: " in bands.description()
    assert "None chosen: " in bands.help()


def test_metadata():
    metadata = configparser.ConfigParser()
    metadata.read(PLUGIN / "bandcluster_qgis" / "metadata.txt", encoding="utf-8")
    general = metadata["general"]
    for key in (
        "name",
        "description",
        "version",
        "author",
        "email",
        "about",
        "tracker",
        "repository",
    ):
        assert general[key]
    assert general["hasProcessingProvider"] == "yes"
    assert (general["qgisMinimumVersion"], general["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert (PLUGIN / "bandcluster_qgis" / general["icon"]).is_file()


def test_shipped_code_passes_the_repository_s_rules():
    """No asserts, exec or eval, pickle, MD5, mktemp, shell; and no PyQt except QGIS's own."""
    forbidden = r"\b(assert|exec|eval|pickle|md5|mktemp|shell=True|PyQt[56])\b|\bexec_\("
    for package in ("bandcluster", "bandcluster_qgis"):
        for file in (PLUGIN / package).rglob("*.py"):
            for line in file.read_text().replace("qgis.PyQt", "").splitlines():
                code = line.split("#")[0]
                assert not re.search(rf"^\s*(from|import)?\s*{forbidden}", code), f"{file}: {line}"
