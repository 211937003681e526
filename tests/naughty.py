"""Awkward but allowed texts, by what is awkward about them: composed here, by hand and by combination."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product

_DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_MARKS = "".join(map(chr, (*range(0x300, 0x340), *range(0x483, 0x488), *range(0x1AB0, 0x1ABE), *range(0x20D0, 0x20F0))))
_BLANKS = "\u00a0\u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u2060\u2061"
_BLANKS += "\u2800\u3164\ufeff\uffa0\ufe0f\U000e0001\U000e0020\U000e0101"

_RIGHT_TO_LEFT = (
    "שלום עולם",
    "مرحبا بالعالم",
    "سلام دنیا ۱۲۳۴",
    "ܫܠܡܐ",
    "އައްސަލާމް",
    "ߒߞߏ",
    "Việt Nam và العربية",
    "العربية và Việt Nam",
    "(מקף - 2016)",
    "«עברית», «العربية»!",
    "١٢٣ + ٤٥٦ = ?",
    "ﷺ ﷻ ﷽",
    "Giá 2.000 tỷ ₪ בלבד",
)
_WORDS = ("שלום", "سلام", "中文", "ไทย", "한국", "हिन्दी")
_SHAPES = (
    "{0} 2016: 2.000 tỷ",
    "({0}) Huế",
    "Huế – {0}, {0}",
    "{0}/{0}",
    "«{0}»!",
    "12/2016 {0}",
    "{0}; {0}: {0}.",
)
_EMOJI = (
    "👩‍👩‍👧‍👦 gia đình",
    "👨🏿‍🚀 phi hành gia",
    "🏳️‍🌈 🏴‍☠️",
    "🇻🇳🇻🇳🇻🇳",
    "🇻",
    "🇻 🇳 🇻🇳🇻",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "1️⃣2️⃣3️⃣#️⃣*️⃣",
    "☺ ☺️ ☺︎",
    "👍🏻👍🏼👍🏽👍🏾👍🏿",
    "‍👩‍",
    "❤️‍🔥‍🔥",
    "🫱🏻‍🫲🏿",
    "🧑‍🧑‍🧒‍🧒" * 12,
    "😀" * 120,
    "\U0001faf0\U0001fae8\U0001fa77",
)
_ODD = (
    "\ue000\uf8ff",
    "\U000f0000\U0010fffd",
    "\u0378\u0530",
    "\U0001fffd",
    "ﬁﬂﬀﬃ ﬆ",
    "ıİſẞßŉǰΐΰև",
    "ǅǈǋǲ",
    "ᏣᎳᎩ ꮳꮃꭹ",
    "Ａｂｃ１２３！",
    "𝕳𝖊𝖑𝖑𝖔 𝒲𝑜𝓇𝓁𝒹 𝟙𝟚𝟛",
    "ⓗⓔⓛⓛⓞ ⑴⑵⑶ ㍿ ㎏ ℡",
    "¹²³₁₂₃½⅓↉ⅣⅫ",
    "ʇsǝʇ ɐ sı sıɥʇ",
    "ภาษาไทยที่ไม่มีช่องว่างระหว่างคำยาวมาก",
    "สระอำ ก็ กิ่ กี้ กุ๋",
    "हिन्दी क्षत्रिय र्क्ष्म्य",
    "ភាសាខ្មែរ ស្ត្រី",
    "བོད་སྐད་ རྐྱེ རྒྱུ",
    "မြန်မာဘာသာ",
    "한국어 각 각 ㄱㅏㄱ",
    "中文字符串没有空格也可以换行",
    "日本語の長い見出し、句読点「」付き。",
    "ᠮᠣᠩᠭᠣᠯ",
    "አማርኛ",
    "𒀀𒁀𒂀 𓀀𓁀",
    "ꙮ Ѿ ѿ",
    "a̐éö̲ a\u0301\u0323 e\u0323\u0302",
    "Hà Nội",
    "HÀ NỘI: ẾỂỄỆ ỐỔỖỘ ỨỬỮỰ",
    "🄰🅰🆎 ☃ ♔♚ ∮∯∰ ⨌",
    "──┼──╳░▒▓█",
    "ᚠᛇᚻ ᛒᛦᚦ",
)
_LIKE_CODE = (
    "Robert'); DROP TABLE tin;--",
    "1' OR '1'='1",
    "1; SELECT * FROM tin WHERE a LIKE '%x%'",
    "<b>đậm</b> &amp; &lt;i&gt;",
    "<!-- --> <![CDATA[ ]]> <?xml ?>",
    "]]> --> */ ?>",
    '{"a": [1, "b", null], "c": "\\u0041"}',
    "{'a': 1}",
    'a,b;c\td"e"',
    '"""',
    "'''",
    "\\",
    "\\\\",
    "\\n\\t\\0\\x41\\u0041",
    "%s %d %n %x %%",
    "%00%0a%2e%2e%2f",
    "{0} {title} {} {{ }} {% %} {# #}",
    "$(rm -rf /) `id` ${HOME} $HOME ~",
    "| cat /etc/passwd > x < y & z && w || v;",
    "../../../../etc/passwd",
    "C:\\CON\\nul.txt",
    "\\\\may-chu\\chung\\tep",
    "//may-chu/chung",
    "file:///etc/hosts",
    "data:,x",
    "^(a+)+$",
    "[a-z]{1,}(?=x)*?",
    "undefined",
    "NaN",
    "Infinity",
    "nil",
    "None",
    "true",
    "false",
    "no",
    "off",
    "~x",
    "1e309",
    "0x1F",
    "010",
    "12:30:45",
    "2016-12-25",
    "1_000",
    "-0",
    "1/0",
    ".inf",
    "0",
    "#",
    "# tin",
    "- tin",
    "> tin",
    "* tin *",
    "_tin_",
    "tin: tin",
    "tin :tin",
    "& tin",
    "! tin",
    "@ tin",
    "? tin",
    "%TIN%",
    "---",
    "...",
    "***",
    "===",
    "[tin](tin.md)",
    "![tin](tin.png)",
    "[^1]",
    "*[a]: b",
    "{: .a }",
    "&#0;&#xD800;&#x1F600;&nosuch;",
    "http://a.vn/?b=c&d=e#f",
    "a@b.vn",
    "=1+1",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "index.html",
    "con",
    "COM1",
)


def _long() -> tuple[str, ...]:
    words = ("a", "W", "ế", "i", "-", "_", "/", "0", "한", "क", "ก", "😀", ".", "Ế", "1,", "\u00a0x", "–", "中")
    return (
        *(word * (size // len(word)) for word, size in product(words, (80, 400))),
        "https://" + "duong-dan/" * 40,
        "Nghiêng" * 60,
        "Cộng hòa xã hội chủ nghĩa Việt Nam " * 20,
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    )


@cache
def naughty() -> Mapping[str, tuple[str, ...]]:
    """Return every text by what is awkward about it; all of them may be titles."""
    return {
        "right to left": _RIGHT_TO_LEFT,
        "signs of direction": tuple(
            shape.format(sign) for sign, shape in product(_DIRECTIONS, ("{}Đầu tin", "Giữa {}tin 2016", "Cuối tin{}"))
        ),
        "towers of marks": tuple(
            "".join(letter + (_MARKS * 2)[start : start + height] for letter in word)
            for word, height, start in product(("Tin", "ế", "中文"), (3, 12, 60), (0, 40, 90))
        ),
        "several scripts in a line": tuple(shape.format(word) for word, shape in product(_WORDS, _SHAPES)),
        "emoji": _EMOJI,
        "nothing to see": tuple(f"Tin{sign}tin{sign}" for sign in _BLANKS),
        "odd letters": _ODD,
        "very long": _long(),
        "like code": _LIKE_CODE,
    }


REFUSED = (
    *("\\ud800", "\\udbff", "\\udc00", "\\udfff", "\\ud83d", "\\ude00\\ud83d"),
    *("\\ufffe", "\\uffff", "\\ufdd0", "\\ufdef", "\\ufffd"),
    *("\\u0000", "\\u0001", "\\u0008", "\\u000b", "\\u001b[31m", "\\u007f", "\\u0086", "\\u009f"),
    *("\\U00110000", "\\uFFFFFFFF", "\\q", "\\x4"),
)
"""Written out in a double-quoted title; none of them may be in a page."""

UNSEEN = (*_BLANKS, "\\u200b\\u00a0", "\u2800\u3164 \u2800", "\u0301", "\ufe0f\u200d")
"""Titles of which nothing can be seen."""
