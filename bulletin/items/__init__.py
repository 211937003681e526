"""The bytes of a Markdown file -> an article, or every problem in it. Pure: no disk, no clock."""

from bulletin.items import frontmatter
from bulletin.items.article import KEYS, compile_source
from bulletin.items.decoding import decode
from bulletin.items.file_names import file_words, numbered
from bulletin.items.header_editor import edit_header
from bulletin.items.header_writer import header
from bulletin.items.markdown import close_links, contents, plain

__all__ = [
    "KEYS",
    "close_links",
    "compile_source",
    "contents",
    "decode",
    "edit_header",
    "file_words",
    "frontmatter",
    "header",
    "numbered",
    "plain",
]
