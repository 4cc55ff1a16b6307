"""From the address to the controls: what an address asks for, what it is refused, and which controls a link hides."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from ui.language import say
from ui.lessons import PRESETS
from ui.page import class_guesses, guess, links
from ui.plot.controls import BY_PAGE, CONTROLS, Choice, Control, Scrub, chosen, possible, read_spec_text, refusal
from ui.plot.scrubber import request_value

# The values of the controls the last run did not show, by key; the controls a link hides; and notes about that link.
KEPT, _COVERED = "kept", "covered"
# Notes that stay until a control is moved, and those for one run alone.
_NOTES = "notes"
# The page of the last run, and whether its controls have values that its address has lost.
_PAGE, _LOST = "page", "lost"


def covered() -> tuple[str, ...]:
    """Return the shared controls a link hides for the rest of the session, where they keep the link's values."""
    found: tuple[str, ...] = st.session_state.get(_COVERED, ())
    return found


def parts_hidden() -> tuple[str, ...]:
    """Return which of `links.PARTS` a link hides, for the rest of the session."""
    if "hide" in st.query_params:
        return links.hidden(st.query_params["hide"])[1]
    found: tuple[str, ...] = st.session_state.get(guess.HIDDEN, ())
    return found


def noted() -> bool:
    """Whether there are notes about the address that stay until a control is moved."""
    return bool(st.session_state.get(_NOTES))


def forget_notes() -> None:
    """Take the notes about the address away: a control was moved."""
    st.session_state.pop(_NOTES, None)


def _spelled(control: Control, value: Any) -> str:
    """Return a value as it stands on screen and in the address: an option in the language of the moment."""
    text = control.shown(value)
    return control.spelled(text) if isinstance(control, Choice) else text


def _refusals(refused: Mapping[str, str], controls: Sequence[Control], used: Mapping[Any, Any]) -> tuple[str, ...]:
    by_key = {c.key: c for c in controls}
    return tuple(
        say(
            "{label} (`{key}`) in the address {why}; using {value}.",
            label=say(by_key[key].label),
            key=key,
            why=why,
            value=_spelled(by_key[key], used[key]),
        )
        if used[key] is not None
        else say(
            "{label} (`{key}`) in the address {why}; it is ignored.", label=say(by_key[key].label), key=key, why=why
        )
        for key, why in refused.items()
    )


# Names an address may hold besides the controls'.
NAMES = frozenset("preset load guess hide class lecture notes at reveal figure lang link".split()) | {links.ONLY}


def mended(params: Mapping[str, list[str]], names: Collection[str]) -> dict[str, list[str]]:
    """Return the parameters of an address that was copied out of a page's source, or typed in capitals.

    There `&` is written `&amp;`, so that a name begins with "amp;". What is spelled right goes before.
    """
    found = {key: values for key, values in params.items() if key in names}
    for key, values in params.items():
        plain = key.removeprefix("amp;")
        plain = plain.lower() if plain not in names and plain.lower() in names else plain
        found.setdefault(plain, values)
    return found


def _linked(params: dict[str, list[str]], controls: Sequence[Control]) -> tuple[Mapping[str, object] | None, list[str]]:
    """Take the case to try (`preset=`) or the Spec (`load=`) out of the parameters; return its settings and notes."""
    notes = []
    preset = PRESETS.get((params.pop("preset", None) or [""])[-1])
    loaded = read_spec_text((params.pop("load", None) or [""])[-1], controls)
    if preset is None and "preset" in st.query_params:
        del st.query_params["preset"]
        notes.append(say("`preset` in the address names no case to try; it is ignored."))
    if loaded is None and "load" in st.query_params:
        del st.query_params["load"]
        notes.append(say("`load` in the address describes no experiment; it is ignored."))
    return preset.values if preset else loaded, notes


def _cover(params: Mapping[str, Sequence[str]]) -> list[str]:
    """Hide the shared controls that the address names (`hide=`); return notes about it."""
    notes = []
    if "hide" in params:
        st.session_state[_COVERED], st.session_state[guess.HIDDEN], unknown = links.hidden(params["hide"][-1])
        if unknown:
            notes.append(
                say(
                    "A part of `hide` in the address names neither a shared control nor one of {parts}; it is ignored.",
                    parts=", ".join(f"`{part}`" for part in links.PARTS),
                )
            )
    text = ",".join([*covered(), *st.session_state.get(guess.HIDDEN, ())])
    if st.query_params.get("hide", "") != text:
        if text:
            st.query_params["hide"] = text
        else:
            del st.query_params["hide"]
    return notes


def settle(controls: Sequence[Control], step: Mapping[str, object] | None) -> tuple[str, ...]:
    """Refuse what the address asks for and no control can be; return the notes that say so.

    On a session's first run the address is rewritten before any control reads it: Streamlit's own reading is more
    lenient ("1e2", "300.5" rows) and drops what it refuses without a word. A preset, a Spec or the `step` of a talk
    that has just been reached sets every control, the usual value where it names none, but for the seed and for what a
    link hides: these it sets where it names them; a link inside the session has to
    go through the session, whose controls own their parameters.
    """
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    if "arrived" not in st.session_state:
        right = mended(params, {*NAMES, *(c.key for c in controls)})
        if right.keys() != params.keys():
            st.query_params.from_dict(right)
            st.rerun()
    refused = {c.key: why for c in controls if c.key in params and (why := refusal(c, params[c.key]))}
    usual = {c.key: c.default for c in controls}
    linked, notes = _linked(params, controls)
    case = linked if linked is not None else step
    # A case is about any draw: only what names the seed sets it.
    settings = {c.key: case.get(c.key, c.default) for c in controls if c.key in case or c.key != "seed"} if case else {}
    notes += [*_cover(params), *class_guesses.settle()]
    st.session_state.update(st.session_state.pop(KEPT, {}))
    lost = st.session_state.pop(_LOST, False)
    for c in controls:
        if c.key in st.session_state and not possible(c, st.session_state[c.key]):
            st.session_state[c.key] = c.default
        elif c.key in st.session_state and lost:
            st.session_state[c.key] = st.session_state[c.key]  # what is assigned is put into the address
    asked = (params.get("guess") or [""])[-1]
    if asked in ("0", "1") and asked != st.session_state.get("guess"):
        st.session_state["guess"] = asked
        guess.forget()
    if st.session_state.get("guess") not in (None, st.query_params.get("guess")):
        st.query_params["guess"] = st.session_state["guess"]
    if "arrived" not in st.session_state:
        st.session_state["arrived"] = True
        _arrive(params, controls, refused, settings)
    elif case is not None:
        if linked is not None:
            for name in ("preset", "load"):
                st.query_params.pop(name, None)
            settings = {k: v for k, v in settings.items() if k in linked or k not in covered()}
        st.session_state.update(settings)
        forget_notes()
    _read_own(controls, refused, settings)
    if refused:
        st.session_state[_NOTES] = _refusals(refused, controls, {**usual, **st.session_state})
    return (*st.session_state.get(_NOTES, ()), *notes)


def say_again(page: str, controls: Sequence[Control]) -> None:
    """Run a page that has just been reached once more, where its controls say what its address has lost.

    On the way back Streamlit takes out of the address what the page that is left did not show, but for the controls
    it reads the address as it was; pictures are asked for by the address.
    """
    if st.session_state.get(_PAGE) == page:
        return
    st.session_state[_PAGE] = page
    own = [c for c in controls if not isinstance(c, BY_PAGE) and c.key in st.session_state]
    if any(st.session_state[c.key] != c.default and c.key not in st.query_params for c in own):
        st.session_state[_LOST] = True
        st.rerun()


def _arrive(
    params: Mapping[str, list[str]],
    controls: Sequence[Control],
    refused: Mapping[str, str],
    settings: Mapping[str, Any],
) -> None:
    """Rewrite the address a session begins with, where a control would read it otherwise than it is meant."""
    usual = {c.key: c.default for c in controls}
    # Streamlit writes an option into the address as it stands on screen, and reads no other.
    spelled = {c.key: _spelled(c, params[c.key][0]) for c in controls if isinstance(c, Choice) and c.key in params}
    spelled = {k: text for k, text in spelled.items() if k not in refused and text != params[k][0]}
    if not (refused or settings or spelled):
        return
    st.session_state[_NOTES] = _refusals(refused, controls, usual)
    kept: dict[str, Any] = {k: v for k, v in params.items() if k not in refused and k not in settings} | {
        k: text for k, text in spelled.items() if k not in settings
    }
    unusual = {
        c.key: _spelled(c, settings[c.key]) for c in controls if settings.get(c.key, usual[c.key]) != usual[c.key]
    }
    st.query_params.from_dict(kept | unusual)
    st.rerun()


def _read_own(controls: Sequence[Control], refused: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    """Take what the page draws or sets itself from the address, which is their only place; `settings` go before it."""
    if any(isinstance(c, Scrub) and c.key in settings for c in controls):
        request_value()
    for c in controls:
        if not isinstance(c, BY_PAGE):
            continue
        if c.key in refused or c.key in settings:
            if (value := settings.get(c.key, c.default)) != c.default:
                st.query_params[c.key] = c.shown(value)
            else:
                st.query_params.pop(c.key, None)
        else:
            text = st.query_params.get(c.key)
            value = c.default if text is None else chosen(c, text)
        st.session_state[c.key] = value


def before() -> dict[str, str]:
    """Return what the shared controls said in the run before, by key, as an address writes it."""
    found = {**st.session_state.get(KEPT, {})}
    found |= {c.key: st.session_state[c.key] for c in CONTROLS if c.key in st.session_state}
    return {c.key: c.shown(found.get(c.key, c.default)) for c in CONTROLS}


def values() -> dict[str, Any]:
    """Return what the shared controls say, by key."""
    return {c.key: st.session_state[c.key] for c in CONTROLS}
