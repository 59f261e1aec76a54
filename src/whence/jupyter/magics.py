"""``%whence``: questions to the record, asked and answered in a notebook.

    %whence trace model
    %whence why raw.csv model
    %whence columns

An answer is shown with a drawing, by front ends that show images, and as the text that the command
line gives. What the user got wrong is one sentence.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from whence._base.errors import NotKnownError, UsageError, WhenceError
from whence.capture import session as sessions
from whence.capture.guard import guarded
from whence.jupyter.words import QUESTIONS, options, parsed, usage

NAME = "whence"


class Shown:
    """What a front end is given to show: a text, and its drawing as SVG if there is one."""

    def __init__(self, text: str, drawing: str = "") -> None:
        self.text, self.drawing = text, drawing

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        found = {"text/plain": self.text}
        return found | {"image/svg+xml": self.drawing} if self.drawing else found


class Magic:
    """``%whence`` of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __call__(self, line: str) -> None:
        """Ask the record; %whence alone says what can be asked."""
        from IPython.core.error import UsageError as ShellUsageError
        from IPython.display import display

        try:
            shown = self._answer(line)
        except UsageError as error:
            raise ShellUsageError(str(error)) from None
        except (WhenceError, OSError) as error:
            print(f"whence: {error}", file=sys.stderr)
        else:
            display(shown)  # type: ignore[no-untyped-call]  # IPython has no types here

    def _answer(self, line: str) -> Shown:
        words = parsed(line)
        if not words.question:
            return Shown(usage())
        from whence.jupyter.asking import answer
        from whence.jupyter.naming import Names

        session = sessions.active()
        names = Names(self._shell.user_ns, session)
        try:
            told = answer(words, names, session)
        except NotKnownError as error:
            raise _explained(words, names, error) from None
        if told.picture is None or words.text or not told.picture.boxes:
            return Shown(told.text)
        from whence.jupyter.drawing import draw

        title = " ".join([words.question, *words.things])
        return Shown(told.text, draw(told.picture._replace(title=title)))

    def complete(self, shell: Any, event: Any) -> list[str]:
        """What may come next on the line: questions, then variables and files."""
        del shell
        words = event.text_until_cursor.split()
        if event.text_until_cursor[-1:].isspace():
            words.append("")
        if len(words) < 3:
            return list(QUESTIONS)
        if words[1] not in QUESTIONS:
            return []
        if words[-1].startswith("-"):
            return options(words[1])
        from whence.jupyter.naming import Names

        return [*Names(self._shell.user_ns, sessions.active()).names(), *_files(words[-1])]


def register(shell: Any) -> None:
    """Give the shell ``%whence``."""
    with guarded("observer-failed", "the magics"):
        magic = Magic(shell)
        shell.register_magic_function(magic, "line", NAME)
        shell.set_hook("complete_command", magic.complete, str_key=f"%{NAME}")


def _explained(words: Any, names: Any, error: NotKnownError) -> NotKnownError:
    for word in getattr(words, "things", ()):
        told: NotKnownError = names.explain(word, error)
        if told is not error:
            return told
    return error


def _files(start: str) -> list[str]:
    """The files and folders whose path begins so."""
    folder = os.path.dirname(start)
    try:
        found = sorted(os.listdir(folder or "."))
    except OSError:
        return []
    return [os.path.join(folder, name) for name in found if not name.startswith(".")]
