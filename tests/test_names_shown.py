"""Names of files that a terminal would obey, or that no text can hold: every command shows them, and none raw."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bulletin.build import Report
from bulletin.characters import visible
from bulletin.commands import arguments
from bulletin.commands.init import _as_shell_word
from bulletin.preview.session import Preview, page_status
from bulletin.problems import place, problem, show
from tests.builders import VIETNAM, item
from tests.pictures import photo
from tests.programs import require
from tests.sites import NOW, Ran, run, snapshot, write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")

ODD = ("a\x1b]0;x\x07b", "c\nd", "e\u202ef", "g\udcffh", "k\x9b2Jl", "m\u2028n", "o\u200bp", "q\tr")
WHOLE = "".join(name for name in ODD if "\udcff" not in name)
NAME = "g\udcff\x1b[2J\n\u202eh"
COMMANDS = (
    ("check", "--leaks"),
    ("build", "--explain", "--verify", "--keep-going"),
    ("build", "--keep-going"),
    ("status",),
    ("rollback", "--list"),
    ("rollback",),
    ("new", f"Tin {NAME}", "--province", f"Huế{NAME}"),
    ("new", f"Tin {NAME}", "--province", "Huế", "--value", NAME),
)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Put back what Ctrl-C does: `serve` takes it over before it looks at the address."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def assert_seen(ran: Ran) -> None:
    """Every character that was printed can be seen, and JSON is what other programs can read."""
    assert "Traceback" not in ran.err
    for text in (ran.out, ran.err):
        assert [line for line in text.split("\n") if visible(line) != line] == []
    if ran.out.startswith("{"):
        json.dumps(json.loads(ran.out), ensure_ascii=False).encode()


def each(root: Path, *words: str) -> Iterator[Ran]:
    """Run a command for people in one language, and for programs in the other."""
    for last in (("--lang", "vi"), ("--lang", "en", "--format", "json")):
        if words[0] != "new" or "--format" not in last:
            ran = run(root, *words, *last)
            assert_seen(ran)
            yield ran


def content() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"content/tot.md": item(title="Tốt")}
    for number, name in enumerate(ODD):
        linked = name.replace("\n", "%0a").replace("\udcff", "-")
        files |= {
            f"content/{name}.md": item(title=f"Bài {number}", date=f"2016-12-{number + 1:02}"),
            f"content/{name}/x.md": item(f"![Lễ ký](<{linked}.png>) [x](<y{linked}.pdf>)", title=f"Hai {number}"),
            f"content/{name}/x - Copy.md": item(province=linked, title=f"Ba {number}"),
            f"content/{name}/{name}.png": photo(number),
            f"content/{name}/{name}.docx": b"x",
            f"content/{name}.md.txt": b"x",
            f"content/README.{name}.md": b"x",
        }
    return files


def test_names_in_content_are_seen(tmp_path: Path) -> None:
    root = write(tmp_path / NAME, content())
    first = run(root, "build", "--keep-going")
    assert_seen(first)
    assert all(visible(f"{name}.docx") in first.err for name in ODD if "\udcff" not in name)
    for number, words in enumerate(COMMANDS):
        write(root, {"content/tot.md": item(f"Sửa {number}.", title="Tốt"), "content/nhap.md": item(draft="true")})
        list(each(root, *words))


def test_names_in_output_are_seen(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    run(root, "build")
    strays: dict[str, str | bytes] = {}
    for number, name in enumerate(ODD):
        strays |= {f"output/{name}.html": "x", f"output/{name}/{name}.jpg": photo(number)}
        strays[f"output/tin/{name}/index.html"] = '<meta name="generator" content="ban-tin">'
    for words in COMMANDS[:-2]:
        write(root, strays)
        list(each(root, *words))


@pytest.mark.parametrize("name", [ODD[3], WHOLE])
def test_names_in_templates_are_seen(tmp_path: Path, name: str) -> None:
    files = {f"templates/assets/{name}.css": "x", f"templates/{name}/{name}.html": "{{ x", f"templates/{name}.html": ""}
    root = write(tmp_path, {"content/a.md": item(), **files})
    ran = next(each(root, "build", "--explain"))
    assert (ran.code, "[file-name-no-text]" in ran.err) == ((0, False) if name == WHOLE else (1, True))
    write(root, {"templates/404.html": "{% include 'mat\\x1b\\n.html' %}"})
    assert {one.code for one in each(root, "build", "--explain")} == {1}


@pytest.mark.parametrize("name", [ODD[3], WHOLE])
def test_names_of_folders_and_odd_words_are_seen(tmp_path: Path, name: str) -> None:
    root = tmp_path / f"tin {name}"
    for words in (
        ("init", str(root)),
        ("init", str(root)),
        ("build", "--root", str(root)),
        ("build", "--root", f"{root}x"),
        ("build", "--root", str(root), "--output", str(tmp_path / name / "ra")),
        ("build", "--root", str(root), "--output", str(root / "content" / name)),
        ("check", "--leaks", "--root", str(root), "--output", str(tmp_path / name / "ra")),
        (name,),
        *(("build", word) for word in (name, f"--{name}", f"--as-of={name}", f"--jobs={name}", f"--base-url={name}")),
        *(("build", f"--format={name}"), ("build", f"--lang={name}"), ("init", name, name), ("new", name, name)),
        *(("serve", f"--host={name}", "--no-open"), ("serve", f"--port={name}")),
    ):
        assert_seen(run(tmp_path, *words, "--root", str(root)) if words[0] == "serve" else run(tmp_path, *words))


def test_a_folder_that_cannot_be_written_is_named_so_that_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / NAME, {"content/a.md": item()})

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(root / NAME))

    monkeypatch.setattr("bulletin.commands.build.build", refused)
    for ran in each(root, "build"):
        assert ran.code == 1


def test_the_preview_sends_names_that_json_can_hold(tmp_path: Path) -> None:
    root = write(tmp_path / NAME, content())
    clock = arguments.parse_moment(NOW, "", VIETNAM)
    preview = Preview(root, clock.astimezone, language="vi", jobs=1)
    report = preview.rebuild(lambda *_: None)
    preview.close()
    assert isinstance(report, Report)
    assert report.problems
    sent = json.loads(msgspec.json.encode(page_status(preview.state, "/")))
    assert all(visible(found["place"]) == found["place"] for found in sent["problems"])
    assert all(visible(show(found, "en")) == show(found, "en") for found in report.problems)


def test_the_place_of_a_problem_and_its_words_are_shown_alike() -> None:
    told = problem(f"content/{NAME}.md", 3, "slug-missing", found=NAME)
    shown = r"content/g\udcff\x1b[2J\n\u202eh.md:3"
    assert (place(told), show(told, "vi").startswith(f"{shown}: error: ")) == (shown, True)
    assert msgspec.json.decode(msgspec.json.encode(told), type=type(told)) == told


def test_texts_are_shown_as_they_are() -> None:
    for text in ("Hà Nội: 2.000\u00a0tỷ", "👩‍👩‍👧‍👦", "Hue\u0302\u0301", "C:\\tin\\«a»", ""):
        assert visible(text) == text


@pytest.mark.parametrize(
    "name",
    ["tin", "bản tin", 'q"u', "it's", "c\nd", "a\x1b[1mb", "$HOME `id` \\x", "g\udcffh", "e\u202ef'", "!x", "a\\"],
)
def test_what_comes_after_init_can_be_pasted_into_a_shell(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    said = run(tmp_path, "init", str(root), "--lang", "en")
    assert_seen(said)
    pasted = said.out.splitlines()[-1].partition("--root=")[2]
    assert pasted == _as_shell_word(str(root))
    shell = [require("bash"), "-c", f"cd {pasted} && pwd -P && ls"]
    there = subprocess.run(shell, capture_output=True, check=True, env={"LC_ALL": "C"})
    assert there.stdout.startswith(str(root).encode(errors="surrogateescape"))
    assert b"pyproject.toml" in there.stdout


def test_a_broken_pyproject_is_told_by_init_with_its_folder(tmp_path: Path) -> None:
    site = write(tmp_path / NAME, {"pyproject.toml": "[tool.bulletin]\n\ntitel = 1\n"})
    said = run(tmp_path, "init", str(site))
    assert said.err.startswith(f"{visible(str(site / 'pyproject.toml'))}:3: error: ")
    assert list(snapshot(site)) == ["pyproject.toml"]
