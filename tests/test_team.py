"""Users, their passwords and sessions, waiting after wrong tries, and the log: in this process, by their own clocks."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.desk.storage.changes import Actor, Change, somebody_here
from bulletin.desk.team import Log, Users, name_of, passwords
from bulletin.desk.team.sessions import DAY, Sessions
from bulletin.desk.team.throttle import Throttle
from bulletin.problems import Refused
from tests.sites import run

HERE = timezone(timedelta(hours=7))
RIGHT = "sông Hồng 1976"


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_N", 16)


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        work()
    return found.value.code


# Users


def test_a_user_is_found_however_the_name_is_written(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("Lân", "write", RIGHT)
    # Decomposed, as macOS writes it, and in capitals.
    assert users.get("LA\u0302N") is not None
    assert refused(lambda: users.add("lân", "publish", RIGHT)) == "user-exists"
    assert users.get("Lan") is None


def test_only_its_owner_reads_the_file_and_no_password_stands_in_it(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("lan", "publish", RIGHT)
    assert stat.S_IMODE(users.file.stat().st_mode) == 0o600
    assert (users.file.parent / ".gitignore").read_text("utf-8") == "*\n", "before anything else is written there"
    assert stat.S_IMODE(users.file.parent.stat().st_mode) == 0o700
    assert RIGHT not in users.file.read_text("utf-8")
    kept = json.loads(users.file.read_bytes())["users"][0]["password"]
    assert {"n", "r", "p", "salt", "digest"} == kept.keys()


def test_a_password_made_with_other_parameters_goes_on_fitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Users(tmp_path).add("lan", "write", RIGHT)
    monkeypatch.setattr(passwords, "_N", 64)
    user = Users(tmp_path).get("lan")
    assert user is not None
    assert user.password is not None
    assert user.password.fits(RIGHT)
    assert user.password.fits("so\u0302ng Ho\u0302\u0300ng 1976"), "another keyboard, the same letters"
    assert not user.password.fits(RIGHT.lower())
    assert not passwords.NOBODY.fits("")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "password-length"), ("bảy chữ", "password-length"), ("x" * 257, "password-length"),
     ("aaaaaaaaaa", "password-simple"), ("NGUYENLAN", "password-simple")],
)  # fmt: skip
def test_a_password_that_is_soon_guessed_is_refused(tmp_path: Path, typed: str, code: str) -> None:
    users = Users(tmp_path)
    assert refused(lambda: users.add("nguyenlan", "write", typed)) == code
    assert users.all() == ()


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[2J", "CTY\\lan", "a/b", "x" * 65, "la\u200bn", "<b>"])
def test_what_cannot_be_a_name(name: str) -> None:
    assert refused(lambda: name_of(name)) == "user-name"


def test_a_torn_file_lets_nobody_in_rather_than_everybody(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("lan", "write", RIGHT)
    users.file.write_bytes(users.file.read_bytes()[:-20])
    assert refused(Users(tmp_path).all) == "users-unreadable"
    assert refused(users.all) == "users-unreadable"
    users.file.write_bytes(b"")
    assert refused(users.all) == "users-unreadable"


def test_another_process_changes_the_users_of_a_running_server(tmp_path: Path) -> None:
    server, command = Users(tmp_path), Users(tmp_path)
    command.add("lan", "write", RIGHT)
    assert server.get("lan") is not None
    command.remove("lan")
    assert server.all() == ()


# Sessions


def test_a_session_ends_after_a_day_by_signing_out_and_with_the_password(tmp_path: Path) -> None:
    users, clock = Users(tmp_path), Clock()
    lan = users.add("lan", "write", RIGHT)
    sessions = Sessions(tmp_path, users, clock)
    first, second, third = (sessions.begin(lan) for _ in range(3))
    assert len({first, second, third}) == 3
    assert sessions.user(first) == lan
    sessions.end(first)
    assert sessions.user(first) is None
    clock.now += DAY - 1
    assert Sessions(tmp_path, users, clock).user(second) == lan, "the server was started anew"
    clock.now += 1
    assert sessions.user(second) is None
    fourth = sessions.begin(lan)
    users.change_password("lan", "sông Cả và sông Lam")
    assert sessions.user(fourth) is None
    assert sessions.user("") is None


def test_a_user_who_is_removed_and_comes_again_begins_a_new_session(tmp_path: Path) -> None:
    users = Users(tmp_path)
    sessions = Sessions(tmp_path, users)
    token = sessions.begin(users.add("lan", "publish", RIGHT))
    users.remove("lan")
    users.add("lan", "write", RIGHT)
    assert sessions.user(token) is None


def test_what_the_disk_holds_is_no_token(tmp_path: Path) -> None:
    users = Users(tmp_path)
    sessions = Sessions(tmp_path, users)
    token = sessions.begin(users.add("lan", "write", RIGHT))
    kept = (tmp_path / ".desk/sessions.json").read_text()
    assert token not in kept
    assert all(sessions.user(key) is None for key in json.loads(kept)["sessions"])
    assert stat.S_IMODE((tmp_path / ".desk/sessions.json").stat().st_mode) == 0o600


# Waiting


def test_wrong_tries_wait_ever_longer_and_never_for_good() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(40):
        clock.now += throttle.wait("lan", "10.0.0.1")
        throttle.failed("lan", "10.0.0.1")
        waits.append(throttle.wait("lan", "10.0.0.1"))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits == sorted(waits)
    assert waits[-1] == 15 * 60
    assert throttle.wait("lan", "10.0.0.2") == 60, "strangers make a name wait a minute at most"
    clock.now += 61
    assert throttle.wait("lan", "10.0.0.2") == 0


def test_who_has_signed_in_from_somewhere_does_not_wait_there_for_what_others_do() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    throttle.succeeded("Lan", "10.0.0.2")
    for number in range(1000):
        throttle.failed("lan", f"10.1.{number % 200}.1")
    assert throttle.wait("lan", "10.0.0.3") > 0
    assert throttle.wait("lan", "10.0.0.2") == 0


def test_one_house_has_many_addresses_of_ipv6() -> None:
    throttle = Throttle(Clock())
    for number in range(100):
        throttle.failed(f"ten-{number}", f"2001:db8:1:2::{number:x}")
    assert throttle.wait("lan", "2001:db8:1:2:ffff::1") > 0
    assert throttle.wait("lan", "2001:db8:1:3::1") == 0


def test_a_flood_of_names_takes_bounded_memory_and_the_latest_still_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.desk.team.throttle._MOST_KEYS", 40)
    throttle = Throttle(Clock())
    for number in range(1000):
        throttle.failed(f"ten-{number}", "10.0.0.1")
    assert len(throttle._failures) <= 40  # noqa: SLF001 - what is bounded
    assert throttle.wait("lan", "10.0.0.1") > 0


# The log


def log_of(root: Path, clock: Clock) -> Log:
    def fail(fault: OSError) -> None:
        raise AssertionError(fault)

    return Log(root, HERE, on_refusal=fail, clock=clock)


def test_a_line_for_each_change(tmp_path: Path) -> None:
    log = log_of(tmp_path, Clock())
    change = Change(at=1_700_000_000.0, by=Actor("Lan"), what="saved", path="content/a.md", before="aa", after="bb")
    log.changed(change)
    log.did(Actor("Hà"), "published")
    lines = (tmp_path / ".desk/log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0]) == {
        "at": "2023-11-15T05:13:20+07:00",
        "by": "Lan",
        "what": "saved",
        "path": "content/a.md",
        "before": "aa",
        "after": "bb",
    }
    assert [(entry.by, entry.what) for entry in log.newest(10)] == [("Hà", "published"), ("Lan", "saved")]
    assert [entry.by for entry in log.newest(1, 1)] == ["Lan"]


@given(st.integers(0, 200))
def test_a_torn_last_line_costs_no_other(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    root = tmp_path_factory.mktemp("log")
    log = log_of(root, Clock())
    log.did(Actor("Lan"), "published")
    whole = (root / ".desk/log.jsonl").read_bytes()
    log.did(Actor("Hà"), "published")
    both = (root / ".desk/log.jsonl").read_bytes()
    torn = both[: max(len(whole), len(both) - cut)]
    (root / ".desk/log.jsonl").write_bytes(torn)
    log_of(root, Clock()).did(Actor("Vy"), "taken-back")
    assert [entry.by for entry in log.newest(5)] == (["Vy", "Hà", "Lan"] if cut <= 1 else ["Vy", "Lan"])


def test_a_year_has_a_file(tmp_path: Path) -> None:
    clock = Clock()
    log = log_of(tmp_path, clock)
    for _ in range(3):
        log.did(Actor("Lan"), "published")
        clock.now += 366 * 86_400
    assert sorted(file.name for file in (tmp_path / ".desk").glob("*.jsonl")) == [
        "log-2023.jsonl",
        "log-2024.jsonl",
        "log.jsonl",
    ]
    assert [entry.at[:4] for entry in log.newest(9)] == ["2025", "2024", "2023"]


def test_what_a_full_disk_refuses_is_written_with_the_next_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[OSError] = []
    log = Log(tmp_path, HERE, on_refusal=told.append, clock=Clock())

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        log.did(Actor("Lan"), "published")
    assert [fault.errno for fault in told] == [28]
    log.did(Actor("Hà"), "taken-back")
    assert [entry.by for entry in log.newest(5)] == ["Hà", "Lan"]


def test_threads_and_programs_add_to_one_log_and_none_of_their_entries_is_lost(tmp_path: Path) -> None:
    clock = Clock(1_704_041_990.0)  # ten seconds before a new year
    server, command = log_of(tmp_path, clock), log_of(tmp_path, clock)

    def add(log: Log, name: str) -> None:
        for number in range(10):
            log.did(Actor(f"{name} {number}"), "published")
            clock.now += 0.5

    threads = [Thread(target=add, args=(log, f"{log is server} {one}")) for log in (server, command) for one in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.by for entry in server.newest(100)}) == len(server.newest(100)) == 40
    assert {file.name for file in (tmp_path / ".desk").glob("*.jsonl")} == {"log.jsonl", "log-2023.jsonl"}


def test_the_log_goes_with_the_site_to_another_place(tmp_path: Path) -> None:
    site = tmp_path / "a"
    site.mkdir()
    log_of(site, Clock()).did(Actor("Lan"), "published")
    moved = site.rename(tmp_path / "b")
    log = log_of(moved, Clock())
    log.did(Actor("Hà"), "taken-back")
    assert [entry.by for entry in log.newest(5)] == ["Hà", "Lan"]


# The command


def test_the_command_adds_lists_changes_and_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content").mkdir()

    def said(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        done = run(tmp_path, "user", *words)
        return done.code, done.out + done.err

    assert said("list")[1].startswith("chưa có người dùng nào")
    assert said("add", "lan", typed=f"{RIGHT}\n") == (0, "đã thêm lan\n")
    assert said("add", "hà", "--role", "publish", "--no-password")[0] == 0
    assert said("list")[1].splitlines() == [
        "lan: viết",
        "hà: viết và xuất bản; không có mật khẩu: vào qua máy chủ đứng trước",
    ]
    before = Users(tmp_path).needed("lan").stamp
    assert said("password", "LAN", typed="sông Mã, sông Chu\n")[0] == 0
    assert Users(tmp_path).needed("lan").stamp != before
    assert said("remove", "ai đó")[0] == 2
    assert said("remove", "hà") == (0, "đã bỏ hà\n")
    log = (tmp_path / ".desk/log.jsonl").read_text("utf-8")
    noted = [(entry["by"], entry["what"], entry["of"]) for entry in map(json.loads, log.splitlines())]
    me = somebody_here().name
    assert noted == [
        (me, "user-added", "lan"),
        (me, "user-added", "hà"),
        (me, "password-changed", "lan"),
        (me, "user-removed", "hà"),
    ]
    assert RIGHT not in log
    assert said("ad", "lan")[0] == said("add")[0] == said("add", "x", typed="ngắn\n")[0] == 2
