"""The desk: writing items in a browser, without Markdown; what it writes are the files of content/."""

from bulletin.desk.desk import Desk
from bulletin.desk.handlers import routes
from bulletin.desk.pictures import land
from bulletin.desk.review_page import review_file, review_page
from bulletin.desk.storage.changes import somebody_here
from bulletin.desk.team import Did, Log, Team, Users, name_of

__all__ = [
    "Desk",
    "Did",
    "Log",
    "Team",
    "Users",
    "land",
    "name_of",
    "review_file",
    "review_page",
    "routes",
    "somebody_here",
]
