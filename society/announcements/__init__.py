"""From the text of a flyer or a mail to the event form, filled.

`reading.read` goes through a text in these steps; `filling.fill` puts what it finds into the form.

1. `layout` frees the lines of a mail's head and end (`letters`, `frames`, `chats`), turns tables into labels
   (`columns`), sets apart what is for those who come (`joining`) and finds the labels (`labels`). `several` keeps
   one of several events.
2. When: `when` chooses among the days (`dates`, `monthly`, `today`), the hours (`hours`, `faces`, `ends`, `lasting`)
   and the zones (`clocks`).
3. What: each of `ways` and `headlines` offers titles; `titles` takes the likeliest, after what `unlikely` and
   `plausible` say against each.
4. Where: `spots` and the lines beside the day offer places; `where` takes the likeliest, and `places` tells venue, room
   and address apart, by the words of `grounds` and `streets`.
5. Whose: `backers`, `hosts` and `letterheads`, by what names of `bodies` look like.
6. Who: `people`, `cards` and `named`, by what `names` look like, without those who stand by (`bystanders`, `makers`).
7. `conditions` and `prices`; then `remaining` puts every sentence of which no field tells into the description.

Words of four languages stand in `words`, `grounds` and `given`; a rule that stands alone keeps its own beside it.
"""
