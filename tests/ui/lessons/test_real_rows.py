"""Every page that takes real rows, on every source: what it says is true of these rows, and no draw has a say in it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.audit.addresses import settings_of, view
from tests.audit.reading import texts
from tests.audit.rules import facts_of, readings
from theory import CLAIMS, EXACT, Spec
from theory.data import SOURCES
from ui.lessons import LESSONS, PICTURED
from ui.lessons.claims import sentences as claims
from ui.plot.picture import to_json
from ui.plot.real_rows import LEAVES, ROWS, described

BOTH = [page.stem for page in PICTURED if ROWS in page.controls and page.stem != "lineup"]
ASKED = [
    {"rows": source.title, "leaves": leaves, "features": features, "seed": 5}
    for source in SOURCES.values()
    for leaves in LEAVES.options
    for features in ("0", "100", "600")
]
NAMES = [" ".join((asked["rows"], asked["leaves"], asked["features"])) for asked in ASKED]
# Another law than the usual one, under which every sentence about a draw would be another.
LAW = Spec(d=30, overlap=0.9, n_retain=40, n_forget=7, noise=2.0)


@pytest.mark.parametrize("asked", ASKED[::3], ids=NAMES[::3])
@pytest.mark.parametrize("stem", BOTH)
def test_on_real_rows_no_law_of_a_draw_has_a_say(stem, asked):
    lesson, seen = LESSONS[stem], view(stem, **asked)
    other = replace(seen, spec=replace(LAW, seed=seen.spec.seed))
    assert other.data == seen.data
    assert list(lesson.shown(other)) == list(lesson.shown(seen))
    for key, drawing in lesson.shown(seen).items():
        one, two = drawing.draw(seen), drawing.draw(other)
        assert (one.caption, one.alt, to_json(one)) == (two.caption, two.alt, to_json(two)), key
    for guess in (None, *lesson.page.asked(seen).options):
        assert lesson.verdict(seen, guess) == lesson.verdict(other, guess)
    if lesson.formula:
        assert str(lesson.formula(seen)) == str(lesson.formula(other))


# Numpy alone takes half a minute for a push of 600 features; the audit reads two such settings.
READ = [(stem, asked) for stem in BOTH for asked in ASKED if (stem, asked["features"]) != ("regularize", "600")]


@pytest.mark.parametrize(
    ("stem", "asked"), READ, ids=lambda value: value if isinstance(value, str) else " ".join(map(str, value.values()))
)
def test_every_sentence_is_true_on_every_source(stem, asked):
    (values,) = settings_of(stem, 1, seed=ASKED.index(asked))
    own = {c.key for c in LESSONS[stem].page.controls}
    seen = view(stem, **{**{k: v for k, v in values.items() if k in own}, **asked})
    said, facts = texts(stem, seen, slow=False), facts_of(stem, seen, deep=False)
    for where, text in said.items():
        assert "nan" not in text.split()
        for rule, sentence, truth in readings(facts, where, text):
            assert truth is not False, (rule, where, sentence)


@pytest.mark.parametrize("asked", ASKED, ids=NAMES)
def test_the_side_says_how_many_leave_and_what_is_predicted(asked):
    rows = view("dynamics", **asked).rows
    problem, found = rows.problem(), rows.split
    said = described(rows)
    assert said.startswith(f"{asked['rows']}: {len(problem.y_r):,} rows to keep, {len(problem.y_f):,} to forget")
    for names, of in (("island: Dream", "island"), ("shows: 3", "shows")):
        if names in said:
            words = found.table.words.get(of, found.table.y.astype(int).astype(str))
            assert set(words[found.forget]) == {names.split(": ")[1]}
    # in standard deviations over the rows to keep
    assert problem.y_r.mean() == pytest.approx(0, abs=EXACT)
    assert problem.y_r.std() == pytest.approx(1, abs=EXACT)


@pytest.mark.parametrize("asked", ASKED, ids=NAMES)
def test_the_verdict_on_the_claims_counts_these_rows(asked):
    seen = view("claims", **asked)
    problem = seen.rows.problem()
    checks = {key: claim.check(problem) for key, claim in CLAIMS.items()}
    applies = {key: claim.applies(problem) for key, claim in CLAIMS.items()}
    lesson = LESSONS["claims"]
    assert lesson.verdict(seen, None) == claims.verdict(lesson.page.prediction.options, None, checks, applies)


@pytest.mark.parametrize("target", ["Shuffled labels", "Zero"])
@pytest.mark.parametrize("asked", ASKED, ids=NAMES)
def test_labels_that_are_all_the_same_cannot_be_shuffled(asked, target):
    seen = view("regularize", **asked, target=target)
    said = LESSONS["regularize"].figures["push"].draw(seen).caption
    same = target == "Shuffled labels" and np.ptp(seen.rows.problem().y_f) == 0
    assert ("teaches the true label" in said) == same
    assert ("have the same label" in said) == (same and seen.rows.n_forget > 1)
