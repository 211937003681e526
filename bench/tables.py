"""Results -> Markdown, and into bench/README.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.contest import Outcome, Results
from bench.growth import STEPS, Size

MIB = 2**20
YARDSTICK = "hugo-equal"
"""The generator that ratios compare with."""
TITLES = {
    "fresh": "fresh build",
    "nothing": "nothing changed",
    "body": "one item's text edited",
    "amount": "an amount changed",
    "new": "one new item",
    "template": "shared template edited",
}


def compared(results: Results) -> str:
    """Return the tables of a comparison."""
    return "\n\n".join(
        (
            f"{results.items:,} items, {results.rounds} rounds; {_machine(results.outcomes)}.",
            table(("seconds", *_columns(results)), (*_scenario_rows(results, _time), *_first_rows(results))),
            table(("processor seconds", *_columns(results)), tuple(_scenario_rows(results, _processor))),
            table(("files written", *_columns(results)), tuple(_scenario_rows(results, _written))),
        )
    )


def _columns(results: Results) -> Iterator[str]:
    for name, first in results.first.items():
        yield f"{name} {first.version}"


def _scenario_rows(results: Results, cell: Callable[[Results, str, str], str]) -> Iterator[tuple[str, ...]]:
    for scenario in results.scenarios:
        yield TITLES[scenario], *(cell(results, scenario, name) for name in results.first)


def _first_rows(results: Results) -> Iterator[tuple[str, ...]]:
    first = results.first.values()
    yield "peak memory, all processes", *(_memory(results, name) for name in results.first)
    yield "size of the output", *(f"{one.built.size / MIB:.0f} MiB" for one in first)
    yield "HTML pages", *(f"{one.built.html:,}" for one in first)
    yield "XML files", *(f"{one.built.xml:,}" for one in first)


def _time(results: Results, scenario: str, name: str) -> str:
    """Return «3.20 (3.11-3.40), 0.31 x»: median, extremes, ratio of medians to the yardstick."""
    runs = [one.run.seconds for one in results.of(scenario, name)]
    shown = f"{median(runs):.2f}"
    if len(runs) > 1:
        shown += f" ({min(runs):.2f}-{max(runs):.2f})"
    if YARDSTICK not in results.first:
        return shown
    return f"{shown}, {median(runs) / median(one.run.seconds for one in results.of(scenario, YARDSTICK)):.2f} x"


def _memory(results: Results, name: str) -> str:
    peak = results.first[name].peak
    ratio = f", {peak / results.first[YARDSTICK].peak:.2f} x" if YARDSTICK in results.first else ""
    return f"{peak / MIB:.0f} MiB{ratio}"


def _processor(results: Results, scenario: str, name: str) -> str:
    return f"{median(one.run.cpu for one in results.of(scenario, name)):.2f}"


def _written(results: Results, scenario: str, name: str) -> str:
    return _span(results.of(scenario, name))


def _span(outcomes: Sequence[Outcome]) -> str:
    """Return «13» or «13-15»: the rounds may differ, as when a list begins a new page."""
    counts = sorted(one.written for one in outcomes)
    return f"{counts[0]:,}" if counts[0] == counts[-1] else f"{counts[0]:,}-{counts[-1]:,}"


def grown(sizes: Sequence[Size]) -> str:
    """Return the table of growth."""
    head = ("items", "fresh", "an item", "peak memory", "an item", *(TITLES[one] for one in STEPS[1:]))
    outcomes = [one for size in sizes for one in size.outcomes]
    versions = ", ".join(sorted({size.version for size in sizes}))
    return f"ban-tin {versions}; {_machine(outcomes)}.\n\n{table(head, tuple(map(_size_row, sizes)))}"


def _size_row(size: Size) -> tuple[str, ...]:
    fresh = median(one.run.seconds for one in size.of("fresh"))
    return (
        f"{size.items:,}",
        f"{fresh:.2f} s",
        f"{fresh / size.items * 1000:.2f} ms",
        f"{size.peak / MIB:.0f} MiB",
        f"{size.peak / size.items / 1024:.1f} KiB",
        *(_step(size.of(scenario)) for scenario in STEPS[1:]),
    )


def _step(outcomes: Sequence[Outcome]) -> str:
    return f"{median(one.run.seconds for one in outcomes):.2f} s, {_span(outcomes)} files"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    line = "|".join(["---", *("--:" for _ in head[1:])])
    return "\n".join((_row(head), f"|{line}|", *map(_row, rows)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _machine(outcomes: Sequence[Outcome]) -> str:
    """Return what the figures hold for: the machine, the day, and how much others disturbed."""
    cores = len(os.sched_getaffinity(0))
    others = sum(one.run.others for one in outcomes) / sum(one.run.seconds for one in outcomes) / cores
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return ", ".join(
        (
            f"{cores} cores ({model or platform.machine()})",
            f"{memory:.0f} GiB",
            f"Linux {platform.release()}",
            f"Python {platform.python_version()}",
            f"{datetime.now(UTC):%Y-%m-%d}",
            f"other work took {others:.0%} of the processors",
        )
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines()


def put_into(file: Path, name: str, text: str) -> None:
    """Replace what stands in the file between `<!-- name -->` and `<!-- end of name -->`."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    head, _, rest = file.read_text("utf-8").partition(begin)
    tail = rest.partition(end)[2]
    file.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}", encoding="utf-8", newline="\n")
