"""How many texts a neighbourhood may have checked: by the page and the API together."""

from kb.limits import Limit

CHECKS = Limit("check", times=30, within_s=60)
