"""Fixtures: the explorer's panel over a real canvas."""

from types import SimpleNamespace

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
from qgis.PyQt.QtWidgets import QMainWindow
from scenes import DATA, read

SIDE = 220  # pixels of the scenes
PATIENCE = 90_000  # milliseconds, because a busy machine takes long


@pytest.fixture
def map_window(provider, qgis_new_project, qtbot):
    """A window with a canvas, and the part of iface that the panel uses."""
    window = QMainWindow()
    canvas = QgsMapCanvas(window)
    window.setCentralWidget(canvas)
    window.resize(900, 700)
    canvas.setFixedSize(500, 400)
    window.show()  # the canvas has its size only after this
    qtbot.waitUntil(lambda: canvas.mapSettings().outputSize().width() > 400)
    iface = SimpleNamespace(
        mapCanvas=lambda: canvas, mainWindow=lambda: window, activeLayer=lambda: None
    )
    yield iface
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def panel(map_window, monkeypatch):
    from bandcluster_qgis.explorer import settings
    from bandcluster_qgis.explorer.panel import Panel

    monkeypatch.setattr(settings, "MOST", 9)  # all numbers are fitted, each by two starts
    panel = Panel(map_window, map_window.mainWindow())
    panel.search.starts.setValue(2)
    map_window.mainWindow().addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
    yield panel
    panel.end()


@pytest.fixture
def add(map_window, copied):
    """Adds a scene to the project and the map; returns its layer."""

    def add(path, crs=None):
        layer = QgsRasterLayer(path, path.rpartition("/")[2].partition(".")[0])
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
        canvas = map_window.mapCanvas()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs) if crs else layer.crs())
        canvas.setLayers([layer])
        return layer

    return add


@pytest.fixture
def small(write):
    """Writes a corner of a scene of tests/data, which is fitted quickly; returns its path."""

    def small(name):
        there = gdal.Open(str(DATA / name))
        nodata = there.GetRasterBand(1).GetNoDataValue()
        return write(name, read(name)[:, :SIDE, :SIDE], nodata=nodata, place=str(DATA / name))

    return small


@pytest.fixture
def look_at(map_window, qtbot):
    """Shows the first columns and rows of a layer, by default all."""

    def look_at(layer, columns=None, rows=None):
        canvas = map_window.mapCanvas()
        wide, high = layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()
        box = layer.extent()
        columns, rows = columns or layer.width(), rows or layer.height()
        canvas.setExtent(
            QgsRectangle(
                box.xMinimum(),
                box.yMaximum() - rows * high,
                box.xMinimum() + columns * wide,
                box.yMaximum(),
            )
        )

    return look_at


@pytest.fixture
def until(qtbot, panel):
    """Waits for a condition; fails if the panel shows an error."""

    def until(ready):
        def is_ready():
            told = [item.text() for item in panel.bar.items()]
            if told:  # not an assertion: pytest-qt would go on waiting
                raise RuntimeError(told)
            return bool(ready())

        qtbot.waitUntil(is_ready, timeout=PATIENCE)

    return until


@pytest.fixture
def ready(panel, until):
    """Waits until everything is fitted and painted."""

    def ready(k=None):
        explorer = panel.explorer

        def is_ready():
            fitted = (
                explorer.fitting is not None
                and explorer.fitting.is_done()
                and not explorer.is_working()
            )
            painted = explorer.overlay.sides and explorer.overlay.sides[0][0] is explorer.model
            return fitted and painted and (k is None or explorer.k == k)

        until(is_ready)
        return explorer

    return ready
