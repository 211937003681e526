"""What a reader found of a text -> an item to be confirmed: its title apart, bold lines as headings, proposals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.intake import values
from bulletin.intake.proposals import IN_TITLE, proposed
from bulletin.intake.shaping import Shape, plain, shaped, together
from bulletin.intake.values import Document, Found, Given, Passage, Proposal, Wishes, quoted
from bulletin.problems import Problem, problem, refuse
from bulletin.richtext import lines_of, written, written_apart
from bulletin.richtext.document import Block, Blocks, Listing, Paragraph, Quotation, Table
from bulletin.settings import LineBreaks

MOST_LETTERS = 260_000
"""Letters of a text: an item holds no more, and a book takes minutes to be read."""
MOST_LINES = 15_000
"""Lines of a text, and cells of its tables: each takes a fifth of a millisecond, however few letters it has."""


class Text(Struct, frozen=True, kw_only=True):
    """A text as its reader found it: its blocks, the footnotes that these refer to by name, its pictures."""

    blocks: Blocks
    title: str = ""
    """What the file itself calls it, outside of its text; empty if it does not say."""
    notes: Mapping[str, Blocks] = field(default_factory=dict)
    pictures: tuple[values.Picture, ...] = ()
    problems: tuple[Problem, ...] = ()


def composed(given: Given, text: Text, wishes: Wishes) -> Found:
    """Return the item that a text makes, with what was changed for it among the problems; raise Refused for a book."""
    _check_lines(text.blocks)
    check_length(sum(len(plain(line)) for block in text.blocks for line in lines_of(block)))
    shape = shaped(text.blocks, text.title)
    problems = (*text.problems, *_said(given.name, shape))
    deals, tables = _deals(shape.blocks, wishes)
    body, passages = _body(shape.blocks, tables, text.notes, wishes)
    title = shape.title
    proposals = [Proposal(field="title", value=title, sentence=title, place="")] if title else []
    proposals += _together_with(deals, proposed(title, passages, wishes))
    document = Document(body=body, pictures=text.pictures, proposals=tuple(proposals))
    return Found(documents=(document,), problems=problems)


def _said(name: str, shape: Shape) -> Iterator[Problem]:
    """Yield what was changed in a text, or left out."""
    if shape.headings:
        found = quoted(shape.headings)
        yield problem(name, 1, "intake-headings-made", "warning", count=str(len(shape.headings)), found=found)
    if shape.lists:
        yield problem(name, 1, "intake-lists-made", "warning", count=str(shape.lists))
    if shape.paper:
        yield problem(name, 1, "intake-letterhead", "warning", found=quoted(shape.paper))
    if shape.lost_links:
        count, found = str(len(shape.lost_links)), quoted(shape.lost_links)
        yield problem(name, 1, "intake-links-elsewhere", "warning", count=count, found=found)


def check_length(letters: int) -> None:
    """Raise Refused for a text with more letters than an item may have."""
    if letters > MOST_LETTERS:
        refuse("intake-too-long", count=str(letters // 1000), limit=str(MOST_LETTERS // 1000))


def _check_lines(blocks: Blocks) -> None:
    """Raise Refused for more lines and cells than can be read in a moment."""
    count = sum(_line_count(block) for block in blocks)
    if count > MOST_LINES:
        refuse("intake-too-many-lines", count=str(count), limit=str(MOST_LINES))


def _line_count(block: Block) -> int:
    if isinstance(block, Table):
        return sum(map(len, block.rows))
    inner = block.items if isinstance(block, Listing) else (block.blocks,) if isinstance(block, Quotation) else ()
    return 1 + sum(_line_count(one) for blocks in inner for one in blocks)


# Deals


def _deals(blocks: Blocks, wishes: Wishes) -> tuple[tuple[Proposal, ...], Blocks]:
    """Return what the first table of deals proposes, and this table; nothing if there is none."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if tables:
        from bulletin.intake.told_tables import deals_in  # noqa: PLC0415 - few texts need the reader of spreadsheets

        for table in tables:
            if deals := deals_in(table, wishes):
                return deals, (table,)
    return (), ()


def _together_with(deals: Sequence[Proposal], others: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals of a table of deals with those of the text around it.

    The text may name the day of the news, and its title the provinces that the news is about, if they are in the table.
    """
    if not deals:
        return list(others)
    days = [one for one in others if one.field == "date"]
    titled = [one for one in others if one.field == "province" and one.place == IN_TITLE]
    narrowed = (_narrowed(one, titled) if one.field == "province" else one for one in deals)
    return [*(one for one in narrowed if one.field != "date" or not days), *days]


def _narrowed(listed: Proposal, titled: Sequence[Proposal]) -> Proposal:
    """Return the provinces of a table, or those of them that the title names, if it names any."""
    named = [one for one in titled if isinstance(listed.value, tuple) and one.value in listed.value]
    if not named:
        return listed
    value = named[0].value if len(named) == 1 else tuple(str(one.value) for one in named)
    return replace(listed, value=value, sentence=named[0].sentence, place=IN_TITLE)


# The body


def _body(
    blocks: Blocks, tables: Blocks, notes: Mapping[str, Blocks], wishes: Wishes
) -> tuple[str, tuple[Passage, ...]]:
    """Return the Markdown of a text, and what stands in it, passage by passage, but for tables that were read."""
    line_breaks = wishes.rules.line_breaks
    defined = [f"[^{name}]: {_note(note, line_breaks)}" for name, note in notes.items()]
    definitions = "\n\n".join(defined)
    passages: list[Passage] = []
    body = ""
    for block, text in zip(blocks, written_apart(blocks, line_breaks, definitions), strict=True):
        first = body.count("\n") + len(text) - len(text.lstrip("\n")) + 1
        if block not in tables:
            passages += (Passage(text=plain(line), line=first) for line in lines_of(block))
        body += text
    return "\n\n".join(part for part in (body, definitions) if part) + "\n", tuple(passages)


def _note(note: Blocks, line_breaks: LineBreaks) -> str:
    """Return a footnote on one line: further paragraphs of it stand behind a line end."""
    words = together([line for block in note for line in lines_of(block)])
    return written([Paragraph(words)], line_breaks).replace("\n", "\n    ")
