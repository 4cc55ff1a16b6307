"""The page for the person at the front, lecture mode, and links that hide controls."""

from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from tests.pages.camera import modules, read
from tests.pages.reading import pictures, plain, settings, told, words
from tests.pages.test_pages import DEFAULTS, NASTY, UNUSUAL
from theory import Spec
from ui.lessons import BY_STEM, EXPERIMENTS
from ui.teaching import worksheet
from ui.teaching.talk import PLAN, TALK

STEMS = [page.stem for page in EXPERIMENTS]


def sliders(at):
    return {s.key for s in at.slider} & set(DEFAULTS)


@pytest.mark.parametrize("part", ["Plan", "Lecture", "Links", "Worksheets"])
def test_a_part_is_drawn_and_no_other(open_app, part):
    at = open_app("teach", part=part)
    assert not at.exception
    assert [t.value for t in at.title] == [BY_STEM["teach"].title]
    assert not sliders(at)
    said = " ".join(words(at))
    assert all((step.notes in said) == (part == "Lecture") for step in TALK)
    assert all((lesson.text in said) == (part == "Plan") for lesson in PLAN)
    assert bool(at.get("image")) == (part == "Links")


def test_settings_that_do_not_fit_do_not_close_a_page_without_an_experiment(open_app):
    at = open_app("teach", n_tune=80, n_retain=50)
    assert not at.exception
    assert not at.error


def test_the_values_survive_a_visit(open_app):
    at = open_app("overlap", **UNUSUAL)
    for _ in range(2):
        at.switch_page("pages/teach.py").run()
        assert not sliders(at)
        at.switch_page("pages/overlap.py").run()
        assert {key: at.slider(key=key).value for key in DEFAULTS} == UNUSUAL


# links


def built(at):
    (code,) = at.code
    return urlsplit(code.value)


@pytest.mark.parametrize("stem", ["start", "regularize"])
def test_the_picture_of_a_link_is_its_qr_code_black_on_white_paper(open_app, stem):
    at = open_app("teach", part="Links")
    at.selectbox(key="link_page").set_value(stem).run()
    (image,) = at.get("image")[0].proto.imgs
    found = modules(unquote(image.url.partition(",")[2]))
    code = found[4:-4, 4:-4]
    assert found.sum() == code.sum(), "white paper around it"
    assert image.alt == f"QR code of the link above, {len(code)} by {len(code)} squares."
    assert read(code).decode() == at.code[0].value


def test_a_built_link_opens_what_was_chosen(open_app):
    at = open_app("teach", part="Links")
    at.selectbox(key="link_page").set_value("regularize").run()
    at.selectbox(key="link_case_regularize").set_value("pushed_too_far").run()
    at.number_input(key="link_seed").set_value(7).run()
    at.multiselect(key="link_hide").set_value(["noise", "d"]).run()
    at.toggle(key="link_guess").set_value(False).run()
    assert not at.exception
    link = built(at)
    asked = dict(parse_qsl(link.query))
    assert asked == {"guess": "0", "noise": "0.3", "alpha": "1", "seed": "7", "hide": "d,noise"}
    assert asked.pop("guess") == "0"
    at = open_app("regularize", **asked)
    assert not at.warning
    assert sliders(at) == set(DEFAULTS) - {"d", "noise"}
    assert at.session_state["noise"] == 0.3
    assert at.session_state["alpha"] == 1.0
    assert not [text for text in words(at) if "Guess first." in text]


def test_what_a_link_hides_stays_as_it_says_unless_a_case_speaks_of_it(open_app):
    at = open_app("overlap", hide="noise,d", noise=0.5, d=40, n_retain=20)
    shown = set(DEFAULTS) - {"d", "noise"}
    assert sliders(at) == shown
    for stem in [*STEMS[:3], "teach", "overlap"]:
        at.switch_page(f"pages/{stem}.py").run()
        assert not at.exception
        assert sliders(at) == (shown if stem != "teach" else set())
        assert (at.session_state["noise"], at.session_state["d"]) == (0.5, 40)
        assert at.query_params["hide"] == "d,noise"
    at.query_params["preset"] = "enough_rows"
    at.run()
    assert (at.session_state["noise"], at.session_state["d"], at.session_state["n_retain"]) == (0.5, 60, 200)
    at.query_params["preset"] = "all_shared"
    at.run()
    assert (at.session_state["noise"], at.session_state["d"], at.session_state["overlap"]) == (0.5, 60, 1.0)


def test_everything_can_be_hidden(open_app):
    at = open_app("overlap", hide="all", seed=5)
    assert not sliders(at)
    assert at.session_state["seed"] == 5
    assert pictures(at)


@pytest.mark.parametrize("nasty", [v for v in NASTY.values() if isinstance(v, str) and v], ids=ascii)
def test_hostile_words_about_the_lecture_do_no_harm(open_app, nasty):
    at = open_app("overlap", hide=nasty, lecture=nasty, notes=nasty, at=nasty, figure=nasty, reveal=nasty)
    assert not at.exception
    assert sliders(at) == set(DEFAULTS)
    assert len(at.warning) == 1
    assert "`hide`" in at.warning[0].value
    assert not [text for text in words(at) if len(nasty) > 3 and nasty[:20] in text]
    at.slider(key="seed").set_value(1).run()
    assert not at.warning


def test_a_link_out_of_a_page_s_source_or_in_capitals_is_read(open_app):
    at = open_app("overlap", address={"seed": 3, "amp;noise": 0.5, "D": 40, "amp;N_Retain": 20, "amp;other": 1})
    assert not at.exception
    assert {key: at.session_state[key] for key in DEFAULTS} == DEFAULTS | {
        "seed": 3,
        "noise": 0.5,
        "d": 40,
        "n_retain": 20,
    }
    assert at.query_params["noise"] == ["0.5"] or at.query_params["noise"] == "0.5"
    # What is spelled right goes before.
    at = open_app("overlap", address={"amp;noise": 0.5, "noise": 1, "amp;hide": "d"})
    assert at.session_state["noise"] == 1
    assert "d" not in sliders(at)


# worksheets


@pytest.fixture
def made(monkeypatch):
    """The settings of the sheets and of the keys that a page offers to save."""
    asked = {"sheet": [], "answers": []}
    for name, found in asked.items():
        real = getattr(worksheet, name)

        def note(spec, *others, real=real, found=found):
            found.append(spec)
            return real(spec, *others)

        monkeypatch.setattr(worksheet, name, note)
    return asked


def test_a_worksheet_is_made_for_the_controls_as_they_stand(open_app, made):
    at = open_app("teach", part="Worksheets", **UNUSUAL)
    assert not at.exception
    assert len(at.get("download_button")) == 2
    spec = Spec(**{**UNUSUAL, "n_tune": UNUSUAL["n_tune"] or None})
    assert (made["sheet"], made["answers"]) == ([spec], [spec])
    at.number_input(key=f"sheet_seed_{spec.seed}").set_value(77).run()
    assert made["sheet"][-1] == made["answers"][-1] == replace(spec, seed=77)
    (code,) = at.code
    assert code.value == worksheet.link(replace(spec, seed=77), code.value.partition("/overlap")[0])


def test_a_worksheet_is_made_for_a_case_to_try(open_app, made):
    at = open_app("teach", part="Worksheets", seed=5)
    at.selectbox(key="sheet_case").set_value("crowded").run()
    assert not at.exception
    assert made["sheet"][-1] == Spec(d=100, n_retain=70, n_forget=60, noise=0.5, seed=5)
    # The link on the sheet makes it again.
    again = dict(parse_qsl(urlsplit(at.code[0].value).query))
    open_app("teach", part="Worksheets", **{k: v for k, v in again.items() if k != "guess"})
    assert made["sheet"][-1] == made["sheet"][-2]


# lecture


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("reveal", [0, 1])
def test_a_lecture_shows_one_figure_its_question_and_one_sentence(open_app, stem, reveal):
    at = open_app(stem, lecture=1, reveal=reveal, guess=True, **UNUSUAL)
    assert not at.exception
    assert not at.sidebar.children
    assert not at.slider
    page = BY_STEM[stem]
    assert [t.value for t in at.title] == [page.title]
    assert len(pictures(at)) == 1
    texts = [m.value for m in at.markdown]
    assert texts[0] == f"**{page.question}**"
    if reveal:
        assert len(texts) == 2, texts
    else:
        assert texts[1].startswith("**Guess first.**")
        assert page.prediction.question in texts[1]
    assert {key: at.session_state[key] for key in DEFAULTS} == UNUSUAL


# What the room is told first, by step: the answer to what it was asked.
ANSWERS = (
    "Zero.",
    "Zero.",
    "At the nearest model that fits the rows to keep.",
    "Only those of the rows to forget.",
    "It is 0%.",
    "It is 100%.",
    "Less than golden's.",
    "No, it is another model.",
    "It stays as it is.",
)


@pytest.mark.parametrize(("at", "answer"), tuple(enumerate(ANSWERS, 1)))
def test_the_answer_to_what_the_room_was_asked_comes_first(open_app, at, answer):
    for reveal in (0, 1):
        app = open_app(TALK[at - 1].page, lecture=1, at=at, reveal=reveal, guess=True)
        said = plain(app.markdown[-1].value)
        assert said.startswith(f"**{answer}**") == bool(reveal), said


def test_the_figures_of_a_page_are_shown_one_at_a_time(open_app):
    keys = [element["key"] for element in told(open_app("dynamics"))]
    shown = [told(open_app("dynamics", lecture=1, figure=k))[0]["key"] for k in (1, 2, 3, 4)]
    assert shown == [*keys, keys[-1]]


def cues(at):
    (bar,) = told(at, "lecture_cues")
    return bar


def test_outside_the_talk_the_bar_says_which_figure_is_shown_and_offers_no_way_that_leads_nowhere(open_app):
    found = [cues(open_app("dynamics", lecture=1, figure=k)) for k in (1, 2, 3)]
    assert [bar["position"] for bar in found] == [f"Figure {k} of 3" for k in (1, 2, 3)]
    assert [bar["idle"] for bar in found] == [["back"], [], ["next"]]
    assert cues(open_app("start", lecture=1, guess=True))["idle"] == ["back"]
    assert cues(open_app("start", lecture=1))["idle"] == ["back", "next"]


def test_a_figure_is_shown_with_its_own_sentence(open_app):
    at = open_app("regularize", lecture=1, figure=2, reveal=1)
    (alone,) = pictures(at)
    whole = pictures(open_app("regularize"))[1]
    assert alone.alt == whole.alt
    assert alone.caption
    assert whole.caption.startswith(alone.caption)


def test_a_step_of_the_talk_sets_its_case_and_its_seed(open_app):
    at = open_app("start", lecture=1, at=6, seed=9, d=17, guess=True)
    assert not at.exception
    step = TALK[5]
    assert [t.value for t in at.title] == [BY_STEM[step.page].title]
    assert {key: at.session_state[key] for key in DEFAULTS} == DEFAULTS | step.settings
    assert step.cue in at.markdown[0].value


def test_the_notes_show_the_step_and_what_comes_next(open_app):
    at = open_app("overlap", notes=1, at=2, reveal=1)
    assert not at.exception
    assert [t.value for t in at.title] == [TALK[1].cue]
    said = " ".join(words(at))
    assert TALK[1].notes in said
    assert TALK[1].said in said
    assert TALK[2].cue in said
    assert "golden's is 0.990" in said, "what the step's own numbers are"
    assert not pictures(at)
    assert not at.slider
    assert not open_app("overlap", notes=1).exception


def test_a_step_offers_its_slider_once_the_answer_is_there(open_app):
    at = open_app("overlap", lecture=1, at=5, guess=True)
    assert not at.slider
    at = open_app("overlap", lecture=1, at=5, reveal=1, guess=True)
    assert [s.key for s in at.slider] == ["overlap"]
    at.slider(key="overlap").set_value(0.8).run()
    assert not at.exception
    assert at.session_state["overlap"] == 0.8
    assert at.session_state["noise"] == 0.5
    assert settings(at, told(at)[0])["overlap"] == "0.8"


def test_links_worksheets_and_the_code_of_a_lecture_begin_where_the_teacher_says(open_app, monkeypatch):
    printed, real = [], worksheet.sheet
    monkeypatch.setattr(worksheet, "sheet", lambda spec, start: printed.append(start) or real(spec, start))
    at = open_app("teach", part="Links", address={"class": "physics-3"})
    for address in ("http://10.0.0.7:8501", "http://10.0.0.8:8501"):
        at.text_input(key="link_start").set_value(f" {address}/ ").run()
        assert at.code[0].value.startswith(f"{address}/?")
        at.run()
        assert at.code[0].value.startswith(f"{address}/?"), "it stays"
    at.segmented_control(key="part").set_value("Worksheets").run()
    assert at.code[0].value.startswith("http://10.0.0.8:8501/")
    assert printed == ["http://10.0.0.8:8501"]
    at.query_params.update({"lecture": "1", "at": "1"})
    at.switch_page("pages/start.py").run()
    assert told(at, "lecture_cues")[0]["code"]["address"].startswith("http://10.0.0.8:8501/?guess=1")
