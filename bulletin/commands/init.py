"""`init`: the folder of a new site, with one item, all settings and what git must not keep."""

from __future__ import annotations

import os
import shlex
from datetime import date
from pathlib import Path

from bulletin.build import has_items
from bulletin.characters import visible
from bulletin.commands.calls import Answer, Call
from bulletin.model import CONTENT
from bulletin.problems import refuse, say
from bulletin.settings import FILE

_TEXTS = Path(__file__).with_name("new_site")


def run(call: Call) -> Answer:
    """Write the files that the folder lacks; say which were made and which were left as they were."""
    root = call.root
    # Before anything is made: of half a new site nobody would know what is missing.
    if in_the_way := next(filter(_is_no_folder, (*reversed(root.parents), root, root / CONTENT)), None):
        refuse("init-not-a-folder", found=str(in_the_way))
    made: list[str] = []
    # A folder with items is a bulletin already: a second welcome would be published among its news.
    left = [CONTENT] if has_items(root) else []
    for path, text in _texts(call.now.date(), has_items=bool(left)).items():
        (made if _write(root / path, text) else left).append(path)
    lines = [say("init-made", call.language, found=str(root / path)) for path in made]
    lines += [say("init-left", call.language, found=str(root / path)) for path in left]
    lines.append(say("init-next", call.language, folder=_as_shell_word(str(root))))
    return Answer(data={"made": made, "left": left}, lines=tuple(lines))


def _as_shell_word(name: str) -> str:
    """Return a name as a shell takes it: in double quotes, which `cmd` understands too, unless that would change it."""
    if visible(name) != name:
        # The one kind of quotes in which a shell of Unix reads escapes.
        return "$'" + "".join(map(_as_escape, name)) + "'"
    return shlex.quote(name) if set(name) & set('"$`!\\') and os.name != "nt" else f'"{name}"'


def _as_escape(sign: str) -> str:
    if visible(sign) == sign and sign not in "\\'":
        return sign
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(sign))


def _is_no_folder(path: Path) -> bool:
    """Tell whether something is there that is no folder, be it a link that leads nowhere."""
    return os.path.lexists(path) and not path.is_dir()


def _texts(today: date, *, has_items: bool) -> dict[str, str]:
    """Return what stands in each file of a new site, by its path."""
    texts = {".gitignore": _text("gitignore"), FILE: _text("settings.toml")}
    if not has_items:
        day = today.isoformat()
        texts[f"{CONTENT}/{day[:4]}/{day}-chao-mung.md"] = _text("welcome.md").replace("{date}", day)
    return texts


def _text(name: str) -> str:
    return (_TEXTS / name).read_text(encoding="utf-8")


def _write(file: Path, text: str) -> bool:
    """Write a new file and its folders; return False, and change nothing, if there is something of this name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = file.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        return False
    try:
        with opened:
            opened.write(text)
    except OSError:
        # The next `init` would take half a file on a full disk for one that the owner wrote.
        file.unlink()
        raise
    return True
