"""Bytes from values: typst papers (PDF) and Excel sheets. Knows no module of the work."""
