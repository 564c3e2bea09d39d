"""The desk's screens: 受付の一覧, the page of thirty seconds, one consultation, and what becomes of it."""
