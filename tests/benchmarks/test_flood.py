"""The flood: what it sends is counted, what it is answered is counted, and the visitors beside it are served."""

import json
from collections import Counter
from pathlib import Path

from benchmarks._flood import Connection, asked
from benchmarks.load import Level
from tests.benchmarks.test_load import run


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


def test_visitors_are_served_while_one_client_floods(tmp_path: Path) -> None:
    results = tmp_path / "load.json"
    how = "--pages start --sessions 2 --moves 8 -T 0.5 --no-bare --flood 2000"
    answer = run("benchmarks.load", *how.split(), "--json", str(results))
    assert answer.returncode == 0, answer.stderr
    levels = json.loads(results.read_text())["levels"]
    assert list(levels) == ["start", "start, flooded"]
    for (level,) in levels.values():
        assert level["errors"] == []
        assert len(level["answers"]) == 16
    assert "'429'" in answer.stderr


def test_the_bar_under_a_flood_is_twice_the_time_without_and_no_error() -> None:
    calm = Level(60, answers=[0.1] * 20, pictures=[0.2] * 20)
    assert Level(60, answers=[0.2] * 20, pictures=[0.4] * 20).stands(calm)
    assert not Level(60, answers=[0.21] * 20, pictures=[0.1] * 20).stands(calm)
    assert not Level(60, answers=[0.1] * 20, pictures=[0.41] * 20).stands(calm)
    assert not Level(60, answers=[0.1] * 20, errors=["429"]).stands(calm)
