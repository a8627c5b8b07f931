"""How Alembic reaches the database of the running application."""

from typing import Any

from alembic import context
from flask import current_app

config = context.config
database = current_app.extensions["migrate"].db


def drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration when nothing has changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


def belongs(_thing: Any, name: str | None, kind: str, _reflected: bool, _twin: Any) -> bool:
    """Whether a table or index is the models' own: the search index is the migrations' alone."""
    return kind not in ("table", "index") or not (name or "").startswith("person_search")


def run() -> None:
    """Migrate over a connection that holds the writers' lock, all or nothing."""
    arguments = current_app.extensions["migrate"].configure_args
    engine = database.engine.execution_options(writes=True)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            process_revision_directives=drop_empty,
            transactional_ddl=True,
            include_object=belongs,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
