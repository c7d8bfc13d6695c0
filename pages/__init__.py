"""The pages: thin scripts that read the session and call components."""
