"""The words of statements about health: what they mean here, and which mean the same.

No dictionary of English: only what is needed to tell such statements apart.
"""

from __future__ import annotations

# Words that say nothing about what is claimed.
STOP_WORDS = frozenset(
    "a about above actually after again all also although always am an and another any are as"
    " at be because been before being both but by came can come comes could did do does doing"
    " done during each either else especially etc even ever every few for from further gave"
    " get gets getting give given gives giving go goes going got had has have having he her"
    " here hers herself him himself his how i if in indeed into is it its itself just kind let"
    " like made make makes many may me might more most much must my myself near of off"
    " often on once one only onto or other others our ours out over own per perhaps possible"
    " provide provided provides put quite rather really shall she should since so some"
    " something soon still such take taken takes taking than that the their theirs them then"
    " there these they thing things this those thus to together too toward towards"
    " turn under until up upon us use used user users uses using usually various very via was"
    " way we well were what when where which while who whom whose why will with within would"
    " yet you your yours yourself able allow allows want wants offer offers offered me last"
    " people person persons someone anyone everybody everyone customer customers patient"
    " patients individual individuals participant participants consider considered regard"
    " regarded recognise recognised recognize recognized generally thought known simply"
    " lot lots say says said found find finds finding"
    " called commonly main".split()
)

# Each line: words (as stems) that say the same here. The first names the group.
_GROUPS = """
ease easing eased cutting relieve relief alleviate soothe soften help lessen reduce lower
ease decrease cut diminish curb calm minimise minimize improve mitigate halve fewer less
worsen aggravate increase raise intensify exacerbate
cause trigger bring lead produce induce create
effective work effectiveness efficacy
study studies research trial trials studied researched researcher investigation
clinical clinic clinician
show suggest indicate prove demonstrate reveal confirm observe observation observed
symptom symptoms sign
severity severe hard intense strength strong stronger strongest potent potency potencies
opioid opiate opioids opiates
medicine medication medicament drug pharmaceutical pharmaceuticals prescription
medicine medicines conventional synthetic
alternative substitute replacement replace replaces instead
safe safety harmless
risk risks danger dangerous dangers hazard
strain strains variety varieties
vein veins pigment pigmentation colour color colours
high rich richer higher elevated
amount level levels content concentration quantity
receptor receptors
bind attach act acting acted activate interact binds activates bound stimulate agonist target
century centuries hundred
traditional traditionally tradition
southeast thailand malaysia indonesia
differ vary varies depend different differs variety variable various
mood mind
doctor physician provider healthcare professional medic doc gp
consult talk speak ask check tell
legal law laws status legality
ban banned prohibited outlawed illegal
country countries state states place places
gentle mild gently
counselling counseling therapy therapies therapeutic therapist behavioural behavioral
support supportive supporting back backs backed
crucial vital essential important key
treatment treat treats
adherence stick stay retention adhere
success successful odds chance chances likelihood likely
recovery recover sober sobriety clean
evidence science scientific scientists scientist
grow growing growth mounting
tailor customise customize personalise personalize personalised personalized fine-tune tune custom
dose dosage dosing doses
balanced balance balancing even
blend mix mixture combination profile
author writer she he
doctorate phd
certified certificate certification
guide article
start begin starting initiate
long duration lasts length
gradual gradually slow slowly
resource resources
choose pick select choice
"""

_SUFFIXES = (
    "ations", "ation", "ingly", "edly", "ments", "ment", "ness", "ings", "ing", "ies", "ied",
    "ers", "est", "ed", "es", "ly", "er", "s", "e", "y",
)  # fmt: skip


def stem(word: str) -> str:
    """Return `word` without its ending: relieves, relieved, relieving are "reliev"."""
    for suffix in _SUFFIXES:
        least = 3 if suffix == "s" and word[-2:] != "ss" else 4
        if word.endswith(suffix) and len(word) - len(suffix) >= least:
            word = word[: -len(suffix)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word


MEANING: dict[str, str] = {}
for _line in _GROUPS.strip().splitlines():
    _first, *_rest = _line.split()
    for _word in (_first, *_rest):
        MEANING.setdefault(stem(_word), _first)

OPPOSITES = (("ease", "worsen"), ("legal", "ban"), ("gentle", "severity"))

NUMBER_WORDS = {
    "half": "50%", "halve": "50%", "halves": "50%", "halved": "50%", "halving": "50%",
    "five": "5", "six": "6", "seven": "7", "fifteen": "15", "twice": "2", "double": "2",
}  # fmt: skip
