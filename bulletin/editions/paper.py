"""The paper of a notice."""

from __future__ import annotations

from typing import Literal

Paper = Literal["A4", "A3"]
PAPERS: tuple[Paper, ...] = ("A4", "A3")
