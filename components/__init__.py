"""Everything that draws: what the pages are made of, and the one place where parts are joined."""
