"""Widgets of our own in the dialogs of algorithms. Needs the desktop."""
