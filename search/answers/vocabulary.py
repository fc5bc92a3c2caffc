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
    ";loi;interdit;ley;leyes;legales;prohibido;prohibida;ilegal;permitido;comprar;vender"
    ";gesetze;gesetzlich;kaufen;besitz;besitzen"
)
COMPARE = phrases(
    "vs;versus;compare;compared;comparison;difference;differences;different;differ;better"
    ";worse;stronger;safer;than;instead;same;alternative;oder;unterschied;vergleich"
    ";besser;starker;diferencia;mejor;comparar"
)
EITHER = phrases("vs;versus;or;against;than;v;oder;gegen;contra")
MIX = phrases(
    "mix;mixed;mixing;combine;combined;combining;combination;together;interact;interacts"
    ";interaction;interactions;mischen;zusammen;kombinieren;wechselwirkung"
    ";wechselwirkungen;mezclar;mezcla;combinar;juntos;interaccion;interacciones"
)
BOTH = phrases("and;with;plus;while;on;after;und;mit;et;y;con")
SAFETY = phrases(
    "safe;safety;safely;unsafe;danger;dangers;dangerous;risk;risks;risky;harm;harms;harmful"
    ";side effect;side effects;adverse effect;adverse effects;overdose;overdosed;overdosing"
    ";interact;interacts;interaction;interactions;toxic;toxicity;poison;poisoning;poisonous"
    ";deadly;lethal;fatal;kill;kills;died;death;deaths;addictive;habit forming;bad for"
    ";hurt;hurts;damage;damages;pregnant;pregnancy;breastfeeding;breast feeding;nursing;baby"
    ";liver;kidney;kidneys;heart;brain;contraindication;contraindications;who should not"
    ";took too much;taken too much;kids;children;teenagers;teens;kinder;jugendliche;ninos"
    ";adolescentes;sterben;stirbt;gestorben;morir;muere;you die;to die;die from;people die"
    ";drive;driving;driver;drug test;drug tests;drug testing;drug screen;urine test"
    ";gefahrlich;gefahr;gefahren;sicher;schadlich;nebenwirkungen;uberdosis;giftig;todlich"
    ";schwanger;schwangerschaft;stillen;stillzeit;leber;niere;nieren;herz;suchtig;abhangig"
    ";suchtgefahr;autofahren;auto fahren;fahren;drogentest;urintest"
    ";peligroso;peligrosa;peligro;peligros;seguro;segura;riesgo;riesgos;dano;danino"
    ";efectos secundarios;sobredosis;toxico;mortal;mata;embarazo;embarazada;lactancia"
    ";higado;rinones;corazon;adictivo;adictiva;conducir;prueba de drogas"
    ";test de drogas;analisis de orina"
)
DOSE = phrases(
    "dose;doses;dosage;dosages;dosing;how many grams;how many mg;how many milligrams"
    ";dosis;dosierung;dosieren;wie viel gramm;cuantos gramos"
)
# Asks for a dose, unless for how much it helps or how much one may have.
HOW_MUCH = phrases("how much;how many;wie viel;wieviel;cuanto;cuantos;cuanta")
HOW_LONG = phrases(
    "how long;how many days;duration;last;lasts;timeline;wie lange;dauer;dauert"
    ";cuanto dura;cuantos dias;cuanto tiempo;duracion"
)
EVIDENCE = phrases(
    "help;helps;helped;helping;helpful;work;works;working;treat;treats;treating;treatment"
    ";evidence;effective;effectiveness;efficacy;ease;eases;relief;relieve;relieves;reduce"
    ";reduces;good for;used for;use for;what for;benefit;benefits;useful;cure;cures"
    ";study;studies;trial;trials;research;science"
    ";hilft;helfen;wirkt;wirkung;wirksam;nutzen;studien;ayuda;sirve;funciona;eficaz"
    ";beneficios;estudios"
)
HELP = phrases(
    "help;helps;helped;helping;work;works;treat;treats;treating;treatment;for;effective"
    ";ease;eases;relief;relieve;relieves;reduce;reduces;against;cure;cures;stop;stops"
    ";manage;remedy;medicine;hilft;helfen;wirkt;lindert;gegen;ayuda;sirve;alivia;contra;para"
)
BRINGS = phrases(
    "symptoms;symptom;signs;timeline;how long;last;duration;cause;causes;caused;causing"
    ";from;off;quit;quitting;stopping;stopped;after;coming off;get;gives;induced;bad"
    ";symptome;wie lange;dauer;dauert;verursacht;von;sintomas;dura;duracion;causa;dejar"
)
DEFINES = phrases(
    "what is;whats;what are;what does;meaning;definition;define;was ist;was sind;que es"
    ";que son;an opioid;an opiate;a stimulant;ein opioid;un opioide"
)

# What people take with other things, by the beginnings of the words for it. The first
# is how the records say it.
PARTNERS: dict[str, tuple[str, ...]] = {
    _("alcohol"): tuple(
        "alcohol alkohol beer bier wine wein vodka liquor booze drinking cerveza".split()
    ),
    _("benzodiazepines"): tuple(
        "benzodiazepin benzo xanax valium alprazolam klonopin clonazepam ativan"
        " lorazepam diazepam".split()
    ),
    _("opioids"): tuple(
        "opioid opiate opiat heroin oxycodon fentanyl painkiller schmerzmittel".split()
    ),
    _("antidepressants"): tuple(
        "antidepress antidepres ssri snri prozac fluoxetin zoloft sertralin lexapro"
        " escitalopram citalopram paroxetin".split()
    ),
    _("venlafaxine"): tuple("venlafaxin effexor".split()),
    _("quetiapine"): tuple("quetiapin seroquel".split()),
    _("midazolam"): ("midazolam",),
    _("over-the-counter pain medicines"): tuple(
        "ibuprofen advil tylenol acetaminophen paracetamol aspirin".split()
    ),
    _("stimulants"): tuple(
        "stimulant stimulanz estimulant adderall amphetamin anfetamin cocain kokain".split()
    ),
    _("medicines"): tuple("medicine medication meds medikament medicament".split()),
}
# What is on record of a group may stand under one of it (ATC: N05CD, N06A, N06BA).
MEMBERS: dict[str, tuple[str, ...]] = {
    "benzodiazepines": ("midazolam",),
    "antidepressants": ("venlafaxine",),
    "stimulants": ("modafinil",),
}
# A record with this tag is one of a group that the records name: "kratom and opioids".
GROUP_OF_TAG = {"opioid-medicine": _("opioids")}

DANGER = phrases(
    "overdose;overdosed;overdosing;not breathing;stopped breathing;unconscious"
    ";unresponsive;wont wake up;cant wake;suicide;suicidal;emergency;passed out"
    ";uberdosis;uberdosierung;bewusstlos;atmet nicht;wacht nicht auf;suizid;selbstmord"
    ";having a seizure;has a seizure;convulsing;krampft;convulsiona;notfall;notarzt"
    ";sobredosis;inconsciente;no respira;no despierta;suicidio;emergencia"
)
