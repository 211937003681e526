"""A province is found however it is spelt, under the map of its day, and never by likeness alone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, product
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.problems import Problem, Refused, problem_at, show
from bulletin.vietnamese import Place, fold, provinces, slug, sort_key
from bulletin.vietnamese.provinces import NATIONWIDE
from bulletin.vietnamese.registry import registry
from tests.test_text import OF_34, OF_63, names

IN_2006 = date(2006, 5, 1)
IN_2016 = date(2016, 12, 25)
IN_EARLY_2025 = date(2025, 3, 1)
LAST_OF_63 = date(2025, 6, 30)
FIRST_OF_34 = date(2025, 7, 1)
IN_2026 = date(2026, 11, 1)
MAP_NUMBERS = {63: IN_2016, 34: IN_2026}

SEVEN_OF_2016 = {
    "Bình Phước": "Đồng Nai",
    "Hưng Yên": "Hưng Yên",
    "Thái Nguyên": "Thái Nguyên",
    "Thừa Thiên Huế": "Huế",
    "Hải Dương": "Hải Phòng",
    "Phú Yên": "Đắk Lắk",
    "Đà Nẵng": "Đà Nẵng",
}

SPELLINGS = {
    "Hà Nội": "Thủ đô Hà Nội|TP Hà Nội|TP. Hà Nội|TP.Hà Nội|Hanoi|ha noi|HÀ NỘI|UBND TP. Hà Nội|Thành phố Hà Nội",
    "Hải Phòng": "TP Hải Phòng|TP. Hải Phòng|Haiphong",
    "Bắc Kạn": "Bắc Cạn",
    "Lào Cai": "Lao Cai|Lào Kay",
    "Hòa Bình": "Hoà Bình|HOÀ BÌNH|tỉnh Hoà Bình",
    "Thanh Hóa": "Thanh Hoá|THANH HOÁ",
    "Khánh Hòa": "Khánh Hoà|Khanh Hoa",
    "Thừa Thiên Huế": "Huế|TP Huế|TP. Huế|TP.Huế|Thành phố Huế|Thừa Thiên - Huế|Thừa Thiên – Huế|Thừa Thiên-Huế|"
    "Thừa thiên Huế|TT Huế|TT-Huế|TT. Huế|T.T. Huế|TTH|UBND tỉnh Thừa Thiên\u2011Huế",
    "Đà Nẵng": "TP Đà Nẵng|TP. Đà Nẵng|TP.Đà Nẵng|Danang|Đà Nẳng|Ðà Nẵng|Ɖà Nẵng|ðà nẵng|da nang|T.P. Đà Nẵng",
    "Kon Tum": "Kontum|Kon-Tum|Công Tum",
    "Gia Lai": "Gia-lai|Gialai",
    "Đắk Lắk": "Đăk Lăk|Đắk Lăk|Đăk Lắk|Đắc Lắc|Đắc Lắk|Đắk Lắc|Đak Lak|Dak Lak|Daklak|Darlac|ĐắkLắk|ĐẮK LẮK",
    "Đắk Nông": "Đăk Nông|Đắc Nông|Đak Nông|Dak Nong|Daknong|ĐắkNông",
    "Bà Rịa - Vũng Tàu": "Bà Rịa – Vũng Tàu|Bà Rịa-Vũng Tàu|Bà Rịa Vũng Tàu|Bà Rịa, Vũng Tàu|BR-VT|BR - VT|BRVT|BR–VT",
    "Hồ Chí Minh": "TP.HCM|TP. HCM|TP HCM|TPHCM|Tp.HCM|HCM|TP Hồ Chí Minh|TP. Hồ Chí Minh|TP.Hồ Chí Minh|"
    "Tp. Hồ Chí Minh|Thành phố Hồ Chí Minh|Sài Gòn|Saigon|TP Sài Gòn|Hồ Chí Minh City|Ho Chi Minh City|"
    "UBND TP.HCM|ủy ban nhân dân thành phố Hồ Chí Minh",
    "Kiên Giang": "Kiến Giang",
    "Cần Thơ": "TP Cần Thơ|TP. Cần Thơ|TP.Cần Thơ|Cantho",
    "Thái Nguyên": "UBND tỉnh Thái Nguyên|Uỷ ban nhân dân tỉnh Thái Nguyên|Ủy ban nhân dân tỉnh Thái Nguyên|"
    "Thaí Nguyên|  Thái \u00a0 Nguyên |Thái\u00a0Nguyên|Thái\u200b Nguyên|thai nguyen|thainguyen|"
    "THÁI NGUYÊN|tinh Thai Nguyen",
    "Toàn quốc": "toàn quốc|TOÀN QUỐC|toan quoc|cả nước|Cả nước|ca nuoc",
}


def resolve(text: str, day: date = IN_2016) -> Place:
    """Return the place that a text names without a warning."""
    resolved = provinces.resolve(text, day)
    assert resolved.spelling in ("exact", "folded")
    return resolved.place


def refused(text: str, day: date = IN_2016) -> Problem:
    with pytest.raises(Refused) as caught:
        provinces.resolve(text, day)
    return problem_at(caught.value, "a.md", 3)


def code_of(text: str, day: date = IN_2016) -> str:
    return refused(text, day).code


def shapes(name: str) -> set[str]:
    """Return one name as keyboards, headlines, other systems and officials write it."""
    titled = {f"{title}{name}" for title in ("", "UBND tỉnh ", "Ủy ban nhân dân tỉnh ", "Uỷ ban nhân dân TP. ", "TP.")}
    blanks = {text.replace(" ", "\u00a0") for text in titled} | {text.replace(" ", "  ") for text in titled}
    cased = {case for text in titled | blanks for case in (text, text.upper(), text.lower())}
    return cased | {normalize("NFD", text) for text in cased} | {fold(text) for text in cased}


@pytest.mark.parametrize("map_number", MAP_NUMBERS)
def test_every_name_and_alias_is_found_in_every_shape(map_number: int) -> None:
    day = MAP_NUMBERS[map_number]
    for unit in provinces.units(map_number):
        for name in {unit.name_on(day), *unit.aliases}:
            found = {resolve(shape, day) for shape in shapes(name)}
            assert found == {Place(id=unit.id, map_number=map_number, name=unit.name_on(day))}


@pytest.mark.parametrize("name", SPELLINGS)
def test_people_may_spell_it_like_this(name: str) -> None:
    for text in SPELLINGS[name].split("|"):
        assert resolve(text).name == name


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Thái Nguyên", "exact"),
        ("THÁI NGUYÊN", "exact"),
        ("UBND tỉnh Thái Nguyên", "exact"),
        ("Huế", "exact"),
        ("Đà Nẳng", "exact"),
        ("Hoà Bình", "folded"),
        ("Thai Nguyen", "folded"),
        ("hanam", "folded"),
        ("Thái Nguyễn", "misspelt"),
        ("Thái Nguyen", "misspelt"),
        ("Thai Nguyến", "misspelt"),
        ("Hà Nôi", "misspelt"),
    ],
)
def test_a_wrong_accent_is_told_from_a_missing_one(text: str, spelling: str) -> None:
    assert provinces.resolve(text, IN_2016).spelling == spelling


def test_the_day_decides_the_map() -> None:
    assert provinces.map_number_on(IN_2006) == 63
    assert provinces.map_number_on(LAST_OF_63) == 63
    assert provinces.map_number_on(FIRST_OF_34) == 34
    assert resolve("Thái Nguyên", LAST_OF_63) == Place(id="thai-nguyen", map_number=63, name="Thái Nguyên")
    assert resolve("Thái Nguyên", FIRST_OF_34) == Place(id="thai-nguyen", map_number=34, name="Thái Nguyên")
    assert resolve("Hải Dương", LAST_OF_63).id == "hai-duong"
    assert code_of("Hải Dương", FIRST_OF_34) == "province-gone"


def test_hue_is_hue_at_any_date_under_the_name_of_that_day() -> None:
    for text in ("Huế", "TP Huế", "Thừa Thiên Huế", "TT-Huế"):
        assert resolve(text, IN_2016) == Place(id="thua-thien-hue", map_number=63, name="Thừa Thiên Huế")
        assert resolve(text, date(2024, 12, 31)).name == "Thừa Thiên Huế"
        assert resolve(text, date(2025, 1, 1)) == Place(id="thua-thien-hue", map_number=63, name="Huế")
        assert resolve(text, FIRST_OF_34) == Place(id="hue", map_number=34, name="Huế")


def test_the_whole_country_belongs_to_no_edition() -> None:
    for day in (IN_2016, IN_2026):
        assert resolve("Toàn quốc", day) == NATIONWIDE
    assert (NATIONWIDE.id, NATIONWIDE.map_number, NATIONWIDE.name) == ("toan-quoc", None, "Toàn quốc")
    assert NATIONWIDE.id not in provinces.ids()


REFUSALS = [
    (
        "Thái Nguyen Xanh",
        IN_2016,
        "không có tỉnh, thành phố «Thái Nguyen Xanh»; ý bạn là «Thái Nguyên»? [unknown-province]",
        "there is no province or city «Thái Nguyen Xanh»; did you mean «Thái Nguyên»? [unknown-province]",
    ),
    (
        "Atlantis",
        IN_2016,
        (
            "không có tỉnh, thành phố «Atlantis»; ghi tên một tỉnh, thành phố của Việt Nam, hoặc Toàn quốc, "
            "ví dụ: province: Thái Nguyên [unknown-province]"
        ),
        (
            "there is no province or city «Atlantis»; name a province or city of Việt Nam, or Toàn quốc, "
            "for example: province: Thái Nguyên [unknown-province]"
        ),
    ),
    (
        "Thừa Thiên",
        IN_2026,
        "không có tỉnh, thành phố «Thừa Thiên»; ý bạn là «Huế»? [unknown-province]",
        "there is no province or city «Thừa Thiên»; did you mean «Huế»? [unknown-province]",
    ),
    (
        "ĐN",
        IN_2016,
        (
            "viết tắt «ĐN» thì chưa rõ là tỉnh, thành phố nào; "
            "hãy viết đủ tên, có thể là «Đà Nẵng», «Đắk Nông», «Đồng Nai» [province-shorthand]"
        ),
        (
            "the abbreviation «ĐN» does not say which province is meant; "
            "write the name in full, perhaps «Đà Nẵng», «Đắk Nông», «Đồng Nai» [province-shorthand]"
        ),
    ),
    (
        "Tây Nguyên",
        IN_2016,
        (
            "«Tây Nguyên» là tên vùng, không phải tỉnh hay thành phố; "
            "hãy ghi tên từng tỉnh, ví dụ [Đắk Lắk, Gia Lai], hoặc ghi Toàn quốc [province-region]"
        ),
        (
            "«Tây Nguyên» is a region, not a province or city; "
            "name its provinces, as in [Đắk Lắk, Gia Lai], or write Toàn quốc for the whole country [province-region]"
        ),
    ),
    (
        "Nha Trang",
        IN_2016,
        (
            "«Nha Trang» không phải là tỉnh hay thành phố trực thuộc trung ương; "
            "nơi này thuộc tỉnh Khánh Hòa, hãy ghi «Khánh Hòa» [province-place]"
        ),
        (
            "«Nha Trang» is not a province or a centrally run city; "
            "it lies in Khánh Hòa, so write «Khánh Hòa» [province-place]"
        ),
    ),
    (
        "Bắc Cạn",
        FIRST_OF_34,
        (
            "«Bắc Kạn» đã nhập vào tỉnh Thái Nguyên từ ngày 01/07/2025; "
            "hãy ghi «Thái Nguyên», hoặc xem lại ngày đã ghi [province-gone]"
        ),
        "«Bắc Kạn» became part of Thái Nguyên on 2025-07-01; write «Thái Nguyên», or check the date [province-gone]",
    ),
    (
        "Hà Tây",
        IN_2006,
        (
            "«Hà Tây» đã nhập vào thành phố Hà Nội từ ngày 01/08/2008; "
            "hãy ghi «Hà Nội», hoặc xem lại ngày đã ghi [province-gone]"
        ),
        "«Hà Tây» became part of Hà Nội on 2008-08-01; write «Hà Nội», or check the date [province-gone]",
    ),
    (
        "TP HÀ NỘI, da nang",
        IN_2016,
        "«TP HÀ NỘI, da nang» gồm nhiều tỉnh, thành phố; hãy ghi thành danh sách [Hà Nội, Đà Nẵng] [province-several]",
        "«TP HÀ NỘI, da nang» names several provinces; write them as a list: [Hà Nội, Đà Nẵng] [province-several]",
    ),
    (
        "“Thái Nguyên”",
        IN_2016,
        (
            "«“Thái Nguyên”» có dấu ngoặc thừa: «“» (U+201C), «”» (U+201D); "
            "hãy bỏ dấu ngoặc, chỉ ghi Thái Nguyên [province-quotes]"
        ),
        (
            "«“Thái Nguyên”» has quotation marks that do not belong there: «“» (U+201C), «”» (U+201D); "
            "delete them and write Thái Nguyên [province-quotes]"
        ),
    ),
]


@pytest.mark.parametrize(("text", "day", "vietnamese", "english"), REFUSALS)
def test_a_refusal_says_why_and_what_to_write(text: str, day: date, vietnamese: str, english: str) -> None:
    assert show(refused(text, day), "vi") == f"a.md:3: error: {vietnamese}"
    assert show(refused(text, day), "en") == f"a.md:3: error: {english}"


def test_a_misspelt_name_is_warned_of_in_both_languages() -> None:
    words = (("found", "Thái Nguyễn"), ("name", "Thái Nguyên"))
    warned = Problem(path="a.md", line=3, severity="warning", code="province-misspelt", words=words)
    assert show(warned, "vi") == (
        "a.md:3: warning: «Thái Nguyễn» viết chưa đúng chính tả; "
        "đã hiểu là «Thái Nguyên», hãy sửa lại [province-misspelt]"
    )
    assert show(warned, "en") == (
        "a.md:3: warning: «Thái Nguyễn» is misspelt; "
        "it was read as «Thái Nguyên», please correct it [province-misspelt]"
    )


@pytest.mark.parametrize("text", ["ĐN", "BD", "BT", "QN", "NB", "HN", "TN", "TH", "đn", "TP. ĐN", "Đ.N."])
def test_initials_are_never_guessed(text: str) -> None:
    assert code_of(text, IN_2016) == "province-shorthand"
    assert code_of(text, IN_2026) == "province-shorthand"


def test_initials_prefer_the_units_of_the_day() -> None:
    assert dict(refused("ĐN", IN_2026).words)["near"] == "«Đà Nẵng», «Đồng Nai»"
    assert dict(refused("BD", IN_2026).words)["near"] == (
        "«Hồ Chí Minh» (Bình Dương → Hồ Chí Minh), «Gia Lai» (Bình Định → Gia Lai)"
    )


@pytest.mark.parametrize(
    ("text", "in_2016", "in_2026"),
    [
        ("Trà Vin", "«Trà Vinh»", "«Vĩnh Long» (Trà Vinh → Vĩnh Long)"),
        ("Bắc Giangg", "«Bắc Giang»", "«Bắc Ninh» (Bắc Giang → Bắc Ninh)"),
        ("Thái Nguyen Xanh", "«Thái Nguyên»", "«Thái Nguyên»"),
        ("Thừa Thiên Huếs", "«Thừa Thiên Huế»", "«Huế»"),
        ("KG", "«Kiên Giang»", "«An Giang» (Kiên Giang → An Giang)"),
        ("Bến Treh", "«Bến Tre»", "«Vĩnh Long» (Bến Tre → Vĩnh Long)"),
    ],
)
def test_a_hint_names_only_what_is_possible_on_that_day(text: str, in_2016: str, in_2026: str) -> None:
    assert dict(refused(text, IN_2016).words)["near"] == in_2016
    assert dict(refused(text, IN_2026).words)["near"] == in_2026


@pytest.mark.parametrize("letters", ["a", "x", " 1"])
def test_no_hint_offers_a_unit_that_does_not_exist_on_that_day(letters: str) -> None:
    for map_number, day in MAP_NUMBERS.items():
        possible = {f"«{unit.name_on(day)}»" for unit in provinces.units(map_number)} | {"«Toàn quốc»"}
        for unit in provinces.units(63):
            near = dict(refused(f"{unit.stages[0].name}{letters}", day).words).get("near", "")
            assert set(re.findall("«[^»]*»", near)) <= possible


@pytest.mark.parametrize(
    ("text", "in_2016", "in_2026"),
    [
        ("Hà Nội, Trà Vinh", "[Hà Nội, Trà Vinh]", "[Hà Nội, Vĩnh Long] (Trà Vinh → Vĩnh Long)"),
        ("Bến Tre và Trà Vinh", "[Bến Tre, Trà Vinh]", "[Vĩnh Long] (Bến Tre, Trà Vinh → Vĩnh Long)"),
        ("Huế; Đà Nẵng", "[Thừa Thiên Huế, Đà Nẵng]", "[Huế, Đà Nẵng]"),
    ],
)
def test_a_list_that_is_proposed_is_right_on_that_day(text: str, in_2016: str, in_2026: str) -> None:
    assert dict(refused(text, IN_2016).words)["listed"] == in_2016
    assert dict(refused(text, IN_2026).words)["listed"] == in_2026


@pytest.mark.parametrize(
    "text",
    [
        *("Trụ sở chính", "Tập đoàn", "Tập đoàn Viettel", "Tổng công ty", "Tổng Công ty Mạng lưới", "Toàn công ty"),
        *("Nội bộ", "NỘI BỘ", "Trung ương", "Toan cong ty", "Việt Nam", "Văn phòng Tập đoàn", "63 tỉnh, thành phố"),
        *("Tất cả", "Bộ Thông tin và Truyền thông", "Viettel"),
    ],
)
@pytest.mark.parametrize("day", [IN_2016, IN_2026])
def test_words_for_the_whole_company_or_country_are_offered_nationwide(text: str, day: date) -> None:
    found = refused(text, day)
    assert (found.code, dict(found.words)["near"]) == ("unknown-province", "«Toàn quốc»")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Trụ sở chính tại Hà Nội", "«Hà Nội», «Toàn quốc»"),
        ("Viettel Thái Nguyên", "«Thái Nguyên», «Toàn quốc»"),
        ("Văn phòng Đà Nẵng", "«Đà Nẵng», «Toàn quốc»"),
    ],
)
def test_a_unit_that_is_named_with_them_is_offered_first(text: str, near: str) -> None:
    assert dict(refused(text, IN_2016).words)["near"] == near


@pytest.mark.parametrize(
    "text", ["Tây Nguyên", "vùng Tây Nguyên", "CÁC TỈNH TÂY NGUYÊN", "Miền Trung", "Đồng bằng sông Cửu Long", "ĐBSCL"]
)
def test_a_region_is_no_unit(text: str) -> None:
    assert code_of(text, IN_2016) == "province-region"
    assert code_of(text, IN_2026) == "province-region"


def test_every_region_of_both_maps_is_known_as_one() -> None:
    for map_number, day in MAP_NUMBERS.items():
        for region in provinces.regions(map_number):
            assert code_of(region.name, day) == "province-region"


@pytest.mark.parametrize(
    ("text", "in_2016", "in_2026"),
    [
        ("Nha Trang", "Khánh Hòa", "Khánh Hòa"),
        ("TP. Nha Trang", "Khánh Hòa", "Khánh Hòa"),
        ("Vũng Tàu", "Bà Rịa - Vũng Tàu", "Hồ Chí Minh"),
        ("Thủ Đức", "Hồ Chí Minh", "Hồ Chí Minh"),
        ("đảo Phú Quốc", "Kiên Giang", "An Giang"),
        ("Buon Ma Thuot", "Đắk Lắk", "Đắk Lắk"),
        ("Phan Rang - Tháp Chàm", "Ninh Thuận", "Khánh Hòa"),
        ("Quần đảo Hoàng Sa", "Đà Nẵng", "Đà Nẵng"),
        ("huyện Trường Sa", "Khánh Hòa", "Khánh Hòa"),
        ("đặc khu Trường Sa", "Khánh Hòa", "Khánh Hòa"),
    ],
)
def test_a_town_or_an_island_is_shown_its_unit(text: str, in_2016: str, in_2026: str) -> None:
    for day, home in ((IN_2016, in_2016), (IN_2026, in_2026)):
        assert refused(text, day).code == "province-place"
        assert dict(refused(text, day).words)["name"] == home


def test_every_town_of_the_registry_is_known_in_both_maps() -> None:
    for home, towns in registry().towns.items():
        for town, day in product(towns, MAP_NUMBERS.values()):
            assert code_of(town, day) == "province-place", town
        assert provinces.unit(home, 63).id == home


def test_what_went_into_another_unit_is_refused_with_its_name() -> None:
    gone = [unit for unit in provinces.units(63) if unit.id not in (unit.successor, "thua-thien-hue")]
    assert len(gone) == 29
    for unit in gone:
        new = provinces.unit(provinces.successor(unit.id), 34)
        for name in {unit.stages[0].name, *unit.aliases}:
            assert refused(name, IN_2026).code == "province-gone"
            assert dict(refused(name, IN_2026).words)["into"] == new.name_on(IN_2026)


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội, Đà Nẵng",
        "Hà Nội; Đà Nẵng",
        "Hà Nội và Đà Nẵng",
        "HÀ NỘI VÀ ĐÀ NẴNG",
        "ha noi va da nang",
        "Hà Nội & Đà Nẵng",
        "Hà Nội/Đà Nẵng",
        "TP Hà Nội, TP Đà Nẵng,",
        normalize("NFD", "Hà Nội và Đà Nẵng"),
    ],
)
def test_several_names_are_shown_as_a_list(text: str) -> None:
    assert refused(text).code == "province-several"
    assert dict(refused(text).words)["listed"] == "[Hà Nội, Đà Nẵng]"


def test_a_list_may_name_what_is_gone_or_the_whole_country() -> None:
    assert dict(refused("Bình Dương, Hà Nội", IN_2026).words)["listed"] == (
        "[Hồ Chí Minh, Hà Nội] (Bình Dương → Hồ Chí Minh)"
    )
    assert dict(refused("cả nước, Huế, Hà Nội", IN_2026).words)["listed"] == "[Toàn quốc, Huế, Hà Nội]"


@pytest.mark.parametrize("text", ["Hà Nội, Nha Trang", "Hà Nội - Đà Nẵng", "Hà Nội – Đà Nẵng", "Hà Nội Đà Nẵng"])
def test_dashes_and_unknown_parts_make_no_list(text: str) -> None:
    assert code_of(text) == "unknown-province"


@pytest.mark.parametrize("text", ["“Thái Nguyên”", "‘Huế’", "“Huế", "Huế”", "«Huế»", " “ Hà Nội, Đà Nẵng ” "])
def test_curly_quotes_are_to_be_deleted(text: str) -> None:
    assert code_of(text) == "province-quotes"


@pytest.mark.parametrize("text", ["", " ", "tỉnh", "UBND", "...", "Hà Nội 2", "Hà Nội 河內", "24", "01", "Hà", "Quảng"])
def test_what_is_no_name_is_unknown(text: str) -> None:
    assert code_of(text) == "unknown-province"


def test_a_long_text_is_shown_shortened() -> None:
    assert len(dict(refused("Hội nghị khách hàng " * 1000).words)["found"]) <= 61


LOOK_ALIKE = [
    "Bình Định, Bình Dương, Bình Phước, Bình Thuận, Ninh Thuận",
    "Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị",
    "Hà Nam, Hà Nội, Hà Giang, Hậu Giang, Hà Tĩnh, Tây Ninh",
    "Ninh Bình, Ninh Thuận, Tây Ninh, Quảng Ninh, Bắc Ninh",
    "Thái Bình, Thái Nguyên, Hòa Bình, Hưng Yên, Phú Yên",
    "Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Kiên Giang, Tiền Giang",
    "Lào Cai, Lai Châu, Gia Lai, Long An, Nghệ An, Vĩnh Long, Vĩnh Phúc",
]


@pytest.mark.parametrize("listed", LOOK_ALIKE)
def test_look_alikes_are_never_taken_for_each_other(listed: str) -> None:
    for one, other in combinations(names(listed), 2):
        assert resolve(one) != resolve(other)
        assert resolve(fold(one)) == resolve(one)
        # Half of one name and half of the other is like both, and is neither.
        mixed = fold(f"{one.split()[0]} {other.split()[-1]}")
        if mixed not in map(fold, names(OF_63)):
            assert code_of(mixed) in ("unknown-province", "province-place")


def place_of(text: str, day: date) -> Place | None:
    """Return the place, or None where the text is refused in both languages."""
    try:
        return provinces.resolve(text, day).place
    except Refused as caught:
        refusal = caught
    assert show(problem_at(refusal, "a.md", 1), "vi")
    assert show(problem_at(refusal, "a.md", 1), "en")
    return None


def ends_in_a_spelling_of(place: Place, text: str) -> bool:
    spelt: tuple[str, ...] = (place.name, "cả nước")
    if place.map_number:
        unit = provinces.unit(place.id, place.map_number)
        spelt = (*(stage.name for stage in unit.stages), *unit.aliases)
    return slug(text).replace("-", "").endswith(tuple(slug(name).replace("-", "") for name in spelt))


days = st.dates(date(2004, 1, 1), date(2099, 12, 31)) | st.sampled_from([LAST_OF_63, FIRST_OF_34])
pieces = st.sampled_from(
    [*names(OF_63), "Huế", "Tây Nguyên", "Vinh", "ĐN", "tỉnh", "TP.", "UBND", ",", " và ", "“", "x"]
)


@given(st.text(), days)
def test_any_text_resolves_or_is_refused(text: str, day: date) -> None:
    place = place_of(text, day)
    assert place is None or ends_in_a_spelling_of(place, text)


@given(st.lists(pieces, max_size=5).map(" ".join), days)
def test_pieces_of_names_resolve_only_to_what_they_spell(text: str, day: date) -> None:
    place = place_of(text, day)
    assert place is None or ends_in_a_spelling_of(place, text)


@given(st.sampled_from(names(OF_63)), st.integers(0, 20), st.sampled_from("abcdeghiklmnopqrstuvxy "), days)
def test_a_wrong_letter_is_never_mended_silently(name: str, at: int, letter: str, day: date) -> None:
    wrong = name[:at] + letter + name[at + 1 :]
    place = place_of(wrong, day)
    assert place is None or ends_in_a_spelling_of(place, wrong)


@pytest.mark.parametrize(("map_number", "listed"), [(63, OF_63), (34, OF_34)])
def test_units_stand_in_vietnamese_order(map_number: int, listed: str) -> None:
    assert [unit.stages[0].name for unit in provinces.units(map_number)] == names(listed)


def test_ids_of_both_editions_stand_in_the_order_of_their_names() -> None:
    ids = provinces.ids()
    assert len(ids) == len(set(ids)) == 64
    assert ids[0] == "an-giang"
    assert ids.index("ho-chi-minh") + 1 == ids.index("hue")
    assert {unit.id for map_number in (63, 34) for unit in provinces.units(map_number)} == set(ids)


def test_an_id_is_the_slug_of_the_name_and_means_nothing_without_its_edition() -> None:
    for map_number in (63, 34):
        for unit in provinces.units(map_number):
            assert unit.id == slug(unit.stages[0].name)
            assert provinces.unit(unit.id, map_number) is unit
    with pytest.raises(KeyError):
        provinces.unit("hue", 63)
    assert provinces.unit("thai-nguyen", 63) != provinces.unit("thai-nguyen", 34)


def test_every_unit_of_the_63_went_into_one_of_the_34() -> None:
    went = {unit.id: provinces.successor(unit.id) for unit in provinces.units(63)}
    assert set(went.values()) == {unit.id for unit in provinces.units(34)}
    sizes = Counter(len(provinces.predecessors(unit.id)) for unit in provinces.units(34))
    assert sum(count for size, count in sizes.items() if size > 1) == 23
    assert sizes[1] == 11
    assert sum(size * count for size, count in sizes.items()) == 63
    for new in provinces.units(34):
        assert all(went[old] == new.id for old in provinces.predecessors(new.id))
        assert new.successor is None
    assert provinces.predecessors("ho-chi-minh") == ("ba-ria-vung-tau", "binh-duong", "ho-chi-minh")


@pytest.mark.parametrize("old", SEVEN_OF_2016)
def test_the_seven_of_2016_stand_where_they_belong_on_the_map_of_2025(old: str) -> None:
    new = provinces.unit(provinces.successor(resolve(old).id), 34)
    assert new.name_on(FIRST_OF_34) == SEVEN_OF_2016[old]


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2016, 12, 25), {"province": 58, "city": 5}),
        (date(2024, 12, 31), {"province": 58, "city": 5}),
        (date(2025, 1, 1), {"province": 57, "city": 6}),
        (date(2025, 7, 1), {"province": 28, "city": 6}),
        (date(2026, 4, 30), {"province": 27, "city": 7}),
        (date(2026, 9, 1), {"province": 26, "city": 8}),
        (date(2026, 9, 19), {"province": 26, "city": 8}),
        (date(2026, 9, 20), {"province": 25, "city": 9}),
    ],
)
def test_provinces_become_cities_on_their_day(day: date, kinds: dict[str, int]) -> None:
    assert Counter(unit.kind_on(day) for unit in provinces.units(provinces.map_number_on(day))) == kinds


@pytest.mark.parametrize(
    ("unit_id", "map_number", "first_day", "before", "after"),
    [
        ("thua-thien-hue", 63, date(2025, 1, 1), "Tỉnh Thừa Thiên Huế", "Thành phố Huế"),
        ("dong-nai", 34, date(2026, 4, 30), "Tỉnh Đồng Nai", "Thành phố Đồng Nai"),
        ("quang-ninh", 34, date(2026, 9, 1), "Tỉnh Quảng Ninh", "Thành phố Quảng Ninh"),
        ("bac-ninh", 34, date(2026, 9, 20), "Tỉnh Bắc Ninh", "Thành phố Bắc Ninh"),
    ],
)
def test_the_full_name_changes_on_its_day(
    unit_id: str, map_number: int, first_day: date, before: str, after: str
) -> None:
    unit = provinces.unit(unit_id, map_number)
    assert unit.full_name_on(first_day - timedelta(days=1)) == before
    assert unit.full_name_on(first_day) == after


def test_names_before_2008_are_those_of_the_63() -> None:
    assert provinces.unit("ha-noi", 63).full_name_on(IN_2006) == "Thành phố Hà Nội"
    assert resolve("Thái Nguyên", IN_2006).map_number == 63


@pytest.mark.parametrize("map_number", MAP_NUMBERS)
def test_no_two_tiles_share_a_cell_and_the_islands_have_theirs(map_number: int) -> None:
    islands = provinces.islands(map_number)
    tiles = [unit.tile for unit in provinces.units(map_number)] + [island.tile for island in islands]
    assert len(set(tiles)) == len(tiles) == map_number + 2
    assert [(island.id, island.parent) for island in islands] == [("hoang-sa", "da-nang"), ("truong-sa", "khanh-hoa")]
    assert [island.label for island in islands] == ["QĐ. Hoàng Sa (Đà Nẵng)", "QĐ. Trường Sa (Khánh Hòa)"]
    for island in islands:
        home = provinces.unit(island.parent, map_number)
        assert island.tile[0] > home.tile[0]


@pytest.mark.parametrize("map_number", MAP_NUMBERS)
def test_regions_stand_in_order_and_hold_every_unit(map_number: int) -> None:
    numerals = [region.numeral for region in provinces.regions(map_number)]
    assert numerals == ["I", "II", "III", "IV", "V", "VI"]
    assert {unit.region for unit in provinces.units(map_number)} == set(numerals)


def test_the_regions_of_the_two_maps_differ_in_name() -> None:
    assert provinces.regions(63)[3].name == "Tây Nguyên"
    assert provinces.regions(34)[3].name == "Duyên hải Nam Trung Bộ và Tây Nguyên"


def test_one_id_has_the_same_aliases_in_both_editions() -> None:
    both = {unit.id: unit.aliases for unit in provinces.units(63)}
    for unit in provinces.units(34):
        assert unit.aliases == both.get(unit.id, unit.aliases)


def test_the_registry_file_is_in_the_order_of_names() -> None:
    for map_number in (63, 34):
        units = provinces.units(map_number)
        assert list(units) == sorted(units, key=lambda unit: sort_key(unit.stages[0].name))


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("Viettel và UBND tỉnh Thái Nguyên hợp tác xây dựng thành phố thông minh", ["thai-nguyen"]),
        ("BÌNH PHƯỚC KÝ KẾT", ["binh-phuoc"]),
        ("Thừa Thiên Huế, Bà Rịa - Vũng Tàu rồi lại Thừa Thiên – Huế", ["thua-thien-hue", "ba-ria-vung-tau"]),
        ("Ký với tỉnh Hoà Bình và TP.HCM", ["hoa-binh", "ho-chi-minh"]),
        ("Thành phố Hồ Chí Minh, thủ đô Hà Nội", ["ho-chi-minh", "ha-noi"]),
        ("Học tập tư tưởng Hồ Chí Minh", []),
        ("Châu Á - Thái Bình Dương", []),
        ("Vì một thế giới hòa bình", []),
        ("Hòa bình và hữu nghị", []),
        ("Thai Nguyen", []),
        ("", []),
    ],
)
def test_a_title_names_units_by_their_proper_names_only(title: str, ids: list[str]) -> None:
    for text in (title, normalize("NFD", title)):
        assert [place.id for place in provinces.named_in(text, IN_2016)] == ids


def test_a_title_is_read_under_the_map_of_its_day() -> None:
    assert provinces.named_in("Hải Dương ký kết", IN_2026) == ()
    assert provinces.named_in("Huế ký kết", IN_2026) == (Place(id="hue", map_number=34, name="Huế"),)
