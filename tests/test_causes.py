"""One cause is told once: whoever mends it mends all that it broke. Different causes are never hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.problems import gathered, message, problem
from tests.builders import item
from tests.pictures import photo
from tests.sites import Ran, build, run, write

MANY = 50


def told(ran: Ran) -> list[tuple[str, int, str]]:
    return [(found["path"], found["line"], found["code"]) for found in ran.json["problems"]]


def items(count: int, body: str = "Thân bài.\n", /, **keys: str) -> dict[str, str]:
    """Return so many items, each with a title and a slug of its own."""
    return {
        f"content/{n:02}.md": item(body.replace("{n}", f"{n}"), title=f"Tin {n}", slug=f"tin-{n}", **keys)
        for n in range(count)
    }


@pytest.mark.parametrize("count", [2, MANY])
def test_settings_without_categories_are_one_problem(tmp_path: Path, count: int) -> None:
    root = write(tmp_path, items(count, category="Ký kết"))
    ran = build(root, "--lang", "en")
    assert (ran.code, told(ran)) == (1, [("content/00.md", 6, "unknown-category")])
    assert f"(and {count - 1} more of the same cause: content/01.md:6" in ran.json["problems"][0]["message"]
    assert run(root, "build").err.count("unknown-category") == 1
    write(root, {"pyproject.toml": '[tool.bulletin]\ncategories = ["Ký kết"]\n'})
    assert build(root).codes == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("![Lễ ký](mat.jpg)", "link-to-no-file"),
        ("[Công văn](/chung/mat.pdf)", "link-to-no-page"),
        ("[bài trước](mat.md)", "link-to-no-item"),
        ("![Lễ ký](anh/{n}.jpg)", "link-to-no-file"),
        ("[bài trước](2015/{n}.md)", "link-to-no-item"),
        ("[x](../content/cu/sau/{n}.md)", "link-to-no-item"),
        ("[x](/thang/1999-01/)", "link-to-no-page"),
        ("[x](nhap.md)", "link-to-unpublished"),
        ("[x](hong.md)", "link-to-broken"),
        ("![Lễ ký](hong.jpg)", "picture-broken"),
        ("[x](co.md#mat)", "link-to-no-anchor"),
    ],
)
def test_what_many_items_name_and_is_missing_is_one_problem(tmp_path: Path, body: str, code: str) -> None:
    root = write(tmp_path, items(MANY, body))
    write(root, {"content/nhap.md": item(title="Nháp", draft="true"), "content/hong.jpg": photo(1)[:99]})
    write(root, {"content/hong.md": item(title="Hỏng", draft="có"), "content/co.md": item(title="Có")})
    ran = run(root, "check", "--format", "json")
    assert [found for found in told(ran) if found[0] != "content/hong.md"] == [("content/00.md", 7, code)]


def test_bare_numbers_without_a_value_unit_are_one_problem(tmp_path: Path) -> None:
    files = {f"content/{n:02}.md": item(title=f"Tin {n}", slug=f"tin-{n}", value=f"{n + 1}") for n in range(MANY)}
    assert told(build(write(tmp_path, files))) == [("content/00.md", 6, "amount-no-unit")]


def test_a_value_unit_that_is_no_unit_is_one_problem(tmp_path: Path) -> None:
    root = write(tmp_path, items(MANY, value="2000") | {"pyproject.toml": '[tool.bulletin]\nvalue_unit = "đô"\n'})
    assert told(build(root)) == [("pyproject.toml", 2, "setting-value-unit")]


def test_a_category_that_was_renamed_is_one_problem_and_another_is_another(tmp_path: Path) -> None:
    root = write(tmp_path, items(MANY, category="Ký Kết Cũ") | {"content/99.md": item(category="Khác", title="Khác")})
    write(root, {"pyproject.toml": '[tool.bulletin]\ncategories = ["Ký kết"]\n'})
    assert [path for path, *_ in told(build(root))] == ["content/00.md", "content/99.md"]


def test_a_folder_of_strays_is_one_warning(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"content/a.md": item(), **{f"content/word/{n}.docx": "" for n in range(MANY)}, "content/b.docx": ""}
    )
    assert [path for path, *_ in told(build(root))] == ["content/b.docx", "content/word/0.docx"]


def test_a_link_of_a_template_to_no_anchor_is_one_problem(tmp_path: Path) -> None:
    root = write(tmp_path, items(MANY))
    write(root, {"templates/_search_field.html": '<a href="#mat">x</a>'})
    assert len(told(build(root))) < 25, "one for each template"


def test_a_few_of_one_cause_are_told_one_by_one(tmp_path: Path) -> None:
    root = write(tmp_path, items(3, "![Lễ ký](mat.jpg)"))
    assert told(build(root)) == [(f"content/0{n}.md", 7, "link-to-no-file") for n in range(3)]


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("![Lễ ký](mat-{n}.jpg)", {}),
        ("[x](/tin/2016/12/mat-{n}/)", {}),
        ("Tin.", {"province": "Sao Hỏa"}),
        ("Tin.", {"date": "32/12/2016"}),
        ("[x]()", {}),
    ],
)
def test_what_must_be_mended_in_each_item_is_told_in_each(tmp_path: Path, body: str, keys: dict[str, str]) -> None:
    ran = build(write(tmp_path, items(MANY, body, **keys)))
    assert len({path for path, *_ in told(ran)}) == MANY


def test_every_item_with_the_error_is_left_out_all_the_same(tmp_path: Path) -> None:
    root = write(tmp_path, items(9, "![Lễ ký](mat.jpg)") | {"content/co.md": item(title="Có")})
    ran = build(root, "--keep-going")
    assert (ran.code, ran.json["items"], len(ran.codes)) == (1, 1, 1)


def test_errors_and_warnings_of_one_cause_stay_apart() -> None:
    errors = [problem(f"{n}.md", 1, "file-unlinked", found="x", kind="y", cause="a") for n in range(9)]
    warnings = [problem(f"{n}.md", 1, "file-unlinked", "warning", found="x", kind="y", cause="a") for n in range(9)]
    others = [problem(f"{n}.md", 1, "file-unlinked", "warning", found="x", kind="y", cause="b") for n in range(9)]
    assert [(one.path, one.severity) for one in gathered([*errors, *warnings, *others])] == [
        *(("0.md", "error"), ("0.md", "warning"), ("0.md", "warning")),
    ]
    assert message(gathered(errors)[0], "vi").endswith(
        "(và 8 chỗ nữa cùng nguyên nhân: 1.md:1, 2.md:1, 3.md:1, 4.md:1, 5.md:1, …)"
    )
