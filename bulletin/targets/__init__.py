"""Where readers are: what stands at a target, what would stand there, and the step from the one to the other."""

from bulletin.targets.due import prepare_due
from bulletin.targets.place import Put
from bulletin.targets.publication import Prepared, check_removals, history, prepare, put, standing, undo
from bulletin.targets.release import Release
from bulletin.targets.target import Target, target_of

__all__ = [
    "Prepared",
    "Put",
    "Release",
    "Target",
    "check_removals",
    "history",
    "prepare",
    "prepare_due",
    "put",
    "standing",
    "target_of",
    "undo",
]
