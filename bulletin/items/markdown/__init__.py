"""Markdown -> safe HTML. `fast_path` converts the plainest texts, Python-Markdown all others; `limits` bounds both."""

from bulletin.items.markdown.convert import close_links, contents, convert, plain, summary

__all__ = ["close_links", "contents", "convert", "plain", "summary"]
