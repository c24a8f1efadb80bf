"""Run Alembic on an open connection, without a configuration file."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from data.session import MIGRATIONS


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; with a connection, commands use it and its transaction."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to the revision."""
    command.upgrade(config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema back to the revision ("base": no tables)."""
    command.downgrade(config(connection), revision)
