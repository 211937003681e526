"""The values that the desk and its pages send each other, as JSON; the scripts in static/ use the same names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timezone

from msgspec import Struct, field

from bulletin.desk import merging
from bulletin.desk.fates import Fate
from bulletin.desk.form import Chosen, CopyName, ShownProblem, Typed, Unfit, Value, spoken
from bulletin.desk.pictures import Landed
from bulletin.desk.storage import Version
from bulletin.intake.values import Cell, Proposed
from bulletin.problems import Language, say
from bulletin.review import differences
from bulletin.vietnamese import provinces


class ShownBlock(Struct, frozen=True, kw_only=True):
    """A block of a text as the editor gets it: as HTML if it knows it, else as it is written."""

    html: str | None
    source: str


class OpenForm(Struct, frozen=True, kw_only=True):
    """A form as it is opened; what the page needs to know besides what stands in its fields."""

    path: str
    copy: str
    after: str
    """The state of the working copy that the form goes on with; empty if there is none."""
    digest: str
    base: str
    title: str
    values: dict[str, Value] | None
    body: str
    blocks: list[ShownBlock]
    stand: str
    problems: list[ShownProblem]
    says: dict[str, str | list[str]]
    says_of_desk: list[ShownProblem]
    """What keeps the desk from keeping anything, or this working copy from being read."""
    returns_to: str
    """What discarding the working copy returns to, in words."""
    saved: str
    """Who has saved what stands in the bulletin, and when, in words; empty if nothing stands there."""
    page: str
    day: str
    folder: str
    """Where pictures beside the item stand, below the site's root, ending in `/`."""
    places: list[Chosen]
    pictures: list[str]
    versions: str
    has_copy: bool
    whose: OtherCopy | None
    """The working copy of somebody else that the form begins with; it stays as it is."""
    others: list[OtherCopy]
    seat: str
    """The name of this open page, so that others are told of it."""
    incoming: ShownIncoming | None = None


class OtherCopy(Struct, frozen=True, kw_only=True):
    """Another working copy of the same item: when it was kept last, and whether a window shows it now.

    `who` is empty for a copy of one's own.
    """

    key: str
    who: str
    when: str
    is_open: bool


class ShownProposal(Struct, frozen=True, kw_only=True):
    """What a file says for a field: the value that the field may get, in words, and the sentence that says it."""

    value: Proposed
    words: str
    sentence: str


class ShownIncoming(Struct, frozen=True, kw_only=True):
    """What stands beside a form that was filled from a file: proposals by field, and what is to be said.

    `asked` are the fields for which the file says several things: people choose.
    """

    name: str
    fields: dict[str, list[ShownProposal]]
    asked: list[str]
    problems: list[ShownProblem]


class NewItem(Struct, frozen=True, kw_only=True):
    """An item that was read of a file: its title, and the address of its form."""

    title: str
    address: str


class Brought(Struct, frozen=True, kw_only=True):
    """What became of a file: its items, none if it has an error; each cell of a spreadsheet as it was read."""

    items: list[NewItem] = field(default_factory=list)
    problems: list[ShownProblem] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    total: str = ""
    """The sum of the amounts in the cells."""
    waiting: int = 0
    """How many items would be made of a spreadsheet, once somebody has looked at its cells and confirmed them."""


class Linkable(Struct, frozen=True, kw_only=True):
    """An item that a link may lead to, or that links to another: `link` is its address from the item that links."""

    title: str
    link: str
    address: str


class Difference(Struct, frozen=True, kw_only=True):
    """A part in which two versions differ, both in readers' words."""

    name: str
    mine: str
    theirs: str


class ShownConflict(Struct, frozen=True, kw_only=True):
    """What stands in content/ instead of what was opened; `digest` is that of the file that stands there, or empty."""

    who: str
    digest: str
    parts: list[Difference]


class Answer(Struct, frozen=True, kw_only=True):
    """How things stand after something was typed or saved."""

    stand: str
    """`saved`, `kept`, `conflict` or `error`; `new` for a new item in which nothing stands."""
    is_lost: bool = False
    """The server could not even keep what was typed: the browser has to."""
    copy: str = ""
    after: str = ""
    digest: str = ""
    address: str = ""
    fields: dict[str, Value] = field(default_factory=dict)
    """Fields that the desk itself has changed."""
    problems: list[ShownProblem] = field(default_factory=list)
    says: dict[str, str | list[str]] = field(default_factory=dict)
    page: str = ""
    conflict: ShownConflict | None = None
    linked: list[Linkable] = field(default_factory=list)
    fate: Fate | None = None
    returns_to: str = ""
    """What discarding what is typed from now on returns to; empty if that has not changed."""
    saved: str = ""
    """Who has saved what stands in the bulletin now, and when; empty if that has not changed."""


class Named(Struct, frozen=True, kw_only=True):
    """A place to filter the list by."""

    id: str
    name: str


class Turned(Struct, frozen=True, kw_only=True):
    """A text for the other way of writing: its body as Markdown, its blocks, its fields."""

    base: str
    body: str
    values: dict[str, Value] | None
    blocks: list[ShownBlock]


class Added(Struct, frozen=True, kw_only=True):
    """A file that waits for its item to be saved, or why it does not."""

    landed: Landed | None = None
    problem: str = ""


class Merged(Typed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form with the choice, for each part that differs, of «mine» or «theirs»; `against` is the file's digest."""

    against: str
    chosen: list[merging.Side]


class Pasted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a clipboard holds."""

    html: str = ""
    text: str = ""


class Cleaned(Struct, frozen=True, kw_only=True):
    """What was pasted as the editor may take it, None for text alone; and what is to be said of it."""

    html: str | None
    says: str = ""


class Removal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wish to delete an item; `unlink`: links of others to it are to be taken out first, their words stay."""

    path: str
    digest: str
    unlink: bool = False


class Left(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A working copy that is given up."""

    copy: CopyName


class Present(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An open page: which item, as it was opened, which working copy, and the name of the page itself."""

    path: str
    copy: str
    seat: str
    digest: str = ""
    is_draft: bool = False
    leaves: bool = False


class Others(Struct, frozen=True, kw_only=True):
    """Who else has the item open, whether one's own other window does, and what has befallen its file."""

    others: list[str]
    is_own: bool = False
    fate: Fate | None = None


class Returned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version that is to be brought back."""

    path: str
    version: str


class Published(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wish to publish, to approve, or to take the last publication back; `code` is that of what was looked at."""

    target: str = ""
    code: str = ""
    allow_removals: bool = False
    """More pages may go than usual: somebody was asked."""


class ReviewedProblem(ShownProblem, frozen=True, kw_only=True):
    """An error that keeps an item as it was published last."""

    path: str
    address: str


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of publishing; `is_done`: readers have what was to be published."""

    lines: list[str]
    problems: list[ReviewedProblem]
    can_undo: bool
    is_done: bool
    is_told: str = ""
    """The code of what is told, where the page does more than show it."""


class EditionWanted(Struct, frozen=True, kw_only=True):
    """An edition that was looked at and is to be written."""

    token: str


class EditionFile(Struct, frozen=True, kw_only=True):
    """A form of an edition: the name of its file, and what it is."""

    name: str
    title: str


class ShownEdition(Struct, frozen=True, kw_only=True):
    """An edition to be looked at: what it holds in a sentence, its forms (none if it is empty), what to look at again.

    `token` names it for as long as the server keeps it; `folder` is where it is written.
    """

    token: str
    title: str
    summary: str
    folder: str
    files: list[EditionFile]
    problems: list[ReviewedProblem]


class Change(Struct, frozen=True, kw_only=True):
    """What a version changed in one field, or in one paragraph: words that were kept, removed, added."""

    name: str
    parts: list[differences.Part]


class Deleted(Struct, frozen=True, kw_only=True):
    """An item that is gone: its title, the path of its file, and the address of its saved versions."""

    title: str
    path: str
    versions: str


class ShownVersion(Struct, frozen=True, kw_only=True):
    """A saved version of an item: who saved it and when, what it changed, and whether it is what stands now."""

    name: str
    when: str
    who: str
    stands: bool
    changes: list[Change]


def shown_version(
    version: Version, found: differences.Difference, zone: timezone, language: Language, *, stands: bool
) -> ShownVersion:
    """Return a version as its page shows it, with what differs from the one before it."""
    changes = [
        Change(
            name=spoken(differences.name_of(one.key, language)),
            parts=[
                *(differences.Part(kind="removed", text=f"{line} ") for line in one.before),
                *(differences.Part(kind="added", text=f"{line} ") for line in one.after),
            ],
        )
        for one in found.fields
    ]
    changes += [
        Change(name=spoken(say("field-body", language)), parts=list(block.parts))
        for block in found.blocks
        if block.kind != "kept"
    ]
    return ShownVersion(
        name=version.name,
        when=f"{datetime.fromtimestamp(version.at, zone):%H:%M:%S %d/%m/%Y}",
        who=version.by.name if version.by else say("desk-another-program", language),
        stands=stands,
        changes=changes,
    )


def conflict_parts(found: merging.Merge, language: Language) -> list[Difference]:
    """Return what people have to choose from: the fields, then the runs of paragraphs, that both have changed."""
    fields = [
        Difference(
            name=spoken(differences.name_of(one.key, language)), mine="\n".join(one.mine), theirs="\n".join(one.theirs)
        )
        for one in found.fields
        if one.verdict == "both"
    ]
    blocks = [
        Difference(name=spoken(say("field-body", language)), mine="".join(one.mine), theirs="".join(one.theirs))
        for one in found.blocks
        if one.verdict == "both"
    ]
    return [*fields, *blocks]


def choices(
    found: merging.Merge, chosen: list[merging.Side]
) -> tuple[dict[str, merging.Side], dict[int, merging.Side]]:
    """Return what was chosen from `conflict_parts`, in its order, by key and by number of paragraphs."""
    keys = [one.key for one in found.fields if one.verdict == "both"]
    numbers = [number for number, one in enumerate(found.blocks) if one.verdict == "both"]
    if len(chosen) != len(keys) + len(numbers):
        raise Unfit
    return dict(zip(keys, chosen, strict=False)), dict(zip(numbers, chosen[len(keys) :], strict=True))


def places(used: Collection[str], nationwide_name: str) -> list[Named]:
    """Return the places of these ids in the order of their names, that of the whole country last."""
    nationwide = provinces.NATIONWIDE
    named = [Named(id=one, name=provinces.names(one)[0]) for one in provinces.ids() if one in used]
    return [*named, Named(id=nationwide.id, name=nationwide_name)] if nationwide.id in used else named
