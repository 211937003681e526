"""Who is at the desk: users and their roles, signing in, names that a proxy tells, and the log of what they did."""

from bulletin.desk.team.gate import Gate, Person
from bulletin.desk.team.log import Entry, Log
from bulletin.desk.team.passwords import MIN_LENGTH
from bulletin.desk.team.sessions import Sessions
from bulletin.desk.team.throttle import Throttle
from bulletin.desk.team.users import ROLES, Role, User, Users, name_of

__all__ = [
    "MIN_LENGTH",
    "ROLES",
    "Entry",
    "Gate",
    "Log",
    "Person",
    "Role",
    "Sessions",
    "Throttle",
    "User",
    "Users",
    "name_of",
]
