"""The rim: settings, the inbox, the disk, the clock, Prefect and the command line."""
