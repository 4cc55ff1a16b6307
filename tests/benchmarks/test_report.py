import argparse

import pytest

from benchmarks._report import pages, percentile

KNOWN = ("start", "overlap", "remedy")


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.505, 51), (0.95, 95), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile([*range(100, 0, -1)], share) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.95) == 7.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.5)])
def test_there_is_no_percentile_of_nothing_nor_outside_one(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_pages_are_all_or_named() -> None:
    parser = argparse.ArgumentParser()
    assert pages("all", KNOWN, parser) == ["start", "overlap", "remedy"]
    assert pages("remedy, start", KNOWN, parser) == ["remedy", "start"]


@pytest.mark.parametrize("text", ["overlap,remmedy", "", ","])
def test_a_page_that_is_none_ends_with_the_list_of_pages(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        pages(text, KNOWN, argparse.ArgumentParser())
    assert "start, overlap, remedy" in capsys.readouterr().err
