import re
from pathlib import Path

import pytest

from deploy.catalogue import TEMPLATE
from theory import CLAIMS, Spec
from ui.figures.formulas import SIDES
from ui.figures.models import outcomes
from ui.lessons import BY_STEM, PAGES, PICTURED, PRESETS
from ui.page.numpy_script import script
from ui.plot.controls import BY_PAGE, CONTROLS, Choice, refusal
from ui.plot.view import read_view

ROOT = Path(__file__).parents[3]
# pages.md promises three to five cases to try and a few honest lines on every page.
FEWEST_PRESETS, MOST_PRESETS = 3, 6


def test_every_page_file_is_in_the_table_and_the_other_way_round():
    assert {row.stem for row in PAGES} == {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert len(BY_STEM) == len(PAGES)


@pytest.mark.parametrize("row", PICTURED, ids=lambda row: row.stem)
def test_every_page_has_all_its_parts(row):
    assert row.title
    assert row.question.endswith("?")
    assert row.prediction.question.strip()
    assert set(row.claims) <= set(CLAIMS)
    assert not {c.key for c in row.controls} & {c.key for c in CONTROLS}
    assert not row.claims or row.claims[0] in SIDES
    assert set(row.aside) <= {c.key for c in row.controls}
    assert FEWEST_PRESETS <= len(row.presets) <= MOST_PRESETS
    assert len(row.limits) >= 2
    own = {c.key: c.options[c.default] if isinstance(c, Choice) else c.default for c in row.controls}
    assert script(row, Spec(d=5, n_retain=2, n_forget=2), own)


def test_every_page_goes_on_where_the_one_before_it_ended():
    first, *others = PICTURED
    assert "hospital" in first.thread
    for row in others:
        assert row.thread.startswith("Last page: "), row.stem
        assert row.thread.count(". So now: ") == 1, row.stem


def test_the_readme_asks_what_the_pages_ask():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in PICTURED:
        assert f"| {row.stem} | {row.question} |" in readme


def test_training_goes_on_in_english():
    # Whoever is new to it reads "train on data", and not that training goes on.
    texts = [*TEMPLATE.read_text(encoding="utf-8").splitlines(), (ROOT / "README.md").read_text(encoding="utf-8")]
    odd = re.compile(r"\btrain\w*\s+on\s+(with|until)\b|model is trained on[:,]")
    assert not [text for text in texts if odd.search(text)]


def test_a_page_of_parts_knows_which_one_is_shown_and_judges_by_its_settings_alone():
    for row in (row for row in PICTURED if row.only):
        parts = next(c for c in row.controls if isinstance(c, Choice))
        for text, part in parts.options.items():
            asked = {parts.key: [text]}
            view = read_view(row, asked)
            assert row.part(view) == part
            kept = {key for key, _ in row.settings(view)}
            assert kept.isdisjoint(key for key, own in row.only.items() if own != part)
            assert {key for key, own in row.only.items() if own == part} <= kept | {
                c.key for c in row.controls if isinstance(c, BY_PAGE)
            }
            assert row.asked(view) is row.predictions.get(part, row.prediction)


def test_no_two_presets_share_a_name():
    assert len(PRESETS) == sum(len(row.presets) for row in PAGES)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_every_preset_is_a_valid_setting_of_the_controls(preset):
    controls = {c.key: c for c in CONTROLS}
    assert preset.values
    assert preset.question.endswith(("?", "."))
    row = next(row for row in PAGES if preset in row.presets)
    for key, value in preset.values.items():
        control = ({c.key: c for c in row.controls} | controls)[key]
        assert refusal(control, [control.shown(value)]) is None
        assert value != control.default
    values = {key: preset.values.get(key, c.default) for key, c in controls.items()}
    Spec(**{**values, "n_tune": values["n_tune"] or None})


def test_a_page_that_asks_how_large_the_error_is_offers_every_outcome_there_can_be():
    possible = {"nothing", "part", "all", "more"}
    assert outcomes.__doc__ is not None
    for row in PAGES:
        if "nothing" in row.prediction.options:
            assert set(row.prediction.options) == possible


def test_no_title_ends_a_line_at_a_hyphen():
    assert not [page.title for page in PAGES if "-" in page.title]


# A phone of 390 pixels shows about this many bold letters of a link in one line; the rest would be cut.
PHONE_LETTERS = 48


def test_the_way_on_fits_the_line_of_a_phone():
    for page in PICTURED[1:]:
        assert len(f"Next: {page.title}") <= PHONE_LETTERS, page.stem
