"""Documents as somebody may type and paste them in the desk's editor, and bodies that hold all that Markdown knows."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.richtext.document import (
    HIGHEST_NUMBER,
    Block,
    Blocks,
    Break,
    Code,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Mark,
    Note,
    Paragraph,
    Picture,
    Quotation,
    Rule,
    Run,
    Table,
)
from bulletin.richtext.words import tidy

PLAIN = (
    *(
        "Huế ",
        "ký kết",
        " 2.000 tỷ",
        "Đà Nẵng, ",
        "R&D",
        "“x”",
        "a. ",
        "Ông nói: ",
        "90%",
        "đ",
        " ",
        "\xa0",
        "👩‍👩‍👧‍👦 ",
        "e\u0301",
    ),
    *("Thừa Thiên Huế và các địa phương đã ký thỏa thuận hợp tác về công nghệ ", "https://a.vn/x_y_z", "noi-bo@a.vn"),
)
SIGNS = (
    *("- ", "* ", "+ ", "• ", "·", "– ", "1. ", "2. ", "7.", "2024. ", "25. 12. 2016 ", "a) ", "#", "# ", "## ", " #"),
    *("> ", ">", "| ", " |", "|", "(*) ", "*", "**", "_", "__", "~~", "~", "[x] ", "[ ] ", "{", "}", "{.docx}", "{#a}"),
    *("<", ">", "<Tên tệp>", "<b>", "</b>", "<!-- ", " -->", "`", "``", "\\", "\\*", "[", "]", "](b.md)", "![", "!"),
    *("[^1]", "[^9]", "[a]", "[a]: ", "*[A]: ", "---", "***", "===", ": ", "```", "~~~", "|---|", "&", "&lt;", "&#38;"),
    *("&copy", "$", "'", '"', "C:\\anh\\", "=", "\u200b", "(", ")", "www.b.vn", "[TOC]", "A", "x*y", "3*4*5", "a_b_c"),
)
TEXTS = st.lists(st.sampled_from(PLAIN) | st.sampled_from(SIGNS), min_size=1, max_size=4).map("".join)
CALM = st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3).map("".join)
LINKS = st.builds(
    Link,
    st.sampled_from(("b.md", "../2016/x.md#y", "https://a.vn/x?a=1&b=2", "tệp a (1).pdf", "mailto:a@b.vn", "a_b*c.md")),
    st.sampled_from(("", "", 'Bài "trước"')),
)
MARKS: st.SearchStrategy[frozenset[Mark]] = st.frozensets(
    st.sampled_from(("strong", "strong", "em", "s", "sub", "sup", "code")) | LINKS, max_size=2
).filter(lambda marks: sum(isinstance(mark, Link) for mark in marks) < 2)
PICTURES = st.builds(
    Picture,
    st.sampled_from(("a.jpg", "anh/lễ ký (1).jpg", "a_b.png")),
    TEXTS.map(str.strip),
    st.sampled_from(("", "t")),
)


def inlines(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Inlines]:
    inline: st.SearchStrategy[Inline] = st.one_of(
        st.builds(Run, texts),
        st.builds(Run, texts),
        st.builds(Run, texts, MARKS),
        st.just(Break()),
        PICTURES,
        st.just(Note("1")),
    )
    return st.lists(inline, min_size=1, max_size=4).map(_single_breaks).filter(bool)


def _single_breaks(words: list[Inline]) -> Inlines:
    tidied = tidy(words)
    while (single := tidy(_without_second(tidied))) != tidied:
        tidied = single
    return tidied


def _without_second(words: Inlines) -> list[Inline]:
    kept: list[Inline] = []
    for word in words:
        if not (isinstance(word, Break) and kept and isinstance(kept[-1], Break)):
            kept.append(word)
    return kept


def blocks(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    words = inlines(texts)
    paragraphs = st.builds(Paragraph, words)

    def item(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Blocks]:
        return st.tuples(paragraphs, st.lists(inner, max_size=2)).map(lambda found: (found[0], *found[1]))

    def listing(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        items = st.lists(item(inner), min_size=1, max_size=3).map(tuple)
        listings = st.builds(Listing, st.sampled_from((None, None, 1, 1, 5, 998)), items)
        return st.builds(_jumping, listings, st.sampled_from((0, 0, 0, 1, 7, 40)))

    flat = paragraphs | listing(paragraphs)
    nested = st.recursive(paragraphs, listing, max_leaves=6)
    quotations = st.builds(Quotation, st.lists(flat, min_size=1, max_size=3).map(tuple))
    return st.one_of(
        paragraphs,
        paragraphs,
        st.builds(Heading, st.integers(1, 6), words),
        nested,
        listing(quotations),
        quotations,
        tables(words),
        st.builds(Code, st.sampled_from(("", "python")), TEXTS.map(_code_text)),
        st.just(Rule()),
    )


def _jumping(listing: Listing, number: int) -> Listing:
    """Return a list whose last item has a number of its own, which no other has."""
    last = len(listing.items) - 1
    if listing.start is None or last < 1 or number in {0, *listing.numbers} or listing.start + last > HIGHEST_NUMBER:
        return listing
    return replace(listing, jumps=((last, number),))


def _code_text(text: str) -> str:
    return f"x{text.rstrip()}\n"


def tables(words: st.SearchStrategy[Inlines]) -> st.SearchStrategy[Block]:
    def of_width(width: int) -> st.SearchStrategy[Block]:
        row = st.tuples(*[words | st.just(()) for _ in range(width)])
        filled = st.tuples(*[words for _ in range(width)])
        alignments = st.tuples(*[st.sampled_from(("", "", "left", "center", "right")) for _ in range(width)])
        return st.builds(
            lambda aligned, head, first, rows: Table(aligned, head, (first, *rows)),
            alignments,
            st.none() | filled,
            filled,
            st.lists(row, max_size=2),
        )

    return st.integers(1, 3).flatmap(of_width)
