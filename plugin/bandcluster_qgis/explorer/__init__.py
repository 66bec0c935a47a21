"""The explorer: a panel beside the map, where classes change while one looks.

What does not need widgets is in settings, plan, edits and geometry (plain Python); in scene, view,
worker and task (QGIS's core). `explorer` holds them together; panel and what it is made of show it.
"""
