"""Puts the application together: settings, extensions, slices. It alone knows them all."""

from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from society import assets, pages
from society.agenda.routes import bp as agenda
from society.announcements.routes import bp as announcements
from society.audit.routes import bp as audit
from society.backings.routes import bp as backings
from society.calendars import cli as calendar_commands
from society.calendars.routes import bp as calendars
from society.config import configure, instance_folder
from society.db import UTCDateTime, db, init_database
from society.directory.routes import bp as directory
from society.door.routes import bp as door
from society.dues.routes import bp as dues
from society.events.routes import bp as events
from society.imports import cli as imports_commands
from society.imports.routes import bp as imports
from society.invitations import cli as invitations_commands
from society.invitations.routes import bp as invitations
from society.kept import Keep
from society.limits import init_limits
from society.mail import cli as mail_commands
from society.mail.leaving import QUESTIONS, Question
from society.mail.routes import bp as mail
from society.material.routes import bp as material
from society.membership.routes import bp as membership
from society.notices import cli as notices_commands
from society.notices.leaving import out_of_date, out_of_date_digests
from society.notices.routes import bp as notices
from society.offices.routes import bp as offices
from society.organizations.routes import bp as organizations
from society.people import cli as people_commands
from society.people.access import login_manager
from society.people.routes import bp as people
from society.pictures.routes import bp as pictures
from society.questions.routes import bp as questions
from society.records.routes import bp as records
from society.register.routes import bp as register
from society.reminders.routes import bp as reminders
from society.rsvps import joint_letters
from society.rsvps import leaving as about_answers
from society.rsvps.routes import bp as rsvps
from society.series.routes import bp as series
from society.sisters.routes import bp as sisters
from society.site.routes import bp as site
from society.uploads import BoundedRequest
from society.web import RowNumber, Word

ROOT = Path(__file__).resolve().parent.parent
SLICES = (
    audit,
    people,
    mail,
    membership,
    dues,
    register,
    offices,
    directory,
    pictures,
    organizations,
    events,
    announcements,
    agenda,
    questions,
    rsvps,
    invitations,
    backings,
    door,
    material,
    calendars,
    notices,
    reminders,
    series,
    imports,
    sisters,
    records,
    site,
)

LETTER_QUESTIONS: Mapping[str, Question] = {
    "notice": out_of_date,
    "digest": out_of_date_digests,
    about_answers.KIND: about_answers.untrue,
    joint_letters.KIND: joint_letters.untrue,
}
"""What is asked of letters of each kind before they leave (see `society.mail.leaving`)."""

people.cli.add_command(people_commands.create)
people.cli.add_command(people_commands.bring_people_in)
people.cli.add_command(people_commands.take_people_out)
mail.cli.add_command(invitations_commands.receive)
mail.cli.add_command(invitations_commands.poll)
mail.cli.add_command(mail_commands.test)
notices.cli.add_command(notices_commands.export)
events.cli.add_command(imports_commands.bring_events_in)
calendars.cli.add_command(calendar_commands.export)
calendars.cli.add_command(calendar_commands.check_file)


class Templates(Environment):
    """Jinja that knows all its globals before it loads the first template."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """As one dict; Jinja would chain two, and go through them key by key for each page and letter."""
        return {**self.globals, **(d or {})}


class Application(Flask):
    """Flask whose views all are plain functions."""

    jinja_environment = Templates
    request_class = BoundedRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is; Flask would look at each of a request's functions, each time, whether it is a coroutine."""
        return func


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """The application; `given` settings outrank the environment's and the file's."""
    app = Application(
        "society", instance_path=str(instance_folder()), root_path=str(ROOT / "society"), static_folder=None
    )
    app.template_folder = str(ROOT / "templates")
    app.url_map.converters |= {"int": RowNumber, "default": Word, "string": Word}
    configure(app, given or {})
    init_database(app)
    Migrate(
        app, db, directory=str(ROOT / "migrations"), render_item=_render_type, compare_type=True, render_as_batch=True
    )
    app.login_manager = login_manager  # type: ignore[attr-defined]
    # Not `init_app`: it would look into the session after every answer, for a cookie that is not used here.
    init_limits(app)
    app.extensions["keep"] = Keep(most=32 * 1024 * 1024)
    app.extensions["feeds"] = Keep(most=int(app.config["FEED_MEMORY"]))  # apart: one can be larger than all pages
    app.extensions[QUESTIONS] = dict(LETTER_QUESTIONS)
    for blueprint in SLICES:
        app.register_blueprint(blueprint)
    pages.init_pages(app)
    assets.init_assets(app, ROOT / "society" / "static")
    if proxies := int(app.config["TRUSTED_PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    _check_that_every_page_says_who_may_see_it(app)
    return app


def _render_type(kind: str, item: object, _context: object) -> str | bool:
    """How our column types are written in migrations, which must not import this package."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def _check_that_every_page_says_who_may_see_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "open_to")]
    if silent:
        raise RuntimeError(f"These pages do not say who may see them: {', '.join(silent)}.")
