"""The page your_table: what it says of a table, recomputed with numpy alone; names of a file are never markup."""

import gc
import json
import re
import weakref

import numpy as np
import pytest

from tests.ui.plot.asking import Server
from theory import nearest
from theory.data.reading import read_table
from ui.lessons import LESSONS
from ui.lessons.your_table import LESSON, results, sentences
from ui.plot.view import read_view
from ui.server import table_store
from ui.server.table_store import Entry, asking, keep

PAGE = LESSON.page
AGREE = 1e-8


def view(**values):
    return read_view(PAGE, {key: [value] for key, value in values.items()})


def own(rows=40, twist=0, name="x", words=None, seed=0):
    """A table of two numbers, a word and what they make."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 2)).round(4)
    words = words or ["ab"[k % 2] for k in range(rows)]
    y = (X @ [2, -1] + twist * np.array([w == "rare" for w in words]) + 0.1 * rng.normal(size=rows)).round(4)
    lines = [f"{name},z,word,y", *(f"{a},{b},{w},{t}" for (a, b), w, t in zip(X, words, y, strict=True))]
    sheet = read_table("\n".join(lines).encode())
    gone = np.zeros(rows, dtype=bool)
    gone[:6] = True
    return Entry(sheet, "y", gone)


def models(entry, lift=False):
    """The three models recomputed from the prepared rows with numpy alone."""
    from theory.data.preparing import ready

    problem = ready(entry.sheet, entry.target, entry.forget, lift=lift).numbers().problem
    X, y = np.vstack([problem.X_r, problem.X_f]), np.r_[problem.y_r, problem.y_f]
    w_o, w_g = (np.linalg.lstsq(A, b, rcond=1e-11)[0] for A, b in ((X, y), (problem.X_r, problem.y_r)))
    w_t = w_o + np.linalg.lstsq(problem.X_r, problem.y_r - problem.X_r @ w_o, rcond=1e-11)[0]
    return problem, w_o, w_t, w_g


@pytest.mark.parametrize(
    ("words", "lift"),
    [(None, False), (["rare"] * 6 + ["ab"[k % 2] for k in range(34)], False), (None, True)],
    ids=["golden", "own column", "lifted"],
)
def test_what_is_said_of_a_table_is_what_numpy_finds(words, lift):
    entry = own(twist=3, words=words)
    ticket = keep(entry)
    with asking(ticket.name):
        found = results.answer(view(lift=str(lift).lower()))
    problem, w_o, w_t, w_g = models(entry, lift)
    size = np.linalg.norm(w_o)
    assert found.same == (np.linalg.norm(w_t - w_g) <= AGREE * size)
    assert found.unmoved == (np.linalg.norm(w_t - w_o) <= AGREE * size)
    assert found.left == pytest.approx(np.linalg.norm(w_t - w_g) / size, abs=AGREE)
    assert found.fits_any == (np.linalg.matrix_rank(np.vstack([problem.X_r, problem.X_f])) == 34 + 6 - 7)
    spread = entry.sheet.column("y").values[~entry.forget]
    for key, w in (("pretrained", w_o), ("fine_tune", w_t), ("golden", w_g)):
        mine = np.sqrt(np.mean((problem.X_f @ w - problem.y_f) ** 2))
        assert found.forget[key] == pytest.approx(
            mine * found.forget["golden"] / max(np.sqrt(np.mean((problem.X_f @ w_g - problem.y_f) ** 2)), 1e-300),
            rel=1e-6,
            abs=1e-6 * np.ptp(spread),
        )
    told = sentences.caption(found)
    assert ("golden itself" in told) == found.same
    assert ("changes nothing" in told) == (found.unmoved and not found.same)
    assert ("do not call it erased" in told) == (not found.same)
    assert found.own == (("word = rare",) if words and not lift else ())
    assert ("Only rows to forget use" in told) == bool(found.own)


@pytest.mark.parametrize("words", [None, ["rare"] * 6 + ["ab"[k % 2] for k in range(34)]], ids=["shared", "own column"])
def test_a_legend_names_the_columns_that_only_rows_to_forget_use(words):
    ticket = keep(own(twist=3, words=words))
    with asking(ticket.name):
        found = results.answer(view())
        bars = LESSON.figures["left"].draw(view()).figure.data if found.held else []
    of_their_own = [trace for trace in bars if trace["meta"]["block"] == "forget"]
    assert sorted(name for trace in of_their_own for _, name in trace["customdata"]) == sorted(
        sentences.on_chart(name) for name, _ in found.held if name in found.own
    )
    assert sum(len(trace["y"]) for trace in bars) == len(found.held)
    assert all(trace["showlegend"] == bool(found.own) for trace in bars)
    assert bool(of_their_own) == (words is not None)


def test_a_guess_is_judged_by_what_happened():
    found = results.answer(view())  # the penguins of one island: moved, and not golden
    assert sentences.outcome(found) == "part"
    for guess, option in PAGE.prediction.options.items():
        told = sentences.verdict(PAGE.prediction.options, guess, found)
        assert f"You guessed “{option}”" in told
        assert ("and so it is" in told) == (guess == "part")
    lifted = results.answer(view(lift="true"))
    assert sentences.outcome(lifted) == "no"
    assert sentences.outcome(results.answer(view(gone="One row in ten"))) in ("yes", "part")


def test_rows_at_random_are_those_of_the_draw_and_have_a_value():
    entry = table_store.example()
    known = ~np.isnan(entry.sheet.column(entry.target).values)
    tenth = results.rows_to_forget(entry, "tenth", 3)
    assert tenth.sum() == round(known.sum() / 10)
    assert not tenth[~known].any()
    assert results.rows_to_forget(entry, "one", 3).sum() == 1
    assert not np.array_equal(tenth, results.rows_to_forget(entry, "tenth", 4))


def test_classes_are_counted_as_wrong_answers():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(50, 2)).round(3)
    label = ["high" if a > 0 else "low" for a, _ in X]
    lines = ["a,b,label", *(f"{a},{b},{w}" for (a, b), w in zip(X, label, strict=True))]
    gone = np.zeros(50, dtype=bool)
    gone[:5] = True
    ticket = keep(Entry(read_table("\n".join(lines).encode()), "label", gone))
    with asking(ticket.name):
        found = results.answer(view())
    assert found.classes == ("high", "low")
    for share in (*found.forget.values(), *found.keep.values()):
        assert 0 <= share <= 100
    assert "% wrong" in sentences.numbers(found)


HOSTILE = "<script>alert(1)</script>"


def test_names_of_a_file_are_letters_in_pictures_captions_and_tables():
    words = ["rare"] * 6 + ["ab"[k % 2] for k in range(34)]
    entry = own(name=HOSTILE, words=words)
    ticket, server = keep(entry), Server(LESSONS)
    for key in ("errors", "left"):
        answer = server.get(
            f"/figures/your_table/{key}?", **{table_store.HEADER.lower().replace("-", "_"): ticket.name}
        )
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        said = answer.json  # "alt" is set as a text
        assert "<script" not in json.dumps([said["data"], said["layout"], said["caption"]])
    found = server.get(
        "/figures/your_table/left.csv?", **{table_store.HEADER.lower().replace("-", "_"): ticket.name}
    ).text
    assert not re.search(r"(?m)(^|,)[=+@]", found)


def test_nothing_of_a_table_stays_when_it_is_forgotten():
    entry = own()
    gone, ticket, server = weakref.ref(entry), keep(entry), Server(LESSONS)
    del entry
    header = {table_store.HEADER.lower().replace("-", "_"): ticket.name}
    asked = "rows=Your+own+table&leaves=A+group&features=0"
    for stem, key in (("geometry", "triangle"), ("dynamics", "clocks"), ("remedy", "bars"), ("regularize", "push")):
        mine = server.get(f"/figures/{stem}/{key}?{asked}", **header)
        assert mine.status == 200
        assert mine.headers["cache-control"] == "no-store"
        assert mine.body != server.get(f"/figures/{stem}/{key}?{asked}").body
    server.get("/figures/your_table/errors?", **header)
    table_store.drop(ticket.name)
    gc.collect()
    assert gone() is None


def test_rows_of_ones_own_are_a_problem_like_any_other():
    ticket = keep(own(words=["rare"] * 6 + ["ab"[k % 2] for k in range(34)], twist=3))
    with asking(ticket.name):
        page = LESSONS["remedy"].page
        rows = read_view(page, {"rows": ["Your own table"], "leaves": ["A group"], "features": ["0"]}).rows
        problem = rows.problem()
        assert (rows.d_forget, rows.n_forget) == (1, 6)
        assert not problem.X_r[:, problem.d - 1].any()
        w_t = nearest(problem.X_r, problem.y_r, problem.w_o)
        left = problem.w_o - problem.retain_space.project(problem.w_o)
        np.testing.assert_allclose(w_t - problem.w_g, left, atol=1e-10)
        assert np.linalg.norm(left) > 1e-3


def test_without_its_name_the_route_shows_the_example_and_a_gone_one_is_refused():
    server = Server(LESSONS)
    entry = own()
    ticket = keep(entry)
    header = table_store.HEADER.lower().replace("-", "_")
    mine = server.get("/figures/your_table/errors?", **{header: ticket.name})
    example = server.get("/figures/your_table/errors?")
    assert mine.body != example.body
    assert "body_mass_g" in example.text
    assert "body_mass_g" not in mine.text
    # Names in the address are not heard: what stands there is in logs.
    assert server.get(f"/figures/your_table/errors?table={ticket.name}").status == 400
    table_store.drop(ticket.name)
    gone = server.get("/figures/your_table/errors?", **{header: ticket.name})
    assert gone.status == 400
    assert "choose the file again" in gone.refusal


def test_another_draw_has_the_page_choose_rows_anew_of_a_table_of_ones_own_alone():
    """Its desk chooses them at random by the draw; of the example nobody chooses any."""

    def said():
        return [LESSON.around(view(shuffle=draw)) for draw in ("0", "1")]

    first, second = said()
    assert first == second
    ticket = keep(own())
    with asking(ticket.name):
        first, second = said()
    assert first != second


def test_a_table_of_which_no_model_can_be_made_shows_nothing_and_says_why():
    entry = own()
    entry.choose("y", np.ones(entry.sheet.rows, dtype=bool))
    ticket = keep(entry)
    with asking(ticket.name):
        assert "left" not in LESSON.shown(view())
        assert isinstance(LESSON.around(view()), str)
