"""How days and hours are written where a page does not say: as readers see them."""
