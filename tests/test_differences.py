"""What differs between two texts of an item, in the words of readers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.items.article import KEYS
from bulletin.review.differences import BlockChange, difference, name_of, paragraphs, words_of
from tests.builders import PATH, deals, item


def fields(before: str, after: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = difference(PATH, before, after)
    return {change.key: (change.before, change.after) for change in found.fields}


def blocks(before: str, after: str) -> list[tuple[str, str]]:
    """Return the paragraphs by kind; of a changed one the words that went in brackets, those that came in braces."""
    marks = {"kept": "{}", "removed": "[{}]", "added": "{{{}}}", "changed": ""}
    found = difference(PATH, item(before), item(after)).blocks
    return [
        (b.kind, "".join(marks[p.kind if b.kind == "changed" else "kept"].format(p.text) for p in b.parts))
        for b in found
    ]


@pytest.mark.parametrize(
    ("key", "before", "after", "said"),
    [
        ("title", "Tin", "Tin mới", (("Tin",), ("Tin mới",))),
        ("date", "25/12/2016", "2016-12-26", (("Chủ Nhật, 25/12/2016",), ("Thứ Hai, 26/12/2016",))),
        ("date", "chưa rõ", None, (("chưa rõ",), ())),
        (
            "value",
            "5 tỷ",
            "gần 50 tỷ đồng",
            (("5\u00a0tỷ\u00a0đồng (năm tỷ đồng)",), ("gần\u00a050\u00a0tỷ\u00a0đồng (gần năm mươi tỷ đồng)",)),
        ),
        ("value", None, "chưa công bố", ((), ("chưa công bố",))),
        ("value", "12", "khoảng nhiều", (("12",), ("khoảng nhiều",))),
        ("draft", "true", None, (("có",), ())),
        ("draft", "có lẽ", "False", (("có lẽ",), ("không",))),
        ("pinned", "true", "2016-12-31", (("có",), ("Thứ Bảy, 31/12/2016",))),
        ("publish", "25/12/2016 8:30", "mai", (("Chủ Nhật, 25/12/2016, 08:30",), ("mai",))),
        ("event", "30/12/2016 8h", "mai", (("thứ Sáu, 30/12/2016, 8\u00a0giờ",), ("mai",))),
        ("province", "[Huế, Đắk Lắk]", "Huế", (("Huế, Đắk Lắk",), ("Huế",))),
        ("tags", "[4G]", "[4G, 5G]", (("4G",), ("4G, 5G",))),
        ("khóa lạ", "x", "y", (("x",), ("y",))),
    ],
)
def test_a_field_is_told_as_readers_see_it(
    key: str, before: str | None, after: str | None, said: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert fields(item(**{key: before}), item(**{key: after})) == {key: said}


def test_rows_are_told_row_by_row() -> None:
    two = deals(("Huế", "2016-11", "5 tỷ đồng"), ("Đắk Lắk", "2016-12-01", "chưa công bố"))
    assert fields(item(deals=two), item(updated="\n  - date: 2016-12-26\n    note: Số tiền")) == {
        "deals": (
            ("Huế · tháng 11/2016 · 5\u00a0tỷ\u00a0đồng (năm tỷ đồng)", "Đắk Lắk · 01/12/2016 · chưa công bố"),
            (),
        ),
        "updated": ((), ("Thứ Hai, 26/12/2016 · Số tiền",)),
    }


def test_what_says_the_same_to_readers_does_not_differ() -> None:
    before = item("Một.  \n\nHai.\n", date="25/12/2016", value="5 tỷ", tags="[a, b]")
    after = item("\nMột.\n\n\nHai.", date="2016-12-25", value="5,0 tỷ đồng", tags="\n- a\n- 'b'").replace("\n", "\r\n")
    assert difference(PATH, before, after).is_empty
    assert not difference(PATH, before, item("Một.\n\nBa.\n")).is_empty


def test_the_fields_stand_in_their_customary_order() -> None:
    found = difference(PATH, item(), item(title="x", slug="x", category="x", date="2016-12-26", value="5 tỷ"))
    assert [change.key for change in found.fields] == ["title", "date", "value", "category", "slug"]


def test_every_key_has_a_name_that_people_know() -> None:
    assert name_of("title", "vi") == "tiêu đề"
    assert name_of("khóa lạ", "vi") == "khóa lạ"
    assert len({name_of(key, "vi") for key in KEYS}) == len(KEYS)
    assert len({name_of(key, "en") for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Một.\n\nHai.\n", "Một.\n\nHai.\n", [("kept", "Một."), ("kept", "Hai.")]),
        ("Một.\n\nHai.\n", "Hai.\n", [("removed", "Một."), ("kept", "Hai.")]),
        ("Một.\n", "Một.\n\nHai.\n", [("kept", "Một."), ("added", "Hai.")]),
        (
            "Hai bên ký kết hợp tác năm 2016.\n",
            "Hai bên đã ký kết hợp tác năm 2017.\n",
            [("changed", "Hai bên {đã }ký kết hợp tác năm [2016]{2017}.")],
        ),
        (
            "Đoạn đầu giữ lại ít nhiều.\n\nCon mèo ngủ.\n\nCuối.\n",
            "Mới hẳn, không giống gì.\n\nĐoạn đầu giữ lại nhiều.\n\nCuối.\n",
            [
                ("added", "Mới hẳn, không giống gì."),
                ("changed", "Đoạn đầu giữ lại [ít ]nhiều."),
                ("removed", "Con mèo ngủ."),
                ("kept", "Cuối."),
            ],
        ),
        ("Một.\n\n```\na\n\nb\n```\n", "Một.\n\n```\na\n\nb\n```\n", [("kept", "Một."), ("kept", "```\na\n\nb\n```")]),
        ("", "", []),
        ("", "Một.", [("added", "Một.")]),
    ],
)
def test_paragraphs_are_told_one_by_one_and_in_changed_ones_the_words(
    before: str, after: str, said: list[tuple[str, str]]
) -> None:
    assert blocks(before, after) == said


def test_a_text_without_a_readable_header_is_compared_by_its_paragraphs() -> None:
    found = difference(PATH, "Bài.\n\nHai.\n", item("\nHai.\n"))
    assert found.fields == ()
    assert [block.kind for block in found.blocks] == ["removed", "added", "kept"]
    assert found.blocks[1].parts[0].text.startswith("---\ntitle: Tin\n")


LINES = st.sampled_from(["a", "b b b", "c d", "", "", "  ", "```", "~~~~", "    x", "- y"])
BODIES = st.tuples(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()).map(
    lambda made: made[1].join(made[0]) + (made[1] if made[2] else "")
)


@settings(max_examples=100, deadline=None)
@given(BODIES)
def test_paragraphs_are_all_of_a_body(body: str) -> None:
    cut = paragraphs(body)
    assert "".join(cut) == body
    assert all(cut)


def side(changes: tuple[BlockChange, ...], gone: str) -> list[str]:
    """Return one of the two texts, word by word, out of the changes."""
    return [w for b in changes for p in b.parts if gone not in (b.kind, p.kind) for w in p.text.split()]


@settings(max_examples=100, deadline=None)
@given(BODIES, BODIES)
def test_each_text_can_be_read_out_of_the_difference(before: str, after: str) -> None:
    found = difference(PATH, f"---\ntitle: a\n---\n{before}", f"---\ntitle: a\n---\n{after}").blocks
    assert side(found, "added") == before.split()
    assert side(found, "removed") == after.split()
    if words_of(before) == words_of(after):
        assert all(block.kind == "kept" for block in found)


def test_long_texts_are_compared_in_time_that_does_not_grow_with_their_square() -> None:
    many = "\n\n".join(f"Đoạn {number} a b c d e." for number in range(3000))
    other = "\n\n".join(f"Phần {number} x y z t u v." for number in range(3000))
    assert len(difference(PATH, item(many), item(other)).blocks) == 6000
    long, longer = "a b c d " * 5000, "a b d c " * 5000
    assert [block.kind for block in difference(PATH, item(long), item(longer)).blocks] == ["removed", "added"]
