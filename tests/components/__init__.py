"""The components, drawn without a browser."""
