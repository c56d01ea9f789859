"""The colorizer: a network and a colour target as one Keras model; how it colours a photo and how it learns."""
