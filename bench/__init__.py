"""Figures, not promises: what the site's parts cost, and how well search ranks."""
