"""Ten people at one desk: `python -m bench.team SITE [MINUTES]`, on a site that `bench.items` has made.

Each types, pauses, looks at the page beside the text and saves, as the scripts of the page do; some meet at one item.
Prints medians and 95th percentiles from a pause to the page and from saving to saved, what the server's memory did, and
what of all that anybody saved or typed is not to be found afterwards.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from threading import Lock, Thread

from msgspec import Struct, field

from bulletin.desk.storage import Store
from bulletin.desk.team import Users
from tests.people import Form, Person
from tests.previews import previewed

PEOPLE = 10
ITEMS = 25
"""Ten people write in so many items, so that some meet."""
PASSWORD = "mười người một bàn"  # noqa: S105 - of a measurement
WORD = 0.35
"""Seconds between two words."""
PAUSE = 0.1
"""Seconds after which the page sends what was typed."""
WORDS = 12
SENTENCES = 4
"""Words of a sentence, and sentences between two saves."""
THINKS = (2.0, 5.0)
"""Seconds between two sentences."""
SIGN_OF_LIFE = 20.0
NOW = "2025-01-10T08:00"
SENTENCE = re.compile(r"c[0-9]+-[0-9]+")


class Figures(Struct):
    """What was measured, in seconds, and what was done."""

    to_page: list[float] = field(default_factory=list)
    to_saved: list[float] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)
    owed: set[str] = field(default_factory=set)
    """Sentences that somebody was told are kept or saved."""


class Writer:
    """One of the ten, at work until the end."""

    def __init__(self, number: int, paths: list[str], port: int, figures: Figures, lock: Lock) -> None:
        self._number = number
        self._chance = random.Random(number)  # noqa: S311 - no secret
        self._paths = paths
        self._figures = figures
        self._lock = lock
        self._person = Person(port, f"người {number}", PASSWORD)
        self._form = self._opened()
        self._said = self._seen = 0.0
        self._count = 0

    def write(self, end: float) -> None:
        """Type and save until the end."""
        while time.monotonic() < end:
            for _ in range(SENTENCES):
                self._type_sentence()
                time.sleep(self._chance.uniform(*THINKS))
            self._save()
            if self._chance.random() < 0.3:  # noqa: PLR2004 - a third are done with their item
                self._form.present(leaves=True)
                self._form = self._opened()
        self._form.keep()

    def _opened(self) -> Form:
        return self._person.open(self._chance.choice(self._paths))

    def _type_sentence(self) -> None:
        self._count += 1
        words = [f"c{self._number}-{self._count}", *["chữ"] * (WORDS - 1)]
        typed = [time.monotonic() + place * WORD for place in range(WORDS)]
        self._form.text = self._form.text.rstrip("\n") + "\n\n"
        while typed:
            time.sleep(max(0.0, typed[0] + PAUSE - time.monotonic()))
            began = typed[0] + PAUSE
            # What was typed while the last request was under way goes with this one.
            come = max(1, sum(at <= time.monotonic() for at in typed))
            self._form.text += " ".join(words[:come]) + (".\n" if come == len(words) else " ")
            del words[:come], typed[:come]
            answer = self._form.keep()
            with self._lock:
                self._figures.done[answer["stand"]] += 1
            if answer["page"]:
                assert self._person.ask("GET", answer["page"])[0] == 200  # noqa: PLR2004
                with self._lock:
                    self._figures.to_page.append(time.monotonic() - began)
        with self._lock:
            self._figures.owed.add(f"c{self._number}-{self._count}")
        if time.monotonic() - self._said > SIGN_OF_LIFE:
            self._said = time.monotonic()
            self._form.present()
            self._person.ask("GET", "/_soan/")

    def _save(self) -> None:
        began = time.monotonic()
        answer = self._form.save()
        took = time.monotonic() - began
        with self._lock:
            self._figures.to_saved.append(took)
            self._figures.done[f"save: {answer['stand']}"] += 1
        for _ in range(10):
            if answer["stand"] != "conflict":
                break
            # What was typed here is wanted; what a colleague alone has changed stays.
            chosen = ["mine"] * len(answer["conflict"]["parts"])
            answer = self._form.merge(answer["conflict"]["digest"], chosen)
            with self._lock:
                self._figures.done[f"merge: {answer['stand']}"] += 1
        assert answer["stand"] == "saved", answer
        self._form = self._person.open(self._form.opened["path"])


def main(site: Path, minutes: float) -> None:
    users = Users(site)
    for number in range(PEOPLE):
        if not users.get(f"người {number}"):
            users.add(f"người {number}", "write", PASSWORD)
    paths = sorted(file.relative_to(site).as_posix() for file in (site / "content").rglob("*.md"))[-ITEMS:]
    figures, lock = Figures(), Lock()
    with previewed(site, "--as-of", NOW) as running:
        writers = [Writer(number, paths, running.port, figures, lock) for number in range(PEOPLE)]
        end = time.monotonic() + 60 * minutes
        threads = [Thread(target=writer.write, args=(end,)) for writer in writers]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(10)
            figures.memory.append(running.memory())
    print(dict(figures.done))
    print(f"pause to page {_shown(figures.to_page)}; save to saved {_shown(figures.to_saved)}")
    print(f"memory {figures.memory[0]:.0f} MiB, half-way {figures.memory[len(figures.memory) // 2]:.0f}, ", end="")
    print(f"at the end {figures.memory[-1]:.0f}, highest {max(figures.memory):.0f}")
    missing = figures.owed - sentences(everything(site, paths))
    print(f"{len(figures.owed)} sentences, lost: {sorted(missing) or 'none'}")


def _shown(times: list[float]) -> str:
    worst = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):.3f} s, p95 {worst:.3f} s, highest {max(times):.3f} s ({len(times)})"


def everything(site: Path, paths: Iterable[str]) -> list[str]:
    """Return every text of these items that the desk has: files, saved versions, working copies."""
    store = Store(site)
    texts = [copy.text for copy in store.copies()]
    for path in paths:
        texts += [(site / path).read_text("utf-8", errors="replace")] if (site / path).is_file() else []
        texts += [store.versions.read(path, one.name).decode(errors="replace") for one in store.versions.of(path)]
    return texts


def sentences(texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in SENTENCE.findall(text)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)  # noqa: PLR2004
