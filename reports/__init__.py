"""Records and findings → the files an office works from: docx, xlsx, html, jsonl."""
