"""QGIS's layers: what they are called outside QGIS, what they say of their pixels, how results
look.
"""
