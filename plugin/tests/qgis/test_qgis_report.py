"""Reports of cluster, fit and predict agree with the run."""

import re

import numpy as np
import pytest
from qgis.core import QgsProcessingException


def pictures(page):
    return re.findall(r'src="(data:image/[a-z]+;base64,[^"]+)"', page)


def test_every_algorithm_writes_its_page(run, copied, folder):
    scene = copied("s2_train.tif")
    paths = {name: folder / f"{name}.html" for name in ("cluster", "predict", "fit")}
    model = folder / "m.json"
    told = run(
        "cluster",
        INPUT=scene,
        OUTPUT=folder / "a.tif",
        MODEL_OUTPUT=model,
        REPORT=paths["cluster"],
        CLUSTERS=5,
    )
    assert told["REPORT"] == str(paths["cluster"])
    run("predict", INPUT=scene, MODEL=model, OUTPUT=folder / "b.tif", REPORT=paths["predict"])
    run(
        "fit", INPUT=[scene, scene], MODEL_OUTPUT=folder / "n.json", REPORT=paths["fit"], CLUSTERS=5
    )
    # With single spaces between words, as in a browser.
    pages = {name: " ".join(path.read_text().split()) for name, path in paths.items()}
    for name, page in pages.items():
        assert (
            "Spectral signatures" in page
            and "Sentinel-2A" in page
            and "<h1>Classes of s2_train.tif" in page
        )
        assert f"bandcluster:{name}" in page and str(folder) in page, (
            "the command that does it again"
        )
    place = "pixels of 10 m; EPSG:32618, WGS 84 / UTM zone 18N"
    assert (
        f">832 x 832 {place}; areas in its plane<" in pages["cluster"]
        and f">{place}<" in pages["fit"]
    )
    moved = "standard deviations on average"
    assert moved in pages["predict"] and moved not in pages["cluster"]
    assert pictures(pages["cluster"]) == pictures(pages["predict"])
    assert len(pictures(pages["fit"])) == 4
    assert (
        "Labelled with the classes of the model" in pages["predict"]
        and "Labelled with" not in pages["cluster"]
    )


def test_a_filtered_map_is_the_one_that_is_shown(run, copied, folder, labels_of):
    scene, page = copied("s2_train.tif"), folder / "r.html"
    run("cluster", INPUT=scene, OUTPUT=folder / "a.tif", REPORT=folder / "plain.html")
    run("cluster", INPUT=scene, MAJORITY=5, SIEVE=100, OUTPUT=folder / "b.tif", REPORT=page)
    text, unfiltered = page.read_text(), (folder / "plain.html").read_text()
    for count in np.bincount(labels_of(folder / "b.tif").ravel(), minlength=5)[1:]:
        assert f"{count:,}".replace(",", " ") in text
        assert f"{count:,}".replace(",", " ") not in unfiltered
        assert f"{count / 100:,.0f}".replace(",", " ") in text, "hectares: pixels are of 10 m"
    assert (
        pictures(text)[0] == pictures(unfiltered)[0]
        and pictures(text)[1] != pictures(unfiltered)[1]
    )


@pytest.mark.parametrize("algorithm", [3, 4], ids=["gmm", "agglomerative"])
@pytest.mark.parametrize("is_like", [False, True])
def test_classes_that_change_their_order_have_one_number_everywhere(
    algorithm, is_like, run, copied, folder, labels_of
):
    """The pass over the pixels finds other class sizes than the summary's cells."""
    scene, model = copied("s2_train.tif"), folder / "m.json"
    run("fit", INPUT=[scene], CLUSTERS=5, SEED=3, MODEL_OUTPUT=folder / "old.json")
    like = {"LIKE": folder / "old.json"} if is_like else {}
    made = {"MODEL_OUTPUT": model, "OUTPUT": folder / "a.tif", "REPORT": folder / "a.html"}
    run(
        "cluster",
        INPUT=scene,
        CLUSTERS=9,
        ALGORITHM=algorithm,
        RADIUS_QUANTILE=0.95,
        **like,
        **made,
    )
    run("predict", INPUT=scene, MODEL=model, OUTPUT=folder / "b.tif", REPORT=folder / "b.html")
    assert np.array_equal(labels_of(folder / "a.tif"), labels_of(folder / "b.tif"))
    # Each style names the map that it belongs to.
    assert (folder / "a.qml").read_text().replace("a.tif", "b.tif") == (
        folder / "b.qml"
    ).read_text()
    assert pictures((folder / "a.html").read_text()) == pictures((folder / "b.html").read_text())


def test_what_was_left_out_is_told(run, copied, folder):
    page = folder / "r.html"
    told = run("cluster", INPUT=copied("l8_nodata_a.tif"), OUTPUT=folder / "a.tif", REPORT=page)
    n_invalid = 779 * 790 - told["N_VALID"]
    text = page.read_text()
    assert f"{n_invalid:,} pixels were not valid".replace(",", " ") in text
    assert "any band has its nodata value, 0." in text


def test_no_page_is_left_by_a_failure(run, copied, folder):
    with pytest.raises(QgsProcessingException):
        run(
            "predict",
            INPUT=copied("s2_train.tif"),
            MODEL=folder / "none.json",
            OUTPUT=folder / "a.tif",
            REPORT=folder / "r.html",
        )
    assert not list(folder.iterdir())
