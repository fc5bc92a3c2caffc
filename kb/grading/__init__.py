"""The level of an assessment from its evidence items, with its arithmetic.

Plain values in, plain values out. The rule is that of docs/method.md: the best kind
of study sets the start, concerns move it down, and the reader sees every step. Two laws
hold and are tested: the order of the items never matters, and an item that is worse
than what is there never raises a level. `kb.hints` runs the rule backwards.
"""
