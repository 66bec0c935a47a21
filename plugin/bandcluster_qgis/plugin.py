"""The plugin as QGIS starts and stops it."""

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QPushButton

from . import binding, wheels
from .icon import ICON_PATH
from .provider import BandclusterProvider
from .release import reattach_open_models, release, reload_models
from .translation import tr

_GREETED = "bandcluster/greeted"


class BandclusterPlugin:
    """The plugin: it registers the Processing provider.

    In a desktop it also adds the first steps to the menu Help, and, if the plugin came without its
    library, the window that fetches it.
    """

    def __init__(self, iface=None):
        self._iface = iface
        self._provider = None
        self._actions = []
        self._page = None
        self._window = None
        self._offer = None
        self._explore = None  # the action that opens the explorer
        self._panel = None

    def initGui(self):
        self.initProcessing()
        if self._provider is None:
            return
        menu, icon = self._iface.pluginHelpMenu(), QIcon(ICON_PATH)
        self._actions.append(
            menu.addAction(icon, tr("bandcluster: first steps"), self.show_first_steps)
        )
        if wheels.are_listed():
            self._actions.append(
                menu.addAction(icon, tr("bandcluster: get the library"), self.show_library)
            )
        self._explore = self._iface.rasterMenu().addAction(
            icon, tr("bandcluster explorer"), self.show_explorer
        )
        self._iface.addToolBarIcon(self._explore)
        if binding.is_missing():
            self._provider.library_came.connect(self._library_came)
            self._offer_library()
        else:
            self._greet()

    def initProcessing(self):
        provider = BandclusterProvider()
        # QGIS refuses a second provider of the same id, and deletes it: do not use it again.
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider
            reattach_open_models()
        else:
            QgsMessageLog.logMessage(
                tr(
                    "another bandcluster provider is registered already; disable one of the two"
                    " plugins"
                ),
                "bandcluster",
                Qgis.MessageLevel.Warning,
            )

    def show_first_steps(self):
        from .first_steps import FirstSteps  # needs a desktop

        if self._page is None:
            self._page = FirstSteps(self._iface.mainWindow())
        self._page.show()
        self._page.raise_()

    def show_library(self):
        from .widgets.library import LibraryDialog

        self._window = LibraryDialog(self._iface.mainWindow())
        self._window.accepted.connect(self._provider.library_came)
        self._window.open()

    def show_explorer(self):
        """Opens the panel, or brings it to the front.

        Without the library it opens the window that fetches it.
        """
        if binding.is_missing():
            self.show_library()
            self._window.accepted.connect(self.show_explorer)
            return
        if self._panel is None:
            from .explorer.panel import Panel  # needs a desktop

            self._panel = Panel(self._iface, self._iface.mainWindow())
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._panel)
        self._panel.setUserVisible(True)

    def unload(self):
        self._remove_explorer()
        if self._provider is not None:
            release(self._provider.algorithms())
        for window in filter(None, (self._page, self._window)):
            window.close()
            window.deleteLater()
        self._page = self._window = None
        for action in self._actions:
            self._iface.pluginHelpMenu().removeAction(action)
        self._actions = []
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
        """Points to the first steps, once in a profile, by a message that waits."""
        settings = QgsSettings()
        if settings.value(_GREETED, False, type=bool):
            return
        settings.setValue(_GREETED, True)
        self._tell(
            tr("The algorithms are in the Processing toolbox."),
            tr("First steps"),
            self.show_first_steps,
        )

    def _offer_library(self):
        """Offers the library at every start until it is there; so do the algorithms' dialogs."""
        text = tr("its library is not on this computer yet.")
        self._offer = self._tell(text, tr("Get the library…"), self.show_library)

    def _library_came(self):
        if self._offer is not None:
            self._iface.messageBar().popWidget(self._offer)
            self._offer = None
        self._greet()

    def _tell(self, text, label, action):
        bar = self._iface.messageBar()
        message = bar.createMessage("bandcluster", text)
        button = QPushButton(label, message)
        button.clicked.connect(action)
        message.layout().addWidget(button)
        return bar.pushWidget(message, Qgis.MessageLevel.Info)
