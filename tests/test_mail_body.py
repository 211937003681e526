"""Every block that Markdown can make, in both forms of a mail: Word can show it, and no word of it is lost."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest

from bulletin.editions.mail.html_body import COLUMN, BodyWriter, Shown
from bulletin.editions.mail.plain_text import WIDTH, Links, lines_of
from bulletin.images import Picture
from bulletin.items.markdown import close_links, convert
from bulletin.richtext import markup
from tests.naughty import naughty
from tests.programs import missing
from tests.test_suites import SPEC
from tools.outlook import faults
from tools.suites import inputs

ADDRESS = "https://bantin.example/anh.jpg"
PICTURE = Picture(url="/anh.jpg", width=1200, height=800, candidates=())
FRAME = (
    '<table width="600" border="0" cellpadding="0" cellspacing="0">'
    '<tr><td style="font-family: Arial">{}</td></tr></table>'
)
NARROW = 20
LONG = re.compile(rf"\S{{{NARROW},}}")
NOT_SHOWN = frozenset({"video", "audio", "rt", "rp"})


def tree(text: str) -> markup.Node:
    """Return the tree of a text, all links closed."""
    _, clean_html, _ = convert("content/a.md", text, 1)
    return markup.tree(
        close_links(clean_html, lambda _: "https://a.vn/", lambda _, attributes: f'<img src="{ADDRESS}"{attributes}>')
    )


def shown(picture: Picture, width: int) -> Shown:
    return Shown(source="cid:a@b", width=min(width, picture.width), height=100)


def written(text: str) -> str:
    return BodyWriter({ADDRESS: PICTURE}, shown).write(tree(text))


def words_of(node: markup.Node) -> list[str]:
    """Return all words that a mail must show, in order."""
    if node.tag in NOT_SHOWN:
        return []
    found: list[str] = []
    for child in node.children:
        found += re.findall(r"\w+", child) if isinstance(child, str) else words_of(child)
    return found


def lost(words: list[str], text: str) -> list[str]:
    """Return the words that do not stand in a text in this order."""
    position, missed = 0, []
    for word in words:
        at = text.find(word, position)
        if at < 0:
            missed.append(word)
        else:
            position = at + len(word)
    return missed


def hold(text: str) -> None:
    root = tree(text)
    words = words_of(root)
    page = written(text)
    found = faults(FRAME.format(_inlined(page)))
    assert found == [], text
    bare = html.unescape(re.sub("<[^>]*>", "", page))
    assert lost(words, bare) == [], text
    lines = lines_of(root, Links())
    if not LONG.search(text):
        # Longer words go on in the next line; the rows of a wide table stand below each other, each with its headings.
        assert not Counter("".join(words)) - Counter("".join(lines)), text
    assert all(len(line) <= WIDTH or "://" in line for line in lines), text


def _inlined(page: str) -> str:
    """Return the HTML as it is with its style sheet in it, as far as the linter asks for it."""
    return re.sub(r"<(t[dh])(?=[ >])", r'<\1 style="font-family: Arial"', page)


def test_every_example_of_commonmark() -> None:
    if not SPEC.is_file():
        missing("commonmark-spec is not installed: npm ci")
    for text in inputs(SPEC.parent):
        hold(text)


@pytest.mark.parametrize("kind", naughty())
def test_awkward_texts(kind: str) -> None:
    for text in naughty()[kind]:
        hold(f"Đầu.\n\n- {text}\n\n> {text}\n\n| {text} | b |\n|---|---|\n| c | d |\n\nCuối {text}\n")


DEEP = "\n".join(f"{'  ' * depth}- bậc {depth}" for depth in range(12))
BLOCKS = {
    "lists in lists": (DEEP, "<li>bậc 11</li>"),
    "a list that begins late": ("7. bảy\n8. tám\n", '<ol start="7">'),
    "quotations in quotations": ("> > > trong\n", f'width="{COLUMN - 48}"'),
    "a picture in a quotation": ("> ![Ảnh](a.png)\n", f'width="{COLUMN - 24}"'),
    "a table": ("| a | b |\n|---|--:|\n| 1 | 2 |\n", f'<table class="data" width="{COLUMN}"'),
    "a number on the right": ("| a | b |\n|---|--:|\n| 1 | 2 |\n", '<td align="right" valign="top">2</td>'),
    "a heading": ("# Một\n\n## Hai\n", "<h4>Một</h4>"),
    "code": ("```\n a  <b>\n```\n", "<pre><code> a  &lt;b&gt;\n</code></pre>"),
    "a line": ("a\n\n---\n\nb\n", '<p class="rule">* * *</p>'),
    "an abbreviation": ("*[UBND]: Ủy ban nhân dân\n\nUBND tỉnh\n", '<span title="Ủy ban nhân dân">UBND</span>'),
    "a folded part": ("<details><summary>Xem</summary>Nội dung</details>\n", '<p class="summary">Xem</p>'),
    "two pictures": ("![Một](a.png)\n![Hai](b.png)\n", '<table role="presentation" class="gallery" width="552"'),
    "a film": ("[phim](a.mp4)\n", '<a href="https://a.vn/">phim</a>'),
    "a footnote": ("Chú[^1]\n\n[^1]: Ở cuối\n", "<sup>1</sup>"),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_becomes_what_mail_programs_know(name: str) -> None:
    text, found = BLOCKS[name]
    assert found in written(text)
    hold(text)
