"""What the words mean: tables, code lists, places, rules. Nothing of ours is imported here."""
