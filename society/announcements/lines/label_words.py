"""The words that stand before a colon, in English, German, French and Spanish, folded."""

from society.announcements.words import each

LABELS: dict[str, frozenset[str]] = {
    "book": each(
        "we are reading, we read, wir lesen, nous lisons, on lit, leemos, book, our book, the book, this month's book",
        "book of the month, buch, das buch, livre, libro",
    ),
    "title": each(
        "day school, field trip, poetry, symposium, round table, book talk, coloquio, charla-coloquio, sortie, fuhrung",
        "event name, event title, name of event, evenement, activite, evento, actividad, veranstaltung, woruber",
        "worum geht es, talk title, title of talk, lecture title, vortragstitel, titre de la conference, title, topic",
        "what, event, subject, lecture, talk, seminar, workshop, webinar, debate, concert, exhibition",
        "exhibition opening, walk, course, excursion, conference, panel, reading, discussion, film, illustrated talk",
        "online-vortrag, lichtbildervortrag, coming up, next up, next talk, next lecture, our next talk, next event",
        "panel discussion, illustrated lecture, public lecture, annual lecture, guest lecture, evening lecture",
        "online talk, mesa redonda, table ronde, cine-debat, podiumsdiskussion, buchvorstellung, autorenlesung, motion",
        "the motion, film night, film evening, filmabend, book launch, quiz night, titel, thema, was, vortrag, lesung",
        "konzert, ausstellung, exkursion, podiumsgesprach, titre, sujet, quoi, atelier, exposition, debat, titulo",
        "tema, que, conferencia, charla, taller, lectura, concierto, exposicion, brown bag lunch",
    ),
    "when": each(
        "when, date, date and time, date & time, time and date, day, dates, next, next meeting, opening, new date",
        "neuer termin, nouvelle date, nueva fecha, wann, datum, termin, tag, datum und uhrzeit, quand, date et heure",
        "jour, cuando, fecha, dia, fecha y hora",
    ),
    "time": each("time, times, hours, zeit, uhrzeit, beginn, start, starts, begins, heure, horaire, hora, horario"),
    "end": each("end, ends, ende, fin, final, finish, finishes, schluss"),
    "where": each(
        "meeting point, meeting place, treffpunkt, rendez-vous, lieu de rendez-vous, punto de encuentro, hybrid",
        "hybride, hibrido, hibrida, hybrid event, hybrid meeting, in person, vor ort, en presentiel, presencial",
        "address, adresse, direccion, pub, cafe, church, school, building, campus, library, where, venue, place",
        "location, ort, wo, veranstaltungsort, lieu, ou, lugar, donde",
    ),
    "room": each("room, raum, saal, salle, sala, hall"),
    "speaker": each(
        "instructor, instructors, facilitator, facilitators, discussion leader, dozent, dozentin, kursleitung, coach",
        "artist, reader, readers, author, autor, autorin, auteur, autora, invite, invitee, invites, invitees, invitado",
        "invitada, gast, speaker, speakers, with, by, trainer, leader, lecturer, panellists, panelists, panel members",
        "presenter, who, wer, qui, quien, guest speaker, guest, guia, presented by, for, against, guide, tutor",
        "introduced by, expert, experts, experts on hand, demonstrator, demonstrators, preacher, narrator, storyteller",
        "musicians, speaking for, speaking against, speaking in favour, in favour, speaking, proposing, opposing",
        "proposers, opposers, for the motion, against the motion, led by, imparte, imparten, interviene, intervienen",
        "participan, a cargo de, mitwirkende, es spricht, es sprechen, es diskutieren, es diskutiert, es lesen",
        "es liest, es referieren, es referiert, auf dem podium, podium, zu gast, vortragende, exkursionsleitung",
        "wanderleitung, kursleiter, kursleiterin, on the panel, teacher, teachers, profesor, profesora, formateur",
        "formatrice, monitor, monitora, trainerin, kunstlerin, lecturers, guides, tutors, presenters, guests, leaders",
        "guided by, taught by, given by, debatiran, dialogan, conversan, charlan, presenta, presentan, dirige, dirigen",
        "guian, talleristas, tallerista, expositores, diserta, disertan, expositor, expositora, debattent, debatteurs",
        "guidee par, conduite par, avec la participation de, con la participacion de, unter mitwirkung von",
        "vortragender, gaste, organ, piano, orgel, klavier, soliste, solistes, solist, solistin, keynote, keynotes",
        "keynote speaker, keynote speakers, affirmative, negative, proposition, opposition, referent, referentin",
        "referenten, mit, leitung, intervenant, intervenante, intervenants, avec, conferencier, conferenciere, ponente",
        "ponentes, con, orador, oradora, conferenciante, rednerin, redner",
    ),
    "chair": each(
        "chair, chaired by, moderator, moderated by, moderation, modera, animation, animateur, in the chair, coordina",
        "coordinan, moderadora, moderador, moderan, moderatorin, gesprachsleitung, diskussionsleitung, animatrice",
        "moderateur, moderatrice, modere par, moderee par, es moderiert, compere, chairman, chairperson, chairwoman",
    ),
    "host": each(
        "who's hosting, host, hosts, hosted by, organiser, organisers, organizer, organizers, organised by",
        "organized by, co-host, co-hosts, co-hosted by, co-organiser, co-organisers, co-organizer, co-organizers",
        "co-organised by, convoca, convocan, es ladt ein, es laden ein, eine veranstaltung von, veranstaltet von",
        "propose par, co-organized by, cohosts, cohosted by, mitveranstalter, co-organise par, coorganiza, coorganizan",
        "veranstalter, veranstalterin, organisateur, organise par, organiza, organizan",
    ),
    "sponsor": each(
        "sponsor, sponsors, sponsored by, supported by, with support from, gefordert von, mit unterstutzung von",
        "co-sponsor, co-sponsors, co-sponsored by, cosponsor, cosponsors, cosponsored by, sponsoren, gefordert durch",
        "unterstutzt von, avec le soutien de, patrocina, patrocinan, con el apoyo de, colabora, colaboran",
    ),
    "endorser": each(
        "endorsed by, co-endorsed by, endorser, endorsers, empfohlen von, recommande par, avalado por",
        "schirmherrschaft, schirmherr, schirmherrin, patronage, sous le patronage de, auspicia, auspician, avala",
    ),
    "link": each("zoom, teams, webex, online, join, join online, join here, livestream, live stream, stream, link"),
    "tags": each("tags, tag, keywords, schlagworter, stichworte, mots-cles, palabras clave, etiquetas"),
    "no": each(
        "doors, einlass, rsvp, booking, tickets, admission, contact, price, eintritt, email, phone, register, dress",
        "dress code, cost, costs, fee, fees, kosten, tarif, tarifs, precio, entrada, entree, language, sprache, langue",
        "idioma, website, web, info, more info, further information, telephone, tel, telefon, kontakt, contacto",
        "anmeldung, inscription, inscripcion, reservation, reservas, registration, category, rubrik, parking, queries",
        "enquiries",
    ),
}
"""What may stand before a colon, by what then stands after it."""
