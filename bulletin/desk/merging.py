"""Two texts of an item that were made of one, beside each other, to choose from: by field and by paragraph. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bulletin.items import edit_header
from bulletin.problems import Problem
from bulletin.review import differences

Side = Literal["mine", "theirs"]
Verdict = Literal["kept", "mine", "theirs", "same", "both"]
"""Who changed something: nobody, one of the two, both to the same, both to something else."""
Key = TypeVar("Key", str, int)
Lines: TypeAlias = differences.Lines

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)[ \t]*\Z|\A\s*\Z")


class FieldChoice(Struct, frozen=True, kw_only=True):
    """A key that somebody has changed, with what it says on each side."""

    key: str
    verdict: Verdict
    base: Lines
    mine: Lines
    theirs: Lines


class BlockChoice(Struct, frozen=True, kw_only=True):
    """Some paragraphs as they are on each side, with every byte."""

    verdict: Verdict
    base: Lines
    mine: Lines
    theirs: Lines


class Merge(Struct, frozen=True, kw_only=True):
    """Two texts that were made of one: every field that somebody changed, and all paragraphs in their order.

    Where both changed something, people have to choose; everywhere else the verdict can.
    """

    path: str
    mine: str
    theirs: str
    fields: tuple[FieldChoice, ...]
    blocks: tuple[BlockChoice, ...]


def merge(path: str, base: str | None, mine: str, theirs: str) -> Merge:
    """Return what differs between two texts made of one; without the one, every difference is by «both»."""
    origin, ours, others = differences.taken_apart(path, theirs if base is None else base, mine, theirs)
    base_values, *values = map(differences.shown_values, (origin, ours, others))
    fields = _field_choices(base_values, *values, has_base=base is not None)
    blocks = _block_choices(*(differences.paragraphs(item.body) for item in (origin, ours, others)))
    if base is None:
        blocks = (replace(block, verdict="both", base=()) if block.verdict == "mine" else block for block in blocks)
    return Merge(path=path, mine=mine, theirs=theirs, fields=tuple(fields), blocks=tuple(blocks))


def _field_choices(
    base: Mapping[str, Lines], mine: Mapping[str, Lines], theirs: Mapping[str, Lines], *, has_base: bool
) -> Iterator[FieldChoice]:
    for key in dict.fromkeys((*differences.NAMED, *mine, *theirs, *base)):
        sides = tuple(side.get(key, ()) for side in (base, mine, theirs))
        verdict = _verdict(*sides)
        if verdict != "kept":
            one = FieldChoice(key=key, verdict=verdict, base=sides[0], mine=sides[1], theirs=sides[2])
            yield one if has_base else replace(one, verdict="both", base=())


def _verdict(base: Lines, mine: Lines, theirs: Lines) -> Verdict:
    if mine == theirs:
        return "kept" if mine == base else "same"
    if base in (mine, theirs):
        return "theirs" if mine == base else "mine"
    return "both"


def _block_choices(base: Lines, mine: Lines, theirs: Lines) -> Iterator[BlockChoice]:
    """Yield the paragraphs, cut where one is the same in all three texts."""
    in_mine, in_theirs = _matches(base, mine), _matches(base, theirs)
    left = (0, 0, 0)
    for index in (*(index for index in range(len(base)) if index in in_mine and index in in_theirs), len(base)):
        right = (index, in_mine.get(index, len(mine)), in_theirs.get(index, len(theirs)))
        sides = tuple(text[start:end] for text, start, end in zip((base, mine, theirs), left, right, strict=True))
        if any(sides):
            words = [tuple(filter(None, map(differences.words_of, side))) for side in sides]
            yield BlockChoice(verdict=_verdict(*words), base=sides[0], mine=sides[1], theirs=sides[2])
        if index < len(base):
            kept = (base[index],), (mine[right[1]],), (theirs[right[2]],)
            yield BlockChoice(verdict="kept", base=kept[0], mine=kept[1], theirs=kept[2])
        left = (right[0] + 1, right[1] + 1, right[2] + 1)


def _matches(base: Lines, other: Lines) -> dict[int, int]:
    """Return where each paragraph of the base stands in another text, for those that are the same there."""
    matcher = SequenceMatcher(
        None, list(map(differences.words_of, base)), list(map(differences.words_of, other)), autojunk=False
    )
    blocks = matcher.get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def merged(found: Merge, fields: Mapping[str, Side], blocks: Mapping[int, Side]) -> str | tuple[Problem, ...]:
    """Return the text that was chosen, or the problems with a field of mine.

    `fields` and `blocks` (by their number in the merge) hold the choices. What one side alone has changed need not be
    chosen; for what both have, KeyError is raised. What nobody has changed stays, byte for byte, as it is in `theirs`.
    """
    ours, others = differences.taken_apart(found.path, found.mine, found.theirs)
    changes = {
        choice.key: ours.values.get(choice.key)
        for choice in found.fields
        if _side(choice.verdict, fields, choice.key) == "mine"
    }
    chosen = (
        block.mine if _side(block.verdict, blocks, number) == "mine" else block.theirs
        for number, block in enumerate(found.blocks)
    )
    body = _joined(text for side in chosen for text in side)
    head = edit_header(found.path, found.theirs, changes) if others.head else found.theirs
    if not isinstance(head, str):
        return head
    return head.removesuffix(others.body) + body


def _side(verdict: Verdict, chosen: Mapping[Key, Side], key: Key) -> Side:
    if verdict == "both" or key in chosen:
        return chosen[key]
    return "mine" if verdict == "mine" else "theirs"


def _joined(parts: Iterable[str]) -> str:
    """Return paragraphs as one text; where the last of one side comes before others, a blank line is put between."""
    text = ""
    for part in parts:
        if text.strip() and not _BLANK_LINE.search(text):
            end = next(iter(_LINE_END.findall(text)), "\n")
            text += end if text.endswith(("\n", "\r")) else 2 * end
        text += part
    return text
