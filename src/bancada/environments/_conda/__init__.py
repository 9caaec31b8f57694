"""Environments made by Conda, Mamba, micromamba or Pixi."""
