"""The register as a list."""

from urllib.parse import urlencode

from flask import render_template, request

from society.people.access import me, open_to
from society.people.models import RoleName
from society.register import queries
from society.register import wanted as words
from society.register.bulk import WORDS
from society.register.filters import filters
from society.register.render import chips, languages
from society.register.routes.blueprint import bp, today
from society.register.wanted import wanted


@bp.get("/organize/people")
@open_to("secretary")
def people() -> str:
    """Everyone whom the question finds, as the register stood on the day that is asked for."""
    asked = wanted(request.args)
    on = asked.on or today()
    given = list(filters(asked, on))
    choices = queries.choices(me(), given)
    return render_template(
        "register/list.html",
        wanted=asked,
        on=on,
        choices=choices,
        chips=chips(asked, choices.tiers),
        page=queries.page(asked, on, given, choices.sizes),
        roles=list(RoleName),
        languages=languages(choices.languages, asked.language),
        words=words,
        acts=WORDS,
        query=urlencode(asked.args, doseq=True),
    )
