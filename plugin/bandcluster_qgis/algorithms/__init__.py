"""The Processing algorithms, one file each."""

from .choosek import ChooseK
from .cluster import Cluster
from .fit import Fit
from .predict import Predict

ALGORITHMS = (Cluster, Fit, Predict, ChooseK)
