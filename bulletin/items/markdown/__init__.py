"""Markdown -> safe HTML. `fast_path` converts the plainest texts, Python-Markdown all others; `limits` bounds both.

`pieces` cuts a text into its top blocks, for those who edit one of them.
"""

from bulletin.items.markdown.convert import close_links, contents, convert, minutes, plain
from bulletin.items.markdown.pieces import Piece, lines_of, pieces, read_apart
from bulletin.items.markdown.sentences import sentences
from bulletin.items.markdown.summaries import summary
from bulletin.items.markdown.work import Work

__all__ = [
    "Piece",
    "Work",
    "close_links",
    "contents",
    "convert",
    "lines_of",
    "minutes",
    "pieces",
    "plain",
    "read_apart",
    "sentences",
    "summary",
]
