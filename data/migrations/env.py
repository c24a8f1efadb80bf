"""What Alembic runs: on the connection it is handed, else on KETNOI_DATABASE_URL's database."""

import os

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import data.tables  # noqa: F401 -- a table that is not imported would be dropped
from data.session import connect, write


def run(connection: Connection | None) -> None:
    """Run the migrations; without a connection only their SQL is printed."""
    context.configure(
        connection=connection,
        dialect_name=None if connection is not None else "sqlite",
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,  # data.session begins the transactions, also around DDL
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Choose the connection."""
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None or context.is_offline_mode():
        run(given)
        return
    with write(connect(os.environ.get("KETNOI_DATABASE_URL", "sqlite:///var/ketnoi.db"))) as own:
        run(own)


main()
