"""Environments made by `python -m venv`, with what pip installed."""
