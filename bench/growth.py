"""How time, memory and files written grow with the number of items, for this product alone."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.contest import Outcome, build, tell
from bench.generators.ban_tin import BAN_TIN
from bench.measure import run
from bench.scenarios import lay_out

STEPS = ("fresh", "nothing", "body", "amount", "new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a site of so many items takes."""

    items: int
    version: str
    peak: int
    outcomes: Sequence[Outcome]

    def of(self, scenario: str) -> list[Outcome]:
        return [one for one in self.outcomes if one.scenario == scenario]


def grow(counts: Sequence[int], folder: Path, rounds: int) -> list[Size]:
    return [_measure(count, folder / str(count), rounds) for count in counts]


def _measure(count: int, folder: Path, rounds: int) -> Size:
    tell(f"{count} items")
    site = lay_out(BAN_TIN, folder, count)
    peak = run(BAN_TIN.command(folder), folder, sampled=True).peak
    outcomes = [build(site, scenario, step) for step in range(1, rounds + 1) for scenario in STEPS]
    shutil.rmtree(folder)
    return Size(items=count, version=site.version, peak=peak, outcomes=outcomes)
