"""Output in notebooks: tables, pictures, pages, progress bars."""

import contextlib
import html.parser
import io

import bandcluster
import matplotlib
import numpy as np
import pytest
import rasterio
import rioxarray
from scenes import DATA, cut, read

matplotlib.use("Agg")


class Reader(html.parser.HTMLParser):
    """The texts of a piece of HTML, and whether its tags are closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.tags = [], [], set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


@pytest.fixture(scope="module")
def scene():
    return cut(read("s2_train.tif"), 200)


@pytest.fixture(scope="module")
def fitted(scene):
    return bandcluster.fit(scene, 4).to_json()


@pytest.fixture
def model(fitted):
    return bandcluster.Model.from_json(fitted)


def test_a_model_is_a_table_of_its_classes(model):
    model.class_names = ["<script>alert(1)</script>", 'a "b" & c', "c", "d"]
    shown = Reader(model._repr_html_())
    assert "script" not in shown.tags and "<script>alert(1)</script>" in shown.texts
    assert f"{model.counts[0]:,}" in shown.texts and "area, ha" not in shown.texts
    model.pixel_area = 100.0
    shown = Reader(model._repr_html_())
    assert "area, ha" in shown.texts and f"{model.counts[1] / 100:,.1f}" in shown.texts
    # The colours of the theme: only swatches have colours of their own.
    text = model._repr_html_()
    assert all(color in text for color in model.class_colors)
    assert "color:black" not in text and "color:#" not in text and "background:white" not in text


def test_a_choice_is_a_table_and_a_picture(scene):
    choice = bandcluster.choose_k(scene, 2, 5, memory=3)
    shown = Reader(choice._repr_html_())
    assert {"2", "3", "4", "5", "silhouette"} <= set(shown.texts) and "bic" not in shown.texts
    assert f"{choice.recommended} classes" in shown.texts
    figure = choice.plot()
    assert sum(axes.get_visible() for axes in figure.axes) == 5


def test_a_scene_is_drawn_beside_its_classes(scene, model):
    figure = bandcluster.plot(scene, model.predict(scene), model)
    left, right = figure.axes
    assert left.images[0].get_array().shape == (200, 200, 4)
    # A notebook also shows it if it is the first picture.
    assert figure._repr_png_().startswith(b"\x89PNG")
    labels = model.predict(scene)
    colors = right.images[0].get_array()
    for value, _, color in model.legend:
        assert f"#{bytes(colors[labels == value][0][:3]).hex()}" == color
    texts = [text.get_text() for text in right.get_legend().get_texts()]
    assert len(texts) == 4 and texts[0].startswith("class 1 (")
    natural = left.images[0].get_array()[..., :3]
    assert 0.2 < natural.mean() < 0.8 and natural.std() > 0.1
    with pytest.raises(bandcluster.InvalidArgument, match="the scene is"):
        bandcluster.plot(scene, labels[:10], model)
    with pytest.raises(bandcluster.InvalidArgument, match="three, from 1 to 4"):
        bandcluster.plot(scene, labels, model, bands=(1, 2, 5))


def test_pixels_without_data_are_transparent():
    scene = read("l8_nodata_a.tif")
    model = bandcluster.fit(scene, 3, nodata=0)
    left, right = bandcluster.plot(scene, model.predict(scene), model).axes
    step = -(-max(scene.shape[1:]) // 1000)
    empty = (scene == 0).any(axis=0)[::step, ::step]
    for axes in (left, right):
        assert np.array_equal(np.asarray(axes.images[0].get_array())[..., 3] == 0, empty)


def test_signatures_are_drawn(model):
    figure = model.plot_signatures()
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == model.class_names
    assert np.allclose(axes.lines[1].get_ydata(), model.centers[0], rtol=0.01)
    assert model.plot_signatures(axes) is figure


def test_a_page_is_shown_inline(model, scene, tmp_path):
    page = model.report(tmp_path / "report.html", scene, title='a "scene"')
    assert open(page, encoding="utf-8").read().startswith("<!")
    shown = page._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and shown.count("<") == 2
    outcome = bandcluster.cluster_file(
        DATA / "s2_train.tif", tmp_path / "map.tif", n_clusters=3, report=tmp_path / "outcome.html"
    )
    assert "<iframe" in outcome.report._repr_html_()
    assert "area, ha" in Reader(outcome._repr_html_()).texts


def test_true_shows_a_bar(scene):
    shown = io.StringIO()
    with contextlib.redirect_stderr(shown):
        model = bandcluster.fit(scene, 3, progress=True)
        bandcluster.choose_k(scene, 2, 3, memory=3, progress=True)
        bandcluster.Summary(4, scene.dtype).add(scene, progress=True)
    assert "100 %" in shown.getvalue()
    assert bandcluster.fit(scene, 3, progress=False).to_json() == model.to_json()


def test_a_map_that_was_written_is_drawn_like_the_one_that_was_made(tmp_path):
    scene = (
        rioxarray.open_rasterio(DATA / "l8_nodata_a.tif")
        .isel(x=slice(0, 300), y=slice(0, 300))
        .load()
    )
    model = bandcluster.fit(scene, 3)
    classes = model.predict(scene)
    expected = bandcluster.plot(scene, classes, model).axes[1].images[0].get_array()
    assert 0 in classes.values
    classes.rio.to_raster(tmp_path / "map.tif")
    opened = [
        rioxarray.open_rasterio(tmp_path / "map.tif", masked=masked) for masked in (False, True)
    ]
    with rasterio.open(tmp_path / "map.tif") as file:
        opened.append(file.read(1, masked=True))
    for again in [*opened, classes.T]:
        assert np.array_equal(
            bandcluster.plot(scene, again, model).axes[1].images[0].get_array(), expected
        )
    last = np.moveaxis(scene.values, 0, -1)
    assert bandcluster.plot(last, classes, model, channel_axis=-1, nodata=scene.rio.nodata)
    for wrong, message in [
        (classes[::-1], "lies elsewhere"),
        (classes.values.astype(int) - 1, "from -1 to 2"),
    ]:
        with pytest.raises(bandcluster.InvalidArgument, match=message):
            bandcluster.plot(scene, wrong, model)


def test_names_are_no_mathematics_and_none_is_hidden(scene, model):
    model.class_names = ["$\\frac{$", "_b", "5 $", "d"]
    model.set_band(1, "$\\frac{$")
    for figure in (
        model.plot_signatures(),
        bandcluster.plot(scene, model.predict(scene), model, bands=(1, 2, 3)),
    ):
        assert figure._repr_png_()
        assert len(figure.axes[-1].get_legend().get_texts()) == 4
