"""The job worker's process: runs jobs and periodic jobs (one of them takes up what a killed worker left)."""

from __future__ import annotations

import os

import django


def main() -> int:
    """Run until SIGTERM or SIGINT; a job under way is given time to finish."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagi.config.settings")
    os.environ["TSUNAGI_REACH"] = "whole"
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    worker_app = app.with_connector(connector.get_worker_connector())
    worker_app.run_worker(
        install_signal_handlers=True,
        concurrency=1,
        delete_jobs="successful",
        shutdown_graceful_timeout=20,
    )
    return 0
