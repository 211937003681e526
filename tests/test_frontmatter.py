"""The header: every scalar stays text and knows its line; what YAML would misread or lose is refused where it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.items import decode
from bulletin.items.frontmatter import Document, Entry, Listing, Mapping, Node, Scalar, parse
from bulletin.model import Source
from bulletin.problems import Problem
from tests.builders import PATH, Mark, headed, item, marks, word

Plain = str | list["Plain"] | dict[str, "Plain"] | None

SPECIAL_BEGINNINGS = [
    "- 500 tỷ",
    "> 500 tỷ",
    "| 500 tỷ",
    "? 500 tỷ",
    ", 500 tỷ",
    "[Tin nóng] Ký kết",
    "] 500 tỷ",
    "{500 tỷ",
    "} 500 tỷ",
    "*Viettel*",
    "@viettel",
    "% tăng trưởng",
    "`mã`",
    "&a 500",
    "!500",
    "!!str 500",
    "!!python/object/apply:os.system ['id']",
]
TEXTS_THAT_YAML_GUESSES = [
    "no",
    "NO",
    "on",
    "off",
    "yes",
    "y",
    "true",
    "2.000",
    "1.5",
    "2,000",
    "0500",
    "010",
    "08",
    "01",
    "1:30",
    "20:12:16",
    "1_000",
    "0x10",
    "0b11",
    ".inf",
    ".NaN",
    "2.0e+12",
    "=",
    "2016-12-25",
    "2016-12-25 07:30:00",
    "2016-12-25T07:30:00Z",
    "2016-13-01",
    "2016-02-30",
    "20161225",
    "-5",
    "Huế#1",
    "a:b",
    "“Thái Nguyên”",
]


def parsed(text: str) -> tuple[Document | None, tuple[Problem, ...]]:
    source = decode(PATH, text.encode())
    assert isinstance(source, Source)
    return parse(source)


def entries(*lines: str) -> tuple[Entry, ...]:
    document, problems = parsed(headed(*lines))
    assert problems == ()
    assert document is not None
    return document.header.entries


def plain(node: Node | None) -> Plain:
    """Return a node as Python writes it, without its lines."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [plain(part) for part in node.items]
    return {entry.key: plain(entry.value) for entry in node.entries} if node else None


def read(*lines: str) -> Plain:
    return plain(Mapping(entries=entries(*lines), line=0))


def faults(*lines: str) -> list[Mark]:
    return marks(parsed(headed(*lines))[1])


def refusal(text: str) -> list[Mark]:
    """Return why a text has no header at all."""
    document, problems = parsed(text)
    assert document is None
    return marks(problems)


def test_keys_and_values_are_read_with_their_lines() -> None:
    title, provinces = entries("title: Ký kết", "", "# ghi chú", "province:", "  - Huế", "  - Đà Nẵng")
    assert title == Entry(key="title", line=2, value=Scalar(text="Ký kết", line=2, cut=False), cut=False)
    assert isinstance(provinces.value, Listing)
    assert (provinces.line, [part.line for part in provinces.value.items]) == (5, [6, 7])


def test_a_list_may_be_written_on_one_line_or_on_several_indented_or_not() -> None:
    for lines in (["province: [Huế, Đà Nẵng]"], ["province:", "- Huế", "- Đà Nẵng"], ["province: [Huế,", " Đà Nẵng]"]):
        assert read(*lines) == {"province": ["Huế", "Đà Nẵng"]}


def test_only_the_first_two_lines_of_dashes_are_the_header_s() -> None:
    document, problems = parsed(item("Mở đầu.\n\n---\n\ntitle: không phải khóa\n---\n"))
    assert problems == ()
    assert document is not None
    assert document.body.strip() == "Mở đầu.\n\n---\n\ntitle: không phải khóa\n---"


@pytest.mark.parametrize("blanks", [0, 1, 5])
def test_the_body_knows_its_line(blanks: int) -> None:
    document, _ = parsed(item("\n" * blanks + "Thân bài.\n"))
    assert document is not None
    lines = document.body.split("\n")
    assert document.body_line + lines.index("Thân bài.") == 6 + blanks


def test_an_item_may_have_no_body() -> None:
    document, problems = parsed("---\ntitle: Tin\n---")
    assert problems == ()
    assert document is not None
    assert document.body == ""


@pytest.mark.parametrize("text", ["", "\n\n", " \n\t\n"])
def test_an_empty_file_is_called_empty(text: str) -> None:
    assert refusal(text) == [(1, "error", "file-empty")]


def test_a_text_without_a_header_is_never_published_as_text() -> None:
    assert refusal("title: Tin\nprovince: Huế\n---\nThân bài.\n") == [(1, "error", "header-missing")]
    assert refusal("Thân bài.\n") == [(1, "error", "header-missing")]
    assert refusal("--\ntitle: Tin\n--\nThân bài.\n") == [(1, "error", "header-missing")]


@pytest.mark.parametrize("end", ["", "...\n", "—\n", "--\n", " ---\n"])
def test_a_header_that_is_not_closed_is_refused(end: str) -> None:
    assert refusal(f"---\ntitle: Tin\n{end}Thân bài.\n") == [(1, "error", "header-not-closed")]


def test_three_dots_do_not_close_a_header_that_a_rule_in_the_body_seems_to_close() -> None:
    problems = parsed("---\ntitle: Tin\n...\nThân bài.\n\n---\n\nHết.\n")[1]
    assert marks(problems) == [(3, "error", "yaml-line"), (4, "error", "yaml-line")]


@pytest.mark.parametrize("before", ["\n", "\n\n", " ", "\t", "\n  "])
def test_blanks_before_the_header_are_refused(before: str) -> None:
    assert refusal(before + item()) == [(1, "error", "header-not-first")]


@pytest.mark.parametrize("dashes", ["—", "–––", "—-", "-—", "– – –".replace(" ", ""), "−−−", "———"])
def test_dashes_that_word_made_smart_are_named(dashes: str) -> None:
    assert refusal(item().replace("---", dashes, 1)) == [(1, "error", "header-smart-dash")]


@pytest.mark.parametrize("dashes", ["--- ", "----", "---\t"])
def test_blanks_behind_the_dashes_and_more_dashes_do_no_harm(dashes: str) -> None:
    assert parsed(item().replace("---", dashes))[1] == ()


@pytest.mark.parametrize("header", [[], [""], ["", "", ""], ["# title: Tin"]])
def test_an_empty_header_is_a_header_without_keys(header: list[str]) -> None:
    assert entries(*header) == ()


@pytest.mark.parametrize("line", ["Tin", "- Huế", "title", "title; Tin"])
def test_a_header_that_is_a_list_or_a_text_is_refused(line: str) -> None:
    assert faults(line) == [(2, "error", "yaml-line")]


def test_a_header_whose_keys_are_a_list_is_refused() -> None:
    assert faults("- title: Tin", "- province: Huế") == [(2, "error", "yaml-syntax")]


def test_keys_are_compared_in_lower_case_and_without_invisible_characters() -> None:
    assert read("Title: Tin", "\u200bPROVINCE : Huế", "'date': hôm nay") == {
        "title": "Tin",
        "province": "Huế",
        "date": "hôm nay",
    }


def test_both_of_two_equal_keys_are_kept_to_be_told() -> None:
    assert [(entry.key, entry.line) for entry in entries("province: Huế", "Province: Hà Nội")] == [
        ("province", 2),
        ("province", 3),
    ]


def test_a_tab_before_a_key_or_an_entry_is_named() -> None:
    assert faults("title: Tin", "\tsummary: Tóm tắt") == [(3, "error", "yaml-tab")]
    assert faults("province:", "\t- Huế", "title: Tin") == [(3, "error", "yaml-tab")]


def test_a_tab_within_or_behind_a_text_is_a_blank() -> None:
    assert read("title: Ký\tkết\t") == {"title": "Ký kết"}
    assert read("province:\tHuế") == {"province": "Huế"}


@pytest.mark.parametrize("line", ["province:Huế", "date:2016-12-25", "value:\u00a02000 tỷ"])
def test_a_colon_without_a_blank_behind_it_is_named(line: str) -> None:
    assert faults("title: Tin", line, "tags: [a]") == [(3, "error", "yaml-space")]
    assert faults(line) == [(2, "error", "yaml-space")]


@pytest.mark.parametrize("value", ["Viettel: ký kết", "TP: Hồ Chí Minh", "Ký kết:"])
def test_a_colon_within_a_text_wants_quotes(value: str) -> None:
    assert faults("author: A", f"title: {value}", "tags: [a]") == [(3, "error", "yaml-colon")]
    assert read(f"title: '{value}'") == {"title": value}


@pytest.mark.parametrize("value", ["Huế # sửa", "Huế #sửa", "Huế\t# sửa"])
def test_a_blank_and_a_hash_sign_cut_a_text_and_the_cut_is_remembered(value: str) -> None:
    (entry,) = entries(f"title: {value}")
    assert entry.cut
    assert entry.value == Scalar(text="Huế", line=2, cut=True)


def test_a_text_that_is_all_comment_is_nothing_and_cut() -> None:
    assert entries("title: # abc") == (Entry(key="title", line=2, value=None, cut=True),)


@pytest.mark.parametrize("value", ["Huế#1", "'Huế # 1'", '"Huế # 1"', "'Huế' # ghi chú", "|\n  Huế # 1"])
def test_a_hash_sign_within_a_word_or_quotes_cuts_nothing(value: str) -> None:
    assert [entry.cut for entry in entries(f"title: {value}")] == [False]


@pytest.mark.parametrize("value", ['"Viettel ký "kết""', "'Đắk R'Lấp'", '"Ký" kết', "'chưa đóng", '"chưa đóng'])
def test_quotes_within_quotes_and_quotes_left_open_are_named(value: str) -> None:
    assert faults("author: A", f"title: {value}", "tags: [a]") == [(3, "error", "yaml-quotes")]


def test_a_key_with_an_open_quote_is_refused_at_its_line() -> None:
    assert faults("title: Tin", "'summary: Tóm tắt", "tags: [a]") == [(3, "error", "yaml-syntax")]
    assert faults("'summary: Tóm tắt") == [(2, "error", "yaml-syntax")]


@pytest.mark.parametrize("value", ["“Thái Nguyên”", "‘Huế’", "«Huế»", "„Huế“"])
def test_curly_quotes_are_letters_like_others(value: str) -> None:
    assert read(f"title: {value}") == {"title": value}


@pytest.mark.parametrize("value", SPECIAL_BEGINNINGS)
def test_a_text_that_begins_with_a_sign_of_yaml_wants_quotes(value: str) -> None:
    assert faults("author: A", f"title: {value}", "tags: [a]") == [(3, "error", "yaml-special")]
    quoted = value.replace("'", "''")
    assert read(f"title: '{quoted}'") == {"title": value}


def test_a_text_may_go_on_indented_and_becomes_one_line() -> None:
    assert read("value: 2000 tỷ", "  đồng", "date: x") == {"value": "2000 tỷ đồng", "date": "x"}
    assert read("title: a", " b") == {"title": "a b"}
    assert read("summary: >-", "  a", "  b", "", "  c") == {"summary": "a b c"}
    assert read("summary: |", "  a", "  b") == {"summary": "a b"}


def test_a_text_that_goes_on_at_the_margin_is_refused_at_its_line() -> None:
    assert faults("title: Ký kết", "tại Huế", "date: x") == [(3, "error", "yaml-line")]


def test_a_key_indented_below_a_text_is_refused_at_its_line() -> None:
    assert faults("title: Ký kết", "  province: Huế", "date: x") == [(3, "error", "yaml-syntax")]


def test_anchors_and_aliases_are_refused_each_at_its_line() -> None:
    assert faults("author: &a [1]", "tags: *a") == [(2, "error", "yaml-special"), (3, "error", "yaml-special")]
    assert faults("tags:", "  - &a x", "  - b") == [(3, "error", "yaml-special")]


@pytest.mark.parametrize("tag", ["!", "!!str", "!!python/object/apply:os.system", "!<tag:a>"])
def test_no_tag_is_dropped_in_silence(tag: str) -> None:
    assert faults(f"tags: {tag} ['id']") == [(2, "error", "yaml-special")]
    assert faults("title: Tin", "tags:", f"  - {tag} id") == [(4, "error", "yaml-special")]


def test_a_merge_key_is_a_key_like_others() -> None:
    assert read("<<: {a: b}") == {"<<": {"a": "b"}}


def test_keys_stay_text_too() -> None:
    assert read("true: 1", "null: 2", "2016-12-25: 3", "08: 4") == {
        "true": "1",
        "null": "2",
        "2016-12-25": "3",
        "08": "4",
    }


@pytest.mark.parametrize("line", ["[a]: b", "{a: b}: c", "? [a]"])
def test_a_key_that_is_a_list_is_refused(line: str) -> None:
    assert faults(line) == [(2, "error", "yaml-syntax")]


@pytest.mark.parametrize("text", TEXTS_THAT_YAML_GUESSES)
def test_yaml_is_not_asked_for_types(text: str) -> None:
    assert read(f"value: {text}", "tags:", f"  - {text}") == {"value": text, "tags": [text]}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "''", '""', "' '", "'\u200b'", "|"])
def test_nothing_is_written_in_several_ways(text: str) -> None:
    assert entries(f"value: {text}", "date: x")[0].value is None


def test_no_escape_spells_out_what_no_file_may_hold() -> None:
    assert faults('title: "Tin \\x07"', "tags: [a]") == [(2, "error", "yaml-escape")]
    assert faults("title: Tin", 'tags: ["a\\0"]') == [(3, "error", "yaml-escape")]
    assert read('title: "Tin\\u2028m\\u1edbi"') == {"title": "Tin mới"}


def test_invisible_characters_and_blanks_of_all_kinds_are_cleaned() -> None:
    assert read("province: Thái\u00a0\u202fNguy\u200bên\ufeff") == {"province": "Thái Nguyên"}


def test_more_nesting_than_any_key_needs_is_refused() -> None:
    assert read("deals:", "  - {date: 2016-11}") == {"deals": [{"date": "2016-11"}]}
    assert faults("title: Tin", "deals:", "  - {date: [[2016-11]]}") == [(4, "error", "yaml-nested")]
    assert faults("tags: " + "[" * 1000 + "]" * 1000) == [(2, "error", "yaml-nested")]


def test_every_line_that_cannot_be_read_is_told_and_the_others_are_read() -> None:
    text = headed("title: Viettel: ký kết", "province:Huế", "date: 2016-12-25", "tags: @a", "author: A", "ngày mai")
    document, problems = parsed(text)
    assert marks(problems) == [
        (2, "error", "yaml-colon"),
        (3, "error", "yaml-space"),
        (5, "error", "yaml-special"),
        (7, "error", "yaml-line"),
    ]
    assert [word(found, "found") for found in problems] == [
        "title: Viettel: ký kết",
        "province:Huế",
        "tags: @a",
        "ngày mai",
    ]
    assert document is not None
    assert [(entry.key, entry.line) for entry in document.header.entries] == [("date", 4), ("author", 6)]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (["  - province:Huế", "    date: 2016-11"], 3),
        (["  - province: TP: Huế", "    date: 2016-11"], 3),
        (["  - province: Huế", "    date:2016-11", "    value: 1 tỷ"], 4),
        (["  - province: Huế", '    value: "1 tỷ" đồng'], 4),
        (["  - province: Huế", "    value: @1 tỷ"], 4),
        (["  - province: Huế", "   value: 1 tỷ"], 4),
        (["  - province: Huế", "\tvalue: 1 tỷ"], 4),
    ],
)
def test_a_slip_within_a_list_of_deals_is_told_at_its_line(entry: list[str], line: int) -> None:
    ((found, severity, _),) = faults("deals:", *entry, "title: Tin")
    assert (found, severity) == (line, "error")


def test_every_entry_that_cannot_be_read_is_told() -> None:
    lines = ["deals:", "  - province: Huế: a", "    date: 2016-11", "  - province: Hà: b", "    date: 2016-11"]
    assert [line for line, _, _ in faults(*lines)] == [3, 5]


good_lines = st.sampled_from(["title: Tin", "tags: [a, b]", "author: 'A'", "summary: 2.000"])
bad_lines = st.sampled_from(
    ["title: a: b", "province:Huế", "tags: @a", 'author: "A" b', "ngày mai", "slug: [a] b", "value: &a 5"]
)
fillers = st.sampled_from(["", "# ghi chú", "  # ghi chú", "  "])


@given(st.lists(good_lines | bad_lines, min_size=1, max_size=6), st.lists(fillers, min_size=1, max_size=4), st.data())
def test_a_line_stays_right_when_blank_lines_and_comments_come_before_it(
    lines: list[str], filling: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(lines)))
    moved = [(line + len(filling) * (line >= at + 2), severity, code) for line, severity, code in faults(*lines)]
    assert faults(*lines[:at], *filling, *lines[at:]) == moved


SCRAPS = [
    *(
        "title",
        "province",
        ": ",
        ":",
        "\n",
        "\n  ",
        "- ",
        "Huế",
        " #",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "|",
        ">",
        "\t",
    ),
    *("&a", "*a", "!x", "~", "null", "—", "?", "%", "@", "`", "<<", "---", "...", "\ufeff", "\u00a0", "\\x07", "2016"),
]
headers = st.lists(st.sampled_from(SCRAPS), max_size=16).map("".join) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"])
)


@settings(max_examples=300)
@given(headers)
def test_any_header_gives_entries_and_problems_within_its_lines(header: str) -> None:
    source = decode(PATH, headed(header).encode())
    if isinstance(source, Source):
        document, problems = parse(source)
        last = source.text.count("\n") + 1
        assert all(1 <= found.line <= last for found in problems)
        if document:
            assert all(1 <= entry.line <= last for entry in document.header.entries)
        else:
            assert problems
