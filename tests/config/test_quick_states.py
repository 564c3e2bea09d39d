"""A migration says the same to the database, and shows a data step the same models, drawn quickly or as Django does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from tsunagi.config.quick_states import QuickState

seen: list[list[str]] = []


def look(apps: Any, _: Any) -> None:
    """A data step: what it finds on the models around it."""
    town, person = apps.get_model("quick", "Town"), apps.get_model("quick", "Person")
    seen.append(
        [
            *sorted(relation.name for relation in town._meta.related_objects),
            *sorted(one.name for one in person._meta.constraints),
            *sorted(one.name for one in person._meta.indexes),
            str(person.objects.filter(towns__name="x", hat__colour="red").query),
            str(town.objects.filter(person__hat__colour="red").query),
        ]
    )


def model(called: str, /, **fields: models.Field) -> migrations.CreateModel:
    return migrations.CreateModel(called, [("id", models.BigAutoField(primary_key=True)), *fields.items()])


class Story(migrations.Migration):
    operations = [
        model("Town", name=models.TextField()),
        model(
            "Person",
            name=models.TextField(),
            born=models.DateField(null=True),
            town=models.ForeignKey("quick.Town", models.PROTECT),
            towns=models.ManyToManyField("quick.Town", related_name="guests"),
            parent=models.ForeignKey("self", models.CASCADE, null=True),
        ),
        migrations.AddConstraint(
            "person", models.UniqueConstraint(fields=("name", "town"), name="one_of_a_name")
        ),
        migrations.AddIndex("person", models.Index(fields=["born"], name="person_born")),
        model("Hat", colour=models.TextField(), of=models.OneToOneField("quick.Person", models.CASCADE)),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | models.Q(born__isnull=False), name="born"
            ),
        ),
        migrations.RunPython(look),
        migrations.RemoveConstraint("person", "one_of_a_name"),
        migrations.RemoveIndex("person", "person_born"),
        migrations.AddField("town", "kana", models.TextField(default="")),
        migrations.AlterField("person", "name", models.CharField(max_length=40)),
        migrations.AddField("town", "mayor", models.ForeignKey("quick.Person", models.SET_NULL, null=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddIndex("hat", models.Index(fields=["colour"], name="hat_colour"))
            ],
            state_operations=[migrations.AddIndex("hat", models.Index(fields=["colour"], name="hat_colour"))],
        ),
        migrations.AddIndex("person", models.Index(models.F("town"), "born", name="town_born")),
        migrations.RunPython(look),
        migrations.DeleteModel("Hat"),
        model("Hat", size=models.IntegerField(), of=models.ForeignKey("quick.Person", models.CASCADE)),
        migrations.AddConstraint(
            "hat", models.CheckConstraint(condition=models.Q(size__gt=0), name="hat_size")
        ),
    ]


class Listening(connection.SchemaEditorClass):  # type: ignore[name-defined, misc]
    """Notes what would be said; the steps over data run."""

    def __init__(self) -> None:
        super().__init__(connection, atomic=False)
        self.said: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        self.said.append(f"{sql} {params}")


@pytest.fixture
def told(db: None) -> Iterator[dict[type, list[str]]]:
    """What each kind of state made the schema editor say."""
    found: dict[type, list[str]] = {}
    for kind in (ProjectState, QuickState):
        state = kind()
        assert state.apps  # drawn, as while migrating
        with Listening() as editor:
            Story("story", "quick").apply(state, editor)
        found[kind] = editor.said
    yield found
    seen.clear()


def test_the_database_is_told_the_same(told: dict[type, list[str]]) -> None:
    assert told[QuickState] == told[ProjectState]
    assert sum("CREATE TABLE" in line for line in told[QuickState]) == 5


def test_a_step_over_data_finds_the_same_models(told: dict[type, list[str]]) -> None:
    plain, quick = seen[:2], seen[2:]
    assert plain == quick
    assert "one_of_a_name" in quick[0]
    assert "one_of_a_name" not in quick[1]
    assert {"hat", "person"} & set(quick[1])
