"""Sanitised HTML -> the same with figures: a picture that stands alone, pictures that stand together, video, sound.

It works on what nh3 and `convert` have written, never on what was typed, so both ways of reading Markdown agree on it.
A picture's caption is its title, or the line in italics right below; of several pictures with one such line at their
end it is the caption of all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

VIDEO = (".mp4",)
AUDIO = (".mp3",)

_IMAGE = r"<img \x1a[0-9]+\x1a(?: [^>]*+)?>"
_SHOWN = rf"(?:{_IMAGE}|<a(?: [^>]*+)?>{_IMAGE}</a>)"
_CREDIT = r"<em>(?>(?:(?!</?em>).)+)</em>"
_LINE_END = r"(?:<br>)?\n"
_CREDITS = rf"(?>(?:{_LINE_END}{_CREDIT})*)"
_PICTURES = rf"{_SHOWN}(?>(?:(?: ?<br>)?\s*+{_SHOWN})*){_CREDITS}"
_WORDS = rf"{_PICTURES}(?>(?:{_LINE_END}{_PICTURES})*)"
_BELOW = rf"(?>(?:\s*+<p>{_CREDIT}</p>)?)"
_RUN = re.compile(
    rf"<p(?P<attributes> [^>]+)>{_WORDS}</p>{_BELOW}"
    rf"|<p>{_WORDS}</p>{_BELOW}(?>(?:\s*+<p>{_WORDS}</p>{_BELOW})*)",
    re.DOTALL,
)
_PART = re.compile(rf"(?P<shown>{_SHOWN})|<em>(?P<credit>(?>(?:(?!</?em>).)+))</em>", re.DOTALL)
_NUMBER = re.compile("\x1a([0-9]+)\x1a")
_TITLE = re.compile(r' title="([^"]*+)"')
_LINK_ALONE = re.compile(
    rf'<p><a href="\x1a(?P<number>[0-9]+)\x1a"[^>]*+>(?P<words>(?>(?:(?!</?a[ >]).)+))</a>(?P<credits>{_CREDITS})</p>'
    rf"(?P<below>{_BELOW})",
    re.DOTALL,
)
_TAG = re.compile("<[^>]*>")
# A picture whose address ends like that of a film, before `convert` has opened its address; the ends of links.
_FILM_OR_LINK = re.compile(
    r'(?P<film><img (?:[^<>]* )?src="[^":<>]*\.(?:mp[34])(?:[?#][^"<>]*)?"[^<>]*>)|<a [^<>]*>|</a>', re.IGNORECASE
)
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*+)"')


def with_figures(text: str) -> str:
    """Return the HTML with a figure in place of pictures that stand in a paragraph of their own."""
    return _RUN.sub(_figure, text) if "<img \x1a" in text else text


def with_films_linked(text: str) -> str:
    """Return the HTML with a link in place of a picture that is a video or a sound: editors write `![…](a.mp4)`."""
    is_in_link = False

    def linked(found: re.Match[str]) -> str:
        nonlocal is_in_link
        if not found["film"]:
            is_in_link = found[0] != "</a>"
            return found[0]
        attributes = dict(_ATTRIBUTE.findall(found[0]))
        words = attributes.get("alt") or attributes["src"]
        # No link stands within another one.
        return words if is_in_link else f'<a href="{attributes["src"]}">{words}</a>'

    return _FILM_OR_LINK.sub(linked, text) if "<img" in text and ".mp" in text.lower() else text


def with_players(text: str, videos: Collection[int], sounds: Collection[int]) -> str:
    """Return the HTML with a player in place of a link alone in its paragraph; the links are given by their numbers."""

    def player(link: re.Match[str]) -> str:
        number = int(link["number"])
        if number not in videos and number not in sounds:
            return link[0]
        tag = "video" if number in videos else "audio"
        name = html.escape(html.unescape(_TAG.sub("", link["words"])).strip())
        words = " · ".join(
            [f'<a href="\x1a{number}\x1a">{link["words"]}</a>', *_credits(link["credits"] + link["below"])]
        )
        return (
            f'<figure class="player"><{tag} controls preload="none" src="\x1a{number}\x1a" aria-label="{name}"></{tag}>'
            f"<figcaption>{words}</figcaption></figure>"
        )

    return _LINK_ALONE.sub(player, text) if videos or sounds else text


def _figure(run: re.Match[str]) -> str:
    pictures, common = _captioned(run[0])
    if len(pictures) == 1:
        shown, caption = pictures[0]
        return f"<figure{run['attributes'] or ''}>{_large(shown, 'Ảnh lớn')}{_caption(caption)}</figure>"
    cells = "\n".join(
        f"<figure>{_large(_thumb(shown), f'Ảnh {place}')}{_caption(caption)}</figure>"
        for place, (shown, caption) in enumerate(pictures, 1)
    )
    return f'<figure class="gallery">\n{cells}\n{_caption(common)}</figure>'


def _captioned(run: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the pictures of a run, each with its captions, and the captions of all."""
    pictures: list[tuple[str, list[str]]] = []
    parts = list(_PART.finditer(run))
    for part in parts:
        if part["shown"]:
            title = _TITLE.search(part["shown"])
            pictures.append((_TITLE.sub("", part["shown"], count=1), [title[1]] if title and title[1] else []))
        else:
            pictures[-1][1].append(part["credit"])
    if len(pictures) > 1 and parts[-1]["credit"] and len(_credits(run)) == 1:
        return pictures, [pictures[-1][1].pop()]
    return pictures, []


def _credits(lines: str) -> list[str]:
    return [part["credit"] for part in _PART.finditer(lines) if part["credit"]]


def _thumb(shown: str) -> str:
    """Return a picture as one of a gallery; one with a link of its own is shown like any other."""
    if shown.startswith("<a"):
        return shown
    return shown.replace(' class="', ' class="thumb ', 1) if ' class="' in shown else f'{shown[:-1]} class="thumb">'


def _large(shown: str, name: str) -> str:
    """Return a picture within a link to it at its largest, unless it has a link of its own."""
    if shown.startswith("<a"):
        return shown
    number = _NUMBER.search(shown)
    assert number is not None
    # Without words the picture cannot name its link.
    label = f' aria-label="{name}"' if ' alt=""' in shown else ""
    return f'<a class="large" href="\x1a{number[1]}\x1a"{label}>{shown}</a>'


def _caption(words: list[str]) -> str:
    return f"<figcaption>{' '.join(words)}</figcaption>" if words else ""
