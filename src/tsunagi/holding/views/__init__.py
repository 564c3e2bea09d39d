"""Screens of holding."""
