"""The Processing algorithms, one file each."""

from .choosek import ChooseK
from .cluster import Cluster
from .fit import Fit
from .mergeclasses import MergeClasses
from .openproduct import OpenProduct
from .predict import Predict
from .stackbands import StackBands
from .stylefromlayer import StyleFromLayer

ALGORITHMS = (OpenProduct, StackBands, Cluster, Fit, Predict, ChooseK, MergeClasses, StyleFromLayer)
