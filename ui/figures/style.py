"""How a role looks: the colours, marks and Plotly templates that every chart and formula uses, set once.

Okabe-Ito colours, told apart by colour-blind readers; every role has a mark or a line style as a second cue.
"""

from typing import Any, Literal

import plotly.graph_objects as go

Theme = Literal["light", "dark"]

# The colours of a map, from golden to what remembers everything, and from golden to what lost more than golden did.
REMEMBERS = ((0.0, "#E69F00"), (0.25, "#F3D38C"), (0.5, "#D9DDE3"), (0.75, "#6C8FC4"), (1.0, "#1F3F8F"))
OVER_FORGOT = ((0.0, "#E69F00"), (0.5, "#A5480A"), (1.0, "#4A1500"))

# The colours of a difference, from too low to too high, and the ink that is read on them in both themes.
DIFFERENCE = ((0.0, "#1F3F8F"), (0.5, "#D9DDE3"), (1.0, "#D55E00"))
ON_DIFFERENCE = "#14181d"

INK: dict[Theme, str] = {"light": "#1b1f24", "dark": "#f2f4f7"}
MUTED: dict[Theme, str] = {"light": "#5a626d", "dark": "#a9b2bf"}
RULE: dict[Theme, str] = {"light": "#e3e6ea", "dark": "#333a44"}
PAPER: dict[Theme, str] = {"light": "#ffffff", "dark": "#14181d"}

# Roles whose colour is the same in both themes, retain apart; fine-tuned is ink, pretrained grey.
COLOUR: dict[str, str] = {
    "retain": "#0072B2",
    "forget": "#D55E00",
    "overlap": "#CC79A7",
    "golden": "#E69F00",
    "remedy": "#009E73",
}
# The blue of a mark is the blue of a letter in a formula.
RETAIN: dict[Theme, str] = {"light": COLOUR["retain"], "dark": "#56B4E9"}
PRETRAINED: dict[Theme, str] = {"light": "#8a929c", "dark": "#8f98a3"}

MARKER: dict[str, str] = {
    "pretrained": "circle-open",
    "golden": "square",
    "fine_tune": "diamond",
    "keep_overlap": "circle",
    "drop_overlap": "triangle-down",
    "project": "x",
}
DASH: dict[str, str] = {
    "pretrained": "solid",
    "golden": "solid",
    "fine_tune": "solid",
    "theory": "dot",
    "keep_overlap": "solid",
    "drop_overlap": "dash",
    "project": "dot",
}
# Methods that share the colour of the remedy; mark and line tell them apart.
REMEDIES = ("keep_overlap", "drop_overlap", "project")

FONT_SIZE = 14
FONT_FAMILY = '"Source Sans", "Source Sans Pro", system-ui, sans-serif'


def colour(role: str, theme: Theme) -> str:
    """Return the colour of a role (a block, a model, "theory") in a theme."""
    if role in ("fine_tune", "ink"):
        return INK[theme]
    if role == "pretrained":
        return PRETRAINED[theme]
    if role == "retain":
        return RETAIN[theme]
    return COLOUR["remedy" if role in REMEDIES else role]


# Colours as text need more contrast than as marks: darker on light paper, lighter on dark.
_TEXT: dict[Theme, dict[str, str]] = {
    "light": {
        "retain": RETAIN["light"],
        "forget": "#B04A00",
        "overlap": "#9C4A80",
        "golden": "#8A5C00",
        "remedy": "#00714F",
        "pretrained": "#666D76",
    },
    "dark": {
        "retain": RETAIN["dark"],
        "forget": "#FF8A3D",
        "overlap": "#DE9CC0",
        "golden": "#F0B030",
        "remedy": "#2CC497",
        "pretrained": "#A9B2BF",
    },
}


def text_colour(role: str, theme: Theme) -> str:
    """Return the colour of a role where it is text, readable on the theme's paper."""
    return _TEXT[theme].get(role, INK[theme])


def faint(role: str, theme: Theme, opacity: float = 0.18) -> str:
    """Return the colour of a role as a translucent fill."""
    red, green, blue = (int(colour(role, theme)[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def halo(theme: Theme) -> str:
    """Return the shadow that keeps text readable over lines: a rim in the paper's colour."""
    return ", ".join(f"{x}px {y}px 2px {PAPER[theme]}" for x in (-1, 0, 1) for y in (-1, 0, 1))


def unknown(theme: Theme) -> dict[str, object]:
    """Return the annotation that stands where an answer will be drawn after the guess."""
    return {"text": "<b>?</b>", "font": {"size": 26, "color": MUTED[theme]}}


def _template(theme: Theme) -> dict[str, Any]:
    axis = {
        "gridcolor": RULE[theme],
        "linecolor": RULE[theme],
        "zerolinecolor": MUTED[theme],
        "zerolinewidth": 1,
        "ticks": "",
        "title": {"standoff": 8, "font": {"size": FONT_SIZE, "color": MUTED[theme]}},
        "automargin": True,
        "fixedrange": True,
        # With margins of their own labels stay in the picture; to look at each for that takes an eighth of a drawing.
        "ticklabeloverflow": "allow",
        # No letters for powers of ten: "50µ" is no length.
        "exponentformat": "power",
        # As sentences write them: 2,000.
        "separatethousands": True,
    }
    valid = go.layout.Template(
        layout={
            "font": {"family": FONT_FAMILY, "size": FONT_SIZE, "color": INK[theme]},
            "paper_bgcolor": PAPER[theme],
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 16, "t": 40, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
                "title": {"text": ""},
            },
            "hoverlabel": {"bgcolor": PAPER[theme], "font": {"color": INK[theme]}, "bordercolor": RULE[theme]},
            "dragmode": False,
            "annotationdefaults": {"showarrow": False},
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": MUTED[theme], "activecolor": INK[theme]},
        }
    )
    return dict(valid.to_plotly_json())


TEMPLATE: dict[Theme, dict[str, Any]] = {"light": _template("light"), "dark": _template("dark")}
