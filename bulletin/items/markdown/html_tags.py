"""The tags and attributes of HTML: those that a text may use, those that leave an empty place, and what is no tag."""

from __future__ import annotations

import re

_ALLOWED = """
    a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1
    h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table
    tbody td tfoot th thead time tr u ul var wbr
"""
_EMPTY_PLACES = """
    applet audio canvas embed frame frameset iframe input map math object script select style svg template textarea
    video
"""
_OTHERS = """
    acronym address area article aside base basefont bgsound big blink body button center circle data datalist defs
    dialog dir ellipse fieldset font footer foreignobject form g head header hgroup html image keygen label legend
    line link listing main marquee menu menuitem meta meter mglyph mi mn mo mrow mtext nav nobr noembed noframes
    noscript optgroup option output param path picture plaintext polygon polyline portal progress rect search
    section slot source strike text title track tspan tt use xmp
"""

ALLOWED = frozenset(_ALLOWED.split())
EMPTY_PLACES = frozenset(_EMPTY_PLACES.split())
"""Tags that are taken out with all they show: the text would be published with a hole."""
KNOWN = ALLOWED | EMPTY_PLACES | frozenset(_OTHERS.split())
"""Every name that HTML has, or had, for a tag: what stands in angle brackets and is none of them is text."""

# Possessive, so that matching gives up at once on a tag without an end, however long the text after it.
RAW_TAG = re.compile("""<([A-Za-z][A-Za-z0-9:-]*+)((?:[\\s/](?>(?:[^"'<>]++|"[^"]*+"|'[^']*+')*))?)>""")
"""A tag with its name and attributes."""
_TAG_OR_COMMENT = re.compile(rf"{RAW_TAG.pattern}|<!--.*?-->", re.DOTALL)
IN_BRACKETS = re.compile(r"<[^<>\n]*>")
_BRACKET = re.compile(rf"{RAW_TAG.pattern}|</([A-Za-z][A-Za-z0-9:-]*+)\s*>|<!--.*?-->|<", re.DOTALL)

ATTRIBUTES = {
    "*": {"class", "id", "lang", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "src"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
"""The attributes that a text may use, by tag; those of `*` with any tag."""


def is_tag(name: str) -> bool:
    """Say whether HTML knows a tag of this name, or a program such as Word writes one."""
    return name.lower() in KNOWN or ":" in name


def tags_in(raw: str) -> list[tuple[str, str]]:
    """Return the name and the attributes of each tag in HTML; in a comment there are none, nobody misses anything."""
    return [(match[1], match[2]) for match in _TAG_OR_COMMENT.finditer(raw) if match[1]]


def with_brackets_shown(raw: str) -> tuple[str, list[str]]:
    """Return HTML with each `<` that begins neither a tag nor a comment as text, and what stands in such brackets.

    A parser would take it for a comment, or for a tag whose attributes are all that follows, up to the end of the text.
    """
    in_brackets: list[str] = []

    def shown(bracket: re.Match[str]) -> str:
        name = bracket[1] or bracket[3]
        if is_tag(name) if name else bracket[0] != "<":
            return bracket[0]
        if closed := IN_BRACKETS.match(raw, bracket.start()):
            in_brackets.append(closed[0])
        return "&lt;" + bracket[0][1:]

    return _BRACKET.sub(shown, raw), in_brackets
