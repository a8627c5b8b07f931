"""What meeting services write into invitations, and people around the addresses of these, in four languages."""

import re

_SERVICES = (
    r"zoom(?:gov)?\.(?:us|com)|teams\.(?:microsoft|live|cloud)|webex\.com|meet\.google\.com|jit\.si|jitsi|gotomeet"
    r"|bigbluebutton|\bbbb\d{0,2}\.|gotowebinar|whereby\.com|bluejeans\.com|join\.skype\.com|8x8\.vc|senfcall\.de"
    r"|discord\.gg|discord\.com/invite|chat\.whatsapp\.com|signal\.group|alfaview|opentalk|kmeet\."
    r"|livestorm\.co|dfnconf\.de|visio\.numerique\.gouv"
)
_REST = r"[^\s<>\"')\]]"
ADDRESS = re.compile(
    rf"(?:https?|zoommtg|msteams)://{_REST}{{3,900}}"
    rf"|(?<![\w./-])(?:[\w-]{{1,40}}\.){{0,3}}(?:{_SERVICES})[\w.-]{{0,60}}/{_REST}{{1,900}}",
    re.IGNORECASE,
)
PRIVATE = re.compile(rf"{_SERVICES}|[?&#;/](?:pwd|pass(?:code|word|wd)?|pw|pin|kennwort|passwort)=", re.IGNORECASE)
JOINS = re.compile(
    r"zoom|teams|webex|meet|jitsi|stream|online|webinar|join|link|video|hybrid"
    r"|zugang|beitreten|rejoindre|en ligne|lien|enlace|en línea",
    re.IGNORECASE,
)
NO_JOINING = re.compile(
    r"book|ticket|regist(?:er|ration)|anmeld|rsvp|donat|map|more information|details|recording|website|find us|slides"
    r"|inscri|r[eé]serv|sign up|photo",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"(?:^|[\s(])(?:(?:at|via|on|under|using|by|through|from|with|unter|über|auf|per|mit|bei)|(sur|par|avec|à)"
    r"|(en|por|con))$",
    re.IGNORECASE,
)
ONLINE_IN = {None: "online", 1: "en ligne", 2: "en línea"}
"""What stands for an address and the word before it, by the group of `BEFORE` that found this."""
CLAUSE = re.compile(r"(?:^|[,;]\s|\s[–-]\s|\s(?=(?:or|and|und|oder|et|ou|y|o)\s))[^,;:(]{0,60}:$")
"""From the last comma, dash or "or" to the colon before an address: "Town Hall, or on Zoom:"."""
_NUMBERED = (
    r"(?:(?:zoom|teams|webex)[\s-])?(?:(?:(?:phone )?conference|meeting|webinar|konferenz|besprechungs?|sitzungs?)"
    r"[\s-]?(?:id|number|nummer|no|nr|kennung|code)\b\.?(?: \(access code\))?|id)"
    r"|(?:id|identifiant|n[°o]) de (?:la )?r[eé]uni[oó]n"
)
_SERVICE = r"(?:zoom|teams|webex)(?:[\s-](?:meeting|webinar|raum|room))?"
_DOORS = (
    r"(?:(?:front |back |side )?door|gate|entry|entrance|key(?:[ -]?(?:safe|box))?|lock(?:[ -]?box)?|padlock|building"
    r"|barrier|car[ -]park|intercom|alarm)"
)
_WORDED = (
    r"(?:(?:zoom|teams|webex|meeting|access|security|join|dial-in|audio|host)[\s-])?(?:pass ?code|password"
    r"|pass(?=\s?[:=])|pwd?|access code|pin(?:[- ]code)?)|(?:[\w]{2,16}-?)?(?:kenncode|kennwort|passwort"
    rf"|zugangscode|einwahlcode)|{_DOORS}[ -]?(?:code|combination|pin)|(?:code|combination|pin) (?:for|to|of) (?:the"
    rf"|our) (?:[\w'’-]{{2,16}} )?{_DOORS}|(?:key[ -]?(?:safe|box)|schlüssel(?:kasten|safe|tresor))"
    r"(?=\s?:?\s\d{3,8}\b)|keypad|\w{0,16}(?:tür|tor|schloss|schlüssel|eingangs)code"
    r"|(?:code|pin) (?:für|zu|an) (?:der|die|das|dem|den) \w{0,16}(?:tür|tor|schloss|schranke|kasten|tresor"
    r"|eingang)|digicode|code (?:de |du |d['’]|pour )(?:la |le |l['’])?(?:porte|portail|portillon|entrée|immeuble"
    r"|boîte à clés)|mot de passe|code secret|code d['’]accès|contraseña|c[oó]digo de acceso|clave de acceso"
    r"|c[oó]digo (?:del?|para) (?:la |el )?(?:portal|puerta|garaje|entrada|edificio|caja de llaves)"
)
_NO_WORD = (
    r"(?:will|for|may|can|must|that|and|which|protected|required|sent|given|from|below|above|follows|folgt|wird|sera"
    r"|available|needed|needs|changes?|changed|has|on|in|by|at|to|of|or|if|when|please|you|we|ask|nur|bei|auf|sur)\b"
)
_WORD = r"[^\s“”\"',;.)]{3,40}[”\"']?(?=[\s,;.)|/!]|$)"
_BELL = (
    r"(?:please |kindly |just )?(?:(?:ring|press|push|use) (?:the |our |for |on )?(?!church|tower)[^.;:!?\n]{0,40}?\b"
    r"(?:bell|buzzer|doorbell|intercom|entry ?phone)\b|buzz (?:for |at )?(?:the |our )?(?:flat|apartment|office"
    r"|number|no\.?|\d))[^.;!?\n]{0,80}|(?:bitte )?(?:(?:bei|an der) [^.;:!?\n]{2,40} (?:klingeln|läuten)"
    r"|klingeln (?:sie )?(?:bitte )?bei [^.;!?\n]{2,40})|(?:merci de |veuillez )?sonne[rz] (?:à|au"
    r"|chez) [^.;!?\n]{2,40}|(?:tocar|llamar|toquen|llamen) (?:al|el) timbre[^.;!?\n]{0,40}"
)
"""How the door is opened to whoever comes."""
_IS = r"\s?(?:[:=–-]|is|ist|lautet|est|es)\s"
SECRET = re.compile(
    r"(?:(?:^|[,;/|+&–-]|\b(?:and|with|und|mit|et|avec|y|con|using))\s?)?(?:\b(?:the|your|der|die|das|dem|le|la"
    rf"|el)\s)?(?<![\w-])(?P<said>(?:{_NUMBERED}|{_SERVICE})(?:{_IS}|[:#]?\s)\d[\d\s-]{{4,18}}\d#?|(?-i:pwd?)\s{_WORD}"
    rf"|(?:{_WORDED})(?:(?:{_IS}|[:#]?\s)\d[\d\s-]{{2,18}}\d#?(?![\w-])|{_IS}[“\"']?{_WORD}"
    rf"|[:#]?\s[“\"']?(?=\S{{0,20}}\d){_WORD}|(?<=code)\s(?!{_NO_WORD}){_WORD})"
    r"|(?:dial(?:ling)?(?:[- ]in)?(?: number)?|(?:telefon(?:ische )?)?einwahl(?:nummer)?|numéro d['’]appel"
    r"|acceso telefónico|número de acceso)\s?:?\s(?:on )?\+?\d[\d\s()./-]{6,24}\d|code:?\s\d[\d\s-]{2,18}#"
    rf"|(?<!\w)(?:{_BELL})|(?:\A|(?<=[/|] ))code\s?:\s{_WORD}|\d{{6,20}}@[\w.-]{{4,60}})",
    re.IGNORECASE,
)
SECRET_BELOW = re.compile(rf".{{0,60}}(?<![\w-])(?:{_NUMBERED}|{_WORDED})\s?:?", re.IGNORECASE)
"""A line that ends with the name of what the next one tells."""
DIALLED = re.compile(
    r"^(?i:(?:by|per|via|par|por) (?:tele)?(?:phone|téléphone|telefon|teléfono))\s?:?\s\+?\d[\d\s().-]{6,24}$"
    r"|^\+\d[\d\s().-]{6,24}[,#*\d]*(?:\s{1,3}\(?[A-Z].{0,40})?$|^0\d{2}[\d\s/()-]{5,20}$"
)
NUMBER = re.compile(r"\d[\d\s().-]{6,24}\d")
"""A number to dial."""
ONE_TAP = re.compile(r"\d,,\s?\d")
SERVICE_LINE = re.compile(
    r"(?:(?:click here to )?join (?:the |this |our |zoom |webex )?(?:meeting|webinar|call)\b.{0,40}|one[- ]tap\b.{0,40}"
    r"|join (?:on|by|from|with) (?:your|the|phone|computer|video|pc)\b.{0,60}|join instructions|download teams\b.{0,40}"
    r"|(?:learn more|meeting options|find (?:a|your) local number|reset pin|more phone numbers|global call-in)\b.{0,60}"
    r"|(?:or )?(?:dial|call)[- ]?in\b.{0,40}(?:number|audio only|in)\W{0,2}|dial by your location|or dial\b.{0,60}"
    r"|tap to join\b.{0,60}|you can also dial\b.{0,60}|.{0,4}do not delete or change any of.{0,40}"
    r"|when it['’]s time, join.{0,40}|.{2,60} is inviting you to a scheduled zoom meeting\W?"
    r"|.{2,60} lädt sie zu einem geplanten zoom-meeting ein\W?|.{2,60} vous invite à une réunion zoom.{0,20}"
    r"|.{2,60} (?:le|te) (?:está invitando|invita) a una reunión (?:de )?zoom.{0,20}"
    r"|schnelleinwahl\b.{0,40}|une seule touche\b.{0,40}|composez un numéro\b.{0,60}|marque según su ubicación\b.{0,40}"
    r"|(?:jetzt )?an (?:der )?besprechung teilnehmen|zoom-meeting beitreten|(?:telefonische |orts)?einwahl\b.{0,40}"
    r"|(?:participer à|rejoindre) la réunion.{0,40}|unirse a la reunión.{0,40}|trouve[rz] votre numéro local.{0,10})",
    re.IGNORECASE,
)
"""A line of what a service writes around an address."""
SENTENCE = re.compile(r"(?:(?<=[^\W_]{2}[.!?])|(?<=[£€$]\d[.!?]))\s(?=[A-ZÀ-Þ“\"¿¡])")
BRACKETS = re.compile(r"\s?\(([^()]{0,1200})\)")
MARKED = re.compile(r"\[([^\[\]]{0,120})\]\((https?://[^()\s]{3,900})\)")
SAID = re.compile(
    r"\b(?:on|via|by|over|per|über|sur|par|por) (?:zoom|(?:ms |microsoft )?teams|webex|google meet|jitsi|skype)\b"
    r"|\bonline[- ](?:via|talk|meeting|event|only|lecture|seminar|vortrag)|\bwebinar\b|\bhybrid\b"
    r"|(?:[,–-]|\d\s?(?:[ap]m|uhr|h)?)\s(?:online|en ligne|en línea)\b(?! (?:at|booking|shop|catalogue|form))",
    re.IGNORECASE,
)
"""Prose that says that one can join from elsewhere."""
DANGLING = re.compile(
    r"\b(?:is|are|ist|lautet|est|es|click|visit|use|follow|see|to|link|below|on|here|klicken|folgen|pulse|cliquez)$",
    re.IGNORECASE,
)
"""Ends what makes no sense without the address that followed."""
LED_ON = re.compile(r"^\W{0,3}(?:or|and|und|oder|et|ou|y|o)\s(?:(?:at|in|im)\s)?(?:the\s)?(?=[A-ZÀ-Þ])")
LEFT_OVER = re.compile(
    r"(?:,?\s(?:and|or|und|oder|et|ou|y|o|e|via|at|on|by|with|mit|auf|über|unter|sur|par|per|the|link))+(?=[.!?]?$)",
    re.IGNORECASE,
)
NUMBERS = re.compile(r"zoom\.us/u/|dialin|/usp/pstn|meetingoptions|tel\.meet|globalcallin", re.IGNORECASE)
"""Where services list phone numbers: nothing to join by."""
