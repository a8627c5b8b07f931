"""From the text of a flyer or a mail to the event form, filled.

`reading.read` goes through a text in these steps; `filling.fill` puts what it finds into the form. Most steps have a
folder of what offers candidates, and a module here that chooses among them.

1. In `lines`, `layout` frees the lines of a mail's head and end (`letters`, `frames`, `chats`), turns tables into
   labels (`columns`), sets apart what is for those who come (`joining`) and finds the labels (`labels`). `several`
   keeps one of several events.
2. When: of the `days` (`dates`, `calendar`, `monthly`, `today`), their hours (`hours`, `faces`, `ends`, `lasting`)
   and zones (`clocks`), `when` chooses.
3. What: in `headings`, each of `ways` and `headlines` offers titles; `titles` takes the likeliest, after what
   `unlikely` and `plausible` say against each.
4. Where: in `sites`, `spots` and the lines beside the day offer places; `where` takes the likeliest, and `places`
   tells venue, room and address apart, by the words of `grounds` and `streets`.
5. Whose: in `backing`, `backers`, `hosts` and `letterheads`, by what names of `bodies` look like.
6. Who: in `persons`, `people`, `cards` and `named`, by what `names` look like, without those who stand by
   (`bystanders`, `makers`).
7. `conditions` and `prices`; then `remaining` puts every sentence of which no field tells into the description.

Words of four languages stand in `words`, `lines.label_words`, `sites.grounds` and `persons.given`; a rule that stands
alone keeps its own beside it.
"""
