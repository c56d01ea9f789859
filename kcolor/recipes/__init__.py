"""Recipes: TOML files that say everything that a training run needs, and what is built from them."""
