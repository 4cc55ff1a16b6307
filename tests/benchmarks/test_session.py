import asyncio

import pytest
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider

from benchmarks._session import DELTA, FINISHED, Session, SessionError, fields, has_exception, state, stops


def session() -> Session:
    return Session("http://127.0.0.1:1", "overlap", "?guess=0", 0)


def shown(message: ForwardMsg) -> bytes:
    return bytes(message.SerializeToString())


def slider_message(**values: object) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = "part"
    message.delta.new_element.slider.CopyFrom(Slider(id="wide", label="Width", min=0, max=1, step=0.1, **values))
    return message


def test_the_fields_of_a_message_are_found_without_parsing_it() -> None:
    message = ForwardMsg(hash="h" * 300)
    message.delta.new_element.text.body = "words"
    found = dict(fields(memoryview(shown(message))))
    assert bytes(found[1]) == b"h" * 300
    assert Delta.FromString(bytes(found[DELTA])) == message.delta
    assert dict(fields(memoryview(shown(ForwardMsg(script_finished=3)))))[FINISHED] == 3


@pytest.mark.parametrize("broken", [b"\x0a\x05abc", b"\x0b"])
def test_a_broken_message_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="protobuf"):
        list(fields(memoryview(broken)))


def test_an_exception_on_the_page_is_seen_among_other_elements() -> None:
    broken, whole = Delta(), Delta()
    broken.new_element.exception.message = "no"
    whole.new_element.text.body = "exception"
    assert has_exception(memoryview(broken.SerializeToString()))
    assert not has_exception(memoryview(whole.SerializeToString()))
    message = ForwardMsg(delta=broken)
    message.delta.new_element.exception.type = "KeyError"
    with pytest.raises(SessionError, match="KeyError"):
        session()._finished(shown(message), reading=False)


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        (ForwardMsg.FINISHED_SUCCESSFULLY, True),
        (ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, True),
        (ForwardMsg.FINISHED_EARLY_FOR_RERUN, False),
    ],
)
def test_a_run_that_is_given_up_for_another_does_not_end_the_wait(status: int, ends: bool) -> None:
    assert session()._finished(shown(ForwardMsg(script_finished=status)), reading=False) is ends


def test_sliders_are_read_with_their_value_and_their_part_of_the_page() -> None:
    visitor = session()
    visitor._finished(shown(slider_message(default=[0.4])), reading=True)
    assert visitor.values == {"wide": [0.4]}
    assert visitor.fragments == {"wide": "part"}
    visitor._finished(shown(slider_message(default=[0.4], set_value=True, value=[0.7])), reading=True)
    assert visitor.values == {"wide": [0.7]}


def test_after_the_opening_nothing_more_is_read() -> None:
    visitor = session()
    visitor._finished(shown(slider_message(default=[0.4])), reading=False)
    assert visitor.sliders == {}


def test_a_slider_that_runs_nothing_is_followed_by_the_end_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, asked = session(), list[str]()
    visitor._finished(shown(slider_message(default=[0.4], ignore_rerun=True)), reading=True)
    visitor.slider, visitor.places = visitor.sliders["wide"], [0.6, 0.7]

    async def run(fragment: str, reading: bool) -> float:
        asked.append(fragment)
        return 0.1

    monkeypatch.setattr(visitor, "_run", run)
    with pytest.raises(SessionError, match="Width runs nothing, and no part of the page follows it"):
        asyncio.run(visitor.move())
    message = ForwardMsg()
    message.delta.fragment_id = "end"
    message.delta.new_element.bidi_component.component_name = "follow"
    visitor._finished(shown(message), reading=True)
    assert asyncio.run(visitor.move()) == 0.1
    assert asked == ["end"]


def test_a_slider_over_a_list_says_its_words_and_knows_its_steps() -> None:
    scale = Slider(type=Slider.SELECT_SLIDER, min=0, max=2, step=1, options=["0", "0.1", "1"])
    assert state(scale, [2.0]) == ["1"]
    assert stops(scale) == 2
    assert state(Slider(min=0, max=1, step=0.1), [0.3]) == [0.3]
    assert stops(Slider(min=0, max=1, step=0.1)) == 10


def test_what_can_be_chosen_is_read_with_its_part_of_the_page_and_nothing_else_is_chosen() -> None:
    message = ForwardMsg()
    message.delta.fragment_id = "part"
    group = ButtonGroup(id="guess", label="Your guess", options=[ButtonGroup.Option(content="Zero")])
    message.delta.new_element.button_group.CopyFrom(group)
    visitor = session()
    visitor._finished(shown(message), reading=True)
    assert visitor.choices == {"Your guess": group}
    assert visitor.fragments == {"guess": "part"}
    with pytest.raises(SessionError, match="no 'One' among \\['Zero'\\]"):
        asyncio.run(visitor.choose("Your guess", "One"))
