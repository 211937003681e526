"""A site's folder -> its output/: reads, compiles, plans, renders and publishes, and does only what is needed."""

from bulletin.build.content_folder import has_items
from bulletin.build.inputs import read_settings, template_folders
from bulletin.build.inspect import Inspection, inspect
from bulletin.build.pool import Tell, cores
from bulletin.build.requests import Report, Request
from bulletin.build.run import build, rollback
from bulletin.build.session import Session

__all__ = [
    "Inspection",
    "Report",
    "Request",
    "Session",
    "Tell",
    "build",
    "cores",
    "has_items",
    "inspect",
    "read_settings",
    "rollback",
    "template_folders",
]
