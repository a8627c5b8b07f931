"""A small demo in the test's database, and whole installations of their own to compare."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from society.db import Base, begin_write, db
from society.demo.fill import Demo, Size, demo_password_hash
from society.factory import create_app
from tests.conftest import close

SMALL = Size(people=90, events=60, rsvps=500)
DAY = date(2027, 5, 20)

Content = dict[str, list[tuple[Any, ...]]]


def fill(size: Size = SMALL, seed: int = 7, day: date = DAY) -> Demo:
    """A demo, committed."""
    begin_write()
    made = Demo(size, seed, day, demo_password_hash())
    for _label, _length, steps in made.steps():
        for _ in steps:
            pass
    db.session.commit()
    return made


@pytest.fixture(scope="session")
def kept() -> list[Demo]:
    """The demo that this process has a copy of, once there is one."""
    return []


@pytest.fixture
def filled(app: Flask, kept: list[Demo]) -> Demo:
    """A small demo in the test's database: on SQLite made once, and copied for each of many tests."""
    if db.engine.dialect.name != "sqlite":
        return fill()
    path = Path(str(db.engine.url.database))
    copy = path.with_suffix(".demo")
    if not kept:
        kept.append(fill())
        close(app)
        shutil.copy(path, copy)
    else:
        close(app)
        shutil.copy(copy, path)
    return kept[0]


@pytest.fixture
def content(tmp_path: Path) -> Callable[[int], Content]:
    """All rows of a new installation filled with a seed; each call makes one with a secret key of its own."""

    def of(seed: int) -> Content:
        folder = tmp_path / f"installation-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        app = create_app({"DATABASE_URL": f"sqlite:///{folder / 'society.db'}", "SECRET_KEY": str(folder)})
        with app.app_context():
            upgrade()
            fill(seed=seed)
            rows = {t.name: db.session.execute(select(t)).all() for t in Base.metadata.sorted_tables}
            db.session.remove()
            db.engine.dispose()
            return {name: [tuple(row) for row in found] for name, found in rows.items()}

    return of
