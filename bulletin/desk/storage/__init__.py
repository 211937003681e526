"""What the desk keeps on the disk: working copies, versions, and items saved over nothing but what was opened."""

from bulletin.desk.storage.changes import Actor
from bulletin.desk.storage.disk import write_new, write_over
from bulletin.desk.storage.places import item_file
from bulletin.desk.storage.store import DESK, Conflict, Opened, Saved, Store
from bulletin.desk.storage.versions import Version
from bulletin.desk.storage.working_copies import Elsewhere, WorkingCopy

__all__ = [
    "DESK",
    "Actor",
    "Conflict",
    "Elsewhere",
    "Opened",
    "Saved",
    "Store",
    "Version",
    "WorkingCopy",
    "item_file",
    "write_new",
    "write_over",
]
