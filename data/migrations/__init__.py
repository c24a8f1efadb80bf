"""The database's migrations; `data.session.ensure_schema` applies them when they are due."""
