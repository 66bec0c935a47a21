"""The plugin's greeting for a user who has just installed it."""

import gc
import re
import weakref

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QApplication, QDialog, QPushButton


def leave(plugin):
    plugin._provider = None  # the provider is the fixture's
    plugin.unload()


def test_the_page_leads_to_every_algorithm(provider):
    from bandcluster_qgis.first_steps import FirstSteps

    dialog = FirstSteps()
    html = dialog.page.toHtml()
    links = re.findall('href="([^"]+)"', html)
    assert sorted(links) == sorted(algorithm.id() for algorithm in provider.algorithms())
    for icon in re.findall('src="([^"]+)"', html):
        assert icon.startswith("file:///") and icon.endswith(".svg")


def test_a_click_opens_the_algorithm_s_dialog(provider, monkeypatch):
    from bandcluster_qgis import dialogs
    from bandcluster_qgis.first_steps import FirstSteps

    opened = []
    monkeypatch.setattr(dialogs, "show_algorithm", lambda *given: opened.append(given))
    dialog = FirstSteps()
    dialog.page.anchorClicked.emit(QUrl("bandcluster:cluster"))
    assert opened == [("bandcluster:cluster", {})]


def test_an_open_dialog_keeps_its_python_part(provider, monkeypatch):
    import processing
    from bandcluster_qgis import dialogs

    made = []

    def make(_name, _values):
        dialog = QDialog()
        made.append(weakref.ref(dialog))
        return dialog

    monkeypatch.setattr(processing, "createAlgorithmDialog", make, raising=False)
    dialogs.show_algorithm("bandcluster:cluster", {})
    gc.collect()
    assert made[0]().isVisible()
    sip.delete(made[0]())
    dialogs.show_algorithm("bandcluster:cluster", {})
    assert made[0]() is None and made[1]().isVisible()
    sip.delete(made[1]())


def test_the_page_is_opened_once(desktop, started):
    first = started()
    first.show_first_steps()
    page = first._page
    first.show_first_steps()
    assert first._page is page
    leave(first)


def test_a_library_that_does_not_load_is_told(provider, monkeypatch):
    from bandcluster_qgis import binding
    from bandcluster_qgis.first_steps import FirstSteps

    monkeypatch.setattr(binding, "problem", lambda: "the library <x> is missing")
    dialog = FirstSteps()
    assert "the library <x> is missing" in dialog.page.toPlainText()


def test_it_greets_once(desktop, started):
    first = started()
    [message] = desktop.messageBar().items()
    [button] = [
        button for button in message.findChildren(QPushButton) if button.text() == "First steps"
    ]
    button.click()
    assert first._page.isVisible()
    leave(first)
    desktop.messageBar().clearWidgets()
    QApplication.processEvents()

    second = started()
    assert desktop.messageBar().items() == []
    leave(second)


def test_the_menu_of_help_has_the_page_while_the_plugin_is_there(desktop, started):
    plugin = started()
    [action] = desktop.pluginHelpMenu().actions()
    action.trigger()
    assert plugin._page.isVisible()
    leave(plugin)
    assert desktop.pluginHelpMenu().actions() == []


def test_the_explorer_is_in_the_raster_menu_and_has_a_button(desktop, started):
    plugin = started()
    [entry] = desktop.rasterMenu().actions()
    assert entry.text() == "bandcluster explorer" and not entry.icon().isNull()
    assert desktop.tools.actions() == [entry]
    leave(plugin)
    assert desktop.rasterMenu().actions() == [] and desktop.tools.actions() == []
