"""The summary of an item that has none of its own: the first sentences of its text that say something.

A text often begins with something else: a heading in bold, a byline, the place and day of a press release, a line that
leads to a list, the question of an interview. Lists that show those tell a reader nothing.
"""

from __future__ import annotations

import re
from itertools import dropwhile

from bulletin.items.markdown.convert import paragraphs
from bulletin.items.markdown.sentences import CLOSING, ENDS, sentences_of
from bulletin.vietnamese import clip, fold

SUMMARY_LENGTH = 200
_FEW_WORDS = 5
_LONG_LABELLED = 100
"""Characters from which on a paragraph is news, whatever it begins with: behind «Tin:» stands more than a name."""
_EMPHASISED = re.compile(r"(?:<img [^>]*>(?:\s|<br>)*)*<(strong|b|em|i)>(?:(?!</?\1>).)*</\1>", re.DOTALL)
_HAS_PICTURE = "<img "
_BRACKETED = re.compile(r"\([^()]*\)[.]?")
_DATELINE = re.compile(r"\([^()]{1,40}\)\s*(?:[-–—:]\s*)?")
_DAY_ALONE = re.compile(r"(?:.{1,40}, ?)?ngay \d{1,2}(?: thang |[/.-])\d{1,2}(?: nam |[/.-])\d{4}\.?")
# What these name is who wrote, where it was taken from, or to whom it is written.
_LABEL = re.compile(
    r"(?:(?:bai|tin|anh|video|do hoa|tac gia|nguon|thuc hien|bien tap|nguoi viet|theo)(?:(?:,| va| -| &) ?)? ?)+:"
    r"|kinh gui\b"
)
_ASKING = re.compile(
    r"(?:pv|phong vien|btv|bien tap vien|hoi|ban tin|mc)[^:?]{0,30}:|thua (?:ong|ba|anh|chi|co|dong chi)\b"
)


def summary(text: str) -> str:
    """Return the first sentences of the HTML that say something, as plain text, cut after a word at 200 characters.

    If none does, the first paragraph with words serves, unless it is one that only leads to or stands beside others.
    """
    otherwise = ""
    for html, words in paragraphs(text):
        said = _said(html, words)
        if said and not _is_title(html, said):
            return clip(said, SUMMARY_LENGTH)
        otherwise = otherwise or said
    return clip(otherwise, SUMMARY_LENGTH)


def _said(html: str, words: str) -> str:
    """Return what a paragraph says by itself; empty for bylines, captions, questions and lines that lead to a list."""
    words = words[dateline.end() :] if (dateline := _DATELINE.match(words)) else words
    if not words or (len(words) < _LONG_LABELLED and _is_beside_the_text(html, words)):
        return ""
    bare = words.rstrip(CLOSING)
    if bare.endswith("?") and (_ASKING.match(fold(words[:_LONG_LABELLED])) or _EMPHASISED.fullmatch(html.strip())):
        return ""
    if "?" not in words and not bare.endswith(":"):
        return words
    sentences = sentences_of(words)
    kept = list(dropwhile(_leads_on, reversed([*dropwhile(_leads_on, sentences)])))
    return "".join(reversed(kept)).rstrip()


def _is_beside_the_text(html: str, words: str) -> bool:
    """Tell whether a short paragraph is a caption, or names writers, sources, a day or those it is written to."""
    folded = fold(words)
    if _HAS_PICTURE in html and _EMPHASISED.fullmatch(html.strip()):
        return True
    return bool(_BRACKETED.fullmatch(words) or _DAY_ALONE.fullmatch(folded) or _LABEL.match(folded))


def _leads_on(sentence: str) -> bool:
    return sentence.rstrip(f"{CLOSING} ").endswith((":", "?"))


def _is_title(html: str, words: str) -> bool:
    """Tell whether a paragraph is a heading or a name in all but form: emphasised, in capitals or short, and open."""
    if words.rstrip(CLOSING).endswith(tuple(ENDS)):
        return False
    return bool(_EMPHASISED.fullmatch(html.strip())) or words.isupper() or len(words.split()) < _FEW_WORDS
