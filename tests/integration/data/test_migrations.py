"""Migrations: they make what the tables say, and go up and down with rows in the tables."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

from data import commands, queries
from data.migrations.run import config, downgrade, upgrade
from data.session import connect, read, revisions, write
from tests.integration.data.made_up import call, deal, investor


def fill(engine: Engine) -> None:
    with write(engine) as connection:
        commands.upsert_investors(connection, [investor()])
        commands.upsert_calls(connection, [call()])
        commands.upsert_deals(connection, [deal()])


def test_migrations_make_what_tables_say(engine: Engine) -> None:
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_revisions_are_those_of_alembic() -> None:
    script = ScriptDirectory.from_config(config())

    assert script.get_current_head() == revisions()[-1]
    assert {found.revision for found in script.walk_revisions()} == set(revisions())


def test_downgrade_and_upgrade_with_rows(engine: Engine) -> None:
    fill(engine)

    with write(engine) as connection:
        downgrade(connection, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with write(engine) as connection:
        upgrade(connection)
    fill(engine)
    with read(engine) as connection:
        assert queries.counts(connection)["deals"] == 1


def test_failed_migration_leaves_nothing(url: str) -> None:
    engine = connect(url)
    try:
        with write(engine) as connection:
            upgrade(connection)
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_every_constraint_has_a_name() -> None:
    nameless = [
        (table.name, constraint)
        for table in SQLModel.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert nameless == []


def test_tables_can_be_written_for_postgresql() -> None:
    made = {
        table.name: str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        for table in SQLModel.metadata.sorted_tables
    }

    assert "capital_vnd_low FLOAT(53)" in made["investor"]
    assert "sectors JSON NOT NULL" in made["investor"]
