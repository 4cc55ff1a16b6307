"""The page your_table without a browser: a table is pasted, chosen of, refused and forgotten; the page stays up."""

import numpy as np
import pytest

from tests.pages.reading import is_sound, pictures, words
from ui.server import table_store


def text(rows=30, sep=";"):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, 2)).round(3)
    lines = [f"{a}{sep}{b}{sep}{'ab'[k % 2]}{sep}{2 * a - b:.3f}" for k, (a, b) in enumerate(X)]
    return "\n".join([sep.join(["size", "<b>we*ight</b>", "kind", "value"]), *lines])


def pasted(at, table):
    at.text_area(key="own_text").set_value(table)
    next(button for button in at.button if button.label == "Read what I pasted").click()
    return at.run()


def says(at):
    return "\n".join([*words(at), *(box.value for box in at.info)])


def test_the_example_stands_there_before_anything_is_brought(open_app):
    at = open_app("your_table")
    is_sound(at)
    assert "The example: penguins" in says(at)
    assert not [button for button in at.button if button.label == "Forget my file"]


def test_a_pasted_table_is_read_shown_and_forgotten(open_app):
    at = pasted(open_app("your_table"), text())
    is_sound(at)
    assert "Your table**: 30 rows, 4 columns. Predicted: value" in says(at)
    assert at.selectbox(key="own_pick_target").value == "value"
    name = at.session_state["own_table"].name
    assert table_store.find(name)
    assert name not in str(dict(at.query_params))
    at.selectbox(key="own_pick_target").set_value("<b>we*ight</b>").run()
    is_sound(at)
    assert "Predicted: \\<b\\>we\\*ight\\</b\\>" in says(at)
    next(button for button in at.button if button.label == "Forget my file").click().run()
    is_sound(at)
    assert "gone from this server's memory" in says(at)
    assert table_store.find(name) is None
    assert "The example: penguins" in says(at)


def test_rows_are_chosen_by_a_column_at_random_and_not_at_all(open_app):
    at = pasted(open_app("your_table"), text())
    at.selectbox(key="own_pick_column").set_value("kind").run()
    entry = table_store.find(at.session_state["own_table"].name)
    assert entry.forget.sum() == 15
    at.radio(key="own_pick_how").set_value("random").run()
    at.number_input(key="own_pick_count").set_value(4).run()
    assert entry.forget.sum() == 4
    at.number_input(key="own_pick_count").set_value(29).run()
    assert "at least 4 rows must be kept" in at.error[0].value
    at.number_input(key="own_pick_count").set_value(5).run()
    is_sound(at)
    assert not at.error


def test_columns_that_are_the_same_in_every_row_are_not_what_a_table_begins_with(open_app):
    rows = [f"north;{k};{k * k};7" for k in range(20)]
    at = pasted(open_app("your_table"), "\n".join(["site;x;y;unit", *rows]))
    is_sound(at)
    assert at.selectbox(key="own_pick_target").value == "y"
    assert at.selectbox(key="own_pick_column").value == "x"
    assert not at.error
    at.selectbox(key="own_pick_column").set_value("unit").run()
    is_sound(at)
    assert "All rows say the same in this column" in "\n".join(box.value for box in at.caption)


def test_what_is_no_table_is_refused_and_the_one_before_stays(open_app):
    at = pasted(open_app("your_table"), text())
    name = at.session_state["own_table"].name
    pasted(at, "a\n1\n2")
    is_sound(at)
    assert "at least 2 columns" in says(at)
    assert at.session_state["own_table"].name == name


@pytest.mark.parametrize("stem", ["geometry", "remedy", "regularize", "dynamics", "claims", "lineup"])
def test_other_pages_open_on_it_and_say_so(open_app, stem):
    at = pasted(open_app("your_table"), text())
    name = at.session_state["own_table"].name
    at.switch_page(f"pages/{stem}.py").run()
    at.sidebar.selectbox(key="rows").set_value("Your own table").run()
    is_sound(at)
    assert any("Your table: 30 rows, value is predicted" in caption.value for caption in at.sidebar.caption)
    assert not at.error
    assert name not in str(dict(at.query_params))
    assert pictures(at)
    table_store.drop(name)
    at.run()
    is_sound(at)
    assert any("the penguins stand here" in caption.value for caption in at.sidebar.caption)


def test_a_table_that_left_by_itself_is_said_to_have_gone(open_app):
    at = pasted(open_app("your_table"), text())
    table_store.drop(at.session_state["own_table"].name)
    at.run()
    is_sound(at)
    assert "has left this server's memory" in says(at)
    assert "The example: penguins" in says(at)


def test_a_guess_about_one_table_is_not_judged_on_another(open_app):
    at = open_app("your_table", guess=True)
    at.segmented_control(key="guess_your_table").set_value("no").run()
    (first,) = [box.value for box in at.info if "You guessed" in box.value]
    at = pasted(at, text())
    assert any("Before you changed the settings" in box.value and first in box.value for box in at.info)
    # What was said of a table is gone with it.
    next(button for button in at.button if button.label == "Forget my file").click().run()
    assert first in [box.value for box in at.info]
    again = pasted(open_app("your_table", guess=True), text())
    again.segmented_control(key="guess_your_table").set_value("no").run()
    own = [box.value for box in again.info if "You guessed" in box.value]
    assert own != [first]
    next(button for button in again.button if button.label == "Forget my file").click().run()
    assert [box.value for box in again.info if "You guessed" in box.value] == [first]


def test_a_column_of_small_numbers_can_be_chosen_by(open_app):
    rows = "\n".join(["a;b", *(f"{k * 1e-6:.7f};{k * 1e9 + 0.5}" for k in range(20))])
    at = pasted(open_app("your_table"), rows)
    is_sound(at)
    for name, step in (("a", 19e-6 / 200), ("b", 19e9 / 200)):
        at.selectbox(key="own_pick_column").set_value(name).run()
        is_sound(at)
        assert np.isclose(at.slider(key=f"own_pick_range_{name}").step, step)
