"""Workers end with the build that started them, and what one of them still writes gets into no later build."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bulletin.publishing.publish import Publisher
from tests.sites import REPOSITORY, build, snapshot
from tests.test_crashes import start
from tests.test_promises import BASE
from tests.versions import Files, fresh, put, text_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc names the processes")

NO_KERNEL = "pool._die_with = lambda _: None"
"""What leaves a worker to its thread, as on other systems: processes that are started read their script as well."""
WORKERS = f"""
import os, re, sys, time
sys.path.insert(0, {str(REPOSITORY)!r})
from bulletin.build import pool
{{patch}}

def work(inputs):
    print(os.getpid(), flush=True)
    {{work}}

if __name__ == "__main__":
    pool.WORTH_IT, pool.CHUNK = 0, 1
    list(pool.Pool(2, None, lambda *_: None).map("rendering", work, [1, 2, 3, 4], list))
"""
BUILD = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from bulletin.build import pool
{{patch}}

if __name__ == "__main__":
    from bulletin import cli
    pool.WORTH_IT, pool.CHUNK = 0, 4
    sys.exit(cli.main(sys.argv[1:], Path.cwd()))
"""


@pytest.mark.parametrize(
    ("work", "patch", "paused"),
    [
        ("time.sleep(99)", "", False),
        ("time.sleep(99)", "", True),
        ("re.match('(a*)*b', 'a' * 99)", "", False),
        ("time.sleep(99)", NO_KERNEL, False),
        ("time.sleep(99)", NO_KERNEL, True),
    ],
    ids=["waiting", "paused", "in a search that no thread interrupts", "by its thread", "paused, by its thread"],
)
def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path, work: str, patch: str, *, paused: bool) -> None:
    script = tmp_path / "start.py"
    script.write_text(WORKERS.format(patch=patch, work=work), "utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        if paused:
            signalled(workers, signal.SIGSTOP)
        process.kill()
        if paused and patch:
            signalled(workers, signal.SIGCONT)
        # It ends when the last process ends that holds its other end.
        assert process.communicate(timeout=60)[0] == b""


def test_workers_that_were_paused_when_their_build_was_killed_write_into_no_later_build(tmp_path: Path) -> None:
    """Half of the workers are left to their thread, so they go on for a moment when they are resumed."""
    chance = random.Random(2)  # noqa: S311 - no secret
    kills, paused, root = int(os.environ.get("BULLETIN_WORKER_KILLS", "3")), 0, tmp_path / "site"
    script = tmp_path / "build.py"
    made_of_0 = fresh(version("Lần 0."), root)
    for number in range(kills):
        script.write_text(BUILD.format(patch=NO_KERNEL if number % 2 else ""), "utf-8")
        put(root, version(f"Lần {number}, bị giết."))
        with start(root, "--jobs", "2", program=(str(script),)) as process:
            wait_for_staged(root, chance.randrange(1, 40), process)
            workers = [worker for child in children(process.pid) for worker in children(child)]
            signalled(workers, signal.SIGSTOP)
            process.kill()
        put(root, version(f"Lần {number}."))
        with start(root, "--jobs", "1") as process:
            wait_for_staged(root, chance.randrange(1, 90), process)
            signalled(workers, signal.SIGCONT)
        assert process.returncode == 0, number
        wanted = {path: data.replace("Lần 0.".encode(), f"Lần {number}.".encode()) for path, data in made_of_0.items()}
        assert snapshot(root / "output") == wanted, number
        assert have_ended(workers), number
        paused += len(workers)
    assert paused > kills, "workers must have been at work"
    assert build(root).code == 0
    assert [*Publisher.beside(root / "output").folder.glob("staging*")] == []


def version(words: str) -> Files:
    files: Files = {f"content/{n:02}.md": text_of(n, words) for n in range(60)}
    return files | {"pyproject.toml": f'[tool.bulletin]\nbase_url = "{BASE}"\n'}


def signalled(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        if is_alive(process):
            os.kill(process, number)


def wait_for_staged(root: Path, files: int, process: subprocess.Popen[str]) -> None:
    """Wait until a build that was just started has staged so many files, or is over."""
    folder = Publisher.beside(root / "output").folder
    before = {*folder.glob("staging*")}
    while process.poll() is None:
        with suppress(FileNotFoundError):
            if any(len([*new.iterdir()]) >= files for new in {*folder.glob("staging*")} - before):
                return
        time.sleep(0.001)


def children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def is_alive(process: int) -> bool:
    try:
        # After the name, which may hold anything but ends with the last bracket.
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def have_ended(processes: list[int]) -> bool:
    """Tell whether all of them end within a minute."""
    for _ in range(6000):
        if not any(map(is_alive, processes)):
            return True
        time.sleep(0.01)
    return False
