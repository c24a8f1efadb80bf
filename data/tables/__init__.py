"""All tables of the database. Importing this package makes every table known to SQLModel.

Provinces and sectors are dated reference data that ship with the code (`data/reference`); the
database holds their codes. Money is in dong, land in hectares, dates as ISO text (YYYY, YYYY-MM or
YYYY-MM-DD). Rows are written by the write modules of `data` alone, from records checked before.
"""

from sqlmodel import SQLModel

from data.rows import NAMING_CONVENTION

# Set before any table class: constraints without a name could not be dropped by a downgrade.
SQLModel.metadata.naming_convention = NAMING_CONVENTION

from data.tables import accounts, drafts, events, goods, identity, jobs, leads, matching  # noqa: E402, F401
