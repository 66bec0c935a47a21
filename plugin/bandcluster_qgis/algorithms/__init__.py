"""The Processing algorithms, one file each."""

from .choosek import ChooseK
from .cluster import Cluster
from .fit import Fit
from .mergeclasses import MergeClasses
from .predict import Predict
from .stylefromlayer import StyleFromLayer

ALGORITHMS = (Cluster, Fit, Predict, ChooseK, MergeClasses, StyleFromLayer)
