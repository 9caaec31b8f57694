"""Environments made by Poetry."""
