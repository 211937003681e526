"""Bold and italic words, where Python-Markdown itself would lose some beside a sign that has no partner.

It pairs the signs of a text at once, hands out one pair at each call, and shifts the pairs left by where it is called.
But it may be called at a sign without a partner before the next pair, or for the words behind a nested pair; and it may
take two signs for a pair where only one stands.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import Delimiter, DelimiterProcessor

Handled = tuple[Element | None, int | None, int | None]


class _NoPair(Exception):  # noqa: N818 - not an error
    """Raised for a pair of which the text does not hold all signs."""


class Emphasis(DelimiterProcessor):
    """Shifts the pairs by how much longer the text has become; other texts are left to another processor."""

    def __init__(self, md: Markdown) -> None:
        super().__init__("*", "strong,em", md)
        self.add("_", "strong,em", smart=True)
        self._text = ""
        self._inner: Emphasis | None = None

    def handleMatch(self, m: re.Match[str], data: str) -> Handled:  # type: ignore[override]  # noqa: N802
        if not self.regions:
            self._text = data
        elif not self._goes_on(data):
            self._inner = self._inner or Emphasis(self.md)
            return self._inner.handleMatch(m, data)
        try:
            return super().handleMatch(m, data)
        except _NoPair:
            self.reset()
            return None, m.start(0), m.end(0)

    def add_region(self, delim: Delimiter, a: int, b: int, c: int, d: int, size: int) -> None:  # noqa: PLR0913, PLR0917
        if not self._text[a:b] == self._text[c:d] == delim.token * size:
            raise _NoPair
        super().add_region(delim, a, b, c, d, size)

    def _goes_on(self, data: str) -> bool:
        """Say whether this is the text whose pairs were found, the first of them already replaced."""
        before, behind = self._text[: self.regions[0][0]], self._text[self.regions[self.cache_index][0] :]
        return data.startswith(before) and data.endswith(behind)

    def get_cached_result(self, pos: int, data: str) -> tuple[Element, int, int]:
        del pos
        self.cache_pos = self.regions[self.cache_index][0]
        return super().get_cached_result(self.cache_pos + len(data) - len(self._text), data)
