"""The report: its numbers agree with model and pixels, and it needs no other file."""

import base64
import re
from html.parser import HTMLParser

import bandcluster
import numpy as np
import pytest
from scenes import cut, read

BANDS = ("B02", "B03", "B04", "B08")


class Page(HTMLParser):
    """The texts, tables and pictures of a page, and whether its elements are closed in order."""

    VOID = ("meta", "img", "br")

    def __init__(self, text):
        super().__init__()
        self.text, self.headings, self.tables, self.images, self.addresses, self.labels = (
            "",
            [],
            [],
            [],
            [],
            [],
        )
        self._open, self.texts = [], []
        self.feed(text)
        assert not self._open, self._open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.addresses += [
            attributes[name] for name in ("src", "href", "data", "xlink:href") if name in attributes
        ]
        assert tag not in ("script", "link", "iframe", "object", "a"), tag
        if tag == "img":
            self.images.append(attributes)
        if "aria-label" in attributes:
            self.labels.append(attributes["aria-label"])
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th") and self.tables:
            self.tables[-1][-1].append("")
        if tag in ("h1", "h2", "h3"):
            self.headings.append("")
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass  # of SVG

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if not self._open or self._open[-1] == "style":
            return
        self.text += data
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data
        if {"h1", "h2", "h3"} & set(self._open):
            self.headings[-1] += data

    def table(self, heading):
        return next(table for table in self.tables if table[0] and table[0][0] == heading)


def separability(means, covariances):
    """Jeffries-Matusita distance and transformed divergence by their definitions."""
    k = len(means)
    measures = np.zeros((2, k, k))
    for a in range(k):
        for b in range(k):
            offset, middle = means[a] - means[b], (covariances[a] + covariances[b]) / 2
            log = [
                np.linalg.slogdet(matrix)[1] for matrix in (middle, covariances[a], covariances[b])
            ]
            bhattacharyya = (
                offset @ np.linalg.solve(middle, offset) / 8 + (log[0] - (log[1] + log[2]) / 2) / 2
            )
            inverse = [np.linalg.inv(covariances[c]) for c in (a, b)]
            divergence = np.trace((covariances[a] - covariances[b]) @ (inverse[1] - inverse[0])) / 2
            divergence += offset @ (inverse[0] + inverse[1]) @ offset / 2
            measures[:, a, b] = 2 * (1 - np.exp(-bhattacharyya)), 2 * (1 - np.exp(-divergence / 8))
    return measures


@pytest.fixture(scope="module")
def scene():
    return cut(read("s2_train.tif"), 300)


@pytest.fixture(scope="module")
def model(scene):
    model = bandcluster.fit(scene, 5)
    for number, name in enumerate(BANDS, start=1):
        model.set_band(number, name)
    return model


def test_separability_is_that_of_numpy_on_the_pixels(scene, model):
    labels = model.predict(scene)
    pixels = [scene[:, labels == value].astype(float) for value in range(1, 6)]
    expected = separability(
        [of.mean(axis=1) for of in pixels], [np.cov(of, bias=True) for of in pixels]
    )
    found = np.array(model.separability())
    # The model's correlations are those of cells of the summary, not of the pixels themselves.
    np.testing.assert_allclose(found, expected, atol=0.02)
    assert 0.5 < found[0][~np.eye(5, dtype=bool)].min() < 1.99, "a test that can fail"


def test_separability_of_classes_without_spread():
    pixels = np.repeat(np.array([[1, 7, 9], [5, 5, 5]], np.uint8), 20, axis=1)
    for measure in bandcluster.fit(pixels, 3).separability():
        np.testing.assert_array_equal(measure, 2 * (1 - np.eye(3)))


def test_the_page_says_what_the_model_says(scene, model, tmp_path):
    path = tmp_path / "report.html"
    scene = scene.copy()
    scene[:, :10] = 0
    hectares = [float(value) for value in (1500, 20.25, 3, 0.5, 0)]
    told = dict(
        hectares=hectares,
        warnings=["It <may> rain."],
        command="bandcluster cluster 'a b.tif' c.tif",
    )
    model.report(path, scene, title="folder/R&D.tif", nodata=0, **told)
    page = Page(path.read_text())
    assert page.headings[0] == "Classes of R&D.tif"
    for heading in (
        "The map",
        "The classes",
        "Spectral signatures",
        "Separability",
        "Which classes could be one",
    ):
        assert heading in page.headings
    assert "It <may> rain." in page.text and told["command"] in page.text
    assert "3 000 pixels were not valid" in page.text and "Sentinel-2A" in page.text

    counts = np.bincount(model.predict(scene, nodata=0).ravel(), minlength=6)
    classes = page.table("Value")
    assert classes[0] == ["Value", "Name", "Share", "Area, ha", "Pixels", "Colour"]
    for row, name, color, count, area in zip(
        classes[1:],
        model.class_names,
        model.class_colors,
        counts[1:],
        ("1 500", "20.2", "3.00", "0.50", "0.00"),
    ):
        assert row[1:] == [
            name,
            f"{100 * count / counts[1:].sum():.2f} %",
            area,
            f"{count:,}".replace(",", " "),
            color,
        ]

    signatures = page.table("Mean and standard deviation")
    assert signatures[0][1:] == list(BANDS) and len(signatures) == 6
    for row, center in zip(signatures[1:], model.centers):
        means = [float(cell.split("±")[0]) for cell in row[1:]]
        np.testing.assert_allclose(means, center, rtol=2e-3)

    measures = model.separability()
    for table, measure in zip(
        (table for table in page.tables if table[0] and table[0][0] == ""), measures
    ):
        for a, row in enumerate(table[1:]):
            for b, cell in enumerate(row[1:]):
                assert cell == ("–" if a == b else f"{np.floor(measure[a, b] * 100) / 100:.2f}")
    nearest = page.table("Class")[1]
    assert float(nearest[2]) == pytest.approx(measures[0][~np.eye(5, dtype=bool)].min(), abs=0.01)


def test_the_page_needs_nothing_but_itself(scene, model, tmp_path):
    path = tmp_path / "report.html"
    model.report(path, scene)
    text = path.read_text()
    page = Page(text)
    assert all(address.startswith("data:image/") for address in page.addresses)
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text)
    assert len(page.images) == 2 and all(image["alt"] for image in page.images)
    kinds = [base64.b64decode(address.split(",")[1])[:4] for address in page.addresses]
    assert kinds == [b"\xff\xd8\xff\xe0", b"\x89PNG"]
    assert text.count("<svg") == 1 + 5 + 1 and len(page.labels) == 7, (
        "signatures, one for each class, a dendrogram"
    )
    assert (
        "prefers-color-scheme: dark" in text
        and "@media print" in text
        and "width=device-width" in text
    )
    path.unlink()
    model.report(path)
    assert "<img" not in path.read_text(), "without an image there is no picture"


def test_classes_that_are_alike_are_to_be_merged(tmp_path):
    random = np.random.default_rng(3)
    pixels = np.concatenate(
        [random.normal(1000, 60, (2, 4000)), random.normal(3000, 60, (2, 4000))], axis=1
    )
    model = bandcluster.fit(np.rint(pixels).astype(np.uint16), 3)
    [(a, b)] = np.argwhere(np.triu(model.separability()[0] < 1.4, 1)) + 1  # the halves of one cloud
    model.report(tmp_path / "report.html", model_file="my model.json")
    page = Page((tmp_path / "report.html").read_text())
    assert f"class {a} + class {b}" in page.text and "bandcluster merge" not in page.text
    bandcluster.fit(np.rint(pixels).astype(np.uint16), 2).report(tmp_path / "report.html")
    assert "None: no two classes" in (tmp_path / "report.html").read_text()


def test_blocks_make_the_same_picture(scene, model, tmp_path):
    labels = model.predict(scene)
    whole, parts = (bandcluster.Picture(model, "scene", 300, 300) for _ in range(2))
    whole.add(scene, labels)
    for y, x in ((0, 0), (0, 110), (170, 0), (170, 110)):
        rows, columns = slice(y, 170 if y == 0 else None), slice(x, 110 if x == 0 else None)
        parts.add(scene[:, rows, columns], labels[rows, columns], x, y)
    pages = []
    for picture in (whole, parts):
        bandcluster.save_report(model, tmp_path / "r.html", pictures=[picture])
        pages.append((tmp_path / "r.html").read_bytes())
    assert pages[0] == pages[1]


def test_filtered_labels_take_the_place_of_those_of_the_blocks(scene, model, tmp_path):
    labels = model.predict(scene)
    filtered = bandcluster.majority(labels, 5)
    at_once, later = (bandcluster.Picture(model, "scene", 300, 300) for _ in range(2))
    at_once.add(scene, filtered)
    later.add(scene, labels)
    for y in (140, 0):
        later.relabel(filtered[y : y + 160][: 160 if y else 140], y)
    pages = []
    for picture in (at_once, later):
        bandcluster.save_report(model, tmp_path / "r.html", pictures=[picture])
        pages.append((tmp_path / "r.html").read_bytes())
    assert pages[0] == pages[1]
    for rows, y in ((filtered, 1), (filtered[:, 1:], 0)):
        with pytest.raises(
            bandcluster.InvalidArgument, match="not whole rows of the scene of 300 x 300"
        ):
            later.relabel(rows, y)


def test_place_and_drift_are_told(scene, model, tmp_path):
    sample = bandcluster.Summary(4, np.uint16)
    sample.add(scene[:, ::4, ::4] + np.uint16(300))
    drift = model.drift(sample)
    model.report(tmp_path / "report.html", place="300 x 300 pixels of 10 m", drift=drift)
    page = Page((tmp_path / "report.html").read_text())
    assert ["Place", "300 x 300 pixels of 10 m"] in page.tables[0]
    assert f"moved by {drift.overall:.2f} standard deviations" in page.text
    rows = page.table("Band")[1:]
    assert [row[0] for row in rows] == list(BANDS)
    for (_name, shift, distance), band in zip(rows, drift.bands):
        assert shift[0] == "+" and float(shift) == pytest.approx(band.shift, rel=1e-3)
        assert distance == f"{band.distance:.2f}"
    model.report(tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text())
    assert "Place" not in page.text and "How far the scene is" not in page.text


def test_every_line_bears_its_number(scene, model, tmp_path):
    model.report(tmp_path / "report.html")
    overview = (tmp_path / "report.html").read_text().split("<svg")[1].split("</svg>")[0]
    texts = re.findall(r'<text x="(\d+)" y="(\d+)"[^>]*>\s*([^<]*?)\s*</text>', overview)
    numbers = {text: int(y) for x, y, text in texts if int(x) > 715}
    assert sorted(numbers) == ["1", "2", "3", "4", "5"]
    heights = sorted(numbers.values())
    assert min(np.diff(heights)) >= 13, "they do not overlap"
    assert sorted(numbers, key=numbers.get) == sorted(
        numbers, key=lambda text: -model.centers[int(text) - 1][3]
    )
    assert set(BANDS) <= {text for _x, _y, text in texts}


def test_what_cannot_be(scene, model, tmp_path):
    labels = model.predict(scene)
    picture = bandcluster.Picture(model, "scene", 300, 300)
    with pytest.raises(bandcluster.InvalidArgument, match="not within the scene of 300 x 300"):
        picture.add(scene, labels, 1, 0)
    with pytest.raises(bandcluster.InvalidArgument, match="2 bands, the model 4"):
        picture.add(scene[:2], labels)
    with pytest.raises(bandcluster.InvalidArgument, match="must be of one size"):
        picture.add(scene, labels[:10])
    with pytest.raises(bandcluster.InvalidArgument, match="label 9"):
        picture.add(scene, np.full_like(labels, 9))
    with pytest.raises(bandcluster.InvalidArgument, match="from 1 to 4"):
        bandcluster.Picture(model, "scene", 300, 300, (1, 2, 5))
    with pytest.raises(bandcluster.InvalidArgument, match="hectares needs 5 numbers"):
        model.report(tmp_path / "r.html", hectares=[1])
    with pytest.raises(bandcluster.IOFailure):
        model.report(tmp_path / "none" / "r.html")
    assert not list(tmp_path.iterdir())


def test_unclassified_pixels_are_told(scene, tmp_path):
    model = bandcluster.fit(scene, 4)
    model.set_radius_quantile(0.9)
    model.report(tmp_path / "report.html", scene)
    counts = np.bincount(model.predict(scene).ravel(), minlength=6)
    last = Page((tmp_path / "report.html").read_text()).table("Value")[-1]
    assert last[1] == "unclassified" and last[3] == f"{counts[5]:,}".replace(",", " ")
    model.report(tmp_path / "report.html", counts=counts[:5])
    assert Page((tmp_path / "report.html").read_text()).table("Value")[-1][1] == "class 4"
    with pytest.raises(bandcluster.InvalidArgument, match="3 counts"):
        model.report(tmp_path / "report.html", counts=counts[:3])
