# SPDX-License-Identifier: Apache-2.0
# Static commands on nothing: make dist-static && docker build -t kmeta .
#
#   docker run --rm -v /var/lib/kafka/metadata:/log:ro kmeta verify /log/__cluster_metadata-0
#
# --target=debug has a shell as well, for kubectl debug on the pod of a broker or controller.
ARG VERSION=0.1.0
ARG ARCH=x86_64

FROM debian:13-slim AS unpacked
ARG VERSION
ARG ARCH
COPY build/kmeta-${VERSION}-linux-${ARCH}.tar.zst /
RUN apt-get update && apt-get install -y --no-install-recommends zstd && \
    mkdir /kmeta && tar --zstd -xf /kmeta-${VERSION}-linux-${ARCH}.tar.zst -C /kmeta --strip-components=1

FROM debian:13-slim AS debug
COPY --from=unpacked /kmeta /usr/local
ENTRYPOINT []
CMD ["bash"]

FROM scratch
COPY --from=unpacked /kmeta/bin /bin
COPY --from=unpacked /kmeta/LICENSE /kmeta/share/licenses /licenses/
ENTRYPOINT ["/bin/kmeta"]
CMD ["help"]
