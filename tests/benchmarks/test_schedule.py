import pytest

from benchmarks._schedule import Schedule


@pytest.mark.parametrize(
    ("answered", "due", "missed"),
    [(10.1, 12.0, 0), (12.0, 12.0, 0), (12.1, 14.0, 1), (13.9, 14.0, 1), (16.5, 18.0, 3)],
)
def test_a_tick_that_passes_before_the_answer_is_missed(answered: float, due: float, missed: int) -> None:
    schedule = Schedule(due=10.0, period=2.0)
    schedule.answered(answered)
    assert (schedule.due, schedule.missed) == (due, missed)


def test_missed_ticks_add_up_and_the_schedule_does_not_drift() -> None:
    schedule = Schedule(due=0.0, period=2.0)
    for now in (2.5, 4.1, 11.0):
        schedule.answered(now)
    assert schedule.missed == 1 + 0 + 2
    assert schedule.due == 12.0
