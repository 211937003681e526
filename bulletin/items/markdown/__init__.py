"""Markdown -> safe HTML: the plainest texts by `fast_path`, all others by Python-Markdown, both within `limits`."""

from bulletin.items.markdown.convert import close_links, contents, convert, plain, summary

__all__ = ["close_links", "contents", "convert", "plain", "summary"]
