"""Pages of other ways to draw a reply, which the app is compared with."""
