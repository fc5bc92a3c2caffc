"""What a page says to programs: schema.org as JSON-LD, and the links between its forms.

A function a kind of record. They read rows that the page has loaded, ask for nothing,
and never say more than the record does: what is not assessed or not checked is left out.
The whole record is one link away, in the API; it is not repeated here.
"""
