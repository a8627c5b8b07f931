"""The membership card, and the page that vouches for whoever shows it."""

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.membership import card as cards
from society.membership import queries
from society.membership.routes.blueprint import bp, today
from society.people.access import me, open_to
from society.web import Form, private


@bp.get("/me/membership/card")
@open_to("person")
def card() -> str:
    """One's own card."""
    return render_template("membership/card.html", card=cards.card_of(me(), today()), here=cards.link(me()))


@bp.get("/me/membership/card.pdf")
@open_to("person")
def card_pdf() -> ResponseReturnValue:
    """The same, to print and cut out."""
    found = cards.card_of(me(), today())
    if found is None:
        return redirect(url_for(".card"), 303)
    db.session.rollback()  # nothing is held open while the PDF is made
    response = make_response(cards.pdf(found))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="membership-card.pdf"'
    return private(response)


@bp.post("/me/membership/card/new")
@open_to("person")
def new_card() -> ResponseReturnValue:
    """A new code, as when a card was lost: the old one leads nowhere from now on."""
    if Form().accepted(public=False):
        cards.renew_card(me())
        db.session.commit()
        flash("This is your new card. The code on the old one does not work any more.")
    return redirect(url_for(".card"), 303)


@bp.get("/vouch/<token>")
@open_to("link")
def vouch(token: str) -> Response:
    """Whether the holder of a card is in good standing today: that, and nothing else about them."""
    person = cards.holder(token) or abort(404)
    good = queries.standing(person, today()) is not None
    return private(make_response(render_template("membership/vouch.html", good=good, today=today())))
