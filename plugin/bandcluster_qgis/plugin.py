"""The plugin as QGIS starts and stops it."""

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QPushButton

from .icon import ICON_PATH
from .provider import BandclusterProvider
from .release import reattach_open_models, release, reload_models
from .translation import tr

_GREETED = "bandcluster/greeted"


class BandclusterPlugin:
    """Registers the Processing provider and, where there is a desktop, a page of first steps in its menu of help."""

    def __init__(self, iface=None):
        self._iface = iface
        self._provider = None
        self._action = None
        self._page = None
        self._explore = None  # what opens the explorer
        self._panel = None

    def initGui(self):
        self.initProcessing()
        if self._provider is None:
            return
        menu = self._iface.pluginHelpMenu()
        self._action = menu.addAction(QIcon(ICON_PATH), tr("bandcluster: first steps"), self.show_first_steps)
        self._explore = self._iface.rasterMenu().addAction(
            QIcon(ICON_PATH), tr("bandcluster explorer"), self.show_explorer
        )
        self._iface.addToolBarIcon(self._explore)
        self._greet()

    def initProcessing(self):
        provider = BandclusterProvider()
        # A provider of the same id is refused, and then already deleted: it must not be touched again.
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider
            reattach_open_models()
        else:
            QgsMessageLog.logMessage(
                tr("another bandcluster provider is registered already; disable one of the two plugins"),
                "bandcluster",
                Qgis.MessageLevel.Warning,
            )

    def show_first_steps(self):
        from .first_steps import FirstSteps  # needs the Processing plugin, which qgis_process may lack

        self._page = FirstSteps(self._iface.mainWindow())
        self._page.show()

    def show_explorer(self):
        """Opens the panel, or brings it to the front."""
        if self._panel is None:
            from .explorer.panel import Panel  # needs the Processing plugin, and a desktop

            self._panel = Panel(self._iface, self._iface.mainWindow())
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._panel)
        self._panel.setUserVisible(True)

    def unload(self):
        self._remove_explorer()
        if self._provider is not None:
            release(self._provider.algorithms())
        if self._page is not None:
            self._page.close()
            self._page.deleteLater()
            self._page = None
        if self._action is not None:
            self._iface.pluginHelpMenu().removeAction(self._action)
            self._action = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
            reattach_open_models()
            reload_models()

    def _remove_explorer(self):
        if self._panel is not None:
            self._panel.end()
            self._iface.removeDockWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None
        if self._explore is not None:
            self._iface.removeToolBarIcon(self._explore)
            self._iface.rasterMenu().removeAction(self._explore)
            self._explore = None

    def _greet(self):
        """Tell of the first steps, once in a profile: a message that waits, not a window in the way."""
        settings = QgsSettings()
        if settings.value(_GREETED, False, type=bool):
            return
        settings.setValue(_GREETED, True)
        bar = self._iface.messageBar()
        message = bar.createMessage("bandcluster", tr("The algorithms are in the Processing toolbox."))
        button = QPushButton(tr("First steps"), message)
        button.clicked.connect(self.show_first_steps)
        message.layout().addWidget(button)
        bar.pushWidget(message, Qgis.MessageLevel.Info)
