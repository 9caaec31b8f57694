"""An interpreter outside any environment."""
