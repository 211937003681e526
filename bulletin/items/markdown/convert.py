"""Markdown -> sanitised HTML, with tokens in place of its links until it is known where they lead.

nh3 sanitises the HTML after Markdown has run, so raw HTML and attribute lists pass the same gate. Its output has one
form (double quotes, `<` and `>` escaped in attributes), which makes it safe to read its tags with regular expressions.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from bulletin.digests import digest_of_bytes
from bulletin.items import alt_text
from bulletin.items.markdown import limits
from bulletin.items.markdown.figures import AUDIO, VIDEO, with_figures, with_films_linked, with_players
from bulletin.items.markdown.html_tags import ALLOWED, ATTRIBUTES, EMPTY_PLACES, tags_in
from bulletin.items.markdown.reading import SCHEMES, WEB, raw_html, sanitised
from bulletin.items.markdown.signs import Remark
from bulletin.items.markdown.work import TooMuchWork, Work
from bulletin.model import Body, Link, Text
from bulletin.problems import Problem, Severity, problem
from bulletin.settings import LineBreaks
from bulletin.vietnamese import clean

LINK_TOKEN = re.compile("\x1a([0-9]+)\x1a")
"""Stands in an item's HTML for the url of `Body.links[n]`; the character U+001A is refused in every source."""
_BEGUN = re.compile(r' (?:href|src)="\Z')
"""The beginning of the attribute that a token is the value of."""
PICTURE_TOKEN = re.compile("<img \x1a([0-9]+)\x1a((?: [^>]*)?)>")
"""Stands for `Body.links[n]` if that is a picture: an `<img>` with all its attributes but the address."""

SYLLABLES_A_MINUTE = 250
"""As fast as people read news for themselves; in Vietnamese each syllable stands between blanks."""
LONG_TEXT = 4
"""Number of h2 from which a text gets a table of contents, unless it has asked for one itself."""

_RAW_ATTRIBUTE = re.compile("""([^\\s"'=<>/]++)(?:\\s*+=\\s*+("[^"]*+"|'[^']*+'|[^\\s"'>]++))?""")
_LETTERS = re.compile(r"[^\W_]+")
_STASHED = re.compile("\x02[^\x03]*\x03?")
_BEGINNING = 100
"""Characters by which a part of a text is told from others."""
_COMPARED = 2
"""Steps of work for two attributes that are compared."""
_SCHEME = re.compile("([A-Za-z][A-Za-z0-9+.-]*):")
_HEADING = re.compile("<(/?)h([1-6])(?=[ >])")
_LINKING_TAG = re.compile("<(a|img)( [^>]*)?>")
_LINKED = re.compile("<a href=")
_LOST_ADDRESS = re.compile("<(?:a|img)(?![^>]* (?:href|src)=)")
# A tag up to an attribute. It reads attribute by attribute: a value may look like an attribute (`title="x id="`).
_UP_TO = '(<[a-z0-9]++(?: (?!(?:{})=)[a-z]++="[^"]*+")*) '
_ALT = re.compile(_UP_TO.format("alt") + 'alt="([^"]++)"')
_ADDRESS = re.compile(_UP_TO.format("href|src") + '(?:href|src)="([^"]*+)"')
_ID = re.compile(_UP_TO.format("id") + 'id="([^"]*+)"')
_PARAGRAPH = re.compile("<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
_H2_WITH_ID = re.compile('<h2(?: (?!id=)[a-z]++="[^"]*+")* id="([^"]*+)"[^>]*>(.*?)</h2>', re.DOTALL)
_FOOTNOTE_REFERENCE = "#fnref:"
_FOOTNOTES = '<div class="footnote">'
_FOOTNOTE_MARK = re.compile('<sup id="fnref.*?</sup>', re.DOTALL)
_TAG = re.compile("<[^>]*>")
# Tags that separate words: without a blank in their place, the words of two blocks would be joined.
_BETWEEN_BLOCKS = re.compile(
    "<(?:/?(?:p|li|h[1-6]|t[dhr]|d[dlt]|caption|blockquote|pre|div|figure|figcaption|summary)|br|hr)(?: [^>]*)?>"
)
_BETWEEN_CELLS = re.compile(r"</t[dh]>\s*<t[dh](?: [^>]*)?>")
_PICTURE = re.compile("<img [^>]*>")
_BACK_REFERENCE = re.compile('<a class="footnote-backref".*?</a>', re.DOTALL)


def convert(
    path: str, text: str, first_line: int, line_breaks: LineBreaks = "auto"
) -> tuple[Body, str, tuple[Problem, ...]]:
    """Return an item's body, its HTML and its problems; `first_line` is the file's line on which the text begins."""
    task = _Conversion(path=path, text=text, first_line=first_line)
    if excess := limits.excess(path, text, first_line):
        return task.body(""), "", (excess,)
    try:
        clean_html = _clean_html(task, line_breaks)
    except RecursionError:
        excess = problem(path, first_line, "body-too-nested")
    except TooMuchWork as fault:
        excess = problem(path, task.line_near(fault.part), "body-too-dense")
    else:
        if len(clean_html) <= limits.MAX_HTML:
            return task.body(clean_html), clean_html, tuple(sorted(set(task.problems)))
        excess = problem(path, first_line, "body-too-long")
    return _Conversion(path=path, text="", first_line=first_line).body(""), "", (excess,)


def _clean_html(task: _Conversion, line_breaks: LineBreaks) -> str:
    """Return the HTML of a text, sanitised; if that is too long, no problems and links are looked for in it."""
    text = task.text
    raw, remarks = raw_html(text, line_breaks, task.work)
    for remark in remarks:
        task.report(remark.code, task.line_of_remark(remark), remark.severity, **remark.words)
    # Only raw HTML and attribute lists can lose tags and attributes; only links and pictures can lose an address.
    tags = tags_in(raw) if "<" in text or "{" in text or "hl_lines" in text else []
    for _, attributes in tags:
        # The sanitiser compares each attribute of a tag with all others.
        task.work.spend(_COMPARED * len(attributes.split()) ** 2, attributes)
    clean_html = sanitised(raw)
    if len(clean_html) > limits.MAX_HTML:
        return clean_html
    if tags or _LOST_ADDRESS.search(clean_html):
        task.report_dropped(tags or tags_in(raw))
    clean_html = _start_at_h2(clean_html)
    clean_html = _ID.sub(task.keep_id, clean_html)
    opened = _LINKING_TAG.sub(task.open_link, with_films_linked(clean_html))
    return with_figures(with_players(opened, task.videos, task.sounds))


def close_links(text: str, address: Callable[[int], str], picture: Callable[[int, str], str]) -> str:
    """Return the HTML with every token replaced: by `address(n)` for a link, by `picture(n, attributes)` for a picture.

    The address is text, and is escaped here; a link whose address is empty leads nowhere any more, and is none.
    `attributes` is HTML: all attributes of the picture but its address.
    """
    with_pictures = PICTURE_TOKEN.sub(lambda token: picture(int(token[1]), token[2]), text)
    # A token begins with a sign that nothing else has: an expression that began before it would be tried everywhere.
    before, *rest = LINK_TOKEN.split(with_pictures)
    parts = [before]
    for number, after in zip(rest[::2], rest[1::2], strict=True):
        url = html.escape(address(int(number)))
        if not url and after.startswith('"') and (begun := _BEGUN.search(parts[-1])):
            parts[-1], after = parts[-1][: begun.start()], after[1:]  # noqa: PLW2901 - without its attribute
        parts += [url, after]
    return "".join(parts)


def contents(text: str) -> list[tuple[str, str]]:
    """Return (id, words) of each h2 of a long text; empty for a short one, or one with its own table of contents."""
    if text.count("<h2") < LONG_TEXT or '<div class="toc">' in text:
        return []
    titles = [
        (html.unescape(heading[1]), html.unescape(_TAG.sub("", _FOOTNOTE_MARK.sub("", heading[2]))))
        for heading in _H2_WITH_ID.finditer(text)
    ]
    return titles if len(titles) >= LONG_TEXT else []


def paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Yield each paragraph of the HTML that has words, without footnotes: its HTML, and its words as one line."""
    for paragraph in _PARAGRAPH.finditer(text.partition(_FOOTNOTES)[0]):
        words = clean(html.unescape(_TAG.sub("", _FOOTNOTE_MARK.sub("", paragraph[1].replace("<br>", " ")))))
        if words:
            yield paragraph[1], words


def plain(text: str) -> str:
    """Return the words of the HTML as one line, without footnote marks."""
    bare = _BACK_REFERENCE.sub("", _FOOTNOTE_MARK.sub("", text)) if _FOOTNOTES in text else text
    return clean(html.unescape(_TAG.sub("", _BETWEEN_BLOCKS.sub(" ", bare))))


def lines_shown(text: str) -> list[str]:
    """Return the words of each block of the HTML; a row of a table is one line, a picture is «[Ảnh: its words]»."""
    bare = _BACK_REFERENCE.sub("", _FOOTNOTE_MARK.sub("", text))
    bare = _BETWEEN_CELLS.sub(" · ", _PICTURE.sub(_picture_shown, bare))
    lines = _BETWEEN_BLOCKS.sub("\n", bare.replace("\n", " ")).split("\n")
    return [words for line in lines if (words := clean(html.unescape(_TAG.sub("", line))))]


def _picture_shown(picture: re.Match[str]) -> str:
    words = re.search(' alt="([^"]+)"', picture[0])
    return f"<br>[Ảnh: {words[1]}]<br>" if words else "<br>[Ảnh]<br>"


def minutes(text: str) -> int:
    """Return how many minutes it takes to read the HTML, at least one."""
    bare = _TAG.sub("", text)
    return max(1, round((bare.count(" ") + bare.count("\n")) / SYLLABLES_A_MINUTE))


class _Conversion(Struct, kw_only=True):
    """The links, ids and problems met in one conversion; `videos` and `sounds` are the numbers of links to those."""

    path: str
    text: str
    first_line: int
    links: list[Link] = field(default_factory=list)
    videos: set[int] = field(default_factory=set)
    sounds: set[int] = field(default_factory=set)
    ids: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    work: Work = field(default_factory=Work)
    lowered: str = ""
    told: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lowered = self.text.lower()

    def report(self, code: str, line: int, severity: Severity = "error", **words: str) -> None:
        self.problems.append(problem(self.path, line, code, severity, **words))

    def body(self, text: str) -> Body:
        digest = digest_of_bytes(text.encode())
        return Body(text=Text(digest=digest), ids=frozenset(self.ids), links=tuple(self.links))

    def line_of(self, *forms: str) -> int:
        """Return the line of the first of these forms that occurs in the text; if none does, that of its first word."""
        if forms not in self.lines:
            self.lines[forms] = self.first_line + self.lowered.count("\n", 0, self.position_of(forms))
        return self.lines[forms]

    def line_of_address(self, target: str) -> int:
        """Return the line of an address. All its forms hold it: that of a footnote, not typed, is looked for once."""
        return self.line_of(*(_written_forms(target) if target.lower() in self.lowered else [target]))

    def line_of_remark(self, remark: Remark) -> int:
        """Return the line of the next form that this remark is about: of equal ones each is told."""
        form = remark.typed.partition("\n")[0].rstrip().lower()
        position = self.told.get((remark.code, form), -1)
        skipped = 0 if position >= 0 else remark.earlier
        for _ in range(skipped + 1):
            position = self.lowered.find(form, position + 1)
        if position < 0:
            return self.line_of(form)
        self.told[remark.code, form] = position
        return self.first_line + self.lowered.count("\n", 0, position)

    def position_of(self, forms: tuple[str, ...]) -> int:
        for form in forms:
            position = self.lowered.find(form.lower())
            self.work.spend(len(self.lowered) if position < 0 else position, form)
            if position >= 0:
                return position
        return len(self.lowered) - len(self.lowered.lstrip())

    def line_near(self, part: str) -> int:
        """Return the line of what was being read, by its letters: its signs may be escaped, or put out of the way."""
        letters = _letters(part.lstrip().partition("\n")[0][:_BEGINNING])
        lines = self.text.split("\n")
        near = (number for number, line in enumerate(lines) if line.strip() and letters in _letters(line))
        return self.first_line + next(near, 0)

    def report_dropped(self, tags: Iterable[tuple[str, str]]) -> None:
        """Warn of all that sanitising removes from tags (name, attributes), so that nothing is lost unnoticed."""
        for tag, attributes in dict.fromkeys(tags):
            kept = ATTRIBUTES["*"] | ATTRIBUTES.get(tag.lower(), set())
            if tag.lower() not in ALLOWED or (tag.lower() == "img" and "src" not in attributes.lower()):
                self.report_dropped_tag(tag)
                continue
            for name, value in _RAW_ATTRIBUTE.findall(attributes):
                if name.lower() not in kept:
                    self.report("attribute-dropped", self.line_of(name), "warning", found=name.lower())
                elif name.lower() in {"href", "src"}:
                    address = html.unescape(value.strip("\"'")).strip()
                    self.report_dropped_address(address, is_picture=tag.lower() == "img")

    def report_dropped_tag(self, tag: str) -> None:
        name, line = tag.lower(), self.line_of(f"<{tag}")
        if name in EMPTY_PLACES or name == "img":
            self.report("html-not-shown", line, found=name)
        else:
            self.report("html-dropped", line, "warning", found=name)

    def report_dropped_address(self, address: str, *, is_picture: bool) -> None:
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() not in SCHEMES:
            # A link keeps its words, but of a picture nothing is left.
            severity: Severity = "error" if is_picture else "warning"
            self.report("address-dropped", self.line_of(scheme[0]), severity, found=scheme[1])
        elif not _LINKED.search(sanitised(f'<a href="{html.escape(address)}">')):
            self.report("address-unreadable", self.line_of_address(address), found=address)

    def open_link(self, tag: re.Match[str]) -> str:
        """Return the tag, with a token for an address that `links` resolves; empty for a picture that has none."""
        address = _ADDRESS.match(tag[0])
        is_picture = tag[1] == "img"
        if address is None:
            return "" if is_picture else tag[0]
        before, after = address[1], tag[0][address.end() :]
        target = html.unescape(address[2]).strip()
        scheme = target.partition(":")[0].lower()
        # An address of the web stays open, since only the settings tell whether it is the bulletin's own.
        if scheme in SCHEMES - WEB and not is_picture:
            return tag[0]
        line = self.line_of_address(target)
        if self.is_refused(target, line, is_picture=is_picture):
            return "" if is_picture else tag[0]
        if target.startswith(_FOOTNOTE_REFERENCE) and target[1:] not in self.ids:
            name = target.removeprefix(_FOOTNOTE_REFERENCE)
            self.report("footnote-unused", self.line_of(f"[^{name}]:"), found=f"[^{name}]")
            return before + after
        token = f"\x1a{len(self.links)}\x1a"
        self.note_player(target)
        self.links.append(Link(target=target, line=line, is_picture=is_picture))
        if not is_picture:
            return f'{before} href="{token}"{after}'
        return self.with_alt(before + after, line).replace("<img", f"<img {token}", 1)

    def note_player(self, target: str) -> None:
        """Note the number that a link gets if it leads to a file that plays in the page."""
        path = target.partition("#")[0].partition("?")[0].lower()
        if ":" not in path and path.endswith((*VIDEO, *AUDIO)):
            (self.videos if path.endswith(VIDEO) else self.sounds).add(len(self.links))

    def is_refused(self, target: str, line: int, *, is_picture: bool) -> bool:
        """Report an address without its scheme, and a picture of another host."""
        if target.startswith(("//", "www.")):
            self.report("address-without-scheme", line, found=target, bare=target.lstrip("/"))
            return True
        if is_picture and target.partition(":")[0].lower() in SCHEMES:
            self.report("picture-elsewhere", line, found=target)
            return True
        return False

    def with_alt(self, tag: str, line: int) -> str:
        if match := _ALT.match(tag):
            alt = html.unescape(match[2])
            if alt_text.says_nothing(alt):
                self.report("picture-alt-says-nothing", line, "warning", found=alt)
            return tag
        self.report("picture-without-alt", line, "warning")
        return tag if ' alt=""' in tag else tag.replace("<img", '<img alt=""', 1)

    def keep_id(self, tag: re.Match[str]) -> str:
        """Return the tag, without its id if that is invalid, already used, or reserved for the page itself (`_…`)."""
        name = html.unescape(tag[2])
        if not name or name.startswith("_") or name in self.ids or re.search(r"\s", name):
            self.report("id-unusable", self.line_of(name), "warning", found=name)
            return tag[1]
        self.ids[name] = None
        return tag[0]


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(_STASHED.sub("", text))).lower()


def _written_forms(target: str) -> tuple[str, ...]:
    """Return the forms of an address: in Markdown, in HTML and, last, alone, because «b.md» also occurs in «ab.md»."""
    if not target:
        return "]()", "](<>)", '=""', "=''"
    return f"]({target}", f"](<{target}", f'="{target}', f"='{target}", f": {target}", target


def _start_at_h2(text: str) -> str:
    """Return the HTML with its headings shifted until the highest is h2: the page's title is the only h1."""
    levels = {int(level) for _, level in _HEADING.findall(text)}
    shift = 2 - min(levels, default=2)
    if shift == 0:
        return text
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{min(6, int(tag[2]) + shift)}", text)
