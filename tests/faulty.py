"""Builds of which a system call that writes goes wrong. test_faults.py starts this under strace, which makes it so.

strace has the BASE-th call of a name go wrong in every process. So that it is the n-th of a build, a process of its own
makes BASE - n idle ones before it. Questions and answers go through sockets: `sendto` is not among those calls.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode

from tests.sites import run

BASE = 400
_NO_FILE = 9_999
CALLS: Mapping[str, Callable[[], object]] = {
    "write": lambda: os.write(-1, b""),
    "pwrite64": lambda: os.pwrite(-1, b"", 0),
    "ftruncate": lambda: os.ftruncate(-1, 0),
    "fsync": lambda: os.fsync(_NO_FILE),
    "fdatasync": lambda: os.fdatasync(_NO_FILE),
    "rename": lambda: os.rename("", ""),  # noqa: PTH104 - the call itself, as below
    "link": lambda: os.link("", ""),
    "unlink": lambda: os.unlink(""),  # noqa: PTH108
    "unlinkat": lambda: os.unlink("", dir_fd=0),
    "mkdir": lambda: os.mkdir(""),  # noqa: PTH102
    "rmdir": lambda: os.rmdir(""),  # noqa: PTH106
    "utimensat": lambda: os.utime(""),
}
"""The names of all calls by which a build changes the disk, each with one that does nothing and fails.

A file that is only made (`openat`) holds nothing before it is written to.
"""
_LONGEST = 1 << 20
_USUAL = {errno.EBADF, errno.ENOENT}


class Question(Struct, frozen=True):
    """The name and the number, from 1, of the call that is to go wrong, and the words of the build."""

    call: str
    step: int
    words: tuple[str, ...]


class Faulty(Struct, frozen=True):
    """What became of a build: `is_over` if it made fewer calls than were asked for; no code if it was killed."""

    is_over: bool
    code: int | None
    err: str


def main(root: Path, descriptor: int) -> None:
    """Answer questions until the other side closes."""
    asked = socket.socket(fileno=descriptor)
    # All is loaded before the first process of its own.
    run(root)
    while question := asked.recv(_LONGEST):
        asked.send(encode(_answer(root, decode(question, type=Question))))


def _answer(root: Path, question: Question) -> Faulty:
    mine, its = socket.socketpair(type=socket.SOCK_SEQPACKET)
    child = os.fork()
    if not child:
        _build(root, question, its)
        os._exit(0)
    its.close()
    _, status = os.waitpid(child, 0)
    built, is_over = mine.recv(_LONGEST), mine.recv(_LONGEST)
    mine.close()
    if os.WIFSIGNALED(status):
        # After the build it was only looked whether there was something left to go wrong.
        return Faulty(is_over=bool(built), code=None, err="")
    code, err = decode(built)
    return Faulty(is_over=decode(is_over), code=code, err=err)


def _build(root: Path, question: Question, answers: socket.socket) -> None:
    _idle(question.call, BASE - question.step)
    try:
        ran = run(root, *question.words)
        code, err = ran.code, ran.err
    except BaseException as fault:  # noqa: BLE001 - whatever it is, it is told
        code, err = -1, f"Traceback: {fault!r}"
    answers.send(encode((code, err)))
    # The fault has been if no call after the build meets it, or, where it stays, if the first one does.
    after = _idle(question.call, question.step)
    answers.send(encode(after[0] in _USUAL and not set(after) <= _USUAL))


def _idle(call: str, count: int) -> Sequence[int | None]:
    """Make calls that do nothing; return what they said."""
    said = []
    for _ in range(count):
        try:
            CALLS[call]()
        except OSError as fault:
            said.append(fault.errno)
    return said


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
