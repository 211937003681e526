"""The desk: writing items in a browser, without Markdown; what it writes are the files of content/."""

from bulletin.desk.desk import Desk
from bulletin.desk.handlers import routes
from bulletin.desk.pictures import land

__all__ = ["Desk", "land", "routes"]
