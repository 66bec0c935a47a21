"""The plugin as QGIS starts and stops it."""

from qgis.core import Qgis, QgsApplication, QgsMessageLog

from .provider import BandclusterProvider
from .translation import tr


class BandclusterPlugin:
    """Registers the Processing provider; there is no other user interface."""

    def __init__(self):
        self._provider = None

    def initGui(self):
        self.initProcessing()

    def initProcessing(self):
        provider = BandclusterProvider()
        # A provider of the same id is refused, and then already deleted: it must not be touched again.
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider
        else:
            QgsMessageLog.logMessage(
                tr("another bandcluster provider is registered already; disable one of the two plugins"),
                "bandcluster",
                Qgis.MessageLevel.Warning,
            )

    def unload(self):
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
