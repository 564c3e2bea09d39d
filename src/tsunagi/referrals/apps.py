"""The referrals module as Django knows it."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "tsunagi.referrals"
    label = "referrals"
