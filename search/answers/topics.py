"""The worries that readers name, and how the records speak of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from kb.choices import SafetyKind
from search.answers.vocabulary import phrases

OVERDOSE = phrases(
    "overdose;overdosed;overdosing;took too much;taken too much;uberdosis;sobredosis"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A worry that readers name: how they say it, and how the records do."""

    name: str
    said: tuple[str, ...]
    stems: tuple[str, ...]  # in the name of a symptom or in a note
    kind: SafetyKind | None = None  # if given, notes are judged by their kind alone
    is_harm: bool = True


TOPICS = (
    Topic(
        _("breastfeeding"),
        phrases(
            "breastfeeding;breast feeding;breastfeed;nursing;stillen;stillzeit;lactancia"
        ),
        ("breast", "nursing", "lactat"),
    ),
    Topic(
        _("pregnancy"),
        phrases(
            "pregnant;pregnancy;baby;schwanger;schwangerschaft;embarazo;embarazada"
        ),
        ("pregnan", "newborn", "neonatal"),
    ),
    Topic(_("the liver"), phrases("liver;leber;higado"), ("liver",)),
    Topic(
        _("the kidneys"),
        phrases("kidney;kidneys;niere;nieren;rinones"),
        ("kidney", "renal"),
    ),
    Topic(_("the heart"), phrases("heart;herz;corazon"), ("heart", "cardia", "qt")),
    Topic(_("the brain"), phrases("brain"), ("brain", "psychosis", "seizure")),
    Topic(
        _("overdose and death"),
        phrases(
            "overdose;overdosed;overdosing;deadly;lethal;fatal;kill;kills;died;death;deaths"
            ";took too much;taken too much;sterben;stirbt;gestorben;morir;muere"
            ";you die;to die;die from;people die;uberdosis;todlich;sobredosis;mortal;mata"
        ),
        ("death", "overdose"),
        SafetyKind.OVERDOSE,
    ),
    Topic(
        _("dependence"),
        phrases(
            "addictive;habit forming;suchtig;abhangig;suchtgefahr;adictivo;adictiva"
        ),
        ("dependence",),
        SafetyKind.DEPENDENCE,
    ),
    Topic(
        _("interactions"),
        phrases("interact;interacts;interaction;interactions"),
        ("interaction",),
        SafetyKind.INTERACTION,
    ),
    Topic(
        _("who must not take it"),
        phrases("contraindication;contraindications;who should not"),
        ("contraindicat",),
        SafetyKind.CONTRAINDICATION,
    ),
    Topic(
        _("children"),
        phrases("kids;children;teenagers;teens;kinder;jugendliche;ninos;adolescentes"),
        ("children", "adolescen", "teenage"),
    ),
    Topic(
        _("driving"),
        phrases("drive;driving;driver;autofahren;auto fahren;fahren;conducir"),
        ("driving", "traffic"),
    ),
    Topic(
        _("drug tests"),
        phrases(
            "drug test;drug tests;drug testing;drug screen;urine test;drogentest"
            ";urintest;prueba de drogas;test de drogas;analisis de orina"
        ),
        (),
        is_harm=False,
    ),
)
