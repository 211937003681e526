"""The text of an item as blocks that an editor can hold: cut into them, read from HTML, written as Markdown. Pure."""

from bulletin.richtext import pasted
from bulletin.richtext.blocks import Edit, apply, split

__all__ = ["Edit", "apply", "pasted", "split"]
