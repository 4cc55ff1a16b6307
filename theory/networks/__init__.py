"""A network that really trains, in numpy: how it learns, how it is asked to forget, and what is measured of it.

Its public names stand here. Rows come from a split (`theory.data`); nothing here knows of files.
"""

from theory.networks.methods import NETWORK_METHODS, NetworkMethod, run
from theory.networks.metrics import MEASURED, NetworkMetrics, measure_network
from theory.networks.network import Floats, Network, Shape, cross_entropy
from theory.networks.rows import Forgetting
from theory.networks.targets import GOLDEN, PRETRAINED, START, Hand
from theory.networks.training import TRAINING, Moment, Recipe, begin, train

__all__ = [
    "GOLDEN",
    "MEASURED",
    "NETWORK_METHODS",
    "PRETRAINED",
    "START",
    "TRAINING",
    "Floats",
    "Forgetting",
    "Hand",
    "Moment",
    "Network",
    "NetworkMethod",
    "NetworkMetrics",
    "Recipe",
    "Shape",
    "begin",
    "cross_entropy",
    "measure_network",
    "run",
    "train",
]
