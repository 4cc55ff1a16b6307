"""The stand-alone scripts: plain numpy, nothing of this project, the same data from the same seed, the same numbers."""

from collections.abc import Mapping

from theory import Spec
from ui.lessons.boundary.grids import MAP_DRAWS
from ui.lessons.geometry.text import STARTS
from ui.lessons.lesson import Page
from ui.lessons.regularize.text import ALPHAS
from ui.plot.controls import Choice
from ui.server.sampling import OVERLAPS, curve_draws, tuning_rows

_DATA = '''"""Page "{stem}", redrawn with numpy alone. Settings: {settings}."""
import numpy as np

d, n_r, n_f, n_t, noise = {d}, {n_retain}, {n_forget}, {n_tune}, {noise!r}


def draw(d_overlap, seed):
    d_forget = (d - d_overlap) // 2
    d_retain = d - d_overlap - d_forget
    rng = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(9)]
    w_star = rng[0].standard_normal(d) / np.sqrt(d)
    X_r, X_f = rng[1].standard_normal((n_r, d)), rng[2].standard_normal((n_f, d))
    X_r[:, d - d_forget :] = 0  # the retain rows do not use the forget-only features
    X_f[:, :d_retain] = 0
    y_r, y_f = X_r @ w_star + noise * rng[3].standard_normal(n_r), X_f @ w_star + noise * rng[4].standard_normal(n_f)
    return X_r, y_r, X_f, y_f


def nearest(X, y, start):
    return start + np.linalg.pinv(X) @ (y - X @ start)


def models(X_r, y_r, X_f, y_f):
    w_o = nearest(np.vstack([X_r, X_f]), np.concatenate([y_r, y_f]), np.zeros(d))
    return {{"pretrained": w_o, "fine_tune": nearest(X_r[:n_t], y_r[:n_t], w_o), "golden": nearest(X_r, y_r, 0 * w_o)}}


X_r, y_r, X_f, y_f = draw({d_overlap}, {seed})
found = models(X_r, y_r, X_f, y_f)
for name, w in found.items():
    print(name, "RL", np.mean((X_r @ w - y_r) ** 2), "UL", np.mean((X_f @ w - y_f) ** 2))
'''


def script(page: Page, spec: Spec, options: Mapping[str, object] | None = None) -> str:
    """Return the script of a page for a Spec and its own options: at most 40 lines that print the numbers on screen."""
    usual = {c.key: c.options[c.default] if isinstance(c, Choice) else c.default for c in page.controls}
    values = {
        "decay": 0.0,
        **usual,
        **(options or {}),
        "stem": page.stem,
        "settings": settings(spec, options or {}),
        "d": spec.d,
        "n_retain": spec.n_retain,
        "n_forget": spec.n_forget,
        "n_tune": spec.tune_rows,
        "noise": spec.noise,
        "d_overlap": spec.d_overlap,
        "seed": spec.seed,
        "rows": list(tuning_rows(spec)),
        "overlaps": [round(o * spec.d) for o in OVERLAPS],
        "draws": curve_draws(spec),
        "alphas": list(ALPHAS),
        "starts": list(STARTS),
        "map_draws": MAP_DRAWS,
    }
    return _DATA.format(**values) + page.script.format(**values)


def settings(spec: Spec, options: Mapping[str, object]) -> str:
    """Return the fields of a Spec and a page's own options as one line."""
    own = "".join(f", {key}={value!r}" for key, value in options.items())
    return (
        f"d={spec.d}, overlap={spec.overlap!r}, n_retain={spec.n_retain}, n_forget={spec.n_forget}, "
        f"n_tune={spec.tune_rows}, noise={spec.noise!r}, seed={spec.seed}{own}"
    )
