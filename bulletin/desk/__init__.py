"""The desk: writing items in a browser, without Markdown; what it writes are the files of content/."""

from bulletin.desk.desk import Desk
from bulletin.desk.handlers import routes
from bulletin.desk.pictures import land
from bulletin.desk.team import Team, Users, name_of

__all__ = ["Desk", "Team", "Users", "land", "name_of", "routes"]
