"""Vietnamese in the encodings before Unicode -> Unicode: TCVN3, VNI, and the code pages of whole files.

TCVN3 and VNI are no code pages: their letters stand in the places of others, and only the font shows them right. So a
text in them looks like «Th¸i Nguyªn» or «Thaùi Nguyeân» wherever the font is lost. The font's name decides; else the
words do, if they are Vietnamese when they are read so, and are not as they stand. Nothing else is ever converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Literal, TypeAlias
from unicodedata import normalize

from msgspec import Struct

from bulletin.intake.syllables import is_syllable

Encoding: TypeAlias = Literal["TCVN3", "VNI"]


class Run(Struct, frozen=True, kw_only=True):
    """A piece of a paragraph in one font; the font's name is empty where it is not known."""

    text: str
    font: str = ""


class Converted(Struct, frozen=True, kw_only=True):
    """Paragraphs in Unicode, NFC: of each the texts of its runs, as many as were given."""

    paragraphs: tuple[tuple[str, ...], ...]
    encodings: tuple[Encoding, ...] = ()
    """The old encodings that some of it was in."""
    doubtful: tuple[str, ...] = ()
    """Words for the eye: those whose capitals are not certain, and those that their font does not make Vietnamese."""


class Decoded(Struct, frozen=True, kw_only=True):
    """The text of a file in Unicode, NFC, and how it was encoded: «UTF-8», «Windows-1258», «TCVN3»."""

    text: str
    encoding: str
    doubtful: tuple[str, ...] = ()
    """As in `Converted`."""


# All letters that ASCII lacks, in the order of the tables below.
_SMALL = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"

# As Windows-1252 shows their bytes; the soft hyphen, which nobody sees, is ư. No letter with a tone has a capital.
_TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ"
_FROM_TCVN3 = str.maketrans(f"{_TCVN3}¡¢£¤¥¦§", f"{_SMALL}ĂÂÊÔƠƯĐ")
_TONED = set(_SMALL) - set("ăâêôơưđ")

# In VNI a sign behind the vowel holds its tone, together with its hat or its bowl if it has one.
_VNI_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_VNI_HATS = {"â": "", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "á": "\u0301", "ä": "\u0323"}
_VNI_BOWLS = {"ê": "", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "é": "\u0301", "ë": "\u0323"}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "í": "í", "ò": "ị"}
_FROM_VNI = {
    **{vowel + sign: vowel + tone for vowel in "aeouy" for sign, tone in _VNI_TONES.items()},
    **{vowel + sign: _VNI_ALONE[vowel] + tone for vowel in "ôö" for sign, tone in _VNI_TONES.items()},
    **{vowel + sign: f"{vowel}\u0302{tone}" for vowel in "aeo" for sign, tone in _VNI_HATS.items()},
    **{f"a{sign}": f"a\u0306{tone}" for sign, tone in _VNI_BOWLS.items()},
    **_VNI_ALONE,
}
_SEAM = "\x00"
"""Stands where one run ends and the next begins: a vowel may be in one, its sign in the other."""
_VNI_LETTER = re.compile(f"([aeouyôö])({_SEAM}?)([øûõùïâàåãáäêèúüéë])|([{''.join(_VNI_ALONE)}])", re.IGNORECASE)

# The bytes of the letters of `_SMALL`, then of their capitals; a capital without a byte of its own has the small one's.
_CODE_PAGES = {
    "VISCII": (
        (
            "e0e4e3e1d5e5a2c6c7a1a3e2a5a6e7a4a7f0e8eba8e9a9eaabacadaaaeecefeeedb8f2f6f5f3f7f4b0b1b2afb5bd"
            "b6b7debefef9fcfbfaf8dfd7d8e6d1f1cfd6dbfddc"
        ),
        (
            "c0c4c3c180c58202058183c28586068487d0c8cb88c989ca8b8c8d8a8ecc9bcecd98d299a0d39ad49091928f93b4"
            "9697b39594d99c9dda9ebfbbbcffbab99f1419dd1e"
        ),
    ),
    "VPS": (
        (
            "e0e4e3e1e5e6a2a3a4a1a5e2c0c4c5c3c6c7e8c8ebe9cbea8a8bcd898cecccefedcef2d5f5f386f4d2b087d3b6d6"
            "a9aaaba7aef9fbdbfaf8dcd8babbd9bfff9bcf9a9c"
        ),
        (
            "808182c1e5888e8ff08da5c28485c583c6f1d7defec9cbca939495908cb5b7b8b4cebcbdbeb986d497989996b6f7"
            "9e9fa69daea8d1acdaf8d0afb1bbadbfb2fdb3dd9c"
        ),
    ),
}

_ENOUGH = 0.85
"""The part of the words beyond ASCII that must be Vietnamese. The others are foreign names and slips."""
_LEAST_WORDS = 2
"""Different words that must speak for an encoding: one may be chance."""
_MOST_LOOKED_AT = 3000
"""Words of a text that are looked at."""
_AROUND = re.compile(r"[\s!-/:-@\[-`{-~“”‘’…–—]+")
_SIGNS = " «»‹›·•°©®™§¶¬±×÷²³¹¼½¾\xa0"
_MODERN = re.compile(f"[{''.join(letter for letter in _SMALL + _SMALL.upper() if letter > 'ÿ')}]")
"""Letters that no old encoding has."""
_WORD = re.compile(rf"[^\W\d_]+(?:{_SEAM}[^\W\d_]+)*")
_SENTENCE_END = re.compile(rf"(?:^|[.!?…]\s)[\s{_SEAM}\"“«(]*$")
# Small words that often stand before a name: «ở Hà Nội». They are no names that lost their capital.
_BEFORE_NAMES = {"ở", "ít", "ấy", "ạ", "từ", "của", "và", "là"}


def encoding_of_font(font: str) -> Encoding | None:
    """Return the encoding that a font shows: `.VnTime`, `.VnArialH` TCVN3, `VNI-Times` VNI; None for any other."""
    name = font.strip(" \"'").casefold()
    return "TCVN3" if name.startswith(".vn") else "VNI" if name.startswith(("vni-", "vni ")) else None


def convert(paragraphs: Sequence[Sequence[Run]]) -> Converted:
    """Return paragraphs in Unicode. What is in no old encoding stays what it is, in NFC."""
    unknown = [run.text for paragraph in paragraphs for run in paragraph if not encoding_of_font(run.font)]
    by_letters = _encoding_by_letters(unknown)
    encodings: dict[Encoding, None] = {}
    doubtful: dict[str, None] = {}
    converted = []
    for paragraph in paragraphs:
        texts: list[str] = []
        for (encoding, has_capitals), group in groupby(paragraph, lambda run: _encoding(run, by_letters)):
            whole = _SEAM.join(run.text for run in group)
            text, words = _read(whole, encoding, has_capitals=has_capitals)
            encodings |= {encoding: None} if encoding else {}
            doubtful |= dict.fromkeys(words)
            texts += text.split(_SEAM)
        converted.append(tuple(texts))
    return Converted(paragraphs=tuple(converted), encodings=tuple(encodings), doubtful=tuple(doubtful))


def convert_texts(texts: Sequence[str]) -> Converted:
    """Return texts whose fonts nobody knows, such as the cells of a spreadsheet, as paragraphs of one run each."""
    return convert([(Run(text=text),) for text in texts])


def decode(data: bytes) -> Decoded | None:
    """Return the text of a file, by its marks, else by what makes Vietnamese of it; None if nothing, or several, do."""
    if (text := _unicode(data)) is not None:
        lines = text.split("\n")
        converted = convert_texts(lines)
        text = "\n".join(texts[0] for texts in converted.paragraphs)
        encoding = converted.encodings[0] if converted.encodings else _name_of_unicode(data)
        return Decoded(text=text, encoding=encoding, doubtful=converted.doubtful)
    readings = [*_readings(data)]
    shares = [_share(reading.text) for reading in readings]
    best = max(range(len(readings)), key=shares.__getitem__)
    rivals = {
        readings[at].text
        for at, share in enumerate(shares)
        if share >= _ENOUGH and share > shares[best] - (1 - _ENOUGH)
    }
    return readings[best] if len(rivals) == 1 else None


def _unicode(data: bytes) -> str | None:
    """Return the text of a file in UTF-8 or UTF-16; None if it is in neither."""
    name = _name_of_unicode(data)
    try:
        text = data.decode({"UTF-8": "utf-8-sig", "UTF-16": "utf-16"}.get(name, name))
    except UnicodeDecodeError:
        return None
    return normalize("NFC", text)


def _name_of_unicode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    # Text in UTF-16 has a zero in most of its letters, on the left or on the right; no other text has any.
    zeros = data[:2000:2].count(0), data[1:2000:2].count(0)
    if max(zeros) > len(data[:2000]) // 8:
        return "UTF-16-BE" if zeros[0] > zeros[1] else "UTF-16-LE"
    return "UTF-8"


def _readings(data: bytes) -> Iterator[Decoded]:
    """Yield the file as each of the code pages reads it."""
    yield Decoded(text=normalize("NFC", data.decode("cp1258", "replace")), encoding="Windows-1258")
    western = "".join(_western(byte) for byte in data)
    for encoding in ("TCVN3", "VNI"):
        lines = [_read(line, encoding, has_capitals=False) for line in western.split("\n")]
        doubtful = tuple(dict.fromkeys(word for _, words in lines for word in words))
        yield Decoded(text="\n".join(text for text, _ in lines), encoding=encoding, doubtful=doubtful)
    for name, (small, capitals) in _CODE_PAGES.items():
        table = dict(zip(bytes.fromhex(capitals), _SMALL.upper(), strict=True))
        table |= dict(zip(bytes.fromhex(small), _SMALL, strict=True))
        text = "".join(table.get(byte) or _western(byte) for byte in data)
        yield Decoded(text=text, encoding=name)
    yield Decoded(text=western, encoding="Windows-1252")


def _western(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _encoding(run: Run, by_letters: Encoding | None) -> tuple[Encoding | None, bool]:
    """Return the encoding of a run, None if it is Unicode, and whether its font shows small letters as capitals."""
    encoding = encoding_of_font(run.font)
    if encoding:
        return None if _is_unicode(run.text, encoding) else encoding, run.font.strip(" \"'").casefold().endswith("h")
    if by_letters:
        is_better = _count(_plainly(run.text, by_letters))[0] > _count(run.text)[0]
        return by_letters if is_better else None, False
    return None, False


def _is_unicode(text: str, encoding: Encoding) -> bool:
    """Tell whether a text is Vietnamese as it stands, in spite of its font: pasted into it, it is shown in another."""
    good = _count(text)[0]
    return _MODERN.search(text) is not None or (good >= _LEAST_WORDS and good > _count(_plainly(text, encoding))[0])


def _encoding_by_letters(texts: Iterable[str]) -> Encoding | None:
    """Return the encoding in which texts are Vietnamese that are not Vietnamese as they stand."""
    suspect = [text for text in texts if not text.isascii() and _count(text)[1]]
    encodings: tuple[Encoding, ...] = ("TCVN3", "VNI")
    for encoding in encodings:
        pairs = [(text, _plainly(text, encoding)) for text in suspect]
        read = [(text, plain) for text, plain in pairs if _count(plain)[0] > _count(text)[0]]
        as_it_stands, converted = _share(" ".join(text for text, _ in read)), " ".join(plain for _, plain in read)
        words = {word for word in _words(converted) if len(word) > 1}
        if len(words) >= _LEAST_WORDS and _share(converted) >= _ENOUGH and as_it_stands < 1 - _share(converted) / 2:
            return encoding
    return None


def _read(text: str, encoding: Encoding | None, *, has_capitals: bool) -> tuple[str, list[str]]:
    """Return a text that is in an encoding as Unicode, with the words that are for the eye."""
    if encoding is None:
        return normalize("NFC", text), []
    plain = _plainly(text, encoding)
    strange = [word for word in _words(plain.replace(_SEAM, "")) if not is_syllable(word)]
    if has_capitals:
        return plain.upper(), [word.upper() for word in strange]
    if encoding == "VNI":
        return plain, strange
    restored, guessed = _with_capitals(plain)
    return restored, [*guessed, *strange]


def _plainly(text: str, encoding: Encoding) -> str:
    # Word keeps the letters of a symbol font apart, 61,440 places further up.
    western = re.sub("[\uf020-\uf0ff]", lambda match: chr(ord(match[0]) - 0xF000), text)
    if encoding == "TCVN3":
        return western.translate(_FROM_TCVN3)
    return _VNI_LETTER.sub(_vni_letter, western)


def _vni_letter(match: re.Match[str]) -> str:
    vowel, seam, sign, alone = match.groups()
    if alone:
        return _FROM_VNI[alone.lower()] if alone.islower() else _FROM_VNI[alone.lower()].upper()
    letter = _FROM_VNI.get(vowel.lower() + sign.lower())
    if letter is None:
        # The sign belongs to no such vowel: both stay, but for the vowels that are letters of VNI themselves.
        return _FROM_VNI.get(vowel, vowel) + seam + sign
    composed = normalize("NFC", letter)
    return (composed.upper() if vowel.isupper() else composed) + seam


def _with_capitals(text: str) -> tuple[str, list[str]]:
    """Return a text from TCVN3, which has no capitals with tones, with those that it must have had, and each such word.

    They are words in capitals («CộNG HOà»), and the first words of sentences. A small word before a name («ấn Độ») may
    be another: it stays, and is returned for the eye.
    """
    words = list(_WORD.finditer(text))
    shouted = [_is_shouted(match[0]) for match in words]
    letters = list(text)
    guessed = []
    for at, match in enumerate(words):
        word = match[0]
        if not _TONED & set(word):
            continue
        beside = [shouted[near] for near in (at - 1, at + 1) if 0 <= near < len(words)]
        if shouted[at] or (_may_be_shouted(word) and beside and all(beside)):
            letters[match.start() : match.end()] = word.upper()
        elif word[0] in _TONED and _SENTENCE_END.search(text, max(0, match.start() - 8), match.start()):
            letters[match.start()] = word[0].upper()
        elif not (word[0] in _TONED and word not in _BEFORE_NAMES and _is_name(words[at + 1 : at + 2])):
            continue
        guessed.append("".join(letters[match.start() : match.end()]).replace(_SEAM, ""))
    return "".join(letters), guessed


def _is_shouted(word: str) -> bool:
    """Tell whether a word is in capitals, two at least, but for the letters that have none."""
    certain = [letter for letter in word if letter.isalpha() and letter not in _TONED]
    return len(certain) > 1 and all(letter.isupper() for letter in certain)


def _may_be_shouted(word: str) -> bool:
    return all(letter.isupper() or letter in _TONED or letter == _SEAM for letter in word)


def _is_name(following: Sequence[re.Match[str]]) -> bool:
    return bool(following) and following[0][0][0].isupper()


def _words(text: str) -> Iterator[str]:
    """Yield the words that have a letter beyond ASCII."""
    pieces = (piece.strip(_SIGNS) for piece in _AROUND.split(text))
    yield from islice((piece for piece in pieces if piece and not piece.isascii()), _MOST_LOOKED_AT)


def _count(text: str) -> tuple[int, int]:
    """Return how many of the words beyond ASCII are Vietnamese, and how many are not."""
    known = [is_syllable(word) for word in _words(text)]
    return known.count(True), known.count(False)


def _share(text: str) -> float:
    """Return the part of the words beyond ASCII that are Vietnamese; 1 if there are none."""
    good, bad = _count(text)
    return good / (good + bad) if good + bad else 1.0
