"""The command `edition`: its files, its answers, and that it publishes nothing."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.builders import item
from tests.pictures import photo
from tests.sites import build, run, snapshot, write
from tools.outlook import faults, html_of

SETTINGS = '[tool.bulletin]\nbase_url = "https://bantin.example/"\n'


def small_site(root: Path, **items: str) -> Path:
    files: dict[str, str | bytes] = {f"content/{name}.md": text for name, text in items.items()}
    return write(root, {"pyproject.toml": SETTINGS, **files})


def test_it_makes_every_form_of_a_month(tmp_path: Path) -> None:
    root = small_site(tmp_path, a=item("![Cầu](cau.png)\n", value="5 tỷ"), b=item(title="Hai", province="Huế"))
    write(root, {"content/cau.png": photo()})
    before = snapshot(root)
    ran = run(root, "edition", "2016-12", "--format", "json")
    assert (ran.code, ran.json["problems"]) == (0, [])
    assert (ran.json["items"], ran.json["deals"], ran.json["title"]) == (2, 1, "Tháng 12/2016")
    names = {Path(path).name for path in ran.json["files"]}
    forms = {f"ban-tin-2016-12{ending}" for ending in (".eml", ".html", ".txt", ".pdf", "-a4.pdf")}
    assert names == forms
    assert {path.name for path in (root / "editions").iterdir()} == names
    assert faults(html_of((root / "editions/ban-tin-2016-12.eml").read_bytes())) == []
    after = snapshot(root)
    kept = {path for path in after if not path.startswith((".cache/", "editions/", ".desk/"))}
    assert {path: after[path] for path in kept} == before
    # Made once more, without anything kept, it is the same byte for byte.
    made = snapshot(root / "editions")
    shutil.rmtree(root / ".cache")
    assert run(root, "edition", "2016-12").code == 0
    assert snapshot(root / "editions") == made


def test_a_province_and_a_folder_of_ones_own(tmp_path: Path) -> None:
    root = small_site(tmp_path / "site", a=item(province="Đà Nẵng"), b=item(province="Huế"))
    ran = run(root, "edition", "2016-W51", "--province", "da nang", "--to", str(tmp_path / "khác"), "--sheet", "A3")
    assert ran.code == 0
    names = {path.name for path in (tmp_path / "khác").iterdir()}
    assert {"ban-tin-2016-W51-da-nang.pdf", "ban-tin-2016-W51-da-nang-a3.pdf"} <= names
    assert not (root / "editions").exists()
    assert "1 tin" in ran.out


def test_a_month_without_news_is_answered_and_makes_nothing(tmp_path: Path) -> None:
    root = small_site(tmp_path, a=item())
    ran = run(root, "edition", "2016-11")
    assert (ran.code, ran.out) == (0, "Tháng 11/2016: không có tin nào, nên không làm ấn phẩm\n")
    assert not (root / "editions").exists()
    assert not (root / ".desk").exists()


def test_errors_in_content_stop_it(tmp_path: Path) -> None:
    ran = run(small_site(tmp_path, a=item(), b=item(province="Không Có")), "edition", "2016-12", "--format", "json")
    assert ran.code == 1
    assert "unknown-province" in ran.codes
    assert not (tmp_path / "editions").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "2017-01"),
        (("12/2016",), "2016-12"),
        (("2016-12", "--sheet", "A5"), "A4, A3"),
        (("2016-12", "--province", "Đà Nẳng Xanh"), "Đà Nẵng"),
    ],
)
def test_wrong_words_are_refused_with_the_right_ones(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    ran = run(small_site(tmp_path, a=item()), "edition", *words)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("package", ["typst", "segno", "css_inline"])
def test_a_missing_package_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    ran = run(small_site(tmp_path, a=item()), "edition", "2016-12")
    assert ran.code == 2
    assert package.replace("_", "-") in ran.err
    assert "ban-tin[editions]" in ran.err
    assert not (tmp_path / "editions").exists()


def test_links_that_lead_to_this_machine_are_told(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    assert "edition-without-address" in run(root, "edition", "2016-12", "--format", "json").codes
    named = run(root, "edition", "2016-12", "--format", "json", "--base-url", "https://khac.example/")
    assert named.json["problems"] == []


def test_a_correction_since_is_in_the_next_edition(tmp_path: Path) -> None:
    root = small_site(tmp_path, a=item(value="2 tỷ"))
    assert run(root, "edition", "2016-12").code == 0
    small_site(tmp_path, a=item(value="3 tỷ"), b=item(date="2017-01-05"))
    ran = run(root, "edition", "2017-01", "--format", "json")
    assert ran.json["corrections"] == 1
    told = json.loads((root / ".desk/editions/2017-01.json").read_text(encoding="utf-8"))
    assert told["items"]["content/a.md"]["value"] == "3\u00a0tỷ\u00a0đồng"


def test_links_lead_to_where_readers_are(tmp_path: Path) -> None:
    target = '\n[tool.bulletin.targets.intranet]\nto = "web"\nbase_url = "https://noi-bo.example/tin/"\n'
    root = write(tmp_path, {"content/a.md": item(), "pyproject.toml": SETTINGS + target})
    assert run(root, "edition", "2016-12").code == 0
    assert "https://noi-bo.example/tin/tin/2016/12/a/" in (root / "editions/ban-tin-2016-12.txt").read_text("utf-8")
    assert run(root, "edition", "2016-12", "--base-url", "https://khac.example/").code == 0
    assert "https://khac.example/tin/2016/12/a/" in (root / "editions/ban-tin-2016-12.txt").read_text("utf-8")


def test_items_that_readers_do_not_have_are_told(tmp_path: Path) -> None:
    root = small_site(tmp_path, a=item(title="Đã đăng"))
    assert build(root).code == 0
    small_site(root, b=item(title="Mới"))
    ran = run(root, "edition", "2016-12", "--format", "json")
    assert [(found["path"], found["code"]) for found in ran.json["problems"]] == [
        ("content/b.md", "edition-unpublished")
    ]
    assert len(ran.json["files"]) == 5
    assert build(root).code == 0
    assert run(root, "edition", "2016-12", "--format", "json").codes == []


def test_what_nobody_has_approved_is_in_no_edition(tmp_path: Path) -> None:
    root = small_site(tmp_path, a=item(title="Đã đăng"))
    assert build(root).code == 0
    write(root, {"pyproject.toml": SETTINGS + "approval = true\n"})
    assert run(root, "edition", "2016-12", "--format", "json").codes == []
    write(root, {"content/b.md": item(title="Chưa duyệt", date="2016-12-02")})
    ran = run(root, "edition", "2016-12", "--format", "json")
    assert (ran.code, ran.codes) == (1, ["edition-not-approved"])
    assert run(root, "edition", "2016-12-20..2016-12-31").code == 0
