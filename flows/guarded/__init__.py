"""Work that may crash, hang or swell, in processes of its own with limits: reading files and trying rules."""
