"""QGIS's layers: their names outside QGIS, their nodata values, and the style of results."""
