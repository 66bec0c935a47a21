"""The Processing provider: its algorithms, name and icon."""

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QIcon

from .algorithms import ALGORITHMS
from .icon import ICON_PATH
from .translation import tr


class BandclusterProvider(QgsProcessingProvider):
    library_came = pyqtSignal()  # the library was fetched

    def id(self):
        return "bandcluster"

    def name(self):
        return "bandcluster"

    def longName(self):
        return tr("bandcluster: unsupervised classification")

    def icon(self):
        return QIcon(ICON_PATH)

    def svgIconPath(self):
        return ICON_PATH

    def supportedOutputRasterLayerExtensions(self):
        return ["tif", "tiff"]

    def supportedOutputVectorLayerExtensions(self):
        return ["gpkg", "geojson", "fgb", "shp"]

    def supportsNonFileBasedOutput(self):
        return False

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
