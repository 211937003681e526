"""Every broken file that editors are known to make, beside a good item: named at its line, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import item
from tests.sites import build, run, snapshot, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A file as an editor left it, with the line and the code that must be reported."""

    name: str
    data: bytes
    line: int
    code: str


def header(name: str, line: int, code: str, *lines: str) -> Broken:
    """Return an item whose header holds these lines; line 1 of the file is the opening dashes."""
    return Broken(name=name, data="\n".join(["---", *lines, "---", "Nội dung.", ""]).encode(), line=line, code=code)


def wrong(name: str, code: str, **keys: str) -> Broken:
    """Return an item in which one key is wrong: it stands on line 5, after the three that are needed."""
    ((key, value),) = keys.items()
    needed = {"title": "Một tin", "province": "Huế", "date": "2016-12-25"}
    line = 5
    if key in needed:
        line = 2 + list(needed).index(key)
        needed[key] = value
        return header(name, line, code, *(f"{known}: {text}" for known, text in needed.items()))
    return header(name, line, code, *(f"{known}: {text}" for known, text in needed.items()), f"{key}: {value}")


TITLE, PROVINCE, DATE = "title: Một tin", "province: Huế", "date: 2016-12-25"
GOOD = item("Bài tốt.", title="Bài tốt")

BROKEN = [
    Broken(name="utf-16", data=item().encode("utf-16"), line=1, code="file-utf16"),
    Broken(name="windows-1258", data="---\ntitle: Đà\n".encode("cp1258"), line=2, code="file-not-utf8"),
    Broken(
        name="double-encoded",
        data=item(title="Thái Nguyên").encode().decode("cp1252", "replace").encode(),
        line=2,
        code="file-double-encoded",
    ),
    header("tcvn3", 2, "file-tcvn3", "title: Th¸i Nguyªn", PROVINCE, DATE),
    header("line-separator", 3, "line-separator", TITLE, "province: Huế\u2028date: 2016-12-25"),
    header("nul", 2, "forbidden-character", "title: Một\0tin", PROVINCE, DATE),
    Broken(name="old-dos-end", data=item().encode() + b"\x1a", line=7, code="forbidden-character"),
    Broken(name="empty", data=b"", line=1, code="file-empty"),
    Broken(name="no-header", data="Chỉ có nội dung.\n".encode(), line=1, code="header-missing"),
    Broken(name="not-closed", data=f"---\n{TITLE}\n{PROVINCE}\n{DATE}\n".encode(), line=1, code="header-not-closed"),
    Broken(name="blank-first", data=("\n" + item()).encode(), line=1, code="header-not-first"),
    Broken(name="smart-dash", data=item().replace("---", "—").encode(), line=1, code="header-smart-dash"),
    header("empty-header", 1, "missing-title", ""),
    header("header-is-a-list", 2, "yaml-line", "- Một tin"),
    header("tab", 3, "yaml-tab", TITLE, "\tprovince: Huế", DATE),
    header("no-space-after-colon", 3, "yaml-space", TITLE, "province:Huế", DATE),
    header("no-break-space-after-colon", 5, "yaml-space", TITLE, PROVINCE, DATE, "value:\xa02.000 tỷ đồng"),
    header("duplicate-key", 5, "duplicate-key", TITLE, PROVINCE, DATE, "province: Đà Nẵng"),
    header("duplicate-key-in-capitals", 5, "duplicate-key", TITLE, PROVINCE, DATE, "Province: Đà Nẵng"),
    wrong("colon-in-title", "yaml-colon", title="Viettel: ký kết: xong"),
    wrong("quotes-in-quotes", "yaml-quotes", title='"Ký "kết""'),
    wrong("special-first", "yaml-special", title="[Tin nóng] Ký kết"),
    wrong("at-sign", "yaml-special", title="@tập đoàn ký kết"),
    header("anchor", 5, "yaml-special", TITLE, PROVINCE, DATE, "value: &a 500 tỷ"),
    header("tag", 5, "yaml-special", TITLE, PROVINCE, DATE, "value: !500 tỷ đồng"),
    header("continuation", 3, "yaml-line", "title: Một tin dài", "xuống dòng", PROVINCE, DATE),
    header("title-is-comment", 2, "value-is-comment", "title: # tin", PROVINCE, DATE),
    wrong("unknown-key", "unknown-key", tinh="Huế"),
    header("missing-province", 1, "missing-province", TITLE, DATE),
    wrong("unknown-province", "unknown-province", province="Thái Nguyen Xanh"),
    wrong("several-in-one-text", "province-several", province="Hà Nội, Đà Nẵng"),
    wrong("shorthand", "province-shorthand", province="ĐN"),
    wrong("region", "province-region", province="Tây Nguyên"),
    wrong("town", "province-place", province="Vũng Tàu"),
    wrong("dissolved", "province-gone", province="Hà Tây"),
    wrong("curly-quotes-province", "province-quotes", province="“Huế”"),
    wrong("us-date", "date-month", date="12/25/2016"),
    wrong("no-such-day", "date-day", date="2017-02-29"),
    wrong("short-year", "date-short-year", date="25/12/16"),
    wrong("no-day", "date-no-day", date="12/2016"),
    wrong("time", "date-time", date="2016-12-24T18:00:00Z"),
    wrong("no-unit", "amount-no-unit", value="2000"),
    wrong("comma", "amount-ambiguous-comma", value="2,000 tỷ đồng"),
    wrong("dot-decimal", "amount-dot-decimal", value="1.5 tỷ đồng"),
    wrong("foreign", "amount-foreign", value="20 triệu USD"),
    wrong("curly-quotes-amount", "amount-chars", value="“2.000 tỷ đồng”"),
    wrong("full-width", "amount-chars", value="２.０００ tỷ"),
    wrong("flag", "not-a-flag", draft="có"),
    wrong("slug", "slug-unusable", slug="Huế ký kết"),
    wrong("device", "name-reserved", slug="con"),
    wrong("alias", "alias-unusable", aliases="[../ra-ngoai/]"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with a good item and all broken ones, after a build of the good one alone."""
    root = write(tmp_path_factory.mktemp("site"), {"content/2016/tot.md": GOOD})
    assert build(root).code == 0
    return write(root, {f"content/2016/{broken.name}.md": broken.data for broken in BROKEN})


def test_a_build_with_broken_files_leaves_output_as_it_was(site: Path) -> None:
    before = snapshot(site / "output")
    assert build(site).code == 1
    assert snapshot(site / "output") == before


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_file_is_named_with_its_line_and_what_is_right(broken: Broken, reported: list[dict[str, Any]]) -> None:
    path = f"content/2016/{broken.name}.md"
    found = [(problem["line"], problem["code"]) for problem in reported if problem["path"] == path]
    assert (broken.line, broken.code) in found


@pytest.fixture(scope="module")
def reported(site: Path) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = build(site).json["problems"]
    return problems


def test_every_message_stands_in_both_languages_and_helps(site: Path) -> None:
    by_language = {language: build(site, "--lang", language).json["problems"] for language in ("vi", "en")}
    for vietnamese, english in zip(by_language["vi"], by_language["en"], strict=True):
        assert vietnamese["message"] != english["message"]
        assert vietnamese["hint"], vietnamese
        assert english["hint"], english


def test_the_good_item_is_in_no_problem(reported: list[dict[str, Any]]) -> None:
    assert not [problem for problem in reported if problem["path"] == "content/2016/tot.md"]


def test_a_line_of_the_report_is_one_that_editing_programs_understand(site: Path) -> None:
    lines = run(site, "check").err.splitlines()
    assert "content/2016/us-date.md:4: error: " in "\n".join(lines)
    assert all(line.startswith("content/") and line.endswith("]") for line in lines)


def test_keep_going_publishes_the_good_ones_and_still_fails(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/tot.md": GOOD, "content/hong.md": BROKEN[-1].data})
    ran = build(root, "--keep-going")
    assert ran.code == 1
    assert ran.json["items"] == 1
    assert (root / "output/tin/2016/12/tot/index.html").is_file()
    assert not (root / "output/tin/2016/12/hong").exists()


def test_keep_going_leaves_out_what_links_to_the_broken(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/tot.md": GOOD,
        "content/hong.md": BROKEN[-1].data,
        "content/dan.md": item("Xem [bài hỏng](hong.md)."),
    }
    ran = build(write(tmp_path, files), "--keep-going")
    assert ran.code == 1
    assert "link-to-broken" in ran.codes
    assert ran.json["items"] == 1
