#!/usr/bin/env bash
# Publishes samples/EncodeOne beside the runtime and ahead of time, and measures both on a small model: bench/deployment.sh [MODEL]
# Without MODEL one of 64 values and 128 atoms is trained first. Compiling ahead of time needs clang and zlib's headers.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
model=${1:-}
if [ -z "$model" ]; then
    dotnet run -c Release --project src/VariationalSparseCoding.Cli -- train --method thresholded-laplacian --atoms 128 --patch-size 8 --train-patches 2000 --validation-patches 200 \
        --epochs 2 --threads 1 --output "$work/run" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    model=$work/run
fi
publish() {
    rm -rf "$work/program"
    dotnet publish samples/EncodeOne -c Release -o "$work/program" "${@:2}" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    find "$work/program" \( -name '*.pdb' -o -name '*.dbg' -o -name '*.xml' \) -delete
    printf '\n%s: %s files, %s KB\n' "$1" "$(find "$work/program" -type f | wc -l)" "$(du -s --apparent-size -B1024 "$work/program" | cut -f1)"
    for _ in 1 2 3 4 5; do "$work/program/EncodeOne" "$model"; done
    "$work/program/EncodeOne" "$model" 20000
}
publish "beside the runtime"
publish "beside the runtime, compiled for it (ReadyToRun)" --use-current-runtime --self-contained false -p:PublishReadyToRun=true
publish "ahead of time, any x64 or Arm64 processor" -p:PublishAot=true
publish "ahead of time, this processor" -p:PublishAot=true -p:IlcInstructionSet=native
