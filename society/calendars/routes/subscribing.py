"""The pages that explain feeds to people, and the one on which somebody makes their own."""

from datetime import datetime
from urllib.parse import quote

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, StringField

from society.calendars import queries
from society.calendars.queries import ALL, OPEN, PAST
from society.calendars.render import address
from society.calendars.routes import bp
from society.calendars.subscribers import ago
from society.db import db
from society.events.models import Category
from society.events.queries import categories, known_to
from society.kept import kept_for_visitors
from society.people.access import me, open_to
from society.rsvps import feed as own_feed
from society.rsvps.letters import take_back_copies
from society.settings import absolute, society
from society.times import now
from society.web import Form


@bp.get("/calendar")
@kept_for_visitors()
@open_to("everyone")
def subscribe() -> str:
    """How to subscribe, with a way for each of the usual apps."""
    return _how_to_subscribe(ALL)


@bp.get("/calendar/open")
@kept_for_visitors()
@open_to("everyone")
def subscribe_to_open() -> str:
    """The same for what everyone may come to."""
    return _how_to_subscribe(OPEN)


@bp.get("/calendar/past")
@kept_for_visitors()
@open_to("everyone")
def subscribe_to_past() -> str:
    """The same for all events, those of the past too."""
    return _how_to_subscribe(PAST)


@bp.get("/calendar/personal/<token>")
@open_to("link")
def personal_page(token: str) -> Response:  # noqa: ARG001, whatever it is
    """What such an address is, for whoever was passed one on. The same for any, so that it tells of nobody's."""
    response = make_response(render_template("calendars/personal.html"))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/calendar/<any(category, venue, organization, tag):kind>/<slug>")
@kept_for_visitors()
@open_to("everyone")
def subscribe_to(kind: str, slug: str) -> str:
    """The same for one category, venue, organization or tag."""
    return _how_to_subscribe(f"{kind}/{slug}")


def _how_to_subscribe(key: str) -> str:
    name = queries.title(key) or abort(404)
    public = categories().where(known_to(None, Category))
    feed_address = absolute(address(key))
    return render_template(
        "calendars/subscribe.html",
        whole=key == ALL,
        past=key == PAST,
        what=queries.covers(key, name),
        feed=feed_address,
        apps=apps(feed_address, name),
        tags=queries.tags_in_use(now()) if key == ALL else [],
        narrower=[(category.name, f"/calendar/category/{category.slug}") for category in db.session.scalars(public)]
        if key == ALL
        else [],
    )


@bp.app_template_filter("calendar_apps")
def apps(feed_address: str, name: str) -> list[tuple[str, str, str]]:
    """For each usual calendar app its name, a link that subscribes, and what to expect."""
    web = "webcal://" + feed_address.split("://", 1)[-1]
    quoted = quote(feed_address, safe="")
    outlook = f"https://outlook.live.com/calendar/0/addfromweb?url={quoted}&name={quote(name)}"
    return [
        ("Apple, iPhone, iPad", web, "Opens Calendar, which asks to subscribe."),
        ("Google", f"https://calendar.google.com/calendar/r?cid={quote(web, safe='')}", "New events may take a day."),
        ("Outlook", outlook, "Outlook on the web; other Outlooks of yours follow."),
        ("Thunderbird, GNOME, KDE", web, "Or add a calendar from the network by its address."),
    ]


ALARMS = {
    "": "Not by this calendar",
    "30": "30 minutes before",
    "60": "An hour before",
    "180": "3 hours before",
    "1440": "A day before",
}


class OwnFeedForm(Form):
    """What the own feed holds, and what to do."""

    everything = BooleanField("Everything I may see, not only what I answered")
    sessions = BooleanField("Each session of an event with an agenda too")
    feed_only = BooleanField("Send me no invitations by mail, so that nothing shows twice")
    alarm = SelectField("Remind me of what I am going to", choices=ALARMS)
    action = StringField()


@bp.route("/me/calendar", methods=["GET", "POST"])
@open_to("person")
def own() -> ResponseReturnValue:
    """A person's own feed: make it, change it, give it a new address, take it down."""
    subscription = queries.subscription_of(me())
    form = OwnFeedForm(
        subscription,
        alarm=str((subscription and subscription.alarm_minutes) or ""),
        feed_only=subscription is None or me().feed_only,
    )
    if form.accepted(public=False):
        return _change_own_feed(form)
    fetched_at = subscription and subscription.fetched_at
    fetched = ago(fetched_at, now()) if fetched_at else ""
    return render_template("calendars/own.html", form=form, subscription=subscription, fetched=fetched)


def _change_own_feed(form: OwnFeedForm) -> ResponseReturnValue:
    at = now()
    wanted = own_feed.Wanted(
        everything=bool(form.everything.data),
        sessions=bool(form.sessions.data),
        alarm_minutes=int(form.alarm.data) if form.alarm.data else None,
    )
    own_feed.follow_by_feed(me(), alone=bool(form.feed_only.data) and form.action.data != "remove")
    match form.action.data:
        case "new":
            token = own_feed.subscribe(me(), wanted, now=at)
            _take_back_copies(at)
            db.session.commit()
            feed_address = absolute(f"/calendar/personal/{token}.ics")
            return render_template(
                "calendars/own_address.html", feed=feed_address, apps=apps(feed_address, society().name)
            )
        case "remove":
            own_feed.unsubscribe(me())
            flash("Your own calendar address is gone; apps that used it get nothing more.")
        case _:
            own_feed.choose(me(), wanted, now=at)
            flash("Saved.")
            _take_back_copies(at)
    db.session.commit()
    return redirect(url_for(".own"), 303)


def _take_back_copies(at: datetime) -> None:
    """What came by invitation is taken back, where the feed alone is to show it."""
    taken = take_back_copies(me(), at) if me().feed_only else 0
    if taken:
        letters = "a letter takes" if taken == 1 else f"{taken} letters take"
        flash(f"So that nothing shows twice, {letters} out of your calendar what invitations have put there.")
