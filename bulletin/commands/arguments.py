"""The command line's words -> Options, or a refusal that says which word is wrong; and the help that lists them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, NoReturn

from msgspec import Struct

from bulletin.problems import Language, refuse, say
from bulletin.vietnamese import nearest

COMMANDS = (
    "build",
    "init",
    "serve",
    "import",
    "new",
    "check",
    "status",
    "review",
    "publish",
    "edition",
    "rollback",
    "user",
)

_ALL = frozenset(COMMANDS)
_BUILDING = frozenset({"build", "check"})
_BUILD = frozenset({"build"})
_SERVE = frozenset({"serve"})
PORT, MAX_PORT = 5500, 65535
_SCHEDULER = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
_NEW = frozenset({"new"})
_IMPORT = frozenset({"import"})
_INIT = frozenset({"init"})
_USER = frozenset({"user"})
_PUBLISH = frozenset({"publish"})
_REVIEW = frozenset({"review"})
_EDITION = frozenset({"edition"})
USER_ACTIONS = ("add", "remove", "list", "password")
_POSITIONAL = {
    "new": (("title", "?"),),
    "init": (("root", "?"),),
    "import": (("files", "*"),),
    "user": (("action", "?"), ("name", "?")),
    "review": (("name", "?"),),
    "publish": (("name", "?"),),
    "edition": (("period", "?"),),
}
"""The words that stand without a flag, and how many there may be; that of `init` is the new site's folder."""
_USAGE = {
    "new": 'new "Tiêu đề" --province "Thái Nguyên"',
    "init": 'init "bản tin"',
    "user": "user add|remove|list|password [lan]",
    "import": 'import "Ký kết.docx"',
    "review": "review [intranet]",
    "publish": "publish [intranet]",
    "edition": "edition 2016-12|2016-W51|2016-12-01..2016-12-15",
}


class Option(Struct, frozen=True, kw_only=True):
    """An option: what stands for its value in the help (nothing for a switch), and the commands that take it."""

    flag: str
    value: str = ""
    commands: frozenset[str] = _BUILDING


OPTIONS = (
    Option(flag="--root", value="DIR", commands=_ALL - _INIT),
    Option(
        flag="--output",
        value="DIR",
        commands=_ALL - _SERVE - _NEW - _IMPORT - _INIT - _USER - _PUBLISH - _REVIEW - _EDITION,
    ),
    Option(flag="--base-url", value="URL", commands=_BUILDING | _EDITION | {"status"}),
    Option(flag="--title", value='"Tiêu đề"', commands=_IMPORT),
    Option(flag="--province", value='"Thái Nguyên"', commands=_NEW | _IMPORT | _EDITION),
    Option(flag="--to", value="DIR", commands=_EDITION),
    Option(flag="--sheet", value="A4|A3", commands=_EDITION),
    Option(flag="--send", commands=_EDITION),
    Option(flag="--test", value="ADDRESS", commands=_EDITION),
    Option(flag="--again", commands=_EDITION),
    Option(flag="--date", value="25/12/2016", commands=_NEW | _IMPORT),
    Option(flag="--value", value='"2.000 tỷ đồng"', commands=_NEW | _IMPORT),
    Option(flag="--as", value="deals|items", commands=_IMPORT),
    Option(flag="--accept-changes", commands=_IMPORT),
    Option(flag="--ready", commands=_NEW),
    Option(flag="--role", value="write|publish", commands=_USER),
    Option(flag="--no-password", commands=_USER),
    Option(flag="--yes", commands=_PUBLISH | _EDITION),
    Option(flag="--approved", value="CODE", commands=_PUBLISH),
    Option(flag="--due", commands=_PUBLISH),
    Option(flag="--allow-removals", commands=_PUBLISH),
    Option(flag="--undo", commands=_PUBLISH),
    Option(flag="--html", value="FILE", commands=_REVIEW),
    Option(flag="--list", commands=frozenset({"rollback"})),
    Option(flag="--drafts"),
    Option(flag="--as-of", value="2016-12-31T08:00", commands=_ALL - _USER - {"rollback"}),
    Option(flag="--jobs", value="N", commands=_BUILDING | _SERVE | _PUBLISH | _REVIEW),
    Option(flag="--cluster", value="tcp://IP:8786"),
    Option(flag="--fresh", commands=_BUILD | _PUBLISH),
    Option(flag="--strict", commands=_BUILDING | _PUBLISH),
    Option(flag="--leaks", commands=frozenset({"check"})),
    Option(flag="--keep-going", commands=_BUILD | _PUBLISH),
    Option(flag="--explain", commands=_BUILD),
    Option(flag="--verify", commands=_BUILD),
    Option(flag="--port", value="N", commands=_SERVE),
    Option(flag="--host", value="IP", commands=_SERVE),
    Option(flag="--no-open", commands=_SERVE),
    Option(flag="--format", value="text|json", commands=_ALL - _NEW),
    Option(flag="--quiet", commands=_ALL - _NEW),
    Option(flag="--lang", value="vi|en", commands=_ALL),
    Option(flag="--help", commands=_ALL),
)
_SWITCHES = (
    "drafts",
    "strict",
    "leaks",
    "keep_going",
    "fresh",
    "explain",
    "verify",
    "list",
    "ready",
    "no_password",
    "accept_changes",
    "no_open",
    "yes",
    "allow_removals",
    "due",
    "undo",
    "send",
    "again",
    "quiet",
    "help",
)
_TEXTS = ("base_url", "as_of", "title", "province", "date", "value", "host", "approved", "period", "test")


class Options(Struct, frozen=True, kw_only=True):
    """What was asked for; None or False where it was not said."""

    command: str
    root: Path | None
    output: Path | None
    base_url: str | None
    as_of: str | None
    title: str | None
    province: str | None
    date: str | None
    value: str | None
    drafts: bool
    strict: bool
    leaks: bool
    keep_going: bool
    fresh: bool
    explain: bool
    verify: bool
    list: bool
    ready: bool
    no_password: bool
    action: Literal["add", "remove", "list", "password", ""]
    """What `user` is to do."""
    name: str
    """The user's, or the target's; empty if none was given."""
    role: Literal["write", "publish"] | None
    accept_changes: bool
    rows_as: Literal["deals", "items"] | None
    files: tuple[Path, ...]
    """The files to be imported."""
    jobs: int
    """0 for all cores."""
    cluster: str | None
    """The address of a Dask scheduler."""
    port: int
    host: str | None
    no_open: bool
    yes: bool
    allow_removals: bool
    due: bool
    undo: bool
    to: Path | None
    """The folder for the files of an edition."""
    sheet: Literal["A4", "A3"]
    period: str | None
    send: bool
    test: str | None
    """The mailbox that an edition is sent to as a test."""
    again: bool
    html: Path | None
    """The file that a review is written to."""
    approved: str | None
    """The code of the review that was approved."""
    format: Literal["text", "json"]
    quiet: bool
    help: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse("usage-unclear", found=message)


def parse(words: Sequence[str]) -> Options:
    """Return the options; without a command `build` is meant. Raise Refused for words that are not understood."""
    command, rest = _command(words)
    rest = ["--help" if word == "-h" else word for word in rest]
    parser = _Parser(add_help=False, allow_abbrev=False, exit_on_error=False)
    known = [option for option in OPTIONS if command in option.commands]
    for option in known:
        parser.add_argument(option.flag, action="store" if option.value else "store_true")
    for name, number in _POSITIONAL.get(command, ()):
        parser.add_argument(name, nargs=number)
    try:
        found, extra = parser.parse_known_args(rest)
    except argparse.ArgumentError as fault:
        refuse("usage-value", found=str(fault.argument_name))
    _refuse_extra(command, extra, known)
    if not found.help:
        _refuse_missing(command, found)
    return _options(command, vars(found))


def _refuse_extra(command: str, extra: Sequence[str], known: Sequence[Option]) -> None:
    """Raise Refused if words are left over."""
    if not extra:
        return
    if extra[0].startswith("-"):
        near = nearest(extra[0].partition("=")[0], [option.flag for option in known], n=1)
        refuse("usage-unknown-option", found=extra[0], near="".join(near), command=command)
    if command in {"new", "init"}:
        # People forget to quote a title or a folder that has blanks.
        refuse("usage-quotes" if command == "new" else "init-quotes", found=" ".join(extra))
    refuse("usage-extra-word", found=extra[0], command=command)


def _refuse_missing(command: str, found: argparse.Namespace) -> None:
    """Raise Refused if a word is missing that the command cannot do without."""
    if command == "init" and not found.root:
        refuse("init-without-folder")
    if command == "import" and not found.files:
        refuse("import-without-files")
    if command == "user" and found.action not in USER_ACTIONS:
        refuse("user-action", found=found.action or "", known=", ".join(USER_ACTIONS))


def root(words: Sequence[str]) -> Path | None:
    """Return the site that the words name, also where the rest of them is wrong."""
    named = _value("--root", words)
    return Path(named) if named else None


def language(words: Sequence[str]) -> Language | None:
    """Return the language that the words ask for, also where the rest of them is wrong."""
    asked = _value("--lang", words)
    return asked if asked in {"vi", "en"} else None  # type: ignore[return-value]


def _value(flag: str, words: Sequence[str]) -> str | None:
    """Return the last value given to an option, `--root x` or `--root=x`."""
    values = [
        following if word == flag else word.partition("=")[2]
        for word, following in zip(words, (*words[1:], ""), strict=False)
        if word.partition("=")[0] == flag
    ]
    return values[-1] if values else None


def parse_moment(text: str, key: str, zone: timezone) -> datetime:
    """Return an ISO 8601 moment in the site's time zone; a day alone is its midnight."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        refuse("usage-moment", key=key, found=text)


def parse_epoch(text: str, zone: timezone) -> datetime:
    """Return the moment that SOURCE_DATE_EPOCH names, in the site's time zone."""
    try:
        return datetime.fromtimestamp(int(text), zone)
    except (ValueError, OverflowError, OSError):
        refuse("usage-epoch", found=text)


def help_text(command: str, language: Language) -> str:
    """Return what `--help` prints."""
    rows = {f"{option.flag} {option.value}".strip(): option for option in OPTIONS if command in option.commands}
    width = max(map(len, rows))
    options = [f"  {name:<{width}}  {say(f'option{option.flag[1:]}', language)}" for name, option in rows.items()]
    commands = [f"  {name:<{width}}  {say(f'command-{name}', language)}" for name in COMMANDS]
    usage = say("help-usage", language, command=_USAGE.get(command, command))
    return "\n".join(
        [usage, "", say("help-commands", language), *commands, "", say("help-options", language), *options]
    )


def _command(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the command and all other words; it is the first word that is neither an option nor an option's value."""
    valued = {option.flag for option in OPTIONS if option.value}
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        at += 2 if words[at] in valued else 1
    if at >= len(words) or words[at] == "--":
        return "build", words
    if words[at] not in COMMANDS:
        refuse(
            "usage-unknown-command",
            found=words[at],
            near="".join(nearest(words[at], COMMANDS, n=1)),
            known=", ".join(COMMANDS),
        )
    return words[at], [*words[:at], *words[at + 1 :]]


def _jobs(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        refuse("usage-jobs", found=text)
    return int(text)


def _cluster(text: str | None) -> str | None:
    if text is not None and not _SCHEDULER.fullmatch(text):
        refuse("usage-cluster", found=text)
    return text


def _port(text: str | None) -> int:
    if text is None:
        return PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MAX_PORT:
        refuse("usage-port", found=text)
    return int(text)


def _folder(flag: str, text: str | None) -> Path | None:
    """Return the folder that an option names; refuse an empty name, which would mean the current folder."""
    if text is not None and not text.strip():
        refuse("usage-value", found=flag)
    return None if text is None else Path(text)


_CHOICES = {
    "format": ("text", "json"),
    "lang": ("vi", "en"),
    "as": ("deals", "items"),
    "sheet": ("A4", "A3"),
    "role": ("write", "publish"),
}


def _options(command: str, found: Mapping[str, Any]) -> Options:
    for key, choices in _CHOICES.items():
        if found.get(key) is not None and found[key] not in choices:
            refuse("usage-choice", key=f"--{key}", found=found[key], known=", ".join(choices))
    texts: dict[str, Any] = {text: found.get(text) for text in _TEXTS}
    return Options(
        command=command,
        root=_folder("--root", found["root"]),
        output=_folder("--output", found.get("output")),
        html=_folder("--html", found.get("html")),
        jobs=_jobs(found.get("jobs")),
        cluster=_cluster(found.get("cluster")),
        port=_port(found.get("port")),
        format=found.get("format") or "text",
        action=found.get("action") or "",
        name=found.get("name") or "",
        role=found.get("role"),
        rows_as=found.get("as"),
        to=_folder("--to", found.get("to")),
        sheet=found.get("sheet") or "A4",
        files=tuple(map(Path, found.get("files", ()))),
        **texts,
        **{switch: found.get(switch, False) for switch in _SWITCHES},
    )
