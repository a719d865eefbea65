"""``python -m flows`` is the command ``shenbao``, for where scripts are not on the path (``py -m flows`` on Windows)."""

from flows.cli import main

if __name__ == "__main__":
    main()
