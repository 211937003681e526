"""Tests of old_encodings and syllables: every letter of TCVN3, VNI and the code pages; what must never be converted."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.intake.old_encodings import Run, convert, convert_texts, decode, encoding_of_font
from bulletin.intake.syllables import is_syllable

VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0309\u0303\u0301\u0323"
# By vowel, as the standards list them: grave, hook, tilde, acute, dot.
TCVN3 = {
    "a": "b5b6b7b8b9",
    "ă": "bbbcbdbec6",
    "â": "c7c8c9cacb",
    "e": "cccecfd0d1",
    "ê": "d2d3d4d5d6",
    "i": "d7d8dcddde",
    "o": "dfe1e2e3e4",
    "ô": "e5e6e7e8e9",
    "ơ": "eaebecedee",
    "u": "eff1f2f3f4",
    "ư": "f5f6f7f8f9",
    "y": "fafbfcfdfe",
}
TCVN3_PLAIN = {"ă": 0xA8, "â": 0xA9, "ê": 0xAA, "ô": 0xAB, "ơ": 0xAC, "ư": 0xAD, "đ": 0xAE}
TCVN3_CAPITALS = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7}
VNI = {
    "a": "aø aû aõ aù aï",
    "ă": "aè aú aü aé aë",
    "â": "aà aå aã aá aä",
    "e": "eø eû eõ eù eï",
    "ê": "eà eå eã eá eä",
    "i": "ì æ ó í ò",
    "o": "oø oû oõ où oï",
    "ô": "oà oå oã oá oä",
    "ơ": "ôø ôû ôõ ôù ôï",
    "u": "uø uû uõ uù uï",
    "ư": "öø öû öõ öù öï",
    "y": "yø yû yõ yù î",
}
VNI_PLAIN = {"ă": "aê", "â": "aâ", "ê": "eâ", "ô": "oâ", "ơ": "ô", "ư": "ö", "đ": "ñ"}


def toned(vowel: str) -> list[str]:
    return [normalize("NFC", vowel + tone) for tone in TONES]


TO_TCVN3 = {
    letter: bytes([code]).decode("cp1252")
    for vowel, codes in TCVN3.items()
    for letter, code in zip(toned(vowel), bytes.fromhex(codes), strict=True)
} | {letter: chr(code) for letter, code in (TCVN3_PLAIN | TCVN3_CAPITALS).items()}
TO_VNI = {
    letter: pair for vowel, pairs in VNI.items() for letter, pair in zip(toned(vowel), pairs.split(), strict=True)
} | VNI_PLAIN
TO_VNI |= {letter.upper(): pair.upper() for letter, pair in TO_VNI.items()}
LETTERS = [letter for letter in TO_VNI if letter.islower()]


def in_tcvn3(text: str) -> str:
    """Return a text as a font of TCVN3 needs it; capitals with tones become small, as its keyboards made them."""
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower(), letter) for letter in text)


def in_vni(text: str) -> str:
    return "".join(TO_VNI.get(letter, letter) for letter in text)


def in_windows_1258(text: str) -> bytes:
    written = b""
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = normalize("NFD", letter)
            tone = next(part for part in parts if part in TONES)
            written += normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return written


def read(text: str, font: str) -> str:
    return convert([[Run(text=text, font=font)]]).paragraphs[0][0]


def test_the_alphabet_is_whole() -> None:
    assert len(LETTERS) == 67
    assert len(TO_TCVN3) == 67 + 7
    assert len(TO_VNI) == 2 * 67


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_read_by_its_font(letter: str) -> None:
    assert read(in_tcvn3(f"n{letter}n"), ".VnTime") == f"n{letter}n"
    assert read(in_tcvn3(letter), ".VnTimeH") == letter.upper()
    assert read(in_tcvn3(letter.upper()), ".VnArialH") == letter.upper()
    assert read(in_vni(letter), "VNI-Times") == letter
    assert read(in_vni(letter.upper()), "VNI-Helve") == letter.upper()


@pytest.mark.parametrize("word", ["Ăn", "Âm", "Êm", "Ông", "Ơn", "Ưa", "Đi"])
def test_the_capitals_that_tcvn3_has_are_certain(word: str) -> None:
    converted = convert([[Run(text=in_tcvn3(word), font=".VnTime")]])
    assert (converted.paragraphs, converted.doubtful) == (((word,),), ())


def test_fonts_are_known_by_their_names() -> None:
    names = [".VnTime", "'.VnTimeH'", ".vnarial narrow", "VNI-Times", "vni-helve-condense", "VNI Times"]
    assert [encoding_of_font(name) for name in names] == ["TCVN3", "TCVN3", "TCVN3", "VNI", "VNI", "VNI"]
    assert not any(map(encoding_of_font, ["", "Times New Roman", "Vn", "UTM Avo", "SVN-Gilroy"]))


@given(st.text(st.sampled_from([*LETTERS, *"abcdghklmnpqrstvx ,.0123456789"]), max_size=60))
def test_a_text_comes_back_from_either_encoding(text: str) -> None:
    # After an x nothing is Vietnamese as it stands, so chance makes no Unicode of it.
    marked = re.sub("[^ ]+", lambda word: f"xx{word[0]}", text)
    assert read(in_tcvn3(marked), ".VnTimeH") == marked.upper()
    assert read(in_vni(marked), "VNI-Times") == marked
    assert read(in_vni(marked.upper()), "VNI-Times") == marked.upper()


WORDS = """
của và các những người trong được với nhất việt nước thỏa thuận hợp tác đồng tỷ triệu thành phố tỉnh nguyễn thị đặng bùi
đỗ vũ hải dương phú yên đà nẵng hưng bình phước thừa thiên huế khuyến nghiêng
"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), min_size=12, max_size=30, unique=True).map(" ".join)


@given(SENTENCES)
def test_without_a_font_the_words_tell(text: str) -> None:
    for written, encoding in ((in_tcvn3(text), "TCVN3"), (in_vni(text), "VNI")):
        converted = convert_texts([f"- {written}", "Résumé of the meeting"])
        assert converted.paragraphs == ((f"- {text}",), ("Résumé of the meeting",))
        assert converted.encodings == (encoding,)


@given(SENTENCES)
def test_correct_vietnamese_is_never_touched(text: str) -> None:
    for written in (text, text.upper(), text.title(), normalize("NFD", text)):
        converted = convert_texts([written, "«Café Noël», São Paulo; 5 m² ± 2 µm, © 2016 Viettel®, £5, §3"])
        assert converted.paragraphs[0] == (normalize("NFC", written),)
        assert converted.paragraphs[1] == ("«Café Noël», São Paulo; 5 m² ± 2 µm, © 2016 Viettel®, £5, §3",)
        assert not converted.encodings


@pytest.mark.parametrize(
    "text",
    [
        "Ô tô, cà phê, xà lan",
        "Hà Nam là quê tôi",
        "Müller, Köln, Ångström, naïve, façade, España, señor, año",
        "José và María ở São Paulo",
        "kW·h, 25°C, ½, 10²",
        "Dự án «Số hóa» — giai đoạn 2",
        "Ê Đê, Ba Na, M'Nông, Đắk Lắk, Kon Tum",
        "",
    ],
)
def test_neither_vietnamese_nor_other_languages_are_harmed(text: str) -> None:
    assert convert_texts([text]).paragraphs == ((text,),)


def test_one_old_word_alone_is_no_evidence() -> None:
    assert convert_texts(["HuÕ"]).paragraphs == (("HuÕ",),)
    assert convert_texts(["HuÕ", "Th¸i Nguyªn"]).paragraphs == (("Huế",), ("Thái Nguyên",))


def test_capitals_that_tcvn3_lacks_are_restored_and_named() -> None:
    converted = convert_texts([in_tcvn3("CỘNG HÒA XÃ HỘI Ở VIỆT NAM"), in_tcvn3("Ủy ban họp. Ấn phẩm đẹp ở Hà Nội")])
    assert converted.paragraphs == (("CỘNG HÒA XÃ HỘI Ở VIỆT NAM",), ("Ủy ban họp. Ấn phẩm đẹp ở Hà Nội",))
    assert converted.doubtful == ("CỘNG", "HÒA", "XÃ", "HỘI", "Ở", "VIỆT", "Ủy", "Ấn")


def test_a_name_within_a_sentence_is_left_for_the_eye() -> None:
    converted = convert_texts([in_tcvn3("đoàn của Ấn Độ ở Hà Nội")])
    assert (converted.paragraphs, converted.doubtful) == ((("đoàn của ấn Độ ở Hà Nội",),), ("ấn",))


def test_a_letter_may_be_cut_in_two_by_runs() -> None:
    runs = [Run(text=text, font="VNI-Times") for text in ("Tha", "ùi Nguye", "ân")]
    converted = convert([runs])
    assert converted.paragraphs == (("Thá", "i Nguyê", "n"),)
    assert not converted.doubtful


def test_unicode_in_an_old_font_stays_and_old_text_beside_it_does_not() -> None:
    runs = [Run(text="Thái Nguyên và Huế", font=".VnTime"), Run(text="Th¸i Nguyªn", font=".VnTime")]
    assert convert([runs[:1], runs[1:]]).paragraphs == (("Thái Nguyên và Huế",), ("Thái Nguyên",))


def test_letters_of_symbol_fonts_are_read() -> None:
    assert read("Th\uf0b8i Nguy\uf0aan", ".VnTime") == "Thái Nguyên"


TEXT = "Ủy ban nhân dân tỉnh Thái Nguyên ký kết hợp tác với Tập đoàn.\nTổng giá trị: 2.000 tỷ đồng, ở Phú Yên."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (normalize("NFD", TEXT).encode(), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (in_windows_1258(TEXT), "Windows-1258"),
        (in_tcvn3(TEXT).encode("cp1252"), "TCVN3"),
        (in_tcvn3(TEXT).encode(), "TCVN3"),
        (in_vni(TEXT).encode("cp1252"), "VNI"),
        (in_vni(TEXT).encode(), "VNI"),
        (b"PLAIN ASCII", "UTF-8"),
        (b"", "UTF-8"),
    ],
)
def test_a_file_is_decoded_by_what_makes_vietnamese_of_it(data: bytes, encoding: str) -> None:
    decoded = decode(data)
    assert decoded
    assert decoded.encoding == encoding
    assert decoded.text == (TEXT if len(data) > 20 else data.decode())


@pytest.mark.parametrize(
    ("encoding", "letters"),
    [
        ("VISCII", {"ỉ": 0xEF, "á": 0xE1, "ê": 0xEA, "Đ": 0xD0, "à": 0xE0, "ẵ": 0xC7, "ý": 0xFD, "ỏ": 0xF6, "ậ": 0xA7}),
        ("VPS", {"ỉ": 0xCC, "á": 0xE1, "ê": 0xEA, "Đ": 0xF1, "à": 0xE0, "ẵ": 0xA4, "ý": 0x9A, "ỏ": 0xD5, "ậ": 0xC6}),
    ],
)
def test_code_pages_that_python_lacks_are_read(encoding: str, letters: dict[str, int]) -> None:
    text = "tỉnh Thái Nguyên, Đà Nẵng ký thỏa nhận"
    data = b"".join(bytes([letters[letter]]) if letter in letters else letter.encode("ascii") for letter in text)
    decoded = decode(data)
    assert decoded
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("data", [bytes(range(128, 256)) * 5, "Résumé élève café".encode("cp1252")])
def test_a_file_that_nothing_makes_vietnamese_is_not_decoded(data: bytes) -> None:
    assert decode(data) is None


SYLLABLES = "Thái nguyên XÃ quốc giếng gì khuỷu xoong thuở ngoằn yến Đắk Kạn Kon Tum hoà hòa"
OTHERS = "café Noël año kộn1 cế ngế thac strải quơng ấấ taù hoì"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_what_is_spelt_as_a_syllable(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(normalize("NFD", word))


@pytest.mark.parametrize("word", OTHERS.split())
def test_what_is_not(word: str) -> None:
    assert not is_syllable(word)
