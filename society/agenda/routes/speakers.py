"""Whoever speaks here, with their talks; for organizers a form for what is told of them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda import queries
from society.agenda.actions import describe_speaker
from society.agenda.forms import SpeakerForm
from society.agenda.models import SpeakerProfile
from society.agenda.routes import bp
from society.db import db
from society.fields import on_one_line
from society.kept import fresh_until, kept_for_visitors
from society.material.models import Material
from society.material.queries import of_talks
from society.people.access import me, open_to, visitor
from society.people.models import Person
from society.people.savers import saved_meanwhile
from society.times import now
from society.web import held

ON_A_PAGE = 60
LAST_PAGE = 5_000


@bp.get("/speakers")
@kept_for_visitors("q", "page")
@open_to("everyone")
def index() -> str:
    """All who speak, in the order of their names."""
    search = on_one_line(request.args.get("q", ""))[:100]
    text = request.args.get("page", "")
    page = min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    wanted = queries.speakers(visitor(), search).limit(ON_A_PAGE + 1).offset((page - 1) * ON_A_PAGE)
    rows = db.session.execute(wanted).all()
    return render_template(
        "agenda/speakers.html",
        speakers=rows[:ON_A_PAGE],
        search=search,
        previous=_page(search, page - 1) if page > 1 else None,
        following=_page(search, page + 1) if len(rows) > ON_A_PAGE else None,
    )


def _page(search: str, number: int) -> str:
    kept = {"q": search} if search else {}
    return f"{request.path}?{urlencode({**kept, 'page': number})}"


@bp.get("/speakers/<slug>")
@kept_for_visitors()
@open_to("everyone")
def speaker(slug: str) -> ResponseReturnValue:
    """A speaker with their talks, as far as the reader may see those; who has none is not told of."""
    names = queries.names_of(slug)
    talks = queries.talks(names, visitor())
    if not talks:
        abort(404)
    if slug != names.key:
        return redirect(url_for(".speaker", slug=names.key), 303)  # not for good: it can be undone
    fresh_until(*(talk.ends_at for talk in talks))
    moment = now()
    name = names.profile.name if names.profile else _written_under(names.key, talks)
    return render_template(
        "agenda/speaker.html",
        name=name,
        slug=slug,
        about=names.profile.about if names.profile else "",
        line=next((talk.about for talk in talks if talk.about), ""),
        kept=_kept_of(talks, moment),
        coming=[talk for talk in reversed(talks) if talk.ends_at > moment],
        past=[talk for talk in talks if talk.ends_at <= moment],
    )


def _kept_of(talks: list[queries.Talk], moment: datetime) -> dict[tuple[int, int | None], list[Material]]:
    """What is kept of each talk, as far as the reader may see it: by its event, and the session if it is one."""
    found: dict[tuple[int, int | None], list[Material]] = {}
    for one in of_talks({talk.event for talk in talks}, visitor(), moment):
        found.setdefault((one.event_id, one.session_id), []).append(one)
    return found


def _written_under(key: str, talks: list[queries.Talk]) -> str:
    """The name as it was announced last under that key; talks may stand there under another one too."""
    return queries.name_of(key) or talks[0].name


@bp.route("/organize/speakers/<slug>", methods=["GET", "POST"])
@open_to("organizer")
def edit_speaker(slug: str) -> ResponseReturnValue:
    """What is told of a speaker, and whether two names are one speaker."""
    profile = queries.profile(slug)
    name = profile.name if profile else queries.name_of(slug)
    if name is None:
        abort(404)
    form = _form(slug, profile)
    if not form.accepted():
        return _speaker_page(slug, name, form)
    profile = queries.profile(slug)
    if shown := saved_meanwhile(_form(slug, profile and held(profile)), profile):
        return _speaker_page(slug, name, **shown)
    about, person = form.about.data or "", form.known_person()
    described = describe_speaker(slug, name, about=about, person=person, same_as=form.other_key(), by=me(), now=now())
    db.session.commit()
    flash(f"Saved: {name}.")
    return redirect(url_for(".edit_speaker", slug=described.key), 303)


def _form(slug: str, profile: SpeakerProfile | None) -> SpeakerForm:
    person = db.session.get(Person, profile.person_id) if profile and profile.person_id else None
    return SpeakerForm(slug, profile, _leads_to(profile), (person.email or "") if person else "")


def _leads_to(profile: SpeakerProfile | None) -> str:
    return queries.profile_name(profile.same_as) if profile and profile.same_as else ""


def _speaker_page(slug: str, name: str, form: SpeakerForm, **meanwhile: Any) -> ResponseReturnValue:
    others = queries.names_of(slug)
    page = render_template(
        "agenda/edit_speaker.html",
        form=form,
        name=name,
        slug=slug,
        leads_to=_leads_to(queries.profile(slug)),
        leading_here=[queries.profile_name(key) for key in others.all if key != slug] if others.key == slug else [],
        **meanwhile,
    )
    return page, 422 if form.errors or meanwhile else 200
