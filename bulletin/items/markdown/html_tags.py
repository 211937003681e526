"""The tags and attributes of HTML: those that a text may use, and those that leave an empty place behind."""

from __future__ import annotations

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
