"""管理: offices, workers, calendars; the journal for auditors; the permission table for everybody."""
