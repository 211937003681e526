"""`status`: what waits, and whether a build is due, for people and for schedulers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bulletin import cli
from bulletin.build import content_folder, output_files, render_pages
from tests.builders import item
from tests.pictures import photo
from tests.sites import build, run, snapshot, write

SCHEDULED = item(title="Chờ", publish="2017-02-01 08:30", date="2017-01-30")
WAITING = {
    "content/a.md": item(),
    "content/cho.md": SCHEDULED,
    "content/nhap.md": item(title="Nháp", draft="true"),
    "content/het-han.md": item(title="Hết hạn", expires="2017-03-01"),
    "content/ghim.md": item(title="Ghim", pinned="2017-02-10"),
    "content/su-kien.md": item(title="Sự kiện", event="01/03/2017 8:00 – 9:30", place="Huế"),
    "content/da-qua.md": item(title="Đã qua", event="2017-01-30"),
    "content/ghim-mai.md": item(title="Ghim mãi", pinned="true"),
}


def status(root: Path, *words: str) -> Any:
    return run(root, "status", "--format", "json", *words).json


def reasons(root: Path, *words: str) -> list[str]:
    found = status(root, *words)
    assert run(root, "status", "--quiet", *words).code == (cli.BUILD_IS_DUE if found["due"] else cli.DONE)
    return list(found["reasons"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path, {"content/a.md": item(image="anh.jpg", image_alt="Lễ ký"), "content/anh.jpg": photo(40, 30)})
    assert build(root).code == 0
    return root


def test_a_build_is_due_once_something_changed(root: Path) -> None:
    assert reasons(root) == []
    changes: dict[str, str | bytes] = {
        "content/a.md": item(title="Tin khác", image="anh.jpg", image_alt="Lễ ký"),
        "content/b.md": item(title="Tin mới"),
        "content/anh.jpg": photo(41, 30),
        "pyproject.toml": '[tool.bulletin]\ntitle = "Tin nhanh"\n',
        "templates/404.html": "Không có\n",
    }
    for path, data in changes.items():
        write(root, {path: data})
        assert reasons(root) == ["changed"], path
        build(root)
        assert reasons(root) == [], path
    (root / "content/b.md").unlink()
    assert reasons(root) == ["changed"]


def test_where_no_times_prove_anything_it_is_as_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (content_folder, output_files, render_pages):
        # As on Windows, where a file's times could have been set back.
        monkeypatch.setattr(module, "settled", lambda *_: None)
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    assert reasons(root) == []
    write(root, {"content/a.md": item(title="Tin khác")})
    assert reasons(root) == ["changed"]


def test_a_failed_build_stays_due(root: Path) -> None:
    write(root, {"content/a.md": item(province="Không đâu")})
    assert build(root).code == 1
    found = status(root)
    assert (found["reasons"], found["broken"]) == (["changed"], ["content/a.md"])


def test_after_a_rollback_no_build_is_due_until_something_is_mended(root: Path) -> None:
    write(root, {"content/a.md": item(title="Sai")})
    build(root)
    assert run(root, "rollback").code == 0
    assert reasons(root) == []
    write(root, {"content/a.md": item(title="Đúng")})
    assert reasons(root) == ["changed"]


def test_a_lost_state_makes_a_build_due(root: Path) -> None:
    (root / ".cache/state.sqlite").write_bytes(b"hong")
    assert reasons(root) == ["nothing-known"]
    shutil.rmtree(root / ".cache")
    assert reasons(root) == ["nothing-known"]


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("site"), WAITING)
    assert build(root).code == 0
    return root


def test_another_address_is_another_site(waiting: Path) -> None:
    assert reasons(waiting, "--base-url", "https://bantin.example.vn/") == ["changed"]


def test_of_another_output_folder_nothing_is_known(waiting: Path) -> None:
    assert reasons(waiting, "--output", str(waiting / "noi-khac")) == ["nothing-known"]


def test_all_that_waits_is_listed_with_its_time(waiting: Path) -> None:
    found = status(waiting)
    midnight = "T00:00:00+07:00"
    assert found["drafts"] == [{"path": "content/nhap.md", "title": "Nháp"}]
    assert found["scheduled"] == [{"path": "content/cho.md", "title": "Chờ", "at": "2017-02-01T08:30:00+07:00"}]
    assert found["expiring"] == [{"path": "content/het-han.md", "title": "Hết hạn", "at": f"2017-03-01{midnight}"}]
    assert found["pinned"] == [{"path": "content/ghim.md", "title": "Ghim", "at": f"2017-02-11{midnight}"}]
    when = {"begins": "2017-03-01T08:00", "ends": "2017-03-01T09:30", "place": "Huế"}
    assert found["events"] == [{"path": "content/su-kien.md", "title": "Sự kiện", **when}]
    assert found["next_due"] == build(waiting).json["next_due"] == "2017-02-01T08:30:00+07:00"
    assert (found["items"], found["broken"], found["problems"]) == (len(WAITING), [], [])


def test_people_are_told_the_same(waiting: Path) -> None:
    assert run(waiting, "status").out.splitlines() == [
        "bài nháp: 1",
        "  content/nhap.md: Nháp",
        "bài chờ đến ngày đăng: 1",
        "  08:30 01/02/2017  content/cho.md: Chờ",
        "bài sẽ hết hạn: 1",
        "  00:00 01/03/2017  content/het-han.md: Hết hạn",
        "bài sẽ hết ghim: 1",
        "  00:00 11/02/2017  content/ghim.md: Ghim",
        "sự kiện chưa diễn ra xong: 1",
        "  thứ Tư, 01/03/2017, 8\xa0giờ\xa0– 9\xa0giờ\xa030, Huế  content/su-kien.md: Sự kiện",
        "chưa cần chạy lại: từ lần trước không có gì thay đổi",
        "cần chạy lại lúc 08:30 01/02/2017: khi đó có bài đến lượt đăng, hết hạn, hết ghim hoặc có sự kiện đã qua",
    ]


def test_a_build_is_due_when_an_event_is_over(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(event="31/01/2017 8:00 – 9:30")})
    assert build(root).json["next_due"] == "2017-01-31T09:30:00+07:00"
    assert reasons(root, "--as-of", "2017-01-31T09:29") == []
    assert "_coming" in (root / "output/index.html").read_text("utf-8")
    assert reasons(root, "--as-of", "2017-01-31T09:30") == ["moment"]
    assert build(root, "--as-of", "2017-01-31T09:30").json["written"] == 2, "the front page and that of events"
    assert "_coming" not in (root / "output/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("2017-02-01T08:29:59", []),
        ("2017-02-01T08:30", ["moment"]),
        ("2017-02-11", ["moment"]),
        ("2017-12-31", ["moment"]),
    ],
)
def test_a_build_is_due_when_an_items_time_has_come(waiting: Path, clock: str, due: list[str]) -> None:
    assert reasons(waiting, "--as-of", clock) == due


def test_a_build_ends_what_was_due(tmp_path: Path) -> None:
    root = write(tmp_path, WAITING)
    build(root)
    build(root, "--as-of", "2017-02-01T08:30")
    assert reasons(root, "--as-of", "2017-02-01T08:31") == []
    assert status(root, "--as-of", "2017-02-01T08:31")["next_due"] == "2017-02-11T00:00:00+07:00"


def test_nothing_is_changed_by_looking(waiting: Path) -> None:
    write(waiting, {"content/moi.md": item(title="Mới")})
    before = {path: data for path, data in snapshot(waiting).items() if not path.endswith(("-shm", "-wal"))}
    run(waiting, "status")
    after = {path: data for path, data in snapshot(waiting).items() if not path.endswith(("-shm", "-wal"))}
    (waiting / "content/moi.md").unlink()
    assert before == after


def test_long_lists_are_cut(tmp_path: Path) -> None:
    root = write(tmp_path, {f"content/{n}.md": item(title=f"Nháp {n}", draft="true") for n in range(25)})
    assert run(root, "status").out.splitlines()[21] == "  và 5 bài khác"
    assert len(status(root)["drafts"]) == 25


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "pyproject.toml": "[tool.bulletin]\nla = 1\n"})
    ran = run(root, "status", "--format", "json")
    assert (ran.code, ran.codes) == (1, ["unknown-setting"])
