"""The text of an item for a rich editor: cut into blocks, read from HTML, written as Markdown. Pure."""

from bulletin.desk.text import pasted
from bulletin.desk.text.blocks import Edit, apply, split

__all__ = ["Edit", "apply", "pasted", "split"]
