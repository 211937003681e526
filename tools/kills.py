"""Kills a command that writes a site, over and over, and looks at what readers meet and how the next run ends.

    python -m tools.kills 60 build --jobs 1
    python -m tools.kills 30 serve
    python -m tools.kills 100 publish
    python -m tools.kills 30 ssh

A third of the kills is of the command, a third of the recovery that follows one or of a rollback; after a third of them
somebody deletes what a recovery needs. `serve` publishes and takes back through the desk, as a page of it would ask;
`publish` puts the site into another folder, `ssh` onto another machine. A reader walks through it all the while.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from bulletin.publishing import Publisher
from bulletin.urls import Turn, turn_of
from tests.disks import disk_if_allowed
from tests.sites import run, snapshot, write
from tests.versions import Version, built_versions, put
from tools.readers import Site, Walk, faults

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"}
"""Python's own names of all by which a site changes, once its files are written."""
_LOADED = (
    *("tests.sites", "bulletin.build.render_pages", "bulletin.items.markdown", "bulletin.commands.rollback"),
    *("bulletin.commands.serve", "bulletin.commands.publish", "tests.previews"),
)
SLOWEST = 120
"""Seconds after which a run counts as stuck."""


class Command(NamedTuple):
    """A command that writes a site: the words for build.py, and what is asked of the desk if it serves one.

    `path` is where programs are looked for, if not as usual.
    """

    words: tuple[str, ...]
    asked: str = ""
    path: str = ""

    def run(self, root: Path) -> int:
        """Run it on a site, and return its exit code; what it says is shown if that is none that it may have."""
        if self.path:
            os.environ["PATH"] = self.path
        if not self.asked:
            ran = run(root, *self.words)
        else:
            from tests.previews import free_port  # noqa: PLC0415 - the desk takes half a second to load

            port = free_port()
            Thread(target=_ask, args=(port, self.asked), daemon=True).start()
            ran = run(root, *self.words, "--port", str(port), "--no-open")
        if ran.code not in FINE:
            print(ran.err, file=sys.stderr)  # noqa: T201 - whoever kills must see it
        return ran.code


FINE = (0, 2)
"""The exit codes of runs that nobody kills: 2 is that of a rollback that has nothing to take back."""
PUBLISH, UNDO = Command(("publish", "--yes", "--allow-removals")), Command(("publish", "--undo"))
BUILD, ROLLBACK = Command(("build", "--jobs", "1")), Command(("rollback",))
AT_DESK, BACK_AT_DESK = Command(("serve",), "xuatban"), Command(("serve",), "lui")


def _ask(port: int, what: str) -> None:
    """Ask the desk of this process for a publication, or for taking one back, and then end the process by a signal."""
    from tests.previews import wait_for_answer  # noqa: PLC0415 - as above
    from tests.test_desk_access import Client  # noqa: PLC0415

    wait_for_answer(f"http://127.0.0.1:{port}/")
    _, answer = Client(port).post(what, {})
    os.kill(os.getpid(), signal.SIGTERM if b'"lines"' in answer else signal.SIGABRT)


class Kills:
    """A site on which commands are killed, in one version after another; `told` counts what was done.

    `undo` takes back what `command` has published, in `output`. `disk` mounts an empty disk on a folder, where that is
    possible. `at_steps` is False if `output` is on another machine: there is no journal whose steps could be counted.
    A failure of an assertion says which kill it was; with the same seed and machine it comes again.
    """

    def __init__(  # noqa: PLR0913 - what may differ between the commands
        self,
        root: Path,
        versions: Sequence[Version],
        *,
        command: Command = BUILD,
        undo: Command = ROLLBACK,
        output: Path | None = None,
        disk: Callable[[Path], AbstractContextManager[object]] | None = None,
        at_steps: bool = True,
        seed: int = 3,
    ) -> None:
        self.root, self.output = root, output or root / "output"
        self.told: Counter[str] = Counter()
        self._versions, self._disk, self._at_steps = versions, disk, at_steps
        self._walk = Walk(self.output, seed)
        self._command, self._undo = command, undo
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._most = {command: 60, undo: 60}
        """So many moves each command may make, as far as is known."""
        self._lasted = {command: 0.5, undo: 0.2}
        self._processes = get_context("forkserver")
        self._processes.set_forkserver_preload([*_LOADED])
        self._standing = 0
        self._end(0)

    def make(self, kills: int) -> None:
        """Kill so many runs, and assert each time that readers met no fault and that the next run ends right.

        In the end a publication is taken back: what readers had before is there again, byte for byte.
        """
        ways = [(self._kill_a_run, 2), (self._kill_a_rollback, 1)]
        if self._at_steps:
            ways += [(self._kill_a_recovery, 2), (self._meddle, 3)]
        with self._walk.going():
            while self.told["kills"] < kills:
                coming = self._chance.choice([n for n in range(len(self._versions)) if n != self._standing])
                way = self._chance.choices([way for way, _ in ways], [weight for _, weight in ways])[0]
                way(coming)
                self._end(self._chance.choice([self._standing, coming]))
                self._walk.go_on()
            self._take_back((self._standing + 1) % len(self._versions))
        self.told["pages read meanwhile"] = self._walk.pages
        assert self._walk.faults == []

    @property
    def workshop(self) -> Path:
        return Publisher.beside(self.output).folder

    @property
    def _journal(self) -> Path:
        return self.workshop / "journal.json"

    def _kill_a_run(self, coming: int, *, at_any_moment: bool = True) -> None:
        put(self.root, self._versions[coming].files)
        self._killed(self._command, "runs", at_any_moment=at_any_moment)
        self._look(coming)

    def _kill_a_recovery(self, coming: int) -> None:
        self._kill_a_run(coming, at_any_moment=False)
        command = self._chance.choice([self._command, self._undo])
        was_begun = self._journal.exists()
        if command == self._undo and not was_begun:
            # It would roll back what this kill has nothing to do with.
            return
        self._killed(command, "recoveries")
        self._look(coming)

    def _kill_a_rollback(self, coming: int) -> None:
        before, self._standing = self._standing, coming
        self._end(coming)
        self._killed(self._undo, "rollbacks")
        self._look(before)

    def _take_back(self, coming: int) -> None:
        """Publish a version and take it back, and assert that readers have what they had, byte for byte."""
        before = self._standing
        self._end(coming)
        process = self._start(self._undo)
        process.join(SLOWEST)
        assert process.exitcode == 0, f"after {self.told}"
        assert self._visible() == self._versions[before].site, f"after {self.told}"
        self._standing = before

    def _meddle(self, coming: int) -> None:
        """Kill a run or a rollback, and then delete something of what it leaves, or mount a disk in its place."""
        self._chance.choice((self._kill_a_run, self._kill_a_rollback))(coming)
        workshop = self.workshop
        names = ("output", "emptied", "staged", "all staged", "copies", "mount")
        name = self._chance.choice(names if self._disk else names[:-1])
        staged = sorted(path for path in workshop.glob("staging/**/*") if path.is_file())
        if name in ("output", "emptied", "mount"):
            self._walk.wait()
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

    def _killed(self, command: Command, name: str, *, at_any_moment: bool = True) -> None:
        """Kill a command at one of its moves, or at a moment; try one again that ends before, but no rollback."""
        for _ in range(1 if command == self._undo else 20):
            # Most moments are not those of the moves.
            is_at_step = self._at_steps and (not at_any_moment or self._chance.random() < 0.7)  # noqa: PLR2004 - as said
            step = self._chance.randrange(1, self._most[command]) if is_at_step else 0
            process = self._start(command, step)
            if not is_at_step:
                process.join(self._chance.random() * 1.2 * self._lasted[command])
                process.kill()
            process.join(SLOWEST)
            assert process.exitcode is not None, f"stuck: {command} after {self.told}"
            if process.exitcode == -signal.SIGKILL:
                self.told["kills"] += 1
                self.told[name] += 1
                self.told["in the middle of a publication"] += self._journal.exists()
                self._most[command] = max(self._most[command], 2 * step)
                return
            assert process.exitcode in FINE, f"{command} after {self.told}"
            if is_at_step:
                self._most[command] = max(2, step)

    def _start(self, command: Command, step: int = 0) -> ForkServerProcess:
        process = self._processes.Process(target=_run_until, args=(self.root, self._journal, command, step))
        process.start()
        return process

    def _look(self, coming: int) -> None:
        """Assert that readers meet the standing site, or the coming one, or one on its way from one to the other."""
        found = self._visible()
        sites = (self._versions[self._standing].site, self._versions[coming].site)
        assert faults(found, *sites) == [], f"from {self._standing} to {coming} after {self.told}"

    def _end(self, version: int) -> None:
        """Have the next run end in a version, and assert that it does."""
        put(self.root, self._versions[version].files)
        began = time.monotonic()
        process = self._start(self._command)
        process.join(SLOWEST)
        self._lasted[self._command] = time.monotonic() - began
        assert process.exitcode == 0, f"after {self.told}"
        assert self._visible() == self._versions[version].site, f"after {self.told}"
        assert not self._journal.exists()
        self._standing = version

    def _visible(self) -> Site:
        """Return what is served: all but what is hidden at the top, and what stays for pages of old releases alone."""
        found = snapshot(self.output.resolve())
        if self._at_steps:
            return {path: data for path, data in found.items() if not path.startswith(".")}
        known = {path for version in self._versions for path in version.site if turn_of(path) is Turn.LEAF}
        now = max(self._versions, key=lambda version: len(version.site.items() & found.items())).site
        return {path: data for path, data in found.items() if path in now or path not in known}


def with_target(versions: Sequence[Version], to: str) -> tuple[Version, ...]:
    """Return versions of a site that have a target."""
    table = f"[tool.bulletin.targets.web]\nto = {json.dumps(to)}\n"
    return tuple(
        one._replace(files=one.files | {"pyproject.toml": f"{one.files['pyproject.toml']!s}{table}"})
        for one in versions
    )


def _run_until(root: Path, journal: Path, command: Command, step: int) -> None:
    """Run a command in this process, which kills itself in place of the n-th step after its journal, from 1.

    If it finds a journal to end, the steps count from its start.
    """
    begun = int(journal.exists())

    def count(event: str, details: tuple[Any, ...]) -> None:
        nonlocal begun
        if event in STEPS and (begun or str(details[1]) == str(journal)):
            if begun == step:
                os.kill(os.getpid(), signal.SIGKILL)
            begun += 1

    if step:
        sys.addaudithook(count)
    sys.exit(command.run(root))


def main(arguments: Sequence[str]) -> None:
    """Kill so many runs of a command on a site of 60 items, and say what was done."""
    number, *words = arguments
    command, undo = {"serve": (AT_DESK, BACK_AT_DESK), "publish": (PUBLISH, UNDO), "ssh": (PUBLISH, UNDO)}.get(
        words[0], (BUILD._replace(words=tuple(words)), ROLLBACK)
    )
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of its own in it
    with tempfile.TemporaryDirectory(dir=memory) as name, ExitStack() as stack:
        folder = Path(name)
        sites: Sequence[Version] = built_versions()
        more: dict[str, Any] = {"disk": disk_if_allowed(folder / "disk")}
        if words[0] == "publish":
            sites, more["output"] = with_target(sites, "../www"), folder / "www"
        if words[0] == "ssh":
            from tests.ssh_server import ssh_server  # noqa: PLC0415 - not every machine has one

            server = stack.enter_context(ssh_server(folder / "ssh"))
            sites = with_target(sites, server.address(folder / "www"))
            more = {"output": folder / "www/current", "at_steps": False}
            command, undo = command._replace(path=server.path), undo._replace(path=server.path)
        root = write(folder / "site", sites[0].files)
        kills = Kills(root, sites, command=command, undo=undo, seed=int(time.time()), **more)
        began = time.monotonic()
        while kills.told["kills"] < int(number):
            kills.make(min(int(number), kills.told["kills"] + 10))
            print(f"{time.monotonic() - began:.0f} s", dict(kills.told), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
