"""What the heading of a column means, however it is spelt: «Số tiền (tỷ đồng)», «NGAY KY», «Tỉnh/TP». Pure."""

from __future__ import annotations

import re

from msgspec import Struct

from bulletin.vietnamese import clean, fold

FOREIGN = "foreign"
"""The unit of a column whose amounts are no dong."""
NUMBER, UNIT = "number", "unit"
"""Columns that are no key of an item: those that count the rows, and those that hold the unit of an amount."""


class Heading(Struct, frozen=True, kw_only=True):
    """The key that a column is for, and the unit of its amounts if the heading says it: «tỷ đồng»."""

    field: str
    unit: str = ""


_AGREEMENT = "hop dong|hd|hop tac|thoa thuan|ky ket|da ky|ky|ghi nho|dau tu|du an|cam ket|du kien|goi thau|bien ban"
_PARTS = {
    NUMBER: "s?tt|so tt|so thu tu|no",
    UNIT: "dvt|don vi tinh|don vi tien(?: te)?|don vi",
    "value": (
        "(?:tong )?(?:gia tri|tri gia|so tien|thanh tien|kinh phi|tong tien|tong von|von dau tu|muc dau tu|quy mo von)"
        f"(?: (?:cua|{_AGREEMENT}))*|amount|value|tong cong"
    ),
    "date": (
        "(?:ngay|thoi gian|thoi diem)(?: thang)?(?: nam)?"
        f"(?: (?:le|{_AGREEMENT}|dang|tin tuc|tin|bai viet|bai|su kien))*|date"
    ),
    "province": (
        "(?:ten |ubnd )*(?:tinh|thanh pho|tp|dia phuong|dia ban|tinh thanh)(?: (?:va|hoac|tp|thanh pho|thanh|tinh))*"
        f"(?: (?:{_AGREEMENT}|doi tac))*|noi ky(?: ket)?|province"
    ),
    "title": "(?:tieu de|ten bai|ten tin|tit|dau de)(?: bai| viet| tin)*|title|headline",
    "name": (
        f"(?:ten )?(?:thoa thuan|hop dong|hd|du an|goi thau|bien ban|van ban)(?: (?:{_AGREEMENT}))*"
        "|(?:so|ma)(?: hieu)? (?:hop dong|hd|van ban|du an)|deal|name"
    ),
    "summary": "tom tat|sapo|sa po|mo ta|trich yeu|summary",
    "body": "noi dung(?: bai| viet| tin| chi tiet)*|bai viet|than bai|body|text",
    "author": "tac gia|nguoi viet|phong vien|nguoi dang|but danh|author",
    "category": "chuyen muc|muc|category",
    "tags": "tu khoa|the|nhan|tags?",
    "place": "dia diem|noi to chuc|place",
}
_FORMS = {field: re.compile(form) for field, form in _PARTS.items()}
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_UNITS = (
    ("nghìn tỷ đồng", "(?:nghin|ngan) t[yi](?: ?(?:dong|d|vnd))?"),
    ("tỷ đồng", "t[yi](?: ?(?:dong|d|vnd))?"),
    ("triệu đồng", "(?:trieu|tr)(?: ?(?:dong|d|vnd))?"),
    ("nghìn đồng", "(?:1 ?000|nghin|ngan|k) ?(?:dong|d|vnd)"),
    ("đồng", "dong|d|vnd|viet nam dong|dong viet nam"),
    (FOREIGN, ".*(?:[$€]|(?<![a-z])(?:usd|do la|do|eur|euro|yen|jpy|cny|nhan dan te)(?![a-z])).*"),
)
_UNIT_FORMS = tuple((unit, re.compile(form)) for unit, form in _UNITS)
_UNIT_LEAD = re.compile("(?:dvt|don vi tinh|don vi tien te|don vi|tinh bang|tinh theo) ?:? ?")
_UNIT_LINE = re.compile(r"\W*(?:dvt|don vi tinh|don vi tien te|don vi) ?: ?(.+?)\W*")


def meaning_of(heading: str) -> Heading | None:
    """Return what a heading means; None if it is no heading that the bulletin knows."""
    text = fold(clean(heading.replace("\n", " ")))
    units = [unit_of(inner) for inner in _BRACKETS.findall(text)]
    words = _plain(_BRACKETS.sub(" ", text))
    unit = next((unit for unit in units if unit), "")
    for cut in range(len(words), 0, -1):
        # «Giá trị tỷ đồng», «Số tiền VND»: what is left behind the heading may be its unit.
        rest = unit_of(" ".join(words[cut:])) if cut < len(words) else unit
        field = _field(" ".join(words[:cut]))
        if field and (cut == len(words) or (rest and field == "value")):
            return Heading(field=field, unit=rest if field == "value" else "")
    return None


def unit_of(text: str) -> str:
    """Return the unit that a text names, as `amounts.parse` takes it: «triệu đồng» for «tr.đ»; else empty."""
    words = " ".join(re.sub(r"(?<=[0-9])[.,](?=000)", "", fold(clean(text))).replace(".", " ").split())
    words = _UNIT_LEAD.sub("", words, count=1)
    return next((unit for unit, form in _UNIT_FORMS if form.fullmatch(words)), "")


def unit_said(text: str) -> str:
    """Return the unit that a line above a table says for all of it: «Đơn vị tính: tỷ đồng»; empty for another line."""
    line = _UNIT_LINE.fullmatch(fold(clean(text)))
    return unit_of(line[1]) if line else ""


def _plain(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9$€]+", " ", text).split()


def _field(words: str) -> str:
    return next((field for field, form in _FORMS.items() if form.fullmatch(words)), "")
