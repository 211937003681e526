"""The editors' guide, read by somebody who believes every word of it: from an empty folder to a published item."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bulletin.cli import main
from bulletin.items.article import CORRECTION_KEYS, DEAL_KEYS, KEYS
from tests.builders import codes, compiled, headed
from tests.pictures import photo
from tests.sites import run, write
from tools import guide

TEXT = guide.GUIDE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![\w/-])[0-9][0-9.,]*(?![\w/-])")
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| .* \|$", re.MULTILINE)
PREVIEW = "python build.py serve"


def steps() -> list[tuple[str, str]]:
    """Return the fenced blocks of the first chapter, each as its language and text."""
    chapter = TEXT.partition("## Bài đầu tiên")[2].partition("\n## Các khóa")[0]
    return [(match[1], match[2]) for match in BLOCK.finditer(chapter)]


def counted(text: str) -> str:
    """Return a text with every count and every time in seconds alike."""
    return NUMBER.sub("0", text)


def test_the_guide_can_be_followed_word_by_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ""
    commands = 0
    for language, text in steps():
        files = list(tmp_path.rglob("*.md"))
        if language == "sh" and text.strip() != PREVIEW:
            words = shlex.split(text)
            assert words[:2] == ["python", "build.py"]
            main(words[2:], tmp_path)
            commands += 1
        elif language == "markdown":
            files[0].write_text(text, encoding="utf-8")
        elif language == "text" and "[unknown-province]" in text:
            right = files[0].read_text("utf-8")
            files[0].write_text(right.replace("province: Thái Nguyên", "province: Thái Nguyen Xanh"), encoding="utf-8")
            assert main(["check"], tmp_path) == 1
            files[0].write_text(right, encoding="utf-8")
        if language == "text":
            out, err = capsys.readouterr()
            said = "".join(sorted(f"{err}{out}".splitlines(keepends=True))).replace("\\", "/").replace("\xa0", " ")
            assert counted(said) == counted("".join(sorted(text.splitlines(keepends=True))))
    assert commands == 6
    assert (tmp_path / "output/tin/2016/12/viettel-va-thai-nguyen-xay-dung-thanh-pho-thong-minh/index.html").is_file()


def test_the_file_that_new_makes_is_the_one_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (_, command), *_ = steps()
    assert main(shlex.split(command)[2:], tmp_path) == 0
    (file,) = tmp_path.rglob("*.md")
    shown = next(text for language, text in steps() if language == "markdown")
    made = file.read_text("utf-8")
    assert "\ndraft: true\n" in made, "and the guide says that this line goes when the text is written"
    assert shown.startswith(made.replace("draft: true\n", ""))


def test_every_key_is_explained_and_every_example_is_right() -> None:
    examples = dict(ROW.findall(TEXT.partition("## Các khóa")[2].partition("## Cách viết")[0]))
    assert list(examples) == list(KEYS)
    lists = next(text for language, text in BLOCK.findall(TEXT) if language == "yaml")
    assert all(f"{key}: " in lists for key in (*DEAL_KEYS, *CORRECTION_KEYS))
    header = [
        example.strip("`") for key, example in examples.items() if key not in {"value", "deal", "deals", "updated"}
    ]
    whole = headed(*header, *lists.splitlines())
    assert codes(compiled(whole, "content/2016/2016-12-25-bai.md").problems) == []
    single = headed(*(examples[key].strip("`") for key in ("title", "province", "date", "value", "deal")))
    assert codes(compiled(single).problems) == []


def test_what_is_said_of_writing_works(tmp_path: Path) -> None:
    rows = re.findall(r"^\| .*? \| (.*) \|$", TEXT.partition("## Cách viết")[2].partition("## Mã lỗi")[0], re.MULTILINE)
    samples = [sample for row in rows for sample in re.findall("`([^`]+)`", row)]
    links = [sample for sample in samples if "](" in sample]
    assert len(links) == 7
    body = "\n\n".join([*links, "Câu[^1].", "[^1]: Nguồn tin"])
    header = ("title: Bài", "province: Huế", "date: 2016-12-25")
    root = write(tmp_path, {"content/a.md": headed(*header, body=body), "content/le-ky.jpg": photo(40, 30)})
    write(
        root,
        {"content/2016-12-20-binh-phuoc.md": headed("title: Bài trước", *header[1:]), "content/cong-van.pdf": "%PDF"},
    )
    write(root, {"content/le-ky.mp4": b"\0\0\0\x18ftypmp42" + bytes(64), "content/phat-bieu.mp3": b"ID3" + bytes(64)})
    assert run(root, "check", "--format", "json").codes == []


def test_the_table_of_codes_is_that_of_the_messages() -> None:
    assert guide.written() + guide.table() == TEXT, "a message has changed: run python -m tools.guide"


def test_every_code_stands_in_the_table_once() -> None:
    listed = re.findall(r"^\| `([a-z0-9_-]+-[a-z0-9_-]+)` \|", guide.table(), re.MULTILINE)
    assert sorted(listed) == sorted(code for name in guide.CHAPTERS for code in guide.codes(name))
    files = {file.stem for file in (guide.REPOSITORY / "bulletin/messages").glob("*.toml")}
    assert files == set(guide.CHAPTERS)


def test_every_place_that_the_guide_refers_to_is_in_it() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall("^#+ (.*)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
