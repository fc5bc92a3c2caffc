"""A Django site that searches with haystack and Whoosh, as its tutorial builds one.

`serve.py` runs it in a process of its own, for its settings are not ours.
"""
