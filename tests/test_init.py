"""`init`: a new site in any folder, and nothing of what is there overwritten."""

from __future__ import annotations

import errno
import io
import tomllib
from pathlib import Path

import pytest

from bulletin import settings
from bulletin.cli import main
from bulletin.settings import Settings
from tests.builders import item
from tests.disks import mounted
from tests.sites import NOW, Ran, build, run, snapshot, write

WELCOME = "content/2017/2017-01-31-chao-mung.md"
FILES = [".gitignore", WELCOME, "pyproject.toml"]


def init(folder: Path, *words: str) -> Ran:
    return run(folder.parent, "init", str(folder), *words)


@pytest.mark.parametrize("name", ["tin", "bản tin nội bộ", "Tin tức (2017)", "a/b/c"])
def test_a_new_site_is_built_without_error_or_warning(tmp_path: Path, name: str) -> None:
    ran = init(tmp_path / name)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(snapshot(tmp_path / name)) == FILES
    built = build(tmp_path / name, "--strict")
    assert (built.code, built.codes, built.json["items"]) == (0, [], 1)


def test_what_was_made_and_what_comes_next_is_said(tmp_path: Path) -> None:
    site = tmp_path / "bản tin"
    said = init(site, "--lang", "en").out.splitlines()
    assert said[:-1] == [f"made {site / path}" for path in (".gitignore", "pyproject.toml", WELCOME)]
    assert said[-1] == f'next: python build.py --root="{site}"'


def test_the_item_is_of_today_by_the_clock_of_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "tin", {"pyproject.toml": '[tool.bulletin]\ntimezone_offset = "+07:00"\n'})
    init(site, "--as-of", "2016-12-31T17:30:00+00:00")
    assert (site / "content/2017/2017-01-01-chao-mung.md").is_file()
    text = (site / "content/2017/2017-01-01-chao-mung.md").read_text("utf-8")
    assert "\ndate: 2017-01-01\n" in text
    assert "\nprovince: Toàn quốc\n" in text


def test_every_setting_stands_there_with_its_default_and_an_explanation(tmp_path: Path) -> None:
    init(tmp_path / "tin")
    text = (tmp_path / "tin/pyproject.toml").read_text("utf-8")
    assert list(tomllib.loads(text)["tool"]["bulletin"]) == list(Settings.__struct_fields__)
    assert settings.parse(text) == Settings()
    lines = text.splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert all(lines[number - 1].startswith("# ") for number in keys)


def test_git_keeps_what_people_write_and_nothing_that_builds_make(tmp_path: Path) -> None:
    site = tmp_path / "tin"
    init(site)
    build(site)
    assert run(site, "edition", NOW[:7]).code == 0
    ignored = (site / ".gitignore").read_text("utf-8").splitlines()
    # What the desk and editions keep has a .gitignore of its own.
    kept = {".desk", ".gitignore", "content", "pyproject.toml"}
    made = {f"/{path.name}/" for path in site.iterdir() if path.name not in kept}
    assert made == {line for line in ignored if line.startswith("/")}


def test_nothing_that_exists_is_overwritten_and_it_is_said(tmp_path: Path) -> None:
    own = {"pyproject.toml": '[tool.bulletin]\ntitle = "Tin"\r\n', ".gitignore": "*.log\r\n", "content/a.md": item()}
    site = write(tmp_path / "tin", own)
    before = snapshot(site)
    ran = init(site, "--lang", "en")
    assert (ran.code, snapshot(site)) == (0, before)
    assert ran.out.splitlines()[:3] == [
        f"already there, left as it was: {site / path}" for path in ("content", ".gitignore", "pyproject.toml")
    ]


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    site = write(tmp_path / "tin", {"content/anh.jpg": b"x", "pyproject.toml": "[tool.khac]\n"})
    assert init(site, "--format", "json").json == {
        "made": [".gitignore", WELCOME],
        "left": ["pyproject.toml"],
        "problems": [],
    }
    assert (site / "pyproject.toml").read_text("utf-8") == "[tool.khac]\n"


def test_on_another_day_there_is_no_second_welcome(tmp_path: Path) -> None:
    site = tmp_path / "tin"
    init(site)
    before = snapshot(site)
    assert init(site, "--as-of", "2017-02-01").code == 0
    assert snapshot(site) == before


@pytest.mark.parametrize(
    "words", [[], ["--quiet"], [""], ["một", "hai"], ["một", "--root", "hai"], ["một", "--drafts"]]
)
def test_wrong_usage_is_told_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(tmp_path, "init", *words)
    assert (ran.code, ran.out, bool(ran.err)) == (2, "", True)
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_it_shows_how_to_name_one(tmp_path: Path) -> None:
    assert 'python build.py init "bản tin"' in run(tmp_path, "init").err


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"tin": "một tệp"})
    ran = init(tmp_path / "tin")
    assert (ran.code, "là một tệp" in ran.err) == (2, True)


def test_a_broken_pyproject_is_told_before_anything_is_made(tmp_path: Path) -> None:
    site = write(tmp_path / "tin", {"pyproject.toml": "[tool.bulletin]\ntitel = 1\n"})
    ran = init(site)
    assert (ran.code, "[unknown-setting]" in ran.err) == (1, True)
    assert list(snapshot(site)) == ["pyproject.toml"]


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "ro", "ban-tin") as disk:
        ran = init(disk / "tin")
    assert ran.code == 1
    assert ran.err.startswith(f"{disk / 'tin'}:1: error: không ghi hoặc đọc được ở đây (Read-only file system)")
    assert ran.err.rstrip().endswith("[cannot-write]")


def test_a_full_disk_leaves_no_half_file_that_the_next_one_would_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(file: Path, *_: object, **__: object) -> Full:
        file.touch()
        return Full()

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        ran = init(tmp_path / "tin")
    assert (ran.code, "No space left" in ran.err) == (1, True)
    assert snapshot(tmp_path / "tin") == {}
    assert init(tmp_path / "tin").code == 0


def test_the_language_of_what_is_said_is_that_of_the_new_site_alone(tmp_path: Path) -> None:
    here = write(tmp_path / "here", {"pyproject.toml": '[tool.bulletin]\nlanguage = "en"\n'})
    assert run(here, "init", str(tmp_path / "tin")).out.startswith("đã tạo")


def test_today_is_the_day_of_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1482598800")
    assert main(["init", str(tmp_path / "tin"), "--quiet"], tmp_path) == 0
    assert (tmp_path / "tin/content/2016/2016-12-25-chao-mung.md").is_file()


@pytest.mark.parametrize("name", ["A.MD", "2016/bai.Md"])
def test_items_are_what_a_build_takes_for_items(tmp_path: Path, name: str) -> None:
    site = write(tmp_path / "tin", {f"content/{name}": item(), "content/.nhap.md": "x"})
    init(site)
    assert sorted(snapshot(site)) == sorted([".gitignore", "content/.nhap.md", f"content/{name}", "pyproject.toml"])


def test_hidden_files_are_no_items(tmp_path: Path) -> None:
    site = write(tmp_path / "tin", {"content/.nhap.md": "x", "content/~$bai.md": "x"})
    init(site)
    assert (site / WELCOME).is_file()


@pytest.mark.parametrize("below", ["", "con", "con/chau"])
@pytest.mark.parametrize("kind", ["file", "link that leads nowhere"])
def test_a_file_in_the_way_is_named_and_nothing_is_made(tmp_path: Path, kind: str, below: str) -> None:
    file = tmp_path / "tep"
    if kind == "file":
        file.write_text("")
    else:
        file.symlink_to("khong-co")
    ran = init(file / below, "--lang", "en")
    assert (ran.code, f"«{file}» is a file" in ran.err) == (2, True)
    assert list(tmp_path.iterdir()) == [file]


def test_content_that_is_a_file_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    site = write(tmp_path / "tin", {"content": ""})
    ran = init(site, "--lang", "en")
    assert (ran.code, f"«{site / 'content'}» is a file" in ran.err) == (2, True)
    assert list(site.iterdir()) == [site / "content"]
