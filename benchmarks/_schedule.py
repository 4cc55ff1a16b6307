"""A visitor's schedule: moves at fixed times, and the ones that had to be left out because the answer was late."""

from dataclasses import dataclass


@dataclass
class Schedule:
    """Ticks `period` seconds apart from `due` on; a tick whose time has passed before it can be kept is missed."""

    due: float
    period: float
    missed: int = 0

    def answered(self, now: float) -> None:
        """Go on to the next tick that can still be kept, counting those that have passed."""
        self.due += self.period
        if self.due < now:
            late = int((now - self.due) // self.period) + 1
            self.missed += late
            self.due += late * self.period
