"""The explorer without widgets: the next fit, the pixels of a view, edits of classes."""

import threading
import time
from types import SimpleNamespace

import bandcluster
import numpy as np
import pytest
from bandcluster_qgis.explorer import charts, edits, fitting, plan, view
from bandcluster_qgis.explorer.edits import Edits
from bandcluster_qgis.explorer.geometry import Box, Grid, Window, indices, places, spread
from bandcluster_qgis.explorer.newest import Latest
from bandcluster_qgis.explorer.seeds import Seeds
from bandcluster_qgis.explorer.settings import FEWEST, MOST, Settings
from bandcluster_qgis.explorer.view import Painter, Request, View
from scenes import read

# --- the next fit ---------------------------------------------------------------------------------


def fitted(converged=True):
    return SimpleNamespace(converged=converged)


def test_the_number_that_is_looked_at_comes_first_then_its_neighbours():
    numbers = plan.Plan(Settings("scene.tif"), 6)
    order = []
    while numbers.next() == (plan.FIT, 0):
        k = numbers.number()
        order.append(k)
        numbers.keep(k, fitted())
        if k == 5:
            numbers.look_at(15)
    assert order[:6] == [6, 5, 15, 14, 16, 13]
    assert sorted(order) == list(range(FEWEST, MOST + 1))
    assert numbers.next() == (plan.MEASURE, 0)
    assert numbers.number() is None


def test_only_the_number_that_is_looked_at_is_refined_and_last():
    numbers = plan.Plan(Settings("scene.tif"), 6)
    for k in Settings("scene.tif").numbers():
        numbers.keep(k, fitted(converged=False))
    assert numbers.next() == (plan.MEASURE, 0)
    numbers.measure("choice")
    assert numbers.next() == (plan.REFINE, 6)
    numbers.keep(6, fitted())
    assert numbers.next() is None
    numbers.look_at(7)
    assert numbers.next() == (plan.REFINE, 7)


def test_a_number_that_cannot_be_is_not_tried_again():
    numbers = plan.Plan(Settings("scene.tif", algorithm="dbscan"), 0)
    assert numbers.next() == (plan.FIT, 0)
    assert numbers.number() == 0
    numbers.fail(0, "no cluster was found")
    assert numbers.next() is None
    assert numbers.why_not(0) == "no cluster was found"


def test_numbers_that_are_being_fitted_are_left_out():
    numbers = plan.Plan(Settings("scene.tif"), 6)
    numbers.keep(7, fitted())
    assert numbers.number({6}) == 5
    assert numbers.number({6, 5}) == 4
    assert numbers.number(set(range(FEWEST, MOST + 1))) is None
    assert numbers.next() == (plan.FIT, 0), "what is being fitted is not done"


class Summaries:
    """Stands for the pixels of a scene: fits wait until several of them have begun, or for ever."""

    coarse, source = None, "scene.tif"

    def __init__(self, at_once, ends=True):
        self.whole, self.begun, self.ends, self.room = self, [], ends, at_once
        self.running = 0
        self.together = threading.Barrier(at_once, timeout=30)

    def open(self):
        pass

    def describe(self, model):
        pass

    def fit(self, n_clusters, progress, **_options):
        self.begun.append(n_clusters)
        if len(self.begun) <= self.together.parties:
            self.together.wait()
        self.running += 1
        try:
            return self._fit(n_clusters, progress)
        finally:
            self.running -= 1

    def _fit(self, n_clusters, progress):
        if n_clusters == 9:
            raise bandcluster.InvalidData("too few pixels")
        if self.running > self.room:
            raise bandcluster.OutOfMemory("no memory")
        while not self.ends:
            if not progress(0.5, "fitting"):
                raise bandcluster.Cancelled("cancelled")
            time.sleep(0.001)
        return fitted()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(fitting, "_AT_ONCE", 3)
    monkeypatch.setattr(fitting.bandcluster, "choose_k", lambda *_, **__: "choice")
    return 3


def test_several_numbers_are_fitted_at_once(at_once):
    pixels, told = Summaries(at_once), []
    work = fitting.Fitting(pixels, Settings("scene.tif"), 6)
    work.run(lambda _fraction, _phase: True, lambda: told.append(work.plan.count()))
    assert sorted(pixels.begun) == list(range(FEWEST, MOST + 1))
    assert set(pixels.begun[:3]) == {6, 5, 7}
    assert told[-1] == MOST - FEWEST + 1
    assert work.is_done()
    assert str(work.plan.why_not(9)) == "too few pixels"


def fitted_with_room_for(n_fits, at_once):
    pixels = Summaries(at_once)
    pixels.room = n_fits
    work = fitting.Fitting(pixels, Settings("scene.tif"), 6)
    work.run(lambda _fraction, _phase: True, lambda: None)
    assert work.is_done()
    return work.plan


def test_what_has_no_memory_beside_others_is_fitted_alone(at_once):
    done = fitted_with_room_for(1, at_once)
    assert [k for k in range(FEWEST, MOST + 1) if done.why_not(k)] == [9]


def test_what_has_no_memory_even_alone_fails(at_once):
    assert str(fitted_with_room_for(0, at_once).why_not(6)) == "no memory"


def test_a_cancel_ends_all_fits_and_they_can_begin_again(at_once):
    pixels, looks = Summaries(at_once, ends=False), []
    work = fitting.Fitting(pixels, Settings("scene.tif"), 6)

    def progress(_fraction, _phase):
        looks.append(len(pixels.begun))
        return len(looks) < 3

    with pytest.raises(bandcluster.Cancelled):
        work.run(progress, lambda: None)
    assert set(pixels.begun) == {6, 5, 7}
    pixels.ends = True
    work.run(lambda _fraction, _phase: True, lambda: None)
    assert work.is_done()


def test_settings_are_told_to_every_face():
    settings = Settings(
        "a.tif", (4, 3), (0,), "agglomerative", (("linkage", "average"),), "zscore", seed=7
    )
    assert settings.reading() == {"inputs": ["a.tif"], "bands": [4, 3], "nodata": [0]}
    bandcluster.check_job({**settings.request(5), "output": "map.tif"})
    assert settings.fit(5) == {
        "algorithm": "agglomerative",
        "n_clusters": 5,
        "linkage": "average",
        "scaling": "zscore",
        "metric": "euclidean",
        "band_weights": None,
        "seed": 7,
        "n_init": None,
    }
    assert "n_clusters" not in Settings("a.tif", algorithm="hdbscan").request(5)


def test_band_weights_are_told_to_every_face():
    settings = Settings("a.tif", (4, 3), band_weights=(1.0, 0.1 + 0.2))
    weights = [1, 0.1 + 0.2]
    request = settings.request(5)
    assert request["band_weights"] == weights and settings.is_measured()
    bandcluster.check_job({**request, "output": "map.tif"})
    assert settings.fit(5)["band_weights"] == settings.choice()["band_weights"] == weights
    assert settings.weights_told() == "1, 0.30000000000000004"
    assert Settings("a.tif").weights_told() == "" and "band_weights" not in Settings("a").request(5)


def test_isodata_may_begin_with_as_many_classes_as_the_slider_has():
    settings = Settings("a.tif", algorithm="isodata")
    assert "options" not in settings.request(16) and "max_clusters" not in settings.fit(16)
    assert settings.request(17)["options"] == {"max_clusters": 17}
    assert settings.fit(MOST)["max_clusters"] == settings.fit(MOST)["initial_clusters"] == MOST
    for k in settings.numbers():
        bandcluster.check_job({**settings.request(k), "output": "map.tif"})
    own = Settings("a.tif", algorithm="isodata", options=(("max_clusters", 40), ("max_iter", 5)))
    assert own.options_of(MOST) == {"max_clusters": 40, "max_iter": 5}
    assert Settings("a.tif").options_of(MOST) == {}


def test_each_seed_is_a_class_and_there_may_be_more():
    three = Seeds(
        (("a", "Point (1 2)"), ("b", "Point (3 4)"), ("a", "Point (5 6)"), ("c", "Point (7 8)"))
    )
    settings = Settings("a.tif", seeds=three)
    assert settings.numbers() == tuple(range(3, MOST + 1)) and not settings.is_measured()
    assert [settings.nearest(k) for k in (2, 3, 9, 99)] == [3, 3, 9, MOST]
    assert Settings("a.tif", seeds=three.fixed(True)).numbers() == (3,)
    many = Seeds(tuple((str(number), "Point (1 2)") for number in range(MOST + 5)))
    assert Settings("a.tif", seeds=many).numbers() == (MOST + 5,)
    assert Settings("a.tif", algorithm="dbscan", seeds=three).numbers() == (0,)


def test_seeds_are_told_to_the_job_and_to_the_fit():
    seeds = Seeds((("a", "Point (1 2)"), ("b", "Point (3 4)")), fix=True)
    settings = Settings("a.tif", seeds=seeds)
    request = settings.request(2, "mine.gpkg")
    assert (request["seeds"], request["fix_seeds"], request["n_clusters"]) == ("mine.gpkg", True, 2)
    bandcluster.check_job({**request, "output": "map.tif"})
    means = {"a": [1.0], "b": [2.0]}
    assert settings.fit(2, means) == {**settings.fit(2), "init": means, "fix": True}
    wrong = Settings("a.tif", algorithm="gmm", seeds=seeds).request(2)
    with pytest.raises(bandcluster.InvalidArgument, match="gmm does not start from centres"):
        bandcluster.check_job({**wrong, "output": "map.tif"})


def test_what_is_done_to_seeds():
    seeds = Seeds().added(
        [("wood", "Point (1 2)"), ("lake", "Point (3 4)"), ("wood", "Point (1 2)")]
    )
    assert seeds.names() == ("wood", "lake") and seeds.counts()["wood"] == 1
    more = seeds.added([("lake", "Point (5 6)")])
    assert more.counts()["lake"] == 2 and seeds.counts()["lake"] == 1
    assert more.without(["wood"]).names() == ("lake",)
    assert more.fixed(True).without(["wood"]).fix
    assert more.fixed(True).without(["wood", "lake"]) == Seeds()
    assert more.renamed("lake", "wood").counts() == {"wood": 3}
    names = Seeds((("seed 1", "Point (1 2)"), ("seed 3", "Point (1 2)"))).new_names("seed {}")
    assert [next(names), next(names)] == ["seed 2", "seed 4"]
    assert Seeds.from_json({"shapes": [["wood", "Point (1 2)"]], "fix": True}) == Seeds(
        (("wood", "Point (1 2)"),), True
    )


# --- the pixels of a view -------------------------------------------------------------------------

GRID = Grid(Box(0, 0, 100, 80), 50, 40)  # the pixel size is 2


def test_a_view_reads_whole_pixels_of_the_raster():
    assert GRID.window(Box(3, 3, 7, 7), 0.1) == Window(Box(2, 2, 8, 8), 3, 3)
    assert GRID.window(Box(2, 2, 8, 8), 0.1) == Window(Box(2, 2, 8, 8), 3, 3)
    assert GRID.window(Box(3.1, 3.1, 3.2, 3.2), 0.001) == Window(Box(2, 2, 4, 4), 1, 1)


def test_the_centre_of_a_pixel():
    assert GRID.center_at(3.9, 78.1) == (3, 79) and GRID.center_at(4, 78) == (5, 77)
    assert GRID.center_at(0, 80) == (1, 79) and GRID.center_at(99.9, 0.1) == (99, 1)
    assert GRID.center_at(-0.1, 5) is None and GRID.center_at(100, 5) is None
    assert GRID.center_at(5, 80.1) is None and GRID.center_at(5, 0) is None


def test_a_view_of_everything_reads_no_more_than_the_screen_has():
    assert GRID.window(Box(-900, -900, 900, 900), 4) == Window(GRID.box, 25, 20)
    assert GRID.window(Box(-900, -900, 900, 900), 1000) == Window(GRID.box, 1, 1)


def test_a_view_beside_the_raster_reads_nothing():
    assert GRID.window(Box(100, 0, 200, 80), 1) is None
    assert GRID.window(Box(-5, -5, -1, -1), 1) is None


def test_places_between_the_transformed_points_are_interpolated():
    def transform(x, y):
        return 2 * x + 1, 3 * y - 1

    xs, ys = places(Box(0, 0, 100, 60), 100, 60, transform)
    across, down = np.meshgrid(np.arange(100) + 0.5, 60 - (np.arange(60) + 0.5))
    assert np.allclose(xs, 2 * across + 1)
    assert np.allclose(ys, 3 * down - 1)


@pytest.mark.parametrize("columns, rows", [(1, 1), (1, 30), (30, 1), (16, 17)])
def test_places_of_small_views(columns, rows):
    xs, ys = places(Box(0, 0, columns, rows), columns, rows, lambda x, y: (x, y))
    assert np.allclose(xs, np.arange(columns) + 0.5)
    assert np.allclose(ys[:, 0], rows - 0.5 - np.arange(rows))


def test_where_nothing_lies_is_outside():
    xs, ys = places(Box(0, 0, 100, 60), 100, 60, lambda x, y: None if x > 50 else (x, y))
    rows, columns, inside = indices(xs, ys, Window(Box(0, 0, 100, 30), 50, 15))
    assert inside[-1, 0] and not inside[0, 0] and not inside[-1, -1]
    assert (rows[-1, 10], columns[-1, 10]) == (14, 5)


BLOCKS = [(256, 256), (512, 512), (10000, 1), (10000, 16), (700, 900), (10000, 9000)]


@pytest.mark.parametrize("block", BLOCKS)
def test_each_sample_is_of_one_block_and_the_first_ones_lie_everywhere(block):
    windows = Grid(Box(0, 0, 10000, 9000), 10000, 9000, block).samples()
    places = [
        (round(one.box.left), round(9000 - one.box.top), one.columns, one.rows) for one in windows
    ]
    seen = np.zeros((9000, 10000), bool)
    for left, top, columns, rows in places:
        assert left // block[0] == (left + columns - 1) // block[0] and columns > 0
        assert top // block[1] == (top + rows - 1) // block[1] and rows > 0
        seen[top : top + rows, left : left + columns] = True
    assert seen.sum() == sum(columns * rows for _left, _top, columns, rows in places)
    first = np.array([(left // 2500, top // 2250) for left, top, _columns, _rows in places[:16]])
    assert len(np.unique(first, axis=0)) >= 12  # of 16 fields


def test_cells_are_spread():
    assert sorted(spread(3, 2)) == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert spread(1, 1) == [(0, 0)]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_large_window_is_read_in_parts_of_whole_blocks(block):
    grid = Grid(Box(0, 0, 10000, 9000), 10000, 9000, block)
    window = grid.window(Box(30, 20, 9990, 8990), 9.7)
    parts, owner = grid.parts(window), {}
    seen = np.zeros((window.rows, window.columns), int)
    for number, part in enumerate(parts):
        seen[part.rows, part.columns] += 1
        assert (part.window.rows, part.window.columns) == seen[part.rows, part.columns].shape
        xs, ys = part.window.centers()
        for column in np.unique(xs // block[0]):
            for row in np.unique((9000 - ys) // block[1]):
                assert owner.setdefault((column, row), number) == number  # decoded only once
    assert (seen == 1).all()
    assert len(parts) == 1 or max(seen.size / 20, 1) > parts[0].window.columns


def test_a_window_has_neither_small_parts_nor_very_many():
    window = GRID.window(GRID.box, 4)
    assert [part.window for part in GRID.parts(window)] == [window]
    for block in ((256, 256), (200_000, 1)):
        huge = Grid(Box(0, 0, 200_000, 150_000), 200_000, 150_000, block)
        assert 500 < len(huge.parts(huge.window(huge.box, 200))) < 1500


class Lines:
    """A scene whose samples are the numbers of their columns and rows; it counts what is read."""

    bands, layer_id, dtype = (1, 2), "lines", np.dtype("u2")
    grid = Grid(Box(0, 0, 4000, 3000), 4000, 3000)

    def __init__(self):
        self.n_reads, self.fails = 0, False

    def parts(self, window):
        return self.grid.parts(window)

    def read(self, window, feedback):
        self.n_reads += 1
        if self.fails:
            raise OSError("the share is away")
        if feedback.isCanceled():
            return None
        xs, ys = window.centers()
        both = np.broadcast_arrays(np.floor(xs), np.floor(3000 - ys))
        return [one.astype("u2") for one in both], None


@pytest.fixture
def paints(monkeypatch):
    """A painter that takes a picture after every part, whose labels are the sums of samples."""
    monkeypatch.setattr(view, "_READING", 0)
    monkeypatch.setattr(
        view,
        "labels_of_view",
        lambda _model, _scene, bands, mask, _progress: np.where(mask, bands[0] + bands[1] + 1, 0),
    )
    painter = Painter()

    def paints(scene, view, feedback=None, model=SimpleNamespace(n_bands=2)):  # noqa: B008
        request = Request(view, (scene,), (lambda _progress: model,))
        return painter(request, feedback or Feedback())

    return paints


ALL = View(Box(0, 0, 4000, 3000), 400, 300)


def labels(shown):
    [(_model, [picture])] = shown.sides
    return picture.labels.astype(int)


def test_a_view_that_takes_long_is_painted_part_after_part(paints):
    scene = Lines()
    pictures = [(one.share, (labels(one) > 0).mean()) for one in paints(scene, ALL)]
    shares, covered = zip(*pictures)
    assert len(pictures) == scene.n_reads == 12 and shares[-1] == covered[-1] == 1
    assert list(shares) == sorted(shares) and np.allclose(shares, covered, atol=0.1)
    [again] = paints(scene, ALL, model=SimpleNamespace(n_bands=2))
    assert scene.n_reads == 12 and again.share == 1
    columns, rows = np.meshgrid(np.arange(400), np.arange(300))
    assert np.array_equal(labels(again), 10 * columns + 5 + 10 * rows + 5 + 1)


def test_reading_goes_on_for_another_model_where_it_was_stopped(paints):
    scene = Lines()
    first = paints(scene, ALL)
    assert next(first).share < next(first).share < 1
    first.close()
    shares = [one.share for one in paints(scene, ALL, model=SimpleNamespace(n_bands=2))]
    assert shares[0] == pytest.approx(2 / 12) and shares[-1] == 1 and scene.n_reads == 12


def test_reading_goes_on_while_there_is_no_model(paints):
    scene = Lines()
    assert set(paints(scene, ALL, model=None)) == {None} and scene.n_reads == 12


def test_a_view_begins_with_the_pixels_of_the_view_before(paints):
    scene = Lines()
    assert list(paints(scene, ALL))[-1].share == 1
    near = View(Box(500, 300, 3700, 2700), 640, 480)
    first, *_others, last = paints(scene, near)
    assert first.share < 0.2 and (labels(first) > 0).all()
    assert np.abs(labels(first) - labels(last)).max() <= 20  # two pixels of the view before
    far = View(Box(-2000, 300, 1200, 2700), 640, 480)
    first = next(paints(scene, far))
    assert (labels(first) > 0).all()  # the window ends where the scene does


def test_a_cancelled_view_is_not_painted_and_a_failure_is_told(paints):
    scene, feedback = Lines(), Feedback()
    pictures = paints(scene, ALL, feedback)
    next(pictures)
    feedback.cancel()
    assert list(pictures) == []
    scene.fails = True
    with pytest.raises(OSError, match="away"):
        list(paints(scene, ALL))


def test_a_small_view_is_read_at_once(paints):
    scene = Lines()
    [only] = paints(scene, View(Box(100, 100, 500, 400), 400, 300))
    assert only.share == 1 and scene.n_reads == 1


# --- edits of classes -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    return bandcluster.fit(read("s2_train.tif"), 6)


def test_merged_classes_have_name_and_colour_of_the_first(model):
    made = Edits().named(3, "forest").colored(3, "#00ff00").named(1, "water").merged([3, 1])
    [merged] = [row for row in edits.rows(model, made) if len(row.members) > 1]
    assert (merged.value, merged.members, merged.name, merged.color) == (
        1,
        (1, 3),
        "forest",
        "#00ff00",
    )
    assert merged.count == model.counts[0] + model.counts[2]
    assert len(edits.rows(model, made)) == 5
    assert edits.rows(model, made.split(1))[0].members == (1,)


def test_a_merged_class_has_the_mean_and_the_spread_of_all_its_pixels(model):
    pixels = read("s2_train.tif")
    labels = model.predict(pixels)
    [merged] = [row for row in edits.rows(model, Edits().merged([2, 4, 6])) if len(row.members) > 1]
    there = pixels[:, np.isin(labels, (2, 4, 6))].astype(float)
    assert np.allclose(merged.mean, there.mean(axis=1))
    assert np.allclose(merged.spread, there.std(axis=1), rtol=1e-3)


def test_what_was_merged_is_merged_again():
    made = Edits().merged([1, 2]).merged([5, 1])
    assert made.groups == ((1, 2, 5),)


def test_the_palette_hides_and_dims(model):
    made = Edits().merged([1, 2]).with_hidden([3])
    table = edits.palette(edits.rows(model, made), made.hidden, {1})
    assert len(table) == 256 and table[0] == 0 and table[3] == table[3] & 0xFFFFFF
    assert table[1] == table[2] and table[1] >> 24 == 0xFF
    assert 0 < table[4] >> 24 < 0x40 and table[7:] == [0] * 249


def test_labels_beyond_a_palette_share_its_places():
    assert edits.index_of(np.array([0, 1, 255, 256, 510, 511], np.uint16)).tolist() == [
        0,
        1,
        255,
        1,
        255,
        1,
    ]


def test_edits_follow_their_classes_into_another_model(model):
    centers = model.centers[[2, 0, 1, 5, 4, 3]] + 1
    to = edits.labels_of(model, SimpleNamespace(centers=centers))
    assert to == {1: 2, 2: 3, 3: 1, 4: 6, 5: 5, 6: 4}
    made = Edits().named(1, "water").colored(4, "#000000").merged([2, 3]).with_hidden([6]).moved(to)
    assert made == Edits(((2, "water"),), ((6, "#000000"),), ((1, 3),), frozenset({4}))


def test_a_merged_class_keeps_its_edits_whatever_its_label_becomes():
    made = Edits().merged([2, 3, 5]).named(2, "wood").colored(2, "#00ff00").with_hidden([2])
    moved = made.moved({1: 1, 2: 5, 3: 4, 4: 2, 5: 3})
    assert moved == Edits(((3, "wood"),), ((3, "#00ff00"),), ((3, 4, 5),), frozenset({3}))
    back = {1: 1, 5: 2, 4: 3, 2: 4, 3: 5}
    assert moved.moved(back) == made
    assert made.moved({1: 1, 3: 2}) == Edits(((2, "wood"),), ((2, "#00ff00"),), (), frozenset({2}))
    assert made.moved({1: 1}) == Edits()


def test_edits_stay_as_they_are_without_another_model():
    made, model = Edits().named(1, "water"), SimpleNamespace(centers=np.array([[1.0], [2.0]]))
    assert made.relabelled(None, model) is made is made.relabelled(model, model)
    turned = SimpleNamespace(centers=np.array([[2.0], [1.0]]))
    assert made.relabelled(model, turned) == Edits().named(2, "water")
    assert made.relabelled(model, SimpleNamespace(centers=np.ones((2, 3)))) == Edits()


def test_edits_survive_json():
    made = Edits().named(1, "wasser").colored(4, "#000000").merged([2, 3]).with_hidden([6])
    assert Edits.from_json(made.to_json()) == made
    with pytest.raises((ValueError, KeyError, TypeError)):
        Edits.from_json({"names": [[1]], "colors": [], "groups": [], "hidden": []})


def test_the_edited_model_gives_each_pixel_what_the_table_shows(model):
    made = Edits().named(4, "sand").merged([1, 3]).named(1, "land").colored(2, "#123456")
    pixels = read("s2_train.tif")[:, :100, :100]
    before, after = model.predict(pixels), edits.edited_model(model, made)
    labels = after.predict(pixels)
    names = {value: (name, color) for value, name, color in after.legend}
    for row in edits.rows(model, made):
        there = labels[np.isin(before, row.members)]
        assert {names[value] for value in np.unique(there)} <= {(row.name, row.color)}
    assert after.n_clusters == 5 and model.n_clusters == 6
    assert model.class_names == [f"class {value}" for value in range(1, 7)]


# --- only the newest request counts ---------------------------------------------------------------


class Feedback:
    def __init__(self):
        self._is_canceled = threading.Event()

    def cancel(self):
        self._is_canceled.set()

    def isCanceled(self):
        return self._is_canceled.is_set()


@pytest.fixture
def latest():
    """Asks for pairs (view, number). Each request in `begun` waits until the test calls `go_on`.

    A number in brackets gives several results.
    """
    begun, go_on, done = [], threading.Semaphore(0), []

    def work(request, feedback):
        begun.append(request)
        results = request[1] if isinstance(request[1], tuple) else (request[1],)
        for result in results:
            while not go_on.acquire(timeout=0.01):
                if feedback.isCanceled():
                    return
            if result == "fails":
                raise ValueError("fails")
            yield result

    made = Latest(
        work, lambda *told: done.append(told), lambda old, new: old[0] != new[0], Feedback
    )
    yield SimpleNamespace(
        ask=made.ask, begun=begun, go_on=go_on.release, done=done, end=made.end, forget=made.forget
    )
    made.end()


def until(ready):
    deadline = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_came_between_is_dropped_and_what_had_begun_is_finished(latest):
    latest.ask(("a", 1))
    until(lambda: latest.begun)
    for number in (2, 3, 4):
        latest.ask(("a", number))
    latest.go_on()
    latest.go_on()
    until(lambda: len(latest.done) == 2)
    assert [result for _request, result, _error in latest.done] == [1, 4]


def test_a_newer_request_takes_over_between_results(latest):
    latest.ask(("a", (1, 2, 3)))
    latest.go_on()
    until(lambda: latest.done)
    latest.ask(("a", 4))
    latest.go_on()
    latest.go_on()
    until(lambda: len(latest.done) == 3)
    assert [result for _request, result, _error in latest.done] == [1, 2, 4]
    latest.ask(("a", (5, "fails")))
    latest.go_on()
    latest.go_on()
    until(lambda: len(latest.done) == 5)
    assert [str(told) for told in latest.done[-1][1:]] == ["None", "fails"]


def test_another_view_cancels(latest):
    latest.ask(("a", 1))
    until(lambda: latest.begun)
    latest.ask(("b", 2))
    until(lambda: len(latest.begun) == 2)
    latest.go_on()
    until(lambda: latest.done)
    assert [request for request, _result, _error in latest.done] == [("b", 2)]


def test_a_failure_is_told_and_the_next_is_done(latest):
    latest.ask(("a", "fails"))
    latest.go_on()
    until(lambda: latest.done)
    assert str(latest.done[0][2]) == "fails"
    latest.ask(("a", 5))
    latest.go_on()
    until(lambda: len(latest.done) == 2)
    assert latest.done[1][1:] == (5, None)


def test_the_end_cancels_and_waits(latest):
    latest.ask(("a", 1))
    until(lambda: latest.begun)
    latest.end()
    assert latest.done == []
    latest.ask(("a", 2))
    assert latest.begun == [("a", 1)]


# --- charts ---------------------------------------------------------------------------------------


def test_names_beside_lines_do_not_overlap():
    assert charts._apart([10, 40, 80], 13, 100) == [10, 40, 80]
    assert charts._apart([10, 12, 80], 13, 100) == [10, 23, 80]
    assert charts._apart([90, 95, 96], 13, 100) == [74, 87, 100]
