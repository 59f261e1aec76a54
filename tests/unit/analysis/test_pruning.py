"""Code without what never ran. The lines that ran are those marked with a star."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from whence.analysis.pruning import prune

PROGRAMS = {
    "an if whose other branch was not taken is its own branch": (
        """
        if a():      #*
            x = 1    #*
        else:
            x = 2
        """,
        "a()\nx = 1",
    ),
    "an if that was not taken is its test": (
        """
        if a():      #*
            x = 1
        y = 2        #*
        """,
        "a()\ny = 2",
    ),
    "an if without else may have been passed by, too": (
        """
        if a():      #*
            x = 1    #*
        """,
        "if a():\n    x = 1",
    ),
    "of an elif chain the branch that was taken stays": (
        """
        if a():      #*
            x = 1
        elif b():    #*
            x = 2    #*
        else:
            x = 3
        """,
        "a()\nb()\nx = 2",
    ),
    "what stands after a return that was always taken is gone": (
        """
        def f(a):        #*
            if a:        #*
                return 1 #*
            b = 2
            return b
        """,
        "def f(a):\n    if a:\n        return 1",
    ),
    "a function that was not called does nothing": (
        """
        def f():     #*
            return 1
        """,
        "def f():\n    pass",
    ),
    "an exception that was not raised is not handled": (
        """
        try:         #*
            x = 1    #*
        except ValueError:
            x = 2
        """,
        "x = 1",
    ),
    "an exception that was handled keeps both ways": (
        """
        try:                #*
            x = 1           #*
            y = 2
        except ValueError:  #*
            x = 3           #*
        """,
        "try:\n    x = 1\nexcept ValueError:\n    x = 3",
    ),
    "a finally stays": (
        """
        try:         #*
            x = 1    #*
        finally:
            x = 2    #*
        """,
        "try:\n    x = 1\nfinally:\n    x = 2",
    ),
    "a loop that ran no turn has no body": (
        """
        for n in a():  #*
            x = n
        else:
            y = 1      #*
        """,
        "for n in a():\n    pass\nelse:\n    y = 1",
    ),
    "of a match the cases that were met stay": (
        """
        match a():   #*
            case 1:  #*
                x = 1
            case _:
                x = 2 #*
        """,
        "match a():\n    case _:\n        x = 2",
    ),
    "what shares a line with what ran stays": (
        """
        if a(): x = 1  #*
        """,
        "if a():\n    x = 1",
    ),
    "a call over several lines ran when one of them did": (
        """
        x = f(
            1,       #*
        )
        """,
        "x = f(1)",
    ),
    "names stay declared": (
        """
        def f():       #*
            g()        #*
            global x
        """,
        "def f():\n    g()\n    global x",
    ),
}


@pytest.mark.parametrize("title", PROGRAMS)
def test_only_what_ran_is_left(title: str) -> None:
    text, left = PROGRAMS[title]
    text = dedent(text)
    ran = {number for number, line in enumerate(text.split("\n"), 1) if line.endswith("#*")}
    assert ast.unparse(prune(ast.parse(text), ran)) == left
