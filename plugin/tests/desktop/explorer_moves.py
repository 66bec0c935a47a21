"""Runs inside QGIS: measures the time from a slider event to the painted canvas.

Environment: BANDCLUSTER_SCENE, BANDCLUSTER_OUTPUT (a JSON file). The canvas is as large as the
screen allows.
"""

import json
import os
import time
from functools import partial

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QEventLoop
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface, plugins
from steps import arrange, play, show_map

MOVES = 200
WINDOW = (1400, 950)


class Paints:
    """The times at which the canvas was painted."""

    def __init__(self, item):
        self.times = []
        paint = item.paint

        def painted(*given):
            paint(*given)
            self.times.append(time.perf_counter())

        item.paint = painted


def _note(times):
    times.append(time.perf_counter())


def moves():
    yield 3  # QGIS is still busy with its window
    layer = QgsRasterLayer(os.environ["BANDCLUSTER_SCENE"], "scene")
    plugins[
        "bandcluster_qgis"
    ].show_explorer()  # before there is a layer, which it would begin with
    panel = plugins["bandcluster_qgis"]._panel
    QgsProject.instance().addMapLayer(layer)
    arrange(*WINDOW, {"BandclusterExplorer": 300})
    yield from show_map()
    explorer, told = panel.explorer, {}
    begun, cpu = time.perf_counter(), time.process_time()
    panel.search.layer.setLayer(layer)
    yield lambda: bool(explorer.overlay.sides)
    told["first picture"] = time.perf_counter() - begun
    told["first picture, processor time"] = time.process_time() - cpu
    told["which is"] = explorer.state
    told["the share of the map that it shows"] = explorer.overlay.share
    yield lambda: explorer.overlay.share == 1
    told["the whole map"] = time.perf_counter() - begun
    yield lambda: explorer.fitting.pixels.whole is not None
    told["summary"] = time.perf_counter() - begun
    whole, whole_cpu = time.perf_counter(), time.process_time()
    yield lambda: explorer.fitting.plan.count() == 19
    told["all numbers fitted, after the summary"] = time.perf_counter() - whole
    told["the same, processor time"] = time.process_time() - whole_cpu
    yield lambda: not explorer.is_working() and explorer.fitting.is_done()
    told["all done"] = time.perf_counter() - begun
    told["all done, processor time"] = time.process_time() - cpu
    paints, waits = Paints(explorer.overlay.item), []
    for number in range(MOVES):
        k = 2 + number * 7 % 19
        if k == panel.number.slider.value():
            continue
        yield 0.02
        start, start_cpu = time.perf_counter(), time.process_time()
        panel.number.slider.setValue(k)

        # Events are processed here, because the scenario's own steps check only every 100 ms.
        labelled = []
        note = partial(_note, labelled)
        explorer.painted.connect(note)
        while not (labelled and paints.times and paints.times[-1] > labelled[0]):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
            if time.perf_counter() - start > 60:
                raise TimeoutError(f"{k} classes are not painted")
        explorer.painted.disconnect(note)
        waits.append((paints.times[-1] - start, time.process_time() - start_cpu))
    wall, processor = ([1000 * wait[part] for wait in waits] for part in (0, 1))
    canvas = iface.mapCanvas()
    told |= {
        "canvas": [canvas.width(), canvas.height()],
        "moves": len(waits),
        "median ms": sorted(wall)[len(wall) // 2],
        "worst ms": max(wall),
        "median processor ms": sorted(processor)[len(processor) // 2],
        "worst processor ms": max(processor),
        "load": os.getloadavg()[0],
    }
    with open(os.environ["BANDCLUSTER_OUTPUT"], "w") as file:
        json.dump(told, file)


play(moves())
