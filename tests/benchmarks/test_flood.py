"""The flood: what it sends is new where it should be, what it is answered is counted, and it has a bar of its own."""

from collections import Counter

from benchmarks._flood import Connection, asked
from benchmarks.load import Level


def test_answers_are_counted_wherever_the_bytes_are_cut() -> None:
    sent = b"HTTP/1.1 200 OK\r\n\r\n{}" * 3 + b"HTTP/1.1 429 Too Many Requests\r\n\r\nHTTP" * 2
    for cut in range(1, 40):
        counted: Counter[str] = Counter()
        connection = Connection(counted)
        for start in range(0, len(sent), cut):
            connection.data_received(sent[start : start + cut])
        assert counted == {"200": 3, "429": 2}, cut


def test_no_two_new_settings_are_the_same_and_forged_windows_neither() -> None:
    new = [asked(number, True, "host") for number in range(0, 3000, 3)]
    assert len(set(new)) == len(new)
    assert asked(1, False, "host") == asked(4, False, "host")
    assert b"X-Window" not in asked(1, False, "host")


def test_the_bar_under_a_flood_is_twice_the_time_without_and_no_error() -> None:
    calm = Level(60, answers=[0.1] * 20, pictures=[0.2] * 20)
    assert Level(60, answers=[0.2] * 20, pictures=[0.4] * 20).stands(calm)
    assert not Level(60, answers=[0.21] * 20, pictures=[0.1] * 20).stands(calm)
    assert not Level(60, answers=[0.1] * 20, pictures=[0.41] * 20).stands(calm)
    assert not Level(60, answers=[0.1] * 20, errors=["429"]).stands(calm)
