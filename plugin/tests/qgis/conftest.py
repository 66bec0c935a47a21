"""A QGIS with the plugin's provider in it, and how the tests run algorithms."""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from desktop import session
from osgeo import gdal
from qgis.core import QgsSettings
from qgis.gui import QgsMessageBar
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QMenu, QToolBar, QWidget
from scenes import PLUGIN, read

# Tests compare English messages.
os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(scope="session")
def provider(qgis_app, qgis_processing):
    """The plugin, started and stopped as QGIS does it."""
    import bandcluster_qgis

    plugin = bandcluster_qgis.classFactory(None)
    plugin.initProcessing()
    yield qgis_app.processingRegistry().providerById("bandcluster")
    plugin.unload()


@pytest.fixture
def run(provider, qgis_new_project):
    """Runs an algorithm as the toolbox and scripts do; returns its results."""
    import processing

    def run(name, feedback=None, **parameters):
        given = {
            key: str(value) if isinstance(value, os.PathLike) else value
            for key, value in parameters.items()
        }
        return processing.run(f"bandcluster:{name}", given, feedback=feedback)

    return run


@pytest.fixture
def folder(tmp_path):
    """An empty folder for outputs, so that a test can list its content."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def write(tmp_path):
    """Writes an array (bands, height, width) as a GeoTIFF; returns its path.

    If ``place`` is given, the file gets its georeference.
    """
    from osgeo import gdal_array

    def write(name, pixels, nodata=None, descriptions=(), options=(), place=None):
        bands, height, width = pixels.shape
        kind = gdal_array.NumericTypeCodeToGDALTypeCode(pixels.dtype)
        path = str(tmp_path / name)
        dataset = gdal.GetDriverByName("GTiff").Create(
            path, width, height, bands, kind, list(options)
        )
        dataset.SetGeoTransform((400000, 10, 0, 4100000, 0, -10))
        if place:
            there = gdal.Open(place)
            dataset.SetGeoTransform(there.GetGeoTransform())
            dataset.SetSpatialRef(there.GetSpatialRef())
        for number, pixels_of_band in enumerate(pixels, start=1):
            band = dataset.GetRasterBand(number)
            band.WriteArray(pixels_of_band)
            if nodata is not None:
                band.SetNoDataValue(nodata)
        for number, description in enumerate(descriptions, start=1):
            dataset.GetRasterBand(number).SetDescription(description)
        dataset.FlushCache()
        return path

    return write


@pytest.fixture
def labels_of():
    """The labels in a written raster."""
    return lambda path: read(path)[0]


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """Runs QGIS's programs in a profile of their own: ``run`` and ``environment``."""
    own_home = tmp_path_factory.mktemp("home")

    def environment(plugins=PLUGIN, home=own_home, **more):
        """``plugins``: a folder with plugins, in addition to the profile's."""
        (home / "runtime").mkdir(mode=0o700, exist_ok=True)
        inherited = {
            key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ
        }
        return {
            **inherited,
            **({"QGIS_PLUGINPATH": str(plugins)} if plugins else {}),
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home / "runtime"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }

    def run(*command, timeout=600, **options):  # on a busy machine it may take minutes
        return subprocess.run(
            [str(part) for part in command],
            env=environment(**options),
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return SimpleNamespace(run=run, environment=environment, home=own_home)


@pytest.fixture
def display():
    """A virtual screen."""
    with session.display() as number:
        yield number


@pytest.fixture(scope="session")
def qgis_process(program):
    """Runs qgis_process with the plugin enabled.

    Debian's wrapper of 3.22 fails, so the program behind it is called.
    """
    executable = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    enabled = program.run(executable, "plugins", "enable", "bandcluster_qgis")
    assert enabled.returncode == 0, enabled.stderr

    def qgis_process(*arguments, **options):
        return program.run(executable, *arguments, **options)

    qgis_process.executable = executable
    return qgis_process


@pytest.fixture
def opened(provider, qgis_new_project, monkeypatch):
    """Opens dialogs of Processing, and deletes them at the end."""
    from processing.gui import AlgorithmDialog, BatchAlgorithmDialog, BatchPanel, ParametersPanel

    for module in (AlgorithmDialog, BatchPanel, ParametersPanel):
        monkeypatch.setattr(
            module, "iface", None
        )  # they need more of the desktop than the mock has
    dialogs = []

    def opened(algorithm, is_batch=False):
        make = (
            BatchAlgorithmDialog.BatchAlgorithmDialog
            if is_batch
            else AlgorithmDialog.AlgorithmDialog
        )
        dialogs.append(make(algorithm))
        dialogs[-1].show()
        return dialogs[-1]

    yield opened
    for dialog in dialogs:
        if not sip.isdeleted(dialog):
            sip.delete(dialog)


@pytest.fixture
def desktop(qgis_app):
    """The parts of QGIS's window that the plugin uses."""
    window, bar, menu, raster, tools = QWidget(), QgsMessageBar(), QMenu(), QMenu(), QToolBar()
    QgsSettings().remove("bandcluster")
    yield SimpleNamespace(
        mainWindow=lambda: window,
        messageBar=lambda: bar,
        pluginHelpMenu=lambda: menu,
        rasterMenu=lambda: raster,
        addToolBarIcon=tools.addAction,
        removeToolBarIcon=tools.removeAction,
        tools=tools,
    )
    QgsSettings().remove("bandcluster")


@pytest.fixture
def started(provider, desktop, monkeypatch):
    """The plugin as in a desktop; the fixture ``provider`` has registered its provider."""
    import bandcluster_qgis

    def start():
        plugin = bandcluster_qgis.classFactory(desktop)
        monkeypatch.setattr(
            plugin, "initProcessing", lambda: setattr(plugin, "_provider", provider)
        )
        plugin.initGui()
        return plugin

    return start
