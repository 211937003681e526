"""Kills a command that writes a site, over and over, and looks at what readers meet and how the next run ends.

Any command will do: `words` are those that build.py would be given. A third of the kills is of such a command, a third
of the recovery that follows one or of a rollback; after a third of them somebody deletes what a recovery needs.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, NamedTuple

from bulletin.publishing import Publisher
from tests.sites import run, snapshot
from tools.readers import Site, faults

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"}
"""Python's own names of all by which a site changes, once its files are written."""
_LOADED = ("tests.sites", "bulletin.build.render_pages", "bulletin.items.markdown", "bulletin.commands.rollback")
ROLLBACK = ("rollback",)
SLOWEST = 120
"""Seconds after which a run counts as stuck."""


class Version(NamedTuple):
    """A state of a site: its own files, and what a fresh build makes of them."""

    files: Mapping[str, str | bytes]
    site: Site


class Kills:
    """A site on which commands are killed; `put` makes its own files those of a version; `told` counts what was done.

    `disk` mounts an empty disk on a folder, where that is possible; `output` is where the command publishes.
    A failure of an assertion says which kill it was; with the same seed and machine it comes again.
    """

    def __init__(  # noqa: PLR0913 - what may differ between the commands
        self,
        root: Path,
        versions: Sequence[Version],
        put: Callable[[Path, Any], None],
        *,
        words: tuple[str, ...] = ("build", "--jobs", "1"),
        output: Path | None = None,
        disk: Callable[[Path], AbstractContextManager[object]] | None = None,
        seed: int = 3,
    ) -> None:
        self.root, self.output = root, output or root / "output"
        self.told: Counter[str] = Counter()
        self._versions, self._put, self._words, self._disk = versions, put, words, disk
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._most = {words: 60, ROLLBACK: 60}
        """So many moves each command may make, as far as is known."""
        self._lasted = {words: 0.5, ROLLBACK: 0.2}
        self._processes = get_context("forkserver")
        self._processes.set_forkserver_preload([*_LOADED])
        self._standing = 0
        self._end(0)

    def make(self, kills: int) -> None:
        """Kill so many runs, and assert each time that readers met no fault and that the next run ends right."""
        while self.told["kills"] < kills:
            coming = self._chance.choice([n for n in range(len(self._versions)) if n != self._standing])
            ways = (self._kill_a_run, self._kill_a_recovery, self._kill_a_rollback, self._meddle)
            way = self._chance.choices(ways, (2, 2, 1, 3))[0]
            way(coming)
            self._end(self._chance.choice([self._standing, coming]))

    @property
    def workshop(self) -> Path:
        return Publisher.beside(self.output).folder

    def _kill_a_run(self, coming: int, *, at_any_moment: bool = True) -> None:
        self._put(self.root, self._versions[coming].files)
        self._killed(self._words, "runs", at_any_moment=at_any_moment)
        self._look(coming)

    def _kill_a_recovery(self, coming: int) -> None:
        self._kill_a_run(coming, at_any_moment=False)
        command = self._chance.choice([self._words, ROLLBACK])
        was_begun = (self.workshop / "journal.json").exists()
        if command == ROLLBACK and not was_begun:
            # It would roll back what this kill has nothing to do with.
            return
        self._killed(command, "recoveries")
        self._look(coming)

    def _kill_a_rollback(self, coming: int) -> None:
        before, self._standing = self._standing, coming
        self._end(coming)
        self._killed(ROLLBACK, "rollbacks")
        self._look(before)

    def _meddle(self, coming: int) -> None:
        """Kill a run or a rollback, and then delete something of what it leaves, or mount a disk in its place."""
        self._chance.choice((self._kill_a_run, self._kill_a_rollback))(coming)
        workshop = self.workshop
        names = ("output", "emptied", "staged", "all staged", "copies", "mount")
        name = self._chance.choice(names if self._disk else names[:-1])
        staged = sorted(path for path in workshop.glob("staging/**/*") if path.is_file())
        if name in ("output", "emptied"):
            shutil.rmtree(self.output)
        if name == "emptied":
            self.output.mkdir()
        if name in ("staged", "all staged"):
            for file in self._chance.sample(staged, min(1, len(staged))) if name == "staged" else staged:
                file.unlink()
        if name == "copies":
            shutil.rmtree(workshop / "undo-of-this", ignore_errors=True)
        if name == "mount" and self._disk:
            with self._disk(self.output):
                self._end(coming)
        self.told[f"then {name}"] += 1

    def _killed(self, words: tuple[str, ...], name: str, *, at_any_moment: bool = True) -> None:
        """Kill a command at one of its moves, or at a moment; try one again that ends before, but no rollback."""
        for _ in range(1 if words == ROLLBACK else 20):
            # Most moments are not those of the moves.
            is_at_step = not at_any_moment or self._chance.random() < 0.7  # noqa: PLR2004 - as said
            step = self._chance.randrange(1, self._most[words]) if is_at_step else 0
            process = self._start(words, step)
            if not is_at_step:
                process.join(self._chance.random() * 1.2 * self._lasted[words])
                process.kill()
            process.join(SLOWEST)
            assert process.exitcode is not None, f"stuck: {words} after {self.told}"
            if process.exitcode == -signal.SIGKILL:
                self.told["kills"] += 1
                self.told[name] += 1
                self.told["in the middle of a publication"] += (self.workshop / "journal.json").exists()
                self._most[words] = max(self._most[words], 2 * step)
                return
            assert process.exitcode in (0, 2), f"{words} after {self.told}"
            if is_at_step:
                self._most[words] = max(2, step)

    def _start(self, words: tuple[str, ...], step: int) -> ForkServerProcess:
        process = self._processes.Process(target=_run_until, args=(self.root, self.workshop, words, step))
        process.start()
        return process

    def _look(self, coming: int) -> None:
        """Assert that readers meet the standing site, or the coming one, or one on its way from one to the other."""
        found = _visible(self.output)
        sites = (self._versions[self._standing].site, self._versions[coming].site)
        assert faults(found, *sites) == [], f"from {self._standing} to {coming} after {self.told}"

    def _end(self, version: int) -> None:
        """Have the next run end in a version, and assert that it does."""
        self._put(self.root, self._versions[version].files)
        began = time.monotonic()
        ran = run(self.root, *self._words)
        self._lasted[self._words] = time.monotonic() - began
        assert ran.code == 0, f"{ran.err} after {self.told}"
        assert _visible(self.output) == self._versions[version].site, f"after {self.told}"
        assert not (self.workshop / "journal.json").exists()
        self._standing = version


def _visible(output: Path) -> Site:
    """Return what is served of output/: all but what is hidden at its top."""
    return {path: data for path, data in snapshot(output).items() if not path.startswith(".")}


def _run_until(root: Path, workshop: Path, words: tuple[str, ...], step: int) -> None:
    """Run a command in this process, which kills itself in place of the n-th step after its journal, from 1.

    If it finds a journal to end, the steps count from its start.
    """
    begun = int((workshop / "journal.json").exists())

    def count(event: str, details: tuple[Any, ...]) -> None:
        nonlocal begun
        if event in STEPS and (begun or str(details[1]).endswith("journal.json")):
            if begun == step:
                os.kill(os.getpid(), signal.SIGKILL)
            begun += 1

    if step:
        sys.addaudithook(count)
    sys.exit(run(root, *words).code)
