"""`user`: who may be at the desk: adds, removes and lists users, and changes their passwords.

The log of the desk tells of it, with the name of the system's account.
"""

from __future__ import annotations

import sys
from getpass import getpass

from bulletin.commands.calls import Answer, Call
from bulletin.desk import Did, Log, Users, name_of, somebody_here
from bulletin.files import unwritable
from bulletin.problems import refuse, say


def run(call: Call) -> Answer:
    """Do what the command's first word says; raise Refused for a name, a password or a word that cannot be."""
    options, users = call.options, Users(call.root)
    if options.action == "list":
        return _list(users, call)
    name = name_of(options.name or refuse("user-without-name", action=options.action or ""))
    if options.action == "add":
        if users.get(name):
            refuse("user-exists", found=name)
        user = users.add(name, options.role or "write", None if options.no_password else _password(call))
        return _done("user-added", "user-added", user.name, call)
    if options.action == "remove":
        return _done("user-removed", "user-removed", users.remove(name).name, call)
    users.needed(name)
    changed = users.change_password(name, _password(call))
    return _done("user-password-changed", "password-changed", changed.name, call)


def _list(users: Users, call: Call) -> Answer:
    known = users.all()
    lines = [
        say("user-listed", call.language, name=user.name, role=say(f"role-{user.role}", call.language))
        + ("" if user.password else say("user-by-proxy", call.language))
        for user in known
    ]
    data = [{"name": user.name, "role": user.role, "password": user.password is not None} for user in known]
    return Answer(data={"users": data}, lines=tuple(lines or [say("user-none", call.language)]))


def _done(code: str, what: Did, name: str, call: Call) -> Answer:
    """Note in the log what was done, and answer it; that the disk takes no entry is said, since it is done by then."""
    faults: list[OSError] = []
    Log(call.root, call.settings.zone, faults.append).did(somebody_here(), what, of=name)
    problems = tuple(unwritable(fault, call.root) for fault in faults)
    return Answer(data={"name": name}, lines=(say(code, call.language, name=name),), problems=problems)


def _password(call: Call) -> str:
    """Return the password that is typed twice without being seen; where nobody sits, the first line that is piped."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass(f"{say('user-type-password', call.language)} ")
    if typed != getpass(f"{say('user-type-again', call.language)} "):
        refuse("password-differs")
    return typed
