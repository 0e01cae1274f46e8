"""From a file that nobody has seen to a declaration that a person finishes: what is proven is written, the rest is asked."""
