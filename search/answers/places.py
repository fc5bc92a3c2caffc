"""Places that a query names though nobody recorded them: "kratom legal catalonia".

There are some five thousand of them, and many bear the name of something else. A wrong
place is worse than none, so a name counts here only if it can hardly be another thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from kb import gazetteer
from kb.names import Word
from kb.places import outermost
from search.answers.names import Named

SHORTEST, LONGEST = 5, 6  # letters; words
# Words of a query, and names of varieties, that are places too. They and all shorter
# names count only where the query also names the country.
_WORDS = frozenset(
    "airport;apace;ascension;atlantic;bender;bursa;batman;capital;cascade;cascades;center;central"
    ";central region;centre;coast;colon;continental;cordillera;cortez;cross river;currents;delta"
    ";derby"
    ";eastern;eastern region;encamp;equator;estuary;extreme north;falcon;far north;far west"
    ";federal;federal district;flores;free state;ganja;glacis;hackney;harrow;highland;holy spirit"
    ";hope town;independence;inland;insular;island;jinja;kalimantan;labor;large port;littoral"
    ";male atoll;maritime;mascara;matara;missions;mountain;national capital;new north;north"
    ";north bank;north central;north east;north west;north western;northeast;northeastern"
    ";northern;northern province;northern region;northland;northwest;northwestern;oriental"
    ";paradise;peach city;pelican;piedmont;plateau;plateaux;plunge;point fortin;progress"
    ";reading;red sea;rouge;salta;samara;sanga;sides;slough;south;south east;south west"
    ";southeast;southern;southern region;southland;southwest;stoke;store;sumatra;tabor;tartar"
    ";tassie;tobacco;unity;upper east;upper west;valley;west coast;western;western region"
    ";westland".split(";")
)
# Names that a reader may well mean another place by, mostly a city of the United States.
_SHARED = frozenset(
    "alexandria;aurora;bedford;birmingham;black river;boston;bristol;camden;charlotte;cordoba"
    ";cordova;cumberland;dover;dundee;durham;essex;fontana;granada;guadalajara;hanover;kingston"
    ";la paz;lancaster;long island;manchester;merida;newcastle;newport;norfolk;orange walk"
    ";plymouth;portland;portsmouth;saint andrew;saint catherine;saint george;saint paul"
    ";saint thomas;san jose;san juan;san luis;san marcos;san pedro;san salvador;santa barbara"
    ";santa cruz;santa fe;st andrew;st george;suffolk;syracuse;toledo;valencia;wellington"
    ";windsor".split(";")
)
ONLY_WITH_COUNTRY = _WORDS | _SHARED


class Span(NamedTuple):
    """Words that are the name of a place, from `first` to before `last`."""

    first: int
    last: int
    name: str

    def covers(self, first: int, last: int) -> bool:
        """Tell whether words lie inside it, and are fewer: "France" in "Île-de-France"."""
        is_inside = self.first <= first and last <= self.last
        return is_inside and last - first < self.last - self.first


def spans(found: Sequence[Word]) -> list[Span]:
    """Return all names of places among the words of a query, the longest at each word."""
    names, at = [], 0
    while at < len(found):
        for last in range(min(len(found), at + LONGEST), at, -1):
            name = " ".join(word.text for word in found[at:last])
            if name in gazetteer.by_name():
                names.append(Span(at, last, name))
                at = last
                break
        else:
            at += 1
    return names


def unrecorded_places(
    named: Sequence[Span], taken: Collection[int], around: Collection[str]
) -> Iterator[tuple[Named, ...]]:
    """Yield the places that are meant, a tuple each.

    taken are the numbers of words that name something else; around are the codes of
    regions that the query names as well.
    """
    for span in named:
        if taken and not set(taken).isdisjoint(range(span.first, span.last)):
            continue
        code = _meant(span.name, around)
        if code:
            yield (place_named(code),)


def place_named(code: str) -> Named:
    place = gazetteer.places()[code]
    return Named("region", code, place.name, place.name)


def _meant(name: str, around: Collection[str]) -> str | None:
    """Return the code of the one place that a name can mean here."""
    codes = gazetteer.by_name().get(name, ())
    inside = [
        code for code in codes if not set(around).isdisjoint(gazetteer.above(code))
    ]
    is_plain = len(name) >= SHORTEST and name not in ONLY_WITH_COUNTRY
    possible = outermost(inside or (codes if is_plain and not around else ()))
    return possible[0] if len(possible) == 1 else None
