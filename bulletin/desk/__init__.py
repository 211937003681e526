"""The desk: writing items in a browser, without Markdown; what it writes are the files of content/."""

from bulletin.desk import review_page
from bulletin.desk.approvals import Approvals
from bulletin.desk.desk import Desk
from bulletin.desk.handlers import routes
from bulletin.desk.pictures import land
from bulletin.desk.publication import unsaved
from bulletin.desk.storage.changes import somebody_here
from bulletin.desk.team import Did, Log, Team, Users, name_of

__all__ = [
    "Approvals",
    "Desk",
    "Did",
    "Log",
    "Team",
    "Users",
    "land",
    "name_of",
    "review_page",
    "routes",
    "somebody_here",
    "unsaved",
]
