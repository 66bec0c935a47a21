"""The explorer's work in the background, as a task of QGIS."""

import gc
import threading
import time
from types import SimpleNamespace

from qgis.core import QgsApplication


def test_a_cancelled_task_lives_until_qgis_hears_of_its_end(provider, qtbot):
    """QGIS crashed if Python's collector came between the last signals and the end of a task."""
    from bandcluster_qgis.explorer.task import Work, _unended

    begun, goes_on = threading.Event(), threading.Event()

    def run(progress, tell, _feedback):
        begun.set()
        goes_on.wait(60)
        progress(0.5, "fitting")
        tell()

    work, told = Work(), []
    work.advanced.connect(lambda: told.append("a cancelled task has a model"))
    work.start(SimpleNamespace(run=run, is_done=lambda: False), "fits")
    qtbot.waitUntil(begun.is_set)
    work.cancel()
    goes_on.set()
    time.sleep(0.5)  # the task ends, while no event is handled
    gc.collect()
    qtbot.waitUntil(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    qtbot.wait(50)
    assert told == [] and not _unended


def test_the_end_waits_for_cancelled_tasks_and_nothing_starts_after_it(provider, qtbot):
    from bandcluster_qgis.explorer.task import Work

    begun, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def run(_progress, _tell, _feedback):
        begun.set()
        goes_on.wait(60)
        ended.set()

    work, fitting = Work(), SimpleNamespace(run=run, is_done=lambda: False)
    work.start(fitting, "fits")
    qtbot.waitUntil(begun.is_set)
    work.cancel()
    threading.Timer(0.3, goes_on.set).start()
    work.end()
    assert ended.is_set()
    work.start(fitting, "fits")
    assert not work.is_going_on()
