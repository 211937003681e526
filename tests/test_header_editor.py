"""The header of an item is edited: the reader finds what was meant, and no byte changes that was not touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.items import decode, frontmatter
from bulletin.items.article import KEYS
from bulletin.items.frontmatter import MAX_HEADER, Listing, Node, Scalar
from bulletin.items.header_editor import ItemText, Value, edit_header, read_item
from bulletin.model import Source
from bulletin.vietnamese import clean
from tests.naughty import naughty

PATH = "content/a.md"
TEXT = """\
---
# Ban Truyền thông
title: Tin  # tạm
province: [Đắk Lắk, Gia Lai]

# ngày ký, không phải ngày đăng
date: 25/12/2016
deals:
  # theo công văn 12
  - province: Đắk Lắk
    date: 2016-11   # chưa rõ ngày
    value: "5 tỷ đồng"
  - province: Gia Lai
    date: 2016-12-01
    value: >
      6 tỷ
      đồng
summary: |
  Hai bên
  # ký kết

tags:
- 4G
- 'y tế'
---

Bài.
"""
ROWS = (
    {"province": "Đắk Lắk", "date": "2016-11", "value": "5 tỷ đồng"},
    {"province": "Gia Lai", "date": "2016-12-01", "value": "6 tỷ đồng"},
)


def edited(text: str, **changes: Value) -> str:
    done = edit_header(PATH, text, changes)
    assert isinstance(done, str), done
    return done


def refused(text: str, **changes: Value) -> list[tuple[int, str]]:
    done = edit_header(PATH, text, changes)
    assert not isinstance(done, str), done
    return [(found.line, found.code) for found in done]


def said(node: Node | None) -> object:
    if node is None or isinstance(node, Scalar):
        return node.text if node else None
    if isinstance(node, Listing):
        return [said(item) for item in node.items]
    return {entry.key: said(entry.value) for entry in node.entries}


def read(text: str) -> dict[str, object]:
    """Return what the reader finds in a text against which it says nothing."""
    source = decode(PATH, text.encode())
    assert isinstance(source, Source)
    document, problems = frontmatter.parse(source)
    assert document is not None
    assert problems == ()
    return {entry.key: said(entry.value) for entry in document.header.entries}


# By example


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"title": "Hai tin"}, "title: Tin  # tạm", 'title: "Hai tin"  # tạm'),
        ({"title": "Tin"}, "", ""),
        ({"province": ["Đắk Lắk", "Huế, Hội An"]}, "[Đắk Lắk, Gia Lai]", '[Đắk Lắk, "Huế, Hội An"]'),
        ({"province": ["Đắk Lắk"]}, "[Đắk Lắk, Gia Lai]", "Đắk Lắk"),
        ({"date": "26/12/2016"}, "25/12/2016", "26/12/2016"),
        ({"date": None}, "date: 25/12/2016\n", ""),
        ({"summary": "Một: hai"}, "|\n  Hai bên\n  # ký kết\n", '"Một: hai"\n'),
        ({"summary": ""}, "summary: |\n  Hai bên\n  # ký kết\n", ""),
        ({"summary": "Hai\n\n  bên # ký   kết"}, "", ""),
        ({"tags": ["4G", "5G", "y tế"]}, "- 4G\n", "- 4G\n- 5G\n"),
        ({"tags": ["y tế", "- x"]}, "- 4G\n- 'y tế'\n", "- 'y tế'\n- \"- x\"\n"),
        ({"tags": []}, "tags:\n- 4G\n- 'y tế'\n", ""),
        ({"draft": True}, "'y tế'\n", "'y tế'\ndraft: true\n"),
        ({"category": "Ký kết"}, "  # ký kết\n", "  # ký kết\ncategory: Ký kết\n"),
        ({"value": "5 tỷ"}, "25/12/2016\n", "25/12/2016\nvalue: 5 tỷ\n"),
        ({"deals": ROWS}, "", ""),
        ({"deals": [{key: row[key] for key in reversed(row)} for row in ROWS]}, "", ""),
        ({"deals": [ROWS[0] | {"date": "2016-11-03"}, ROWS[1]]}, "2016-11   #", '"2016-11-03"   #'),
        ({"deals": [ROWS[0], ROWS[1] | {"name": "Đợt 1"}]}, "      đồng\n", "      đồng\n    name: Đợt 1\n"),
        (
            {"deals": [ROWS[0], {"province": "Gia Lai", "date": "2016-12-01"}]},
            "    value: >\n      6 tỷ\n      đồng\n",
            "",
        ),
        (
            {"deals": [*ROWS, {"province": "Huế", "date": "2016", "value": "x: y", "name": ""}]},
            "      đồng\n",
            '      đồng\n  - province: Huế\n    date: 2016\n    value: "x: y"\n',
        ),
        (
            {"deals": [ROWS[1]]},
            '  - province: Đắk Lắk\n    date: 2016-11   # chưa rõ ngày\n    value: "5 tỷ đồng"\n',
            "",
        ),
        (
            {"tags": ["4G"]},
            "- 'y tế'\n",
            "",
        ),
        (
            {"updated": [{"date": "2017-01-01", "note": "Số tiền"}]},
            "'y tế'\n",
            "'y tế'\nupdated:\n  - date: 2017-01-01\n    note: Số tiền\n",
        ),
    ],
)
def test_an_edit_changes_nothing_else(changes: Mapping[str, Value], old: str, new: str) -> None:
    assert TEXT.count(old) == 1 or not old
    for end, mark in (("\n", ""), ("\r\n", "\ufeff"), ("\r", "")):
        text, wanted = (mark + side.replace("\n", end) for side in (TEXT, TEXT.replace(old, new, 1) if old else TEXT))
        assert edited(text, **changes) == wanted


@pytest.mark.parametrize(
    "text", ["yes", "no", "2016-12-25", "12:30", "010", "2.000", "a, b", "a#b", "R'Lấp", "a\\b", "=1", "x:y"]
)
def test_what_yaml_would_guess_is_plain_text_here(text: str) -> None:
    assert edited("---\ntitle: Tin\n---\n", title=text) == f"---\ntitle: {text}\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "a:",
        "#a",
        "a #b",
        "- a",
        "> a",
        "| a",
        '"a',
        "'a",
        "[a",
        "{a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "? a",
        "`a",
    ],
)
def test_what_yaml_would_take_for_a_sign_is_quoted(text: str) -> None:
    done = edited("---\ntitle: Tin\n---\n", title=text)
    assert done.startswith(('---\ntitle: "', "---\ntitle: '"))
    assert read(done) == {"title": text}


def test_what_stands_below_the_header_is_no_part_of_it() -> None:
    body = "---\ntitle: x\n---\ntrailing  \r\n\r\n\ttab"
    assert edited(f"---\ntitle: Tin\n---\n{body}", title="Hai") == f"---\ntitle: Hai\n---\n{body}"


def test_a_comment_above_an_entry_goes_with_it_unless_it_is_above_all() -> None:
    text = "---\ntags:\n# tất cả\n- a\n# về b\n- b\n# về c\n- c\n# ngày\ndate: 2016\n---\n"
    assert edited(text, tags=["a", "c"]) == text.replace("# về b\n- b\n", "")
    assert edited(text, tags=["a"]) == text.replace("# về b\n- b\n# về c\n- c\n", "")
    assert edited(text, tags=["b", "c"]) == text.replace("- a\n", "")
    assert edited(text, tags=["b", "d"]) == text.replace("- a\n", "").replace("- c\n", "- d\n")


def test_an_empty_file_gets_a_header() -> None:
    assert edited("", date="2016-12-25", title="Tin") == "---\ntitle: Tin\ndate: 2016-12-25\n---\n\n"
    assert edited("\ufeff\r\n", title="Tin") == "\ufeff---\ntitle: Tin\n---\n\n\r\n"
    assert edited("---\n---\n", title="Tin") == "---\ntitle: Tin\n---\n"
    assert refused("", title=None) == [(1, "file-empty")]


def test_a_key_keeps_its_spelling_and_the_header_its_indentation() -> None:
    text = "---\n  Title: Tin\n  Date : 2016\n---\n"
    assert edited(text, date="2017", province=["Huế"]) == ("---\n  Title: Tin\n  province: Huế\n  Date : 2017\n---\n")


@pytest.mark.parametrize("empty", ["", " ", " ~", " null", " ''", "   # chú thích", " []"])
def test_a_key_without_a_value_gets_one_on_its_line(empty: str) -> None:
    text = f"---\nsummary:{empty}\ntitle: Tin\n---\n"
    assert edited(text, summary=None) == text
    done = edited(text, summary="Tóm tắt")
    assert read(done) == {"summary": "Tóm tắt", "title": "Tin"}
    assert done.endswith("\ntitle: Tin\n---\n")
    assert ("# chú thích" in done) == ("#" in empty)


def test_decomposed_letters_elsewhere_stay_decomposed() -> None:
    text = unicodedata.normalize("NFD", TEXT)
    done = edited(text, date="2016-12-26", deals=[ROWS[0], ROWS[1] | {"value": "7 tỷ"}])
    assert unicodedata.normalize("NFC", done) == edited(
        TEXT, date="2016-12-26", deals=[ROWS[0], ROWS[1] | {"value": "7 tỷ"}]
    )
    assert done.count("\u0302") == text.count("\u0302") - 1, "that of «đồng» went with the amount"


def test_an_unknown_key_can_be_taken_away_and_not_set() -> None:
    text = "---\ntieu de: Tin\ntitle: Tin\n---\n"
    assert edited(text, **{"tieu de": None}) == "---\ntitle: Tin\n---\n"
    with pytest.raises(KeyError):
        edited(text, **{"tieu de": "Hai"})


# Refused


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bài.\n", (1, "header-missing")),
        ("---\ntitle: Tin\n", (1, "header-not-closed")),
        ("\n---\ntitle: Tin\n---\n", (1, "header-not-first")),
        ("---\ntitle: Tin: hai\ndate: 2016\n---\n", (2, "yaml-colon")),
        ("---\ntitle: Tin\ndate: 2016\ntitle: Hai\n---\n", (4, "duplicate-key")),
        ("---\n{title: Tin, date: 2016}\n---\n", (2, "header-not-editable")),
        ("---\ntitle: Tin\x00\n---\n", (2, "forbidden-character")),
        ("---\ntitle: Tin\u2028\n---\n", (2, "line-separator")),
        ("---\ntitle: Tin\ud800\n---\n", (2, "file-not-utf8")),
    ],
)
def test_a_header_that_cannot_be_edited_is_refused_in_the_words_of_the_reader(
    text: str, found: tuple[int, str]
) -> None:
    assert refused(text, title="Mới") == [found]
    assert edit_header(PATH, text, {}) == text


def test_a_key_that_stands_twice_does_not_keep_others_from_being_edited() -> None:
    text = "---\ntitle: Tin\ntitle: Hai\ndate: 2016\n---\n"
    assert edited(text, date="2017") == text.replace("2016", "2017")


def test_what_no_header_can_hold_is_refused() -> None:
    for value in ("null", "~", "a\x00b", ["null", "\ufffe"], [{"note": "~", "date": "x"}]):
        assert [code for _, code in refused("---\nupdated: x\ntitle: Tin\n---\n", title=value)] == ["new-unwritable"]
    assert refused(TEXT, title="a" * (MAX_HEADER // 2), summary="a" * (MAX_HEADER // 2)) == [(1, "header-too-long")]


# By property

ROWS_IN_STYLES = (
    """\
deals:
  - province: Huế
    date: 2016-12
    value: 5 tỷ
  # sau
  - value: 6 tỷ
    province: Gia Lai
""",
    "deals: [{province: Huế, date: 2016-12, value: 5 tỷ}]\n",
    """\
deals:
-
  province: Huế
  # giữa
  date: >-
   2016

  value: '5'
-   {province: Huế, date: '2016'}
""",
)
STYLES: Mapping[str, tuple[str, ...]] = {
    "title": ("title: Tin\n", 'title: "Tin: một"\n', "title: 'Đắk R''Lấp' # tạm\n", "Title :  Tin\n  dài\n  lắm\n"),
    "province": ("province: Huế\n", "province: [Huế,\n  'Gia Lai', ]\n", "province:\n- Huế\n-  Gia Lai # hai\n"),
    "date": ("date: 2016-12-25\n", "date:   25/12/2016   \n", "date:\n", "date: # chưa rõ\n"),
    "deals": ROWS_IN_STYLES,
    "summary": ("summary: |\n  một\n  # hai\n", "summary: >+\n  một\n\n  hai\n", "summary: ~\n", 'summary: "a\n  b"\n'),
    "tags": ("tags: []\n", "tags: [a, 'b, c',\n # d\n e]\n", "tags:\n  # trước\n  - a\n\n  - 'b: c'\n"),
    "draft": ("draft: True\n", "draft: false # chưa\n"),
    "khóa lạ": ("khóa lạ: x\n", "khóa lạ:\n - x\n"),
}
BETWEEN = ("", "", "", "\n", "# chú thích: không phải khóa\n", " # lùi vào\n\n")
ANY = st.one_of(
    st.sampled_from(list(chain.from_iterable(naughty().values()))),
    st.text(alphabet="\"'\\:#-?[]{},&*!|>%@`~=. ađ\n\t", min_size=1, max_size=12),
    st.text(min_size=1, max_size=12),
)
TEXTS = ANY.filter(
    lambda text: (
        clean(text).lower() not in {"", "~", "null"}
        and isinstance(decode("", clean(text).encode(errors="surrogatepass")), Source)
    )
)
ROW = st.fixed_dictionaries({"province": TEXTS}, optional={"date": TEXTS, "value": TEXTS, "name": TEXTS})
VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "title": TEXTS,
    "province": TEXTS | st.lists(TEXTS, min_size=1, max_size=3),
    "date": TEXTS,
    "value": TEXTS,
    "deals": st.lists(ROW, min_size=1, max_size=3),
    "summary": TEXTS,
    "category": TEXTS,
    "tags": st.lists(TEXTS, min_size=1, max_size=4),
    "draft": st.booleans(),
    "updated": st.lists(st.fixed_dictionaries({"date": TEXTS, "note": TEXTS}), min_size=1, max_size=2),
}


@st.composite
def headers(draw: st.DrawFn) -> dict[str, str]:
    """Return the header's keys with their lines, in any order and style; under "" what stands between and after."""
    keys = draw(st.permutations(list(STYLES)).map(lambda keys: keys[: len(keys) - 2]))
    parts: dict[str, str] = {"0": draw(st.sampled_from(BETWEEN))}
    for key in keys:
        parts[key] = draw(st.sampled_from(STYLES[key]))
        parts[f"{len(parts)}"] = draw(st.sampled_from(BETWEEN))
    return parts


def written(parts: Mapping[str, str], end: str = "\n") -> str:
    return ("---\n" + "".join(parts.values()) + "---\n\nBài  \n").replace("\n", end)


def meant(key: str, value: Value) -> object:
    """Return what the reader is to find."""
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value).lower()
    if isinstance(value, str):
        return clean(value)
    items = [clean(item) if isinstance(item, str) else {k: clean(v) for k, v in item.items()} for item in value]
    return items[0] if key == "province" and len(items) == 1 else items


def alone(key: str, value: object) -> object:
    """Return a list of one as a text where that means the same, and a flag in small letters."""
    if key == "province" and isinstance(value, list) and len(value) == 1:
        return value[0]
    return value.lower() if key == "draft" and isinstance(value, str) else value


CHANGE = st.sampled_from(list(VALUES)).flatmap(lambda key: st.tuples(st.just(key), st.none() | VALUES[key]))


@settings(max_examples=300, deadline=None)
@given(headers(), CHANGE, st.sampled_from(["\n", "\r\n"]))
def test_any_edit_of_any_header_is_read_as_meant_and_changes_the_lines_of_its_key_alone(
    parts: dict[str, str], change: tuple[str, Value], end: str
) -> None:
    key, value = change
    text = written(parts, end)
    before = read(text)
    done = edited(text, **{key: value})
    if alone(key, before.get(key)) == meant(key, value):
        assert done == text
        return
    expected = before | {key: meant(key, value)}
    assert {k: alone(k, v) for k, v in read(done).items()} == {
        k: alone(k, v) for k, v in expected.items() if not (k == key and value is None)
    }
    if key in parts:
        place = list(parts).index(key)
        kept = list(parts.values())
        before_it = ("---\n" + "".join(kept[:place])).replace("\n", end)
        after_it = ("".join(kept[place + 1 :]) + "---\n\nBài  \n").replace("\n", end)
        assert done.startswith(before_it)
        assert done.endswith(after_it)
        assert value is not None or done == before_it + after_it
    else:
        same = next(at for at in range(len(text), -1, -1) if done.startswith(text[:at]))
        added = len(done) - len(text)
        assert any(done[:at] + done[at + added :] == text for at in range(same, -1, -1))
    assert not {"\n", "\r\n"} <= {end_of(line) for line in done.splitlines(keepends=True)}
    assert edited(done, **{key: value}) == done


def end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


@settings(max_examples=100, deadline=None)
@given(headers(), CHANGE, CHANGE)
def test_two_edits_may_be_made_in_either_order_or_at_once(
    parts: dict[str, str], one: tuple[str, Value], two: tuple[str, Value]
) -> None:
    if one[0] == two[0]:
        return
    text = written(parts)
    ways = (
        edited(edited(text, **dict([one])), **dict([two])),
        edited(edited(text, **dict([two])), **dict([one])),
        edited(text, **dict([one, two])),
        edited(text, **dict([two, one])),
    )
    assert read(ways[0]) == read(ways[1]) == read(ways[2])
    assert ways[2] == ways[3]
    # A key that goes takes with it what told where a new one belongs.
    if (one[1] is None) == (two[1] is None):
        assert len(set(ways)) == 1


def test_every_known_key_can_be_added_to_a_header_in_its_place() -> None:
    text = "---\n---\nBài.\n"
    for key in reversed(KEYS):
        text = edited(text, **{key: "x"})
    assert text == "---\n" + "".join(f"{key}: x\n" for key in KEYS) + "---\nBài.\n"


# Taken apart


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_taken_apart_into_what_can_be_put_together_again(end: str) -> None:
    text = "\ufeff" + TEXT.replace("\n", end)
    found = read_item(PATH, text)
    assert isinstance(found, ItemText)
    assert found.head + found.body == text
    assert found.body == f"{end}Bài.{end}"
    assert found.values == {
        "title": "Tin",
        "province": ["Đắk Lắk", "Gia Lai"],
        "date": "25/12/2016",
        "deals": list(ROWS),
        "summary": "Hai bên # ký kết",
        "tags": ["4G", "y tế"],
    }
    assert edit_header(PATH, text, dict(found.values)) == text


@settings(max_examples=100, deadline=None)
@given(headers())
def test_any_item_given_its_own_values_keeps_every_byte(parts: dict[str, str]) -> None:
    text = written(parts)
    found = read_item(PATH, text)
    assert isinstance(found, ItemText)
    assert found.head + found.body == text
    assert edited(text, **{key: value for key, value in found.values.items() if key in KEYS}) == text


def test_a_text_is_taken_apart_even_if_nothing_follows_its_header() -> None:
    for text in ("---\ntitle: Tin\n---", "---\ntitle: Tin\n---\n", "---\nvalue: ''\n---  \n\n\n"):
        found = read_item(PATH, text)
        assert isinstance(found, ItemText)
        assert found.head + found.body == text
        assert not found.body.strip()
        assert found.values in ({"title": "Tin"}, {})


def test_what_no_key_can_hold_is_shown_as_text() -> None:
    found = read_item(PATH, "---\ntags: [a, [b, c], {d: e}]\ntitle: {a: b}\n---\n")
    assert isinstance(found, ItemText)
    assert found.values == {"tags": ["a", "b, c", "d: e"], "title": [{"a": "b"}]}
    assert edited("---\ntags:\n  - a\n  - b: c\n---\n", tags=["a", "b: c"]) == '---\ntags:\n  - a\n  - "b: c"\n---\n'
    assert read_item(PATH, "Bài.\n") == edit_header(PATH, "Bài.\n", {"title": "x"})


def test_a_row_with_a_key_twice_is_not_guessed_at() -> None:
    text = "---\ndeals:\n  - province: Huế\n    date: 2016\n    value: 5 tỷ\n    date: 2017\n---\n"
    for row in ({"province": "Huế"}, {"province": "Huế", "date": "2018"}, {"date": "2018"}):
        done = edit_header(PATH, text, {"deals": [row]})
        assert not isinstance(done, str) or read(done) == {"deals": [row]}
    assert edit_header(PATH, text, {"title": "Tin"}) == text.replace("---\ndeals", "---\ntitle: Tin\ndeals")
