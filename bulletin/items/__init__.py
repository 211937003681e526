"""The bytes of a Markdown file -> an article, or every problem in it. Pure: no disk, no clock."""

from bulletin.items.article import compile_source
from bulletin.items.decoding import decode
from bulletin.items.header_writer import header
from bulletin.items.markdown import close_links, contents, plain
from bulletin.items.visibility import read_visibility, with_visibility, written_visibility

__all__ = [
    "close_links",
    "compile_source",
    "contents",
    "decode",
    "header",
    "plain",
    "read_visibility",
    "with_visibility",
    "written_visibility",
]
