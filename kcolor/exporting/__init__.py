"""Exports a colorizer for other programs: SavedModel, ONNX, LiteRT, Keras."""
