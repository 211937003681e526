"""Pictures alone are figures, pictures together are galleries, films and sounds play: what is typed, and its HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.items.markdown import close_links, convert, summary

GALLERY = '<figure class="gallery">\n{}\n{}</figure>'
FIGURES: dict[str, str] = {
    "![a](a.jpg)": "<alone 0 a>",
    '![a](a.jpg "Hai & ba")': "<alone 0 a|Hai &amp; ba>",
    "![a](a.jpg)\n*Xem [b](b.md)*": '<figure><link 0 a><figcaption>Xem <a href="1">b</a></figcaption></figure>',
    "![a](a.jpg)\n\n*Chú thích*\n\nTin.": "<alone 0 a|Chú thích>\n<p>Tin.</p>",
    '![a](a.jpg "Một.")\n*Ảnh: Lan*': "<alone 0 a|Một. Ảnh: Lan>",
    "[![a](a.jpg)](b.jpg)": '<figure><a href="0"><img 1 a></a></figure>',
    "![a](a.jpg)\n{: .rong}": '<figure class="rong"><link 0 a></figure>',
    "> ![a](a.jpg)": "<blockquote>\n<alone 0 a>\n</blockquote>",
    "![a](a.jpg) ![b](b.jpg)": GALLERY.format("<large 0 a>\n<large 1 b>", ""),
    "![a](a.jpg)\n![b](b.jpg)\n*Cùng*": GALLERY.format("<large 0 a>\n<large 1 b>", "<figcaption>Cùng</figcaption>"),
    "![a](a.jpg)\n*Một*\n![b](b.jpg)\n*Hai*": GALLERY.format("<large 0 a|Một>\n<large 1 b|Hai>", ""),
    '![a](a.jpg "Một")\n\n![b](b.jpg)\n\n*Hai*\n\n![c](c.jpg)': GALLERY.format(
        "<large 0 a|Một>\n<large 1 b|Hai>\n<large 2 c>", ""
    ),
}
UNCHANGED = ("Xem ![a](a.jpg) đây", "![a](a.jpg) và chữ", "*Nghiêng*", "- ![a](a.jpg)", "![a](a.jpg)\n**Đậm**")
PIECES = st.lists(
    st.sampled_from(["![{}](a.jpg)", '![{}](b.jpg "{}")', "*{}*", "{}", "", "![{}](a.mp4)", "[{}](b.mp3)", "- {}"]),
    max_size=8,
)


def converted(text: str) -> str:
    """Return the HTML of a text; each token is the number of its link."""
    _, made, _ = convert("content/a.md", text, 1)
    return close_links(made, str, lambda number, attributes: f"<img {number}{attributes}>")


def in_full(short: str) -> str:
    """Return the HTML that a row of the table stands for."""

    def figure(found: re.Match[str]) -> str:
        caption = f"<figcaption>{found[4]}</figcaption>" if found[4] else ""
        more = ' class="thumb"' if found[1] == "large" else ""
        return f"<figure>{link(found[2], found[3], more)}{caption}</figure>"

    def link(number: str, words: str, more: str = "") -> str:
        return f'<a class="large" href="{number}"><img {number} alt="{words}"{more}></a>'

    full = re.sub(r"<(alone|large) (\d) (\w)(?:\|([^>]+))?>", figure, short)
    full = re.sub(r"<link (\d) (\w)>", lambda found: link(found[1], found[2]), full)
    return re.sub(r"<img (\d) (\w)>", r'<img \1 alt="\2">', full)


@pytest.mark.parametrize(("text", "short"), FIGURES.items())
def test_pictures_become_figures_and_galleries(text: str, short: str) -> None:
    assert converted(text) == in_full(short)


@pytest.mark.parametrize("text", UNCHANGED)
def test_a_picture_among_words_stays_in_its_line(text: str) -> None:
    assert "figure" not in converted(text)


def test_a_picture_of_a_gallery_without_words_still_names_its_link() -> None:
    assert '<a class="large" href="1" aria-label="Ảnh 2"><img 1 alt="" class="thumb"></a>' in converted(
        "![a](a.jpg)\n![](b.jpg)"
    )


@pytest.mark.parametrize(
    ("text", "tag"), [("[Phim](a.mp4)", "video"), ("![Phim](A.MP4#t=10)", "video"), ("[Phim](a.mp3)", "audio")]
)
def test_a_film_or_a_sound_alone_in_its_paragraph_plays(text: str, tag: str) -> None:
    assert converted(f"{text}\n*Quay: Lan*") == (
        f'<figure class="player"><{tag} controls preload="none" src="0" aria-label="Phim"></{tag}>'
        '<figcaption><a href="0">Phim</a> · Quay: Lan</figcaption></figure>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xem [phim](a.mp4).", '<p>Xem <a href="0">phim</a>.</p>'),
        ("Xem ![phim](a.mp4).", '<p>Xem <a href="0">phim</a>.</p>'),
        ("[phim](https://a.vn/a.mp4)", '<p><a href="0">phim</a></p>'),
        ("[tệp](a.pdf)", '<p><a href="0">tệp</a></p>'),
        ("[![phim](a.mp4)](b.md)", '<p><a href="0">phim</a></p>'),
    ],
)
def test_other_links_stay_links(text: str, expected: str) -> None:
    assert converted(text) == expected


def test_a_film_is_published_as_a_file_and_not_as_a_picture() -> None:
    body, _, problems = convert("content/a.md", "![phim](a.mp4)", 1)
    assert ([link.is_picture for link in body.links], problems) == ([False], ())


def test_a_caption_is_no_summary() -> None:
    assert summary(convert("content/a.md", "![a](a.jpg)\n*Ảnh: Lan*\n\nTin.", 1)[1]) == "Tin."


@given(PIECES, st.sampled_from(["\n", "\n\n"]))
def test_no_word_and_no_picture_is_lost_or_doubled(lines: list[str], between: str) -> None:
    words = iter(f"chữ{number}x" for number in range(100))
    text = between.join(re.sub("{}", lambda _: next(words), line) for line in lines)
    made = re.sub(' aria-label="[^"]*"', "", converted(text))
    assert {word: made.count(word) for word in re.findall(r"chữ\d+x", text)} == dict.fromkeys(
        re.findall(r"chữ\d+x", text), 1
    )
    assert made.count("<img") == text.count("![") - text.count("](a.mp4)")


@pytest.mark.parametrize(
    "part",
    [
        *("![a](a.jpg)\n", "![a](a.jpg)\n\n", "![a](a.mp4)\n\n", "![a](a.jpg)\n*x*\n", "[a](a.mp4)\n\n", "*a*\n\n"),
        *("![a](a.jpg) ", "![](a.mp4) "),
    ],
)
def test_thousands_of_pictures_take_no_time(part: str) -> None:
    convert("content/a.md", part * 1500 + "x", 1)
