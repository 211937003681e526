"""`import`: files that people have already become drafts, and nothing is made of a file that raises a question."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import pytest

from bulletin.commands import bring_in
from tests.builders import item
from tests.pictures import photo
from tests.sites import Ran, build, run, snapshot, write
from tests.word_files import picture, styled, word

HUE = ("--province", "Thừa Thiên Huế", "--date", "28/12/2016")
TEXT = "Huế đón 200 kỹ sư\n\nSáng nay đoàn đến Huế.\n\n• Một\n• Hai\n"
PAGE = '<!doctype html><h1>Tiêu đề <b>to</b></h1><p>Đoạn <i>nghiêng</i>.<img src="x.png"><h2>Mục</h2><p>x'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "site", {"content/a.md": item()})


def bring(root: Path, name: str, data: str | bytes, *words: str) -> Ran:
    """Import one file that lies outside of the site."""
    write(root.parent, {f"tep/{name}": data})
    return run(root, "import", *words, str(root.parent / "tep" / name))


def made(root: Path) -> dict[str, str]:
    return {path: data.decode() for path, data in snapshot(root / "content").items() if path != "a.md"}


def test_a_text_becomes_a_draft_that_builds(root: Path) -> None:
    ran = bring(root, "a.txt", TEXT, *HUE)
    assert ran.code == 0
    header = "---\ntitle: Huế đón 200 kỹ sư\nprovince: Thừa Thiên Huế\ndate: 2016-12-28\ndraft: true\n---\n\n"
    body = "Sáng nay đoàn đến Huế.\n\n- Một\n- Hai\n"
    assert made(root) == {"2016/2016-12-28-hue-don-200-ky-su.md": header + body}
    assert "2016-12-28-hue-don-200-ky-su.md" in ran.out
    assert "đã tạo 1 bài nháp" in ran.out
    assert "intake-tidied" in ran.err
    assert build(root).code == 0


def test_a_page_becomes_a_draft_without_its_pictures(root: Path) -> None:
    ran = bring(root, "a.html", PAGE, *HUE)
    (text,) = made(root).values()
    assert "title: Tiêu đề to\n" in text
    assert text.endswith("---\n\nĐoạn *nghiêng*.\n\n## Mục\n\nx\n")
    assert "1 ảnh" in ran.err


def test_json_tells_the_path_and_what_each_field_was_read_from(root: Path) -> None:
    ran = bring(root, "a.txt", TEXT, *HUE, "--format", "json")
    (found,) = ran.json["items"]
    assert found["path"] == "content/2016/2016-12-28-hue-don-200-ky-su.md"
    (title,) = found["fields"]["title"]
    assert (title["value"], title["sentence"]) == ("Huế đón 200 kỹ sư", "Huế đón 200 kỹ sư")
    assert ran.codes == ["intake-tidied"]


def test_a_file_that_does_not_say_its_province_is_asked_about_and_nothing_is_made(root: Path) -> None:
    ran = bring(root, "a.txt", "Tiêu đề\n\nThân bài.", "--format", "json")
    assert ran.code == 1
    assert "import-nothing-found" in ran.codes
    assert ran.json["items"][0]["path"] is None
    assert made(root) == {}


def test_one_file_with_an_error_does_not_hold_the_others_back(root: Path) -> None:
    write(root.parent, {"tep/b.pdf": b"%PDF-1.7 ..."})
    ran = bring(root, "a.txt", TEXT, *HUE, str(root.parent / "tep/b.pdf"))
    assert ran.code == 1
    assert len(made(root)) == 1


def test_two_files_of_one_title_get_two_paths(root: Path) -> None:
    bring(root, "a.txt", TEXT, *HUE)
    bring(root, "b.txt", TEXT, *HUE)
    assert sorted(made(root)) == ["2016/2016-12-28-hue-don-200-ky-su-2.md", "2016/2016-12-28-hue-don-200-ky-su.md"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"%PDF-1.7", "intake-unknown"),
        ("a.txt", b"\x89PNG\r\n\x1a\n...", "intake-unknown"),
        ("a.txt", b"", "intake-empty"),
        ("a.txt", b"  \n", "intake-empty"),
        ("a.txt", b"V\xec\xe4\xff", "intake-encoding"),
        ("a.bin", b"abcd\0" + b"efghijklmnop" * 9, "intake-unknown"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is(root: Path, name: str, data: bytes, code: str) -> None:
    ran = bring(root, name, data, *HUE, "--format", "json")
    assert (ran.code, ran.codes, made(root)) == (1, [code], {})


@pytest.mark.parametrize("words", [(), ("--date", "32/13/2016", "a.txt"), ("--as", "rows", "a.txt")])
def test_wrong_words_are_wrong_usage(root: Path, words: tuple[str, ...]) -> None:
    assert run(root, "import", *words).code == 2


def test_a_missing_file_or_a_folder_is_said(root: Path) -> None:
    ran = run(root, "import", str(root / "gone.txt"), str(root), "--format", "json")
    assert (ran.code, ran.codes) == (1, ["import-no-file", "import-no-file"])


def test_nothing_is_left_if_the_disk_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(self: Path, mode: str = "r", **options: Any) -> IO[Any]:
        if self.suffix == ".md" and mode == "x":
            raise OSError(28, "No space left on device")
        return real(self, mode, **options)

    monkeypatch.setattr(Path, "open", full)
    ran = bring(root, "a.txt", TEXT, *HUE, "--format", "json")
    assert (ran.code, ran.codes[-1], made(root)) == (1, "cannot-write", {})


TABLE = "Tiêu đề,Tỉnh,Ngày ký,Giá trị\nHuế ký,Thừa Thiên Huế,28/12/2016,500 tỷ đồng\n"


def test_a_table_is_shown_before_anything_is_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(bring_in, "_write", fail)
        ran = bring(root, "a.csv", TABLE, "--as", "items")
    assert (ran.code, made(root)) == (1, {})
    assert "500 tỷ đồng" in ran.out
    assert "tổng các giá trị đọc được" in ran.out
    ran = bring(root, "a.csv", TABLE, "--as", "items")
    assert (ran.code, len(made(root)), ran.out.count("Tiêu đề")) == (0, 1, 1)
    assert bring(root, "a.csv", TABLE, "--as", "items", "--quiet").out == ""


@pytest.mark.parametrize(("answers", "count"), [(["k"], 0), ([""], 0), (["sao?", "có"], 1)])
def test_who_sits_at_a_terminal_is_asked_below_the_table(
    root: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str], count: int
) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return answers[len(asked) - 1]

    monkeypatch.setattr(bring_in, "can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    ran = bring(root, "a.csv", TABLE, "--as", "items")
    assert (ran.code, len(made(root)), asked[0]) == (0, count, "tạo 1 bài nháp từ bảng trên? (c/k): ")
    assert ("chưa tạo bài nào" in ran.out) == (count == 0)
    assert bring(root, "a.txt", TEXT, *HUE).code == 0, "without a table nobody is asked"
    assert len(asked) == (2 if answers[0] == "sao?" else 1)


def shown(title: str, data: bytes) -> bytes:
    """Return a Word file with a picture."""
    return word(styled(title, "Tiu"), f"<w:p>{picture('p1', 'Lễ ký')}</w:p>", files={"media/a.png": data})


def test_pictures_of_a_file_stand_beside_its_item_and_none_is_left_if_the_disk_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bring(root, "Ảnh lễ.docx", shown("Tin có ảnh", photo()), *HUE).code == 0
    assert snapshot(root / "content/2016")["anh-le-1.png"] == photo()
    assert "![Lễ ký](anh-le-1.png)" in (root / "content/2016/2016-12-28-tin-co-anh.md").read_text("utf-8")
    before = snapshot(root / "content")
    monkeypatch.setattr(bring_in, "renamed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring(root, "Khác.docx", shown("Tin khác", photo(1)), *HUE)
    assert snapshot(root / "content") == before
