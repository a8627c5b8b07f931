"""The bare limit: Flask that does nothing but answer, under the same server and on the same database settings."""

import sys
from secrets import token_hex

from flask import Flask, Response, request
from sqlalchemy import insert

from society.db import Version, db, init_database
from society.server import Server


def create_app(database: str) -> Flask:
    """`/constant/SIZE` answers as many bytes, packed or not as asked; POST `/commit` writes one durable row."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    init_database(app)
    bodies: dict[int, bytes] = {}
    with app.app_context():
        db.metadata.create_all(db.engine, tables=[db.metadata.tables["version"]])
        engine = db.engine.execution_options(writes=True)

    @app.get("/constant/<int:size>")
    def constant(size: int) -> Response:
        return Response(bodies.setdefault(size, b"x" * size), content_type="text/plain; charset=utf-8")

    @app.post("/commit")
    def commit() -> Response:
        request.get_data()
        with engine.begin() as connection:
            connection.execute(insert(Version).values(key=token_hex(16), number=1))
        return Response(status=303, headers={"Location": "/"})

    return app


if __name__ == "__main__":
    Server(create_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=2, with_post_office=False).run()
