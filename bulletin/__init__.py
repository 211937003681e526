"""Bản tin: checked Markdown news items in, a bulletin site out."""

__version__ = "0.1.0"
