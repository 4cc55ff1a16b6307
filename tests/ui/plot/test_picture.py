"""A picture as it travels: its caption as HTML, and its figure as JSON."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.figures.figure import Figure
from ui.plot.picture import Picture, as_html, to_json


class Reader(HTMLParser):
    """Reads a caption as a browser does."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    ("caption", "html"),
    [
        ("", ""),
        ("It forgets.", "<p>It forgets.</p>"),
        ("It is **exactly 0** here.", "<p>It is <strong>exactly 0</strong> here.</p>"),
        ("It *does* **not**.", "<p>It <em>does</em> <strong>not</strong>.</p>"),
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("it is 25 %: right", "<p>it is 25\N{NO-BREAK SPACE}%: right</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_a_caption_is_html_with_bold_emphasis_and_paragraphs(caption, html):
    assert as_html(caption) == html


@given(st.text() | st.text("<>&\"'*/=ab \n"))
def test_whatever_a_caption_says_is_text(caption):
    read = Reader(as_html(caption))
    assert set(read.tags) <= {"p", "strong", "em"}
    assert not read.attributes
    kept = caption.replace("*", "").split()
    assert "".join(read.text.replace("*", "").split()) == "".join(kept).replace("\x00", "\ufffd") or "\x00" in caption


def sent(**trace):
    return json.loads(
        to_json(Picture(Figure([trace], {"height": 9}, [{"name": "a"}]), "A name.", "**Bold**", ("one",)))
    )


def test_a_picture_travels_whole():
    found = sent(x=[1, 2.5], name="n")
    assert found == {
        "data": [{"x": [1, 2.5], "name": "n"}],
        "layout": {"height": 9},
        "frames": [{"name": "a"}],
        "alt": "A name.",
        "caption": "<p><strong>Bold</strong></p>",
        "steps": ["one"],
        "at": None,
        "grab": [],
        "before": "",
    }


def test_numbers_arrive_as_they_are_and_what_is_none_as_null():
    numbers = np.array([0.1, np.nan, np.inf, 1 / 3])
    found = sent(x=numbers, y=np.arange(6.0).reshape(2, 3).T, z=np.float64(0.1), n=np.int64(3), own=[np.nan])
    (trace,) = found["data"]
    assert trace["x"] == [0.1, None, None, 1 / 3]
    assert trace["y"] == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    assert (trace["z"], trace["n"], trace["own"]) == (0.1, 3, [None])


def test_what_is_no_plain_value_is_named():
    with pytest.raises(TypeError, match="set"):
        to_json(Picture(Figure([{"x": {1}}], {}), ""))
