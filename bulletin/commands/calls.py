"""A command's input and output: the call, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.build import Request, cores
from bulletin.commands.arguments import Options
from bulletin.problems import Language, Problem, refuse
from bulletin.publishing import Publisher, check_destination
from bulletin.settings import Settings, base_url


class Call(Struct, frozen=True, kw_only=True):
    """A command as it was asked for: its options, the site, the time there, and the language of the answer."""

    options: Options
    root: Path
    settings: Settings
    now: datetime
    language: Language


class Answer(Struct, frozen=True, kw_only=True):
    """What a command did: `data` for programs, `lines` for people, problems for both."""

    data: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_told: bool = False
    """Whether people have been shown the problems already, because they were asked something."""
    is_due: bool = False
    """Whether a build is due, which schedulers learn from an exit code of its own."""
    is_unreachable: bool = False
    """Whether another machine that is needed cannot be reached, or does not do its part; this has a code of its own."""


def output_of(call: Call) -> Path:
    """Return the folder to publish into; raise Refused if it holds other things."""
    output = call.options.output or call.root / "output"
    check_destination(output, call.root)
    return output


def _is_target(call: Call, folder: Path) -> bool:
    """Tell whether the settings name a folder as a place where readers are."""
    return any((call.root / one.to).resolve() == folder.resolve() for one in call.settings.targets)


def _are_readers_at(call: Call, output: Path) -> bool:
    """Tell whether readers look into a folder: that of a target, or output/ if the settings name no target."""
    return _is_target(call, output) or not (call.settings.targets or call.options.output)


def request_of(call: Call) -> Request:
    """Return what to build; raise Refused for options that make no sense."""
    options, site_settings = call.options, call.settings
    if options.base_url is not None:
        site_settings = replace(site_settings, base_url=base_url(options.base_url))
    output = output_of(call)
    if options.drafts and (_is_target(call, output) or Publisher.beside(output).manifest.read()):
        refuse("drafts-at-target", found=str(output))
    if options.command == "build" and site_settings.approval and _are_readers_at(call, output):
        refuse("approval-goes-around", found=str(output))
    return Request(
        root=call.root,
        output=output,
        now=call.now,
        settings=site_settings,
        drafts=options.drafts,
        strict=options.strict,
        keep_going=options.keep_going,
        publish=options.command == "build",
        fresh=options.fresh,
        jobs=options.jobs or cores(),
    )
