"""Worksheets: every answer in the key follows from what is printed on the sheet, or from the setting it links to."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.camera import modules, read
from tests.theory.cases import float_pinv
from tests.ui.cases import CORNERS, Translations, fitted, mean_square, name_of, says
from theory import Spec, draw
from ui.language import Catalogue, speaking
from ui.language.words import FLOOR, look_same
from ui.lessons import BY_STEM
from ui.plot.controls import CONTROLS, refusal
from ui.teaching import worksheet

START = "https://example.org/site"
SEEDS = np.random.default_rng(0).choice(1000, 50, replace=False).tolist()
# Double precision, three weights; and a few thousand numbers through a pseudo-inverse.
CLOSE, CLOSE_LOSS = 1e-12, 1e-8
_VOID = {"meta", "img"}


class Paper(HTMLParser):
    """A sheet or a key taken apart: its text, the cells of its table, its answers, and where it links to."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.cells, self.links, self.tags = [], "", [], [], []
        self.answers, self.shown = {}, {}
        self._data = None
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")
        if tag == "a":
            self.links.append(attrs["href"])
        if tag == "data":
            self._data = attrs["id"]
            assert self._data not in self.answers
            self.answers[self._data], self.shown[self._data] = float(attrs["value"]), ""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "data":
            self._data = None

    def handle_data(self, text):
        if "style" in self.open:
            return
        self.text += text
        if "td" in self.open:
            self.cells[-1] += text
        if self._data:
            self.shown[self._data] += text

    def vector(self, name):
        return np.array([self.answers[f"{name}_{i}"] for i in (1, 2, 3)])


def plain(text):
    return text.replace("\N{MINUS SIGN}", "-")


@cache
def papers(spec):
    _, _, records = fitted(spec)
    return Paper(worksheet.sheet(spec, START)), Paper(worksheet.answers(spec, START, records)), records


def small(seed):
    """A setting of a random shape that is solved in a millisecond."""
    rng = np.random.default_rng(seed)
    n_retain = int(rng.integers(1, 40))
    return Spec(
        d=int(rng.integers(2, 60)),
        overlap=float(rng.choice([0.0, 0.33, 1.0])),
        n_retain=n_retain,
        n_forget=int(rng.integers(1, 40)),
        n_tune=None if seed % 2 else int(rng.integers(1, n_retain + 1)),
        noise=float(rng.choice([0.0, 0.5, 5.0])),
        seed=seed,
    )


def linked(paper):
    """The Spec of the address on a paper, every parameter of which the page accepts."""
    (address,) = paper.links
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{START}/{worksheet.READ_ON}"
    assert address in paper.text
    asked = parse_qs(parts.query)
    assert asked.pop("guess") == ["0"]
    values = {}
    for c in CONTROLS:
        text = asked.pop(c.key, [c.shown(c.default)])
        assert refusal(c, text) is None
        values[c.key] = type(c.low)(text[0])
    assert not asked
    return Spec(**{**values, "n_tune": values["n_tune"] or None})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_key_is_right_about_the_two_rows_on_the_sheet(seed):
    sheet, key, _ = papers(small(seed))
    assert sheet.cells == key.cells
    a, b, w = (np.array([float(plain(c)) for c in sheet.cells[i : i + 3]]) for i in (0, 4, 8))
    y = np.array([float(plain(sheet.cells[i])) for i in (3, 7)])
    assert sheet.cells[11] == ""
    assert all(y)
    assert (a[2], b[0]) == (0, 0)
    s, times = (float(re.search(p, sheet.text)[1]) for p in (r"fine-tuning from ([0-9.]+)", r"is ([0-9]+) times"))
    eta = float(re.search(r"step size ([0-9.]+)\?", sheet.text)[1])
    X, x_r = np.array([a, b]), a[None]
    w_o, w_g = np.linalg.pinv(X) @ y, np.linalg.pinv(x_r) @ y[:1]
    assert w_o == pytest.approx(w, abs=CLOSE * 100)

    def tuned(start):
        return start + np.linalg.pinv(x_r) @ (y[:1] - x_r @ start)

    def descended(start, steps):
        for _ in range(steps):
            start = start - eta * 2 * (a @ start - y[0]) * a
        return start

    def ul(model):
        return (b @ model - y[1]) ** 2

    started, masked = tuned(s * w), tuned(np.array([w[0], w[1], 0]))
    vectors = {
        "golden_w": w_g,
        "gradient": 2 * (a @ w - y[0]) * a,
        "tuned_w": tuned(w),
        "share_w": started,
        "left": w_o - w_g,
        "masked_w": masked,
    }
    for name, truth in vectors.items():
        assert key.vector(name) == pytest.approx(truth, abs=1e-11), name
    assert key.vector("tuned_w") == pytest.approx(descended(w, 1000), abs=1e-11)
    numbers = {
        "pretrained_r": a @ w_o,
        "pretrained_f": b @ w_o,
        "pretrained_rl": (a @ w_o - y[0]) ** 2,
        "pretrained_ul": ul(w_o),
        "golden_k": w_g[0] / a[0],
        "golden_f": b @ w_g,
        "golden_ul": ul(w_g),
        "tuned_ul": ul(tuned(w)),
        "share_k": (started - s * w)[0] / a[0],
        "share_ul": ul(started),
        "share_part": ul(started) / ul(w_g),
        "length_o": w_o @ w_o,
        "length_g": w_g @ w_g,
        "length_left": (w_o - w_g) @ (w_o - w_g),
        "seen": a @ (w_o - w_g),
        "masked_rl": (a @ masked - y[0]) ** 2,
        "masked_ul": ul(masked),
        "overdone_ul": times * ul(w_g),
    }
    for name, truth in numbers.items():
        assert key.answers[name] == pytest.approx(truth, rel=1e-11, abs=1e-11), name
    assert ul(masked) < ul(w_g)
    assert masked[1] != pytest.approx(w_g[1], abs=1e-6)
    of_page = {name for name in key.answers if name.startswith("page_")}
    assert set(key.answers) == {*numbers, *of_page} | {f"{v}_{i}" for v in vectors for i in (1, 2, 3)}
    for name in set(key.answers) - of_page:
        assert says(key.shown[name], key.answers[name]), name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_key_is_right_about_the_setting_the_sheet_links_to(seed):
    sheet, key, _ = papers(small(seed))
    assert sheet.links == key.links
    p = draw(linked(sheet))
    w_o, w_g = (float_pinv(X) @ y for X, y in ((p.X, p.y), (p.X_r, p.y_r)))
    w_t = w_o + float_pinv(p.X_t) @ (p.y_t - p.X_t @ w_o)
    for model, w in (("golden", w_g), ("fine_tune", w_t)):
        for loss, rows, labels in (("remaining_loss", p.X_r, p.y_r), ("unlearning_loss", p.X_f, p.y_f)):
            name = f"page_{model}_{loss}"
            truth = mean_square(rows, labels, w)
            assert key.answers[name] == pytest.approx(truth, rel=CLOSE_LOSS, abs=FLOOR), name
            assert key.shown[name] == "0" if truth < FLOOR / 10 else says(key.shown[name], truth), name


REGIMES = {
    "They look the same": lambda t, g: look_same(t, g),
    "by heart. It has not": lambda t, g: t <= FLOOR < g and not look_same(t, g),
    "errs less on": lambda t, g: FLOOR < t < g and not look_same(t, g),
    "errs more on": lambda t, g: t > g and not look_same(t, g),
}


@pytest.mark.parametrize("spec", CORNERS, ids=name_of)
def test_a_sheet_holds_at_every_corner(spec):
    sheet, key, records = papers(spec)
    assert linked(sheet) == replace(spec, n_tune=spec.n_tune)
    tuned, golden = (records[k].unlearning_loss for k in ("fine_tune", "golden"))
    answer = key.text.partition("fine-tuned model forgotten?")[2]
    assert [words in answer for words in REGIMES] == [holds(tuned, golden) for holds in REGIMES.values()]
    assert key.answers["page_fine_tune_unlearning_loss"] == tuned
    assert key.answers["page_golden_unlearning_loss"] == golden


def test_the_corners_reach_every_sentence_about_the_setting():
    few_rows = BY_STEM["overlap"].presets[-1]
    specs = [*CORNERS[::3], worksheet.of_case(few_rows.key), worksheet.of_case("enough_rows"), Spec()]
    said = " ".join(papers(spec)[1].text for spec in specs)
    assert all(words in said for words in REGIMES)


# What the controls accept: nothing but 0 itself is closer to 0 than a hundredth of a step.
@given(st.just(0.0) | st.floats(1e-4, 1), st.just(0.0) | st.floats(5e-4, 5), st.integers(0, 999))
def test_the_link_holds_the_very_setting_of_the_sheet(overlap, noise, seed):
    spec = worksheet.setting(Spec(overlap=overlap, noise=noise, d=40, seed=3), seed)
    assert (spec.seed, spec.d) == (seed, 40)
    assert spec.overlap == pytest.approx(overlap, rel=1e-5)
    assert linked(Paper(worksheet.sheet(spec, START))) == spec


def test_the_same_seed_gives_the_same_sheet_and_another_seed_another():
    sheets = [worksheet.sheet(Spec(seed=seed), START) for seed in (*range(9), *range(9))]
    assert sheets[:9] == sheets[9:]
    assert len(set(sheets)) == 9
    assert len({str(worksheet.rows(seed)) for seed in range(100)}) > 90


@pytest.mark.parametrize("key", worksheet.cases())
def test_a_case_to_try_can_be_put_on_a_sheet(key):
    page, preset = worksheet.cases()[key]
    spec = worksheet.of_case(key)
    wanted = {**preset.values, **page.fixed}
    assert {name: getattr(spec, name) for name in wanted} == wanted
    assert linked(Paper(worksheet.sheet(spec, START))) == spec


def test_the_sheet_asks_eight_questions_and_tells_no_answer():
    sheet, key, _ = papers(Spec())
    heads = [[tag for tag, _ in paper.tags].count("h2") for paper in (sheet, key)]
    assert heads == [8, 8]
    assert not sheet.answers
    assert [attrs for tag, attrs in sheet.tags if attrs.get("class") == "line"]
    assert not [attrs for tag, attrs in key.tags if attrs.get("class") == "line"]


@pytest.mark.parametrize("spec", [Spec(), Spec(d=2, n_retain=1, n_forget=1)], ids=name_of)
def test_a_sheet_needs_nothing_from_elsewhere(spec):
    for paper in papers(spec)[:2]:
        assert not {tag for tag, _ in paper.tags} & {"script", "link", "iframe", "object"}
        assert not [attrs for _, attrs in paper.tags if any(name.startswith("on") for name in attrs)]
        # The code of its link is written in the sheet itself.
        assert all(attrs["src"].startswith("data:image/svg+xml") for _, attrs in paper.tags if "src" in attrs)
    assert "url(" not in worksheet.sheet(spec, START)


def test_what_comes_from_outside_is_escaped():
    evil = 'https://x"><script>alert(1)</script>&'
    html = worksheet.sheet(Spec(), evil)
    assert "<script" not in html
    assert Paper(html).links[0].startswith(evil)


def test_a_sheet_speaks_the_language_of_the_moment_whose_texts_are_escaped():
    with speaking(Catalogue("de", Translations({"Name": "<b>Nom</b>", "calculate": "calculer"}))):
        html = worksheet.sheet(Spec(), START)
    assert "&lt;b&gt;Nom&lt;/b&gt;" in html
    assert ">calculer<" in html
    assert ">calculer<" not in worksheet.sheet(Spec(), START)


def test_the_files_are_told_apart_by_their_names():
    assert worksheet.file_name(Spec(seed=7), answers=False) == "unlearning-worksheet-7.html"
    assert worksheet.file_name(Spec(seed=7), answers=True) == "unlearning-answers-7.html"


def test_every_seed_asks_about_a_weight_that_carries_something():
    for seed in range(1000):
        found = worksheet.rows(seed)
        assert all(found.labels)
        assert found.pretrained[1] != 0


def test_the_code_on_the_sheet_is_its_link():
    spec = Spec(seed=3)
    for paper in papers(spec)[:2]:
        (image,) = [attrs for tag, attrs in paper.tags if tag == "img"]
        assert read(modules(unquote(image["src"].partition(",")[2]))[4:-4, 4:-4]).decode() == paper.links[0]
