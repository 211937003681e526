"""Vietnamese typing as keyboards send it to a browser: replayed through Chromium's own input, key by key.

UniKey and EVKey (Telex) send the letters that are typed, and whenever a mark changes letters that stand there already
they send Backspaces and the new letters as characters (virtual key 231). Other keyboards, those of macOS, Linux and
phones, compose: a text under construction is replaced as a whole until it is committed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

TEXT = "đường Nguyễn Huệ, Thừa Thiên Huế"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_BACKSPACE, _PACKET = 8, 231


def stages(word: str) -> Iterator[str]:
    """Yield what stands there after each key of a word: letters get their shape at once, the tone comes at the end."""
    shaped = unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", word) if c not in _TONES))
    typed = ""
    for letter in shaped:
        plain = {"đ": "d", "Đ": "D"}.get(letter) or unicodedata.normalize("NFD", letter)[0]
        yield typed + plain
        typed += letter
        if plain != letter:
            yield typed
    if shaped != word:
        yield word


class Keyboard:
    """Types into the focused element of a page, in one of both ways; `pause` are the milliseconds between keys."""

    def __init__(self, page: Page, way: str, pause: int) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._way = way
        self._pause = pause

    def type(self, text: str) -> None:
        for number, word in enumerate(text.split(" ")):
            if number:
                self._key(32, " ", " ")
            (self._replace if self._way == "replacing" else self._compose)(word)

    def _replace(self, word: str) -> None:
        there = ""
        for stage in stages(word):
            same = 0
            while same < min(len(there), len(stage)) and there[same] == stage[same]:
                same += 1
            for _ in there[same:]:
                self._key(_BACKSPACE, "Backspace")
            for letter in stage[same:]:
                is_typed = len(stage) > len(there) and letter.isascii()
                self._key(ord(letter.upper()) if is_typed else _PACKET, letter, letter)
            there = stage
            self._page.wait_for_timeout(self._pause) if self._pause else None

    def _compose(self, word: str) -> None:
        for stage in stages(word):
            self._send("imeSetComposition", text=stage, selectionStart=len(stage), selectionEnd=len(stage))
            self._page.wait_for_timeout(self._pause) if self._pause else None
        self._send("insertText", text=word)

    def _key(self, code: int, key: str, text: str = "") -> None:
        given = {"windowsVirtualKeyCode": code, "key": key} | ({"text": text, "unmodifiedText": text} if text else {})
        self._send("dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **given)
        self._send("dispatchKeyEvent", type="keyUp", windowsVirtualKeyCode=code, key=key)

    def _send(self, what: str, **values: object) -> None:
        self._session.send(f"Input.{what}", values)
