"""Tests of spreadsheets: every mistake is named with its cell, nothing is made with one, and what is made adds up."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from bulletin.intake import Given
from bulletin.intake.sheets.headings import meaning_of, unit_of, unit_said
from bulletin.intake.sheets.tables import letter_of
from bulletin.intake.spreadsheets import read, read_workbook
from bulletin.intake.values import Found, RowsAs, chosen
from bulletin.items import compile_source, edit_header
from bulletin.model import Deal, Source
from bulletin.pages.deals import merge, total
from bulletin.problems import Refused, message
from bulletin.vietnamese import amounts, provinces
from tests.workbooks import sheet, wishes, workbook, xlsx

HEADINGS = ["STT", "Tỉnh/TP", "Ngày ký", "Giá trị (tỷ đồng)"]
ROW = [1, "Thái Nguyên", date(2016, 12, 25), 2000]


def read_rows(rows: Any, rows_as: RowsAs = "deals", headings: Any = HEADINGS, **more: Any) -> Found:
    return read_workbook(workbook([headings, *rows], **more), "a.xlsx", wishes(rows_as))


def codes(result: Found) -> list[str]:
    return [problem.code for problem in result.problems]


def told(result: Found) -> list[str]:
    return [message(problem, "vi") for problem in result.problems]


def deals(result: Found) -> Any:
    return chosen(result.documents[0].proposals)["deals"]


def sum_of(rows: Any) -> int:
    parsed = [amounts.parse(row["value"]) for row in rows if not amounts.is_undisclosed(row["value"])]
    return sum(amount.dong for amount in parsed if amount)


# Three hundred rows


def three_hundred() -> list[list[Any]]:
    names = [unit.stages[0].name for unit in provinces.units(63)]
    first = date(2016, 1, 4)
    return [
        [number, names[number * 7 % 63], first + timedelta(days=number), (number * 37 % 900 + 5) / 4]
        for number in range(1, 301)
    ]


# By the row of the sheet: the column, what is typed there, and how the message begins.
MISTAKES: dict[int, tuple[int, Any, str]] = {
    12: (1, "Thái Nguyen Xanh", "không có tỉnh, thành phố «Thái Nguyen Xanh»"),
    30: (1, "Hà Nội, Đà Nẵng", "«Hà Nội, Đà Nẵng»"),
    48: (1, None, "ô trống"),
    66: (2, "30/02/2016", "«30/02/2016»"),
    84: (2, "12/25/2016", "«12/25/2016»"),
    102: (2, 42729, "ô giữ số 42729 chứ không phải ngày; theo cách đếm của Excel đó là 25/12/2016"),
    120: (2, "25/12", "«25/12»"),
    138: (3, "2,000", "«2,000»"),
    156: (3, 12.345, "ô giữ số 12,345, có thể là 12.345 gõ vào Excel kiểu Anh"),
    174: (3, "20 triệu USD", "«20 triệu USD»"),
    192: (3, -5, "«-5»"),
    210: (3, None, "ô trống, không rõ số tiền"),
    228: (3, "500-700", "«500-700»"),
    246: (3, True, "«TRUE» không phải số tiền"),
}


def test_each_of_many_mistakes_is_named_with_its_cell_and_nothing_is_made() -> None:
    rows = three_hundred()
    for row, (column, typed, _) in MISTAKES.items():
        rows[row - 2][column] = typed
    rows[270 - 2] = rows[264 - 2]
    result = read(Given(name="thoa-thuan.xlsx", data=xlsx([HEADINGS, *rows])), wishes())
    assert result.documents == ()
    expected = [
        f"Sheet1, dòng {row}, cột {letter_of(column)} «{HEADINGS[column]}»: {begins}"
        for row, (column, _, begins) in MISTAKES.items()
    ]
    expected.append("Sheet1, dòng 270, cột B «Tỉnh/TP»: trùng với dòng Sheet1, 264")
    sentences = told(result)
    assert len(sentences) == len(expected)
    for sentence, begins in zip(sentences, expected, strict=True):
        assert begins.partition(": ")[0] == sentence.partition(": ")[0]
        assert begins.partition(": ")[2] in sentence


def test_mended_three_hundred_rows_are_as_many_deals_with_the_sum_of_the_sheet() -> None:
    rows = three_hundred()
    whole = sum(row[3] for row in rows)
    result = read(Given(name="thoa-thuan.xlsx", data=xlsx([HEADINGS, *rows, ["", "Tổng cộng", "", whole]])), wishes())
    assert not told(result)
    assert len(deals(result)) == 300
    assert sum_of(deals(result)) == int(whole * 10**9)
    assert len(result.cells) == 900


def counted(result: Found) -> tuple[Deal, ...]:
    """Return the deals of the item that is made, as the bulletin counts them."""
    text = edit_header("", "", {**chosen(result.documents[0].proposals)})
    assert isinstance(text, str)
    article = compile_source(Source(path="content/2016/a.md", text=f"{text}Chữ.\n"), wishes().rules).article
    assert article
    return merge([article])[0]


def test_the_bulletin_counts_as_many_deals_as_the_sheet_has_rows() -> None:
    rows = three_hundred()
    found = counted(read_workbook(workbook([HEADINGS, *rows]), "a.xlsx", wishes()))
    assert len(found) == 300
    assert total(found).dong == int(sum(row[3] for row in rows) * 10**9)


AGREEMENTS = st.tuples(
    st.sampled_from(["Huế", "Hà Nội"]),
    st.sampled_from(["25/12/2016", "26/12/2016", "12/2016", "11/2016"]),
    st.sampled_from([5, 7, "chưa công bố"]),
    st.sampled_from(["", "", "A", "B"]),
)


@settings(max_examples=int(os.environ.get("BULLETIN_SHEETS", "60")))
@hypothesis_given(st.lists(AGREEMENTS, min_size=1, max_size=6))
def test_no_row_that_passes_is_counted_together_with_another(rows: list[tuple[Any, ...]]) -> None:
    result = read_rows(rows, headings=["Tỉnh", "Ngày ký", "Giá trị (tỷ)", "Tên thỏa thuận"])
    assert not result.documents or len(counted(result)) == len(rows)


def test_every_cell_is_shown_as_it_was_read() -> None:
    result = read_rows([ROW, [2, "hue", "28/12/2016", "chưa công bố"], [3, "Tây Nguyên", "", ""]])
    assert [(cell.row, f"{cell.column} {cell.heading}", cell.written, cell.read) for cell in result.cells] == [
        (2, "B Tỉnh/TP", "Thái Nguyên", "Thái Nguyên"),
        (2, "C Ngày ký", "25/12/2016", "Chủ Nhật, 25/12/2016"),
        (2, "D Giá trị (tỷ đồng)", "2000", "hai nghìn tỷ đồng"),
        (3, "B Tỉnh/TP", "hue", "Thừa Thiên Huế"),
        (3, "C Ngày ký", "28/12/2016", "Thứ Tư, 28/12/2016"),
        (3, "D Giá trị (tỷ đồng)", "chưa công bố", "chưa công bố"),
        (4, "B Tỉnh/TP", "Tây Nguyên", ""),
        (4, "C Ngày ký", "", ""),
        (4, "D Giá trị (tỷ đồng)", "", ""),
    ]
    assert codes(result) == ["deal-province-region", "sheet-cell-empty", "sheet-no-amount"]


# Headings


@pytest.mark.parametrize(
    ("heading", "field", "unit"),
    [
        ("Số tiền (tỷ đồng)", "value", "tỷ đồng"),
        ("SO TIEN", "value", ""),
        ("Giá trị HĐ (tr.đ)", "value", "triệu đồng"),
        ("Giá trị\n(ĐVT: 1.000đ)", "value", "nghìn đồng"),
        ("Giá trị tỷ VNĐ", "value", "tỷ đồng"),
        ("Tổng giá trị hợp đồng [VND]", "value", "đồng"),
        ("Trị giá (triệu USD)", "value", "foreign"),
        ("Giá trị (nghìn tỷ)", "value", "nghìn tỷ đồng"),
        ("NGÀY KÝ KẾT", "date", ""),
        ("Ngày, tháng, năm ký", "date", ""),
        ("Thời gian ký", "date", ""),
        ("Tỉnh/TP", "province", ""),
        ("Tên tỉnh, thành phố", "province", ""),
        ("Địa phương", "province", ""),
        ("Tên thỏa thuận", "name", ""),
        ("Số HĐ", "name", ""),
        ("Tiêu đề bài viết", "title", ""),
        ("Sapo", "summary", ""),
        ("S.TT", None, ""),
        ("STT", "number", ""),
        ("ĐVT", "unit", ""),
        ("value", "value", ""),
        ("Ngày hết hạn", None, ""),
        ("Giá trị giải ngân", None, ""),
        ("Số thỏa thuận", None, ""),
        ("Ghi chú", None, ""),
        ("", None, ""),
    ],
)
def test_headings(heading: str, field: str | None, unit: str) -> None:
    meaning = meaning_of(heading)
    assert (meaning.field if meaning else None) == field
    assert (meaning.unit if meaning else "") == unit


def test_units() -> None:
    assert unit_of("Tr. đồng") == "triệu đồng"
    assert unit_of("Ban Truyền thông") == ""
    assert unit_said("(Đơn vị tính: Triệu đồng)") == "triệu đồng"
    assert unit_said("Đơn vị: Ban Truyền thông") == ""
    for unit in ("tỷ đồng", "triệu đồng", "nghìn đồng", "nghìn tỷ đồng", "đồng"):
        assert amounts.is_unit(unit_of(unit))


def test_letters_of_columns() -> None:
    assert [letter_of(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_titles_units_numbering_totals_and_signatures_around_a_table() -> None:
    rows: list[list[Any]] = [
        ["Danh sách thỏa thuận đã ký năm 2016"],
        ["", "", "", "Đơn vị tính: triệu đồng"],
        [],
        ["TT", "Địa phương", "Ngày ký", "Giá trị", "Ghi chú"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["I", "Miền Bắc"],
        [1, "Thái Nguyên", "25/12/2016", 500, "gấp"],
        [2, "Hưng Yên", "21/12/2016", 250],
        ["", "Cộng miền Bắc", "", 750],
        ["TT", "Địa phương", "Ngày ký", "Giá trị", "Ghi chú"],
        [3, "Phú Yên", "11/2016", 50],
        [4],
        ["Tổng cộng", "", "", 800],
        ["", "Hà Nội, ngày 31/12/2016"],
        ["", "Người lập biểu"],
    ]
    result = read_workbook(workbook(rows), "a.xlsx", wishes())
    assert codes(result) == ["sheet-columns-unread", "sheet-rows-unread"]
    assert "6, 14, 15" in told(result)[1]
    values = chosen(result.documents[0].proposals)
    assert values["title"] == "Danh sách thỏa thuận đã ký năm 2016"
    assert values["province"] == ["Thái Nguyên", "Hưng Yên", "Phú Yên"]
    assert values["date"] == "2016-12-25"
    assert values["deals"] == [
        {"province": "Thái Nguyên", "date": "2016-12-25", "value": "500 triệu đồng"},
        {"province": "Hưng Yên", "date": "2016-12-21", "value": "250 triệu đồng"},
        {"province": "Phú Yên", "date": "2016-11", "value": "50 triệu đồng"},
    ]


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (["Kính gửi: Ban Truyền thông tập đoàn", "KÝ KẾT NĂM 2016", "Tháng 12/2016"], "KÝ KẾT NĂM 2016"),
        (["Bảng 1", "Các thỏa thuận đã ký"], "Các thỏa thuận đã ký"),
        (["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐVT: tỷ đồng"], "bang ke"),
        ([], "bang ke"),
    ],
)
def test_the_title_of_a_table_is_that_of_its_item(above: list[str], title: str) -> None:
    rows: list[list[Any]] = [*([line] for line in above), HEADINGS, ROW]
    result = read_workbook(workbook(rows), "bang_ke.xlsx", wishes())
    assert chosen(result.documents[0].proposals)["title"] == title


def test_headings_over_two_rows() -> None:
    rows: list[list[Any]] = [
        ["STT", "Tỉnh", "Thỏa thuận", "", ""],
        ["", "", "Tên thỏa thuận", "Ngày ký", "Giá trị (tỷ)"],
        [1, "Thái Nguyên", "A", "25/12/2016", 2],
    ]
    assert deals(read_workbook(workbook(rows), "a", wishes())) == [
        {"province": "Thái Nguyên", "date": "2016-12-25", "value": "2 tỷ đồng", "name": "A"}
    ]


def test_cells_that_are_merged_downwards_count_for_each_row() -> None:
    rows = [ROW, [2, "", "26/12/2016", 3], [3, "", "27/12/2016", 4]]
    result = read_rows(rows, merged=((2, 1, 4, 1),))
    assert [deal["province"] for deal in deals(result)] == ["Thái Nguyên"] * 3
    assert codes(read_rows(rows)) == ["sheet-cell-empty"] * 2


def test_several_sheets_hidden_ones_and_hidden_rows() -> None:
    book = workbook([HEADINGS, ROW], name="Quý 3", hidden_rows=(2,))
    others = (
        sheet([HEADINGS, [1, "Huế", "28/12/2016", 7]], name="Quý 4"),
        sheet([HEADINGS, [1, "Hà Nội", "29/12/2016", 7]], name="Nháp", is_hidden=True),
        sheet([["Hướng dẫn"]], name="Đọc trước"),
        sheet([], name="Sheet4"),
    )
    result = read_workbook(type(book)(sheets=(*book.sheets, *others)), "a", wishes())
    assert [deal["province"] for deal in deals(result)] == ["Thái Nguyên", "Thừa Thiên Huế"]
    assert codes(result) == ["sheet-rows-hidden", "sheet-hidden", "sheet-without-table"]
    places = [proposal.place for proposal in result.documents[0].proposals]
    assert places[-2:] == ["trang Quý 3, dòng 2", "trang Quý 4, dòng 2"]


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["STT", "Tỉnh", "Ngày ký", "Ghi chú"], "sheet-no-column"),
        (["Tỉnh", "Tỉnh", "Ngày ký", "Giá trị (tỷ)"], "sheet-two-columns"),
        (["A", "B", "C", "D"], "sheet-no-table"),
    ],
)
def test_a_table_without_its_columns(headings: list[str], code: str) -> None:
    result = read_rows([ROW], headings=headings)
    assert code in codes(result)
    assert not result.documents


def test_headings_without_rows() -> None:
    assert codes(read_rows([])) == ["sheet-no-rows"]
    assert codes(read_rows([["", "Tổng cộng", "", 5]])) == ["sheet-total-differs"]


# Amounts


def value(typed: Any, heading: str = "Giá trị (tỷ đồng)", others: Any = ()) -> str:
    rows = [[1, "Thái Nguyên", "25/12/2016", typed]]
    rows += [[2, "Huế", f"{day + 1}/12/2016", other] for day, other in enumerate(others)]
    result = read_rows(rows, headings=[*HEADINGS[:3], heading])
    errors = [problem.code for problem in result.problems if problem.severity == "error"]
    return errors[0] if errors else str(deals(result)[0]["value"])


@pytest.mark.parametrize(
    ("typed", "heading", "read_as"),
    [
        (2000, "Giá trị (tỷ đồng)", "2.000 tỷ đồng"),
        (1.5, "Giá trị (tỷ đồng)", "1,5 tỷ đồng"),
        (0.125, "Giá trị (tỷ đồng)", "125 triệu đồng"),
        (0.1 + 0.2, "Giá trị (tỷ đồng)", "300 triệu đồng"),
        (1e15, "Giá trị (đ)", "amount-too-big"),
        (2e12, "Giá trị (VNĐ)", "2.000 tỷ đồng"),
        (2000, "Giá trị", "sheet-no-unit"),
        (2_000_000_000, "Giá trị", "sheet-no-unit"),
        ("2.000", "Giá trị (tỷ đồng)", "2.000 tỷ đồng"),
        ("2.000,5", "Giá trị (triệu)", "2.000,5 triệu đồng"),
        ("gần 2.000", "Giá trị (tỷ đồng)", "gần 2.000 tỷ đồng"),
        ("500 triệu đồng", "Giá trị (tỷ đồng)", "500 triệu đồng"),
        ("500 triệu đồng", "Giá trị (triệu USD)", "500 triệu đồng"),
        ("500 triệu đồng", "Giá trị", "500 triệu đồng"),
        (5, "Giá trị (triệu USD)", "sheet-foreign"),
        ("Chưa công bố", "Giá trị", "chưa công bố"),
        ("1.5", "Giá trị (tỷ đồng)", "amount-dot-decimal"),
        ("2,000", "Giá trị (tỷ đồng)", "amount-ambiguous-comma"),
        (12.345, "Giá trị (tỷ đồng)", "sheet-decimals"),
        (1234.567, "Giá trị (tỷ đồng)", "1.234.567 triệu đồng"),
        (0, "Giá trị (tỷ đồng)", "amount-zero"),
        ("-", "Giá trị (tỷ đồng)", "amount-no-number"),
        (date(2016, 12, 25), "Giá trị (tỷ đồng)", "sheet-not-an-amount"),
    ],
)
def test_amounts(typed: Any, heading: str, read_as: str) -> None:
    assert value(typed, heading) == read_as


def test_a_unit_may_have_a_column_of_its_own() -> None:
    rows = [["Huế", "28/12/2016", 5, "tỷ"], ["Hà Nội", "29/12/2016", 7, "triệu đồng"]]
    result = read_rows(rows, headings=["Tỉnh", "Ngày ký", "Giá trị", "ĐVT"])
    assert [deal["value"] for deal in deals(result)] == ["5 tỷ đồng", "7 triệu đồng"]


def test_the_unit_of_the_settings_is_the_last_resort() -> None:
    book = workbook([["Tỉnh", "Ngày ký", "Giá trị"], ["Huế", "28/12/2016", 5]])
    assert codes(read_workbook(book, "a", wishes())) == ["sheet-no-unit"]
    assert deals(read_workbook(book, "a", wishes(value_unit="tỷ đồng")))[0]["value"] == "5 tỷ đồng"


def test_small_numbers_are_asked_where_excel_took_dots_as_in_english() -> None:
    """«1.234.567» stayed a text, because the program knows no such number: then it took «2.000» for 2."""
    assert value(2, "Giá trị (triệu)", ["1.234.567"]) == "sheet-thousands-lost"
    assert value(2, "Giá trị (triệu)", [1234567]) == "2 triệu đồng"
    assert value(2000, "Giá trị (triệu)", ["1.234.567"]) == "2 tỷ đồng"


def test_one_question_for_a_whole_column() -> None:
    result = read_rows([[1, "Huế", f"{day}/12/2016", day] for day in range(1, 9)], headings=[*HEADINGS[:3], "Giá trị"])
    assert codes(result) == ["sheet-no-unit"]
    assert told(result)[0].startswith("Sheet1, dòng 1, cột D «Giá trị»: ")


@pytest.mark.parametrize(("written", "is_right"), [(2005, True), (2004.9, False), ("2.005 tỷ đồng", True), ("", True)])
def test_a_total_must_be_the_sum(written: Any, is_right: bool) -> None:  # noqa: FBT001 - a case
    result = read_rows([ROW, [2, "Huế", "28/12/2016", 5], ["Tổng cộng", "", "", written]])
    assert codes(result) == ([] if is_right else ["sheet-total-differs"])
    assert len(result.documents) == is_right


# Days


def when(typed: Any, others: Any = ()) -> str:
    rows = [[1, "Thái Nguyên", typed, 5], *([2, "Huế", other, 7] for other in others)]
    result = read_rows(rows)
    return codes(result)[0] if result.problems else str(deals(result)[0]["date"])


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        (date(2016, 12, 8), "2016-12-08"),
        (datetime(2016, 12, 8, 7, 30), "2016-12-08"),  # noqa: DTZ001 - Excel knows no time zones
        ("08/12/2016", "2016-12-08"),
        ("2016-12-08 00:00:00", "2016-12-08"),
        ("ngày 8 tháng 12 năm 2016", "2016-12-08"),
        ("11/2016", "2016-11"),
        ("12/25/2016", "date-month"),
        ("8/12/16", "date-short-year"),
        (42729, "sheet-date-is-number"),
        (2016, "sheet-not-a-date"),
        (42729.5, "sheet-not-a-date"),
        (date(1900, 1, 5), "date-year"),
        (True, "sheet-not-a-date"),
    ],
)
def test_days(typed: Any, read_as: str) -> None:
    assert when(typed) == read_as


def test_days_are_asked_where_excel_read_the_month_first() -> None:
    """«25/12/2016» stayed a text: then «08/12/2016» became the 12th of August."""
    assert when(date(2016, 8, 12), ["25/12/2016"]) == "sheet-days-swapped"
    assert when(date(2016, 12, 12), ["25/12/2016"]) == "2016-12-12"
    assert when(date(2016, 8, 12), ["25/12/2016", date(2016, 12, 28)]) == "2016-08-12"
    assert when(date(2016, 8, 12), ["5/12/2016"]) == "2016-08-12"


# Deals that would be one


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        (["Huế", "25/12/2016", 5, ""], ["TP Huế", "25/12/2016", 5, ""], True),
        (["Huế", "25/12/2016", 5, ""], ["Huế", "26/12/2016", 5, ""], False),
        (["Huế", "25/12/2016", 5, ""], ["Huế", "25/12/2016", 6, ""], False),
        (["Huế", "25/12/2016", 5, ""], ["Hà Nội", "25/12/2016", 5, ""], False),
        (["Huế", "25/12/2016", 5, ""], ["Huế", "12/2016", 5, ""], True),
        (["Huế", "25/12/2016", 5, ""], ["Huế", "25/12/2016", "chưa công bố", ""], True),
        (["Huế", "25/12/2016", 5, "Y tế số"], ["Huế", "01/01/2017", 7, "y tế  SỐ"], True),
        (["Huế", "25/12/2016", 5, "A"], ["Huế", "25/12/2016", 5, "B"], False),
        (["Huế", "25/12/2016", 5, "A"], ["Huế", "25/12/2016", 5, ""], True),
    ],
)
def test_rows_that_count_as_one_deal_are_asked(one: Any, other: Any, are_one: bool) -> None:  # noqa: FBT001 - a case
    result = read_rows([one, other], headings=["Tỉnh", "Ngày ký", "Giá trị (tỷ)", "Tên thỏa thuận"])
    assert codes(result) == (["sheet-deal-twice"] if are_one else [])


def test_a_misspelt_province_is_read_and_said() -> None:
    result = read_rows([[1, "Thái Nguyễn", "25/12/2016", 5]])
    assert deals(result)[0]["province"] == "Thái Nguyên"
    assert codes(result) == ["province-misspelt"]


def test_a_wrong_day_makes_no_fault_of_an_old_province() -> None:
    assert codes(read_rows([[1, "Hải Dương", "30/02/2016", 5], [2, "Huế", "01/08/2025", 6]])) == ["date-day"]


def test_provinces_of_old_deals_are_called_as_on_the_day_of_the_item() -> None:
    result = read_rows([[1, "Hải Dương", "25/12/2016", 5], [2, "Huế", "01/08/2025", 6]])
    values = chosen(result.documents[0].proposals)
    assert values["province"] == ["Hải Phòng", "Huế"]
    assert deals(result)[0]["province"] == "Hải Dương"


# Items


ITEM_HEADINGS = ["Tiêu đề", "Tỉnh", "Ngày", "Giá trị (tỷ)", "Chuyên mục", "Từ khóa", "Tóm tắt", "Nội dung", "Tác giả"]


def test_rows_as_items() -> None:
    row = ["Ký kết", "Huế", "28/12/2016", 5, "ký kết", "số hóa; y tế", "Ngắn", "Dòng một.\nDòng hai.", "Lan"]
    book = workbook([ITEM_HEADINGS, row, ["Tin chung", "Toàn quốc", "29/12/2016"]])
    result = read_workbook(book, "a", wishes("items", categories=("Ký kết",)))
    assert not told(result)
    assert [document.body for document in result.documents] == ["Dòng một.\n\nDòng hai.\n", ""]
    assert [chosen(document.proposals) for document in result.documents] == [
        {
            "title": "Ký kết",
            "province": "Thừa Thiên Huế",
            "date": "2016-12-28",
            "value": "5 tỷ đồng",
            "category": "Ký kết",
            "tags": ["số hóa", "y tế"],
            "summary": "Ngắn",
            "author": "Lan",
        },
        {"title": "Tin chung", "province": "Toàn quốc", "date": "2016-12-29"},
    ]


def test_an_item_with_several_provinces_has_no_amount() -> None:
    result = read_rows([["A", "Huế; Hà Nội", "28/12/2016", 5]], "items", ITEM_HEADINGS[:4])
    assert codes(result) == ["value-needs-one-province"]
    result = read_rows([["A", "Huế; Hà Nội", "28/12/2016", ""]], "items", ITEM_HEADINGS[:4])
    assert chosen(result.documents[0].proposals)["province"] == ["Thừa Thiên Huế", "Hà Nội"]


def test_an_unknown_category_is_named() -> None:
    result = read_rows([["A", "Huế", "28/12/2016", "", "Lạ"]], "items", ITEM_HEADINGS[:5])
    assert codes(result) == ["unknown-category"]


# Whatever the cells hold


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=False),
    st.dates(),
    st.booleans(),
    st.sampled_from(
        ["Huế", "Hà Nội", "25/12/2016", "5 tỷ", "Tổng cộng", "Tỉnh", "Ngày ký", "Giá trị", "I", "(1)", "\x00"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=int(os.environ.get("BULLETIN_SHEETS", "30")))
@hypothesis_given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(["deals", "items"]), st.booleans())
def test_no_cell_is_too_odd(rows: list[list[Any]], rows_as: RowsAs, has_headings: bool) -> None:  # noqa: FBT001 - drawn
    first = [HEADINGS if rows_as == "deals" else ITEM_HEADINGS] if has_headings else []
    result = read_workbook(workbook([*first, *rows]), "a", wishes(rows_as))
    assert bool(result.documents) != any(problem.severity == "error" for problem in result.problems)
    assert all(told(result))


def test_a_file_that_is_no_spreadsheet_is_refused() -> None:
    with pytest.raises(Refused, match="intake-damaged"):
        read(Given(name="a.xlsx", data=xlsx([ROW])[:2000]), wishes())
