"""The dialogs of algorithms that the plugin itself opens."""

from qgis.PyQt import sip

# QGIS keeps a dialog that is open, but not its Python part, without which it no longer works.
_opened = []


def show_algorithm(name, values) -> None:
    """Opens the dialog of an algorithm, filled in with values."""
    import processing  # qgis_process may not have it

    dialog = processing.createAlgorithmDialog(name, values)
    _opened[:] = [other for other in _opened if not sip.isdeleted(other)]
    if dialog is not None:  # QGIS tells why there is none
        _opened.append(dialog)
        dialog.show()
