"""`python -m bench` compares generators, `python -m bench growth` measures this product alone; see bench/README.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench import contest, growth, tables
from bench.generators.ban_tin import BAN_TIN
from bench.generators.eleventy import ELEVENTY
from bench.generators.hugo import HUGO
from bench.generators.hugo_equal import HUGO_EQUAL
from bench.generators.pelican import PELICAN
from bench.measure import RunError
from bench.scenarios import MOST_ROUNDS, SCENARIOS
from bench.tools import BENCH

GENERATORS = {one.name: one for one in (BAN_TIN, HUGO_EQUAL, HUGO, ELEVENTY, PELICAN)}


def main(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
            name, text = _compare(options, Path(folder)) if options.what == "compare" else _grow(options, Path(folder))
    except RunError as failed:
        print(failed, file=sys.stderr)
        return 1
    print(text)
    if options.write:
        tables.put_into(BENCH / "README.md", name, text)
    return 0


def _compare(options: argparse.Namespace, folder: Path) -> tuple[str, str]:
    items = options.items or [10_000]
    results = contest.compete(
        [GENERATORS[name] for name in options.only],
        folder,
        items=items[0],
        rounds=options.rounds,
        scenarios=options.scenarios,
    )
    return "comparison", tables.compared(results)


def _grow(options: argparse.Namespace, folder: Path) -> tuple[str, str]:
    sizes = growth.grow(options.items or [1_000, 10_000, 100_000], folder, options.rounds)
    return "growth", tables.grown(sizes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("compare", "growth"), default="compare")
    parser.add_argument("--items", type=_numbers, help="how many: 10000; for growth a list: 1000,10000,100000")
    parser.add_argument("--rounds", type=int, choices=range(1, MOST_ROUNDS + 1), default=5, metavar="N")
    parser.add_argument("--only", type=_some_of(GENERATORS), default=list(GENERATORS), help=",".join(GENERATORS))
    parser.add_argument("--scenarios", type=_some_of(SCENARIOS), default=list(SCENARIOS), help=",".join(SCENARIOS))
    parser.add_argument("--folder", help="where to make the sites; else the system's folder for temporary files")
    parser.add_argument("--write", action="store_true", help="put the tables into bench/README.md as well")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _some_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a reader of lists: the names keep the order in which they are known, whatever the order asked for."""
    order = tuple(known)

    def names(text: str) -> list[str]:
        asked = text.split(",")
        if unknown := set(asked).difference(order):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not one of {', '.join(order)}")
        return [name for name in order if name in asked]

    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
