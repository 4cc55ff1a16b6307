"""network: pictures and sentences from networks that were trained here, whole and half-way."""

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from tests.ui.cases import at_home, drawn, is_valid, traces
from tests.ui.server.executors import Held
from theory.networks import NETWORK_METHODS
from theory.networks import pieces as parts
from theory.networks.pieces import ALPHAS, HANDED_ON, PUSHES, entries, label, pieces, pushed
from ui.figures.table import figure_csv
from ui.lessons import BY_STEM
from ui.lessons.network import LESSON, curve_sentences, prepared, results, sentences
from ui.lessons.network.figures import board
from ui.lessons.network.measures import COLUMNS
from ui.lessons.network.results import WORK, Request, Results
from ui.page.numpy_script import script
from ui.plot.route import picture
from ui.plot.view import read_view
from ui.server.jobs import Jobs

ROOT = Path(__file__).parents[3]
KINDS = {"class": "One digit", "wrong": "Wrong labels"}
OPTIONS = BY_STEM["network"].prediction.options


def train(asked, known=None, only=None):
    """Do the pieces of a request here, one after the other, as workers would."""
    known, todo = WORK.plan(asked, 1, known)
    for piece in todo[:only]:
        known = WORK.put(known, piece, WORK.run(WORK.load(asked, known, piece)))
    return known


@pytest.fixture(scope="module")
def trained():
    return {kind: train(Request(kind, 3 if kind == "class" else 0, 0)) for kind in KINDS}


def found(trained, kind):
    return Results(Request(kind, 3 if kind == "class" else 0, 0), trained[kind], (0,))


def view(kind, **more):
    return read_view(LESSON.page, {"net_forget": [KINDS[kind]], **{name: [text] for name, text in more.items()}})


@pytest.fixture
def shows(trained, monkeypatch):
    """Let the pictures show the first pieces of a kind, or all."""

    def show(kind, count=None):
        whole = found(trained, kind)
        some = MappingProxyType(dict([*whole.found.items()][:count]))
        monkeypatch.setattr("ui.lessons.network.figures.so_far", lambda view: replace(whole, found=some))

    return show


@pytest.mark.parametrize("count", [0, 1, 3, 11, 15, 40, None])
def test_every_picture_can_be_drawn_whatever_is_there(shows, count):
    shows("class", count)
    for key in LESSON.figures:
        for theme in ("light", "dark"):
            shown = picture(LESSON, key, view("class", theme=theme))
            is_valid(shown.figure)
            assert re.search(r"\d", shown.alt)
            assert shown.alt.endswith(".")
            assert shown.caption
            assert "nan" not in shown.caption + shown.alt


def test_the_answer_waits_for_the_guess(shows):
    shows("class")
    hidden = picture(LESSON, "training", view("class", told="0"))
    assert not traces(drawn(hidden.figure), model="fine_tune")
    assert "ine-tuned" not in hidden.alt + hidden.caption
    assert [*LESSON.shown(view("class", told="0"))] == ["training"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_caption_says_what_the_networks_answer(trained, shows, kind):
    shows(kind)
    here = found(trained, kind)
    shares = {}
    for name in ("fine_tune", "golden"):
        said = here.first(name).answers.argmax(axis=1)
        shares[name] = 100 * np.mean([a == b for a, b in zip(said, here.rows.y_f, strict=True)])
    shown = picture(LESSON, "training", view(kind))
    texts = [f"{shares[name]:.1f}".removesuffix(".0") for name in ("fine_tune", "golden")]
    assert (
        f"answers {texts[0]}% of the images to forget as it was taught; golden answers {texts[1]}% so." in shown.caption
    )
    right = sentences.level(shares["fine_tune"], shares["golden"])
    assert right == ({"keeps"} if kind == "class" else {"part"})
    for guess in OPTIONS:
        verdict = sentences.verdict(OPTIONS, guess, here)
        assert ("and so it is" in verdict) == (guess in right)
        assert texts[0] in verdict
    assert ("still ranks a forgotten image" in shown.caption) == (kind == "wrong")
    (curve,) = traces(drawn(shown.figure), model="fine_tune")
    assert curve["y"][-1] == pytest.approx(shares["fine_tune"])


@pytest.mark.parametrize(
    ("tuned", "golden", "right"),
    [(100, 0, {"keeps"}), (97, 96, {"keeps", "golden"}), (60, 1, {"part"}), (3, 0, {"golden"}), (95, 89, {"keeps"})],
)
def test_a_guess_is_right_where_the_shares_say_so(tuned, golden, right):
    assert sentences.level(tuned, golden) == right


@pytest.mark.parametrize("kind", KINDS)
def test_the_board_has_every_method_beside_golden(trained, kind):
    here = found(trained, kind)
    (table,) = traces(drawn(board(here, "light")), up="method")
    values = np.array(table["customdata"], dtype=float)
    distances = np.array(table["z"], dtype=float).reshape(values.shape)
    assert table["meta"]["rows"] == [label(piece) for piece in entries(0)]
    for i, piece in enumerate(entries(0)):
        wanted = [getattr(here.found[piece].end, column.key) for column in COLUMNS]
        np.testing.assert_array_equal(values[i], wanted)
    golden = [piece.name for piece in entries(0)].index("golden")
    assert distances[golden][[bool(column.far) for column in COLUMNS]].max() == 0
    assert np.nanmax(distances) <= 1
    ends = {label(p): here.found[p].end for p in entries(0)}
    free = {n: e for n, e in ends.items() if "olden" not in n and n != "Pretrained"}
    nearest = min(free, key=lambda name: free[name].gap_forget)
    assert f"Nearest to golden’s answers among {len(free)} methods: {nearest}**" in sentences.board(here)
    assert "gap_forget" in figure_csv(board(here, "light"), None)
    # Every method of the theory stands there, and is explained.
    assert {piece.name for piece in entries(0)} == set(NETWORK_METHODS)
    for method in NETWORK_METHODS.values():
        assert f"**{method.label}.** {method.idea}" in sentences.methods()


def test_a_new_method_is_found_on_the_board_and_in_the_list(trained, monkeypatch):
    toy = replace(NETWORK_METHODS["fine_tune"], key="toy", label="A toy", idea="It does nothing.", parameters=())
    toy = replace(toy, fit=lambda hand: iter([hand.pretrained]))
    monkeypatch.setattr(parts, "NETWORK_METHODS", {**NETWORK_METHODS, "toy": toy})
    monkeypatch.setattr(sentences, "NETWORK_METHODS", parts.NETWORK_METHODS)
    asked = Request("class", 3, 0)
    known = train(asked, trained["class"])
    assert len(known) == len(trained["class"]) + 1
    here = Results(asked, known, (0,))
    (table,) = traces(drawn(board(here, "light")), up="method")
    row = table["meta"]["rows"].index("A toy")
    before = table["meta"]["rows"].index("Pretrained")
    assert table["customdata"][row][:-1] == table["customdata"][before][:-1]
    assert "**A toy.** It does nothing." in sentences.methods()


def test_the_curves_say_where_a_push_is_nearest(trained):
    here = found(trained, "class")
    for name, target in PUSHES:
        gaps = [here.found[pushed(0, name, target, alpha)].end.gap_forget for alpha in ALPHAS]
        best = ALPHAS[int(np.argmin(gaps))]
        title = label(pushed(0, name, target, 0.1))
        assert (
            f"**{title}**: of the {len(ALPHAS)} weights tried, alpha {best:g} comes nearest, with a gap of "
            f"{min(gaps):.2f}; at 3 the gap is {gaps[-1]:.2f}." in curve_sentences.alpha(here)
        )
    assert pushed(0, "ce_ft", "wrong", 0.1) in entries(0)
    assert "after 20 epochs" in curve_sentences.decay(here)


def test_several_seeds_are_said_with_their_spread(trained):
    here = replace(found(trained, "class"), seeds=(0, 1))
    piece = here.piece("fine_tune")
    known = {**here.found, **{replace(p, seed=1): here.found[p] for p in entries(0)}}
    end = replace(here.found[piece].end, UA=4.0)
    known[replace(piece, seed=1)] = replace(here.found[piece], end=end)
    text = sentences.training(replace(here, found=known))
    kept = np.array([100 - here.found[piece].end.UA, 96.0])
    assert f"{kept.mean():.1f}".removesuffix(".0") + f" ± {kept.std(ddof=1):.1f}" in text
    assert "standard deviations of 2 seeds" in text


def test_a_request_is_one_for_all_digits_where_no_digit_is_forgotten():
    one, other = (results.request(view("wrong", net_digit=digit)) for digit in "27")
    assert one == other
    assert results.request(view("class", net_digit="2")) != results.request(view("class", net_digit="7"))
    assert len(set(Request("wrong", 0, 99).seeds(3))) == 3
    assert {p.seed for p in WORK.plan(one, 2, None)[1]} == {0, 1}
    assert len(pieces(0)) == len(set(pieces(0)))


def test_what_is_done_is_not_asked_for_again_and_handed_on_moments_are_forgotten():
    asked = Request("class", 3, 0)
    some = train(asked, only=4)
    _, todo = WORK.plan(asked, 1, some)
    assert not set(todo) & set(some)
    assert sum(one.moment is not None for one in some.values()) == 2
    ready = [piece for piece in todo if WORK.load(asked, some, piece)]
    assert {piece.name for piece in ready} == {"pretrained", "golden"}


def test_the_script_prints_the_numbers_on_screen(trained, tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    here = found(trained, "wrong")
    text = script(BY_STEM["network"], view("wrong").spec, dict(view("wrong").options))
    for name, *printed in at_home(text, tmp_path, 60):
        end = here.first(name).end
        # The order of float32 sums is another: a few images may fall to the other side.
        np.testing.assert_allclose([float(p) for p in printed], [end.UA, end.RA, end.TA], rtol=0, atol=5)


def test_the_first_epochs_are_there_before_any_worker_has_begun(monkeypatch):
    asked = Request("class", 4, 77)
    jobs = Jobs(results.WORK, lambda: (Held(), 1))
    monkeypatch.setattr(results, "experiments", lambda: jobs)
    view = read_view(LESSON.page, {"net_digit": ["4"], "net_seed": ["77"]})
    curves = picture(LESSON, "training", view).figure.data
    assert [int(np.isfinite(np.asarray(trace["y"], dtype=float)).sum()) for trace in curves] == [HANDED_ON[0]] * 2 + [0]
    # Nobody has to compute them again.
    todo = results.WORK.plan(asked, 1, None)[1]
    assert not [piece for piece in todo if piece.until == HANDED_ON[0]]
    assert {piece.until for piece in todo} >= set(HANDED_ON[1:])


def test_the_first_settings_of_every_kind_are_prepared_and_only_where_it_is_wanted(monkeypatch):
    jobs = Jobs(results.WORK, lambda: (Held(), 1))
    monkeypatch.setattr(prepared, "experiments", lambda: jobs)
    monkeypatch.setattr(prepared, "LATER", 0.0)
    assert prepared.prepare_later() is None
    asked = prepared.first_requests()
    assert [jobs.peek(one) for one in asked] == [None] * 3
    assert asked == [Request("class", 3, 0), Request("random", 0, 0), Request("wrong", 0, 0)]
    monkeypatch.delenv(prepared.VARIABLE)
    prepared.prepare_later().join()
    assert [jobs.peek(one).amount for one in asked] == [prepared.SEEDS + prepared.MORE_SEEDS] * 3
