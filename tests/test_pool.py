from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from multiprocessing import active_children
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from bulletin.build import cores, pool
from bulletin.build.pool import Elsewhere, Pool, Work
from bulletin.problems import BuildFailed, problem
from tests.builders import item
from tests.sites import REPOSITORY, write

Told = list[tuple[str, int, int]]


def test_workers_find_their_code_before_they_are_forked() -> None:
    assert find_spec(pool.PRELOADED) is not None


def test_a_folder_of_our_name_where_one_stands_is_not_imported(tmp_path: Path) -> None:
    """Python puts the folder one stands in first, and workers were forked from a process that had looked there."""
    other = "raise SystemExit('of somebody else')"
    root = write(tmp_path, {"bulletin/__init__.py": other, "jinja2.py": other, "site/content/a.md": item()})
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from bulletin import cli
from bulletin.build import pool
pool.WORTH_IT = 0
sys.exit(cli.main(["--jobs", "2"], Path("site")))
"""
    command = [sys.executable, "-P", "-c", script]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (ran.returncode, ran.stderr) == (0, "")


def chunk_of(numbers: Sequence[int]) -> list[int]:
    return list(numbers)


def added(numbers: Sequence[int]) -> int:
    return sum(numbers)


class Counting:
    """Does what it is given at once, as machines that share no disk would, and counts it."""

    ahead = 2

    def __init__(self) -> None:
        self.chunks: list[Any] = []
        self.under_way = 0
        self.most = 0

    def submit(self, make: Callable[[Any], Any], taken: Any, /) -> Counted:
        self.chunks.append(taken)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        return Counted(self, make(taken))


class Counted(NamedTuple):
    """A chunk that is under way until it is asked for."""

    by: Counting
    made: Any

    def result(self) -> Any:
        self.by.under_way -= 1
        return self.made


def shared(_: object) -> NoReturn:
    pytest.fail("other machines share no disk")


ADDING = Work(here=shared, take=tuple, make=added, put=lambda made: [made])


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def make(told: Told) -> Iterator[Callable[..., Pool]]:
    """Return what makes a pool of two jobs that notes what it tells; it is closed in the end."""
    made: list[Pool] = []

    def pool_of(jobs: int = 2, elsewhere: Elsewhere | None = None) -> Pool:
        made.append(Pool(jobs, elsewhere, lambda *words: told.append(words)))
        return made[-1]

    yield pool_of
    for one in made:
        one.close()


@pytest.fixture
def _little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WORTH_IT", 4)
    monkeypatch.setattr(pool, "CHUNK", 2)


def process_of(inputs: Sequence[int]) -> list[tuple[int, int]]:
    """Return each input with the process that took it; the first chunk takes longest."""
    time.sleep(0.2 if 0 in inputs else 0)
    return [(number, os.getpid()) for number in inputs]


def fail(inputs: Sequence[int]) -> None:
    raise BuildFailed((problem("content/a.md", inputs[0], "file-empty"),))


def die(inputs: Sequence[int]) -> None:
    if 0 in inputs:
        os._exit(1)


def test_a_machine_has_a_core_at_least() -> None:
    assert cores() >= 1


@pytest.mark.parametrize(("jobs", "count"), [(2, 399), (1, 1000), (2, 0)])
def test_little_work_and_a_single_job_stay_in_this_process(make: Callable[..., Pool], jobs: int, count: int) -> None:
    done = [one for chunk in make(jobs).map("rendering", process_of, range(count), chunk_of) for one in chunk]
    assert done == [(number, os.getpid()) for number in range(count)]


@pytest.mark.usefixtures("_little_is_much")
def test_much_work_is_done_elsewhere_and_comes_back_in_its_order(make: Callable[..., Pool]) -> None:
    done = [one for chunk in make().map("rendering", process_of, range(9), chunk_of) for one in chunk]
    assert [number for number, _ in done] == list(range(9))
    processes = {process for _, process in done}
    assert os.getpid() not in processes
    assert len(processes) <= 2


@pytest.mark.usefixtures("_little_is_much")
def test_the_threshold_itself_is_worth_it(make: Callable[..., Pool]) -> None:
    both = make()
    assert [chunk[0][1] == os.getpid() for chunk in both.map("compiling", process_of, range(3), chunk_of)] == [
        True,
        True,
    ]
    assert [chunk[0][1] == os.getpid() for chunk in both.map("compiling", process_of, range(4), chunk_of)] == [
        False,
        False,
    ]


@pytest.mark.usefixtures("_little_is_much")
def test_other_machines_are_handed_what_was_read_and_hand_back_what_is_put_here(make: Callable[..., Pool]) -> None:
    elsewhere = Counting()
    assert list(make(1, elsewhere).map("rendering", ADDING, range(9), chunk_of)) == [[1], [5], [9], [13], [8]]
    assert elsewhere.chunks == [(0, 1), (2, 3), (4, 5), (6, 7), (8,)]
    assert elsewhere.most == elsewhere.ahead


@pytest.mark.usefixtures("_little_is_much")
def test_inputs_that_are_much_work_come_in_smaller_chunks(make: Callable[..., Pool], told: Told) -> None:
    done = make(1).map("rendering", tuple, [1, 1, 1, 5, 1, 2, 0], chunk_of, effort=lambda number: number)
    assert list(done) == [(1, 1), (1,), (5,), (1,), (2, 0)]
    assert [ready for _, ready, _ in told] == [2, 3, 4, 5, 7]


def test_other_machines_take_all_work_however_little(make: Callable[..., Pool]) -> None:
    elsewhere = Counting()
    assert list(make(1, elsewhere).map("rendering", ADDING, [1], chunk_of)) == [[1]]
    assert elsewhere.chunks == [(1,)]


def test_work_that_needs_our_disk_stays_here(make: Callable[..., Pool]) -> None:
    elsewhere = Counting()
    assert list(make(1, elsewhere).map("imaging", added, [1, 2], chunk_of)) == [3]
    assert elsewhere.chunks == []


@pytest.mark.usefixtures("_little_is_much")
@pytest.mark.parametrize(
    ("work", "elsewhere"), [(added, None), (ADDING, Counting())], ids=["in this process", "elsewhere"]
)
def test_who_listens_hears_how_far_it_is_as_it_goes(
    make: Callable[..., Pool], told: Told, work: Callable[..., Any], elsewhere: Elsewhere | None
) -> None:
    results = make(1, elsewhere).map("rendering", work, range(5), chunk_of)
    assert told == []
    next(results)
    assert told == [("rendering", 2, 5)]
    list(results)
    assert told == [("rendering", 2, 5), ("rendering", 4, 5), ("rendering", 5, 5)]


def test_of_nothing_nothing_is_heard(make: Callable[..., Pool], told: Told) -> None:
    assert list(make().map("rendering", added, [], chunk_of)) == []
    assert told == []


@pytest.mark.usefixtures("_little_is_much")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_arrives_as_it_was_raised(make: Callable[..., Pool], jobs: int) -> None:
    with pytest.raises(BuildFailed) as failed:
        list(make(jobs).map("compiling", fail, range(1, 9), chunk_of))
    assert failed.value.problems == (problem("content/a.md", 1, "file-empty"),)


@pytest.mark.usefixtures("_little_is_much")
def test_a_process_that_is_killed_ends_the_work_and_not_the_waiting(make: Callable[..., Pool]) -> None:
    with pytest.raises(BuildFailed) as failed:
        list(make().map("compiling", die, range(100), chunk_of))
    assert [found.code for found in failed.value.problems] == ["worker-lost"]


@pytest.mark.usefixtures("_little_is_much")
def test_the_processes_end_with_the_pool(make: Callable[..., Pool]) -> None:
    one = make()
    processes = {process for chunk in one.map("compiling", process_of, range(9), chunk_of) for _, process in chunk}
    one.close()
    assert processes
    assert not processes & {child.pid for child in active_children()}


def test_a_pool_that_did_nothing_closes_at_once(make: Callable[..., Pool]) -> None:
    make().close()
