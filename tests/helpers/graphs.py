"""Has TensorFlow run step by step where a test looks at no graph: making one takes seconds, a step of a tiny network none."""

import keras

from kcolor.utils import compile


class Switch:
    """Whether TensorFlow makes graphs of colorizers and of Keras's models: as users have it, or not at all."""

    def __init__(self):
        self.graphs = True
        if keras.backend.backend() == "tensorflow":
            self._patch()

    def _patch(self):
        asked, traced, init = keras.Model.run_eagerly, compile.Graph._graph, compile.Compiled.__init__

        def run_eagerly(model):
            return asked.fget(model) or not (self.graphs or model.jit_compile)

        def compiled(function, *given):
            init(function, *given)
            if not self.graphs:
                function._model.jit_compile = False

        keras.Model.run_eagerly = property(run_eagerly, asked.fset)
        compile.Graph._graph = lambda graph, given: traced(graph, given) if self.graphs else None
        compile.Compiled.__init__ = compiled
