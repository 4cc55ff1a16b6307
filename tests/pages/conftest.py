"""What the page tests share: the one way to open the app, with the answers drawn unless a test is about the guess."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
# Pages ask for a guess before they draw an answer; this link asks for none.
NO_GUESS = {"guess": "0"}


@pytest.fixture
def open_app():
    """open_app("overlap", d=40): the app at pages/overlap.py?d=40, run once; stem None is the bare address."""

    def run(stem, *, guess=False, **query):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if stem is not None:
            at.switch_page(f"pages/{stem}.py")
        for key, value in {**({} if guess else NO_GUESS), **query}.items():
            at.query_params[key] = value if isinstance(value, list) else str(value)
        return at.run()

    return run
