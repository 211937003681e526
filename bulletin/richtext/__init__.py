"""The text of an item as blocks that an editor can hold: cut into them, read from HTML, written as Markdown. Pure."""

from bulletin.richtext import markup, pasted, plain_text
from bulletin.richtext.blocks import Edit, apply, split
from bulletin.richtext.words import lines_of, tidy
from bulletin.richtext.writer import written, written_apart

__all__ = ["Edit", "apply", "lines_of", "markup", "pasted", "plain_text", "split", "tidy", "written", "written_apart"]
