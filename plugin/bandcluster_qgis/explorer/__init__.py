"""The explorer: a panel beside the map that shows classes while settings change.

settings, plan, edits, newest and geometry are plain Python; scene, view and task use QGIS's core,
but no widgets. `explorer` connects them, with `classes` and `overlay`; panel and its boxes show the
result.
"""
