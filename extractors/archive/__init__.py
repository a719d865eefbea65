"""Archives and folders → the files of applications, none of their contents trusted."""
