"""The index of words (さくいん): one row for each text and each party it is about. No text lies here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tsunagi.shared.rows import Open, Rule, either, of_office, of_party

from .rules import TextKind


class Passage(models.Model):
    """That a text with these words exists, and under which keys it lies (`rules.Key`). Numbers, no foreign keys.

    It is written and taken out in the transaction of the text itself. A text about several parties has a row for
    each, one about nobody yet has one without a party. Words and keys stand in one index, so that what somebody may
    not find costs nothing and shows nothing.
    """

    kind = models.CharField("種類", max_length=12, choices=TextKind.choices())
    source_id = models.BigIntegerField("番号")
    party = models.BigIntegerField("だれのこと", null=True)
    office = models.BigIntegerField("機関", null=True)
    at = models.DateTimeField("いつ")
    keys = ArrayField(models.TextField(), verbose_name="開く鍵")
    words = SearchVectorField("ことば")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "source_id", "party"],
                name="passage_once",
                nulls_distinct=False,
                violation_error_message="この記録は、すでにさくいんにあります。",
            )
        ]
        indexes: ClassVar = [
            GinIndex(fields=["words", "keys"], name="passage_words"),
            models.Index(fields=["-at", "-id"], name="passage_newest"),
            models.Index(fields=["party"], name="passage_of_party"),
        ]

    def __str__(self) -> str:
        return f"さくいん #{self.pk}"


class Due(models.Model):
    """さくいん待ち: a text was written, corrected or moved, and its words are to be read anew.

    Written by triggers of the tables that hold texts (`search_changed`), so that no deed, import or repair forgets.
    Several rows of one text are one work. What is taken away or moves to somebody else leaves the index at once.
    """

    kind = models.CharField("種類", max_length=12, choices=TextKind.choices())
    source_id = models.BigIntegerField("番号")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"さくいん待ち #{self.pk}"


GRANTS = {
    "search_passage": ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "search_due": ["SELECT", "INSERT", "UPDATE", "DELETE"],
}

ROWS: dict[str, Rule] = {
    "search_passage": either(of_office("office"), of_party("party")),
    "search_due": Open("kinds and numbers of texts that wait to be read; no words"),
}
