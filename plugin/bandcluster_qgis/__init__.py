"""The QGIS plugin of bandcluster: Processing algorithms over the native library."""


def classFactory(iface):
    """QGIS calls this to start the plugin; in qgis_process iface is None."""
    from .plugin import BandclusterPlugin

    return BandclusterPlugin(iface)
