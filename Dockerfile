# Made from cmake/packages.sh by './dev packages --accept'. The programs for systems without these
# packages, and all that CI needs:
#
#   docker build -t macula-sim .
#   docker run --rm macula-sim list
#   docker run --rm --entrypoint /macula-sim/.ci/run macula-sim
FROM debian:bookworm
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        binutils ccache chromium clang clang-format clang-tidy cmake g++ git graphviz groff-base \
        libbenchmark-dev libboost-dev libboost-mpi-dev libboost-program-options-dev libc++-dev \
        libc++abi-dev libclang-rt-14-dev libexpected-dev libfccp-dev libfmt-dev libgnutls28-dev \
        libgtest-dev libmsgpack-cxx-dev libngtcp2-crypto-gnutls-dev libngtcp2-dev libopenmpi-dev \
        librapidcheck-dev libsodium-dev libtomlplusplus-dev libxml2-utils libzstd-dev ninja-build \
        nlohmann-json3-dev nodejs npm openmpi-bin openssl patch pkg-config prometheus-cpp-dev \
        python3 python3-jsonschema python3-networkx python3-prometheus-client tshark zlib1g-dev && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /macula-sim
COPY . .
RUN ./dev build sim node page
ENTRYPOINT ["/macula-sim/bin/macula-sim"]
CMD ["--help"]
