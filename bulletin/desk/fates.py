"""What has befallen the file of an open item since it was opened: told in words, so that nobody writes on unaware."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from bulletin.desk import form, listing
from bulletin.desk.storage import Opened
from bulletin.files import reason
from bulletin.problems import BuildFailed, Language, Problem, Refused, problem

Kind = Literal["changed", "draft", "broken", "moved", "gone", "folder", "unreadable"]
BLOCKING = ("folder", "unreadable")
"""What keeps an item from being saved until somebody has put it right."""
Found: TypeAlias = Opened | Refused | BuildFailed | OSError
"""A file as it was opened just now, or why it could not be."""


class Fate(Struct, frozen=True, kw_only=True):
    """What has befallen a file; `path` and `address` are those that its item has now, if it was renamed."""

    kind: Kind
    problem: form.ShownProblem
    path: str = ""
    address: str = ""


def fate_of(  # noqa: PLR0913, PLR0917 - a file as it was, and as it is
    found: Found, path: str, digest: str, digests: Mapping[str, str], who: str, language: Language, *, was_draft: bool
) -> Fate | None:
    """Return what has befallen the file that was opened with this digest; None if nothing has.

    `digests` are those of all sources, by path; `who` has changed or deleted the file; `was_draft`: the item was one
    when it was opened.
    """
    if isinstance(found, Opened) and found.digest == digest:
        return None
    renamed = next((other for other, one in digests.items() if one == digest and other != path), "")
    kind = _kind(found, renamed, was_draft=was_draft)
    (shown,) = form.shown_on_list([_problem(kind, path, found, renamed, who)], language)
    if kind == "moved":
        return Fate(kind=kind, problem=shown, path=renamed, address=listing.address_of(renamed))
    return Fate(kind=kind, problem=shown)


def _kind(found: Found, renamed: str, *, was_draft: bool) -> Kind:
    if isinstance(found, Opened):
        now = form.values(found.text)
        if now is None:
            return "broken"
        return "draft" if now.get("draft") and not was_draft else "changed"
    if isinstance(found, Refused):
        if found.code != "desk-item-gone":
            return "folder"
        return "moved" if renamed else "gone"
    return "broken" if isinstance(found, BuildFailed) else "unreadable"


def _problem(kind: Kind, path: str, found: Found, renamed: str, who: str) -> Problem:
    if isinstance(found, OSError):
        return problem(path, 1, "desk-fate-unreadable", found=path, reason=reason(found))
    told = {
        "changed": problem(path, 1, "desk-fate-changed", "warning", who=who),
        "draft": problem(path, 1, "desk-fate-draft", "warning", who=who),
        "broken": problem(path, 1, "desk-fate-broken"),
        "moved": problem(path, 1, "desk-fate-moved", "warning", found=renamed),
        "gone": problem(path, 1, "desk-fate-gone", who=who),
        "folder": problem(path, 1, "desk-fate-folder", found=path),
    }
    return told[kind]
