"""Questions to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from bulletin.commands.console import is_terminal, put
from bulletin.problems import Language, Refused, problem_at, refuse, say, sentence

Meant = TypeVar("Meant")


def can_ask() -> bool:
    """Tell whether somebody can be asked: not if input or output is a file or a pipe."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


_YES, _NO = {"c", "có", "co", "y", "yes"}, {"k", "không", "khong", "n", "no"}


class Dialog:
    """Parses the words that were given, and asks for missing ones; `is_open` is False if nobody is to be asked."""

    def __init__(self, language: Language, *, is_open: bool) -> None:
        self._language = language
        self._is_open = is_open

    def ask(
        self, code: str, text: str | None, understand: Callable[[str], Meant], otherwise: str, **words: str
    ) -> Meant:
        """Parse and return the text; without a text the answer to the question, or without either `otherwise`.

        Raise Refused for a text that cannot be parsed, and KeyboardInterrupt if the input ends. A question is repeated
        until its answer can be parsed.
        """
        if text is not None or not self._is_open:
            return understand(otherwise if text is None else text)
        while True:
            try:
                answer = input(f"{say(code, self._language, **words)}: ").strip()
            except EOFError:
                raise KeyboardInterrupt from None
            try:
                return understand(answer or otherwise)
            except Refused as refused:
                put(sentence(problem_at(refused, "", 0), self._language), sys.stderr)

    def agrees(self, code: str, **words: str) -> bool:
        """Ask a question until the answer is yes or no; no answer means no."""

        def understood(text: str) -> bool:
            word = text.casefold()
            if word not in _YES | _NO:
                refuse("prompt-answer", found=text)
            return word in _YES

        return self.ask(code, None, understood, "k", **words)
