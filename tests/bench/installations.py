"""Installations to measure with."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, text

from society.db import begin_write, db
from society.people.models import Person, Role, RoleName
from society.settings import Society
from society.times import now
from tests.bench.figures import application
from tests.bench.servers import ADDRESS


def new_installation(instance: Path, people: int, database: str = "") -> Flask:
    """An installation of so many people, of whom the first organizes; in a SQLite file unless told where."""
    instance.mkdir()
    (instance / "secret-key").write_text("for measuring")
    if database:
        (instance / "society.toml").write_text(f'DATABASE_URL = "{database}"\n')  # for the server
    app = application(instance, database)
    with app.app_context():
        upgrade()
        begin_write()
        db.session.add(Society(id=1, set_up_at=now(), address=ADDRESS))
        rows = [
            {"id": n, "name": f"Person {n}", "email": f"person{n}@example.org", "created_at": now()}
            | {"verified_at": now()}
            for n in range(1, people + 1)
        ]
        db.session.execute(insert(Person), rows)
        db.session.add(Role(person_id=1, name=RoleName.ORGANIZER, given_at=now()))
        db.session.commit()
    return app


def look_through() -> None:
    """As a PostgreSQL server does within a minute of many changes, so that it plans by what is in its tables."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
