"""Four related problems in which something is read and never written, each as a small exact simulation."""

from theory.relatives.demonstrations import Demonstrations, Learned, imitated, learned, reward_means, rewarded
from theory.relatives.federated import Departure, Federation, departed, replayed, rounds
from theory.relatives.missing import Missing, Risks, importance, learned_importance, risk_at, risks, zero_filled
from theory.relatives.reach import Bootstrapped, Reach, bootstrapped, carried, doubled, tabled

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
    "carried",
    "departed",
    "doubled",
    "imitated",
    "importance",
    "learned",
    "learned_importance",
    "replayed",
    "reward_means",
    "rewarded",
    "risk_at",
    "risks",
    "rounds",
    "tabled",
    "zero_filled",
]
