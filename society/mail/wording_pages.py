"""The pages where a slice's wordings are read and changed: their list, each in each language, and the way back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from society.choices import Language
from society.db import db
from society.fields import Paragraphs, Subject, on_one_line
from society.languages import name_of, tidy, why_not_beside, with_families
from society.mail.models import OwnWording
from society.mail.queries import own_wordings
from society.mail.wordings import Wording, elsewhere, ours, put, reset, said_in
from society.meanwhile import SharedForm
from society.people.access import me
from society.people.models import Person
from society.people.queries import kinds_of
from society.people.savers import saved_meanwhile
from society.phrases import is_translated
from society.settings import society
from society.times import now
from society.web import Form, held

Read = tuple[str, Markup]
"""Subject and text, as somebody would read them."""


class WordingForm(SharedForm):
    """What something says, or begins with."""

    subject = Subject()
    body = Paragraphs("Text", required=True)

    def __init__(self, start: Wording, **values: Any) -> None:
        super().__init__(subject=start.subject, body=start.body, **values)

    @property
    def wording(self) -> Wording:
        return Wording(str(self.subject.data), str(self.body.data))


class FurtherForm(Form):
    """The language in which a wording is to stand as well."""

    language = Language(none="Choose a language", required=True)

    def __init__(self, there: Collection[str]) -> None:
        super().__init__()
        read = db.session.scalars(kinds_of(Person.language)).all()
        self.language.suggest([code for code in with_families(read) if code not in there])


def _rows(name: str) -> dict[str, OwnWording]:
    return {row.language: row for row in own_wordings(name)}


@dataclass(frozen=True)
class WordingPages:
    """What one slice's have of their own; `wordings.html` and `wording.html` in its folder of templates show them."""

    folder: str
    labels: Mapping[str, str]
    """The wordings by name, as they are called."""
    built_in: Callable[[str, str], Wording]
    """Of a name, in a language."""
    form: Callable[[str, Wording], Any]
    """For a name, to begin with that."""
    fields: Callable[[str], Mapping[str, str]]
    """What can stand in it, and what that means."""
    faults: Callable[[str, Wording], Sequence[str]]
    """Why it cannot be used, a sentence each; what is built in is said then."""
    as_read: Callable[[str, Any, str], Read | None]
    """Of a name, by the form, in a further language; None where there is nothing to look at it for."""
    saved: str
    """The sentence that tells from when on it is said."""

    def index(self) -> str:
        """All of them, and which are the society's own."""
        found = own_wordings()
        own = {row.of: row for row in found if not row.language}
        rows = [(name, label, own.get(name) or self.built_in(name, ours())) for name, label in self.labels.items()]
        others = {name: elsewhere(name, found) for name in self.labels}
        return render_template(f"{self.folder}/wordings.html", rows=rows, own=own, elsewhere=others)

    def page(self, name: str) -> ResponseReturnValue:
        """One, in the main language or in `?language=de`: to read, to look at as others would, and to change."""
        language = self._language(name)
        if wrong := language and why_not_beside(society().language, language):
            flash(wrong, "error")
            return self._back(name)
        form = self._form(name, language, _rows(name))
        if "preview" in request.form or not form.accepted(public=False):
            return self._shown(name, language, form)
        rows = _rows(name)
        own = held(rows[language]) if language in rows else None
        if shown := saved_meanwhile(self._form(name, language, rows), own):
            return self._shown(name, language, **shown)
        put(name, form.wording, self.built_in(name, ours()), by=me(), now=now(), language=language)
        db.session.commit()
        flash(self.saved)
        return self._back(name, language)

    def _form(self, name: str, language: str, rows: Mapping[str, OwnWording]) -> Any:
        return self.form(name, said_in(language, rows, partial(self.built_in, name))[0])

    def _shown(self, name: str, language: str, form: Any, **meanwhile: Any) -> ResponseReturnValue:
        rows = _rows(name)
        others = elsewhere(name, rows.values())
        page = render_template(
            f"{self.folder}/wording.html",
            name=name,
            label=self.labels[name],
            language=language,
            elsewhere=others,
            further=FurtherForm({society().language, *others}),
            own=rows.get(language),
            faults=self._faults_of(rows.get(language)),
            built_in=self.built_in(name, ours()),
            has_built_in=not language or is_translated(language),
            form=form,
            fields=self.fields(name),
            seen=self.as_read(name, form, language) if request.method == "GET" or form.validate() else None,
            **meanwhile,
        )
        return page, 422 if form.errors or meanwhile else 200

    def reset(self, name: str) -> ResponseReturnValue:
        """Go back to the built-in one; or do without it in `?language=de`."""
        language = self._language(name)
        if Form().accepted(public=False):
            reset(name, by=me(), now=now(), language=language)
            db.session.commit()
            flash("The built-in wording is back." if not language else f"{name_of(language)} is gone.")
        return self._back(name)

    def _faults_of(self, row: OwnWording | None) -> Sequence[str]:
        return self.faults(row.of, Wording(row.subject, row.body)) if row else ()

    def _language(self, name: str) -> str:
        """The further one that is asked for; empty for the main one."""
        return tidy(on_one_line(request.args.get("language"))) if name in self.labels else abort(404)

    def _back(self, name: str, language: str = "") -> ResponseReturnValue:
        return redirect(url_for(f"{self.folder}.wording", wording=name, language=language or None), 303)
