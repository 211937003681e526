"""An item's text becomes an article, or every one of its mistakes: each with its line, its severity and its code."""

from __future__ import annotations

import re
from datetime import date, datetime
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.items.article import DEAL_KEYS, DEAL_NAME, KEYS
from bulletin.model import Article, Compiled, Correction, Link
from bulletin.problems import Problem, sentence
from bulletin.settings import ItemRules
from bulletin.urls import MAX_SLUG
from bulletin.vietnamese import Amount
from bulletin.vietnamese.dates import DealDate
from bulletin.vietnamese.provinces import NATIONWIDE
from tests.builders import PATH, RULES, VIETNAM, Mark, article, codes, compiled, deals, headed, item, marks, word

DAY = date(2016, 12, 25)
BILLION = 10**9
IN_TONS = replace(RULES, categories=(), value_unit="tỷ đồng")

# Key, line of the item on which the key stands, and a value of the wrong type.
WRONG_TYPES = [
    ("title", 2, "[Tin]", "not-a-text"),
    ("title", 2, "{a: b}", "not-a-text"),
    ("province", 3, "{a: b}", "not-a-list-of-texts"),
    ("province", 3, "[[Huế]]", "not-a-list-of-texts"),
    ("date", 4, "[2016-12-25]", "not-a-text"),
    ("value", 5, "[1 tỷ]", "not-a-text"),
    ("value", 5, "{a: b}", "not-a-text"),
    ("deal", 5, "[Đợt 1]", "not-a-text"),
    ("deals", 5, "1 tỷ", "not-a-list-of-deals"),
    ("deals", 5, "[Huế]", "not-a-list-of-deals"),
    ("deals", 5, "{province: Huế, date: 2016-12, value: 1 tỷ}", "not-a-list-of-deals"),
    ("summary", 5, "[Tóm tắt]", "not-a-text"),
    ("category", 5, "[Ký kết]", "not-a-text"),
    ("tags", 5, "ký kết", "not-a-list"),
    ("tags", 5, "[ký kết, [a]]", "not-a-list-of-texts"),
    ("tags", 5, "[Viettel: ký kết]", "not-a-list-of-texts"),
    ("author", 5, "{a: b}", "not-a-list-of-texts"),
    ("author", 5, "[[An]]", "not-a-list-of-texts"),
    ("image", 5, "[a.jpg]", "not-a-text"),
    ("image_alt", 5, "[Ảnh]", "not-a-text"),
    ("image_focus", 5, "[60, 20]", "not-a-text"),
    ("image_focus", 5, "mặt người", "focus-unclear"),
    ("image_focus", 5, "60%", "focus-unclear"),
    ("image_focus", 5, "60% 101%", "focus-unclear"),
    ("event", 5, "[30/12/2016]", "not-a-text"),
    ("place", 5, "[Huế]", "not-a-text"),
    ("pinned", 5, "[true]", "not-a-text"),
    ("pinned", 5, "có", "pinned-unclear"),
    ("draft", 5, "[true]", "not-a-text"),
    ("draft", 5, "yes", "not-a-flag"),
    ("draft", 5, "1", "not-a-flag"),
    ("draft", 5, "2016-12-31", "not-a-flag"),
    ("publish", 5, "[2016-12-26]", "not-a-text"),
    ("publish", 5, "2016-12-26T08:30Z", "date-offset"),
    ("publish", 5, "sáng mai", "date-syntax"),
    ("expires", 5, "{a: b}", "not-a-text"),
    ("expires", 5, "2016-12-31 08:00", "date-time"),
    ("expires", 5, "2016-12", "date-no-day"),
    ("updated", 5, "2016-12-26", "not-a-list-of-updated"),
    ("updated", 5, "[2016-12-26]", "not-a-list-of-updated"),
    ("updated", 5, "{date: 2016-12-26, note: Sửa}", "not-a-list-of-updated"),
    ("slug", 5, "[a]", "not-a-text"),
    ("aliases", 5, "{a: b}", "not-a-list-of-texts"),
    ("aliases", 5, "[[a]]", "not-a-list-of-texts"),
]

VIETNAMESE_KEYS = {
    "tiêu đề": "title",
    "tỉnh": "province",
    "tỉnh thành": "province",
    "ngày": "date",
    "giá trị": "value",
    "thỏa thuận": "deals",
    "tóm tắt": "summary",
    "chuyên mục": "category",
    "tác giả": "author",
    "ảnh": "image",
    "su kien": "event",
    "thoi gian": "event",
    "dien ra": "event",
    "dia diem": "place",
    "noi to chuc": "place",
    "location": "place",
    "ghim": "pinned",
    "nháp": "draft",
    "hết hạn": "expires",
    "đính chính": "updated",
}


def seen(text: str, path: str = PATH, house: ItemRules = RULES) -> list[Mark]:
    """Return what is said against a text."""
    return marks(compiled(text, path, house).problems)


def only(done: Compiled) -> Problem:
    (found,) = done.problems
    return found


def warned(text: str, path: str = PATH) -> tuple[Article, Problem]:
    """Return the article and the one warning that comes with it."""
    done = compiled(text, path)
    assert done.article is not None
    found = only(done)
    assert found.severity == "warning"
    return done.article, found


def value_of(text: str) -> Amount | None:
    (mention,) = article(value=text).mentions
    return mention.amount


def refused_value(text: str) -> list[Mark]:
    return seen(item(value=text))


# Every key, right


def test_an_item_needs_a_title_a_province_and_a_date() -> None:
    found = article()
    assert found.source == PATH
    assert (found.card.title, found.card.day, found.card.url) == ("Tin", DAY, "/tin/2016/12/tin/")
    assert [place.name for place in found.card.places] == ["Thái Nguyên"]
    assert (found.mentions, found.card.deal_count, found.card.amount) == ((), 0, None)
    assert (found.authors, found.tags, found.image, found.corrections, found.aliases) == ((), (), None, (), ())
    assert (found.pinned_until, found.publish, found.expires, found.card.draft) == (None, None, None, False)


def test_a_value_makes_the_item_a_deal_of_its_province_and_day() -> None:
    found = article(value="2.000 tỷ đồng")
    (mention,) = found.mentions
    assert (mention.place, mention.line) == (found.card.places[0], 5)
    assert mention.date == DealDate(year=2016, month=12, day=25)
    assert mention.amount == found.card.amount == Amount(dong=2000 * BILLION)
    assert found.card.deal_count == 1


@pytest.mark.parametrize("text", ["chưa công bố", "Chưa công bố.", "CHƯA CÔNG BỐ", "chua cong bo", "'chưa  công bố'"])
def test_an_undisclosed_value_makes_a_deal_without_an_amount(text: str) -> None:
    found = article(value=text)
    assert [mention.amount for mention in found.mentions] == [None]
    assert (found.card.deal_count, found.card.amount) == (1, None)


@pytest.mark.parametrize("text", ["", "~", "null", "''"])
def test_an_empty_value_is_no_deal(text: str) -> None:
    assert article(value=text).mentions == ()


def test_every_other_key_is_read() -> None:
    found = article(
        summary="Tóm tắt",
        category="ký kết",
        tags="[thành phố thông minh, CNTT]",
        author="Nguyễn An",
        image="anh.jpg",
        image_alt="Quang cảnh",
        pinned="2016-12-31",
        draft="true",
        publish="26/12/2016 8h30",
        expires="2017-01-31",
        slug="ky-ket",
        aliases="[/cu/, tin-cu.html]",
    )
    assert (found.card.summary, found.card.category, found.card.draft) == ("Tóm tắt", "Ký kết", True)
    assert (found.tags, found.authors) == (("thành phố thông minh", "CNTT"), ("Nguyễn An",))
    assert (found.image, found.image_alt) == (Link(target="anh.jpg", line=9, is_picture=True), "Quang cảnh")
    assert (found.pinned_until, found.expires) == (date(2016, 12, 31), date(2017, 1, 31))
    assert found.publish == datetime(2016, 12, 26, 8, 30, tzinfo=VIETNAM)
    assert (found.card.url, found.url_line, found.date_line) == ("/tin/2016/12/ky-ket/", 15, 4)
    assert found.aliases == (Link(target="/cu/", line=16), Link(target="/tin-cu.html", line=16))


@pytest.mark.parametrize("text", ["60% 20%", "60%,20%", "60 20", "60 % 20 %", "060% x 20%"])
def test_what_crops_must_keep_is_two_percentages(text: str) -> None:
    assert article(image="anh.jpg", image_alt="Lễ ký", image_focus=f'"{text}"').image_focus == (60, 20)
    assert article(image="anh.jpg", image_alt="Lễ ký").image_focus == (50, 50)


def test_what_crops_must_keep_of_no_picture_is_told() -> None:
    assert seen(item(image_focus="60% 20%")) == [(5, "warning", "focus-without-image")]


def test_a_key_that_may_be_a_list_takes_a_text_alone() -> None:
    assert article(author="[An, Bình]").authors == ("An", "Bình")
    assert article(author="An").authors == ("An",)
    assert article(province="[Huế]").card.places == article(province="Huế").card.places
    assert article(aliases="/cu/").aliases == (Link(target="/cu/", line=5),)


def test_pinned_is_a_last_day_or_true() -> None:
    assert article(pinned="true").pinned_until == date.max
    assert article(pinned="false").pinned_until is None
    assert article(pinned="31/12/2016").pinned_until == date(2016, 12, 31)


@pytest.mark.parametrize(("text", "draft"), [("true", True), ("True", True), ("false", False), ("FALSE", False)])
def test_a_draft_is_true_or_false(text: str, draft: bool) -> None:  # noqa: FBT001 (a table's column)
    assert article(draft=text).card.draft is draft


def test_corrections_stand_in_the_order_of_their_days() -> None:
    updated = "\n  - date: 2017-01-02\n    note: Sửa tên\n  - date: 26/12/2016\n    note: Sửa số"
    assert article(updated=updated).corrections == (
        Correction(day=date(2016, 12, 26), note="Sửa số"),
        Correction(day=date(2017, 1, 2), note="Sửa tên"),
    )


def test_a_category_is_one_of_the_settings() -> None:
    done = compiled(item(category="Ký kêt"))
    assert marks(done.problems) == [(5, "error", "unknown-category")]
    assert word(only(done), "known") == "«Ký kết», «Tổng hợp», «Góc nhìn»"


# Every key, wrong


@pytest.mark.parametrize(("key", "line", "text", "code"), WRONG_TYPES)
def test_a_value_of_the_wrong_type_is_refused_at_its_line(key: str, line: int, text: str, code: str) -> None:
    extra = {"image_alt": "Lễ ký"} if key == "image" else {"image": "a.jpg"} if key == "image_alt" else {}
    found = seen(item(**{key: text}, **extra))
    assert (line, "error", code) in found
    assert compiled(item(**{key: text}, **extra)).article is None


def test_the_table_of_wrong_types_names_every_key() -> None:
    assert {key for key, _, _, _ in WRONG_TYPES} == set(KEYS)


@pytest.mark.parametrize(("key", "line", "text", "code"), WRONG_TYPES)
def test_a_wrong_type_is_told_once_and_no_word_of_what_follows_from_it(
    key: str, line: int, text: str, code: str
) -> None:
    extra = {"image_alt": "Lễ ký"} if key == "image" else {}
    if key != "image_alt":
        assert seen(item(**{key: text}, **extra)) == [(line, "error", code)]


@pytest.mark.parametrize("key", ["title", "province", "date"])
def test_a_missing_key_is_named(key: str) -> None:
    assert seen(item(**{key: None})) == [(1, "error", f"missing-{key}")]


@pytest.mark.parametrize(("key", "line"), [("title", 2), ("province", 3), ("date", 4)])
@pytest.mark.parametrize("text", ["", "~", "null", "''", "'\u200b'"])
def test_an_empty_key_is_missing_at_its_own_line(key: str, line: int, text: str) -> None:
    assert seen(item(**{key: text})) == [(line, "error", f"missing-{key}")]


def test_an_empty_list_of_provinces_is_no_province() -> None:
    assert seen(item(province="[]")) == [(3, "error", "missing-province")]


def test_an_empty_header_lacks_all_that_is_needed() -> None:
    assert codes(compiled("---\n---\nThân bài.\n").problems) == ["missing-date", "missing-province", "missing-title"]


@pytest.mark.parametrize("line", ["title: Viettel: ký kết", "title:Ký kết", 'title: "Ký "kết""', "title: @viettel"])
def test_a_key_whose_line_cannot_be_read_is_not_called_missing_as_well(line: str) -> None:
    ((at, severity, code),) = seen(headed(line, "province: Huế", "date: 2016-12-25"))
    assert (at, severity) == (2, "error")
    assert code.startswith("yaml-")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("provine", "province"),
        ("titel", "title"),
        ("Datee", "date"),
        ("sumary", "summary"),
        ("categorie", "category"),
        ("image-alt", "image_alt"),
        ("provinces", "province"),
        ("tag", "tags"),
        *VIETNAMESE_KEYS.items(),
        *((key.upper().replace(" ", "_"), meant) for key, meant in VIETNAMESE_KEYS.items()),
    ],
)
def test_an_unknown_key_is_told_with_the_key_that_was_meant(written: str, meant: str) -> None:
    done = compiled(headed("title: Tin", "province: Huế", f"{written}: 2016-12-25", "date: 2016-12-25"))
    assert marks(done.problems) == [(4, "error", "unknown-key")]
    assert (word(only(done), "found"), word(only(done), "near")) == (written.lower(), meant)
    assert word(only(done), "known") == ", ".join(KEYS)


@pytest.mark.parametrize("written", ["xyz", "true", "null", "2016-12-25", "<<", "''"])
def test_an_unknown_key_that_is_like_none_has_no_suggestion(written: str) -> None:
    done = compiled(headed("title: Tin", "province: Huế", f"{written}: 1", "date: 2016-12-25"))
    assert marks(done.problems) == [(4, "error", "unknown-key")]
    assert word(only(done), "near") == ""


@pytest.mark.parametrize("again", ["province", "Province", "PROVINCE", "'province'", "\u200bprovince"])
def test_a_key_that_stands_twice_is_refused_at_its_second_line_with_the_first(again: str) -> None:
    done = compiled(headed("title: Tin", "province: Huế", "date: 2016-12-25", f"{again}: Hà Nội"))
    assert marks(done.problems) == [(5, "error", "duplicate-key")]
    assert (word(only(done), "found"), word(only(done), "first")) == ("province", "3")


def test_a_key_that_stands_three_times_is_told_twice() -> None:
    lines = ["title: Tin", "province: Huế", "date: 2016-12-25", "tags: [a]", "tags: [b]", "tags: [c]"]
    assert seen(headed(*lines)) == [(6, "error", "duplicate-key"), (7, "error", "duplicate-key")]


def test_all_mistakes_of_a_file_are_told_in_one_run_each_at_its_line() -> None:
    text = headed(
        "title: # Ký kết",
        "province: [Thái Nguyen Xanh, Hà Tây]",
        "date: 12/25/2016",
        "valeu: 5 tỷ",
        "category: Khác",
        "tags: ký kết",
        "summary: Viettel: ký kết",
        "draft: có",
        "slug: Ký Kết",
        "tags: [a]",
        body="[x](//a.vn)\n\n<script>x()</script>\n",
    )
    done = compiled(text)
    assert done.article is None
    assert marks(done.problems) == [
        (2, "error", "missing-title"),
        (2, "warning", "value-is-comment"),
        (3, "error", "province-gone"),
        (3, "error", "unknown-province"),
        (4, "error", "date-month"),
        (5, "error", "unknown-key"),
        (6, "error", "unknown-category"),
        (7, "error", "not-a-list"),
        (8, "error", "yaml-colon"),
        (9, "error", "not-a-flag"),
        (10, "error", "slug-unusable"),
        (11, "error", "duplicate-key"),
        (13, "error", "address-without-scheme"),
        (15, "error", "html-not-shown"),
    ]


def test_problems_come_in_the_order_of_their_lines() -> None:
    done = compiled(item(tags="a", province="x", draft="y"))
    assert list(done.problems) == sorted(done.problems)
    assert [found.line for found in done.problems] == [3, 5, 6]


def test_a_warning_comes_with_the_article_and_an_error_with_what_is_left_of_it() -> None:
    warned_of = compiled(item(title="Tin #1"))
    assert (warned_of.article is not None, warned_of.unfinished) == (True, None)
    refused = compiled(item("[x](b.md)\n", title="Tin #1", draft="có", image="a.jpg", image_alt="Lễ ký"))
    assert refused.article is None
    assert refused.unfinished is not None
    assert (refused.unfinished.source, refused.unfinished.image) == (
        PATH,
        Link(target="a.jpg", line=6, is_picture=True),
    )
    assert refused.unfinished.body.links == (Link(target="b.md", line=9),)


def test_of_a_text_without_a_header_nothing_is_left() -> None:
    done = compiled("Thân bài.\n")
    assert (done.article, done.unfinished) == (None, None)


# What YAML cuts off


@pytest.mark.parametrize(("key", "line"), [("title", 2), ("province", 3), ("summary", 5), ("author", 5)])
def test_a_text_that_ends_at_a_hash_sign_is_warned_of(key: str, line: int) -> None:
    _, found = warned(item(**{key: "Thái Nguyên # sửa"}))
    assert (found.line, found.code, word(found, "key")) == (line, "text-cut-at-comment", key)


def test_a_tag_that_ends_at_a_hash_sign_is_warned_of_at_its_line() -> None:
    found, warning = warned(item(tags="\n  - a\n  - b #1"))
    assert found.tags == ("a", "b")
    assert (warning.line, warning.code) == (7, "text-cut-at-comment")


def test_a_value_whose_unit_is_a_comment_has_no_unit() -> None:
    assert refused_value("500 #tỷ") == [(5, "error", "amount-no-unit")]


def test_a_comment_behind_a_date_or_a_value_does_no_harm() -> None:
    found = article(date="2016-12-25  # ngày ký", value="500 tỷ # giai đoạn 1")
    assert (found.card.day, found.card.amount) == (DAY, Amount(dong=500 * BILLION))


@pytest.mark.parametrize(("key", "line"), [("title", 2), ("province", 3), ("date", 4)])
def test_a_value_that_is_all_comment_is_missing_and_told_why(key: str, line: int) -> None:
    assert seen(item(**{key: "# abc"})) == [
        (line, "error", f"missing-{key}"),
        (line, "warning", "value-is-comment"),
    ]


@pytest.mark.parametrize("key", ["value", "summary", "tags", "deals", "draft"])
def test_a_value_that_is_all_comment_is_told_where_none_is_needed_too(key: str) -> None:
    _, found = warned(item(**{key: "# abc"}))
    assert (found.line, found.code, word(found, "key")) == (5, "value-is-comment", key)


# Curly quotes


def test_curly_quotes_stay_in_a_title() -> None:
    assert article(title="“Thành phố thông minh” tại Huế", province="Huế").card.title.startswith("“Thành")


@pytest.mark.parametrize(
    ("key", "line", "text", "code"),
    [
        ("province", 3, "“Thái Nguyên”", "province-quotes"),
        ("province", 3, "‘Huế’", "province-quotes"),
        ("date", 4, "“2016-12-25”", "date-quotes"),
        ("value", 5, "“2.000 tỷ”", "amount-chars"),
        ("value", 5, "2.000 tỷ’", "amount-chars"),
    ],
)
def test_curly_quotes_around_a_province_a_date_or_a_value_are_refused(
    key: str, line: int, text: str, code: str
) -> None:
    assert seen(item(**{key: text})) == [(line, "error", code)]


@pytest.mark.parametrize(
    ("keys", "line", "odd"),
    [
        ({"draft": "“true”"}, 5, "«“» (U+201C), «”» (U+201D)"),
        ({"category": "‘Ký kết’"}, 5, "«‘» (U+2018), «’» (U+2019)"),
        ({"slug": "’abc’"}, 5, "«’» (U+2019)"),
        ({"aliases": "“/cu/”"}, 5, "«“» (U+201C), «”» (U+201D)"),
        ({"image": "“a.jpg”", "image_alt": "Lễ ký"}, 5, "«“» (U+201C), «”» (U+201D)"),
        ({"pinned": "″true″"}, 5, "«″» (U+2033)"),
        ({"title": "“Viettel: ký kết”"}, 2, "«“» (U+201C), «”» (U+201D)"),
        ({"title": '"Viettel: ký kết”'}, 2, "«”» (U+201D)"),
        ({"“draft”": "true"}, 5, "«“» (U+201C), «”» (U+201D)"),
    ],
)
def test_curly_quotes_are_shown_as_what_they_are_wherever_they_are_refused(
    keys: dict[str, str], line: int, odd: str
) -> None:
    found = only(compiled(item(**keys)))
    assert (found.line, found.code, word(found, "odd")) == (line, "curly-quotes", odd)


@pytest.mark.parametrize(
    ("keys", "odd"),
    [
        ({"province": "“Huế’"}, "«“» (U+201C), «’» (U+2019)"),
        ({"date": "‘25/12/2016’"}, "«‘» (U+2018), «’» (U+2019)"),
        ({"value": "2.000 tỷ’"}, "«’» (U+2019)"),
        ({"value": "２.000 tỷ"}, "«２» (U+FF12)"),
        ({"province": "«Huế»"}, "««» (U+00AB), «»» (U+00BB)"),
    ],
)
def test_provinces_dates_and_amounts_name_them_too(keys: dict[str, str], odd: str) -> None:
    assert word(only(compiled(item(**keys))), "odd") == odd


@pytest.mark.parametrize("title", ["“Kết nối” số", "Viettel ký “kết”", "‘Bình dân học vụ số’"])
def test_curly_quotes_in_a_title_are_the_editor_s_own(title: str) -> None:
    assert article(title=title).card.title == title


@pytest.mark.parametrize(
    ("lines", "end", "keys"),
    [
        (["---", "title: Tin", "---", "province: Huế", "date: 2016-12-25", "---", "Thân."], 3, "province, date"),
        (["---", "---", "title: Tin", "province: Huế", "date: 2016-12-25", "---"], 2, "title, province, date"),
        (["---", "title: Tin", "province: Huế", "---", "", "date: 2016-12-25", "", "Thân."], 4, "date"),
        (
            ["---", "title: Tin", "province: Huế", "date: 2016-12-25", "---", "value: 2 tỷ đồng", "", "Thân."],
            5,
            "value",
        ),
        (
            ["---", "title: Tin", "-----", "province:", "  - Huế", "Date: 2016-12-25", "---", "Thân."],
            3,
            "province, date",
        ),
        (["---", "title: Tin", "date: 2016-12-25", "province:", "---", "- Huế", "tags: [a]"], 5, "tags"),
    ],
)
def test_keys_below_the_header_are_told_and_not_missed(lines: list[str], end: int, keys: str) -> None:
    found = [
        one for one in compiled("\n".join(lines)).problems if one.severity == "error" and one.code != "missing-province"
    ]
    assert [(one.line, one.code, word(one, "found"), word(one, "end")) for one in found] == [
        (end, "header-ends-early", keys, str(end))
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Ảnh: TTXVN\n",
        "Giá trị: 2.000 tỷ đồng.\n",
        "title: Tin\n",
        "Tin.\n\nvalue: 2 tỷ\n",
        "- value: 2 tỷ\n",
        "`value: 2`",
    ],
)
def test_a_text_with_colons_is_a_text(body: str) -> None:
    assert compiled(item(body)).problems == ()


# Provinces


@pytest.mark.parametrize("text", ["no", "NO", "on", "01", "08", "1", "Bình", "Xyz"])
def test_what_yaml_takes_for_a_number_or_a_truth_is_an_unknown_province(text: str) -> None:
    assert seen(item(province=text)) == [(3, "error", "unknown-province")]


def test_an_unknown_province_is_told_with_the_names_it_is_like() -> None:
    found = only(compiled(item(province="Thái Nguyen Xanh")))
    assert (found.line, found.code, word(found, "near")) == (3, "unknown-province", "«Thái Nguyên»")


@pytest.mark.parametrize("text", ["[Hà Nội, Đà Nẵng]", "\n  - Hà Nội\n  - Đà Nẵng", "\n- Hà Nội\n- Đà Nẵng"])
def test_several_provinces_are_a_list(text: str) -> None:
    assert [place.id for place in article(province=text).card.places] == ["ha-noi", "da-nang"]


@pytest.mark.parametrize("text", ["Hà Nội, Đà Nẵng", "Hà Nội; Đà Nẵng", "Hà Nội và Đà Nẵng"])
def test_several_provinces_in_one_text_are_refused_with_the_list_to_write(text: str) -> None:
    found = only(compiled(item(province=text)))
    assert (found.line, found.severity, found.code) == (3, "error", "province-several")
    assert word(found, "listed") == "[Hà Nội, Đà Nẵng]"


def test_a_dash_or_a_comma_within_a_name_parts_nothing() -> None:
    for text in ("Bà Rịa - Vũng Tàu", "Bà Rịa – Vũng Tàu", "Thừa Thiên - Huế", "'Bà Rịa, Vũng Tàu'"):
        assert len(article(province=text).card.places) == 1


@pytest.mark.parametrize(
    "text", ["BÌNH PHƯỚC", "tỉnh Bình Phước", "UBND tỉnh Bình  Phước", "binh phuoc", normalize("NFD", "Bình Phước")]
)
def test_a_province_is_shown_under_our_own_name_however_it_was_written(text: str) -> None:
    assert [place.name for place in article(province=text).card.places] == ["Bình Phước"]


@pytest.mark.parametrize("d", "ðÐɖƉđĐ")
def test_a_d_of_another_alphabet_is_read_as_ours(d: str) -> None:
    assert [place.name for place in article(province=f"{d}à Nẵng").card.places] == ["Đà Nẵng"]


def test_a_misspelt_province_is_read_with_a_warning() -> None:
    found, warning = warned(item(province="Thái Nguyễn"))
    assert [place.id for place in found.card.places] == ["thai-nguyen"]
    assert (warning.line, warning.code) == (3, "province-misspelt")
    assert (word(warning, "found"), word(warning, "name")) == ("Thái Nguyễn", "Thái Nguyên")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hà Tây", "province-gone"),
        ("Phú Quốc", "province-place"),
        ("Thủ Đức", "province-place"),
        ("Tây Nguyên", "province-region"),
        ("ĐN", "province-shorthand"),
        ("Quảng", "unknown-province"),
        ("Bình Dịnh Dương", "unknown-province"),
    ],
)
def test_what_is_like_a_province_is_never_accepted_for_it(text: str, code: str) -> None:
    assert seen(item(province=text)) == [(3, "error", code)]


def test_the_item_s_date_decides_which_provinces_there_are() -> None:
    assert [place.name for place in article(province="TP Huế").card.places] == ["Thừa Thiên Huế"]
    assert [place.name for place in article(province="TP Huế", date="2025-07-01").card.places] == ["Huế"]
    assert [place.map_number for place in article(province="Hải Dương", date="2025-06-30").card.places] == [63]
    assert seen(item(province="Hải Dương", date="2025-07-01")) == [(3, "error", "province-gone")]


def test_each_province_of_a_list_is_checked_at_its_line() -> None:
    assert seen(item(province="\n  - Huế\n  - Xyz\n  - Thái Nguyễn\n  - Hà Tây")) == [
        (5, "error", "unknown-province"),
        (6, "warning", "province-misspelt"),
        (7, "error", "province-gone"),
    ]


def test_a_province_that_stands_twice_is_warned_of_and_counts_once() -> None:
    found, warning = warned(item(province="\n  - Huế\n  - Thừa Thiên Huế"))
    assert [place.id for place in found.card.places] == ["thua-thien-hue"]
    assert (warning.line, warning.code) == (5, "province-twice")


@pytest.mark.parametrize("text", ["[Huế, '']", "[Huế, '\u200b']", "[Huế, [Hà Nội]]"])
def test_an_empty_or_nested_entry_in_a_list_of_provinces_is_refused(text: str) -> None:
    assert seen(item(province=text)) == [(3, "error", "not-a-list-of-texts")]


def test_news_of_the_whole_country_name_no_province_beside_it() -> None:
    assert article(province="Toàn quốc").card.places == (NATIONWIDE,)
    assert seen(item(province="[Toàn quốc, Huế]")) == [(3, "error", "nationwide-and-province")]


def test_a_title_that_names_exactly_one_other_province_is_warned_of() -> None:
    _, warning = warned(item(title="Ký kết tại Đà Nẵng"))
    assert (warning.line, warning.code) == (2, "title-names-other-province")
    assert (word(warning, "found"), word(warning, "listed")) == ("Đà Nẵng", "Thái Nguyên")


@pytest.mark.parametrize(
    ("title", "province"),
    [
        ("Ký kết tại Thái Nguyên", "Thái Nguyên"),
        ("Ký kết tại Đà Nẵng và Hà Nội", "Thái Nguyên"),
        ("Thái Nguyên học tập Đà Nẵng", "Thái Nguyên"),
        ("Đà Nẵng đi đầu", "Toàn quốc"),
        ("Ký kết tại Huế", "[Hà Nội, Thừa Thiên Huế]"),
        ("Vì hòa bình", "Thái Nguyên"),
    ],
)
def test_a_title_that_names_its_own_province_several_or_none_is_not(title: str, province: str) -> None:
    assert article(title=title, province=province).card.title == title


def test_provinces_are_checked_although_the_date_cannot_be_read() -> None:
    assert seen(item(province="Xyz", date="hôm qua")) == [
        (3, "error", "unknown-province"),
        (4, "error", "date-syntax"),
    ]


# Dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/12/2016", DAY),
        ("25.12.2016", DAY),
        ("2016-12-5", date(2016, 12, 5)),
        ("08/12/2016", date(2016, 12, 8)),
        ("ngày 25 tháng 12 năm 2016", DAY),
        ("'2016-12-25'", DAY),
    ],
)
def test_the_day_stands_before_the_month(text: str, day: date) -> None:
    found = article(date=text)
    assert (found.card.day, found.card.url) == (day, "/tin/2016/12/tin/")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12/25/2016", "date-month"),
        ("2016-13-01", "date-month"),
        ("2016-02-30", "date-day"),
        ("2016-12-25 07:30", "date-time"),
        ("2016-12-25T00:00:00Z", "date-time"),
        ("20161225", "date-syntax"),
        ("2016-12", "date-no-day"),
        ("2016", "date-no-day"),
        ("25/12", "date-no-year"),
        ("25/12/16", "date-short-year"),
        ("12:30", "date-time"),
        ("010", "date-syntax"),
        ("no", "date-syntax"),
        ("cuối tháng 11/2016", "date-syntax"),
        ("tính đến cuối tháng 11/2016", "date-syntax"),
        ("20-25/12/2016", "date-syntax"),
        ("31/12/2003", "date-year"),
        ("0016-12-25", "date-year"),
        ("２０１６-12-25", "date-syntax"),
    ],
)
def test_what_is_no_day_of_the_bulletin_is_refused(text: str, code: str) -> None:
    assert seen(item(date=text)) == [(4, "error", code)]


def test_reading_knows_no_clock_so_a_day_to_come_is_a_day() -> None:
    assert article(date="2099-12-31", province="Hà Nội").card.day == date(2099, 12, 31)


@pytest.mark.parametrize("day", ["2016-12-24", "2016-12-25"])
def test_an_item_cannot_expire_before_its_first_day_is_over(day: str) -> None:
    assert seen(item(expires=day)) == [(5, "error", "expires-before-date")]
    assert article(expires="2016-12-26").expires == date(2016, 12, 26)


@pytest.mark.parametrize("day", [None, "hôm qua"])
def test_an_item_without_a_day_is_not_told_that_it_expires_too_early(day: str | None) -> None:
    assert codes(compiled(item(date=day, expires="2017-01-31")).problems) == [
        "missing-date" if day is None else "date-syntax"
    ]


# Values


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("2000 tỷ", 2000 * BILLION),
        ("2.000 tỷ đồng", 2000 * BILLION),
        ("2\u00a0000 tỷ", 2000 * BILLION),
        ("2\u202f000 tỷ đồng", 2000 * BILLION),
        ("2\u2009000\u00a0tỷ", 2000 * BILLION),
        ("2000 tỷ\n  đồng", 2000 * BILLION),
        ("1,5 tỷ", 3 * BILLION // 2),
        (normalize("NFD", "2.000 tỷ đồng"), 2000 * BILLION),
    ],
)
def test_dots_and_blanks_of_every_width_group_thousands(text: str, dong: int) -> None:
    assert value_of(text) == Amount(dong=dong)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2000", "amount-no-unit"),
        ("2.000", "amount-no-unit"),
        ("2.000.000", "amount-no-unit"),
        ("1_000", "amount-extra"),
        ("2,000", "amount-ambiguous-comma"),
        ("2,000 tỷ", "amount-ambiguous-comma"),
        ("1.5", "amount-dot-decimal"),
        ("1.5 tỷ", "amount-dot-decimal"),
        ("0500", "amount-leading-zero"),
        ("1:30", "amount-extra"),
        ("0x10", "amount-extra"),
        ("2.0e+12", "amount-extra"),
        (".inf", "amount-no-number"),
        ("no", "amount-no-number"),
        ("=", "amount-no-number"),
        ("２０００ tỷ", "amount-chars"),
        ("²000 tỷ", "amount-chars"),
        ("20 triệu USD", "amount-foreign"),
        ("$20 triệu", "amount-foreign"),
        ("450 tỷ đồng (20 triệu USD)", "amount-foreign"),
        ("dự kiến 2.000 tỷ", "amount-extra"),
        ("2.000 tỷ (giai đoạn 2016–2020)", "amount-extra"),
        ("2.000 tỷ/năm", "amount-extra"),
        ("tổng trị giá 2.000 tỷ", "amount-extra"),
        ("500–700 tỷ", "amount-range"),
        ("hai nghìn tỷ", "amount-words"),
        ("-500 tỷ", "amount-negative"),
        ("0 tỷ", "amount-zero"),
    ],
)
def test_what_could_be_read_in_two_ways_or_is_no_plain_amount_is_refused(text: str, code: str) -> None:
    assert refused_value(text) == [(5, "error", code)]


def test_only_a_bulletin_that_says_so_gives_bare_numbers_a_unit() -> None:
    done = compiled(item(value="2.000"), rules=IN_TONS)
    assert done.article is not None
    assert done.article.card.amount == Amount(dong=2000 * BILLION)
    listed = compiled(item(deals=deals(("Huế", "2016-12", "1,5"))), rules=IN_TONS)
    assert listed.article is not None
    assert listed.article.mentions[0].amount == Amount(dong=3 * BILLION // 2)


@pytest.mark.parametrize(
    ("text", "qualifier", "said"),
    [("gần 2.000 tỷ", "about", "gần"), ("hơn 2.000 tỷ", "above", "hơn"), ("tối đa 2.000 tỷ", "at_most", "tối đa")],
)
def test_an_approximate_amount_is_never_kept_as_an_exact_one(text: str, qualifier: str, said: str) -> None:
    amount = value_of(text)
    assert amount is not None
    assert (amount.dong, amount.qualifier, amount.word) == (2000 * BILLION, qualifier, said)


@pytest.mark.parametrize("province", ["[Hà Nội, Đà Nẵng]", "Toàn quốc"])
@pytest.mark.parametrize("value", ["5 tỷ", "chưa công bố"])
def test_a_value_needs_exactly_one_province(province: str, value: str) -> None:
    assert seen(item(province=province, value=value)) == [(5, "error", "value-needs-one-province")]


def test_a_value_of_a_province_that_is_not_known_is_still_checked() -> None:
    assert seen(item(province="Xyz", value="5")) == [(3, "error", "unknown-province"), (5, "error", "amount-no-unit")]


def test_a_value_stands_beside_no_list_of_deals() -> None:
    text = item(value="5 tỷ", deals=deals(("Huế", "2016-12-20", "3 tỷ")))
    assert seen(text) == [(5, "error", "value-and-deals")]


# Deals


def test_a_round_up_tells_the_deals_of_its_list_each_with_its_own_day() -> None:
    listed = deals(("Bình Phước", "2016-12-20", "chưa công bố"), ("Thái Nguyên", "24/12/2016", "hơn 2.000 tỷ đồng"))
    found = article(province="[Bình Phước, Thái Nguyên]", deals=listed)
    assert [(mention.place.id, str(mention.date), mention.line) for mention in found.mentions] == [
        ("binh-phuoc", "2016-12-20", 6),
        ("thai-nguyen", "2016-12-24", 9),
    ]
    assert [mention.amount and mention.amount.dong for mention in found.mentions] == [None, 2000 * BILLION]
    assert (found.card.deal_count, found.card.amount) == (2, None)


def test_the_card_of_a_list_of_one_deal_shows_its_amount() -> None:
    assert article(deals=deals(("Huế", "2016-11", "3 tỷ"))).card.amount == Amount(dong=3 * BILLION)


@pytest.mark.parametrize("text", ["2016-11", "11/2016", "tháng 11/2016"])
def test_a_deal_may_be_dated_by_its_month_and_an_item_may_not(text: str) -> None:
    (mention,) = article(deals=deals(("Huế", text, "chưa công bố"))).mentions
    assert mention.date == DealDate(year=2016, month=11, day=None)
    assert seen(item(date=text)) == [(4, "error", "date-no-day")]


def test_a_deal_s_own_date_decides_which_provinces_there_were() -> None:
    listed = deals(("Hải Dương", "2025-06", "1 tỷ"), ("Hải Dương", "2025-07", "1 tỷ"), ("Huế", "2025-07-02", "1 tỷ"))
    assert seen(item(date="2025-08-01", province="Hải Phòng", deals=listed)) == [(9, "error", "province-gone")]
    mentions = article(
        date="2025-08-01",
        province="Hải Phòng",
        deals=deals(("Hải Phòng", "2025-06-30", "1 tỷ"), ("Hải Phòng", "2025-07-01", "1 tỷ")),
    ).mentions
    assert [mention.place.map_number for mention in mentions] == [63, 34]


def test_the_keys_of_a_deal_are_needed_known_and_written_once() -> None:
    found = compiled(item(deals="\n  - tỉnh: Huế\n    date: 2016-11\n    date: 2016-12\n    valu: 1 tỷ"))
    assert marks(found.problems) == [
        (6, "error", "unknown-key"),
        (8, "error", "duplicate-key"),
        (9, "error", "unknown-key"),
    ]
    assert {word(fault, "near") for fault in found.problems if fault.code == "unknown-key"} == {"province", "value"}
    assert {word(fault, "known") for fault in found.problems if fault.code == "unknown-key"} == {
        ", ".join((*DEAL_KEYS, DEAL_NAME))
    }


def test_an_empty_key_of_a_deal_is_missing_at_its_line() -> None:
    assert seen(item(deals=deals(("", "~", "''")))) == [
        (6, "error", "missing-province"),
        (7, "error", "missing-date"),
        (8, "error", "missing-value"),
    ]


def test_every_mistake_of_every_deal_is_told_at_its_line() -> None:
    listed = deals(("Xyz", "30/02/2016", "5"), ("Thái Nguyễn", "2016-11", "20 triệu USD"), ("Huế", "2016", "1 tỷ"))
    assert seen(item(deals=listed)) == [
        (6, "error", "deal-province-unknown"),
        (7, "error", "date-day"),
        (8, "error", "amount-no-unit"),
        (9, "warning", "province-misspelt"),
        (11, "error", "amount-foreign"),
        (13, "error", "date-no-month"),
    ]


def test_a_deal_is_made_in_a_province_and_not_in_the_whole_country() -> None:
    assert seen(item(deals=deals(("Toàn quốc", "2016-12-20", "1 tỷ")))) == [(6, "error", "deal-nationwide")]


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("Trụ sở chính", "deal-province-unknown", ""),
        ("Toàn quôc gia", "deal-province-unknown", ""),
        ("Ca nuoc ta", "deal-province-unknown", ""),
        ("Văn phòng Đà Nẵng", "unknown-province", "«Đà Nẵng»"),
        ("Thái Nguyen Xanh", "unknown-province", "«Thái Nguyên»"),
        ("Tây Nguyên", "deal-province-region", ""),
        ("Đắk Lắk, Gia Lai", "deal-province-several", ""),
    ],
)
def test_the_hint_for_a_deal_is_one_province(text: str, code: str, near: str) -> None:
    found = only(compiled(item(deals=deals((text, "2016-12-20", "1 tỷ")))))
    assert (found.line, found.severity, found.code) == (6, "error", code)
    assert dict(found.words).get("near", "") == near
    assert not re.search(r"Toàn quốc|\[", sentence(found, "vi") + sentence(found, "en"))


@pytest.mark.parametrize("when", ["2016-12-26", "2017-01", "2017-01-05"])
def test_a_deal_later_than_its_item_is_warned_of(when: str) -> None:
    _, warning = warned(item(deals=deals(("Huế", when, "1 tỷ"))))
    assert (warning.line, warning.code) == (7, "deal-after-item")


@pytest.mark.parametrize("when", ["2016-12-25", "2016-12", "2016-11"])
def test_a_deal_of_the_item_s_day_or_month_is_not_later(when: str) -> None:
    assert len(article(deals=deals(("Huế", when, "1 tỷ"))).mentions) == 1


def test_no_deal_is_called_too_late_for_an_item_whose_date_cannot_be_read() -> None:
    text = item(date="hôm qua", province="Hà Nội", deals=deals(("Hà Nội", "2026-01-05", "1 tỷ")))
    assert seen(text) == [(4, "error", "date-syntax")]


def test_two_entries_of_one_item_that_are_one_deal_are_warned_of() -> None:
    listed = deals(("Huế", "2016-12-20", "1 tỷ"), ("Thừa Thiên Huế", "20/12/2016", "1.000 triệu"))
    found, warning = warned(item(deals=listed))
    assert [mention.amount and mention.amount.dong for mention in found.mentions] == [BILLION, BILLION]
    assert (warning.line, warning.code) == (9, "deal-twice-in-item")


@pytest.mark.parametrize("names", [("Đợt 1", "Đợt 2"), ("Đợt 1", "~")])
def test_names_tell_entries_of_one_item_apart(names: tuple[str, str]) -> None:
    entries = ", ".join(f"{{province: Huế, date: 2016-12-20, value: 1 tỷ, name: {name}}}" for name in names)
    done = compiled(item(deals=f"[{entries}]"))
    assert done.problems == ()
    assert done.article is not None
    assert [mention.name or "~" for mention in done.article.mentions] == list(names)


def test_the_name_of_a_deal_stands_beside_its_value() -> None:
    done = compiled(item(value="1 tỷ", deal=" Khu công  nghiệp số 1 "))
    assert done.problems == ()
    assert done.article is not None
    (mention,) = done.article.mentions
    assert (mention.name, mention.key) == ("Khu công nghiệp số 1", "khucôngnghiệpsố1")
    assert seen(item(deal="Đợt 1")) == [(5, "error", "deal-without-value")]
    listed = item(deal="Đợt 1", deals=deals(("Huế", "2016-12-20", "1 tỷ")))
    assert seen(listed) == [(5, "error", "deal-without-value")]


# Corrections and pictures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n  - date: 2016-12-26", [(6, "error", "missing-note")]),
        ("\n  - note: Sửa", [(6, "error", "missing-date")]),
        ("\n  - date: 2016-12\n    note: Sửa", [(6, "error", "date-no-day")]),
        ("\n  - date: 2016-12-26\n    note: Sửa #1", [(7, "warning", "text-cut-at-comment")]),
        ("\n  - date: 2016-12-26\n    note: Sửa\n    by: An", [(8, "error", "unknown-key")]),
        ("\n  - 2016-12-26", [(6, "error", "not-a-list-of-updated")]),
    ],
)
def test_a_correction_has_a_day_and_a_note(text: str, expected: list[Mark]) -> None:
    assert seen(item(updated=text)) == expected


def test_a_picture_needs_its_alternative_text_and_is_told_where_it_stands() -> None:
    assert seen(item(image="a.jpg")) == [(5, "error", "missing-image_alt")]
    assert seen(item(image="a.jpg", image_alt="")) == [(6, "error", "missing-image_alt")]


def test_an_alternative_text_needs_its_picture() -> None:
    assert seen(item(image_alt="Quang cảnh")) == [(5, "error", "missing-image")]


@pytest.mark.parametrize("address", ["https://a.vn/a.jpg", "//a.vn/a.jpg", "data:image/png;base64,x"])
def test_the_picture_of_an_item_comes_from_this_site(address: str) -> None:
    assert seen(item(image=address, image_alt="Lễ ký")) == [(5, "error", "picture-elsewhere")]


# Addresses


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2016-12-25-thai-nguyen.md", "thai-nguyen"),
        ("thai-nguyen.md", "thai-nguyen"),
        ("2016-12-25-tin-2016.md", "tin-2016"),
        ("Tin_A.b.md", "tin-a-b"),
        ("25-12-2016.md", "25-12-2016"),
    ],
)
def test_the_address_comes_from_the_file_s_name_without_its_date(name: str, slug: str) -> None:
    assert article(path=f"content/2016/{name}").card.url == f"/tin/2016/12/{slug}/"


def test_a_new_title_keeps_the_address() -> None:
    assert article(title="Một").card.url == article(title="Hai").card.url == "/tin/2016/12/tin/"


def test_the_month_of_an_address_is_that_of_the_date() -> None:
    assert article(date="2017-02-01").card.url == "/tin/2017/02/tin/"


def test_a_slug_that_is_written_wins() -> None:
    found = article(slug="thanh-pho-thong-minh")
    assert (found.card.url, found.url_line) == ("/tin/2016/12/thanh-pho-thong-minh/", 5)
    assert article().url_line == 4


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("Thái Nguyên", "slug-unusable", "thai-nguyen"),
        ("thai_nguyen", "slug-unusable", "thai-nguyen"),
        ("Tin", "slug-unusable", "tin"),
        ("a--b", "slug-unusable", "a-b"),
        ("../a", "slug-unusable", "a"),
        ("a/b", "slug-unusable", "a-b"),
        ("河內", "slug-unusable", ""),
        ("a" * (MAX_SLUG + 1), "slug-too-long", None),
        ("con", "name-reserved", None),
        ("lpt1", "name-reserved", None),
    ],
)
def test_a_slug_is_plain_words_with_dashes(text: str, code: str, near: str | None) -> None:
    done = compiled(item(slug=text))
    assert marks(done.problems) == [(5, "error", code)]
    if near is not None:
        assert word(only(done), "near") == near


@pytest.mark.parametrize("name", ["Thái Nguyên.md", normalize("NFD", "2016-12-25-Thái Nguyên.md"), "thai nguyen.md"])
def test_a_file_name_that_is_not_ascii_is_warned_of_with_a_better_one(name: str) -> None:
    found, warning = warned(item(), f"content/2016/{name}")
    assert found.card.url == "/tin/2016/12/thai-nguyen/"
    assert (warning.line, warning.code) == (1, "file-name")
    assert word(warning, "near").endswith("thai-nguyen.md")


@pytest.mark.parametrize(("name", "code"), [("2016-12-25.md", "slug-missing"), ("2016-12-25-con.md", "name-reserved")])
def test_a_file_name_that_gives_no_address_is_refused_unless_a_slug_is_written(name: str, code: str) -> None:
    assert seen(item(), f"content/2016/{name}") == [(1, "error", code)]
    assert article(path=f"content/2016/{name}", slug="tin").card.url == "/tin/2016/12/tin/"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("/cu/", "/cu/"),
        ("cu", "/cu/"),
        ("/2016/12/tin-cu", "/2016/12/tin-cu/"),
        ("/tin.html", "/tin.html"),
        ("/Tin_Cu/a.b/", "/Tin_Cu/a.b/"),
    ],
)
def test_an_alias_is_an_old_path_of_the_site(text: str, url: str) -> None:
    assert article(aliases=text).aliases == (Link(target=url, line=5),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/", "alias-unusable"),
        ("//", "alias-unusable"),
        ("../a", "alias-unusable"),
        ("/a/../b/", "alias-unusable"),
        ("/a//b/", "alias-unusable"),
        ("/a b/", "alias-unusable"),
        ("/Thái-Nguyên/", "alias-unusable"),
        ("/a?x=1", "alias-unusable"),
        ("/a%2Fb/", "alias-unusable"),
        ("https://a.vn/b/", "alias-unusable"),
        ("/.git/", "alias-unusable"),
        ("'\\a'", "alias-unusable"),
        ("/con/", "name-reserved"),
        ("/a/NUL.html", "name-reserved"),
    ],
)
def test_an_alias_that_is_no_safe_path_is_refused(text: str, code: str) -> None:
    assert seen(item(aliases=f"\n  - /cu/\n  - {text}")) == [(7, "error", code)]


@pytest.mark.parametrize("text", ["/a./", "/a./b/", "/" + "a" * 300 + "/"])
def test_an_alias_that_no_folder_of_windows_can_bear_is_refused(text: str) -> None:
    ((line, severity, _),) = seen(item(aliases=text))
    assert (line, severity) == (5, "error")


# Texts and summaries


def test_a_title_is_kept_as_text_whatever_html_it_looks_like() -> None:
    title = "Viettel & UBND: </script><b>\"Huế\" 'a'"
    assert article(title="|\n  " + title, province="Huế").card.title == title


def test_a_summary_that_is_written_wins_and_else_the_first_paragraph_serves() -> None:
    assert article("Đoạn **đầu**.\n\nĐoạn hai.\n", summary="Tóm tắt").card.summary == "Tóm tắt"
    assert article("## Mục\n\nĐoạn **đầu**.\n\nĐoạn hai.\n").card.summary == "Đoạn đầu."
    assert article("- Mục\n").card.summary == ""


def test_an_item_without_a_text_is_warned_of() -> None:
    assert [code for _, _, code in seen(item("\n"))] == ["body-empty"]


def test_mistakes_of_the_body_are_told_at_their_lines_of_the_file() -> None:
    text = item("Một.\n\n[x](//a.vn)\n", tags="\n  - a\n  - b")
    assert seen(text) == [(11, "error", "address-without-scheme")]
    assert seen(item("\n\n\n[x](//a.vn)\n")) == [(9, "error", "address-without-scheme")]


def test_links_of_the_body_have_their_lines_of_the_file() -> None:
    assert article("Một.\n\n[x](a.md)\n").body.links == (Link(target="a.md", line=8),)


# Whatever is written

SCRAPS = [
    *(
        "Huế",
        "[Huế, Hà Nội]",
        "Toàn quốc",
        "2016-12-25",
        "2016-11",
        "5 tỷ",
        "chưa công bố",
        "true",
        "~",
        "a #b",
        "a: b",
    ),
    *("[", "{a: [b]}", "'", "|", "/cu/", "con", "a.jpg", "\n  - a\n  - [b]", "\n  a: b", "@x", "&a", "*a", "!x", "\tx"),
    *("10000-01-01", "\ufeff", deals(("Huế", "2016-11", "1 tỷ")), deals(("", "x", "1"), ("Huế", "2016", "a: b"))),
]
ANY_TEXT = st.characters(exclude_categories=["Cs"])
GOOD_START = "title: Tin\nprovince: Huế\ndate: 2016-12-25\n"
keys = st.sampled_from([*KEYS, "tỉnh", "xyz", "Title", "'date'"])
pairs = st.tuples(keys, st.sampled_from(SCRAPS) | st.text(ANY_TEXT, max_size=12))
written = st.lists(pairs.map(": ".join), max_size=8).map("\n".join) | st.text(ANY_TEXT, max_size=80)


@settings(max_examples=250)
@given(st.sampled_from(["", GOOD_START]), written)
@example(GOOD_START, "pinned: 2099-12-31")
def test_any_header_gives_an_article_or_problems_and_nothing_is_raised(start: str, rest: str) -> None:
    text = headed(start + rest)
    done = compiled(text)
    last = text.count("\n") + text.count("\r") + 1
    assert (done.article is None) == any(found.severity == "error" for found in done.problems)
    assert all(found.path == PATH and 1 <= found.line <= last for found in done.problems)


FAULTY_LINES = ["province: Xyz", "date: 30/02/2016", "value: 5", "tags: a", "draft: có", "xyz: 1", "slug: A", "title:"]
FAULTY_DEALS = "deals:" + deals(("Xyz", "2016", "5"), ("Huế", "2016-11", "20 triệu USD"))


@given(
    st.lists(st.sampled_from([*FAULTY_LINES, "author: An", "summary: a: b"]), unique=True),
    st.lists(st.sampled_from(["", "# ghi chú", "  # ghi chú"]), max_size=5),
    st.data(),
)
def test_what_is_wrong_keeps_its_line_when_lines_are_put_before_it(
    lines: list[str], filling: list[str], data: st.DataObject
) -> None:
    lines = [*lines, "title: Tin", "province: Huế", "date: 2016-12-25", *FAULTY_DEALS.split("\n")]
    at = data.draw(st.integers(min_value=0, max_value=len(lines)))
    moved = [(line + len(filling) * (line >= at + 2), *rest) for line, *rest in seen(headed(*lines))]
    assert [tuple(mark) for mark in seen(headed(*lines[:at], *filling, *lines[at:]))] == moved


def test_a_general_notice_shows_what_the_settings_call_it_and_may_be_written_so() -> None:
    rules = replace(RULES, nationwide_label="Toàn công ty")
    for written in ("Toàn quốc", "cả nước", "Toàn công ty", "toan cong ty"):
        done = compiled(item(province=written), rules=rules)
        assert done.problems == ()
        assert done.article is not None
        assert [(place.id, place.name) for place in done.article.card.places] == [("toan-quoc", "Toàn công ty")]
    assert codes(compiled(item(province="[Toàn công ty, Huế]"), rules=rules).problems) == ["nationwide-and-province"]


@pytest.mark.parametrize(("key", "names"), [("author", "[★, Lan]"), ("tags", "[李明]"), ("author", "a" * 121)])
def test_a_name_that_makes_no_address_is_a_warning(key: str, names: str) -> None:
    assert codes(compiled(item(**{key: names})).problems) == ["name-without-page"]


def test_two_spellings_of_a_name_in_one_item_are_one() -> None:
    assert article(tags="[Y tế, y tế, y te]").tags == ("Y tế",)
