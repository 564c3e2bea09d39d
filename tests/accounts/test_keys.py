"""Passkeys and security keys: what a browser's answer must be."""

from __future__ import annotations

from tsunagi.accounts.actions.second_factor import Site

SITE = Site("localhost", "http://localhost")
