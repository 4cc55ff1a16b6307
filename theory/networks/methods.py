"""The methods for a network: one function and one row of NETWORK_METHODS each; table, idea and tests follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from theory.method import Option, Parameter
from theory.networks import trainings
from theory.networks.targets import ANSWERS, LABELS, Hand
from theory.networks.trainings import Made


@dataclass(frozen=True, kw_only=True)
class NetworkMethod:
    """One way to a network that should have forgotten.

    Definition: a training, with everything a page needs to present it.
    Shapes: `fit` yields (count,) after every epoch; the last are its weights.
    Errors: ValueError from `Parameter.check` for a value out of range.
    Source: each row of NETWORK_METHODS names its own.

    Attributes
    ----------
    key : name in code, link and data.
    label : name on screen; `labels` where a choice gives it another, by the option's value.
    formula : LaTeX; z are outputs, p answers, o the pretrained network, theta the parameters.
    idea : one sentence.
    source : where it is proposed.
    needs : what it must have in hand: "retain", "forget" (data), "pretrained" and "golden" (weights).
    parameters : its adjustable numbers and choices, maybe none.
    fit : (hand, **parameters) -> the weights after every epoch.
    """

    key: str
    label: str
    formula: str
    idea: str
    source: str
    needs: frozenset[str]
    fit: Callable[..., Made]
    parameters: tuple[Parameter | Option, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def run(method: NetworkMethod, hand: Hand, **given: float | str) -> Made:
    """Yield a method's weights after every epoch.

    Definition: `method.fit` with its usual parameters where none is given.
    Shapes: (count,) each.
    Errors: ValueError for a parameter that is none of the method's, or out of range.
    Source: each row of `NETWORK_METHODS` names its own.
    """
    known = {parameter.name: parameter for parameter in method.parameters}
    if strange := sorted(given.keys() - known.keys()):
        raise ValueError(
            f"{method.key} must be given {', '.join(known) or 'no parameter'}, got {strange[0]}: leave it out"
        )
    return method.fit(hand, **{name: p.check(given.get(name, p.default)) for name, p in known.items()})


_ALPHA = Parameter(name="alpha", default=0.1, low=1e-3, high=10, log=True, help="Weight of the rows to forget.")
_ROUNDS = Parameter(name="rounds", default=10, low=1, high=50, log=False, help="How often it shrinks and repairs.")
_KEEPS = frozenset({"retain", "pretrained"})
_BOTH = frozenset({"retain", "forget", "pretrained"})


def _epochs(default: int, name: str = "epochs", low: int = 1) -> Parameter:
    return Parameter(name=name, default=default, low=low, high=400, log=True, help="Passes through the rows.")


def _rate(default: float) -> Parameter:
    return Parameter(name="rate", default=default, low=1e-4, high=1, log=True, help="Length of a step.")


def _decay(default: float, low: float = 0.0) -> Parameter:
    return Parameter(name="decay", default=default, low=low, high=0.1, log=True, help="Pull of every weight to zero.")


_ROWS = (
    NetworkMethod(
        key="pretrained",
        label="Pretrained",
        formula=r"\theta_o \leftarrow \min_\theta \mathrm{CE}(D_r \cup D_f)",
        idea="The network before anyone asked it to forget: trained on all rows.",
        source="standard",
        needs=frozenset({"retain", "forget"}),
        fit=trainings.pretrained,
    ),
    NetworkMethod(
        key="golden",
        label="Golden",
        formula=r"\theta_g \leftarrow \min_\theta \mathrm{CE}(D_r)",
        idea="Retrained from the same start without the rows to forget: what forgetting should look like.",
        source="standard",
        needs=frozenset({"retain"}),
        fit=trainings.golden,
    ),
    NetworkMethod(
        key="golden_again",
        label="Golden, another start",
        formula=r"\theta_g' \leftarrow \min_\theta \mathrm{CE}(D_r)",
        idea="Retrained from another start: no method can be asked to come nearer to golden than golden itself.",
        source="derived here",
        needs=frozenset({"retain"}),
        fit=trainings.golden_again,
    ),
    NetworkMethod(
        key="fine_tune",
        label="Fine-tuned",
        formula=r"\theta \leftarrow \theta - \eta\,\nabla \mathrm{CE}(D_r)",
        idea="Train the pretrained network further, with the rows to keep only, and hope that the rest fades.",
        source="arXiv 2410.03833v1, the method it studies",
        needs=_KEEPS,
        parameters=(_epochs(10), _rate(0.05), _decay(0.0)),
        fit=trainings.fine_tune,
    ),
    NetworkMethod(
        key="fine_tune_long",
        label="Fine-tuned for long",
        formula=r"\theta \leftarrow \theta - \eta_k\,\nabla \mathrm{CE}(D_r)",
        idea="The whole training once more, from the pretrained network, with the rows to keep only.",
        source="derived here",
        needs=_KEEPS,
        fit=trainings.fine_tune_long,
    ),
    NetworkMethod(
        key="fine_tune_decay",
        label="Decay, then repair",
        formula=r"\theta \leftarrow \theta - \eta\,(\nabla \mathrm{CE}(D_r) + \lambda\theta)",
        idea="Fine-tune while all weights shrink: what the rows to keep do not ask for fades. Then fine-tune without.",
        source="standard; that it forgets (I7) is derived here for linear models and tried here on a network",
        needs=_KEEPS,
        parameters=(_epochs(50), _decay(5e-3, 1e-5), _epochs(10, "repair", 0)),
        fit=trainings.fine_tune_decay,
    ),
    NetworkMethod(
        key="ce_ft",
        label="CE-FT",
        labels=MappingProxyType({"wrong": "CE-FT, wrong label", "second": "CE-FT, second guess"}),
        formula=r"\mathrm{CE}(D_r) + \alpha\,\mathrm{CE}(D_f, \tilde y)",
        idea="Fine-tune, and push the rows to forget to another label.",
        source="our reading of arXiv 2410.03833v1, section 5 (CE-FT)",
        needs=_BOTH,
        parameters=(
            _ALPHA,
            Option(name="target", default="wrong", options=LABELS, help="What the rows to forget are pushed to."),
        ),
        fit=trainings.ce_ft,
    ),
    NetworkMethod(
        key="inverse_ce_ft",
        label="Inverse CE-FT",
        labels=MappingProxyType({"same": "Inverse CE-FT, same rate", "scaled": "Inverse CE-FT, rate × alpha"}),
        formula=r"\tfrac{1}{\alpha}\,\mathrm{CE}(D_r) + \mathrm{CE}(D_f, \tilde y)",
        idea="CE-FT's objective divided by alpha: with a rate alpha times as large it takes CE-FT's very steps.",
        source="our reading of arXiv 2410.03833v1, section 5 (inverse CE-FT)",
        needs=_BOTH,
        parameters=(
            _ALPHA,
            Option(
                name="rate",
                default="same",
                options=MappingProxyType(
                    {
                        "same": "The rate of CE-FT: every step is 1/alpha times as long.",
                        "scaled": "The rate times alpha: the steps of CE-FT.",
                    }
                ),
                help="Length of a step.",
            ),
        ),
        fit=trainings.inverse_ce_ft,
    ),
    NetworkMethod(
        key="kl_ft",
        label="KL-FT",
        labels=MappingProxyType(
            {
                "uniform": "KL-FT, all alike",
                "own": "KL-FT, own answer",
                "oracle": "KL-FT, golden's answer",
            }
        ),
        formula=r"\mathrm{CE}(D_r) + \alpha\,\mathrm{KL}(q\,\|\,p_\theta(D_f))",
        idea="Fine-tune, and push the rows to forget to an answer in shares; to a single label it would be CE-FT.",
        source="our reading of arXiv 2410.03833v1, section 5 (KL-FT)",
        needs=_BOTH,
        parameters=(
            _ALPHA,
            Option(name="target", default="uniform", options=ANSWERS, help="What the rows to forget are pushed to."),
        ),
        fit=trainings.kl_ft,
    ),
    NetworkMethod(
        key="neg_grad_plus",
        label="NegGrad+",
        formula=r"\mathrm{CE}(D_r) - \beta\,\mathrm{CE}(D_f)",
        idea="Fine-tune, and climb the loss of the rows to forget a little; no gradient is longer than 1.",
        source="Kurmanji et al. 2023 (arXiv 2302.09880), with a clipped gradient",
        needs=_BOTH,
        parameters=(Parameter(name="weight", default=0.05, low=1e-3, high=1, log=True, help="Weight of the climb."),),
        fit=trainings.neg_grad_plus,
    ),
    NetworkMethod(
        key="scrub",
        label="SCRUB-like",
        formula=r"\max \mathrm{KL}(p_o\,\|\,p_\theta)(D_f)\ \text{and}\ "
        r"\min \mathrm{CE}(D_r) + \tfrac12\mathrm{KL}(p_o\,\|\,p_\theta)(D_r)",
        idea="In turns: away from what the pretrained network answers on the rows to forget, and back on the others.",
        source="after Kurmanji et al. 2023 (arXiv 2302.09880), our reading",
        needs=_BOTH,
        parameters=(Parameter(name="rounds", default=3, low=1, high=10, log=False, help="Turns that lead away."),),
        fit=trainings.scrub,
    ),
    NetworkMethod(
        key="bad_teacher",
        label="Bad teacher",
        formula=r"\mathrm{KL}(p_o\,\|\,p_\theta)(D_r) + \alpha\,\mathrm{KL}(p_{\mathrm{random}}\,\|\,p_\theta)(D_f)",
        idea="Imitate a network that knows nothing on the rows to forget, and the pretrained one on the rows to keep.",
        source="after Chundawat et al. 2023 (arXiv 2205.08096), our reading",
        needs=_BOTH,
        parameters=(Parameter(name="alpha", default=1.0, low=1e-3, high=10, log=True, help=_ALPHA.help),),
        fit=trainings.bad_teacher,
    ),
    NetworkMethod(
        key="gradient_ascent",
        label="Gradient ascent",
        formula=r"\theta \leftarrow \theta + \eta\,\nabla \mathrm{CE}(D_f)",
        idea="Climb the loss of the rows to forget, with no other row in hand.",
        source="standard",
        needs=frozenset({"forget", "pretrained"}),
        parameters=(_epochs(10), _rate(0.1)),
        fit=trainings.gradient_ascent,
    ),
    NetworkMethod(
        key="random_labels",
        label="Random labels",
        formula=r"\theta \leftarrow \theta - \eta\,\nabla \mathrm{CE}(D_f, \tilde y)",
        idea="Train further, with the rows to forget alone, under wrong labels.",
        source="standard",
        needs=frozenset({"forget", "pretrained"}),
        parameters=(_epochs(5), _rate(0.02)),
        fit=trainings.random_labels,
    ),
    NetworkMethod(
        key="reset_last",
        label="Reset the last layer",
        formula=r"W_2, b_2 \leftarrow \text{new draw, then}\ \min \mathrm{CE}(D_r)",
        idea="Draw the last layer again and fine-tune: the answers are learnt anew from the same hidden units.",
        source="standard",
        needs=_KEEPS,
        fit=trainings.reset_last,
    ),
    NetworkMethod(
        key="shrink_repair",
        label="Shrink and repair",
        formula=r"\theta \leftarrow c\,\theta,\ \text{then}\ \min \mathrm{CE}(D_r)",
        idea="Shrink every weight a little, fine-tune for two epochs, and again: weight decay in large steps.",
        source="derived here",
        needs=_KEEPS,
        parameters=(
            Parameter(name="factor", default=0.85, low=0, high=1, log=False, help="What is left after each shrinking."),
            _ROUNDS,
        ),
        fit=trainings.shrink_repair,
    ),
    NetworkMethod(
        key="min_norm",
        label="MinNorm-OG-like",
        formula=r"\theta \leftarrow P\,\theta + c\,(I - P)\,\theta,\ \text{then}\ \min \mathrm{CE}(D_r)",
        idea="Shrink only what the outputs on 40 rows to keep do not depend on, fine-tune for two epochs, and again.",
        source="after MinNorm-OG (arXiv 2505.22601), our reading",
        needs=_KEEPS,
        parameters=(
            Parameter(name="factor", default=0.7, low=0, high=1, log=False, help="What is left of the unseen part."),
            _ROUNDS,
        ),
        fit=trainings.min_norm,
    ),
)

NETWORK_METHODS: Mapping[str, NetworkMethod] = MappingProxyType({row.key: row for row in _ROWS})
