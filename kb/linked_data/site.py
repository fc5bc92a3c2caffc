"""The site as a whole."""

from __future__ import annotations

from kb import method
from kb.linked_data import pages
from kb.linked_data.head import Head
from kb.linked_data.nodes import absolute, here, node


def site() -> Head:
    """Return the head of the home page: what it is, and how it is asked."""
    return Head(path="/", graph=[pages.website()], is_record=False)


def levels() -> Head:
    """Return the head of the method page: the levels as terms with their meaning."""
    path = "/method/"
    terms = [
        node(
            "DefinedTerm",
            name=str(level.label),
            termCode=level.value,
            description=means,
        )
        for level, means in method.LEVEL_MEANS.items()
    ]
    name = "Levels of evidence"
    terms_set = node("DefinedTermSet", name=name, url=here(path), hasDefinedTerm=terms)
    terms_set["@id"] = f"{absolute(path)}#levels"
    head = pages.page(path, "How evidence is graded", main={"@id": terms_set["@id"]})
    return Head(path=path, graph=[*head.graph, terms_set], is_record=False)
