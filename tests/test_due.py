"""`publish --due`: the clock alone changes what readers have; what was written since waits to be looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import item
from tests.pictures import photo
from tests.sites import Ran, run, snapshot, write
from tests.test_publish_command import settings, told

BEFORE, AFTER = "2017-01-31T08:00", "2017-03-01T08:00"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return tmp_path / "web"


@pytest.fixture
def root(tmp_path: Path, web: Path) -> Path:
    """Return a published site in which something waits, expires and loses its pin."""
    files: dict[str, str | bytes] = {
        "pyproject.toml": settings(web),
        "templates/assets/style.css": "body { margin: 0 }",
        "content/nay.md": item("Nay. ![Lễ ký](nay.jpg)", title="Tin nay", pinned="2017-02-10"),
        "content/nay.jpg": photo(1),
        "content/hen.md": item("Hẹn. ![Lễ ký](hen.jpg) [bảng](so.csv)", title="Tin hẹn", publish="2017-02-01 07:00"),
        "content/hen.jpg": photo(2),
        "content/so.csv": b"a,b",
        "content/het.md": item("Hết.", title="Tin hết hạn", expires="2017-02-05"),
        "content/nhap.md": item("Nháp.", title="Tin nháp", draft="true"),
    }
    root = write(tmp_path / "site", files)
    assert publish(root, "--yes", at=BEFORE).code == 0
    return root


def publish(root: Path, *words: str, at: str = AFTER) -> Ran:
    return run(root, "publish", *words, "--as-of", at)


def test_only_what_the_clock_changes_goes_out(root: Path, web: Path, tmp_path: Path) -> None:
    # What a site that nobody has touched would be at that later moment.
    untouched = write(tmp_path / "untouched", {path: data for path, data in snapshot(root).items() if path[0] != "."})
    assert publish(untouched, "--yes").code == 0
    wanted = snapshot(web)
    assert "tin/2016/12/hen/index.html" in wanted
    assert publish(root, "--undo").code == 0
    # Meanwhile much has been written that nobody has looked at.
    write(
        root,
        {
            "pyproject.toml": settings(web, "max_removed = 9\n").replace(
                "[tool.bulletin]", "[tool.bulletin]\ntitle = 'Khác'"
            ),
            "templates/assets/style.css": "body { margin: 9px }",
            "content/nay.md": item("Chưa xem lại.", title="Tên khác"),
            "content/hen.md": item("Chưa xem lại.", title="Tên khác", publish="2017-02-01 07:00"),
            "content/hen.jpg": photo(3),
            "content/moi.md": item("Mới.", title="Tin mới"),
            "content/nhap.md": item("Nháp.", title="Hết nháp"),
            "content/loi.md": "không có đầu bài",
        },
    )
    (root / "content/het.md").unlink()
    assert told(publish(root, "--due", "--yes")) == (0, [])
    assert snapshot(web) == wanted
    ran = publish(root, "--due", "--yes")
    assert (ran.code, "chưa có gì đến giờ" in ran.out) == (0, True)
    # The whole bulletin goes out once its items are right, and after that nothing is due.
    (root / "content/loi.md").unlink()
    assert publish(root, "--yes").code == 0
    assert "Hết nháp" in (web / "index.html").read_text("utf-8")
    before = snapshot(web)
    assert publish(root, "--due", "--yes").code == 0
    assert snapshot(web) == before


def test_nothing_is_due_before_its_time_and_nothing_is_guessed(root: Path, web: Path) -> None:
    before = snapshot(web)
    assert run(root, "status", "--as-of", BEFORE).code == 0
    assert run(root, "status", "--as-of", AFTER).code == 3
    ran = publish(root, "--due", "--yes", at=BEFORE)
    assert (told(ran), "chưa có gì đến giờ" in ran.out) == ((0, []), True)
    assert publish(root, "--due", at=AFTER).code == 2
    assert publish(root, "--due", "--yes").code == 0
    assert run(root, "status", "--as-of", AFTER).code == 0
    before = snapshot(web)
    (web.parent / ".web.ban-tin/kept/sources.sqlite").unlink()
    assert told(publish(root, "--due", "--yes")) == (1, ["due-unknown"])
    assert snapshot(web) == before


def test_the_code_of_a_review_lets_out_what_was_reviewed_and_nothing_else(root: Path, web: Path) -> None:
    write(root, {"content/moi.md": item("Mới.", title="Tin mới")})
    code = run(root, "review", "--format", "json", "--as-of", AFTER).json["code"]
    before = snapshot(web)
    write(root, {"content/moi.md": item("Mới hơn.", title="Tin mới")})
    assert told(publish(root, "--approved", code)) == (1, ["publish-other-code"])
    assert snapshot(web) == before
    write(root, {"content/moi.md": item("Mới.", title="Tin mới")})
    ran = publish(root, "--approved", code, "--format", "json")
    assert (ran.code, ran.json["published"], ran.json["review"]["code"]) == (0, True, code)
    assert told(publish(root, "--approved", code)) == (1, ["publish-other-code"])
