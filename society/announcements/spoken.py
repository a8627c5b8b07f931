"""The words by which a text says of somebody that they speak."""

import re

from society.announcements.capitals import CAPITAL
from society.announcements.names import NAME, SEVERAL, TITLED

_DOES = (
    r"(?:(?:has |have )?(?:very )?(?:kindly )?(?:agreed|offered|promised|volunteered|consented) to|(?:has"
    r"|have) [^.,\n]{3,40} and will|asks?|(?:is|be) invited to|will|shall|['’]ll"
    r"|has (?:also )?(?:just |recently )?(?:written|spent|worked|studied|travelled|walked|collected|photographed)"
    r"|(?:has|have) (?:confirmed|accepted|(?:\w{2,10}ly )?stepped in)|steps in"
    r"|(?:is|are) (?:going|coming|travelling|driving|here|back|with us) (?:\w{2,6} )?(?:to|from)|comes? to|(?:is"
    r"|are) (?:giving|speaking|talking|presenting|leading|reading|guiding|teaching|lecturing|returning"
    r"|showing|joining|visiting|performing|playing)"
    r"|(?:is|are|will be) (?:our|the|this (?:month|week|year|evening)['’]s) (?:\w{4,9} )?(?:speakers?|guests?|guides?"
    r"|tutors?|lecturers?|leaders?)\b"
    r"|returns to|speaks?|talks?|presents?|reads?|lectures?|introduces?|discuss(?:es)?"
    r"|leads?|gives?|performs?|plays?|explains?|shows?|tells?|(?:takes|walks|talks|steers) (?:us|you)|shares?"
    r"|joins?|explores?|describes?"
    r"|examines?|considers?|reveals?|demonstrates?|delivers?|guides|teaches|uncovers?|unravels|traces|recalls"
    r"|looks (?:at|back)"
    r"|(?:ist |sind )?(?:bei uns|zu Gast)|spricht|sprechen|liest|lesen aus|hält|zeigt|stellt|berichtet|berichten"
    r"|erzählt|referiert|erklärt|erläutert|führt|diskutier(?:t|en)"
    r"|gewinnen|begrüßen|präsentiert|leitet|wird uns|gibt Einblick|nimmt uns"
    r"|(?:nous |vous |viendra (?:nous )?|vient (?:nous )?|sera (?:parmi|avec|chez) nous|nous fera)?(?:parler(?:a"
    r"|ont)?|présenter(?:a|ont)?|présente"
    r"|raconter(?:a|ont)?|raconte|donnera|animera|interviendra|évoquera|expliquera|proposera|partagera|lira|fera"
    r"|parle|guidera|guide|anime"
    r"|commentera|retracera|dévoilera|conduira)|viendra|sera parmi nous"
    r"|(?:nos |les |os )?(?:hablará|hablarán|presentará|presentarán|impartirá|ofrecerá|dará|contará|explicará"
    r"|conversará|conversarán|charlará|compartirá|disertará|leerá|guiará|mostrará|intervendrá|pronunciará|habla"
    r"|conversa"
    r"|acompañará|visitará|desvelará|recorrerá|imparte))\b"
)
DOING = re.compile(
    rf"(?<![\w.])({SEVERAL})(?:, (?!(?:who|qui|que|quien)\b)([^,.\n]{{3,100}}),)?"
    rf"(?:,? (?:who|qui|que|quien|der|die)(?: [^,.\n]{{3,100}},)?(?=\s|['’]))?(?:\s|(?=['’])){_DOES}"
    rf"|(?<![\w.])({SEVERAL}) on (?=[“\"„«])"
)
"""Who does something that speakers do."""
_IS = r"(?:is|are|will be|ist|sind|wird|est|sera|sont|seront|es|son|será|serán)"
_ROLE = (
    r"(?:(?:speaker|preacher|lecturer|presenter|guest|guest of honou?r|tutor|leader|guide|referent(?:in)?|gast"
    r"|vortragende[r]?|intervenante?|invitée?|conférenci(?:er|ère)|ponente|invitad[oa]|conferenciante|guía)s?)"
)
_LED = (
    r"by|with|(?:conversation|discussion|dialogue|debate) between|zwischen|entre|von|mit|par"
    r"|avec|con|led by"
    r"|(?:talks?|lectures?|contributions?|readings?|stories|songs|tales|words|presentations?|poems) from"
    r"|conversation with|introduced by|en présence d(?:u|e|e la)"
    r"|(?:on the|the|our) panel(?:l?ists)? (?:are|is|will be|includes?|comprises?|consists of|features?)"
    r"|la autora|el autor|a cargo de la|a cargo del?|conférence de|vortrag von|panell?ists(?: are|:)"
    r"|for:|against:|speakers?:|(?:guests?|invitée?s?|invitad[oa]s?|gäste|gast)\s?:"
)
_GOT = (
    r"our (?:very )?own|welcom(?:e|es|ed|ing)(?: back)?|(?:will |to )?host(?:s|ing)?|featuring|secured|persuaded"
    r"|roped in|lined up"
    r"|booked|(?:are|be) joined by|hear(?:ing)? from"
    r"|(?:lucky|fortunate|pleased|delighted|thrilled|honou?red|privileged)(?: enough)? to have|we have|we['’]ve got"
    r"|we(?:['’]ve| have) invited"
    r"|begrüß(?:en|t)|zu gast ist|zu gast haben wir|wir freuen uns auf|accueiller?(?:a|ons|ont)?|rec(?:evrons|evons"
    r"|evra|oit)|recib(?:e|imos|iremos|irá)"
    r"|(?:contaremos|contamos) con|tendremos (?:con nosotros )?a|nos visita(?:rá)?|nos acompaña(?:rá)?|author|director"
)
_VERB_FIRST = (
    r"(?:kommt|hält|spricht|liest|referiert|zeigt|berichtet|erzählt|führt|leitet|führen|sprechen|erklärt"
    r"|nimmt)(?: (?:uns"
    r"|euch|sie|ihnen))?(?: (?:wieder|auch|diesmal|heuer|dieses mal|wie immer))?"
    r"|ist(?= [^.\n]{5,60} (?:bei uns|zu gast|unser gast))"
    r"|(?:nos |les |os )?(?:impartirá|dará|ofrecerá|pronunciará|hablará|hablarán|guiará|presentará|contará|conversará"
    r"|disertará|mostrará|explicará|conversarán|guía|habla)"
    r"|donnera|proposera|animera|interviendra|interviendront"
)
"""What stands before whoever does it in languages that turn a sentence about."""
_CALLING = r"[a-zß-öø-ÿœ-]{3,20}"
_PROFESSION = r"[a-z-]{2,16}(?:er|or|ist|ian|man|den|ary|ent|ant|iend)"
BY = re.compile(
    rf"(?i:(?:\bw/|\b(?:{_LED}|{_GOT}|{_VERB_FIRST}|{_ROLE}(?:\b[^.\n]{{0,60}}? {_IS}| [–-]|)))),? (?:a )?"
    rf"(?:(?:{CAPITAL}[\w.]{{1,20}} ){{0,2}}{CAPITAL}\w{{1,20}}['’]s )?"
    rf"(?:our (?:{_CALLING} ){{0,2}}{_CALLING}, |(?:the|his|her|my|an?) (?:{_CALLING} ){{0,2}}{_PROFESSION}, "
    rf"|(?:the|our|an?|his|her) [^.,;\n]{{3,40}}, (?={TITLED.pattern}))?"
    rf"(?:(?:el|la|le|der|die|den|dem|the|our|an?|une?|una) |l['’])?(?:(?:{_CALLING}|de) ){{0,4}}"
    rf"({SEVERAL})"
    rf"|(?i:\bjoin (?:us for )?)(?:(?!the )[a-z]{{3,14}} ){{0,2}}({SEVERAL}) (?:for|as)\b"
    rf"|(?i:\bit(?:['’]s| is| will be)) ({SEVERAL}) (?:on|with|who|talking|speaking|about)\b"
    rf"|[”\"»],?\sde ({SEVERAL})"
)
"""Who stands behind words that lead to a speaker."""
LEADING = re.compile(rf"(?:^|^.{{0,60}}\d(?:\s?[ap]m| Uhr| ?h)?: )({SEVERAL})(?:: | - (?!\d)| – (?!\d)| on (?=[a-z]))")
TIMED = re.compile(
    rf"^\d{{1,2}}[.:]\d\d(?:\s?[–-]\s?\d{{1,2}}[.:]\d\d)?(?:\s?[ap]m| Uhr)?:?\s(?:{CAPITAL}[a-z]{{2,14}}: )?"
    rf"({SEVERAL})(?=:| - | – |,? [“\"„«]|, {CAPITAL}).{{0,200}}",
    re.MULTILINE,
)
BEFORE_TITLE = re.compile(
    rf"(?:^|[–:-] |^\d{{1,2}}[.:]\d\d |\d\s?[ap]m,? | Uhr,? )({SEVERAL}),? (?=[“\"„«])", re.MULTILINE
)
""" "7pm - Ada Example, “The Sea”"."""
ABOUT = re.compile(rf"(?<![\w.])({NAME}) (?:on|about|über|zu|sur|sobre) (?=[a-zß-öø-ÿ])")
""" "Ada Example on parking, Ben Sample on trees"."""
CONVERSING = re.compile(rf"(?:^|(?<=: )|(?<=[–-] ))({NAME}),? in conversation with\b", re.MULTILINE)
