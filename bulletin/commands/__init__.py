"""The commands, one file for each; the words they are asked with, and the words they answer with."""

from bulletin.commands import arguments
from bulletin.commands.arguments import Options
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import put
from bulletin.commands.report import answer_of

__all__ = ["Answer", "Call", "Options", "answer_of", "arguments", "put"]
