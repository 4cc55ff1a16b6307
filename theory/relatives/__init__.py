"""Four related problems in which something is read and never written, each as a small exact simulation."""

from theory.relatives.demonstrations import Demonstrations, Learned, imitated, learned, reward_means, rewarded
from theory.relatives.federated import Departure, Federation, departed
from theory.relatives.missing import Missing, Risks, importance, learned_importance, risks
from theory.relatives.reach import Bootstrapped, Reach, bootstrapped, doubled

__all__ = [
    "Bootstrapped",
    "Demonstrations",
    "Departure",
    "Federation",
    "Learned",
    "Missing",
    "Reach",
    "Risks",
    "bootstrapped",
    "departed",
    "doubled",
    "imitated",
    "importance",
    "learned",
    "learned_importance",
    "reward_means",
    "rewarded",
    "risks",
]
