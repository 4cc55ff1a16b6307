"""What the page relatives says, and what has to be so where it is said: its four simulations, made anew."""

import re
from functools import cached_property, partial

import numpy as np

from tests.audit import elsewhere
from tests.audit.judging import both, form
from tests.audit.reading import NUMBER, plain, shows, value
from tests.audit.reading import texts as captions
from ui.lessons.relatives.parts import reading, scene, unwritten

rule = partial(form, "relatives")
# What two computations agree to.
AGREE = 1e-8
ZERO = rf"0 \(rounding\)|{NUMBER}"
QUIET = (
    *elsewhere.QUIET,
    # What a learner or a training is; what an abstract says, what was kept of it and what was lost.
    "One learner imitates",
    "Another learns a reward",
    "A walker on a grid looks for the star",
    "From there it imagines walks of k moves",
    "In a round, every client moves the model towards its own rows",
    "Rows have gaps, and a gap counts as zero",
    "A weight says how much a row with gaps counts",
    "One more feature is missing in every row",
    "The paper (abstract of arXiv 2405.17888): a reward learned together with the policy",
    "The paper (abstract of arXiv 2402.12527): short imagined walks leave edge-of-reach states",
    "The paper (abstract of arXiv 2312.14380): synthetic data that replay the last update",
    "The paper (abstract of arXiv 2107.01983): networks learn from rows with gaps without filling them",
    "Kept: a reward and a policy from good and bad demonstrations",
    "Kept: short walks with exact moves, and, in our reading of its code, the smallest of several critics",
    "Kept: that, with one synthetic row",
    "Kept: an importance of gradients that depends on what is missing",
    "Lost: language models, and updates that contrast",
    "Lost: networks, sampled walks, and the term",
    "Lost: what more rows replay, and networks",
    "Lost: networks, and an importance for every step",
    "Ours: the simulation, the bounded reward",
    "Ours: the grid, the formula",
    "Ours: that a client leaves",
    "Ours: the feature no row shows",
)


def texts(view):
    said = re.sub(r"\$+[^$]+\$+", "…", plain(unwritten(view))).replace("\n\n…\n\n", "\n\n")  # formulas are letters
    fixed = {"scene": plain(scene(view["relative"])), "reading": plain(reading(view["relative"]))}
    return captions("relatives", view, aloud=True) | {"unwritten": said} | fixed


class Facts:
    """The simulation of the part that is shown."""

    def __init__(self, view):
        self.view, self.seed = view, view["draw"]

    @cached_property
    def shown(self):
        """One draw of demonstrations, and the means over 20 at each share of bad ones."""
        return elsewhere.demonstrations(self.view["bad"], self.seed)

    @cached_property
    def walk(self):
        return elsewhere.walk(self.view["steps"], self.view["critics"], self.view["discount"], self.seed)

    def earned(self, kind, steps=None, seed=None):
        steps, seed = steps or self.view["steps"], self.seed if seed is None else seed
        critics = self.view["critics"] if kind == "several" else 1
        return elsewhere.walk(steps, critics, self.view["discount"], seed, patched=kind == "patched").earned

    @cached_property
    def departure(self):
        return elsewhere.departure(self.view["common"], self.view["memory"], int(self.view["rounds"]), self.seed)

    @cached_property
    def gaps(self):
        return elsewhere.gaps(self.view["gap_rows"], self.view["observed"], self.seed)


def facts(view):
    return Facts(view)


def _all(m, *true, zero=1e-9):
    """Whether the printed numbers are these."""
    return all(
        (value(text.split(" (")[0]) == 0 and abs(x) <= zero) or shows(text, x, zero) or abs(value(text) - x) <= AGREE
        for text, x in zip(m.groups(), true, strict=True)
    )


def _same(a, b):
    return abs(a - b) <= 1e-8 * max(abs(a), abs(b))


def _means(f, m):
    errors = [
        max(elsewhere.mean_rewards(f.seed)[share][key][1] for share in elsewhere.SHARES) for key in elsewhere.DRAWN
    ]
    return int(m[1]) == 20 and _near(m[2], max(errors))


def _near(text, true):
    return shows(text, true, 1e-9) or abs(value(text) - true) <= 1e-6 * max(1.0, abs(true))


def _simplex(f, m):
    policy = np.array([0.5, 0.3, 0.2]) * np.exp([f.view["strength"], 0, 0])
    return both(
        abs(float(m[1]) - 100 * policy[0] / policy.sum()) <= 0.051,
        float(m[2]) == f.view["strength"],
        (float(m[3]), float(m[4])) == (3, 2),
    )


def _over(f):
    w = f.walk
    return float((w.value - w.true)[w.updated].max())


def _passed(f, m):
    """How many updated states have something of the edge in their value, by following what every one reads."""
    w = f.walk
    return _all(m, w.earned, w.possible, w.edge.sum(), (np.abs(w.passed) > 1e-9).sum(), w.updated.sum())


def _spread(f, m):
    w = f.walk
    return int(m[1]) == f.view["critics"] and _near(m[2], w.spread[w.edge].min())


def _walks(f, m):
    kind = "several" if f.view["critics"] > 1 else "one"
    earned = [f.earned(kind, seed=f.seed + i) for i in range(30)]
    return int(m[1]) == 30 and _near(m[2], np.mean(earned)) and _near(m[3], np.std(earned, ddof=1) / np.sqrt(30))


def _every_walk(f, m):
    earned = [f.earned("several" if f.view["critics"] > 1 else "one", seed=f.seed + i) for i in range(30)]
    return int(m[1]) == 30 and all(_near(m[2], x) and _same(x, earned[0]) for x in earned)


def _growth(f):
    return 1 + 0.1 * (2 * f.view["discount"] - 1)


def _grown(f, m, up):
    factor = _growth(f)
    return (factor > 1) == up and float(m["factor"]) == round(factor, 3) and _near(m["last"], factor**100)


def _distance(f, m):
    d = f.departure
    first, last, clean = (np.linalg.norm(w - d.golden) for w in (d.left, d.kept[-1], d.cleaned[-1]))
    ends = [last, clean] if len(m.groups()) == 2 else [first, last, clean]
    return _all(m, *ends) and (len(m.groups()) == 3 or _same(first, last))


def _memory(f, m, up):
    d = f.departure
    return both(d.limit > d.unseen[0] if up else d.limit < d.unseen[0], _near(m[1], d.unseen[0]), _near(m[2], d.limit))


def _rounds(f, m):
    d = f.departure
    return _all(m, *(d.missed(w) for w in (d.left, d.kept[-1], d.cleaned[-1], d.golden)))


def _best(f, m):
    g = f.gaps
    means = g.risk.mean(axis=0)
    k = elsewhere.WEIGHTS.index(float(m[1]))
    error = g.risk[:, k].std(ddof=1) / np.sqrt(30)
    return both(
        means[k] <= means.min() * (1 + 1e-9),
        int(m[4]) == len(g.risk),
        *(
            _near(text, x)
            for text, x in zip(
                (m[2], m[3], m[5], m[6], m[7]), (means[k], error, means[0], means[-1], g.endless), strict=True
            )
        ),
    )


def _bandit(f, m):
    g = f.gaps
    last = g.bandit[-1]
    return both(
        abs(float(m[1]) - last) <= 0.0051,
        int(m[2]) == len(g.bandit) - 1,
        _near(m[3], g.risk_at(last)),
        _near(m[4], min(map(g.risk_at, elsewhere.WEIGHTS))),
    )


def _line(f, m):
    """Whether a line read out begins and ends where it does."""
    for name, first, last in re.findall(rf"([^;.:]+): ({NUMBER}) to ({NUMBER})", m[0]):
        ends = _ends(f, name.strip())
        if not (_near(first, ends[0]) and _near(last, ends[1])):
            return False
    return True


def _ends(f, name):
    part = f.view["relative"]
    if part == "demonstrations":
        means = elsewhere.mean_rewards(f.seed)
        return [means[share][elsewhere.NAMES[name]][0] for share in (0.0, 1.0)]
    if part == "reach" and name in ("one weight for both states", "a value for each"):
        table = 2 * f.view["discount"] + (1 - 2 * f.view["discount"]) * 0.9**100
        return 1.0, _growth(f) ** 100 if name.startswith("one") else table
    if part == "reach":
        kind = "patched" if name.startswith("edge") else "one" if name == "one critic" else "several"
        return [f.earned(kind, steps) for steps in (1, 8)]
    if part == "federated":
        d = f.departure
        missed, away = d.missed, lambda w: np.linalg.norm(w - d.golden)
        return {
            "rows of the client that leaves": lambda: (missed(np.zeros(len(d.golden))), missed(d.left)),
            "after it has left": lambda: (missed(d.left), missed(d.kept[-1])),
            "projected first": lambda: (
                (missed(d.cleaned[0]), missed(d.cleaned[-1]))
                if f.where.startswith("training")
                else (away(d.cleaned[0]), away(d.cleaned[-1]))
            ),
            "trained further": lambda: (away(d.left), away(d.kept[-1])),
            "where further training leads": lambda: (d.limit, d.limit),
        }[name]()
    g = f.gaps
    if name == "weight it settles on":
        return g.bandit[0], g.bandit[-1]
    return g.risk.mean(axis=0)[[0, -1]]


def _half_shown(f, m):
    """A situation in which nobody showed anything is imitated by its reference alone: by chance."""
    elsewhere_by_chance = f.shown.truth[20:].mean()
    return len(f.shown.truth) == 40 and abs(f.shown.rewards["imitate", "unseen"] - elsewhere_by_chance) < 1e-9


def _recorded(f, m):
    """Where a walk of one move begins: it updates two columns more than none would reach."""
    columns = np.arange(81) % 9
    return bool((f.walk.updated == ((columns - 1 < f.view["steps"]) & (np.arange(81) != 72))).all())


def _edge(f, m):
    return not (f.walk.edge & f.walk.updated).any()


def _eight(f, m):
    """Ten features of each client's own, and those that all use."""
    return len(f.departure.golden) == 8 * 10 + f.view["common"]


def _without(f, m):
    """Golden has nothing in the features of the client that leaves alone."""
    return bool(np.abs(f.departure.golden[70:80]).max() < 1e-9)


def right(f):
    part = f.view["relative"]
    if part == "demonstrations":
        a, b = f.shown.rewards["imitate", "unseen"], f.shown.rewards["reward", "unseen"]
        return {"same"} if _same(a, b) else {"reward" if b > a else "imitation"}
    if part == "reach":
        w = f.walk
        return {"best" if _same(w.earned, w.possible) else "little" if w.earned < 0.1 * w.possible else "part"}
    if part == "federated":
        d = f.departure
        before, after, golden = (d.missed(w) for w in (d.left, d.kept[-1], d.golden))
        if before * (1 - 1e-9) < after < before * (1 + 1e-7) or abs(after - golden) < 1e-7 * golden:
            return None
        return {"stays" if after < before else "part" if after < golden else "all"}
    if f.view["observed"] == 1:
        return {"none", "less", "full"}
    g = f.gaps
    above = g.risk - g.risk[:, [g.risk.mean(axis=0).argmin()]]
    tied = above.mean(axis=0) <= 2 * above.std(axis=0, ddof=1) / np.sqrt(len(above))
    names = ["none" if w == 0 else "full" if w == 1 else "less" for w in elsewhere.WEIGHTS]
    return {name for name, near in zip(names, tied, strict=True) if near}


RULES = [
    rule(
        r"imitation still chooses at random and earns # on this draw, whatever it has learned elsewhere; the "
        r"best choices of a learned reward earn # of # there",
        lambda f, m: _all(
            m, f.shown.rewards["imitate", "unseen"], f.shown.rewards["reward", "unseen"], f.shown.best["unseen"]
        ),
    ),
    rule(
        r"each as likely as the others: they earn # on this draw",
        lambda f, m: _all(m, f.shown.truth[20:].mean()),
    ),
    rule(
        r"its best choices earn # of # there",
        lambda f, m: _all(m, f.shown.rewards["reward", "unseen"], f.shown.best["unseen"]),
    ),
    rule(
        r"With ([0-9]+)% bad demonstrations, the most frequent choice earns # in the situations shown, the "
        r"learned reward's best choice #",
        lambda f, m: _all(
            m, round(100 * f.view["bad"]), f.shown.rewards["imitate", "seen"], f.shown.rewards["reward", "seen"]
        ),
    ),
    rule(
        r"Here the reward is the worse of the two",
        lambda f, m: f.shown.rewards["reward", "seen"] < f.shown.rewards["imitate", "seen"],
    ),
    rule(r"means of ([0-9]+) draws, with standard errors of # at most", _means),
    rule(
        r"A reward bounded by R takes it in ([0-9.]+)% at R/β = #; the other two keep their odds of # to #, "
        r"exactly",
        _simplex,
    ),
    rule(r"^before: 50\.0%, 30\.0%, 20\.0%; imitation: 100\.0%, 0\.0%, 0\.0%;", lambda f, m: True),
    rule(rf"the largest change here is ({ZERO})", lambda f, m: _all(m, 0.0)),
    # The edge of reach.
    rule(
        r"Walks of ([0-9]+) moves reach every state: nothing is read that is not written, and the policy "
        r"earns #, the best possible",
        lambda f, m: both(
            not f.walk.edge.any(), _all(m, f.view["steps"], f.walk.possible), f.walk.earned == f.walk.possible
        ),
    ),
    rule(r"Walks of this length reach every state|missing here: walks", lambda f, m: not f.walk.edge.any()),
    rule(
        r"A grid of 9 by 9 states: ([0-9]+) updated, ([0-9]+) at the edge",
        lambda f, m: _all(m, f.walk.updated.sum(), f.walk.edge.sum()),
    ),
    rule(r"([0-9]+) edge states \(outlined\) are read by the last move", lambda f, m: _all(m, f.walk.edge.sum())),
    rule(
        r"They raise an updated state by up to # above",
        lambda f, m: _over(f) > 0 and _all(m, _over(f)),
    ),
    rule(r"No updated state is valued above the best possible", lambda f, m: _over(f) <= 1e-9),
    rule(
        r"The walker earns #, the best possible",
        lambda f, m: _all(m, f.walk.earned) and _same(f.walk.earned, f.walk.possible),
    ),
    rule(
        r"The walker (?:that believes its values )?earns # of #",
        lambda f, m: _all(m, f.walk.earned, f.walk.possible),
    ),
    rule(
        r"The walker earns # of #\. The ([0-9]+) states at the edge keep the values they began with, and the "
        r"values of ([0-9]+) of the ([0-9]+) updated states are made of these",
        _passed,
    ),
    rule(
        r"The ([0-9]+) critics agree on every updated state, and have a standard deviation of # or more at "
        r"every",
        _spread,
    ),
    rule(
        r"With walks of ([0-9]+) moves? one critic earns #; with the true values put into the edge states "
        r"alone it would earn #",
        lambda f, m: _all(m, f.view["steps"], f.earned("one"), f.earned("patched")),
    ),
    rule(
        r"The smallest of ([0-9]+) critics earns #",
        lambda f, m: _all(m, f.view["critics"], f.earned("several")),
    ),
    rule(r"over ([0-9]+) draws the walker earns # ± # at this length", _walks),
    rule(r"in each of ([0-9]+) draws the walker earns # at this length", _every_walk),
    rule(
        r"At this discount the two effects cancel, and the value stays at #",
        lambda f, m: f.view["discount"] == 0.5 and value(m[1]) == 1,
    ),
    rule(
        rf"multiplies that weight by (?P<factor>[0-9.]+): writing one state raises what it reads at the other, "
        rf"and after 100 updates the value is (?P<last>{NUMBER})",
        lambda f, m: _grown(f, m, True),
    ),
    rule(
        rf"multiplies that weight by (?P<factor>[0-9.]+): at so small a discount it shrinks, to "
        rf"(?P<last>{NUMBER}) after 100",
        lambda f, m: _grown(f, m, False),
    ),
    rule(
        r"In a table the edge keeps its value of 2, and the updated state goes to #",
        lambda f, m: _all(m, 2 * f.view["discount"] + (1 - 2 * f.view["discount"]) * 0.9**100),
    ),
    rule(
        rf"Here the left side is # at most, and the two sides differ by ({ZERO})",
        lambda f, m: _all(m, np.abs(f.walk.passed).max(), 0.0),
    ),
    # A federation.
    rule(
        r"the model errs on its rows by # \(root mean square\)\. After as many rounds without it the model "
        r"errs by #\. With one projection of the server on the others' rows first, it errs by #; golden, "
        r"which never met the client, errs by #",
        _rounds,
    ),
    rule(
        r"The error on its rows goes from # to #; golden errs by #",
        lambda f, m: _all(
            m, *(f.departure.missed(w) for w in (f.departure.left, f.departure.kept[-1], f.departure.golden))
        ),
    ),
    rule(
        r"The error on its rows stays #; golden errs by #",
        lambda f, m: (
            _all(m, *(f.departure.missed(w) for w in (f.departure.kept[-1], f.departure.golden)))
            and abs(f.departure.missed(f.departure.left) - f.departure.missed(f.departure.kept[-1])) < 1e-6
        ),
    ),
    rule(r"distance to golden stays #; with the projection it ends at #", _distance),
    rule(
        r"distance to golden goes from # to #; with the projection it ends at #",
        _distance,
    ),
    rule(r"farther from golden: from # it tends to #", lambda f, m: _memory(f, m, True)),
    rule(r"nearer to golden: from # it tends to #", lambda f, m: _memory(f, m, False)),
    rule(
        r"Its length is # when the client leaves and # at the end",
        lambda f, m: _all(m, *f.departure.unseen),
    ),
    rule(r"before the client left, whose length is #", lambda f, m: _all(m, f.departure.limit)),
    # Rows with gaps.
    rule(
        r"Of the weights tried, # has the smallest risk on complete rows: # ± #, mean of ([0-9]+) draws\. "
        r"Leaving rows with gaps out: #\. Counting them fully: #\. With ever more rows, all counted fully, "
        r"the risk would tend to #",
        _best,
    ),
    rule(
        r"It ends at ([0-9.]+) after ([0-9]+) tries; there the risk of this draw is #, and # at the best",
        _bandit,
    ),
    rule(r"No entry is missing", lambda f, m: f.view["observed"] == 1),
    rule(
        r"Of the weights tried, # predicts complete rows best",
        lambda f, m: (
            f.gaps.risk.mean(axis=0)[elsewhere.WEIGHTS.index(float(m[1]))]
            <= f.gaps.risk.mean(axis=0).min() * (1 + 1e-9)
        ),
    ),
    rule(r"These draws cannot tell the answers named apart", lambda f, m: len(right(f)) > 1),
    rule(rf"the largest change of all draws is ({ZERO})", lambda f, m: _all(m, 0.0)),
    # What each simulation is.
    rule(
        r"([0-9]+) situations, ([0-9]+) choices in each",
        lambda f, m: (int(m[1]), int(m[2])) == f.shown.truth.shape,
    ),
    rule(r"In half of them somebody shows four choices, some of which may be random", _half_shown),
    rule(r"There are records of the first two columns only", _recorded),
    rule(r"The states that only the last move reaches are the edge: they are read, and never updated", _edge),
    rule(r"Eight clients train one model", _eight),
    rule(r"Then the last client leaves, and the others train on", _eight),
    rule(r"Golden is trained without that client from the beginning", _without),
    # Lines read out.
    rule(rf"[^;.]+: {NUMBER} to {NUMBER}(?:; [^;.]+: {NUMBER} to {NUMBER})*\.$", _line),
    rule(r"from # to #\. ", lambda f, m: value(m[1]) < value(m[2])),
]
