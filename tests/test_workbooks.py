"""Tests of workbooks: what each kind of file holds, how a table of values is cut, and that no file ends the desk."""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulletin.intake import Given, read
from bulletin.intake.sheets.calamine_process import BROKEN, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, GivenUp, read_marks
from bulletin.intake.sheets.workbooks import Workbook, open_workbook, read_csv
from bulletin.intake.spreadsheets import read_workbook
from bulletin.intake.values import Found, chosen
from bulletin.problems import Refused
from tests.programs import require
from tests.workbooks import saved, wishes, with_password, xlsx

HEADINGS = ["Tỉnh", "Ngày ký", "Giá trị (tỷ đồng)"]
ROWS: list[list[Any]] = [HEADINGS, ["Huế", date(2016, 12, 28), 1.5], ["Hà Nội", "29/12/2016", "chưa công bố"]]
DEALS = [
    {"province": "Thừa Thiên Huế", "date": "2016-12-28", "value": "1,5 tỷ đồng"},
    {"province": "Hà Nội", "date": "2016-12-29", "value": "chưa công bố"},
]


def brought(data: bytes, name: str) -> Found:
    return read(Given(name=name, data=data), wishes())


def deals(result: Found) -> Any:
    assert result.documents, result.problems
    return chosen(result.documents[0].proposals)["deals"]


def texts(workbook: Workbook) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in workbook.sheets[0].rows]


def ods() -> bytes:
    """Return what Calc keeps of a table, as far as it matters."""
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in ROWS)
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
    table = f'<office:spreadsheet><table:table table:name="Trang1">{rows}</table:table></office:spreadsheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest></manifest>")
        packed.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body>{table}</office:body></office:document-content>",
        )
    return stream.getvalue()


_NAMES = ("office", "table", "text")


def _ods_cell(value: Any) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def encrypted(data: bytes) -> bytes:
    """Return a file of Calc that says of its parts how they are encrypted."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w") as written:
        for name in packed.namelist():
            part = packed.read(name)
            written.writestr(name, part.replace(b"</manifest>", b"<encryption-data/></manifest>"))
    return stream.getvalue()


def test_excel_and_calc() -> None:
    assert open_workbook(xlsx([["một dòng"]]), "Excel").sheets[0].height == 1
    assert open_workbook(xlsx([]), "Excel").sheets[0].height == 0
    assert deals(brought(xlsx(ROWS), "a.xlsx")) == DEALS
    assert deals(brought(ods(), "a.ods")) == DEALS


def test_what_libreoffice_makes_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    other = book.create_sheet("Trang khác")
    other.append(["Tỉnh", "Ngày ký", "Giá trị", "Tên thỏa thuận"])
    other.append(["Huế", "25/12/2016", "=1/0", "=NA()"])
    other.append(["Huế", "x", "y", "z"])
    for hidden in (3, 5, 6):
        other.row_dimensions[hidden].hidden = True
    (tmp_path / "a.xlsx").write_bytes(saved(book))
    for ending in ("xls", "ods"):
        target = tmp_path / ending
        command = [
            require("soffice"),
            f"-env:UserInstallation={(tmp_path / 'user').as_uri()}",
            "--headless",
            "--convert-to",
        ]
        subprocess.run([*command, ending, "--outdir", target, tmp_path / "a.xlsx"], check=True, capture_output=True)
        data = (target / f"a.{ending}").read_bytes()
        first, second = open_workbook(data, "Excel").sheets
        assert deals(read_workbook(Workbook(sheets=(first,)), "a", wishes())) == DEALS
        assert (first.hidden_rows, first.errors) == ((), ())
        assert (second.hidden_rows[0], second.errors) == (3, ("C2", "D2"))
        for cut in range(0, len(data), len(data) // 200):
            # Anything but these would end the process without a word of what is wrong.
            with suppress(*BROKEN, GivenUp):
                read_marks(data[:cut] + bytes(range(0, 160, 4)) + data[cut + 40 :])
        codes = [problem.code for problem in read_workbook(Workbook(sheets=(second,)), "a", wishes()).problems]
        assert codes.count("sheet-cell-error") == 2, "one of them in a column that may be empty too"
        assert "sheet-rows-hidden" in codes


def test_rows_that_are_hidden_cells_with_errors_and_formulas_without_a_result() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([*ROWS, ["Đà Nẵng", "30/12/2016", "=1+1"], ["Huế", "=A1", "#REF!"]])))
    page = book["Sheet1"]
    page.row_dimensions[3].hidden = True
    page["C5"].data_type = "e"
    page.merge_cells("A8:C8")
    sheet = open_workbook(saved(book), "Excel").sheets[0]
    assert (sheet.hidden_rows, sheet.errors, sheet.unknown) == ((3,), ("C5",), ("C4", "B5"))
    assert sheet.merged == ((8, 0, 8, 2),)
    codes = [problem.code for problem in brought(saved(book), "a.xlsx").problems]
    assert codes == ["sheet-rows-hidden", "sheet-cell-unknown", "sheet-cell-unknown", "sheet-cell-error"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (with_password(), "a.xlsx", "intake-password"),
        (encrypted(ods()), "a.ods", "intake-password"),
        (xlsx(ROWS)[:3000], "a.xlsx", "intake-damaged"),
        (xlsx(ROWS).replace(b"sheet1.xml", b"sheet9.xml"), "a.xlsx", "intake-damaged"),
    ],
)
def test_a_file_that_cannot_be_opened_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        brought(data, name)


def bomb() -> bytes:
    """Return a workbook whose first part says that it has 400 MB when it is unpacked."""
    data = xlsx(ROWS)
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + (400 << 20).to_bytes(4, "little") + data[at + 4 :]


def far_away() -> bytes:
    """Return a workbook with a cell in the last corner of its sheet: half a terabyte of cells between them."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))
    book["Sheet1"]["XFD1048576"] = " x"
    return saved(book)


def of_many_sheets() -> bytes:
    book = openpyxl.Workbook()
    for _ in range(MAX_SHEETS):
        book.create_sheet()
    return saved(book)


def wide() -> bytes:
    return xlsx([["Tỉnh"] * (MAX_COLUMNS + 1)])


REFUSED = [
    (bomb, "intake-bomb"),
    (far_away, "sheet-too-wide"),
    (of_many_sheets, "sheet-too-many-sheets"),
    (wide, "sheet-too-wide"),
]


@pytest.mark.parametrize(("make", "code"), REFUSED)
def test_no_file_takes_this_process_with_it(make: Any, code: str) -> None:
    data = make()
    begun = time.monotonic()
    with pytest.raises(Refused, match=code):
        brought(data, "a.xlsx")
    assert time.monotonic() - begun < 20


def test_a_sheet_with_too_many_rows_is_said() -> None:
    data = "\n".join(["Tỉnh;Ngày ký;Giá trị (tỷ)", *["Huế;28/12/2016;5"] * (MAX_ROWS + 5)]).encode()
    result = brought(data, "a.csv")
    assert [problem.code for problem in result.problems] == ["sheet-too-many-rows"]
    assert not result.documents


def test_a_table_of_values_that_is_too_wide_is_refused() -> None:
    with pytest.raises(Refused, match="sheet-too-wide"):
        read_csv(b"a;" * MAX_COLUMNS + b"a")


# Tables of values


LINES = ["Tỉnh{0}Ngày ký{0}Giá trị (tỷ đồng)", "Huế{0}28/12/2016{0}1,5", "Hà Nội{0}29/12/2016{0}chưa công bố"]


def csv(separator: str, end: str = "\r\n") -> str:
    quoted = [line.replace("1,5", '"1,5"') if separator == "," else line for line in LINES]
    return end.join(line.format(separator) for line in quoted) + end


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_values(separator: str, encoding: str) -> None:
    assert deals(brought(csv(separator).encode(encoding), "a.csv")) == DEALS


def test_what_excel_says_of_its_separator_is_no_row() -> None:
    assert deals(brought(f"sep=;\r\n{csv(';')}".encode("utf-8-sig"), "a.csv")) == DEALS


def test_a_table_of_values_in_an_old_encoding() -> None:
    text = csv(";").translate(
        {ord("ỉ"): "Ø", ord("à"): "µ", ord("ý"): "ý", ord("á"): "¸", ord("ị"): "Þ", ord("ỷ"): "û"}
    )
    text = text.translate(
        {ord("đ"): "®", ord("ồ"): "å", ord("ế"): "Õ", ord("ộ"): "é", ord("ư"): "\xad", ord("ố"): "è", ord("ô"): "«"}
    )
    result = brought(text.encode("cp1252"), "a.csv")
    assert deals(result) == DEALS
    assert result.problems[0].code == "intake-old-encoding"
    result = brought(xlsx([line.split(";") for line in text.splitlines()]), "a.xlsx")
    assert deals(result) == DEALS


def test_cells_with_line_ends_and_quotation_marks() -> None:
    assert texts(read_csv(b'A;B\r\n"x ""y""\r\nz";2\r\n')) == [["A", "B"], ['x "y"\r\nz', "2"]]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    lines = ["A;B", '"x;1', *[f"dòng {number};2" for number in range(100)]]
    assert len(texts(read_csv("\n".join(lines).encode()))) == 102
