"""How fast a big file becomes an edition, measured beside a floor and a peer."""
