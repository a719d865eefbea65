"""Fields of WordprocessingML: what Word shows for them."""
