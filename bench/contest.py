"""Runs the generators in turn, scenario by scenario and round by round, and keeps what each run took."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.generators.protocol import Generator
from bench.measure import Run, run
from bench.scenarios import SCENARIOS, Built, Site, built, lay_out, stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One timed build."""

    scenario: str
    generator: str
    run: Run
    written: int
    """Files that it wrote, changed or not, and removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What a generator's first build showed, which was not timed: its memory was watched, and it warmed the disk."""

    version: str
    peak: int
    built: Built


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All that was measured."""

    items: int
    rounds: int
    first: Mapping[str, First]
    """By the generator's name, in the order of the columns."""
    outcomes: Sequence[Outcome]

    def of(self, scenario: str, generator: str) -> list[Outcome]:
        return [one for one in self.outcomes if one.scenario == scenario and one.generator == generator]

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.scenario for one in self.outcomes))


def compete(
    generators: Sequence[Generator], folder: Path, *, items: int, rounds: int, scenarios: Sequence[str]
) -> Results:
    """Build every generator's site in a folder below `folder` as often as asked; return all times."""
    laid_out = [_prepared(generator, folder / generator.name, items) for generator in generators]
    first = {site.generator.name: _first(site) for site in laid_out}
    outcomes = [
        build(site, scenario, step) for step in range(1, rounds + 1) for scenario in scenarios for site in laid_out
    ]
    return Results(items=items, rounds=rounds, first=first, outcomes=outcomes)


def _prepared(generator: Generator, folder: Path, items: int) -> Site:
    generator.install()
    return lay_out(generator, folder, items)


def _first(site: Site) -> First:
    taken = run(site.generator.command(site.folder), site.folder, sampled=True)
    tell(f"{site.generator.name}: first build, memory watched: {taken.peak / 2**20:.0f} MiB")
    return First(version=site.version, peak=taken.peak, built=built(site))


def build(site: Site, scenario: str, step: int) -> Outcome:
    """Change the site as the scenario says and time the build that follows."""
    SCENARIOS[scenario](site, step)
    before = stamps(site)
    taken = run(site.generator.command(site.folder), site.folder)
    after = stamps(site)
    written = sum(1 for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    tell(f"{step} {scenario:8} {site.generator.name:10} {taken.seconds:7.2f} s {written:6} files")
    return Outcome(scenario=scenario, generator=site.generator.name, run=taken, written=written)


def tell(line: str) -> None:
    """Print how far the measurement is: a long one must not look dead."""
    print(line, file=sys.stderr, flush=True)
