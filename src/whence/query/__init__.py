"""Questions: lineage, impact, why, diff, search. Pure reads over a store."""
