"""The sentences of a text, one after the other, as readers see them: so two texts are compared."""

from __future__ import annotations

import re

from bulletin.items.markdown.convert import lines_shown

_LONG_ABBREVIATION = 10
ENDS = ".!?…"
CLOSING = "\"'”’»)]*"
_SENTENCE_END = re.compile(rf"[{re.escape(ENDS)}][{re.escape(CLOSING)}]* +(?=[^a-zà-ỹđ ])")
# «TP. Hồ Chí Minh», «PGS. TS. An», «Q. 1»: no sentence ends there.
_ABBREVIATED = re.compile(r"(?:^|[ (])(?:[A-ZĐ]+|Tp|Ths|ThS|Gs|Ts)\.$")


def sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of each block of the HTML; an entry of a list, a row of a table and a picture are blocks."""
    return tuple(tuple(sentence.strip() for sentence in sentences_of(line)) for line in lines_shown(text))


def sentences_of(words: str) -> list[str]:
    """Return the words cut behind each sentence; joined they are the words again."""
    ends = [end.end() for end in _SENTENCE_END.finditer(words) if not _is_abbreviation(words, end.start() + 1)]
    return [words[start:end] for start, end in zip([0, *ends], [*ends, len(words)], strict=True)]


def _is_abbreviation(words: str, end: int) -> bool:
    return bool(_ABBREVIATED.search(words[max(0, end - _LONG_ABBREVIATION) : end]))
