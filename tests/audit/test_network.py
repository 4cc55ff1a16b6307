"""The page network while its networks are being trained, and what it tells of its methods."""

import random
import re
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from tests.audit.addresses import view
from tests.audit.network import Facts, said_of, some_of, trained
from tests.audit.reading import plain
from tests.audit.rules import readings, unread
from theory.networks import NETWORK_METHODS, Hand, run, trainings
from theory.networks.methods import Option
from theory.networks.pieces import HANDED_ON, Piece
from ui.lessons.network import sentences
from ui.lessons.network.results import request

SHARES = (0, 0.04, 0.08, 0.1, 0.14, 0.16, 0.18, 0.2, 0.24, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1)


@pytest.mark.parametrize(("forgotten", "seeds"), [("One digit", 1), ("Rows at random", 2), ("Wrong labels", 1)])
def test_every_sentence_is_true_while_networks_are_missing(forgotten, seeds):
    """Whichever pieces are there, in any order of finishing, nothing is said of those that are not."""
    seen, kept, spoken = view("network", net_forget=forgotten), {}, 0
    whole = trained(request(seen), seeds)
    for draw in range(2):
        for found in some_of(whole, random.Random(draw), SHARES):
            facts = Facts(seen, found.found, kept)
            for where, text in said_of(found).items():
                assert not unread(facts, text), (where, text)
                for rule, sentence, truth in readings(facts, where, text):
                    spoken += truth is not None
                    assert truth is not False, (len(found.found), where, rule, sentence)
    assert spoken > 150


def test_what_is_said_too_early_or_too_late_is_found_false():
    """The words of one moment of training, judged at another."""
    seen, kept = view("network", net_forget="One digit"), {}
    whole = trained(request(seen), 1)
    middle = next(some_of(whole, random.Random(0), (0.5,)))
    for said, known in ((whole, middle), (middle, whole), (next(some_of(whole, random.Random(0), (0.1,))), whole)):
        facts = Facts(seen, known.found, kept)
        judged = [truth for where, text in said_of(said).items() for _, _, truth in readings(facts, where, text)]
        assert False in judged


# What is told of the methods

HELD = {"rows to keep": "retain", "rows to forget": "forget", "the pretrained network": "pretrained"}
GOLDEN = "To push to golden’s answer, golden too."


@pytest.fixture(scope="module")
def hand():
    found = trained(request(view("network", net_forget="One digit")), 1)
    ends = (found.found[Piece(0, name, until=HANDED_ON[-1])].moment.weights for name in ("pretrained", "golden"))
    return Hand(found.rows, *ends, 0)


def without(hand, what):
    """The same hand with other things in place of one of those it holds."""
    rows = hand.rows
    if what == "retain":
        return replace(hand, rows=replace(rows, X_r=rows.X_r[::-1].copy()))
    if what == "forget":
        return replace(hand, rows=replace(rows, X_f=1 - rows.X_f, y_f=(rows.y_f + 1) % 10))
    return replace(hand, **{what: getattr(hand, what)[::-1].copy()})


def told():
    """What is told of each method, by its key, as plain text without its formula."""
    texts = [plain(part) for part in sentences.methods().split("\n\n") if not part.startswith("$$")]
    return dict(zip(NETWORK_METHODS, texts, strict=True))


def last(key, hand, **given):
    *_, end = run(NETWORK_METHODS[key], hand, **given)
    return end


def begun(key, hand, **given):
    """The weights after two epochs: what starts at its own answers does not leave them in the first."""
    *_, end = islice(run(NETWORK_METHODS[key], hand, **given), 2)
    return end


@pytest.mark.parametrize("key", NETWORK_METHODS)
def test_a_method_needs_what_it_is_said_to_need(hand, key):
    """Its network is another where what it needs is, and the same whatever stands in the place of what it does not."""
    method, text = NETWORK_METHODS[key], told()[key]
    m = re.fullmatch(r"(.*?)\. (.*?[.]) Source: (.*?)\. Needs (.*?)\.(?: (To push .*))?", text)
    assert m, text
    assert (m[1], m[2], m[3]) == (method.label, method.idea, method.source)
    needs = {HELD[name] for name in m[4].split(", ")}
    options = [p for p in method.parameters if isinstance(p, Option)]
    ways = [{p.name: value} for p in options for value in p.options] or [{}]
    for what in (*HELD.values(), "golden"):
        moved = [not np.array_equal(begun(key, hand, **way), begun(key, without(hand, what), **way)) for way in ways]
        if what == "golden":
            assert any(moved) == (m[5] == GOLDEN)
            assert [way for way, one in zip(ways, moved, strict=True) if one] in ([], [{"target": "oracle"}])
        else:
            assert all(moved) == any(moved) == (what in needs), (what, text)


def _same(a, b):
    return np.linalg.norm(a - b) <= 1e-4 * np.linalg.norm(a)


def _alone(hand, key, **given):
    """Two epochs of fine-tuning, which a method comes down to where what it does beside is nothing."""
    return _same(last(key, hand, rounds=1, factor=1.0, **given), last("fine_tune", hand, epochs=2))


def _rows_projected(hand, monkeypatch):
    seen = []
    project = trainings.project
    monkeypatch.setattr(trainings, "project", lambda network, X: seen.append(len(X)) or project(network, X))
    last("min_norm", hand, rounds=2)
    return seen


def _answers(hand, w, part="f"):
    return hand.answers(w, getattr(hand.rows, f"X_{part}"))


def _right(hand, w, part="f"):
    return float(np.mean(_answers(hand, w, part).argmax(axis=1) == getattr(hand.rows, f"y_{part}")))


def _loss(hand, w):
    said = _answers(hand, w)[np.arange(len(hand.rows.y_f)), hand.rows.y_f]
    return float(-np.log(np.maximum(said, 1e-30)).mean())


def _units(w):
    return w[: 64 * 128 + 128]


# What an idea asserts beside what it needs, checked on what the method does.
IDEAS = {
    "pretrained": ("trained on all rows", lambda h, _: _right(h, h.pretrained) > 0.9 < _right(h, h.pretrained, "r")),
    "golden": (
        "from the same start",
        lambda h, _: np.linalg.norm(h.golden - h.pretrained) < np.linalg.norm(last("golden_again", h) - h.golden),
    ),
    "inverse_ce_ft": (
        "with a rate alpha times as large it takes CE-FT's very steps",
        lambda h, _: _same(last("inverse_ce_ft", h, rate="scaled"), last("ce_ft", h, target="wrong")),
    ),
    "shrink_repair": ("fine-tune for two epochs", lambda h, _: _alone(h, "shrink_repair")),
    "min_norm": (
        "on 40 rows to keep do not depend on, fine-tune for two epochs",
        lambda h, patch: _alone(h, "min_norm") and _rows_projected(h, patch) == [40, 40],
    ),
    "fine_tune_decay": (
        "Then fine-tune without",
        lambda h, _: np.linalg.norm(last("fine_tune_decay", h, repair=0)) < np.linalg.norm(h.pretrained),
    ),
    "gradient_ascent": (
        "Climb the loss of the rows to forget",
        lambda h, _: _loss(h, last("gradient_ascent", h)) > _loss(h, h.pretrained),
    ),
    "neg_grad_plus": (
        "climb the loss of the rows to forget a little",
        lambda h, _: _loss(h, last("neg_grad_plus", h)) > _loss(h, last("fine_tune", h)),
    ),
    "random_labels": (
        "under wrong labels",
        lambda h, _: _right(h, last("random_labels", h)) < _right(h, h.pretrained),
    ),
    "ce_ft": ("push the rows to forget to another label", lambda h, _: _right(h, last("ce_ft", h)) < 0.5),
}


@pytest.mark.parametrize("key", IDEAS)
def test_an_idea_says_what_the_method_does(hand, key, monkeypatch):
    words, truth = IDEAS[key]
    assert words in told()[key]
    assert truth(hand, monkeypatch)
