"""Two people changed one item: what each changed can be told, and chosen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.desk.merging import merge, merged
from bulletin.items import read_item
from tests.builders import PATH, item
from tests.test_differences import BODIES

BASE = item("Một.\n\nHai.\n\nBa.\n", value="5 tỷ đồng", summary="Tóm tắt")
MINE = item("Một của tôi.\n\nHai.\n\nBa.\n\nBốn.\n", value="6 tỷ đồng", summary="Tóm tắt", title="Mới")
THEIRS = item("Một của họ.\n\nHai.\n", value="7 tỷ đồng", title="Mới", tags="[4G]")


def test_each_field_and_paragraph_says_who_changed_it() -> None:
    found = merge(PATH, BASE, MINE, THEIRS)
    assert {field.key: field.verdict for field in found.fields} == {
        "title": "same",
        "value": "both",
        "summary": "theirs",
        "tags": "theirs",
    }
    assert [(block.verdict, block.base, block.mine, block.theirs) for block in found.blocks] == [
        ("both", ("Một.\n\n",), ("Một của tôi.\n\n",), ("Một của họ.\n\n",)),
        ("kept", ("Hai.\n\n",), ("Hai.\n\n",), ("Hai.\n",)),
        ("both", ("Ba.\n",), ("Ba.\n\n", "Bốn.\n"), ()),
    ]


def test_what_was_chosen_is_put_together() -> None:
    found = merge(PATH, BASE, MINE, THEIRS)
    done = merged(found, {"value": "mine"}, {0: "theirs", 2: "mine"})
    assert done == item("Một của họ.\n\nHai.\n\nBa.\n\nBốn.\n", value="6 tỷ đồng", title="Mới", tags="[4G]")
    assert merged(found, {"value": "theirs"}, {0: "theirs", 2: "theirs"}) == THEIRS
    done = merged(found, {"value": "mine", "summary": "mine", "tags": "mine"}, {0: "mine", 1: "mine", 2: "mine"})
    assert done == MINE


def test_what_both_have_changed_has_to_be_chosen() -> None:
    found = merge(PATH, BASE, MINE, THEIRS)
    with pytest.raises(KeyError):
        merged(found, {}, {0: "mine", 2: "mine"})
    with pytest.raises(KeyError):
        merged(found, {"value": "mine"}, {0: "mine"})


def test_what_one_alone_has_changed_is_taken_without_asking() -> None:
    assert merged(merge(PATH, BASE, MINE, BASE), {}, {}) == MINE
    assert merged(merge(PATH, BASE, BASE, THEIRS), {}, {}) == THEIRS
    one = item("Một.\n\nHai.\n\nBa.\n", value="5 tỷ đồng", summary="Khác")
    two = item("Một.\n\nHai.\n\nBa!\n", value="5 tỷ đồng", summary="Tóm tắt")
    assert merged(merge(PATH, BASE, one, two), {}, {}) == item(
        "Một.\n\nHai.\n\nBa!\n", value="5 tỷ đồng", summary="Khác"
    )


def test_without_the_text_that_both_began_with_everything_has_to_be_chosen() -> None:
    found = merge(PATH, None, MINE, THEIRS)
    assert {field.verdict for field in found.fields} == {"both"}
    assert [block.verdict for block in found.blocks] == ["both", "kept", "both"]
    assert all(block.base == () for block in found.blocks if block.verdict == "both")


def test_bytes_that_nobody_touched_stay_as_they_are_in_the_file() -> None:
    text = "\ufeff---\r\ntitle:   Tin # tạm\r\n# chú thích\r\ndate: 2016\r\n---\r\nMột. \r\n\r\n\r\n\tHai.\r\n\r\nBa"
    mine = text.replace("Hai.", "Hai!").replace("date: 2016", "date: 2017")
    assert merged(merge(PATH, text, mine, text), {}, {}) == mine


def test_a_broken_header_is_chosen_as_a_paragraph() -> None:
    mine = BASE.replace("title: Tin", "title: Tin: hai")
    found = merge(PATH, BASE, mine, BASE)
    assert found.fields == ()
    assert merged(found, {}, {}) == mine


def test_a_field_that_cannot_be_written_is_told() -> None:
    theirs = BASE.replace("title: Tin", "title: Tin\ntitle: Hai")
    found = merge(PATH, BASE, BASE.replace("title: Tin", "title: Ba"), theirs)
    done = merged(found, {"title": "mine"}, {})
    assert not isinstance(done, str)
    assert [problem.code for problem in done] == ["duplicate-key"]


@settings(max_examples=100, deadline=None)
@given(base=BODIES, mine=BODIES, theirs=BODIES, knows_base=st.booleans())
def test_whoever_is_chosen_throughout_has_all_their_words_and_no_others(
    base: str, mine: str, theirs: str, *, knows_base: bool
) -> None:
    texts = [f"---\ntitle: a\n---\n{body}" for body in (base, mine, theirs)]
    found = merge(PATH, texts[0] if knows_base else None, texts[1], texts[2])
    numbers = range(len(found.blocks))
    assert merged(found, {}, dict.fromkeys(numbers, "theirs")) == texts[2]
    done = merged(found, {}, dict.fromkeys(numbers, "mine"))
    assert isinstance(done, str)
    read = read_item(PATH, done)
    assert not isinstance(read, tuple)
    assert read.body.split() == mine.split()
