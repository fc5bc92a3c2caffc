"""The site as a whole."""

from __future__ import annotations

from kb import method
from kb.linked_data.head import Head
from kb.linked_data.nodes import LICENCE_URL, absolute, node, publisher


def site() -> Head:
    """Return the head of the home page: what it is, and how it is asked."""
    search = node(
        "SearchAction",
        target=node(
            "EntryPoint", urlTemplate=absolute("/search/?q={search_term_string}")
        ),
    )
    search["query-input"] = "required name=search_term_string"
    return Head(
        path="/",
        graph=[
            node(
                "WebSite",
                name="Pharmakon",
                url=absolute("/"),
                inLanguage="en",
                license=LICENCE_URL,
                publisher=publisher(),
                potentialAction=search,
            )
        ],
        is_record=False,
    )


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
    terms_set = node(
        "DefinedTermSet", name=name, url=absolute(path), hasDefinedTerm=terms
    )
    return Head(path=path, graph=[terms_set], is_record=False)
