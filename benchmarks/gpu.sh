#!/usr/bin/env bash
# Times kcolor on a GPU within ten minutes: benchmarks/gpu.sh [WHEELS] [options of benchmarks.gpu]
# WHEELS is a folder of wheels (Keras's, and what it needs), for machines that have JAX or PyTorch, but neither Keras nor a network.
# They are unpacked into build/gpu, and nothing is installed. KERAS_BACKEND chooses the backend (jax by default).
set -euo pipefail
cd "$(dirname "$0")/.."
export KERAS_BACKEND=${KERAS_BACKEND:-jax}
export TF_CPP_MIN_LOG_LEVEL=${TF_CPP_MIN_LOG_LEVEL:-3}
python=${PYTHON:-python3}
if [[ ${1:-} && -d $1 ]]; then
    mkdir -p build/gpu
    for wheel in "$1"/*.whl; do
        "$python" -m zipfile -e "$wheel" build/gpu
    done
    export PYTHONPATH="$PWD/build/gpu:$PWD${PYTHONPATH:+:$PYTHONPATH}"
    shift
fi
exec timeout 600 "$python" -m benchmarks.gpu "$@"
