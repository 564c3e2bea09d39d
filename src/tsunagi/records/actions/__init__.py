"""The deeds of this module; nothing else writes its tables."""
