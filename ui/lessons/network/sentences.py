"""What is said of the networks, from the numbers of the pictures; over seeds where there are several."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from theory import Array
from theory.networks import NETWORK_METHODS
from theory.networks.network import Floats
from theory.networks.pieces import (
    Piece,
    entries,
    label,
)
from ui.language import say
from ui.language.words import judged, number
from ui.lessons.network.measures import BY_KEY, COLUMNS, Column
from ui.lessons.network.results import Results

NAMES: Mapping[str, str] = {"pretrained": "Pretrained", "golden": "Golden"}
# Shares this many points apart count as alike; a share of so many is most, and nearly all.
ALIKE, MOST, NEARLY_ALL = 5.0, 50.0, 95.0
# An attack this much above golden's finds a trace; an answer this much farther than two goldens are apart is another.
TRACED, BEYOND = 0.1, 0.1
# The rows of the board that nobody has to choose among.
_NO_CHOICE = ("pretrained", "golden", "golden_again")


def spread(values: Array, column: Column) -> str:
    """Return the mean of a measure over seeds, with its standard deviation where there are several."""
    text = column.text(float(values.mean()))
    if len(values) < 2:
        return text
    return f"{text} ± {column.text(float(values.std(ddof=1)))}"


def over(found: Results, piece: Piece, measure: str) -> str:
    """Return a measure of a piece over its seeds, as `spread` does."""
    return spread(found.values(piece, measure), BY_KEY[measure])


def _seeds(values: Array) -> str:
    """Return over how many seeds means are, where they are over several."""
    return (
        say("Numbers are means ± standard deviations of {count} seeds.", count=len(values)) if len(values) > 1 else ""
    )


def _paragraph(*sentences: str) -> str:
    """Return whole sentences one after the other; an empty one is left out."""
    return " ".join(filter(None, sentences))


def mean(found: Results, piece: Piece, measure: str) -> float:
    """Return the mean of a measure over seeds; not a number where there is none."""
    values = found.values(piece, measure)
    return float(values.mean()) if len(values) else math.nan


def waiting() -> str:
    """Return what stands in place of what is not computed yet."""
    return say("This is computed as soon as the networks for it are trained.")


# the first picture, and the guess


def level(kept: float, golden: float) -> set[str]:
    """Return which guesses are right for shares answered as labelled, in percent: of fine-tuned and of golden."""
    found = {"keeps"} if kept >= NEARLY_ALL else set()
    if abs(kept - golden) <= ALIKE:
        found.add("golden")
    return found or {"part"}


def _three(found: Results) -> Results:
    """Return what is known from the seeds that have the pretrained, the fine-tuned and the golden network."""
    return found.even(*map(found.piece, ("pretrained", "fine_tune", "golden")))


def _shares(found: Results) -> tuple[Array, Array]:
    """Return the shares answered as labelled, in percent, over seeds: of fine-tuned and of golden."""
    found = _three(found)
    tuned, golden = (found.values(found.piece(name), "UA") for name in ("fine_tune", "golden"))
    return 100 - tuned, 100 - golden


def _kept(found: Results) -> str:
    tuned, golden = _shares(found)
    share = BY_KEY["UA"]
    return say(
        "Fine-tuned, the network answers {tuned}% of the images to forget as it was taught; golden answers {golden}% "
        "so.",
        tuned=spread(tuned, share),
        golden=spread(golden, share),
    )


def right(found: Results) -> set[str]:
    """Return which guesses are right by the networks that have been trained; none before the first."""
    tuned, golden = _shares(found)
    return level(float(tuned.mean()), float(golden.mean())) if len(tuned) else set()


def verdict(options: Mapping[str, str], guess: str | None, found: Results) -> str:
    """Return how a guess compares with the answer, and why; of None, the answer."""
    answers = right(found)
    if not answers:
        return waiting()
    tuned, _ = _shares(found)
    return _paragraph(judged(options, guess, answers), _kept(found), _seeds(tuned), *meaning(found))


def meaning(found: Results) -> list[str]:
    """Return what the shares of fine-tuned and golden say beside those of linear models, sentence by sentence."""
    found = _three(found)
    tuned, golden = (float(shares.mean()) for shares in _shares(found))
    auc = {name: mean(found, found.piece(name), "attack_auc") for name in ("fine_tune", "golden")}
    parts = [_compared(found, tuned, golden)]
    if auc["fine_tune"] - auc["golden"] > TRACED:
        parts.append(
            say(
                "The attack by the loss still ranks a forgotten image before one never seen in {tuned} of all pairs; "
                "with golden in {golden}.",
                tuned=f"{100 * auc['fine_tune']:.1f}%",
                golden=f"{100 * auc['golden']:.1f}%",
            )
        )
    return parts


def _compared(found: Results, tuned: float, golden: float) -> str:
    if abs(tuned - golden) <= ALIKE and golden >= MOST:
        return say(
            "Golden never saw them and answers most of them as they were labelled all the same: **forgetting is not "
            "misclassifying**, and this count cannot tell who has forgotten."
        )
    if abs(tuned - golden) <= ALIKE:
        return say("By this count it has forgotten.")
    right = mean(found, found.piece("pretrained"), "RA")
    if tuned >= NEARLY_ALL and right >= NEARLY_ALL:
        return say(
            "The linear claim carries over: the pretrained network answers {right}% of the images to keep right "
            "already, and training on them leaves the other answers nearly as they were.",
            right=BY_KEY["RA"].text(right),
        )
    if tuned > golden:
        return say(
            "The linear claim carries over in part: other than a linear model, the network gives up some labels, and "
            "keeps more of them than golden has."
        )
    return say("Other than a linear model, the network gives up more labels than forgetting asks for.")


def training(found: Results) -> str:
    """Return the caption of the training curves."""
    tuned, _ = _shares(found)
    return _paragraph(f"**{_kept(found)}**", _seeds(tuned), *meaning(found)) if len(tuned) else waiting()


def describe_training(found: Results, told: bool) -> str:
    """Return the accessible name of the training curves."""
    text = say(
        "Two panels: the share of the {count} images to forget that is answered as labelled, during 100 epochs of "
        "training and 10 of fine-tuning.",
        count=len(found.rows.y_f),
    )
    tuned, _ = _shares(found)
    return f"{text} {_kept(found)}" if told and len(tuned) else text


# the images


def answer(shares: Floats, taught: int) -> str:
    """Return what a network answers on one image: its three largest shares, and that of the label it was taught."""
    top = np.argsort(shares)[::-1][:3]
    said = ", ".join(f"{k}: {100 * shares[k]:.0f}%" for k in top)
    return say("{said}; taught {taught}", said=said, taught=taught)


def answers(found: Results) -> str:
    """Return the caption of the images: what golden answers, and how sure it is."""
    golden = found.first("golden")
    if golden is None:
        return waiting()
    said = golden.answers.argmax(axis=1)
    labels, counts = np.unique(said, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:3]
    most = ", ".join(f"{labels[k]} ({100 * counts[k] / len(said):.0f}%)" for k in order)
    sure = float(golden.answers.max(axis=1).mean())
    return _paragraph(
        say("**Golden’s most frequent answers on all {count} images to forget: {most}.**", count=len(said), most=most),
        say(
            "Its first answer has a share of {sure}% on average; a push to all digits alike asks for {even}% each.",
            sure=f"{100 * sure:.0f}",
            even=f"{100 / golden.answers.shape[1]:.0f}",
        ),
        say("Orange: golden’s answer. Blue: the label to forget. Grey: another one."),
    )


def describe_answers(found: Results) -> str:
    """Return the accessible name of the images."""
    text = say("Images of rows to forget, and below each the digit that 8 networks answer once trained.")
    golden, tuned = found.first("golden"), found.first("fine_tune")
    if golden is None or tuned is None:
        return text
    alike = 100 * float(np.mean(tuned.answers.argmax(axis=1) == golden.answers.argmax(axis=1)))
    return _paragraph(text, say("Fine-tuned and golden agree on {alike}% of all.", alike=f"{alike:.0f}"))


# the board


def cell(found: Results, piece: Piece, column: Column) -> str:
    """Return what one cell of the board says, golden's value beside it."""
    values, golden = found.values(piece, column.key), found.values(found.piece("golden"), column.key)
    if not len(values):
        return ""
    name, value = say(column.name), spread(values, column)
    if not len(golden) or not column.far:
        return say("{name}: {value}", name=name, value=value)
    return say("{name}: {value}; golden {golden}", name=name, value=value, golden=spread(golden, column))


def _board_of(found: Results) -> Results:
    """Return what is known from the seeds whose board is whole; from the first one before."""
    whole = found.even(*entries(found.asked.seed))
    return whole if whole.seeds else replace(found, seeds=found.seeds[:1])


def _choice(found: Results) -> list[Piece]:
    """Return the methods one could choose that are there, nearest to golden first; an oracle is none."""
    there = [
        piece
        for piece in entries(found.asked.seed)
        if piece.name not in _NO_CHOICE
        and "oracle" not in dict(piece.given).values()
        and len(found.values(piece, "gap_forget"))
    ]
    return sorted(there, key=lambda piece: mean(found, piece, "gap_forget"))


def board(found: Results) -> str:
    """Return the caption of the board: who comes nearest at what cost, and who only looks like golden."""
    found = _board_of(found)
    there, again, golden = _choice(found), found.piece("golden_again"), found.piece("golden")
    if len(there) < 2 or not (len(found.values(again, "UA")) and len(found.values(golden, "UA"))):
        return waiting()
    best = there[0]
    return _paragraph(
        say(
            "**Nearest to golden’s answers among {count} methods: {method}**, with a gap of {gap} for {seconds} s of "
            "one core; two goldens are {floor} apart, and one takes {retrain} s.",
            count=len(there),
            method=say(label(best)),
            gap=over(found, best, "gap_forget"),
            seconds=over(found, best, "seconds"),
            floor=over(found, again, "gap_forget"),
            retrain=over(found, golden, "seconds"),
        ),
        _seeds(found.values(best, "gap_forget")),
        _looking_alike(found, there),
        _traced(found, there),
        say("Colours: orange as golden, blue far from it."),
    )


def _looking_alike(found: Results, there: list[Piece]) -> str:
    """Return which methods have golden's UA and not its answers; nothing where none does."""
    golden, floor = found.piece("golden"), mean(found, found.piece("golden_again"), "gap_forget")
    looks = [
        piece
        for piece in there
        if abs(mean(found, piece, "UA") - mean(found, golden, "UA")) <= ALIKE
        and mean(found, piece, "gap_forget") > floor + BEYOND
    ]
    if not looks:
        return ""
    return say(
        "{n} method has golden’s UA, within {alike:g} points, and answers farther from golden than another golden’s by "
        "more than {beyond:g}: {method} has a gap of {gap}.",
        "{n} methods have golden’s UA, within {alike:g} points, and answers farther from golden than another golden’s "
        "by more than {beyond:g}: {method} has a gap of {gap}.",
        n=len(looks),
        alike=ALIKE,
        beyond=BEYOND,
        method=say(label(looks[-1])),
        gap=over(found, looks[-1], "gap_forget"),
    )


def _traced(found: Results, there: list[Piece]) -> str:
    """Return after how many methods the attack finds a trace; nothing where after none."""
    golden = mean(found, found.piece("golden"), "attack_auc")
    traced = [piece for piece in there if mean(found, piece, "attack_auc") - golden > TRACED]
    if not traced:
        return ""
    return say(
        "The attack still finds a trace after {traced} of {count} (AUC more than {by:g} above golden’s).",
        traced=len(traced),
        count=len(there),
        by=TRACED,
    )


def columns() -> str:
    """Return what the columns of the board mean."""
    names = "; ".join(f"**{say(column.short)}**: {say(column.name)}" for column in COLUMNS)
    return say("Columns: {names}. Shares in percent.", names=names)


def weights(found: Results) -> str:
    """Return what the distance between weights says, which means much for linear models."""
    pretrained, again = found.first("pretrained"), found.first("golden_again")
    if not pretrained or not again:
        return ""
    apart, away = again.golden_gap, pretrained.golden_gap
    if apart <= away or again.end.agree <= pretrained.end.agree:
        return ""
    return say(
        "**New beside linear models: a distance between weights says little.** Two goldens are {apart} apart and "
        "answer alike on {agree}% of the images to forget; the pretrained network is {away} from golden and answers "
        "like it on {kept}%.",
        apart=number(apart),
        agree=BY_KEY["agree"].text(again.end.agree),
        away=number(away),
        kept=BY_KEY["agree"].text(pretrained.end.agree),
    )


def methods() -> str:
    """Return what every method does, where it is from and what it needs, as a list."""
    needs = {
        "retain": say("rows to keep"),
        "forget": say("rows to forget"),
        "pretrained": say("the pretrained network"),
    }
    said = {
        key: say(
            "**{label}.** {idea} Source: {source}. Needs {needs}.",
            label=say(method.label),
            idea=say(method.idea),
            source=say(method.source),
            needs=", ".join(text for need, text in needs.items() if need in method.needs),
        )
        + (f" {say('To push to golden’s answer, golden too.')}" if "oracle" in method.labels else "")
        for key, method in NETWORK_METHODS.items()
    }
    return "\n\n".join(f"{text}\n\n$${NETWORK_METHODS[key].formula}$$" for key, text in said.items())


def describe_board(found: Results) -> str:
    """Return the accessible name of the board."""
    found = _board_of(found)
    there = _choice(found)
    text = say(
        "A table of {rows} networks and {columns} measures, coloured by the distance to golden’s.",
        rows=len(entries(found.asked.seed)),
        columns=len(COLUMNS),
    )
    if len(there) < 2:
        return text
    nearest, gap = say(label(there[0])), over(found, there[0], "gap_forget")
    return _paragraph(text, say("Nearest: {method}, gap {gap}.", method=nearest, gap=gap))
