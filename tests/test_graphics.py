"""Charts, icons and pictures are one set.

They have the report's colours, icons can be seen on any theme, and readers with every kind of
colour vision can tell classes apart.
"""

import re

import bandcluster
import numpy as np
import pytest
from helpers import DATA, ROOT, read_bands

SCENES = {
    "s2_train.tif": None,
    "s2_13band.tif": None,
    "l7_uint8.tif": None,
    "l8_nodata_a.tif": 0,
    "l8_nodata_b.tif": 0,
}

# Matrices for linear red, green and blue that simulate eyes without one of the three receptors:
# Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), severity 1.0.
VISIONS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}

# The least difference (CIEDE2000) of two lines of a chart that readers can tell apart.
APART = 8


def linear(color):
    srgb = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB of linear red, green and blue, for white D65."""
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    t = to_xyz @ np.clip(rgb, 0, 1) / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / 3 * (29 / 6) ** 2 + 4 / 29)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, other):
    """CIEDE2000, as Sharma, Wu and Dalal (2005) write it."""
    (l1, a1, b1), (l2, a2, b2) = one, other

    def of_blue(chroma):
        return np.sqrt(chroma**7 / (chroma**7 + 25**7))

    def cos(degrees):
        return np.cos(np.radians(degrees))

    stretch = 1.5 - 0.5 * of_blue((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360
    h2 = np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    is_grey = c1 * c2 == 0
    turn = 0 if is_grey else (h2 - h1 + 180) % 360 - 180
    h = h1 + h2 if is_grey else h1 + turn / 2
    c, middle = (c1 + c2) / 2, ((l1 + l2) / 2 - 50) ** 2
    t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
    lightness = (l2 - l1) / (1 + 0.015 * middle / np.sqrt(20 + middle))
    chroma = (c2 - c1) / (1 + 0.045 * c)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * c * t)
    blue = np.radians(60 * np.exp(-(((h % 360 - 275) / 25) ** 2)))
    rotation = -2 * of_blue(c) * np.sin(blue)
    return np.sqrt(lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue)


def least_difference(colors, vision):
    seen = [lab(np.array(VISIONS[vision]) @ linear(color)) for color in colors]
    pairs = [(one, other) for number, one in enumerate(seen) for other in seen[:number]]
    return min(difference(*pair) for pair in pairs)


def test_the_simulation_is_the_published_one():
    # Three of the published test pairs; and greys look the same to everyone.
    assert difference((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    for matrix in VISIONS.values():
        assert np.allclose(np.sum(matrix, axis=1), 1, atol=1e-5)
    # The classic pairs: red and green of the same lightness, and blue and green.
    assert least_difference(["#b06000", "#608000"], "deuteranopia") < APART
    assert least_difference(["#0080a0", "#008080"], "tritanopia") < APART
    assert least_difference(["#0072b2", "#d55e00"], "protanopia") > 30


@pytest.mark.parametrize("scene", SCENES)
def test_colours_tell_few_classes_apart_and_numbers_tell_all(scene, tmp_path):
    pixels = read_bands(DATA / scene)[:, ::4, ::4]
    figures = {}
    for k in (2, 3, 4, 6, 8, 12):
        model = bandcluster.fit(pixels, k, nodata=SCENES[scene])
        figures[k] = min(least_difference(model.class_colors, vision) for vision in VISIONS)
        page = model.report(tmp_path / f"{k}.html")
        assert_lines_are_numbered(page, model)
    # Natural colours follow the scene, so not every reader can tell many classes apart.
    assert min(figures[2], figures[3]) >= APART, figures
    assert min(figures.values()) >= 1, figures  # just visible if patches touch


def assert_lines_are_numbered(page, model):
    """The numbers of the classes are beside the ends of their lines, and do not overlap."""
    with open(page, encoding="utf-8") as file:
        chart = re.search(r'aria-label="Mean of each class.*?</svg>', file.read(), re.S)[0]
    right = float(re.search(r'<svg width="(\d+)"', chart)[1]) - 40
    texts = re.findall(r'<text x="(\d+)" y="(-?\d+)".*?>\s*(\S+)\s*</text>', chart)
    ends = sorted((int(y), int(text)) for x, y, text in texts if int(x) > right)
    numbers = [number for number, count in enumerate(model.counts, 1) if count]
    assert sorted(number for _, number in ends) == numbers
    heights = [y for y, _ in ends]
    assert min(np.diff(heights)) >= 13, ends


@pytest.mark.parametrize(("palette", "n"), [("okabe-ito", 8), ("tol-bright", 7), ("tol-muted", 10)])
def test_palettes_for_all_kinds_of_colour_vision_are_so(palette, n):
    model = bandcluster.fit(read_bands(DATA / "s2_13band.tif")[:, ::8, ::8], n)
    model.set_colors(f"palette:{palette}")
    for vision in VISIONS:
        assert least_difference(model.class_colors, vision) >= APART, (vision, model.class_colors)


def light_palette():
    """The report's colours on light pages, by their names in the style sheet."""
    style = (ROOT / "src/report/templates/style.css").read_text()
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})\b", style.split("@media")[0]))


def test_charts_have_the_report_s_colours():
    roles = light_palette()
    assert {"ink", "soft", "grid", "line", "mark", "edge"} <= set(roles)
    own = {"#00535e", "#c05000", "#8a6fc0"}  # the systems that benches/peers/chart.py compares
    for path in (
        "plugin/bandcluster/_plot.py",
        "benches/peers/chart.py",
        "tests/house/picture.rs",
        "docs/images/house.svg",
        "docs/images/benchmarks.svg",
    ):
        found = set(re.findall(r"#[0-9a-f]{6}\b", (ROOT / path).read_text().lower()))
        assert found and found <= {*roles.values(), *own, "#ffffff"}, path


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21; parts of pictures need 3."""
    light = sorted(linear(color) @ [0.2126, 0.7152, 0.0722] + 0.05 for color in (one, other))
    return light[1] / light[0]


def test_icons_are_seen_on_light_and_dark_themes():
    icons = sorted((ROOT / "plugin/bandcluster_qgis/icons").glob("*.svg"))
    colors = {icon.stem: re.findall(r'="(#[0-9a-f]{6})"', icon.read_text()) for icon in icons}
    assert len(icons) > 5 and len(set().union(*colors.values())) <= 7, "one palette"
    for icon in icons:
        for stroke in re.findall(r'stroke="(#[0-9a-f]{6})"', icon.read_text()):
            if stroke == "#ffffff":  # the grid over blue pixels
                continue
            for theme in ("#f0f0f0", "#2b2b2b"):
                assert contrast(stroke, theme) >= 3, (icon.name, stroke, theme)
