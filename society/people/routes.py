"""Pages of people."""

from flask import Blueprint

from society.people.access import open_to

bp = Blueprint("people", __name__, cli_group="people")


@bp.get("/login")
@open_to("everyone")
def login() -> str:
    return "login"


@bp.post("/logout")
@open_to("everyone")
def logout() -> str:
    return "logout"


@bp.get("/me")
@open_to("person")
def me() -> str:
    return "me"


@bp.get("/organize/people")
@open_to("secretary")
def register() -> str:
    return "register"


@bp.get("/organize/roles")
@open_to("admin")
def roles() -> str:
    return "roles"
