"""The QGIS plugin of bandcluster: Processing algorithms over the native library."""


def classFactory(iface):
    """What QGIS calls to start the plugin; iface is None in qgis_process."""
    from .plugin import BandclusterPlugin

    return BandclusterPlugin(iface)
