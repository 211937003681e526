"""The bytes of a Markdown file -> an article, or every problem in it. Pure: no disk, no clock."""

from bulletin.items import visibility
from bulletin.items.article import KEYS, compile_source
from bulletin.items.decoding import decode
from bulletin.items.fields import MAX_LISTED
from bulletin.items.header_editor import ROW_KEYS, ItemText, edit_header, read_item
from bulletin.items.header_writer import header
from bulletin.items.new_path import new_path

__all__ = [
    "KEYS",
    "MAX_LISTED",
    "ROW_KEYS",
    "ItemText",
    "compile_source",
    "decode",
    "edit_header",
    "header",
    "new_path",
    "read_item",
    "visibility",
]
