"""The command ``whence``. ``whence run`` takes a short way that loads next to nothing."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command that ``sys.argv`` names; the exit code for the shell.

    ``whence run SCRIPT`` is launched here, before the command line's libraries are loaded: what
    it costs comes on top of the user's own program. A notebook goes the way of other commands.
    """
    if sys.argv[1:2] == ["run"] and len(sys.argv) > 2 and sys.argv[2] not in ("-h", "--help"):
        from whence.capture.launch.command import launch

        code = launch(sys.argv[2:])
        if code is not None:
            return code
    from whence.cli.app import main as cli_main

    return cli_main() or 0


if __name__ == "__main__":
    sys.exit(main())
