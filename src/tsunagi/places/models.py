"""The city, its districts, towns and addresses; which office serves which district; published figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from .rules import Basis, DistrictKind, FigureItem


class City(models.Model):
    """The municipality this installation works for, and those it knows by name."""

    code = models.CharField("全国地方公共団体コード", max_length=6, unique=True)
    prefecture = models.CharField("都道府県", max_length=10)
    name = models.CharField("市区町村名", max_length=40)
    kana = models.CharField("カナ", max_length=60, blank=True)
    area_km2 = models.DecimalField("面積(km²)", max_digits=8, decimal_places=2, null=True, blank=True)
    is_ours = models.BooleanField("この市", default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_ours"],
                condition=Q(is_ours=True),
                name="city_one_is_ours",
                violation_error_message="この市は、1つだけ選べます。",
            ),
            models.CheckConstraint(
                name="city_code_is_six_digits",
                condition=Q(code__regex=r"^\d{6}$"),
                violation_error_message="全国地方公共団体コードは、検査数字を含む6桁です。",
            ),
        ]

    def __str__(self) -> str:
        return f"市区町村 #{self.pk}"


class SchoolDistrict(models.Model):
    """A school district (校区). The elementary one is the unit of きずな事業 and the community councils."""

    city = models.ForeignKey(City, models.PROTECT, related_name="districts")
    code = models.CharField("校区コード", max_length=20, unique=True)
    kind = models.CharField("種類", max_length=12, choices=DistrictKind.choices())
    name = models.CharField("校区名", max_length=40)
    kana = models.CharField("カナ", max_length=60, blank=True)
    school_name = models.CharField("学校名", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("並び", default=0)
    # The junior high most children go on to; further ones are Progression rows.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="feeders", verbose_name="主な進学先"
    )
    basis = models.CharField("区域の根拠", max_length=12, choices=Basis.choices(), default=Basis.PUBLISHED)
    is_active = models.BooleanField("いまある", default=True)

    class Meta:
        ordering: ClassVar = ["kind", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "kind", "name"],
                name="district_name_once",
                violation_error_message="同じ名前の校区が、すでにあります。",
            ),
            models.CheckConstraint(
                name="district_junior_high_has_no_parent",
                condition=Q(kind="elementary") | Q(parent__isnull=True),
                violation_error_message="中学校区には、進学先を入れられません。",
            ),
        ]

    def __str__(self) -> str:
        return f"校区 #{self.pk}"


class Progression(models.Model):
    """A further junior high that part of an elementary district goes on to (卒業時に分かれる)."""

    elementary = models.ForeignKey(SchoolDistrict, models.CASCADE, related_name="further")
    junior_high = models.ForeignKey(SchoolDistrict, models.CASCADE, related_name="+")
    part = models.CharField("どの部分", max_length=120, blank=True)
    basis = models.CharField("根拠", max_length=12, choices=Basis.choices(), default=Basis.PUBLISHED)

    class Meta:
        ordering: ClassVar = ["elementary_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["elementary", "junior_high"],
                name="progression_once",
                violation_error_message="この進学先は、すでに登録されています。",
            )
        ]

    def __str__(self) -> str:
        return f"進学先 #{self.pk}"


class Town(models.Model):
    """A town (町名). `has_exceptions`: part of it belongs elsewhere (一部除く), see DistrictRange."""

    city = models.ForeignKey(City, models.PROTECT, related_name="towns")
    name = models.CharField("町名", max_length=40)
    kana = models.CharField("カナ", max_length=60, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    has_chome = models.BooleanField("丁目がある", default=False)
    district = models.ForeignKey(
        SchoolDistrict,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="towns",
        verbose_name="おもな小学校区",
    )
    has_exceptions = models.BooleanField("一部除く", default=False)
    basis = models.CharField("校区の根拠", max_length=12, choices=Basis.choices(), default=Basis.PUBLISHED)
    note = models.CharField("覚え書き", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["kana", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "name"],
                name="town_once",
                violation_error_message="この町名は、すでにあります。",
            ),
            models.CheckConstraint(
                name="town_postal_code_is_seven_digits",
                condition=Q(postal_code="") | Q(postal_code__regex=r"^\d{7}$"),
                violation_error_message="郵便番号は7桁の数字で入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"町 #{self.pk}"


class DistrictRange(models.Model):
    """Part of a town that belongs to a district (丁目・番地・小字の範囲). Empty ends mean "all of it".

    Numbers are inclusive. The narrowest range that fits an address decides; without one, the town's district.
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="ranges")
    koaza = models.CharField("小字", max_length=40, blank=True)
    chome_from = models.PositiveSmallIntegerField("丁目から", null=True, blank=True)
    chome_to = models.PositiveSmallIntegerField("丁目まで", null=True, blank=True)
    banchi_from = models.PositiveIntegerField("番(地)から", null=True, blank=True)
    banchi_to = models.PositiveIntegerField("番(地)まで", null=True, blank=True)
    district = models.ForeignKey(SchoolDistrict, models.PROTECT, related_name="ranges")
    basis = models.CharField("根拠", max_length=12, choices=Basis.choices(), default=Basis.PUBLISHED)
    note = models.CharField("覚え書き", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["town_id", "chome_from", "banchi_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="district_range_chome_in_order",
                condition=Q(chome_from__isnull=True, chome_to__isnull=True)
                | Q(chome_from__isnull=False, chome_to__isnull=False, chome_to__gte=F("chome_from")),
                violation_error_message="丁目の範囲は、始まりと終わりを順に入れてください。",
            ),
            models.CheckConstraint(
                name="district_range_banchi_in_order",
                condition=Q(banchi_from__isnull=True, banchi_to__isnull=True)
                | Q(banchi_from__isnull=False, banchi_to__isnull=False, banchi_to__gte=F("banchi_from")),
                violation_error_message="番地の範囲は、始まりと終わりを順に入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"校区の範囲 #{self.pk}"


class PublishedFigure(models.Model):
    """One published number of a district on a day (公表値). Sums are made, never stored."""

    district = models.ForeignKey(SchoolDistrict, models.PROTECT, related_name="figures")
    as_of = models.DateField("調査年月日")
    item = models.CharField("項目", max_length=20, choices=FigureItem.choices())
    value = models.PositiveIntegerField("値")
    source = models.CharField("出典", max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-as_of", "district_id", "item"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "as_of", "item"],
                name="figure_once",
                violation_error_message="この日のこの値は、すでにあります。",
            )
        ]

    def __str__(self) -> str:
        return f"公表値 #{self.pk}"


class OfficeArea(models.Model):
    """Which office serves which elementary district (担当区域).

    The office is named by its code (`accounts.Office.code`): a city's folder can be read before its offices
    exist, and an office can be renewed under the same code.
    """

    office_code = models.CharField("機関コード", max_length=30)
    district = models.ForeignKey(SchoolDistrict, models.CASCADE, related_name="office_areas")
    basis = models.CharField("根拠", max_length=12, choices=Basis.choices(), default=Basis.PUBLISHED)

    class Meta:
        ordering: ClassVar = ["office_code", "district_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office_code", "district"],
                name="office_area_once",
                violation_error_message="この担当区域は、すでに登録されています。",
            )
        ]

    def __str__(self) -> str:
        return f"担当区域 #{self.pk}"


# The map is read by everybody. A city's administrator adds to it and changes it; nothing of it that people's addresses
# point at is ever taken away, so only what is said anew as a whole (parts of towns, areas of offices) may be deleted.
GRANTS = {
    "places_city": ["SELECT", "INSERT", "UPDATE"],
    "places_schooldistrict": ["SELECT", "INSERT", "UPDATE"],
    "places_progression": ["SELECT", "INSERT", "DELETE"],
    "places_town": ["SELECT", "INSERT", "UPDATE"],
    "places_districtrange": ["SELECT", "INSERT", "DELETE"],
    "places_publishedfigure": ["SELECT"],
    "places_officearea": ["SELECT", "INSERT", "DELETE"],
}
