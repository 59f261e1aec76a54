"""From events to rows: identity and binding. Pure, and the same for every store."""
