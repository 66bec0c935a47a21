"""Progress on the bar, and a cancel that takes effect within half a second, wherever the job is."""

import os
import time

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import Qt

# Processor seconds on all cores, so that other programs on the machine do not matter.
SOON = 0.5 * os.cpu_count()


class Watched(QgsProcessingFeedback):
    """Records progress and texts; cancels when the bar reaches ``cancel_at``.

    It does so in the thread that reports.
    """

    def __init__(self, cancel_at=None):
        super().__init__()
        self.seen = []
        self.texts = []
        self.cancelled = None
        self._cancel_at = cancel_at
        self.progressChanged.connect(self._progress, Qt.ConnectionType.DirectConnection)

    def setProgressText(self, text):
        self.texts.append(text)

    def _progress(self, percent):
        self.seen.append(percent)
        if self._cancel_at is not None and percent >= self._cancel_at and self.cancelled is None:
            self.cancelled = time.process_time()
            self.cancel()


@pytest.fixture
def jobs(copied, folder, tmp_path):
    """The parameters of a job for each algorithm."""
    import bandcluster
    from scenes import read

    model = tmp_path / "model.json"
    bandcluster.fit(read("s2_train.tif")[:, :50, :50]).save(model)
    scene = copied("s2_train.tif")
    return {
        "cluster": {"INPUT": scene, "OUTPUT": folder / "c.tif", "MODEL_OUTPUT": folder / "m.json"},
        "fit": {"INPUT": [scene], "MODEL_OUTPUT": folder / "m.json"},
        "predict": {"INPUT": scene, "MODEL": model, "OUTPUT": folder / "p.tif"},
    }


@pytest.mark.parametrize("name", ["cluster", "fit", "predict"])
def test_the_bar_goes_from_0_to_100(name, run, jobs, tmp_path):
    """The scene is read in several parts."""
    scene, large = jobs["cluster"]["INPUT"], str(tmp_path / "large.tif")
    gdal.Translate(large, scene, width=3328, creationOptions=["TILED=YES"])
    given = {**jobs[name], "INPUT": [large] if name == "fit" else large}
    feedback = Watched()
    run(name, feedback=feedback, **given)
    assert feedback.seen == sorted(feedback.seen)
    # The number of steps depends on the speed of the machine.
    assert feedback.seen[0] < 100 and feedback.seen[-1] == 100
    assert feedback.texts


@pytest.mark.parametrize("cancel_at", [0, 15, 29, 31, 60, 76, 99])
def test_cancel_in_any_phase(cancel_at, run, jobs, folder):
    feedback = Watched(cancel_at)
    with pytest.raises(QgsProcessingException, match="cancelled"):
        run("cluster", feedback=feedback, **jobs["cluster"])
    assert time.process_time() - feedback.cancelled < SOON
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["fit", "predict"])
def test_cancel_the_others(name, run, jobs, folder):
    feedback = Watched(50)
    with pytest.raises(QgsProcessingException, match="cancelled"):
        run(name, feedback=feedback, **jobs[name])
    assert time.process_time() - feedback.cancelled < SOON
    assert list(folder.iterdir()) == []


def test_cancel_a_task_deep_in_a_long_fit(provider, jobs, folder, qtbot):
    """Like a dialog, the main thread cancels a job in another thread."""
    parameters = {key: str(value) for key, value in jobs["cluster"].items()}
    context, feedback, ended = QgsProcessingContext(), Watched(), []
    algorithm = provider.algorithm("cluster").create()
    task = QgsProcessingAlgRunnerTask(
        algorithm, {**parameters, "CLUSTERS": 200, "N_INIT": 1_000_000}, context, feedback
    )
    task.executed.connect(lambda success, _results: ended.append((time.process_time(), success)))
    QgsApplication.taskManager().addTask(task)
    try:
        qtbot.waitUntil(lambda: bool(feedback.seen) and feedback.seen[-1] >= 30, timeout=600_000)
        qtbot.wait(1000)
        assert not ended
    finally:
        cancelled = time.process_time()
        task.cancel()
    qtbot.waitUntil(lambda: bool(ended), timeout=120_000)
    assert ended[0][0] - cancelled < SOON
    assert ended[0][1] is False
    assert list(folder.iterdir()) == []


class Page(QgsProcessingFeedback):
    """Records the lines that a dialog shows as HTML in a monospaced font."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def pushCommandInfo(self, line):
        self.lines.append(line)


@pytest.mark.parametrize("desktop, space", [(object(), "\N{NO-BREAK SPACE}"), (None, " ")])
def test_columns_stand_under_each_other(run, jobs, monkeypatch, desktop, space):
    monkeypatch.setattr("qgis.utils.iface", desktop)
    page = Page()
    run("choosek", page, INPUT=jobs["cluster"]["INPUT"], MAX=4)
    assert len(page.lines) == 4 and len({len(line) for line in page.lines}) == 1
    assert page.lines[0].startswith(5 * space + "k")
    assert {letter for line in page.lines for letter in line if letter.isspace()} == {space}
