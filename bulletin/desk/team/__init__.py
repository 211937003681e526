"""Who is at the desk: users and their roles, signing in, names that a proxy tells, and the log of what they did."""

from bulletin.desk.team.gate import COOKIE, SIGN_IN, Person
from bulletin.desk.team.log import Did, Log, shown_entry
from bulletin.desk.team.team import Team
from bulletin.desk.team.users import ROLES, Role, User, Users, name_of

__all__ = [
    "COOKIE",
    "ROLES",
    "SIGN_IN",
    "Did",
    "Log",
    "Person",
    "Role",
    "Team",
    "User",
    "Users",
    "name_of",
    "shown_entry",
]
