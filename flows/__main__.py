"""``python -m flows`` is the command ``shenbao``, for where scripts are not on the path (``py -m flows`` on Windows)."""

import os
import sys

if not sys.flags.safe_path and sys.path[0] == os.getcwd() != os.path.dirname(os.path.dirname(__file__)):
    del sys.path[0]  # what lies in the folder we are started in is not of ours, whatever its name

from flows.command.cli import main

if __name__ == "__main__":
    main()
