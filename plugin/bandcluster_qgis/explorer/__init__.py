"""The explorer: a panel beside the map that shows classes while settings change.

settings, plan, edits and geometry are plain Python; scene, view, worker and task use QGIS's core,
but no widgets. `explorer` connects them; panel and its parts show the result.
"""
