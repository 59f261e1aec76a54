"""Who may do what: tokens with scopes for each project, and the trail of what was done."""
