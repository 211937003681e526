"""How much work a text makes: counted, never timed, so that every machine refuses the same texts."""

from __future__ import annotations

MAX_STEPS = 1_500_000_000
"""Steps that one text may take; a step is about a nanosecond of one core. Most news takes less than a hundredth."""


class TooMuchWork(Exception):  # noqa: N818 - not an error of the program
    """Raised when reading a text has taken too many steps; `part` is what was being read then."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Work:
    """The steps that one text has taken."""

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, steps: int, part: str) -> None:
        """Count steps that were taken, or are about to be, for a part of the text; raise TooMuchWork at the limit."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise TooMuchWork(part)
