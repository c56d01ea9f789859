#!/usr/bin/env bash
# Trains and evaluates what docs/results.md shows: benchmarks/results.sh DATA OUT [NAME …]
# DATA has the folders cifar10/, faces/, landscapes/ and photos/; VGG16 and LPIPS, in the environment, are the files of VGG16's
# and of LPIPS' weights, for the latter two. OUT gets a folder, a log, a table, a JSON file and a sheet a run.
# Killed and started again it goes on. The numbers of epochs are made for a machine without a GPU.
set -euo pipefail
data=$1 out=$2
shift 2
mkdir -p "$out"
wanted=" $* "
measured=()

run() { # name, recipe, set, changes…
    local name=$1 recipe=$2 set=$3
    shift 3
    [[ $wanted == "  " || $wanted == *" $name "* ]] || return 0
    kcolor train "$recipe" ${set:+--data "$data/$set"} --out "$out/$name" "$@" >>"$out/$name.log" 2>&1
    kcolor evaluate "$out/$name" "${measured[@]}" --json "$out/$name.json" --sheet "$out/$name.png" --overwrite >"$out/$name.txt" 2>/dev/null
    echo "== $name"
    cat "$out/$name.txt"
}

classes='data.classes=["bird","deer","frog","horse"]'
# System C trained for 1,000 epochs with SGD: in minutes Adam gets further.
adam=(--set 'optimizer={name="adam",learning_rate=3e-3}' --set schedule.name=cosine)
run bins-shapes bins-shapes ""
run ycbcr-cifar10 ycbcr-cifar10 cifar10
run quotient-cifar10 quotient-cifar10 cifar10
run difference-cifar10 difference-cifar10 cifar10
run autoencoder-cifar10 autoencoder-cifar10 cifar10
run regression-cifar regression-cifar cifar10 --set "$classes" --set data.test_limit=1000 # 50 minutes
run bins-cifar bins-cifar cifar10 --epochs 80 --set "$classes" --set data.test_limit=1000 # two hours
long=(--epochs 60 "${adam[@]}" --set train.batch_size=32 --set train.precision=float32) # half an hour each
for name in regressor relu sigmoid; do
    run faces-$name faces-$name faces "${long[@]}"
done
run faces-tanh faces-tanh faces --epochs 8 "${adam[@]}" --set train.batch_size=16
guide="guide={model=\"$out/faces-regressor/model.keras\"}"
run faces-guided faces-guided faces "${long[@]}" --set "$guide"
run faces-wide faces-wide faces

# Systems B and D, half an hour and more each.
measured=(--limit 100 --size 256 ${VGG16:+${LPIPS:+--lpips "$VGG16" "$LPIPS"}})
eyes=(${VGG16:+--set "loss.weights=$VGG16"})
encoder=(${VGG16:+--set "model.weights=$VGG16"})
run gan-landscapes gan-landscapes landscapes --epochs 12
run perceptual-photos perceptual-photos photos "${eyes[@]}" "${encoder[@]}"
run pix2pix-photos pix2pix-photos photos --epochs 7 "${eyes[@]}"
run nogan-photos nogan-photos photos "${eyes[@]}" "${encoder[@]}"
