"""Reports from cluster, fit and predict: what they show is what the run did."""

import re

import pytest
from qgis.core import QgsProcessingException


def pictures(page):
    return re.findall(r'src="(data:image/[a-z]+;base64,[^"]+)"', page)


def test_every_algorithm_writes_its_page(run, copied, folder):
    scene = copied("s2_train.tif")
    paths = {name: folder / f"{name}.html" for name in ("cluster", "predict", "fit")}
    model = folder / "m.json"
    told = run("cluster", INPUT=scene, OUTPUT=folder / "a.tif", MODEL_OUTPUT=model, REPORT=paths["cluster"], CLUSTERS=5)
    assert told["REPORT"] == str(paths["cluster"])
    run("predict", INPUT=scene, MODEL=model, OUTPUT=folder / "b.tif", REPORT=paths["predict"])
    run("fit", INPUT=[scene, scene], MODEL_OUTPUT=folder / "n.json", REPORT=paths["fit"], CLUSTERS=5)
    pages = {name: path.read_text() for name, path in paths.items()}
    for name, page in pages.items():
        assert "Spectral signatures" in page and "Sentinel-2A" in page and "<h1>Classes of s2_train.tif" in page
        assert f"bandcluster:{name}" in page and str(folder) in page, "the command that does it again"
    assert pictures(pages["cluster"]) == pictures(pages["predict"])
    assert len(pictures(pages["fit"])) == 4
    assert "Given by a model" in pages["predict"] and "Given by a model" not in pages["cluster"]


def test_what_was_left_out_is_told(run, copied, folder):
    page = folder / "r.html"
    told = run("cluster", INPUT=copied("l8_nodata_a.tif"), OUTPUT=folder / "a.tif", REPORT=page)
    n_invalid = 779 * 790 - told["N_VALID"]
    text = page.read_text()
    assert f"{n_invalid:,} pixels were not valid".replace(",", " ") in text
    assert "any band is its nodata value, 0." in text


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
