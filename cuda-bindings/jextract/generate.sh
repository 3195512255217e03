#!/usr/bin/env bash
# Regenerates src/main/java from CUDA's headers and the filter files beside this script. See headers.md.
#
#   CUDA_HOME       a CUDA 13.0 toolkit; needed
#   CUBLAS_INCLUDE  folder of cublas_v2.h and cublasLt.h, if not $CUDA_HOME/include
#   NVRTC_INCLUDE   folder of nvrtc.h, if not $CUDA_HOME/include
#   JEXTRACT        the tool, if not `jextract` on the PATH; must be built with libclang 13
set -euo pipefail
cd "$(dirname "$0")"

: "${CUDA_HOME:?is not set; needs the folder of a CUDA 13.0 toolkit}"
driver_include=$CUDA_HOME/include
cublas_include=${CUBLAS_INCLUDE:-$driver_include}
nvrtc_include=${NVRTC_INCLUDE:-$driver_include}
jextract=${JEXTRACT:-jextract}
sources=../src/main/java

fail() {
    echo "generate.sh: $1" >&2
    exit 1
}

command -v "$jextract" >/dev/null || fail "no jextract: '$jextract' is not on the PATH; set JEXTRACT"
# libclang 19 names the unnamed structs differently: some filters miss, and some output does not compile.
version=$("$jextract" --version 2>&1)
[[ $version =~ clang[^0-9]*13\. ]] || fail "needs a jextract with libclang 13; found: $version"
for header in "$driver_include/cuda.h" "$cublas_include"/{cublas_v2,cublasLt}.h "$nvrtc_include/nvrtc.h"; do
    [[ -f $header ]] || fail "no $header; set CUDA_HOME, CUBLAS_INCLUDE, NVRTC_INCLUDE"
done

# Generated beside the sources first, so that a failure leaves those as they were.
generated=$(mktemp -d ../generated.XXXXXX)
trap 'rm -rf "$generated"' EXIT

# generate PACKAGE CLASS FILTER HEADER INCLUDE...
generate() {
    local package=$1 class=$2 filter=$3 header=$4 folder
    local includes=()
    shift 4
    for folder in "$@"; do
        includes+=(-I "$folder")
    done
    "$jextract" --output "$generated" -t "dev.dllm.cuda.$package" --header-class-name "$class" \
        "${includes[@]}" "@$filter" "$header"
}

generate driver CudaDriver includes-driver.txt "$driver_include/cuda.h" "$driver_include"
generate cublas Cublas includes-cublas.txt "$cublas_include/cublas_v2.h" "$cublas_include" "$driver_include"
generate cublaslt CublasLt includes-cublaslt.txt "$cublas_include/cublasLt.h" "$cublas_include" "$driver_include"
generate nvrtc Nvrtc includes-nvrtc.txt "$nvrtc_include/nvrtc.h" "$nvrtc_include"

rm -rf "$sources"
mkdir -p "$sources"
mv "$generated"/* "$sources"
