"""The terminal, the file or the pipe that a command writes to; any of them may be missing, and a pipe's reader go."""

from __future__ import annotations

import os
from typing import TextIO


def put(text: str, stream: TextIO | None) -> None:
    """Print a text at once. A reader such as `head` that has seen enough is told nothing more, and is no fault."""
    if stream is None:
        return
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        # What is left in the stream's buffer must have somewhere to go: Python would complain of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether somebody reads, or types, at the other end."""
    return stream is not None and stream.isatty()
