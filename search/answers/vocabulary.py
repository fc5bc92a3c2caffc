"""The words by which a query shows what it asks.

Phrases are folded as the words of a query are ("cant", not "can't") and have a blank at
both ends, so that they are looked for whole.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _


def phrases(text: str) -> tuple[str, ...]:
    """Return phrases between semicolons, folded as the words of a query are."""
    return tuple(f" {phrase.strip()} " for phrase in text.split(";"))


LAW = phrases(
    "legal;illegal;legality;legally;legalised;legalized;lawful;unlawful;law;laws;ban;bans"
    ";banned;banning;prohibited;prohibition;forbidden;allowed;permitted;possess;possession"
    ";buy;buying;sell;selling;sale;sold;purchase;schedule;scheduled;controlled;regulated"
    ";regulation;regulations;age;how old;crime;criminal;arrested;felony;misdemeanor;customs"
    ";import;bring;travel;can i have;status;gesetz;verboten;erlaubt;strafbar"
    ";loi;interdit;ley;prohibido;ilegal"
)
COMPARE = phrases(
    "vs;versus;compare;compared;comparison;difference;differences;different;differ;better"
    ";worse;stronger;safer;than;instead;same;alternative"
)
EITHER = phrases("vs;versus;or;against;than;v")
MIX = phrases(
    "mix;mixed;mixing;combine;combined;combining;combination;together;interact;interacts"
    ";interaction;interactions"
)
BOTH = phrases("and;with;plus;while;on;after;und;mit;et;y;con")
SAFETY = phrases(
    "safe;safety;safely;unsafe;danger;dangers;dangerous;risk;risks;risky;harm;harms;harmful"
    ";side effect;side effects;adverse effect;adverse effects;overdose;overdosed;overdosing"
    ";interact;interacts;interaction;interactions;toxic;toxicity;poison;poisoning;poisonous"
    ";deadly;lethal;fatal;kill;kills;die;died;death;deaths;addictive;habit forming;bad for"
    ";hurt;hurts;damage;damages;pregnant;pregnancy;breastfeeding;breast feeding;nursing;baby"
    ";liver;kidney;kidneys;heart;brain;contraindication;contraindications;who should not"
)
EVIDENCE = phrases(
    "help;helps;helped;helping;helpful;work;works;working;treat;treats;treating;treatment"
    ";evidence;effective;effectiveness;efficacy;ease;eases;relief;relieve;relieves;reduce"
    ";reduces;good for;used for;use for;what for;benefit;benefits;useful;cure;cures"
    ";study;studies;trial;trials;research;science"
)
HELP = phrases(
    "help;helps;helped;helping;work;works;treat;treats;treating;treatment;for;effective"
    ";ease;eases;relief;relieve;relieves;reduce;reduces;against;cure;cures;stop;stops"
    ";manage;remedy;medicine"
)
BRINGS = phrases(
    "symptoms;symptom;signs;timeline;how long;last;duration;cause;causes;caused;causing"
    ";from;off;quit;quitting;stopping;stopped;after;coming off;get;gives;induced;bad"
)
DEFINES = phrases("what is;whats;what are;what does;meaning;definition;define;was ist")

# What people take with other things, by the beginnings of the words for it. The first
# is how the records say it.
PARTNERS: dict[str, tuple[str, ...]] = {
    _("alcohol"): tuple(
        "alcohol alkohol beer wine vodka liquor booze drinking".split()
    ),
    _("benzodiazepines"): tuple("benzodiazepin benzo xanax valium alprazolam".split()),
    _("opioids"): tuple("opioid opiate heroin oxycodon fentanyl painkiller".split()),
    _("antidepressants"): tuple("antidepress ssri prozac zoloft sertralin".split()),
    _("venlafaxine"): tuple("venlafaxin effexor".split()),
    _("quetiapine"): tuple("quetiapin seroquel".split()),
    _("midazolam"): ("midazolam",),
    _("stimulants"): tuple("stimulant adderall amphetamin cocaine".split()),
    _("medicines"): tuple("medicine medication meds".split()),
}
