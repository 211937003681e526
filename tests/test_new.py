"""`new`: the file of a new item, from the command line and in conversation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.cli import main
from bulletin.commands import new as new_command
from tests.builders import item
from tests.sites import REPOSITORY, Ran, build, run, write
from tests.test_header_writer import HOSTILE

TITLE = "Viettel ký kết với Thái Nguyên"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {"content/a.md": item()})


def new(root: Path, title: str, *words: str) -> Ran:
    return run(root, "new", "--province", "Thái Nguyên", *words, "--", title)


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.md") if path.name != "a.md")


def test_an_item_has_its_place_its_keys_and_todays_date(root: Path) -> None:
    ran = new(root, TITLE)
    file = root / "content/2017/2017-01-31-viettel-ky-ket-voi-thai-nguyen.md"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [str(file), "ngày 31 tháng 01 năm 2017 · Thái Nguyên"]
    header = f"---\ntitle: {TITLE}\nprovince: Thái Nguyên\ndate: 2017-01-31\ndraft: true\n---\n\n"
    assert file.read_bytes().decode() == header
    assert build(root).codes == ["body-empty"]


def test_a_new_item_is_a_draft_unless_it_is_said_to_be_ready(root: Path) -> None:
    """Else a title without a text would go out with the next build by the clock."""
    new(root, TITLE)
    build(root)
    assert not list((root / "output/tin/2017").glob("**/*.html"))
    new(root, "Tin khác", "--ready")
    build(root)
    assert [path.parent.name for path in (root / "output/tin/2017").glob("**/*.html")] == ["tin-khac"]


def test_in_an_empty_folder_it_begins_a_bulletin(tmp_path: Path) -> None:
    assert new(tmp_path, "Tin đầu tiên").code == 0
    assert files(tmp_path) == ["content/2017/2017-01-31-tin-dau-tien.md"]


def test_today_is_that_of_the_site(root: Path) -> None:
    write(root, {"pyproject.toml": '[tool.bulletin]\ntimezone_offset = "+07:00"\n'})
    new(root, TITLE, "--as-of", "2016-12-31T17:30:00+00:00")
    assert files(root) == ["content/2017/2017-01-01-viettel-ky-ket-voi-thai-nguyen.md"]


def test_date_and_value_are_understood_as_in_an_item(root: Path) -> None:
    ran = new(root, TITLE, "--date", "08/12/2016", "--value", "gần 2000 tỷ")
    assert ran.out.splitlines()[1] == "ngày 08 tháng 12 năm 2016 · Thái Nguyên · gần\xa02.000\xa0tỷ\xa0đồng"
    assert "value: gần 2000 tỷ\n" in (root / files(root)[0]).read_text("utf-8")


def test_an_undisclosed_value_and_the_unit_of_the_settings_are_known(root: Path) -> None:
    write(root, {"pyproject.toml": '[tool.bulletin]\nvalue_unit = "tỷ đồng"\n'})
    assert "chưa công bố" in new(root, "Một", "--value", "Chưa công bố").out.lower()
    assert "500\xa0tỷ\xa0đồng" in new(root, "Hai", "--value", "500").out


@pytest.mark.parametrize("written", ["Đắk Lắk, Gia Lai", "[dak lak, tỉnh Gia Lai]", "Đắk Lắk, Gia Lai, đắk lắk,"])
def test_several_provinces_become_a_list_of_their_names(root: Path, written: str) -> None:
    assert run(root, "new", TITLE, "--province", written).code == 0
    assert "province: [Đắk Lắk, Gia Lai]\n" in (root / files(root)[0]).read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([TITLE, "--province", "Thái Nguyen Xanh"], "ý bạn là «Thái Nguyên»?"),
        ([TITLE, "--province", "Hà Tây"], "«Hà Tây» đã nhập vào"),
        ([TITLE, "--province", "Huế", "--date", "30/02/2016"], "không có ngày 30"),
        ([TITLE, "--province", "Huế", "--value", "2.000"], "chưa ghi rõ đơn vị"),
        ([TITLE, "--province", "Huế, Đà Nẵng", "--value", "2 tỷ"], "đúng một tỉnh, thành phố"),
        ([TITLE, "--province", "Toàn quốc", "--value", "2 tỷ"], "đúng một tỉnh, thành phố"),
        ([TITLE, "--province", ","], "chưa có tỉnh, thành phố"),
        ([TITLE], "chưa có tỉnh, thành phố"),
        (["--province", "Huế"], "chưa có tiêu đề"),
        ([" ", "--province", "Huế"], "chưa có tiêu đề"),
        (["~", "--province", "Huế"], "không ghi được «~»"),
        (["Viettel", "ký", "kết", "--province", "Huế"], "thừa «ký kết»"),
        ([TITLE, "--province", "Huế", "--strict"], "không có tùy chọn «--strict»"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(root: Path, words: list[str], said: str) -> None:
    ran = run(root, "new", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert files(root) == []


def test_a_title_in_broken_letters_is_refused_like_an_items(root: Path) -> None:
    ran = new(root, "ThÃ¡i NguyÃªn")
    assert (ran.code, ran.out) == (1, "chưa tạo tệp nào\n")
    assert "[file-double-encoded]" in ran.err
    assert files(root) == []


def test_warnings_are_told_at_once(root: Path) -> None:
    ran = new(root, "Viettel ký kết với Bình Phước")
    assert (ran.code, len(files(root))) == (0, 1)
    assert "[title-names-other-province]" in ran.err


def test_no_file_is_ever_overwritten(root: Path) -> None:
    assert new(root, TITLE).code == 0
    (file,) = files(root)
    (root / file).write_text("đã viết", encoding="utf-8")
    ran = new(root, TITLE.upper())
    assert (ran.code, file in ran.err) == (2, True)
    assert (root / file).read_text("utf-8") == "đã viết"


def test_a_file_in_another_folder_or_case_counts_too(root: Path) -> None:
    write(root, {"content/khac/2017-01-31-VIETTEL.md": item(date="2017-01-31")})
    assert new(root, "Viettel").code == 2


def test_a_url_that_an_item_has_or_had_gets_a_number(root: Path) -> None:
    write(root, {"content/2017/2017-01-02-viettel.md": item(date="2017-01-02")})
    write(root, {"content/2017/b.md": item(date="2017-01-03", aliases="[/tin/2017/01/viettel-2/]")})
    assert new(root, "Viettel").code == 0
    assert (root / "content/2017/2017-01-31-viettel-3.md").is_file()
    assert "url-taken" not in build(root).codes


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("CON", "tin-con"),
        ("Nul", "tin-nul"),
        ("🎉", "tin"),
        ("Đà Nẵng", "da-nang"),
        ("một " * 100, "mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot"),
        ("a" * 500, "a" * 60),
        ("2016-12-25", "2016-12-25"),
    ],
)
def test_the_files_name_suits_every_system(root: Path, title: str, words: str) -> None:
    assert new(root, title).code == 0
    assert files(root) == [f"content/2017/2017-01-31-{words}.md"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a site for all hostile titles together, which stand in each other's way; in the end all must be right."""
    root = write(tmp_path_factory.mktemp("site"), {"content/a.md": item()})
    yield root
    assert {found["severity"] for found in run(root, "check", "--format", "json").json["problems"]} == {"warning"}


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_makes_an_item_without_errors(shared: Path, title: str) -> None:
    assert new(shared, title, "--lang", "en").code in {0, 2}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=12).filter(lambda title: title.strip()))
def test_any_title_makes_an_item_without_errors_or_none(shared: Path, title: str) -> None:
    before = len(files(shared))
    ran = new(shared, title)
    assert (ran.code == 0) == (len(files(shared)) == before + 1)


def answers(monkeypatch: pytest.MonkeyPatch, *given_answers: str) -> list[str]:
    """Answer what is asked, in turn; return the questions."""
    asked: list[str] = []
    left = list(given_answers)

    def answer(question: str) -> str:
        asked.append(question)
        return left.pop(0)

    monkeypatch.setattr(new_command, "can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    return asked


def test_at_a_terminal_all_that_is_missing_is_asked_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, TITLE, "8/12/2016", "Huế", "2 tỷ")
    assert run(root, "new").code == 0
    assert [question.partition(",")[0].split()[0] for question in asked] == ["tiêu", "ngày", "tỉnh", "giá"]
    text = (root / "content/2016/2016-12-08-viettel-ky-ket-voi-thai-nguyen.md").read_text("utf-8")
    assert text == f"---\ntitle: {TITLE}\nprovince: Thừa Thiên Huế\ndate: 2016-12-08\nvalue: 2 tỷ\ndraft: true\n---\n\n"


def test_an_answer_that_is_not_understood_is_asked_for_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "", "", "Thái Nguyen Xanh", "Thái Nguyên", "")
    ran = run(root, "new", TITLE)
    assert (ran.code, len(asked)) == (0, 5)
    assert "ý bạn là «Thái Nguyên»?" in ran.err


def test_who_has_said_all_that_is_needed_is_asked_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (answers(monkeypatch), new(root, TITLE).code) == ([], 0)


def test_who_walks_away_from_the_questions_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk_away(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(new_command, "can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", walk_away)
    assert run(root, "new").code == 130
    assert files(root) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_real_terminal_is_known_as_one(root: Path) -> None:
    terminal, end = os.openpty()
    command = [sys.executable, str(REPOSITORY / "build.py"), "new", "--root", str(root)]
    with subprocess.Popen(command, stdin=end, stdout=end, stderr=end) as process:
        os.close(end)
        os.write(terminal, f"{TITLE}\n25/12/2016\nThái Nguyên\n\n".encode())
        shown = b""
        with suppress(OSError):
            while chunk := os.read(terminal, 4096):
                shown += chunk
    os.close(terminal)
    assert process.returncode == 0
    assert "tiêu đề: " in shown.decode()
    assert files(root) == ["content/2016/2016-12-25-viettel-ky-ket-voi-thai-nguyen.md"]


def test_a_file_that_comes_into_being_meanwhile_is_left_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["new", TITLE, "--province", "Thái Nguyên", "--date", "2016-12-25"]
    assert main(words, root) == 0
    monkeypatch.setattr(new_command, "_path", lambda *_: files(root)[0])
    assert main(words, root) == 2
