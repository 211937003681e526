"""Builds on the machines of a cluster: a real scheduler, and workers that are processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bulletin.build import cluster, inputs, pool, render_pages, worker
from tests.builders import item
from tests.pictures import photo
from tests.programs import missing
from tests.sites import REPOSITORY, Ran, build, run, snapshot, write

SITE: dict[str, str | bytes] = {f"content/{n:02}.md": item(f"Bài {n}. ![Lễ ký](anh.jpg)") for n in range(60)}
SITE |= {
    "content/anh.jpg": photo(),
    "templates/404.html": '{% extends "base.html" %}{% block main %}Riêng{% endblock %}',
}
KILLS = int(os.environ.get("BULLETIN_CLUSTER_KILLS", "1"))


class Machines:
    """A scheduler on loopback, and its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        quiet = ("--port", "0", "--dashboard-address", "127.0.0.1:0")
        self.scheduler = self._start("dask_scheduler", *quiet, "--scheduler-file", str(file))
        wait_for(file.exists)
        self.address = str(json.loads(file.read_text("utf-8"))["address"])

    def with_workers(self, count: int, program: Path = REPOSITORY) -> list[subprocess.Popen[bytes]]:
        """Return so many workers that run; end the others, start what is missing, with the program in this folder."""
        running = [one for one in self._workers if one.poll() is None]
        ended(running[count:])
        self._workers = running[:count]
        wait_for(lambda: self._known() == len(self._workers))
        while len(self._workers) < count:
            self._workers.append(self._start("dask_worker", self.address, "--no-nanny", program=program))
        wait_for(lambda: self._known() == count)
        return self._workers

    def end(self) -> None:
        ended((*self._workers, self.scheduler))

    def _known(self) -> int:
        distributed: Any = import_module("distributed")
        with distributed.Client(self.address, timeout=30, set_as_default=False) as client:
            return len(client.scheduler_info()["workers"])

    def _start(self, kind: str, *words: str, program: Path = REPOSITORY) -> subprocess.Popen[bytes]:
        folder = self._folder / f"{kind}-{len(self._workers)}-{time.monotonic_ns()}"
        folder.mkdir()
        place = {"PYTHONPATH": str(program), "DASK_TEMPORARY_DIRECTORY": str(folder)}
        command = [sys.executable, "-m", f"distributed.cli.{kind}", "--host", "127.0.0.1", *words]
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(command, cwd=folder, env={**os.environ, **place}, stdout=log, stderr=log)


def wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it took more than a minute")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    if find_spec("distributed") is None:
        missing("distributed is not installed")
    started = Machines(tmp_path_factory.mktemp("machines"))
    yield started
    started.end()


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK", 5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "site", SITE)


def told(ran: Ran) -> Mapping[str, Any]:
    """Return the answer of a build without what differs from run to run."""
    return {"code": ran.code} | {key: value for key, value in ran.json.items() if key not in {"seconds", "peak_mib"}}


def once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, then: Callable[[], None]) -> None:
    """Have something happen when a function of a build is called for the third time."""
    function, calls = getattr(module, name), iter(range(1000))

    def noticed(*inputs: Any) -> Any:
        if next(calls) == 2:
            then()
        return function(*inputs)

    monkeypatch.setattr(module, name, noticed)


def test_four_workers_make_the_same_bytes_and_tell_the_same(machines: Machines, root: Path, tmp_path: Path) -> None:
    machines.with_workers(4)
    alone = write(tmp_path / "alone", SITE)
    changes: tuple[dict[str, str | bytes], ...] = (
        {},
        {"content/00.md": item("Mới.", title="Mới"), "content/01.md": item("Hẹn.", publish="2099-01-01")},
        {"templates/404.html": '{% extends "base.html" %}{% block main %}Mới{% endblock %}'},
        {"content/02.md": b"\xff", "content/03.md": item("[mất](khong-co.md)", date="hôm qua")},
        {"content/02.md": item(), "content/03.md": item(), "templates/404.html": "{{ khong_co }}"},
    )
    for change in changes:
        ours = build(write(root, change), "--cluster", machines.address)
        theirs = build(write(alone, change), "--jobs", "1")
        assert told(ours) == told(theirs)
        assert snapshot(root / "output") == snapshot(alone / "output")
    assert theirs.code == 1, "the last template has a fault"


def test_workers_that_are_killed_leave_their_work_to_the_others(
    machines: Machines, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One while it compiles, one while it renders."""
    copy = write(tmp_path / "copy", SITE)
    build(copy)
    for number in range(KILLS):
        workers = machines.with_workers(4)
        with monkeypatch.context() as patch:
            once(patch, worker, "read_sources", workers[number % 4].kill)
            once(patch, render_pages, "stage_texts", workers[(number + 1) % 4].kill)
            ran = build(root, "--fresh", "--cluster", machines.address)
        assert (ran.code, ran.codes) == (0, [])
        assert sum(one.poll() is None for one in workers) == 2
        assert snapshot(root / "output") == snapshot(copy / "output")


def changed(root: Path) -> dict[str, bytes]:
    """Build a site, change all of its pages, and return what readers have."""
    build(root)
    write(root, {"pyproject.toml": '[tool.bulletin]\ntitle = "Khác"\n'})
    return snapshot(root / "output")


def ended(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
        process.wait()


def test_without_any_worker_nothing_is_published(
    machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = changed(root)
    workers = machines.with_workers(2)
    monkeypatch.setattr(cluster, "GRACE", 1)
    monkeypatch.setattr(cluster, "CONNECT", 1)
    once(monkeypatch, render_pages, "stage_texts", lambda: ended(workers))
    ran = build(root, "--cluster", machines.address)
    assert (ran.code, ran.codes) == (4, ["cluster-deserted"])
    again = build(root, "--cluster", machines.address)
    assert (again.code, again.codes) == (4, ["cluster-deserted"])
    assert snapshot(root / "output") == before
    assert not [*(root / ".output.ban-tin").glob("staging*")]


def test_workers_that_hang_are_not_waited_for(machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = changed(root)
    (one,) = machines.with_workers(1)
    monkeypatch.setattr(cluster, "PATIENCE", 2)
    once(monkeypatch, render_pages, "stage_texts", lambda: one.send_signal(signal.SIGSTOP))
    ran = build(root, "--cluster", machines.address)
    ended([one])
    assert (ran.code, ran.codes) == (4, ["cluster-silent"])
    assert snapshot(root / "output") == before


def test_a_worker_of_another_version_is_refused(machines: Machines, root: Path, tmp_path: Path) -> None:
    for name in ("bulletin", "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / "other" / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other/bulletin/digests.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    machines.with_workers(0)
    (one,) = machines.with_workers(1, tmp_path / "other")
    ran = build(root, "--cluster", machines.address)
    assert (ran.code, ran.codes) == (4, ["cluster-of-other-version"])
    assert "ban-tin" in ran.json["problems"][0]["message"]
    assert not (root / "output").exists()
    ended([one])
    (one,) = machines.with_workers(1, tmp_path)
    ran = build(root, "--cluster", machines.address)
    assert (ran.code, ran.codes) == (4, ["cluster-without-program"])
    ended([one])


def test_other_libraries_are_named(machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of a worker that comes while others are at work: each chunk is asked about."""
    machines.with_workers(1)
    ours = tuple((name, "3.10" if name == "markdown" else version) for name, version in inputs.versions())
    told = f"has markdown {dict(inputs.versions())['markdown']}, this machine has 3.10"
    with monkeypatch.context() as patch:
        once(patch, worker, "read_sources", lambda: patch.setattr(cluster, "versions", lambda: ours))
        ran = run(root, "build", "--cluster", machines.address, "--lang", "en")
    assert (ran.code, told in ran.err) == (4, True)
    monkeypatch.setattr(cluster, "versions", lambda: ours)
    ran = run(root, "build", "--cluster", machines.address, "--lang", "en")
    assert (ran.code, told in ran.err) == (4, True)
    assert not (root / "output").exists()


def test_a_fault_of_our_own_arrives_with_the_place_where_it_was_raised(machines: Machines) -> None:
    machines.with_workers(1)
    with cluster.cluster(machines.address) as elsewhere:
        assert elsewhere.submit(int, "7").result() == 7
        with pytest.raises(ValueError, match="invalid literal") as fault:
            elsewhere.submit(int, "bảy").result()
    assert "Traceback" in fault.value.__notes__[0]


def test_a_scheduler_that_ends_publishes_nothing(
    machines: Machines, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test with these machines."""
    before = changed(root)
    machines.with_workers(1)
    monkeypatch.setattr(cluster, "CONNECT", 1)
    once(monkeypatch, render_pages, "stage_texts", machines.scheduler.kill)
    ran = build(root, "--cluster", machines.address)
    assert (ran.code, ran.codes) == (4, ["cluster-lost"])
    ran = build(root, "--cluster", machines.address)
    assert (ran.code, ran.codes) == (4, ["cluster-not-there"])
    assert snapshot(root / "output") == before


@pytest.mark.parametrize("address", ["", "scheduler", "10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5"])
def test_what_is_no_address_is_wrong_usage(root: Path, address: str) -> None:
    ran = run(root, "build", f"--cluster={address}", "--lang", "en")
    assert ran.code == 2
    assert "address of a Dask scheduler" in ran.err
    assert not (root / "output").exists()


def test_without_the_package_it_says_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = run(root, "build", "--cluster", "tcp://127.0.0.1:8786", "--lang", "en")
    assert ran.code == 2
    assert 'pip install "ban-tin[cluster]"' in ran.err


def test_without_a_certificate_it_says_where_to_name_one(root: Path) -> None:
    import_module("distributed")
    dask: Any = import_module("dask")
    for file in ("", str(root / "khong-co.pem")):
        with dask.config.set({"distributed.comm.tls.ca-file": file or None}):
            ran = run(root, "build", "--cluster", "tls://127.0.0.1:8786", "--lang", "en")
        assert ran.code == 2
        assert "needs a certificate of this machine" in ran.err
