"""The home page, first set-up, the staff's overview and settings, and what machines ask of a site."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from society.db import begin_write, db
from society.events.models import Event
from society.events.queries import drafts, on_now, still_to_begin, visible_to, with_places
from society.kept import fresh_until, kept_for_visitors
from society.mail.queries import outbox_folder
from society.people.access import me, open_to, visitor
from society.people.actions import sign_in
from society.people.passwords import hash_password
from society.people.savers import saved_meanwhile
from society.settings import absolute, society, stated_address
from society.site import actions, queries
from society.site.forms import SettingsForm, SetupForm
from society.times import now
from society.tokens import hashed
from society.web import find, held

bp = Blueprint("site", __name__, cli_group="site")

BEFORE_SETUP = frozenset({"site.setup", "site.healthz", "assets.file"})
"""What answers before the society is set up."""

MOST_IN_SITEMAP = 50_000
"""Addresses in one file, by the sitemap protocol."""


@bp.before_app_request
def _wait_for_setup() -> ResponseReturnValue | None:
    """Before set-up, every page says so. Once a process has seen that it is done, it never asks again."""
    state = current_app.extensions
    if state.get("set_up") or request.endpoint in BEFORE_SETUP:
        return None
    state["set_up"] = queries.is_set_up()
    return None if state["set_up"] else (render_template("site/waiting.html"), 503)


@bp.get("/")
@kept_for_visitors()
@open_to("everyone")
def home() -> str:
    """Who the society is and what is on."""
    coming = db.session.scalars(with_places(still_to_begin(visitor(), now()).limit(queries.SHOWN))).all()
    begun = db.session.scalars(on_now(visitor(), now()).limit(queries.SHOWN)).all()
    fresh_until(*(event.starts_at for event in coming), *(event.ends_at for event in begun))
    return render_template("site/home.html", events=coming, begun=begun)


@bp.route("/setup/<token>", methods=["GET", "POST"])
@open_to("link")
def setup(token: str) -> ResponseReturnValue:
    """Name the society and its first admin, by the link that the server printed."""
    find(queries.setup_by(hashed(token)))
    form = SetupForm()
    if request.method == "POST" and form.validate():
        password_hash = hash_password(form.password.data)  # slow, so before the transaction that writes
        begin_write()
        actions.set_up(token, form.about_the_society, now())
        admin = actions.first_admin(form.admin_name.data, form.admin_email.data, password_hash, now())
        db.session.commit()
        sign_in(admin)
        return redirect(url_for(".organize"), 303)
    return render_template("site/setup.html", form=form), 422 if form.errors else 200


@bp.get("/organize")
@open_to("staff")
def organize() -> str:
    """What waits for this member of staff, by role."""
    person = me()
    organizer, secretary, admin = (person.has_role(role) for role in ("organizer", "secretary", "admin"))
    return render_template(
        "site/organize.html",
        begun=db.session.scalars(on_now(person, now()).limit(queries.SHOWN)).all() if organizer else [],
        coming=queries.coming_up(person, now()) if organizer else [],
        drafts=db.session.scalars(drafts().limit(queries.SHOWN)).all() if organizer else [],
        notices=queries.latest_notices() if organizer else [],
        applications=queries.applications_waiting() if secretary else 0,
        outbox=queries.outbox(),
        folder=outbox_folder(),
        lost=not stated_address(),
        steps=queries.first_steps() if admin else None,
    )


@bp.route("/organize/settings", methods=["GET", "POST"])
@open_to("admin")
def settings() -> ResponseReturnValue:
    """What admins decide about the society."""
    form = SettingsForm(society())
    if form.accepted():
        row = actions.the_row()
        if shown := saved_meanwhile(SettingsForm(held(row)), row):
            return render_template("site/settings.html", where=_where(), **shown), 422
        actions.change_settings(row, form.data, now(), by=me())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".settings"), 303)
    return render_template("site/settings.html", form=form, where=_where()), 422 if form.errors else 200


def _where() -> str | None:
    """What else decides on the address of this site."""
    if current_app.config["BASE_URL"]:
        return f"The setting SOCIETY_BASE_URL outranks it: {current_app.config['BASE_URL']}"
    if society().address:
        return None
    served_at = society().served_at
    until = f"Until you say where people reach it, links lead to {served_at}." if served_at else "Letters wait for it."
    return f"For links in mail and calendars. {until}"


@bp.get("/accent.css")
@open_to("everyone")
def accent() -> Response:
    """The society's colour. Pages ask for it with the colour in the address, so that it can be kept for good."""
    colour = society().accent or abort(404)
    response = Response(f":root {{ --accent: {colour}; }}\n", mimetype="text/css")
    current = request.args.get("v") == colour.removeprefix("#")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response


@bp.get("/healthz")
@open_to("everyone")
def healthz() -> Response:
    """Whether the database answers."""
    try:
        db.session.execute(select(1))
        answer, status = "ok", 200
    except SQLAlchemyError:
        db.session.rollback()
        answer, status = "the database does not answer", 503
    response = Response(answer, status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/robots.txt")
@open_to("everyone")
def robots() -> Response:
    """What search engines need not look at."""
    return _machine_readable("site/robots.txt", "text/plain", sitemap=absolute(url_for(".sitemap")))


@bp.get("/sitemap.xml")
@kept_for_visitors()
@open_to("everyone")
def sitemap() -> Response:
    """The public events, for search engines; whoever asks."""
    public = visible_to(None).order_by(Event.starts_at.desc(), Event.id.desc())
    rows = db.session.execute(public.with_only_columns(Event.slug, Event.revised_at).limit(MOST_IN_SITEMAP)).all()
    return _machine_readable("site/sitemap.xml", "application/xml", rows=rows, absolute=absolute)


def _machine_readable(template: str, kind: str, **values: object) -> Response:
    response = make_response(render_template(template, **values))
    response.mimetype = kind
    return response
