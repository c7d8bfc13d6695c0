"""What the Makefile calls beside the tools that have a name of their own."""
