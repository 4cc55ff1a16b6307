"""The mathematics of unlearning in over-parameterised linear regression, in numpy and scipy alone.

Follows arXiv 2410.03833 (*Why Fine-Tuning Struggles with Forgetting in Machine Unlearning?*); "theory section k" in the
docstrings names, in order: 1 setting, 2 the identity everything rests on (I1-I7), 3 removing the influence (R1-R5),
4 discriminative regularization, 5 dynamics, 6 averages, 7 geometry.
"""

from collections.abc import Mapping
from types import MappingProxyType

from theory.ascent import ascent_path
from theory.attack import AttackVerdict, attack_verdict, blind_reach, membership_auc
from theory.averages import (
    expected_change,
    expected_distance_ratio,
    expected_golden_norm,
    expected_leftover_share,
    expected_membership_auc,
    expected_remaining_loss,
    expected_tuned_loss,
    expected_unlearning_gap,
    expected_unlearning_loss,
)
from theory.cells import Setting, forgets, moves, read_cells, starts_at_golden
from theory.checks import EXACT, Check
from theory.claims import CLAIMS, Claim, check_all
from theory.corrections import correction_step, relabelled, without_features
from theory.curves import OverlapCurve
from theory.discriminative import TARGETS, Push, discriminative_path, objective_rows, target_labels
from theory.draws import draw, draw_overlaps, rotated, with_noise
from theory.dynamics import Path, gradient_length, gradient_path, largest_stable_step, simulate
from theory.geometry import Scene, Triangle, scene, triangle
from theory.linalg import Array, Directions, RowSpace, directions, min_norm, nearest, ridge, row_space
from theory.lineup import Standing, reference, standings
from theory.loss_curve import LossMoments, loss_curve, loss_moments
from theory.losses import losses, remaining_loss, unlearning_loss
from theory.maps import AXES, MEASURES, Axis, Measure
from theory.meeting import Crossing, Meeting, PushedLoss, Weighing, meeting, pushed_loss, weighing
from theory.method import Method, Option, Parameter
from theory.methods import METHODS
from theory.metrics import Metrics, compare, fit_all, measure, tuning_curve
from theory.misconceptions import MISCONCEPTIONS, Evidence, Misconception, Posed, pose
from theory.modes import Modes, gradient_modes, tuning_objective
from theory.problem import FreshRows, Problem, Truth
from theory.remedies import RemedyMoments, erased, remedy_curve, remedy_moments, remedy_tuning
from theory.sameness import Likeness
from theory.spec import Blocks, Refusal, Spec
from theory.survey import claim_errors, random_specs
from theory.suspects import EVIDENCE, Suspects, suspects
from theory.sweeps import Grid, Sweep, Task, draw_seeds, empty, run_task, sweep, tasks
from theory.timing import DeletionTiming, deletion_timing
from theory.trade_off import TradeOff, trade_off
from theory.valley import Valley, valley

# The version of the whole project; pyproject.toml says the same.
__version__ = "1.0.0"

GLOSSARY: Mapping[str, str] = MappingProxyType(
    {
        "rows to keep": "The rows the model may keep; in the paper the retain data D_r: n_r rows X_r with labels y_r.",
        "rows to forget": "The rows someone asked to have removed; in the paper the forget data D_f: n_f rows X_f with "
        "labels y_f.",
        "overlap": "The share of the features that both data sets use; 0% is distinct features, 100% full overlap.",
        "pretrained model": "w_o, trained on all rows: the smallest weights that fit them best.",
        "golden model": "w_g, retrained from scratch on the rows to keep alone: what forgetting should look like.",
        "fine-tuned model": "w_t, the pretrained model trained further on the rows to keep, until nothing changes.",
        "Option A": "w_A, the pretrained model without the weights that only the rows to forget use, then fine-tuned.",
        "Option B": "w_B, the pretrained model without any weight the rows to forget use, then fine-tuned.",
        "mask": "1_A, 1_B, a one for every weight that Option A or Option B keeps and a zero for every one it erases; "
        "⊙ multiplies weight by weight.",
        "model": "w, one weight for every feature.",
        "features": "d, their number.",
        "start": "w_0, the weights that training starts from; s, its share of the pretrained model's.",
        "nearest fit": "N, the weights closest to a start that fit rows best; the brackets name rows, labels, start.",
        "smallest fit": "What takes labels to the smallest weights that fit their rows best.",
        "step k": "w_k, the weights after k steps of gradient descent.",
        "step size": "How far one step of gradient descent follows the gradient: η.",
        "weight decay": "A pull of every weight towards zero, of strength λ: the loss plus λ |w|².",
        "true weights": "w*, the weights that made the labels, before noise.",
        "rows fine-tuning sees": "D_t, the first n_t of the rows to keep; all of them, if nothing else is said.",
        "remaining loss": "RL, the mean squared error on the rows to keep.",
        "unlearning loss": "UL, the mean squared error on the rows to forget; forgotten is near golden's, not large.",
        "over-parameterised": "More features than rows: many models fit the data equally well.",
        "interpolating": "Fitting every row exactly, so that the loss is zero.",
        "row space": "All weighted sums of the rows: the directions in which the data can pull the weights.",
        "projector": "P_r, on the row space of the rows to keep: what those rows can see of a model; P_t, the same for "
        "the rows that fine-tuning sees.",
        "identity": "I, which leaves a model as it is: (I - P_r) w is what the rows to keep cannot see of it.",
        "leftover": "|(I - P_r) w|, the part of a model the rows to keep cannot see, and so cannot change.",
        "target": "t, the labels that discriminative regularization pushes the rows to forget to.",
        "alpha": "The weight of that push against the remaining loss.",
        "mu": "How closely the pretrained model is kept to while pushing; 0 lets it go.",
        "cross-entropy": "CE, the mean surprise of labels drawn from the target under the model's own prediction.",
        "KL divergence": "KL, cross-entropy minus the surprise that no model could avoid.",
        "membership attack": "Guessing from a small error that a row was trained on; AUC 0.5 is no better than chance.",
    }
)

# LaTeX symbols and the entries of the glossary that explain them.
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "w_o": "pretrained model",
        "w_g": "golden model",
        "w_t": "fine-tuned model",
        "w_k": "step k",
        "k": "step k",
        "w_0": "start",
        "s": "start",
        "w": "model",
        "d": "features",
        "N": "nearest fit",
        "X_t^{+}": "smallest fit",
        r"\eta": "step size",
        r"\lambda": "weight decay",
        "w_A": "Option A",
        "w_B": "Option B",
        "1_A": "mask",
        "1_B": "mask",
        r"\odot": "mask",
        "w^{*}": "true weights",
        "I": "identity",
        "P_r": "projector",
        "P_t": "projector",
        "X_r": "rows to keep",
        "y_r": "rows to keep",
        "X_f": "rows to forget",
        "y_f": "rows to forget",
        "X_t": "rows fine-tuning sees",
        "y_t": "rows fine-tuning sees",
        "n_r": "rows to keep",
        "n_f": "rows to forget",
        r"\alpha": "alpha",
        r"\mu": "mu",
        "t": "target",
        r"\mathrm{CE}": "cross-entropy",
        r"\mathrm{KL}": "KL divergence",
        r"\mathrm{UL}": "unlearning loss",
        r"\mathrm{RL}": "remaining loss",
    }
)

__all__ = [
    "AXES",
    "CLAIMS",
    "EVIDENCE",
    "EXACT",
    "GLOSSARY",
    "MEASURES",
    "METHODS",
    "MISCONCEPTIONS",
    "SYMBOLS",
    "TARGETS",
    "Array",
    "AttackVerdict",
    "Axis",
    "Blocks",
    "Check",
    "Claim",
    "Crossing",
    "DeletionTiming",
    "Directions",
    "Evidence",
    "FreshRows",
    "Grid",
    "Likeness",
    "LossMoments",
    "Measure",
    "Meeting",
    "Method",
    "Metrics",
    "Misconception",
    "Modes",
    "Option",
    "OverlapCurve",
    "Parameter",
    "Path",
    "Posed",
    "Problem",
    "Push",
    "PushedLoss",
    "Refusal",
    "RemedyMoments",
    "RowSpace",
    "Scene",
    "Setting",
    "Spec",
    "Standing",
    "Suspects",
    "Sweep",
    "Task",
    "TradeOff",
    "Triangle",
    "Truth",
    "Valley",
    "Weighing",
    "ascent_path",
    "attack_verdict",
    "blind_reach",
    "check_all",
    "claim_errors",
    "compare",
    "correction_step",
    "deletion_timing",
    "directions",
    "discriminative_path",
    "draw",
    "draw_overlaps",
    "draw_seeds",
    "empty",
    "erased",
    "expected_change",
    "expected_distance_ratio",
    "expected_golden_norm",
    "expected_leftover_share",
    "expected_membership_auc",
    "expected_remaining_loss",
    "expected_tuned_loss",
    "expected_unlearning_gap",
    "expected_unlearning_loss",
    "fit_all",
    "forgets",
    "gradient_length",
    "gradient_modes",
    "gradient_path",
    "largest_stable_step",
    "loss_curve",
    "loss_moments",
    "losses",
    "measure",
    "meeting",
    "membership_auc",
    "min_norm",
    "moves",
    "nearest",
    "objective_rows",
    "pose",
    "pushed_loss",
    "random_specs",
    "read_cells",
    "reference",
    "relabelled",
    "remaining_loss",
    "remedy_curve",
    "remedy_moments",
    "remedy_tuning",
    "ridge",
    "rotated",
    "row_space",
    "run_task",
    "scene",
    "simulate",
    "standings",
    "starts_at_golden",
    "suspects",
    "sweep",
    "target_labels",
    "tasks",
    "trade_off",
    "triangle",
    "tuning_curve",
    "tuning_objective",
    "unlearning_loss",
    "valley",
    "weighing",
    "with_noise",
    "without_features",
]
