"""Public lists that an operator downloaded, mapped to our records; a module a list.

Nothing that readers see moves: what a list adds to a published record is proposed for
review, what is new is a draft. `manage.py import_list` runs them; none is shipped.
"""

from __future__ import annotations

from exchange.lists.misspellings import Misspellings
from exchange.lists.plants import PlantCompounds
from exchange.lists.running import PublicList
from exchange.lists.schedules import CanadaSchedules, UnitedStatesSchedules
from exchange.lists.symptoms import SymptomTerms

LISTS: dict[str, PublicList] = {
    each.name: each
    for each in (
        UnitedStatesSchedules(),
        CanadaSchedules(),
        PlantCompounds(),
        SymptomTerms(),
        Misspellings(),
    )
}
