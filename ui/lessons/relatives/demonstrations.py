"""The pictures of the part on demonstrations: rewards against bad ones, and one situation."""

import numpy as np

from theory.relatives import Demonstrations, imitated, rewarded
from ui.figures.curves import stroke
from ui.figures.figure import Figure
from ui.figures.style import INK, colour
from ui.language import say
from ui.lessons.relatives import sentences
from ui.lessons.relatives.lines import cursor, layout, waits
from ui.lessons.relatives.results import SHARES, demonstrated, reward_curves
from ui.plot.picture import Picture
from ui.plot.view import View

REFERENCE = np.array([0.5, 0.3, 0.2])


def rewards(view: View) -> Picture:
    """Draw the true reward of what is learned against the share of bad demonstrations."""
    spec, theme = Demonstrations(bad=view["bad"], seed=view["draw"]), view.theme
    found, (curves, errors) = demonstrated(spec), reward_curves(view["draw"])
    x = 100 * np.array(SHARES)
    drawn = {
        ("best", "seen"): (say("best possible"), colour("golden", theme), "solid"),
        ("imitate_best", "seen"): (say("imitation, shown situations"), INK[theme], "solid"),
    }
    if view.told:
        drawn |= {
            ("reward_best", "seen"): (say("learned reward, shown"), colour("remedy", theme), "solid"),
            ("reward_best", "unseen"): (say("learned reward, never shown"), colour("remedy", theme), "dash"),
            ("imitate_best", "unseen"): (say("imitation, never shown"), colour("forget", theme), "dash"),
        }
    lines = {name: curves[key] for key, (name, _, _) in drawn.items()}
    now = {key: value for key, value in found.rewards.items() if key in drawn}
    figure = Figure(
        data=[
            *(stroke(x, curves[key], name, ink, dash=dash) for key, (name, ink, dash) in drawn.items()),
            {
                "type": "scatter",
                "mode": "markers",
                "x": [100 * view["bad"]] * len(now),
                "y": list(now.values()),
                "showlegend": False,
                "name": say("this draw"),
                "marker": {"size": 11, "color": [drawn[key][1] for key in now], "symbol": "diamond"},
                "hovertemplate": say("this draw: {y}<extra></extra>", y="%{y:.3g}"),
            },
        ],
        layout=layout(
            theme,
            say("bad demonstrations"),
            say("mean true reward of a choice"),
            xaxis={"ticksuffix": "%", "range": [-2, 102]},
            yaxis={"range": [-0.4, 1.1 * float(curves["best", "seen"].max())]},
            **cursor(100 * view["bad"], theme, notes=waits(theme, view.told, 0.5, 0.3)),
        ),
    )
    most = max(float(errors[key].max()) for key in drawn)
    caption = f"{sentences.rewards(found, view['bad'])} {sentences.means(most)}" if view.told else ""
    return Picture(
        figure, sentences.describe(lines, x, say("Mean true reward against bad demonstrations in percent")), caption
    )


def simplex(view: View) -> Picture:
    """Draw one situation in which one choice was shown: the policy before, by imitation, and by a bounded reward."""
    theme, policy = view.theme, rewarded(REFERENCE, view["strength"])
    policies = {
        say("before"): (REFERENCE, colour("pretrained", theme)),
        say("imitation"): (imitated(REFERENCE), INK[theme]),
        say("bounded reward"): (policy, colour("remedy", theme)),
    }
    names = [say("shown"), say("not shown, a"), say("not shown, b")]
    figure = Figure(
        data=[
            {
                "type": "bar",
                "x": names,
                "y": 100 * shares,
                "name": name,
                "marker": {"color": ink},
                "text": [f"{100 * share:.{0 if share > 0.005 or share == 0 else 1}f}" for share in shares],
                "textposition": "outside",
                "constraintext": "none",  # or one number is smaller than the others on a phone
                "cliponaxis": False,
                "hovertemplate": f"{name}: %{{y:.3g}}%<extra></extra>",
            }
            for name, (shares, ink) in policies.items()
        ],
        layout=layout(
            theme,
            say("choice"),
            say("how often it is chosen, %"),
            yaxis={"range": [0, 122], "tickvals": [0, 25, 50, 75, 100]},
            barmode="group",
        ),
    )
    parts = [f"{name}: " + ", ".join(f"{share:.1%}" for share in shares) for name, (shares, _) in policies.items()]
    return Picture(figure, "; ".join(parts) + ".", sentences.simplex(REFERENCE, policy, view["strength"]))
