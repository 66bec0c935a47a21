"""Small widgets that are never wider than the panel."""

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QSizePolicy, QToolButton


def form():
    """A form with labels on the left."""
    rows = QFormLayout()
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return rows


def combo(items):
    """A list of titles to choose from; the data of each is its name."""
    box = QComboBox()
    fill_row(box)
    for name, title in items:
        box.addItem(title, name)
    return box


def fill_row(widget):
    """Lets a widget fill its row and shrink with the panel."""
    if isinstance(widget, QComboBox):
        widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        widget.setMinimumContentsLength(8)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def scaled(label, size, is_bold=False):
    """The label with another font size."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * size)
    font.setBold(is_bold)
    label.setFont(font)
    return label


def tool(icon, tip, action=None):
    """A button with an icon of QGIS's theme."""
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    if action is not None:
        button.clicked.connect(lambda *_checked: action())
    return button
