"""The cases to try: links that set a page's controls without leaving it, all in one element."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from ui import links
from ui.contents import Page
from ui.language import say

# A link like any other to whoever opens it elsewhere; a plain click sets the controls of the page that is open.
_LIST = """
export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.querySelector("ul").replaceChildren(...data.map(({ key, address, title, question }) => {
    const row = document.createElement("li"), link = document.createElement("a"), text = document.createElement("span");
    link.href = address;
    link.textContent = title;
    text.textContent = question;
    link.onclick = (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setTriggerValue("case", key);
    };
    row.append(link, text);
    return row;
  }));
}
"""
_STYLE = """
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.25rem; font-family: var(--st-font); }
li { display: grid; grid-template-columns: 12rem 1fr; gap: 0 1rem; align-items: baseline; color: var(--st-text-color); }
a { color: var(--st-link-color); padding: 0.3rem 0; border-radius: var(--st-base-radius); }
a:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
@media (max-width: 500px) { li { grid-template-columns: 1fr; } span { margin-bottom: 0.4rem; } }
"""
_list = st.components.v2.component("cases", html="<ul></ul>", css=_STYLE, js=_LIST)
_KEY = "cases"


def _take(keys: Sequence[str]) -> None:
    """Ask for the case that was clicked, if it is one of the page's, as its link would."""
    asked = st.session_state[_KEY].get("case")
    if asked in keys:
        st.query_params["preset"] = asked


def offer(page: Page) -> None:
    """List a page's cases: each with its name, a link, and the question it answers."""
    # A link that is opened elsewhere hides what this one hides, and asks for a guess if this one does.
    here = {key: st.query_params[key] for key in ("guess", "hide") if key in st.query_params}
    if here.get("guess") not in ("0", "1"):
        here.pop("guess", None)
    found = [
        {
            "key": preset.key,
            "address": f"?{urlencode({'preset': preset.key, **here, **links.spoken_here()})}",
            "title": say(preset.title),
            "question": say(preset.question),
        }
        for preset in page.presets
    ]
    _list(key=_KEY, data=found, on_case_change=partial(_take, [preset.key for preset in page.presets]))
