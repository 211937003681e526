"""The command line as people and schedulers meet it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bulletin import cli
from bulletin.commands import build as build_command
from bulletin.commands.arguments import COMMANDS, OPTIONS, parse
from bulletin.problems import Refused
from tests.builders import item
from tests.sites import REPOSITORY, build, run, write

KEYS = [
    *("items", "pages", "written", "unchanged", "removed", "rendered", "seconds", "peak_mib", "next_due", "problems"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {"content/a.md": item()})


def test_without_a_command_it_builds(root: Path) -> None:
    assert run(root).code == 0
    assert (root / "output/index.html").is_file()


def test_json_is_one_object_with_the_promised_keys(root: Path) -> None:
    report = build(root).json
    assert list(report) == KEYS
    assert report["items"] == 1
    assets = len(list((REPOSITORY / "templates/assets").iterdir()))
    assert report["written"] == report["pages"] + assets, "an asset is a file, and no page"
    assert report["peak_mib"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_the_memory_of_all_workers_counts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.build.pool.WORTH_IT", 1)
    # A worker is started only for a chunk that no other is free to take.
    monkeypatch.setattr("bulletin.build.pool.CHUNK", 1)
    write(root, {f"content/{number}.md": item(slug=f"bai-{number}") for number in range(6)})
    alone = build(root, "--fresh", "--jobs", "1").json["peak_mib"]
    together = build(root, "--fresh", "--jobs", "3").json["peak_mib"]
    # Each worker is a Python of at least 20 MiB.
    assert together > alone + 3 * 20


def test_a_problem_in_json_has_its_parts(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(province="Thái Nguyen Xanh")})
    (problem,) = build(root).json["problems"]
    assert problem == {
        "path": "content/a.md",
        "line": 3,
        "severity": "error",
        "code": "unknown-province",
        "message": "không có tỉnh, thành phố «Thái Nguyen Xanh»",
        "hint": "ý bạn là «Thái Nguyên»?",
    }


def test_a_new_item_is_shown_with_its_date_in_words(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(date="08/12/2016", value="2000 tỷ")})
    first = run(root).out.splitlines()[0]
    assert first == "+ /tin/2016/12/a/ · ngày 08 tháng 12 năm 2016 · Thái Nguyên · 2.000\xa0tỷ\xa0đồng"


def test_the_commands_that_are_listed_are_those_that_run() -> None:
    assert tuple(cli.COMMANDS) == COMMANDS


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("--root x rollback", "rollback"),
        ("--root=x --lang en check", "check"),
        ("--lang en --as-of 2016-12-31 --quiet status --root x", "status"),
        ("--root rollback", "build"),
        ("--root rollback rollback", "rollback"),
        ("--root check status", "status"),
        ("--drafts check", "check"),
        ("check --drafts", "check"),
        ("--help check", "check"),
        ("-h check", "check"),
        ("--root x --help", "build"),
        ("--lang en check --help", "check"),
        ("check --root x -h", "check"),
        ("--as-of 2016-12-31 init x --quiet", "init"),
        ("init --help", "init"),
        ("--port 5501 serve", "serve"),
        ("--quiet", "build"),
        ("", "build"),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option_and_no_value(words: str, command: str) -> None:
    options = parse(words.split())
    assert options.command == command
    assert options.help == bool({"-h", "--help"} & set(words.split()))


def test_options_before_and_after_the_command_mean_the_same() -> None:
    words = ["--root", "x", "--date", "25/12/2016"]
    assert parse([*words, "new", "Một", "--province", "Huế"]) == parse(["new", "Một", "--province", "Huế", *words])
    assert parse([*words, "--province", "Huế", "new", "--", "--Một"]).title == "--Một"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--root x rolback", "usage-unknown-command"),
        ("--root x --list", "usage-unknown-option"),
        ("--list check", "usage-unknown-option"),
        ("--khong-co check", "usage-unknown-option"),
        ("-- check", "usage-unknown-option"),
        ("check status", "usage-extra-word"),
        ("serve init", "usage-extra-word"),
        ("--root --quiet check", "usage-value"),
        ("check --root", "usage-value"),
        ("--root", "usage-value"),
    ],
)
def test_a_word_too_many_or_too_few_is_refused_wherever_it_stands(words: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(words.split())
    assert refused.value.code == code


def test_options_before_the_command_reach_it(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert cli.main(["--as-of", "2017-01-31", "--root", str(root), "build", "--quiet"], elsewhere) == 0
    assert (root / "output/index.html").is_file()
    assert cli.main(["--root", str(root), "rollback", "--list", "--quiet"], elsewhere) == 0


def test_sentences_name_the_program_as_it_was_called(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"], root, "ban-tin") == 0
    assert capsys.readouterr().out.startswith("cách dùng: ban-tin build")
    assert cli.main(["dung"], root, "ban-tin") == 2
    assert cli.main(["--help"], root) == 0
    assert capsys.readouterr().out.startswith("cách dùng: python build.py build")


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_that_is_no_site_is_left_as_it_was(tmp_path: Path, command: str) -> None:
    ran = run(tmp_path, command)
    assert (ran.code, "python build.py init" in ran.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_quiet_says_nothing_when_all_is_well(root: Path) -> None:
    ran = run(root, "build", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ["dung"],
        ["build", "--khong-co"],
        ["build", "--as-of", "hôm qua"],
        ["build", "--format", "xml"],
        ["build", "--lang", "fr"],
        ["build", "--output"],
        ["build", "--drafts=1"],
        ["build", "--base-url", "bantin"],
        ["build", "--root", "/khong/co"],
        ["check", "--keep-going"],
        ["build", "them"],
        ["init"],
    ],
)
def test_wrong_usage_is_told_in_both_languages_and_exits_with_2(root: Path, words: list[str]) -> None:
    told = {}
    for language in ("vi", "en"):
        ran = run(root, *words[:1], "--lang", language, *words[1:]) if words != ["dung"] else run(root, *words)
        assert ran.code == 2
        assert ran.out == ""
        told[language] = ran.err
        assert ran.err.strip()
    assert not (root / "output").exists()


@pytest.mark.parametrize("wrong", [".", "content", "content/moi", "..", "templates"])
def test_an_output_folder_that_holds_the_site_is_refused(root: Path, wrong: str) -> None:
    before = sorted(root.rglob("*"))
    assert run(root, "build", "--output", str(root / wrong)).code == 2
    assert sorted(root.rglob("*")) == before


def test_a_folder_with_other_things_is_never_taken_for_output(root: Path, tmp_path: Path) -> None:
    write(tmp_path, {"khac/quan-trong.txt": "đừng xóa"})
    assert run(root, "build", "--output", str(tmp_path / "khac")).code == 2
    assert (tmp_path / "khac/quan-trong.txt").read_text("utf-8") == "đừng xóa"


def test_an_output_folder_may_be_empty_or_an_older_bulletin(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "noi-khac"
    other.mkdir()
    assert run(root, "build", "--output", str(other)).code == 0
    assert run(root, "build", "--output", str(other)).code == 0


def test_source_date_epoch_is_the_clock_where_none_is_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1482598799")
    assert cli.main(["build", "--quiet"], root) == 0
    assert not (root / "output/tin/2016").exists(), "23:59:59 of the 24th in Vietnam"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1482598800")
    assert cli.main(["build", "--quiet"], root) == 0
    assert (root / "output/tin/2016").exists()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "hôm qua")
    assert cli.main(["build", "--quiet"], root) == 2


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(root: Path) -> None:
    write(root, {"output": "một tệp"})
    ran = run(root)
    assert (ran.code, "Traceback" in ran.err) == (2, False)


def test_a_bug_of_our_own_shows_its_traceback(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **_others: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(build_command, "build", broken)
    with pytest.raises(ZeroDivisionError):
        run(root)


def test_the_door_works_from_any_folder(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(REPOSITORY / "build.py"), "check", "--root", str(root), "--lang", "en"]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_a_windows_pipe_gets_escapes_instead_of_a_crash(root: Path) -> None:
    command = [sys.executable, str(REPOSITORY / "build.py"), "check", "--root", str(root), "--as-of", "2016-01-01"]
    environment = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = subprocess.run(command, check=False, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert b"\\u" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option_in_both_languages(root: Path, command: str) -> None:
    for language in ("vi", "en"):
        shown = run(root, command, "--help", "--lang", language).out
        assert all(option.flag in shown for option in OPTIONS if command in option.commands)
        assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("words", [("--format", "json"), ("--explain",)])
def test_a_reader_that_has_seen_enough_is_no_fault(root: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, str(REPOSITORY / "build.py"), "--root", str(root), "--fresh", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


@pytest.mark.parametrize("words", [["--root", "{}"], ["--root={}"], ["--root=khac", "--root={}"]])
def test_a_refusal_is_in_the_language_of_the_site_that_is_meant(tmp_path: Path, words: list[str]) -> None:
    site = write(tmp_path / "site", {"pyproject.toml": '[tool.bulletin]\nlanguage = "en"\n'})
    ran = run(tmp_path, "build", *(word.format(site) for word in words), "--khong-co")
    assert (ran.code, "has no option" in ran.err) == (2, True)
