"""Questions to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from bulletin.commands.console import is_terminal, put
from bulletin.problems import Language, Refused, problem_at, say, sentence

Meant = TypeVar("Meant")


def can_ask() -> bool:
    """Tell whether somebody can be asked: not if input or output is a file or a pipe."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


class Dialog:
    """Parses the words that were given, and asks for missing ones; `is_open` is False if nobody is to be asked."""

    def __init__(self, language: Language, *, is_open: bool) -> None:
        self._language = language
        self._is_open = is_open

    def ask(self, code: str, text: str | None, understand: Callable[[str], Meant], otherwise: str) -> Meant:
        """Parse and return the text; without a text the answer to the question, or without either `otherwise`.

        Raise Refused for a text that cannot be parsed, and KeyboardInterrupt if the input ends. A question is repeated
        until its answer can be parsed.
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
                put(sentence(problem_at(refused, "", 0), self._language), sys.stderr)
