"""Questions to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from bulletin.problems import Language, Refused, located, say, sentence

Meant = TypeVar("Meant")


def is_possible() -> bool:
    """Tell whether somebody is there who can be asked: not where words come from a file or go into one."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Dialog:
    """Understands words that were given, and asks for the others; `is_open` is False where nobody is to be asked."""

    def __init__(self, language: Language, *, is_open: bool) -> None:
        self._language = language
        self._is_open = is_open

    def meant(self, code: str, text: str | None, understand: Callable[[str], Meant], otherwise: str) -> Meant:
        """Return what a text means, or an answer to the question, or `otherwise` where there is neither.

        Raise Refused for a text that is not understood, and KeyboardInterrupt if no more answers come. An answer that
        is not understood is asked for again.
        """
        if text is not None or not self._is_open:
            return understand(otherwise if text is None else text)
        while True:
            try:
                answer = input(f"{say(code, self._language)}: ").strip()
            except EOFError:
                raise KeyboardInterrupt from None
            try:
                return understand(answer or otherwise)
            except Refused as refused:
                print(sentence(located(refused, "", 0), self._language), file=sys.stderr)
